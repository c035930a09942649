"""
Invented spaces in the shape of the table, for benchmarks and browser tests; never shown as real.

The same arguments give the same rows.
"""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas import vocabulary as v
from atlas.schema import COLUMNS, NAMES, space_ids
from atlas.schema.types import DTYPES
from atlas.store import derive

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

_NOUNS: Final = (
    "Zeche", "Atelierhaus", "Kaufhaus", "Werkstatt", "Bahnhof", "Galerie", "Probenhaus", "Kirche",
    "Speicher", "Ladenlokal", "Halle", "Theater", "Kulturhaus", "Umspannwerk",
)  # fmt: skip
_NAMES: Final = (
    "Zollverein", "Nord", "Süd", "am Markt", "Müller", "Glückauf", "Viktoria", "Schöne Aussicht",
    "Rhein", "Emscher", "Lohberg", "Union", "Königsborn", "Ewald", "Prosper", "Hansa",
)  # fmt: skip
_STREETS: Final = ("Bahnhofstraße", "Hauptstraße", "Viehofer Straße", "Am Kanal", "Kampstraße")
_SITES: Final = tuple(code for code in v.TYPES if code != "quarter")


def synthetic_spaces(n: int, municipalities: gpd.GeoDataFrame, seed: int = 1) -> gpd.GeoDataFrame:
    """
    Invent ``n`` spaces inside the municipalities, in town centres and in between.

    Parameters
    ----------
    municipalities
        Polygons, EPSG:4326; ags, name, population, district_code, district_name.

    Returns
    -------
    spaces
        n rows as `atlas.store.derive` returns them.
    """
    return derive(typed_spaces(n, municipalities, seed), municipalities)


def typed_spaces(n: int, municipalities: gpd.GeoDataFrame, seed: int = 1) -> pd.DataFrame:
    """Return the rows before anything is derived: the schema's columns and types."""
    rng = np.random.default_rng(seed)
    town = rng.choice(len(municipalities), n, p=_weights(municipalities))
    town[: min(n, len(municipalities))] = np.arange(min(n, len(municipalities)))
    filled = {
        **_identity(n, rng),
        **_place(town, municipalities, rng),
        **_state(n, rng),
        **_provenance(n),
    }
    frame = pd.DataFrame(
        {
            column.name: pd.Series(filled.get(column.name, [None] * n), dtype=DTYPES[column.dtype])
            for column in COLUMNS
        }
    )
    quarters = frame["kind"] == "creative_quarter"
    frame.loc[quarters, ["type", "vacancy"]] = ["quarter", "not_applicable"]
    frame["space_id"] = space_ids(frame["source"], frame["source_ref"])
    return frame


def _weights(municipalities: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    people = municipalities["population"].fillna(10_000).to_numpy(dtype=float)
    weights: npt.NDArray[np.float64] = people / people.sum()
    return weights


def _pick(rng: np.random.Generator, options: tuple[str, ...], n: int, gaps: float = 0) -> pd.Series:
    chosen = pd.Series(np.array(options, dtype=object)[rng.integers(len(options), size=n)])
    return chosen.mask(rng.random(n) < gaps)


def _identity(n: int, rng: np.random.Generator) -> dict[str, pd.Series]:
    number = pd.Series(np.arange(n)).astype("str")
    name = _pick(rng, _NOUNS, n) + " " + _pick(rng, _NAMES, n) + " " + number
    kind = rng.choice(list(v.KINDS), n, p=[0.02, 0.38, 0.6])
    return {
        "name": name,
        "kind": pd.Series(kind),
        "type": _pick(rng, _SITES, n),
        "sectors": _pick(rng, (*v.SECTORS, "music;art", "design;film;art"), n, gaps=0.3),
        "programmes": _pick(rng, (*v.PROGRAMMES, "heimatruhr;urban_trails"), n, gaps=0.7),
        "former_use": _pick(rng, ("colliery", "church", "school", "factory;brewery"), n, gaps=0.6),
    }


def _place(
    town: npt.NDArray[np.int64], municipalities: gpd.GeoDataFrame, rng: np.random.Generator
) -> dict[str, pd.Series]:
    n = len(town)
    lonlat = np.empty((n, 2))
    for position, polygon in enumerate(municipalities.geometry):
        rows = np.flatnonzero(town == position)
        lonlat[rows] = _points_in(polygon, len(rows), rng)
    lonlat = lonlat.round(5)
    precision = rng.choice(list(v.PRECISION), n, p=[0.7, 0.15, 0.12, 0.03])
    radius = pd.Series(precision).map(
        {"building": 25, "street": 200, "district": 900, "municipality": 4000}
    )
    missing = rng.random(n) < 0.03
    values = {
        "street": _pick(rng, _STREETS, n, gaps=0.2),
        "municipality": pd.Series(municipalities["name"].to_numpy()[town]),
        "ags": pd.Series(municipalities["ags"].to_numpy()[town]),
    }
    located = {
        "lat": pd.Series(lonlat[:, 1]),
        "lon": pd.Series(lonlat[:, 0]),
        "coordinate_precision": pd.Series(precision),
        "coordinate_uncertainty_m": radius,
        "coordinate_source": pd.Series(["published"] * n),
        "coordinate_note": pd.Series(["invented"] * n),
    }
    return values | {name: column.mask(missing) for name, column in located.items()}


def _points_in(
    polygon: shapely.Polygon, n: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return n points inside: two thirds around a few centres, the rest anywhere."""
    x0, y0, x1, y1 = polygon.bounds
    centres = rng.uniform((x0, y0), (x1, y1), (6, 2))
    found = np.empty((0, 2))
    while len(found) < n:
        size = 3 * n + 30
        spread = rng.uniform((x0, y0), (x1, y1), (size, 2))
        town = centres[rng.integers(6, size=size)] + rng.normal(0, (0.012, 0.007), (size, 2))
        points = np.where(rng.random((size, 1)) < 0.66, town, spread)
        found = np.vstack([found, points[shapely.contains_xy(polygon, points)]])
    return found[:n]


def _state(n: int, rng: np.random.Generator) -> dict[str, pd.Series]:
    observed = pd.Series(
        np.datetime64("2019-01-01") + rng.integers(0, 2860, n).astype("timedelta64[D]")
    ).dt.strftime("%Y-%m-%d")
    codes = ["in_use", "interim_use", "partly_vacant", "vacant", "unknown", "demolished"]
    area = pd.Series(np.round(np.exp(rng.normal(5.5, 1.2, n)) + 8))
    return {
        "vacancy": pd.Series(rng.choice(codes, n, p=[0.4, 0.1, 0.13, 0.22, 0.13, 0.02])),
        "stage": _pick(rng, tuple(v.STAGES), n, gaps=0.5),
        "availability": _pick(rng, ("now", "by_arrangement", "not_offered", "unknown"), n),
        "term": _pick(rng, tuple(v.TERMS), n, gaps=0.6),
        "confidence": _pick(rng, tuple(v.CONFIDENCE), n),
        "observed_on": observed.mask(rng.random(n) < 0.15),
        "area_m2": area.mask(rng.random(n) < 0.5),
        "rent_eur_per_m2_month": pd.Series(rng.uniform(2, 20, n).round(2)).mask(
            rng.random(n) < 0.8
        ),
        "is_step_free": pd.Series(rng.choice([True, False], n))
        .astype("boolean")
        .mask(pd.Series(rng.random(n) < 0.5)),
    }


def _provenance(n: int) -> dict[str, list[str]]:
    return {
        "source": ["curated"] * n,
        "source_ref": [f"synthetic-{row}" for row in range(n)],
        "publisher": ["Benchmark"] * n,
        "source_url": ["https://example.org/"] * n,
        "retrieved_on": ["2026-11-22"] * n,
        "licence": ["CC0-1.0"] * n,
        "lineage": ["aggregator"] * n,
    }


def write_data_dir(folder: Path, n: int, *, data_dir: Path, seed: int = 1) -> Path:
    """Write a data folder with ``n`` invented spaces beside the real ``geo`` and registry."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(data_dir / "geo", folder / "geo", dirs_exist_ok=True)
    shutil.copy(data_dir / "sources.toml", folder / "sources.toml")
    towns = gpd.read_file(folder / "geo" / "municipalities.geojson")
    frame = typed_spaces(n, towns, seed)
    frame["is_step_free"] = frame["is_step_free"].map({True: "true", False: "false"})
    frame[list(NAMES)].to_csv(folder / "spaces.csv", index=False, quoting=csv.QUOTE_MINIMAL)
    return folder

"""
An invented country with an invented register: as many towns as the rows need.

The density is that of the Ruhr's registry grown up: 190 rows to a municipality of 83 square
kilometres, most of them in its centre. A million rows need 5,264 towns – more land than
Germany has. The same arguments give the same rows; the schema's range rule, which holds for
the Ruhr only, is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas import vocabulary as v
from atlas.geo import UTM32, WGS84
from atlas.schema import COLUMNS, space_ids
from atlas.schema.types import DTYPES
from benchmarks.build.names import Words, varied, words

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Texts = npt.NDArray[np.object_]

ROWS_PER_TOWN: Final = 190
DUPLICATES: Final = 0.2
SIDE_M: Final = 9_110.0
_ORIGIN: Final = (180_000.0, 5_280_000.0)
_VERTICES: Final = 60  # of each side: as many as a generalised boundary has
_WAVE_M: Final = 700.0
_STREETS: Final = 45
_CENTRES: Final = 4
_SOURCES: Final = {"curated": 0.1, "overpass": 0.5, "wikidata_query": 0.1,
                   "bochum_schools": 0.2, "vacancy_reports": 0.1}  # fmt: skip
_LINEAGES: Final = {"curated": "aggregator", "bochum_schools": "government"}
_LICENCES: Final = {"overpass": "ODbL-1.0", "wikidata_query": "CC0-1.0"}
_UNCERTAINTY: Final = {"building": 25, "street": 200, "district": 900, "municipality": 4000}
_SITES: Final = tuple(code for code in v.TYPES if code != "quarter")


@dataclass(frozen=True)
class Country:
    """
    Towns and their streets.

    Attributes
    ----------
    towns
        Polygons, EPSG:4326: ags, name, district_code, district_name.
    streets
        One line of street names per town.
    centres
        Metres (EPSG:25832), per town several.
    """

    towns: gpd.GeoDataFrame
    streets: Texts
    centres: npt.NDArray[np.float64]
    words: Words


def country(rows: int, seed: int = 1) -> Country:
    """Invent the towns for ``rows`` rows."""
    rng = np.random.default_rng(seed)
    vocabulary = words(rng)
    count = max(4, -(-rows // ROWS_PER_TOWN))
    wide = int(np.ceil(np.sqrt(count)))
    column, line = np.arange(count) % wide, np.arange(count) // wide
    corners = np.column_stack([column, line]) * SIDE_M + _ORIGIN
    centres = corners[:, None, :] + rng.uniform(0.2, 0.8, (count, _CENTRES, 2)) * SIDE_M
    number = pd.Series(np.arange(count)).astype("str").str.zfill(6)
    towns = gpd.GeoDataFrame(
        {
            "ags": "05" + number,
            "name": vocabulary.towns(count, rng),
            "district_code": "05" + number.str[:3],
            "district_name": "Kreis " + number.str[:3],
        },
        geometry=[_outline(corner) for corner in corners],
        crs=UTM32,
    )
    streets = vocabulary.streets(count * _STREETS, rng).reshape(count, _STREETS)
    return Country(towns.to_crs(WGS84), streets, centres, vocabulary)


def _outline(corner: npt.NDArray[np.float64]) -> shapely.Polygon:
    """Return a square with wavy sides; neighbours share theirs."""
    along = np.linspace(0, SIDE_M, _VERTICES + 1)[:-1]
    zero, full = np.zeros(_VERTICES), np.full(_VERTICES, SIDE_M)
    ring = np.vstack([
        np.column_stack([along, zero]), np.column_stack([full, along]),
        np.column_stack([SIDE_M - along, full]), np.column_stack([zero, SIDE_M - along]),
    ]) + corner  # fmt: skip
    phase = ring[:, ::-1] / SIDE_M * 2 * np.pi
    return shapely.Polygon(ring + _WAVE_M * np.sin(phase) * np.cos(2.3 * phase))


def features(rows: int, land: Country, seed: int = 2) -> gpd.GeoDataFrame:
    """
    Invent ``rows`` rows of several sources, a fifth of them duplicates.

    Returns
    -------
    features
        The schema's columns, typed, and points in EPSG:4326, ``None`` where a source gives
        no coordinate; order mixed, RangeIndex.
    """
    rng = np.random.default_rng(seed)
    places = round(rows * (1 - DUPLICATES))
    # A place once, and some of them again: from another source, told a little differently.
    of = np.r_[np.arange(places), rng.integers(places, size=rows - places)]
    again = np.arange(rows) >= places
    source = rng.choice(list(_SOURCES), rows, p=list(_SOURCES.values())).astype(object)
    same = again & (source == source[of])
    source[same] = np.where(source[of[same]] == "overpass", "bochum_schools", "overpass")
    filled = _told(of, again, land, rng) | _who(source, of, again, rng) | _state(rows, rng)
    frame = pd.DataFrame(
        {column.name: pd.Series(filled.get(column.name, np.nan), index=range(rows),
                                dtype=DTYPES[column.dtype]) for column in COLUMNS}
    )  # fmt: skip
    frame["space_id"] = space_ids(frame["source"], frame["source_ref"])
    mixed = frame.iloc[rng.permutation(rows)].reset_index(drop=True)
    points = gpd.points_from_xy(mixed["lon"], mixed["lat"])
    series = gpd.GeoSeries(points, crs=WGS84).where(mixed["lon"].notna(), None)
    return gpd.GeoDataFrame(mixed, geometry=series)


def _told(
    of: Ints, again: npt.NDArray[np.bool_], land: Country, rng: np.random.Generator
) -> dict[str, object]:
    """Return what the sources say of the places: name, type, address, coordinate, site."""
    places = int(of.max()) + 1
    town = rng.integers(len(land.towns), size=places)
    street = land.streets[town, rng.integers(_STREETS, size=places)]
    number = rng.integers(1, 140, places).astype(str).astype(object)
    type_ = rng.choice(_SITES, places).astype(object)
    names = land.words.places(town, street, number, land.towns["name"].to_numpy(object), rng)
    site = land.words.sites(names, town, rng)
    other = again & (rng.random(len(of)) < 0.2)
    addressed = rng.random(len(of)) < 0.7
    told = {
        "name": varied(names[of], again, land.towns["name"].to_numpy(object)[town[of]], rng),
        "kind": np.full(len(of), "creative_site", dtype=object),
        "type": np.where(other, rng.choice(_SITES, len(of)), type_[of]),
        "street": pd.Series(street[of]).where(addressed, None),
        "house_number": pd.Series(number[of]).where(addressed, None),
        "municipality": land.towns["name"].to_numpy(object)[town[of]],
        "ags": land.towns["ags"].to_numpy(object)[town[of]],
        "website": pd.Series(site[of]).where(rng.random(len(of)) < 0.8, None),
    }
    return told | _located(of, town, land, rng)


def _located(of: Ints, town: Ints, land: Country, rng: np.random.Generator) -> dict[str, object]:
    centre = land.centres[town, rng.integers(_CENTRES, size=len(town))]
    middle = land.centres[town].mean(axis=1)
    near = centre + rng.normal(0, 450, (len(town), 2))
    wide = middle + rng.uniform(-0.35, 0.35, (len(town), 2)) * SIDE_M
    true = np.where(rng.random((len(town), 1)) < 0.66, near, wide)[of]
    precision = rng.choice(list(v.PRECISION), len(of), p=[0.75, 0.15, 0.08, 0.02])
    radius = pd.Series(precision).map(_UNCERTAINTY).to_numpy()
    off = rng.normal(0, 1, (len(of), 2)) * np.minimum(radius, 1200)[:, None] / 2.5
    points = gpd.GeoSeries(gpd.points_from_xy(*(true + off).T), crs=UTM32).to_crs(WGS84)
    missing = rng.random(len(of)) < 0.03
    located = {
        "lat": points.y.round(5), "lon": points.x.round(5), "coordinate_precision": precision,
        "coordinate_uncertainty_m": radius, "coordinate_source": "published",
        "coordinate_note": "erfunden", "coordinate_note_en": "invented",
    }  # fmt: skip
    return {
        name: pd.Series(column, index=range(len(of)), dtype=object).mask(missing)
        for name, column in located.items()
    }


def _who(
    source: Texts, of: Ints, again: npt.NDArray[np.bool_], rng: np.random.Generator
) -> dict[str, object]:
    number = pd.Series(np.arange(len(of))).astype("str")
    who = pd.Series(source, dtype="str")
    ref = "r-" + number
    ref = ref.mask(who == "overpass", "node/" + number).mask(who == "wikidata_query", "Q" + number)
    register = who.replace({"overpass": "osm", "wikidata_query": "wikidata"})
    key = register + ":" + ref
    known = again & (rng.random(len(of)) < 0.3)
    return {
        "source": who, "source_ref": ref, "publisher": "Benchmark",
        "source_url": "https://example.org/" + number, "retrieved_on": "2026-11-22",
        "licence": who.map(_LICENCES).fillna("CC-BY-4.0"),
        "lineage": who.map(_LINEAGES).fillna("crowd"),
        "same_as": pd.Series(key.to_numpy()[of]).where(known, None),
    }  # fmt: skip


def _state(rows: int, rng: np.random.Generator) -> dict[str, object]:
    days = np.datetime64("2019-01-01") + rng.integers(0, 2860, rows).astype("timedelta64[D]")
    codes = ["in_use", "interim_use", "partly_vacant", "vacant", "unknown"]
    area = pd.Series(np.round(np.exp(rng.normal(5.5, 1.2, rows)) + 8))
    return {
        "vacancy": rng.choice(codes, rows, p=[0.4, 0.1, 0.13, 0.22, 0.15]),
        "availability": rng.choice(["now", "not_offered", "unknown"], rows),
        "confidence": rng.choice(list(v.CONFIDENCE), rows),
        "observed_on": pd.Series(days).dt.strftime("%Y-%m-%d").mask(rng.random(rows) < 0.15),
        "area_m2": area.mask(rng.random(rows) < 0.5),
        "sectors": pd.Series(rng.choice(list(v.SECTORS), rows)).mask(rng.random(rows) < 0.5),
        "is_step_free": pd.Series(rng.random(rows) < 0.5, dtype="boolean").mask(
            pd.Series(rng.random(rows) < 0.6)
        ),
    }

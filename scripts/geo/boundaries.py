"""Municipalities and districts of the Ruhr region from the VG250 boundaries of the BKG."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.output import DECIMALS, require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ATTRIBUTION = (
    "© GeoBasis-DE / BKG 2017 (Daten verändert); Einwohner und Fläche: "
    "© Statistisches Bundesamt (Destatis), Gemeindeverzeichnis, Stand 31.12.2018"
)
MEMBER = "package/gemeinden.geo.json"
METRIC_CRS = 25832
WGS84 = 4326

DISTRICTS = {
    "05112": "Duisburg",
    "05113": "Essen",
    "05117": "Mülheim an der Ruhr",
    "05119": "Oberhausen",
    "05170": "Kreis Wesel",
    "05512": "Bottrop",
    "05513": "Gelsenkirchen",
    "05562": "Kreis Recklinghausen",
    "05911": "Bochum",
    "05913": "Dortmund",
    "05914": "Hagen",
    "05915": "Hamm",
    "05916": "Herne",
    "05954": "Ennepe-Ruhr-Kreis",
    "05978": "Kreis Unna",
}
"""Members of the Regionalverband Ruhr: 11 cities, 4 counties (Kreise)."""

NORTH_RHINE_WESTPHALIA = "05"
SURROUNDINGS = (6.2, 51.15, 8.1, 51.9)
"""West, south, east, north: the region and its neighbours, for rivers that leave it."""

MUNICIPALITY_COUNT = 53
TOLERANCE_M = 45.0
"""Corner triangles below TOLERANCE_M² go; the source itself is good to about 50-100 m."""

GAP_DEGREES = 0.0002
"""A strip narrower than this (about 15 m) between two areas is a tear, not a neighbour."""

LAND_PARTS = 4
"""``GF`` code of VG250 for land with administrative structure; other parts are water."""


def parse_municipalities(content: bytes, population: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    Return the 53 municipalities at full detail, with population and area.

    Parameters
    ----------
    content
        ``gemeinden.geo.json``: a list of features and of collections of features.
    population
        Columns ``ags``, ``ars``, ``population``, ``area_km2``, ``as_of``; n = 53.

    Returns
    -------
    municipalities
        Polygons, EPSG:25832, ordered by ``ags``; n = 53.
    """
    features = [
        feature
        for feature in _flatten(json.loads(content))
        if feature["properties"]["AGS"][:5] in DISTRICTS
        and feature["properties"]["GF"] == LAND_PARTS
    ]
    require(
        len(features) == MUNICIPALITY_COUNT,
        f"{MEMBER}: {len(features)} municipalities of the region, not {MUNICIPALITY_COUNT}",
    )
    areas = gpd.GeoDataFrame.from_features(features, crs=WGS84).to_crs(METRIC_CRS)
    areas = areas[["AGS", "RS", "GEN", "geometry"]]
    areas = areas.rename(columns={"AGS": "ags", "RS": "ars", "GEN": "name"})
    return _with_facts(areas, population)


def parse_surroundings(content: bytes) -> gpd.GeoDataFrame:
    """
    Return the municipalities of the region and around it at full detail.

    Returns
    -------
    municipalities
        Polygons, EPSG:25832: whatever touches :data:`SURROUNDINGS`.
    """
    features = [
        feature
        for feature in _flatten(json.loads(content))
        if feature["properties"]["AGS"].startswith(NORTH_RHINE_WESTPHALIA)
        and feature["properties"]["GF"] == LAND_PARTS
    ]
    areas = gpd.GeoDataFrame.from_features(features, crs=WGS84)[["AGS", "geometry"]]
    west, south, east, north = SURROUNDINGS
    return areas.cx[west:east, south:north].sort_values("AGS").to_crs(METRIC_CRS)


def _flatten(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        if item["type"] == "FeatureCollection":
            yield from _flatten(item["features"])
        else:
            yield item


def _with_facts(areas: gpd.GeoDataFrame, population: pd.DataFrame) -> gpd.GeoDataFrame:
    facts = population.rename(columns={"as_of": "population_as_of"}).drop(columns="source")
    merged = areas.merge(facts, on=["ags", "ars"], validate="one_to_one")
    require(
        len(merged) == MUNICIPALITY_COUNT,
        "population.csv: its keys (ags, ars) are not those of the boundaries",
    )
    merged["district_code"] = merged["ags"].str[:5]
    merged["district_name"] = merged["district_code"].map(DISTRICTS)
    order = ["ags", "ars", "name", "district_code", "district_name"]
    order += ["population", "population_as_of", "area_km2", "geometry"]
    return merged[order].sort_values("ags", ignore_index=True)


def read_population(path: Path) -> pd.DataFrame:
    """Return ``population.csv`` with keys as text: one row per municipality."""
    return pd.read_csv(path, dtype={"ags": "str", "ars": "str", "as_of": "str"})


def simplify(municipalities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the same rows in EPSG:4326, simplified without tearing shared borders.

    A shared corner has the same coordinates in both polygons, so rounding moves
    it to the same place in both; :func:`check_coverage` proves the outcome.
    """
    simplified = municipalities.copy()
    simplified.geometry = shapely.coverage_simplify(municipalities.geometry.array, TOLERANCE_M)
    degrees = simplified.to_crs(WGS84)
    degrees.geometry = shapely.transform(degrees.geometry.array, lambda xy: xy.round(DECIMALS))
    return degrees


def dissolve(municipalities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the 15 districts with summed population and area, ordered by code."""
    rows = [
        {
            "district_code": code,
            "district_name": DISTRICTS[code],
            "kind": "city" if len(part) == 1 else "county",
            "municipalities": len(part),
            "population": int(part["population"].sum()),
            "population_as_of": part["population_as_of"].iloc[0],
            "area_km2": round(float(part["area_km2"].sum()), 2),
            "geometry": shapely.coverage_union_all(part.geometry.array),
        }
        for code, part in municipalities.groupby("district_code", sort=True)
    ]
    return gpd.GeoDataFrame(rows, crs=municipalities.crs)


def check_coverage(areas: gpd.GeoDataFrame) -> None:
    """
    Raise unless the polygons are valid, of one part, and meet edge to edge.

    Parameters
    ----------
    areas
        Polygons of one connected region without enclaves, EPSG:4326.
    """
    geometries = areas.geometry.array
    key = areas.columns[0]
    broken = areas.loc[~shapely.is_valid(geometries), key].tolist()
    require(not broken, f"invalid after simplification: {broken}; lower the tolerance")
    require(
        bool((areas.geom_type == "Polygon").all()), "a municipality or district fell into parts"
    )
    require(
        bool(shapely.coverage_is_valid(geometries, gap_width=GAP_DEGREES)),
        "neighbours overlap or leave a gap after rounding; change the tolerance",
    )
    union = shapely.coverage_union_all(geometries)
    require(union.geom_type == "Polygon", "the region fell into parts; change the tolerance")
    holes = int(shapely.get_num_interior_rings(union))
    require(holes == 0, f"{holes} holes between the areas; change the tolerance")

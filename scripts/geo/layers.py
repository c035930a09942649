"""Layers of the base map that needs no tile server: labels, stations, built-up areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.boundaries import METRIC_CRS, WGS84
from geo.places import Row, base_name, tidy
from geo.stops import read_ndjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LABELS_ATTRIBUTION: Final = "Lage der Namen: GeoNames (CC BY 4.0); Rang nach Destatis 2018"
STATIONS_ATTRIBUTION: Final = (
    "© OpenStreetMap-Mitwirkende (ODbL), DB InfraGO AG (CC BY 4.0); verändert"
)
SETTLEMENT_ATTRIBUTION: Final = (
    "Keine Siedlungsfläche, sondern eine Näherung aus der Dichte der Haltestellen: "
    "© OpenStreetMap-Mitwirkende (ODbL), DB InfraGO AG (CC BY 4.0)"
)

TOWN_RANKS: Final = ((250_000, 1), (100_000, 2), (50_000, 3), (0, 4))
LOCALITY_RANKS: Final = ((25_000, 5), (10_000, 6))
"""Least population of each rank; the map shows a rank from a zoom on (see README)."""

MAIN_CATEGORY: Final = 3
LOCAL_CATEGORY: Final = 5
"""Station categories of DB Station&Service: 1-3 hubs, 4-5 regional, 6-7 halts."""

REACH_M: Final = 300.0
"""A stop serves about 300 m around it."""
GAP_M: Final = 150.0
LEAST_AREA_M2: Final = 900_000.0
SETTLEMENT_TOLERANCE_M: Final = 90.0


def labels(rows: Iterable[Row], municipalities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the names to be written on the map, the most important first.

    Returns
    -------
    labels
        Points, EPSG:4326; the 53 municipalities and their larger districts.
    """
    population = dict(zip(municipalities["ags"], municipalities["population"], strict=True))
    entries = [entry for row in rows for entry in _label(row, population)]
    frame = pd.DataFrame(entries).sort_values(["rank", "name", "ags"], ignore_index=True)
    return gpd.GeoDataFrame(
        frame.drop(columns=["lon", "lat"]),
        geometry=gpd.points_from_xy(frame["lon"], frame["lat"]),
        crs=WGS84,
    )


def _label(row: Row, population: dict[str, int]) -> Iterable[dict[str, object]]:
    if row.kind == "municipality":
        rank = _rank(population[row.ags], TOWN_RANKS)
    elif row.kind == "locality":
        rank = _rank(int(row.detail), LOCALITY_RANKS)
    else:
        rank = None
    if rank is not None:
        name = base_name(row.name) if row.kind == "municipality" else row.name
        yield {
            "name": name,
            "kind": row.kind,
            "rank": rank,
            "ags": row.ags,
            "lon": row.lon,
            "lat": row.lat,
        }


def _rank(population: int, ranks: Sequence[tuple[int, int]]) -> int | None:
    return next((rank for least, rank in ranks if population >= least), None)


def stations(content: bytes, rows: Iterable[Row]) -> gpd.GeoDataFrame:
    """
    Return railway stations by importance, then the stops of subway and tram.

    Parameters
    ----------
    content
        The station table, for the category of each station.
    rows
        The gazetteer.

    Returns
    -------
    stations
        Points, EPSG:4326; ``importance`` 1 (hub) to 3 (halt), 4 for subway and tram.
    """
    categories = {
        tidy(item["name"]): item.get("priceCategory") or item.get("category") or MAIN_CATEGORY + 4
        for item in read_ndjson(content)
    }
    entries = [entry for row in rows for entry in _station(row, categories)]
    frame = pd.DataFrame(entries).sort_values(
        ["importance", "mode", "name", "ags", "lon"], ignore_index=True
    )
    return gpd.GeoDataFrame(
        frame.drop(columns=["lon", "lat"]),
        geometry=gpd.points_from_xy(frame["lon"], frame["lat"]),
        crs=WGS84,
    )


def _station(row: Row, categories: dict[str, int]) -> Iterable[dict[str, object]]:
    modes = row.detail.split("+") if row.kind == "stop" else []
    if row.kind == "station":
        mode, importance = "rail", _importance(categories[row.name])
    elif "subway" in modes or "tram" in modes:
        mode, importance = ("subway" if "subway" in modes else "tram"), 4
    else:
        return
    yield {
        "name": row.name,
        "mode": mode,
        "importance": importance,
        "ags": row.ags,
        "lon": row.lon,
        "lat": row.lat,
    }


def _importance(category: int) -> int:
    if category <= MAIN_CATEGORY:
        return 1
    return 2 if category <= LOCAL_CATEGORY else 3


def settlement(rows: Iterable[Row], municipalities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return a stand-in for the built-up area: the ground near to stops.

    Circles around the stops are joined, gaps closed, small islands and small
    holes dropped, the outline simplified and cut at the edge of the region.

    Returns
    -------
    settlement
        Polygons, EPSG:4326, from west to east.
    """
    stops = [(row.lon, row.lat) for row in rows if row.kind in {"stop", "station"}]
    points = gpd.GeoSeries(shapely.points(stops), crs=WGS84).to_crs(METRIC_CRS)
    joined = shapely.union_all(points.buffer(REACH_M + GAP_M, quad_segs=4).array)
    shrunk = shapely.buffer(joined, -GAP_M, quad_segs=4)
    rounded = shapely.simplify(shrunk, SETTLEMENT_TOLERANCE_M)
    region = shapely.union_all(municipalities.to_crs(METRIC_CRS).geometry.array)
    inside = shapely.get_parts(shapely.intersection(rounded, region))
    polygons = [
        _without_small_holes(part) for part in inside if shapely.area(part) >= LEAST_AREA_M2
    ]
    polygons.sort(key=lambda polygon: polygon.bounds)
    rows_out = [{"kind": "settlement", "proxy": True} for _ in polygons]
    return gpd.GeoDataFrame(rows_out, geometry=polygons, crs=METRIC_CRS).to_crs(WGS84)


def _without_small_holes(polygon: shapely.Polygon) -> shapely.Polygon:
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= LEAST_AREA_M2 / 2]
    return shapely.Polygon(polygon.exterior, holes)

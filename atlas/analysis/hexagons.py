"""The hexagon grid over the region: H3 cells in EPSG:25832."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.analysis.extra import library
from atlas.geo import UTM32, WGS84, require_crs

RESOLUTIONS: Final = (6, 7, 8)
"""H3 resolutions on offer: cells of about 36, 5.2 and 0.74 km²."""
DEFAULT_RESOLUTION: Final = 7
"""About a quarter of a town: large enough for counts, small enough for a centre."""
_M2_PER_KM2: Final = 1e6
MOST: Final = 6
"""Grids that are kept: they hang on the boundaries alone, and every question needs one."""
_KEPT: Final[OrderedDict[tuple[int, str], gpd.GeoDataFrame]] = OrderedDict()
_LOCK: Final = threading.Lock()


def hexagons(municipalities: gpd.GeoDataFrame, *, resolution: int) -> gpd.GeoDataFrame:
    """
    Return the H3 cells that touch the region.

    Parameters
    ----------
    municipalities
        Polygons in EPSG:25832; columns ``ags`` and ``name``.
    resolution
        One of `RESOLUTIONS`.

    Returns
    -------
    cells
        Whole hexagons (Polygon, EPSG:25832), one row per cell that shares area with the
        region, sorted by ``area_id``, RangeIndex; columns ``area_id`` (H3 index as
        text), ``name`` and ``ags`` (of the municipality with the largest share of the
        cell, the smallest key where shares are equal), ``area_km2`` (of the cell inside
        the region), ``inside`` (that area as share of the cell).

    Raises
    ------
    CrsError
        If ``municipalities`` is not in EPSG:25832.
    ConfigError
        If the libraries of the extra "analysis" are missing.
    """
    require_crs(municipalities, UTM32, name="municipalities")
    key = (resolution, _fingerprint(municipalities))
    with _LOCK:
        if key not in _KEPT:
            _KEPT[key] = _made(municipalities, resolution)
            while len(_KEPT) > MOST:
                _KEPT.popitem(last=False)
        return _KEPT[key].copy()


def _fingerprint(municipalities: gpd.GeoDataFrame) -> str:
    """Return what changes when a boundary, a key or a name does."""
    found = hashlib.sha256()
    for shape in shapely.to_wkb(municipalities.geometry.array):
        found.update(shape)
    found.update("\n".join([*municipalities["ags"], *municipalities["name"]]).encode())
    return found.hexdigest()


def _made(municipalities: gpd.GeoDataFrame, resolution: int) -> gpd.GeoDataFrame:
    ids = _cells(municipalities, resolution)
    cells = gpd.GeoDataFrame({"area_id": ids}, geometry=_polygons(ids)).to_crs(UTM32)
    shares = _shares(cells, municipalities)
    largest = shares.sort_values(["cell", "km2", "ags"], ascending=[True, False, True])
    largest = largest.drop_duplicates("cell").set_index("cell")
    inside = shares.groupby("cell")["km2"].sum()
    cells = cells.loc[inside.index].assign(
        name=largest["name"],
        ags=largest["ags"],
        area_km2=inside,
        inside=(inside / (cells.area / _M2_PER_KM2)).clip(upper=1),
    )
    columns = ["area_id", "name", "ags", "area_km2", "inside", "geometry"]
    return cells[columns].reset_index(drop=True)


def edge_length_m(resolution: int) -> float:
    """Return the mean edge length of a cell in metres, as H3 states it."""
    return float(library("h3").average_hexagon_edge_length(resolution, unit="m"))


def centres(region: gpd.GeoDataFrame, *, resolution: int) -> gpd.GeoSeries:
    """Return the centres (EPSG:25832) of all cells that touch ``region``, sorted by index."""
    find = library("h3").cell_to_latlng
    latlon = np.array([find(cell) for cell in _cells(region, resolution)])
    return gpd.GeoSeries.from_xy(latlon[:, 1], latlon[:, 0], crs=WGS84).to_crs(UTM32)


def cells_of(points: gpd.GeoSeries, *, resolution: int) -> pd.Series:
    """
    Return the H3 cell that each point lies in.

    Parameters
    ----------
    points
        Points without gaps, any CRS.

    Returns
    -------
    cells
        H3 index as text; n rows, index and order of ``points``.
    """
    find = library("h3").latlng_to_cell
    degrees = shapely.get_coordinates(points.to_crs(WGS84).array).round(7)
    # Many spaces share a building: each place is asked for once.
    places, where = np.unique(degrees, axis=0, return_inverse=True)
    found = np.array([find(lat, lon, resolution) for lon, lat in places], dtype=object)
    return pd.Series(found[where.ravel()] if len(found) else [], index=points.index, dtype="str")


def _cells(municipalities: gpd.GeoDataFrame, resolution: int) -> list[str]:
    h3 = library("h3")
    region = municipalities.geometry.to_crs(WGS84).union_all()
    shape = h3.geo_to_h3shape(region)
    return sorted(h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap"))


def _polygons(ids: list[str]) -> gpd.GeoSeries:
    rings = list(map(library("h3").cell_to_boundary, ids))
    corners = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    lonlat = np.vstack(rings)[:, ::-1]
    return gpd.GeoSeries(shapely.polygons(shapely.linearrings(lonlat, indices=corners)), crs=WGS84)


def _shares(cells: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return one row per pair of cell and municipality that share area."""
    towns = municipalities.geometry.array
    town, cell = cells.sindex.query(towns, predicate="intersects")
    # Most cells lie in one municipality as a whole: only the others have to be cut.
    whole = set(zip(*cells.sindex.query(towns, predicate="contains"), strict=True))
    is_cut = np.array([pair not in whole for pair in zip(town, cell, strict=True)], dtype=bool)
    within = shapely.area(cells.geometry.array[cell])
    parts = shapely.intersection(cells.geometry.array[cell[is_cut]], towns[town[is_cut]])
    within[is_cut] = shapely.area(parts)
    pairs = pd.DataFrame(
        {
            "cell": cell,
            "ags": municipalities["ags"].to_numpy()[town],
            "name": municipalities["name"].to_numpy()[town],
            "km2": within / _M2_PER_KM2,
        }
    )
    return pairs[pairs["km2"] > 0]

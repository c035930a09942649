"""The areas that observations are counted in, and which of them are neighbours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import geopandas as gpd
import numpy as np

from atlas.analysis import hexagons as grid
from atlas.analysis.extra import library
from atlas.geo import UTM32, require_crs

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from libpysal.graph import Graph

Unit = Literal["hexagon", "municipality"]
_M2_PER_KM2: Final = 1e6


def areas(municipalities: gpd.GeoDataFrame, unit: Unit, *, resolution: int) -> gpd.GeoDataFrame:
    """
    Return the areas of a unit.

    Returns
    -------
    areas
        Polygon or MultiPolygon, EPSG:25832, sorted by ``area_id``, RangeIndex; columns
        as in `atlas.analysis.hexagons.hexagons`. The id of a municipality is its key.

    Raises
    ------
    CrsError
        If ``municipalities`` is not in EPSG:25832.
    """
    if unit == "hexagon":
        return grid.hexagons(municipalities, resolution=resolution)
    require_crs(municipalities, UTM32, name="municipalities")
    towns = municipalities.sort_values("ags", ignore_index=True)
    columns = {
        "area_id": towns["ags"],
        "name": towns["name"],
        "ags": towns["ags"],
        "area_km2": towns.area / _M2_PER_KM2,
        "inside": 1.0,
    }
    return gpd.GeoDataFrame(columns, geometry=towns.geometry.array, crs=UTM32)


def area_of(points: gpd.GeoDataFrame, unit: Unit, *, resolution: int) -> pd.Series:
    """
    Return the ``area_id`` that each row of `Observed.points` belongs to.

    A hexagon is found by the coordinate, a municipality is the one that the row states.
    """
    if unit == "municipality":
        stated: pd.Series = points["ags"]
        return stated
    return grid.cells_of(points.geometry, resolution=resolution)


def counted(found: pd.Series, area_ids: pd.Series) -> npt.NDArray[np.int64]:
    """Return how often each area occurs in ``found``, in the order of ``area_ids``."""
    counts = found.value_counts().reindex(area_ids.array, fill_value=0)
    return np.asarray(counts, dtype=np.int64)


def neighbours(areas: gpd.GeoDataFrame, unit: Unit) -> Graph:
    """
    Return the ``libpysal.graph.Graph`` of areas that touch, in the order of ``areas``.

    Hexagons: the six around (H3's own topology). Municipalities: Queen contiguity, a
    common point is enough.
    """
    if unit == "hexagon":
        return _around(tuple(areas["area_id"]))
    graph = library("libpysal.graph").Graph
    return graph.build_contiguity(areas.set_index("area_id").geometry, rook=False)


@lru_cache(maxsize=grid.MOST)
def _around(cells: tuple[str, ...]) -> Graph:
    """Return the graph of a grid, which nobody changes; it is kept as the grid itself is."""
    return library("libpysal.graph").Graph.build_h3(list(cells), order=1, weight="binary")

"""The areas that observations are counted in, and which of them are neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import geopandas as gpd
import pandas as pd

from atlas.analysis import hexagons as grid
from atlas.analysis.extra import library
from atlas.geo import UTM32, require_crs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

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
        return points["ags"]
    return grid.cells_of(points.geometry, resolution=resolution)


def counted(found: pd.Series, area_ids: pd.Series) -> npt.NDArray[np.int64]:
    """Return how often each area occurs in ``found``, in the order of ``area_ids``."""
    counts = found.value_counts().reindex(area_ids.array, fill_value=0)
    return counts.to_numpy(dtype="int64")


def neighbours(areas: gpd.GeoDataFrame, unit: Unit) -> Any:
    """
    Return the ``libpysal.graph.Graph`` of areas that touch, in the order of ``areas``.

    Hexagons: the six around (H3's own topology). Municipalities: Queen contiguity, a
    common point is enough.
    """
    graph = library("libpysal.graph").Graph
    ids = areas["area_id"]
    if unit == "hexagon":
        return graph.build_h3(ids.tolist(), order=1, weight="binary")
    return graph.build_contiguity(areas.set_index("area_id").geometry, rook=False)

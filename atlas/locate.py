"""In which municipality a point lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from atlas.geo import require_crs

if TYPE_CHECKING:
    import pandas as pd


def assign_municipality(
    spaces: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """
    Add the municipality key of the polygon that each space lies in.

    A space on a shared border goes to the smallest key, so the result does not depend
    on row order. A space outside every polygon, or without a point, gets no key.

    Parameters
    ----------
    spaces
        Point geometry, any CRS, unique index; n rows.
    municipalities
        Polygon geometry, same CRS; column ``ags`` (8-digit text).

    Returns
    -------
    located
        Copy of ``spaces`` with ``ags``: same n rows, same index, same order.

    Raises
    ------
    CrsError
        If either CRS is missing or they differ.
    """
    require_crs(spaces, name="spaces")
    require_crs(municipalities, spaces.crs, name="municipalities")
    points = gpd.GeoDataFrame(geometry=spaces.geometry)
    towns = municipalities[["ags", municipalities.geometry.name]]
    # "intersects" gives a border point one row per neighbour, "within" would give it none.
    hits = points.sjoin(towns, how="inner", predicate="intersects")
    smallest: pd.Series = hits.groupby(level=0)["ags"].min()
    located = spaces.copy()
    located["ags"] = smallest.reindex(spaces.index).astype("str")
    return located

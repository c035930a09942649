"""In which municipality a point lies, and what else follows from a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from atlas import vocabulary as v
from atlas.geo import metric_xy, points_from_lonlat, require_crs
from atlas.schema import earliest_day

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


def derive(spaces: pd.DataFrame, municipalities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Add what follows from the table: geometry, district, type group, metres, earliest day.

    Parameters
    ----------
    spaces
        The schema's columns, checked; RangeIndex.
    municipalities
        EPSG:4326; columns ``ags``, ``district_code``, ``district_name``.

    Returns
    -------
    derived
        Points in EPSG:4326, ``None`` without coordinate; n rows, same index and order.
    """
    points = points_from_lonlat(spaces["lon"], spaces["lat"])
    places = gpd.GeoDataFrame(geometry=points)
    towns = municipalities.set_index("ags")
    groups = {code: term.group for code, term in v.TYPES.items()}
    derived = spaces.assign(
        district_code=spaces["ags"].map(towns["district_code"]).astype("str"),
        district_name=spaces["ags"].map(towns["district_name"]).astype("str"),
        type_group=spaces["type"].map(groups).astype("str"),
        observed_day=earliest_day(spaces["observed_on"]),
        located_ags=assign_municipality(places, municipalities)["ags"],
        **metric_xy(points),
    )
    return gpd.GeoDataFrame(derived, geometry=points)

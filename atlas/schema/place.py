"""The rules about where a space lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from atlas.geo import UTM32, WGS84, metric_xy, points_from_lonlat, require_crs
from atlas.schema.columns import BY_NAME

if TYPE_CHECKING:
    import geopandas as gpd

COMPLETE_COLUMNS: Final = (
    "lat", "lon", "coordinate_precision", "coordinate_uncertainty_m", "coordinate_source",
    "coordinate_note",
)  # fmt: skip
"""What a coordinate consists of: all or none. The note in English may be missing in a row from
a source that has none; in the registry tests/test_languages.py demands it."""
COORDINATE_COLUMNS: Final = (*COMPLETE_COLUMNS, "coordinate_note_en")
BOUNDARY_TOLERANCE_M: Final = 100.0
"""How well the municipal boundaries are known: data/geo/README.md."""


def is_incomplete(spaces: pd.DataFrame) -> pd.Series:
    """Return the rows that have some but not all of the coordinate columns."""
    given = spaces[list(COORDINATE_COLUMNS)].notna()
    return given.any(axis=1) & ~given[list(COMPLETE_COLUMNS)].all(axis=1)


def _in_range(values: pd.Series, name: str) -> pd.Series:
    column = BY_NAME[name]
    return values.ge(column.minimum) & values.le(column.maximum)


def is_swapped(spaces: pd.DataFrame) -> pd.Series:
    """Return the rows whose latitude is a longitude of the region and the other way round."""
    return _in_range(spaces["lat"], "lon") & _in_range(spaces["lon"], "lat")


class Towns:
    """
    The municipalities, ready for comparison with the rows.

    Parameters
    ----------
    municipalities
        Polygons, EPSG:4326; columns ``ags`` and ``name``.

    Raises
    ------
    CrsError
        If the CRS is missing or another one.
    """

    def __init__(self, municipalities: gpd.GeoDataFrame) -> None:
        require_crs(municipalities, WGS84, name="municipalities")
        self._names = dict(zip(municipalities["ags"], municipalities["name"], strict=True))
        self._degrees = _prepared(municipalities, municipalities.geometry)
        self._metres = _prepared(municipalities, municipalities.geometry.to_crs(UTM32))

    def is_unknown(self, spaces: pd.DataFrame) -> pd.Series:
        """Return the rows whose key is none of the municipalities, or is that of another name."""
        stated = spaces["ags"].notna() & spaces["municipality"].notna()
        return stated & (spaces["ags"].map(self._names).astype("str") != spaces["municipality"])

    def is_outside(self, spaces: pd.DataFrame) -> pd.Series:
        """Return the rows that lie further from their municipality than they are uncertain."""
        # A coordinate outside the region is told by its own rule.
        in_region = _in_range(spaces["lat"], "lat") & _in_range(spaces["lon"], "lon")
        known = spaces["ags"].isin(list(self._degrees))
        located = spaces.loc[in_region & known, ["ags", "lat", "lon", "coordinate_uncertainty_m"]]
        beyond = self._not_inside(located)
        outside = pd.Series(data=False, index=spaces.index)
        outside[beyond.index] = self._distance_m(beyond) > _allowed_m(beyond)
        return outside

    def _not_inside(self, located: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that do not lie in the polygon of their municipality."""
        # In degrees, without projecting every row: an edge bends by less than a metre
        # between the two systems, and whatever is not inside is measured properly.
        inside = pd.Series(data=False, index=located.index)
        for ags, rows in located.groupby("ags"):
            inside[rows.index] = shapely.intersects_xy(
                self._degrees[str(ags)], rows["lon"].to_numpy(), rows["lat"].to_numpy()
            )
        return located[~inside]

    def _distance_m(self, located: pd.DataFrame) -> pd.Series:
        """Return the distance of each row to its municipality (EPSG:25832)."""
        xy = metric_xy(points_from_lonlat(located["lon"], located["lat"]))
        towns = np.array([self._metres[ags] for ags in located["ags"]], dtype=object)
        return pd.Series(shapely.distance(towns, shapely.points(xy)), index=located.index)


def _prepared(
    municipalities: gpd.GeoDataFrame, polygons: gpd.GeoSeries
) -> dict[str, shapely.Polygon]:
    shapes = polygons.to_numpy()
    shapely.prepare(shapes)
    return dict(zip(municipalities["ags"], shapes, strict=True))


def _allowed_m(located: pd.DataFrame) -> pd.Series:
    return located["coordinate_uncertainty_m"].fillna(0).clip(lower=BOUNDARY_TOLERANCE_M)

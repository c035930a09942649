"""Coordinate reference systems and the few geometry helpers that everything shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.errors import CrsError, SourceFormatError, SourceUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    import pyproj

WGS84: Final = "EPSG:4326"
"""Geographic coordinates in files for the web."""
UTM32: Final = "EPSG:25832"
"""ETRS89 / UTM 32N, official in North Rhine-Westphalia: every distance, area and buffer."""

COORDINATE_DECIMALS: Final = 5
"""Decimals of a degree in published files: about one metre."""
METRIC_DECIMALS: Final = 1
"""Decimals of a metre that distances are measured with, in Python and in the browser alike."""


def require_crs(
    frame: gpd.GeoDataFrame | gpd.GeoSeries,
    expected: str | pyproj.CRS | None = None,
    *,
    name: str,
) -> None:
    """
    Raise unless ``frame`` has the CRS ``expected``; ``None`` accepts any, but not none.

    Raises
    ------
    CrsError
        If the CRS is missing or another one.
    """
    if frame.crs is None:
        raise CrsError(
            "{name}: kein Koordinatenreferenzsystem angegeben.",
            hint="Mit set_crs angeben, in welchem System die Koordinaten stehen.",
            name=name,
        )
    if expected is not None and frame.crs != expected:
        raise CrsError(
            "{name}: Koordinatenreferenzsystem {found} statt {expected}.",
            hint="Mit to_crs umrechnen.",
            name=name,
            found=frame.crs.to_string(),
            expected=str(expected),
        )


def points_from_lonlat(lon: pd.Series, lat: pd.Series) -> gpd.GeoSeries:
    """
    Build points in EPSG:4326; rows without a coordinate get ``None``.

    Returns
    -------
    points
        n rows, index and order of ``lon``.
    """
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), index=lon.index, crs=WGS84)
    return points.where(lon.notna() & lat.notna(), None)


def metric_xy(points: gpd.GeoSeries) -> pd.DataFrame:
    """
    Return easting and northing in metres (EPSG:25832), rounded to 0.1 m.

    Parameters
    ----------
    points
        Point geometry, any CRS; missing points allowed.

    Returns
    -------
    xy
        Columns ``x`` and ``y``; n rows, index and order of ``points``; NaN where
        the point is missing.

    Raises
    ------
    CrsError
        If the points have no CRS.
    """
    require_crs(points, name="points")
    if points.empty:
        return pd.DataFrame({"x": [], "y": []}, index=points.index, dtype=float)
    metric = points.to_crs(UTM32)
    xy = pd.DataFrame({"x": metric.x, "y": metric.y}, index=points.index)
    return xy.round(METRIC_DECIMALS).replace([np.inf, -np.inf], np.nan)


def metric_points(points: gpd.GeoSeries) -> gpd.GeoSeries:
    """
    Return points in EPSG:25832, rounded to 0.1 m; ``None`` where the point is missing.

    Parameters
    ----------
    points
        Point geometry, any CRS; missing points allowed.

    Returns
    -------
    metric
        n rows, index and order of ``points``.

    Raises
    ------
    CrsError
        If the points have no CRS.
    """
    xy = metric_xy(points)
    metric = gpd.GeoSeries(gpd.points_from_xy(xy["x"], xy["y"]), index=points.index, crs=UTM32)
    return metric.where(xy["x"].notna(), None)


def read_boundaries(path: Path) -> gpd.GeoDataFrame:
    """
    Read a layer of polygons in EPSG:4326.

    Raises
    ------
    SourceUnavailableError
        If the file is missing.
    SourceFormatError
        If it is no layer that GDAL reads.
    CrsError
        If it is in another CRS.
    """
    if not path.is_file():
        raise SourceUnavailableError(
            "{path}: die Datei fehlt.",
            source=path.name,
            path=path.absolute(),
            hint="Zeigt ATLAS_DATA_DIR auf den richtigen Ordner? Sonst die Datei mit "
            "scripts/build_geo.py erzeugen oder aus dem Repositorium wiederherstellen.",
        )
    try:
        boundaries = gpd.read_file(path)
    except (RuntimeError, ValueError) as error:
        raise SourceFormatError(
            "{source}: die Datei ist keine lesbare Karte ({reason}).",
            source=path.name,
            hint="Die Datei aus dem Repositorium wiederherstellen.",
            reason=error,
        ) from error
    require_crs(boundaries, WGS84, name=path.name)
    return boundaries

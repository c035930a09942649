"""Kernel density of points, per km²."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from atlas.analysis.extra import library
from atlas.analysis.hexagons import RESOLUTIONS, centres

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from atlas.analysis.areas import Unit

    Floats = npt.NDArray[np.float64]

_BINS_PER_BANDWIDTH: Final = 10
"""Places nearer than a tenth of the bandwidth are one: it widens the kernel by 0.04 %."""
_TOLERANCE: Final = 1e-6
"""Error that the tree may make, as share of the height of the kernel of all points."""
_M2_PER_KM2: Final = 1e6
_DIMENSIONS: Final = 2


def scott_bandwidth_m(points: Floats) -> float:
    """
    Return the bandwidth by Scott's rule, or NaN where all points are on one spot.

    Parameters
    ----------
    points
        n x 2 metres.

    Notes
    -----
    sigma * n^(-1/6) in two dimensions, sigma the root of the mean variance of both axes
    (Scott 1992, Multivariate Density Estimation, section 6.3). It assumes one hill and
    draws several towns too smooth.
    """
    if len(points) < _DIMENSIONS:
        return float("nan")
    # Sorted, so that the sum does not depend on the order of the rows.
    ordered = np.sort(points, axis=0)
    sigma = float(np.sqrt(ordered.var(axis=0, ddof=1).mean()))
    return sigma * len(points) ** (-1 / (_DIMENSIONS + 4)) if sigma > 0 else float("nan")


def density_per_km2(points: Floats, at: Floats, *, bandwidth_m: float) -> Floats:
    """
    Return the kernel density at some places.

    Parameters
    ----------
    points
        n x 2 metres.
    at
        m x 2 metres.
    bandwidth_m
        Standard deviation of the Gaussian kernel, above 0.

    Returns
    -------
    density
        m expected points per km²; 0 without points. Nothing corrects for what lies
        beyond the border of the region.
    """
    if len(points) == 0 or len(at) == 0:
        return np.zeros(len(at))
    step = bandwidth_m / _BINS_PER_BANDWIDTH
    places, weights = np.unique(np.round(points / step), axis=0, return_counts=True)
    peak = 1 / (2 * np.pi * bandwidth_m**2)
    kernel = library("sklearn.neighbors").KernelDensity(
        bandwidth=bandwidth_m, kernel="gaussian", atol=_TOLERANCE * peak, rtol=_TOLERANCE
    )
    kernel.fit(places * step, sample_weight=weights)
    density: Floats = np.exp(kernel.score_samples(at)) * len(points) * _M2_PER_KM2
    return density


def surface(
    points: gpd.GeoSeries,
    areas: gpd.GeoDataFrame,
    unit: Unit,
    bandwidth_m: float | None,
) -> tuple[Floats, float]:
    """
    Return the kernel density of each area and the bandwidth.

    Parameters
    ----------
    points
        Points in EPSG:25832.
    areas
        Polygons in EPSG:25832, see `atlas.analysis.areas.areas`.
    unit
        Of the areas.
    bandwidth_m
        ``None`` asks for Scott's rule.

    Returns
    -------
    density
        Points per km², in the order of ``areas``: at the centre of a hexagon, for a
        municipality the mean over the centres of the finest hexagons in it. NaN where
        there is no bandwidth.
    bandwidth_m
        As used.
    """
    xy = shapely.get_coordinates(points.array)
    used = scott_bandwidth_m(xy) if bandwidth_m is None else bandwidth_m
    if not used > 0:
        return np.full(len(areas), np.nan), float("nan")
    at, area = _places(areas, unit)
    density = density_per_km2(xy, at, bandwidth_m=used)
    sums = np.bincount(area, weights=density, minlength=len(areas))
    return sums / np.bincount(area, minlength=len(areas)), used


def _places(areas: gpd.GeoDataFrame, unit: Unit) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return where the density is asked for, and the position of the area that it is for."""
    if unit == "hexagon":
        return shapely.get_coordinates(areas.centroid.array), np.arange(len(areas))
    points = centres(areas, resolution=max(RESOLUTIONS))
    area, point = points.sindex.query(areas.geometry.array, predicate="intersects")
    # A municipality without any centre (none is that small) is asked at a point inside.
    missing = np.setdiff1d(np.arange(len(areas)), area)
    inside = areas.geometry.array[missing].representative_point()
    at = np.vstack([shapely.get_coordinates(points.array[point]), shapely.get_coordinates(inside)])
    return at, np.concatenate([area, missing])

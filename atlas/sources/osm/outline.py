"""Where an object lies: one point of it, and how far its farthest part is from there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Line = Sequence[tuple[float, float]]
    """Points as (lon, lat), EPSG:4326."""

NODE_M: Final = 25.0
"""
Uncertainty of a node: it stands anywhere within a house of up to some 40 m, drawn from an
aerial image that lies within a few metres. An assumption, not measured.
"""
CENTRE_M: Final = {"way": 150.0, "relation": 500.0}
"""
Uncertainty where an answer gives a centre without an extent. Assumed, and wide on purpose:
a department store is some 150 m long, a colliery site of 50 ha has a half-diagonal of 500 m.
"""
_DEGREE_M: Final = 111_320.0
_MINIMUM_M: Final = 10.0
_MAXIMUM_M: Final = 20_000.0
_RING: Final = 4


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in EPSG:4326 and the radius in metres within which the whole object lies."""

    lat: float
    lon: float
    uncertainty_m: float


def spot_at(lat: float, lon: float, uncertainty_m: float) -> Spot | None:
    """Return the spot; None where there is no such place on Earth, or it is no single place."""
    if not (math.isfinite(lat) and math.isfinite(lon) and math.isfinite(uncertainty_m)):
        return None
    if abs(lat) > 90 or abs(lon) > 180 or uncertainty_m > _MAXIMUM_M:  # noqa: PLR2004 - degrees
        return None
    return Spot(lat, lon, max(uncertainty_m, _MINIMUM_M))


def spot_of_box(south: float, west: float, north: float, east: float) -> Spot | None:
    """Return the middle of a box with half its diagonal."""
    return _within_box((west, south, east, north), ((west + east) / 2, (south + north) / 2))


def spot_of_lines(
    outer: Sequence[Line], inner: Sequence[Line] = (), *, points: Iterable[tuple[float, float]] = ()
) -> Spot | None:
    """
    Return a point of an object from its lines.

    Parameters
    ----------
    outer, inner
        Pieces of its outlines and of its holes, in any order.
    points
        Members that are points.

    Returns
    -------
    spot
        The middle of its extent, or a point on its area where the middle lies outside of it
        (an L-shaped hall, a court); None without any point.
    """
    every = [*(point for line in outer for point in line), *points]
    if not every:
        return None
    lons, lats = zip(*every, strict=True)
    box = (min(lons), min(lats), max(lons), max(lats))
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    area = _area(outer, inner)
    if area is None or shapely.is_empty(area) or shapely.intersects_xy(area, *middle):
        return _within_box(box, middle)
    # Without the order of the points, so that two ways of reading give the same point.
    inside = shapely.point_on_surface(shapely.normalize(area))
    return _within_box(box, (float(shapely.get_x(inside)), float(shapely.get_y(inside))))


def _within_box(box: tuple[float, float, float, float], point: tuple[float, float]) -> Spot | None:
    """Return ``point`` (lon, lat) with its distance to the farthest corner of ``box``."""
    west, south, east, north = box
    lon, lat = point
    if not all(map(math.isfinite, (*box, *point))):
        return None
    width = max(lon - west, east - lon) * _DEGREE_M * math.cos(math.radians(lat))
    height = max(lat - south, north - lat) * _DEGREE_M
    return spot_at(lat, lon, math.hypot(width, height))


def _area(outer: Sequence[Line], inner: Sequence[Line]) -> shapely.Geometry | None:
    """Return the area that the lines enclose, None if they enclose none."""
    try:
        around = _closed(outer)
        if shapely.is_empty(around):
            return None
        return shapely.difference(around, _closed(inner)) if inner else around
    except shapely.errors.GEOSException:  # points that no outline can have
        return None


def _closed(lines: Sequence[Line]) -> shapely.Geometry:
    """Return the area within the rings that the lines make up."""
    pieces = [line for line in lines if len(line) > 1]
    if len(pieces) == 1:
        # Nearly every building is one ring; a line that does not close is a street or a wall.
        is_ring = len(pieces[0]) >= _RING and pieces[0][0] == pieces[0][-1]
        ring = shapely.Polygon(pieces[0] if is_ring else None)
        if shapely.is_valid(ring):
            return ring
    strings = shapely.unary_union([shapely.LineString(line) for line in pieces])
    return shapely.union_all(list(shapely.get_parts(shapely.polygonize([strings]))))

"""The reference systems of the service, the order of their axes, and boxes in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from atlas.errors import RequestError
from atlas.geo import COORDINATE_DECIMALS, METRIC_DECIMALS, UTM32, WGS84

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    Geometries = npt.NDArray[np.object_]

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@dataclass(frozen=True, slots=True)
class System:
    """
    One reference system by its OGC address.

    Attributes
    ----------
    code
        As pyproj knows it.
    is_swapped
        Whether the official order is latitude, longitude (OGC 18-058r1 demands it).
    decimals
        Decimals that coordinates are published with.
    """

    code: str
    is_swapped: bool
    decimals: int

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return self.code == WGS84


SYSTEMS: Final = {
    CRS84: System(WGS84, is_swapped=False, decimals=COORDINATE_DECIMALS),
    "http://www.opengis.net/def/crs/EPSG/0/4326": System(
        WGS84, is_swapped=True, decimals=COORDINATE_DECIMALS
    ),
    "http://www.opengis.net/def/crs/EPSG/0/25832": System(
        UTM32, is_swapped=False, decimals=METRIC_DECIMALS
    ),
}
"""Address → system; the first is the default of the standard, and the storage CRS."""

_ENDS: Final = {4: (0, 1, 2, 3), 6: (0, 1, 3, 4)}  # with heights, as the standard allows
_ANTIMERIDIAN: Final = 180.0


def system(uri: str, *, name: str) -> System:
    """
    Return the system of an OGC address.

    Raises
    ------
    RequestError
        If the service does not offer it; names the parameter ``name``.
    """
    if uri not in SYSTEMS:
        raise RequestError(
            "{name}: das Koordinatenreferenzsystem „{given}“ gibt es hier nicht.",
            hint="Möglich sind: {known}.",
            name=name,
            given=uri,
            known=", ".join(SYSTEMS),
        )
    return SYSTEMS[uri]


def geometries(places: gpd.GeoSeries, target: System) -> Geometries:
    """
    Return geometries in ``target``, in its official order of axes, rounded as published.

    Parameters
    ----------
    places
        EPSG:4326, any geometry; missing ones allowed.

    Returns
    -------
    converted
        n shapely geometries in the order of ``places``; ``None`` stays ``None``.
    """
    if target.is_geographic and not target.is_swapped:
        unchanged: Geometries = places.to_numpy(dtype=object)
        return unchanged
    converted = places.to_crs(target.code).to_numpy(dtype=object)
    moved: Geometries = shapely.transform(converted, lambda xy: _published(xy, target))
    return moved


def _published(xy: npt.NDArray[np.float64], target: System) -> npt.NDArray[np.float64]:
    ordered = xy[:, ::-1] if target.is_swapped else xy
    return ordered if target.is_geographic else ordered.round(target.decimals)


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a request: two corners in the axis order of ``system``."""

    corners: tuple[float, float, float, float]
    system: System

    @classmethod
    def of(cls, text: str, target: System) -> Box:
        """
        Read ``bbox``: four numbers, or six with heights that are passed over.

        Raises
        ------
        RequestError
            If they are no finite numbers, or stand in the wrong order.
        """
        parts = text.split(",")
        try:
            values = [float(part) for part in parts]
        except ValueError:
            values = []
        if len(values) not in _ENDS or not all(map(math.isfinite, values)):
            raise RequestError(
                "bbox: „{given}“ sind nicht vier Zahlen.",
                hint="So schreiben: bbox=6.9,51.4,7.1,51.5 (links, unten, rechts, oben).",
                given=text,
            )
        a, b, c, d = (values[at] for at in _ENDS[len(values)])
        lon_at = 1 if target.is_swapped else 0
        lows, highs = (a, b), (c, d)
        wraps = target.is_geographic and lows[lon_at] > highs[lon_at]
        if lows[1 - lon_at] > highs[1 - lon_at] or (lows[lon_at] > highs[lon_at] and not wraps):
            raise RequestError(
                "bbox: „{given}“ beginnt hinter seinem Ende.",
                hint="So schreiben: bbox=6.9,51.4,7.1,51.5 (links, unten, rechts, oben).",
                given=text,
            )
        return cls((a, b, c, d), target)

    @property
    def shapes(self) -> list[shapely.Geometry]:
        """The box as polygons: two where it crosses the antimeridian."""
        a, b, c, d = self.corners
        if self.system.is_swapped and b > d:
            return [shapely.box(a, b, c, _ANTIMERIDIAN), shapely.box(a, -_ANTIMERIDIAN, c, d)]
        if not self.system.is_swapped and a > c:
            return [shapely.box(a, b, _ANTIMERIDIAN, d), shapely.box(-_ANTIMERIDIAN, b, c, d)]
        return [shapely.box(a, b, c, d)]

    def meets(self, places: Geometries) -> npt.NDArray[np.bool_]:
        """Return which geometries touch the box; a missing one touches nothing."""
        found = np.zeros(len(places), dtype=bool)
        for shape in self.shapes:
            shapely.prepare(shape)
            found |= shapely.intersects(shape, places)
        return found

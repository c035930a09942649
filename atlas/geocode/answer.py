"""What the answers of Nominatim and Photon say: how exact, how far off, which object of OSM."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely

from atlas.geo import UTM32, metric_xy, points_from_lonlat
from atlas.geocode.accuracy import ACCURACY
from atlas.geocode.finder import Found
from atlas.geocode.names import normalised
from atlas.schema.place import BOUNDARY_TOLERANCE_M

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from atlas.geocode.address import Address

SERVICES: Final = {"nominatim": "Nominatim", "photon": "Photon"}

_STREETS = frozenset({"road", "street", "pedestrian", "square", "footway", "residential"})
_DISTRICTS = frozenset({"suburb", "quarter", "neighbourhood", "hamlet", "district", "locality"})
_METRES_PER_DEGREE = 111_200
_OSM_TYPES = {"N": "node", "W": "way", "R": "relation", "node": "node", "way": "way",
              "relation": "relation"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """One place of an answer, whichever service gave it."""

    lat: float
    lon: float
    kind: str
    house_number: str
    osm: str
    radius_m: float


class Boundaries:
    """
    The municipalities, to check that an answer lies where it was looked for.

    Parameters
    ----------
    municipalities
        Polygons, EPSG:4326; column ``ags``.
    """

    def __init__(self, municipalities: gpd.GeoDataFrame) -> None:
        shapes = municipalities.geometry.to_crs(UTM32).to_numpy()
        shapely.prepare(shapes)
        self._shapes = dict(zip(municipalities["ags"], shapes, strict=True))

    def has(self, ags: str, lat: float, lon: float) -> bool:
        """Return whether the point lies in the municipality, as well as its border is known."""
        if ags not in self._shapes:
            return False
        degrees = points_from_lonlat(pd.Series([lon]), pd.Series([lat]))
        points = shapely.points(*metric_xy(degrees).to_numpy().T)
        return bool(shapely.dwithin(self._shapes[ags], points, BOUNDARY_TOLERANCE_M).all())


def read(
    service: str,
    answer: tuple[dt.date, Sequence[Mapping[str, Any]]],
    *,
    address: Address,
    ags: str,
    boundaries: Boundaries,
) -> Found | str:
    """
    Return the first place of an answer that is of use, else the code of `REASONS`.

    Parameters
    ----------
    answer
        The day, and the places as the service gave them; those without a position are
        left out.
    address, ags
        What was asked for, and the municipality that the place has to lie in.
    """
    asked_on, raw = answer
    reason = "no_answer"
    for place in _places(service, raw):
        if not boundaries.has(ags, place.lat, place.lon):
            reason = "outside_municipality" if reason == "no_answer" else reason
            continue
        method = _method(place, address)
        if method:
            return _found(service, place, method, asked_on)
        reason = "too_vague"
    return reason


def _method(place: _Place, address: Address) -> str:
    """Return the way of finding; empty if the place is a town or something larger."""
    if place.kind == "house":
        # Asked for another house, the service answers with one that it knows.
        is_the_house = _same_number(place.house_number, address.house_number)
        return "online_building" if is_the_house else "online_street"
    if place.kind in _STREETS:
        return "online_street"
    return "online_district" if place.kind in _DISTRICTS else ""


def _same_number(found: str, asked: str) -> bool:
    return bool(asked) and normalised(found).replace(" ", "") == normalised(asked).replace(" ", "")


def _found(service: str, place: _Place, method: str, asked_on: dt.date) -> Found:
    accuracy, name = ACCURACY[method], SERVICES[service]
    radius = max(accuracy.uncertainty_m, math.ceil(place.radius_m / 50) * 50)
    return Found(
        lat=round(place.lat, 5),
        lon=round(place.lon, 5),
        method=method,
        uncertainty_m=min(float(radius), 20_000.0),
        source=service,
        name=place.osm,
        note_de=f"{name}: OpenStreetMap {place.osm}, gefragt am {asked_on.isoformat()}",
        note_en=f"{name}: OpenStreetMap {place.osm}, asked on {asked_on.isoformat()}",
    )


def _places(service: str, raw: Sequence[Mapping[str, Any]]) -> Iterator[_Place]:
    reader = _nominatim if service == "nominatim" else _photon
    for item in raw:
        try:
            place = reader(item)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
            continue
        if math.isfinite(place.radius_m) and abs(place.lat) <= 90 and abs(place.lon) <= 180:  # noqa: PLR2004
            yield place


def _nominatim(item: Mapping[str, Any]) -> _Place:
    south, north, west, east = (float(edge) for edge in item["boundingbox"])
    number = str(item.get("address", {}).get("house_number", ""))
    kind = str(item.get("addresstype") or item.get("type", ""))
    if item.get("class") == "highway":
        kind = "road"
    elif number:
        kind = "house"
    return _Place(
        lat=float(item["lat"]),
        lon=float(item["lon"]),
        kind=kind,
        house_number=number,
        osm=_osm(item.get("osm_type"), item.get("osm_id")),
        radius_m=_radius_m(south, north, west, east),
    )


def _photon(item: Mapping[str, Any]) -> _Place:
    properties = item["properties"]
    lon, lat = (float(value) for value in item["geometry"]["coordinates"][:2])
    west, north, east, south = (float(e) for e in properties.get("extent", [lon, lat, lon, lat]))
    number = str(properties.get("housenumber", ""))
    return _Place(
        lat=lat,
        lon=lon,
        kind="house" if number else str(properties.get("type", "")),
        house_number=number,
        osm=_osm(properties.get("osm_type"), properties.get("osm_id")),
        radius_m=_radius_m(south, north, west, east),
    )


def _osm(kind: object, number: object) -> str:
    """Return ``way/123``; whatever is not of that form does not get into the table."""
    return f"{_OSM_TYPES[str(kind)]}/{int(str(number))}"


def _radius_m(south: float, north: float, west: float, east: float) -> float:
    width = (east - west) * math.cos(math.radians((south + north) / 2))
    return _METRES_PER_DEGREE * math.hypot(north - south, width) / 2

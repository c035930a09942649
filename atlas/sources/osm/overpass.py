"""OpenStreetMap, live: the question to Overpass, and its answer in JSON."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from atlas.errors import SourceFormatError, SourceUnavailableError
from atlas.schema import Fault, Intake
from atlas.schema.problems import shown
from atlas.sources.files import read_bytes
from atlas.sources.osm.cells import clean
from atlas.sources.osm.outline import (
    CENTRE_M,
    NODE_M,
    Spot,
    spot_at,
    spot_of_box,
    spot_of_lines,
)
from atlas.sources.osm.rows import OSM_TYPES, Feature, intake
from atlas.sources.osm.selection import query_text

if TYPE_CHECKING:
    from pathlib import Path

    import shapely

    from atlas.http import Client
    from atlas.provenance import Source

__all__ = ["fetch", "parse", "query_text", "read"]

Point = tuple[float, float]
_BOX: Final = ("minlat", "minlon", "maxlat", "maxlon")
_DECIMALS: Final = 7  # of OpenStreetMap itself: more is noise of a conversion
_LARGEST_ID: Final = 2**53


def fetch(client: Client, region: shapely.Geometry, *, url: str, source_id: str) -> bytes:
    """
    Ask Overpass for everything of the region that the tables of tags select.

    Parameters
    ----------
    region
        Polygon or multipolygon, EPSG:4326.
    url
        The service: `Settings.overpass_url`.

    Returns
    -------
    payload
        The answer, for `parse`; checked to be whole.

    Raises
    ------
    SourceUnavailableError
        If the service does not answer, or reports that it could not finish.
    SourceFormatError
        If it answers with something else.
    """
    response = client.post(url, data={"data": query_text(region)}, source=source_id)
    try:
        _document(response.content, source_id)
    except (SourceFormatError, SourceUnavailableError):
        client.forget(response)  # it came with HTTP 200, so the cache took it for an answer
        raise
    return response.content


def read(path: Path, *, source: Source, retrieved_on: dt.date | None = None) -> Intake:
    """Read a stored answer; as `parse`, and SourceUnavailableError if it cannot be read."""
    payload = read_bytes(path)
    return parse(payload, source=source, retrieved_on=retrieved_on)


def parse(payload: bytes, *, source: Source, retrieved_on: dt.date | None = None) -> Intake:
    """
    Turn an answer of Overpass into rows.

    Elements without tags (the points of a line) are no records. User names, change sets and
    all contact data are dropped.

    Parameters
    ----------
    source
        Entry of the registry.
    retrieved_on
        Day of the data if the answer does not tell it.

    Returns
    -------
    intake
        One row or fault per element with tags, in the order of the answer.

    Raises
    ------
    SourceFormatError
        If the payload is no whole answer, or tells no date and none is given.
    SourceUnavailableError
        If the answer reports that the service gave up (``remark``).
    """
    document = _document(payload, source.id)
    day = _day(document) or retrieved_on
    if day is None:
        raise SourceFormatError(
            "{source}: die Antwort nennt keinen Stand der Daten (osm3s.timestamp_osm_base).",
            source=source.id,
            hint="Die Antwort neu abrufen.",
        )
    nodes = _nodes(document["elements"])
    features: list[tuple[int, Feature]] = []
    faults: list[Fault] = []
    records = (one for one in document["elements"] if not isinstance(one, dict) or one.get("tags"))
    for position, element in enumerate(records, start=1):
        feature = _feature(element, nodes)
        if feature is None:
            faults.append(Fault(position, "malformed", value=shown(repr(element)[:200])))
        else:
            features.append((position, feature))
    return intake(features, faults, source=source, retrieved_on=day)


def _document(payload: bytes, source_id: str) -> dict[str, Any]:
    """Return the answer as a whole."""
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise SourceFormatError(
            "{source}: die Antwort ist kein vollständiges JSON.",
            source=source_id,
            hint="Die Antwort neu abrufen; sie ist abgeschnitten oder eine Fehlerseite.",
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("elements"), list):
        raise SourceFormatError(
            "{source}: die Antwort ist keine von Overpass, „elements“ fehlt.",
            source=source_id,
            hint="ATLAS_OVERPASS_URL prüfen: dort muss ein Overpass-Dienst antworten.",
        )
    # A time-out or a lack of memory comes with HTTP 200 and the elements found so far.
    if remark := document.get("remark"):
        raise SourceUnavailableError(
            "{source}: Overpass hat die Abfrage nicht zu Ende geführt ({remark}).",
            source=source_id,
            hint="Später erneut versuchen.",
            remark=shown(str(remark)),
        )
    return document


def _day(document: dict[str, Any]) -> dt.date | None:
    head = document.get("osm3s")
    stated = head.get("timestamp_osm_base") if isinstance(head, dict) else None
    try:
        return dt.date.fromisoformat(str(stated)[:10])
    except ValueError:
        return None


def _feature(element: Any, nodes: dict[int, Point]) -> Feature | None:  # noqa: ANN401 - JSON
    """Return the object, None if it is not one."""
    if not isinstance(element, dict):
        return None
    kind, number, tags = element.get("type"), element.get("id"), element.get("tags")
    if kind not in OSM_TYPES or not _is_id(number) or not isinstance(tags, dict):
        return None
    stamp = element.get("timestamp")
    return Feature(
        osm_type=str(kind),
        osm_id=number,
        tags=clean(tags),
        timestamp=stamp if isinstance(stamp, str) else "",
        spot=_spot(element, nodes),
    )


def _is_id(number: object) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < _LARGEST_ID


def _nodes(elements: list[Any]) -> dict[int, Point]:
    """Return the points that an answer with recursion (``>;``) lists beside its lines."""
    return {
        element["id"]: point
        for element in elements
        if isinstance(element, dict)
        and element.get("type") == "node"
        and _is_id(element.get("id"))
        and (point := _point(element))
    }


def _spot(element: dict[str, Any], nodes: dict[int, Point]) -> Spot | None:
    """Return where an object lies, from the most exact of what the answer gives."""
    if element["type"] == "node":
        point = _point(element)
        return spot_at(point[1], point[0], NODE_M) if point else None
    return _of_lines(element, nodes) or _of_box(element) or _of_centre(element)


def _of_lines(element: dict[str, Any], nodes: dict[int, Point]) -> Spot | None:
    if element["type"] == "way":
        return spot_of_lines([_line(element, nodes)])
    members = [one for one in _list(element.get("members")) if isinstance(one, dict)]
    lines = [(one.get("role"), _line(one, nodes)) for one in members if one.get("type") == "way"]
    points = [_member_point(one, nodes) for one in members if one.get("type") == "node"]
    inner = [line for role, line in lines if role == "inner"]
    outer = [line for role, line in lines if role != "inner"]
    return spot_of_lines(outer, inner, points=[point for point in points if point])


def _member_point(member: dict[str, Any], nodes: dict[int, Point]) -> Point | None:
    ref = member.get("ref")
    return _point(member) or (nodes.get(ref) if isinstance(ref, int) else None)


def _line(element: dict[str, Any], nodes: dict[int, Point]) -> list[Point]:
    stated = [_point(one) for one in _list(element.get("geometry"))]
    listed = stated or [nodes.get(ref) for ref in _list(element.get("nodes")) if _is_id(ref)]
    return [point for point in listed if point]


def _of_box(element: dict[str, Any]) -> Spot | None:
    bounds = element.get("bounds")
    if not isinstance(bounds, dict):
        return None
    sides = [_number(bounds.get(side)) for side in _BOX]
    return spot_of_box(*sides) if not any(map(math.isnan, sides)) else None


def _of_centre(element: dict[str, Any]) -> Spot | None:
    point = _point(element.get("center"))
    return spot_at(point[1], point[0], CENTRE_M[element["type"]]) if point else None


def _point(holder: object) -> Point | None:
    """Return (lon, lat), None if they are not numbers of a place on Earth."""
    if not isinstance(holder, dict):
        return None
    lon, lat = (round(_number(holder.get(key)), _DECIMALS) for key in ("lon", "lat"))
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None  # noqa: PLR2004 - degrees


def _number(value: object) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    try:
        return float(value) if is_number else math.nan  # type: ignore[arg-type]
    except OverflowError:
        return math.nan


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []

"""Coordinates: read, transformed to degrees, and swapped axes or a wrong system found and named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, get_args

import numpy as np
import pyproj
import shapely

from atlas.errors import SourceFormatError
from atlas.geo import UTM32, WGS84
from atlas.schema import BY_NAME, Fault
from atlas.schema.problems import shown
from atlas.sources.declared.mapping import Crs
from atlas.sources.values import in_region, loose_number, placed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from atlas.sources.declared.mapping import Mapping
    from atlas.sources.declared.table import Table

_SYSTEMS: Final = tuple(code for code in get_args(Crs) if code)
_ENOUGH: Final = 0.5  # share of points in the region with which a declaration is believed
_CLEAR: Final = 0.8  # share with which another one is proposed
_SOUTH, _NORTH, _WEST, _EAST = (
    bound or 0
    for name in ("lat", "lon")
    for bound in (BY_NAME[name].minimum, BY_NAME[name].maximum)
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in the system of the source, and the metres that its shape adds to the doubt."""

    x: float
    y: float
    half_diagonal_m: float = 0


@dataclass
class Places:
    """
    Where the records are.

    Attributes
    ----------
    columns
        Position → the six columns of a coordinate; nothing for records without one.
    faults
        Records whose coordinate cannot be used.
    crs
        The system that was used.
    """

    columns: dict[int, dict[str, str | None]]
    faults: list[Fault]
    crs: str = ""


def locate(table: Table, mapping: Mapping) -> Places:
    """
    Place every record of a table.

    Raises
    ------
    SourceFormatError
        If most points lie in the region only under another system or with swapped axes;
        says what to write into the mapping.
    """
    spots: dict[int, Spot] = {}
    faults: list[Fault] = []
    crs = mapping.place.crs or table.crs
    measured_in = crs if _is_known(crs) else WGS84
    for position, record in table.records.items():
        try:
            spot = _spot(table, position, mapping, measured_in)
        except _NoNumberError as error:
            faults.append(_fault(position, record, mapping, str(error)))
            continue
        if spot is not None:
            spots[position] = spot
    if not spots:
        return Places({}, faults, crs)
    _check_system(spots.values(), crs, mapping)
    return _placed(spots, faults, table, mapping, crs)


class _NoNumberError(ValueError):
    """A coordinate that is no number; the text is what stands there."""


def _spot(table: Table, position: int, mapping: Mapping, crs: str) -> Spot | None:
    place, record = mapping.place, table.records[position]
    if place.x:
        return _from_texts(record.get(place.x, ""), record.get(place.y, ""))
    if place.point:
        return _from_text(record.get(place.point, ""), swapped=place.axes == "yx")
    shape = (table.geometries or {}).get(position)
    if shape is None or shape.is_empty:
        return None
    return _from_shape(shape, crs, swapped=place.axes == "yx")


def _from_text(text: str, *, swapped: bool) -> Spot | None:
    """Read two numbers in one text: ``51.5, 7.4`` or ``POINT (7.4 51.5)``."""
    inner = text.strip().upper().removeprefix("POINT").strip(" ()")
    parts = inner.replace(";", " ").replace(", ", " ").split()
    if len(parts) == 1:
        parts = parts[0].split(",")
    if not inner:
        return None
    if len(parts) != 2:  # noqa: PLR2004 - a point has two
        raise _NoNumberError(text)
    first, second = (part.strip(",") for part in parts)
    return _from_texts(second, first) if swapped else _from_texts(first, second)


def _from_texts(x: str, y: str) -> Spot | None:
    values = [loose_number(text.replace("°", "")) for text in (x, y)]
    if not x.strip() and not y.strip():
        return None
    if values[0] is None or values[1] is None:
        raise _NoNumberError(f"{x} | {y}")
    # Both zero is how databases write "none".
    return Spot(values[0], values[1]) if any(values) else None


def _from_shape(shape: BaseGeometry, crs: str, *, swapped: bool) -> Spot:
    """Return a point inside the shape, with half the diagonal of its bounding box in metres."""
    if swapped:
        shape = shapely.transform(shape, lambda xy: xy[:, ::-1])
    if isinstance(shape, shapely.Point):
        return Spot(shape.x, shape.y)
    try:
        point = shape.representative_point()
    except shapely.errors.ShapelyError:
        point = shapely.make_valid(shape).representative_point()
    minx, miny, maxx, maxy = shape.bounds
    x, y = _transformer(crs, UTM32).transform([minx, maxx], [miny, maxy])
    half = float(np.hypot(x[1] - x[0], y[1] - y[0])) / 2
    return Spot(point.x, point.y, half if np.isfinite(half) else 0)


@cache
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _degrees(spots: Iterable[Spot], crs: str, *, swapped: bool) -> np.ndarray:
    """Return longitude and latitude of each spot, shape (n, 2); infinite where undefined."""
    xy = np.array([(spot.x, spot.y) for spot in spots], dtype=float)
    x, y = (xy[:, 1], xy[:, 0]) if swapped else (xy[:, 0], xy[:, 1])
    lon, lat = _transformer(crs, WGS84).transform(x, y)
    return np.column_stack([lon, lat])


def _share_in_region(degrees: np.ndarray) -> float:
    lon, lat = degrees[:, 0], degrees[:, 1]
    inside = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    return float(np.mean(inside))


def _check_system(spots: Iterable[Spot], crs: str, mapping: Mapping) -> None:
    """Raise if most points lie in the region only with another system or order of axes."""
    listed = list(spots)
    known = _is_known(crs)
    if known and _share_in_region(_degrees(listed, crs, swapped=False)) >= _ENOUGH:
        return
    found = [
        (_share_in_region(_degrees(listed, other, swapped=swapped)), not swapped, other)
        for other in _SYSTEMS for swapped in (False, True)
    ]  # fmt: skip
    best, straight, other = max(found)
    if best >= _CLEAR:
        raise _wrong_system(mapping, crs, other, swapped=not straight, sample=listed[0])
    if not known:
        raise SourceFormatError(
            "{source}: das Koordinatensystem ist nicht bekannt ({crs}).", source=mapping.source,
            hint="Mit [place] crs eines dieser Systeme nennen: {known}.",
            crs=crs or "–", known=", ".join(_SYSTEMS),
        )  # fmt: skip


def _is_known(crs: str) -> bool:
    try:
        return bool(crs) and pyproj.CRS.from_user_input(crs) is not None
    except pyproj.exceptions.CRSError:
        return False


def _wrong_system(
    mapping: Mapping, crs: str, other: str, *, swapped: bool, sample: Spot
) -> SourceFormatError:
    axes: str = mapping.place.axes
    if mapping.place.x:
        x, y = (mapping.place.y, mapping.place.x) if swapped else (mapping.place.x, mapping.place.y)
        write = f'[place] crs = "{other}", x = "{x}", y = "{y}"'
    else:
        axes = {"xy": "yx", "yx": "xy"}[axes] if swapped else axes
        write = f'[place] crs = "{other}", axes = "{axes}"'
    params = {"crs": crs or "–", "found": other, "write": write,
              "sample": f"{sample.x:.10g} | {sample.y:.10g}"}  # fmt: skip
    if swapped:
        message = "{source}: die Achsen sind vertauscht; {sample} liegt so nicht im Ruhrgebiet."
    else:
        message = "{source}: die Koordinaten stehen nicht in {crs}, sondern in {found} ({sample})."
    return SourceFormatError(
        message, source=mapping.source, hint="In das Mapping schreiben: {write}.", **params
    )


def _placed(
    spots: dict[int, Spot], faults: list[Fault], table: Table, mapping: Mapping, crs: str
) -> Places:
    degrees = _degrees(spots.values(), crs, swapped=False)
    places = Places({}, list(faults), crs)
    for (position, spot), (lon, lat) in zip(spots.items(), degrees, strict=True):
        if in_region(lat, lon):
            places.columns[position] = placed(
                (lat, lon), precision=mapping.place.precision, source=mapping.source,
                uncertainty_m=max(mapping.place.uncertainty_m, spot.half_diagonal_m),
                note=mapping.place.note or f"{mapping.publisher}, {crs}",
            )  # fmt: skip
            continue
        swapped = _degrees([spot], crs, swapped=True)[0]
        usable = np.isfinite([lon, lat]).all() and not in_region(swapped[1], swapped[0])
        text = f"{spot.x:.10g} | {spot.y:.10g}"
        code = "outside" if usable else "bad_coordinate"
        places.faults.append(_fault(position, table.records[position], mapping, text, code))
    return places


def _fault(
    position: int, record: dict[str, str], mapping: Mapping, value: str,
    code: str = "bad_coordinate",
) -> Fault:  # fmt: skip
    name = mapping.columns["name"].text(record) if "name" in mapping.columns else ""
    column = mapping.place.point or mapping.place.x or "geometry"
    return Fault(position, code, name or mapping.key.text(record), column, shown(value))

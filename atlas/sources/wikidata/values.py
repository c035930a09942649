"""The values of an item as cells: one of several, chosen the same way every time."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from atlas.schema.columns import BY_NAME
from atlas.sources.lines import one_line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

LEAST_M: Final = 100.0
"""
Least uncertainty of a coordinate: Wikidata's precision tells how many digits were entered, not
how well the place was met. In our registry 63 coordinates of buildings that were taken from
Wikidata and looked at one by one are uncertain by 50 m in the median; we take twice that.
"""
UNSTATED_M: Final = 300.0
"""… where no precision is stated: the largest that those 63 have."""
_DEGREE_M: Final = 111_320.0
_MAXIMUM_M: Final = 20_000.0
_PRECISIONS: Final = ((150.0, "building"), (500.0, "street"), (3000.0, "district"))
_NUMBER: Final = r"[+-]?\d{1,3}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?"
# Another globe would stand before the point: <http://www.wikidata.org/entity/Q405> Point(…).
_POINT: Final = re.compile(
    rf"\s*(?:<https?://www\.wikidata\.org/entity/Q2>\s*)?point\s*\(\s*({_NUMBER})\s+({_NUMBER})\s*\)\s*",
    re.IGNORECASE,
)
_STREET: Final = re.compile(
    r"(?P<street>\D[^\d,;]{1,90}?)\s+(?P<number>\d{1,4}\s?[a-zA-Z]?(?:\s?[-–/]\s?\d{1,4}\s?[a-zA-Z]?)?)"
)
_POSTCODE: Final = re.compile(r"\b\d{5}\b")
_WEB: Final = re.compile(BY_NAME["website"].pattern)
_KEY: Final = re.compile(BY_NAME["ags"].pattern)
_RELATION: Final = re.compile(r"[1-9]\d{0,14}")
_DAY: Final = re.compile(r"([+-]?)(\d{4,})-(\d{2})-(\d{2})T")


def label(texts: Sequence[str]) -> str:
    """Return the shortest label, of several the first in order; empty if there is none."""
    lines = [line for text in texts if (line := one_line(text))]
    return min(lines, key=lambda line: (len(line), line), default="")


def is_past(date: str, day: dt.date) -> bool:
    """Return whether a place ended before ``day``; an end without a date has happened, too."""
    found = _DAY.match(date)
    if not found:
        return True
    sign, year, month, of_month = found.groups()
    if sign == "-" or len(year) > 4:  # noqa: PLR2004 - digits of a year of our era
        return sign == "-"
    return (int(year), int(month), int(of_month)) <= (day.year, day.month, day.day)


def location(points: Sequence[str], precisions: Sequence[str]) -> dict[str, str] | str:
    """
    Return the cells of the location.

    Parameters
    ----------
    points
        WKT points, longitude first.
    precisions
        In degrees.

    Returns
    -------
    cells
        The first point in order; uncertain by its precision, and at least as far as the
        farthest of the others. Empty without a point; the text of a point that is none.
    """
    read = [_point(text) for text in points]
    known = [point for point in read if point]
    if not known:
        return one_line(points[0]) if points else {}
    lon, lat = min(known)
    stated = [value for text in precisions if (value := _degrees(text))]
    spread = max(math.dist((lon, lat), other) for other in known) * _DEGREE_M
    radius = max([LEAST_M if stated else UNSTATED_M, spread, *(one * _DEGREE_M for one in stated)])
    if radius > _MAXIMUM_M:
        return f"Point({lon} {lat}) ± {radius:.0f} m"
    reached = (code for limit, code in _PRECISIONS if radius <= limit)
    return {
        "lat": f"{lat:.5f}",
        "lon": f"{lon:.5f}",
        "coordinate_precision": next(reached, "municipality"),
        "coordinate_uncertainty_m": f"{math.ceil(radius)}",
    }


def address(texts: Sequence[str], postcodes: Sequence[str]) -> dict[str, str]:
    """Return street, house number and postcode; what has no number is a street as a whole."""
    line = label(texts)
    codes = sorted({*_POSTCODE.findall(line), *(one for one in map(one_line, postcodes)
                                               if _POSTCODE.fullmatch(one))})  # fmt: skip
    first = line.partition(",")[0].strip()
    found = _STREET.fullmatch(first)
    street, number = (found["street"], found["number"]) if found else (first, "")
    is_street = bool(street) and len(street) <= BY_NAME["street"].max_length
    return {
        "street": street if is_street and not _POSTCODE.search(street) else "",
        "house_number": number,
        "postcode": codes[0] if len(codes) == 1 else "",
    }


def key_of(keys: Sequence[str]) -> str:
    """Return the municipality key, empty if none or more than one is stated."""
    known = {key for key in keys if _KEY.fullmatch(key)}
    return known.pop() if len(known) == 1 else ""


def website(urls: Sequence[str]) -> str:
    """Return the shortest address, secure ones first."""
    known = [
        url for url in urls if _WEB.fullmatch(url) and len(url) <= BY_NAME["website"].max_length
    ]
    return min(known, key=lambda url: (not url.startswith("https:"), len(url), url), default="")


def relation(ids: Sequence[str]) -> list[str]:
    """Return the keys in OpenStreetMap."""
    return [f"osm:relation/{one}" for one in ids if _RELATION.fullmatch(one)]


def _point(text: str) -> tuple[float, float] | None:
    """Return (lon, lat) on Earth."""
    found = _POINT.fullmatch(text)
    if not found:
        return None
    lon, lat = float(found[1]), float(found[2])
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None  # noqa: PLR2004 - degrees


def _degrees(text: str) -> float:
    """Return a precision, 0 if it is none."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and value > 0 else 0.0

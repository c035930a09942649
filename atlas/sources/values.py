"""Values as sources write them, as the table wants them: numbers, dates, addresses, places."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Final

from atlas.geo import COORDINATE_DECIMALS
from atlas.schema.columns import BY_NAME
from atlas.vocabulary import TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atlas.provenance import Source

_THOUSANDS: Final = {
    ",": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"),
    ".": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"),
}
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,15})?|\.\d{1,15})")
_ISO: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")
_GERMAN: Final = re.compile(r"(?:(?:(\d{1,2})\.\s?)?(\d{1,2})[./]\s?)?(\d{4})(?: .*)?")
_HOUSE_NUMBER: Final = re.compile(
    r"(?P<street>.*?[^\d\s])\.?\s+(?P<number>\d{1,4}\s?[a-zA-Z]?(?:\s?[-–/+]\s?\d{1,4}\s?[a-zA-Z]?)?)"
)
_POSTCODE: Final = re.compile(r"(?:D-|DE-)?(\d{5})(?:\s+(.*))?")
_WEB: Final = re.compile(str(BY_NAME["website"].pattern))
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,24}(?:[/?#]\S*)?")
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_EXACT: Final = 2.0**53  # larger floats have lost their last digits
_LONGEST: Final = 500  # of a text that is looked at piece by piece
_UNCERTAINTY: Final = BY_NAME["coordinate_uncertainty_m"]
_PROPERTY_GROUPS: Final = frozenset({"industry", "retail", "building"})
_PUBLISHER_LENGTH: Final = BY_NAME["publisher"].max_length


def clean(text: str) -> str:
    """Return ``text`` on one line, with single spaces."""
    return " ".join(text.replace("\x00", "").split())


def text_of(value: object) -> str:
    """Return a value of JSON, a spreadsheet or a feature table as text; nothing becomes empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Integers become floats in spreadsheets and in columns with gaps.
        whole = math.isfinite(value) and value.is_integer() and abs(value) < _EXACT
        return str(int(value)) if whole else repr(value) if math.isfinite(value) else ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (text_of(part) for part in value[:50])))
    # JSON can hold half a character, which no file can.
    return str(value).encode("utf-8", "replace").decode()


def number(text: str, *, decimal: str = ",") -> float | None:
    """
    Read a number, with or without thousands separators and white space.

    Parameters
    ----------
    decimal
        What the source separates decimals with: comma or point. With a comma, ``1.200``
        is twelve hundred and ``12.5`` twelve and a half.

    Returns
    -------
    value
        None if the text is no number.
    """
    if len(text) > _LONGEST:
        return None
    digits = "".join(text.split()).replace("'", "")
    if _THOUSANDS[decimal].fullmatch(digits.lstrip("+-")):
        digits = digits.replace("." if decimal == "," else ",", "")
    digits = digits.replace(",", ".")
    return float(digits) if _NUMBER.fullmatch(digits) else None


def loose_number(text: str) -> float | None:
    """
    Read a number whose decimal sign nobody states; otherwise as `number`.

    A single comma or point is the decimal sign; of both, the last; what comes several
    times groups digits.
    """
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return number(text, decimal="," if text.rfind(",") > text.rfind(".") else ".")
    if points > 1 or commas > 1:
        return number(text, decimal="," if points else ".")
    return number(text.replace(",", "."), decimal=".")


def number_text(value: float, *, decimals: int = 2) -> str:
    """Return a number as the table writes it: decimal point, no exponent, no needless zeros."""
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_range(name: str, value: float | None) -> float | None:
    """Return ``value`` if column ``name`` may hold it, else None."""
    column = BY_NAME[name]
    low, high = column.minimum, column.maximum
    if value is None or low is None or high is None:
        return None
    return value if low <= value <= high else None


def date(text: str, formats: Sequence[str] = ()) -> str | None:
    """
    Read a date: YYYY[-MM[-DD]], [[DD.]MM.]YYYY, or one of ``formats`` (as of `strptime`).

    Returns
    -------
    date
        YYYY, YYYY-MM or YYYY-MM-DD, no more exact than the text; None if it is no date.
    """
    text = text.strip()[:60]
    for form in formats:
        try:
            return dt.datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    if match := _ISO.fullmatch(text):
        return _partial(match[1], match[2], match[3])
    if match := _GERMAN.fullmatch(text):
        return _partial(match[3], match[2], match[1])
    return None


def _partial(year: str, month: str | None, day: str | None) -> str | None:
    try:
        dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    parts = [year, *(f"{int(part):02d}" for part in (month, day) if part)]
    return "-".join(parts)


def not_after(day: str | None, last: dt.date) -> str | None:
    """Return the partial date ``day`` unless it is certainly later than ``last``."""
    return None if day is None or day > last.isoformat()[: len(day)] else day


def web_address(text: str) -> str | None:
    """Return a web address with its scheme, which many sources leave out; None if it is none."""
    text = text.strip()
    if _DOMAIN.fullmatch(text):
        text = f"https://{text}"
    return text if _WEB.fullmatch(text) and len(text) <= _LONGEST else None


def has_email(text: str) -> bool:
    """Return whether a text contains a mail address, which the table never holds."""
    return "@" in text and bool(_EMAIL.search(text[: 2 * _LONGEST]))


def street_and_number(text: str) -> tuple[str, str]:
    """Split ``Lenneplatz 21`` into street and house number; without a number it stays whole."""
    text = clean(text)
    match = _HOUSE_NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return text, ""
    return text[: match.start("number")].strip(), match["number"]


def postcode_and_town(text: str) -> tuple[str, str]:
    """Split ``44807 Bochum`` into postcode and town; what is no postcode is the town."""
    text = clean(text)
    match = _POSTCODE.fullmatch(text)
    return (match[1], match[2] or "") if match else ("", text)


def in_region(lat: float, lon: float) -> bool:
    """Return whether degrees (EPSG:4326) lie where the table's places can lie."""
    return in_range("lat", lat) is not None and in_range("lon", lon) is not None


def placed(
    point: tuple[float, float], *, precision: str, uncertainty_m: float, source: str, note: str
) -> dict[str, str | None]:
    """Return the six columns of a coordinate (lat, lon in EPSG:4326), rounded to a metre."""
    lat, lon = point
    low, high = _UNCERTAINTY.minimum or 0, _UNCERTAINTY.maximum or math.inf
    return {
        "lat": f"{lat:.{COORDINATE_DECIMALS}f}",
        "lon": f"{lon:.{COORDINATE_DECIMALS}f}",
        "coordinate_precision": precision,
        "coordinate_uncertainty_m": number_text(min(max(uncertainty_m, low), high), decimals=0),
        "coordinate_source": source,
        "coordinate_note": note,
    }


def kind_of(space_type: str) -> str:
    """Return the kind that a type suggests, where the source does not tell it."""
    group = TYPES[space_type].group
    if group == "quarter":
        return "creative_quarter"
    return "key_property" if group in _PROPERTY_GROUPS else "creative_site"


def name_of(space_type: str, place: str | None) -> str:
    """Return a name made of facts, for sources whose titles are prose or tell too much."""
    what = TYPES[space_type].de.partition(",")[0]
    return f"{what}, {place}" if place else what


def constants(source: Source, retrieved_on: dt.date) -> dict[str, str]:
    """Return the columns that are the same in every row of ``source``."""
    return {
        "source": source.id,
        "publisher": source.title[:_PUBLISHER_LENGTH],
        "source_url": source.homepage,
        "retrieved_on": retrieved_on.isoformat(),
        "licence": source.licence_published,
        "lineage": source.lineage,
        "vacancy": "unknown",
        "availability": "unknown",
        "confidence": "reported",
    }

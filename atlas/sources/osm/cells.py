"""From the tags of an object to the cells of its row: name, address, date, keys elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from atlas.schema.columns import BY_NAME
from atlas.schema.dates import PATTERN
from atlas.sources.lines import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Tags = Mapping[str, str]

NAME_KEYS: Final = ("name", "name:de", "official_name", "operator")
OLD_NAME_KEYS: Final = ("disused:name", "abandoned:name", "was:name", "old_name")
CHECK_KEYS: Final = ("check_date", "lastcheck", "last_checked", "survey:date", "survey_date")
"""When somebody last looked; the edit of another tag says nothing about that."""
_STEP_FREE: Final = {"yes": "true", "designated": "true", "no": "false"}  # "limited": neither
_QUOTED: Final = re.compile(r"Q[1-9]\d{0,11}")
_POSTCODE: Final = re.compile(r"\d{5}")
_WEB: Final = re.compile(BY_NAME["website"].pattern)
_BARE_WEB: Final = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,}(?:/[^\s<>\"']*)?")
_DAY_LENGTH: Final = 10


def clean(tags: Mapping[str, object]) -> dict[str, str]:
    """Return the tags with text that fits into one line."""
    return {
        one_line(key): line for key, value in tags.items()
        if isinstance(value, str) and (line := one_line(value))
    }  # fmt: skip


def name(tags: Tags, *, is_vacant: bool) -> str:
    """Return what the place is called: its name, that of its past if it is empty, its address."""
    keys = (*NAME_KEYS, *(OLD_NAME_KEYS if is_vacant else ()))
    stated = next((tags[key] for key in keys if key in tags), "")
    return stated or _address(tags)


def place(tags: Tags) -> dict[str, str]:
    """Return the cells of the address; the municipality follows from the location."""
    postcode = tags.get("addr:postcode", "")
    return {
        "street": tags.get("addr:street") or tags.get("addr:place", ""),
        "house_number": tags.get("addr:housenumber", ""),
        "postcode": postcode if _POSTCODE.fullmatch(postcode) else "",
        "locality": tags.get("addr:suburb", ""),
    }


def needs(tags: Tags, *, is_used: bool) -> dict[str, str]:
    """Return the cells that a visitor needs; hours of a place that is closed are not kept."""
    hours = tags.get("opening_hours", "") if is_used else ""
    return {
        "is_step_free": _STEP_FREE.get(tags.get("wheelchair", "").lower(), ""),
        "opening_hours": hours if len(hours) <= BY_NAME["opening_hours"].max_length else "",
        "website": website(tags.get("website") or tags.get("contact:website", "")),
    }


def website(text: str) -> str:
    """Return the first address in ``text``, empty if there is none."""
    first = text.partition(";")[0].strip()
    if _BARE_WEB.fullmatch(first):
        first = f"https://{first}"
    fits = _WEB.fullmatch(first) and len(first) <= BY_NAME["website"].max_length
    return first if fits else ""


def same_as(tags: Tags, ref: str) -> str:
    """Return the keys of the same place: its own in OpenStreetMap, and the one in Wikidata."""
    stated = (part.strip() for part in tags.get("wikidata", "").split(";"))
    items = [f"wikidata:{item}" for item in stated if _QUOTED.fullmatch(item)]
    return ";".join([f"osm:{ref}", *dict.fromkeys(items)])


def checked_on(tags: Tags, *, latest: str) -> str:
    """Return the last day on which somebody says to have looked, not after ``latest``."""
    return max(_dates((tags.get(key, "") for key in CHECK_KEYS), latest=latest), default="")


def edited_on(timestamp: str, *, latest: str) -> str:
    """Return the day of the last edit (ISO 8601); empty if unknown or after ``latest``."""
    return next(iter(_dates([timestamp], latest=latest)), "")


def _dates(texts: Iterable[str], *, latest: str) -> list[str]:
    """Return the partial dates among ``texts`` that do not begin after ``latest``."""
    cut = (text.partition("T")[0].strip() for text in texts)
    return [text for text in cut if _is_date(text) and _first_day(text) <= _first_day(latest)]


def _is_date(text: str) -> bool:
    if not re.fullmatch(PATTERN, text) or not "1990" <= text[:4] < "2100":  # OSM is younger
        return False
    try:
        dt.date.fromisoformat(_first_day(text))
    except ValueError:
        return False
    return True


def _first_day(text: str) -> str:
    return (text + "-01-01")[:_DAY_LENGTH]


def _address(tags: Tags) -> str:
    street = tags.get("addr:street") or tags.get("addr:place", "")
    if not street:
        return ""
    line = f"{street} {tags.get('addr:housenumber', '')}".strip()
    return ", ".join(part for part in (line, tags.get("addr:city", "")) if part)

"""Reading query parameters that may hold anything; nothing in here raises on their content."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from atlas.schema import BY_NAME

ANALYSIS_KEYS: Final = ("topic", "unit", "cell", "shown", "bandwidth", "alpha", "permutations")
"""Parameters of Hotspots, see `atlas.analysis.asked`; every page knows them, without statistics."""
PLACE: Final = "place"
TOWN: Final = "town"
FIGURE: Final = "figure"
FIGURE_KEYS: Final = (PLACE, TOWN, FIGURE)
"""Parameters of the pages Compare and Profile, see `atlas.analysis.choice`."""
PAGE_KEYS: Final = frozenset({*ANALYSIS_KEYS, "area", *FIGURE_KEYS})
"""What single pages ask."""
LANGUAGE_KEY: Final = "lang"
VIEW_KEYS: Final = ("space", "view", "sort")
"""What a link says about what is open and how it looks, not about which spaces are meant."""
DEFAULT_RADIUS_M: Final = 1000
MINIMUM_RADIUS_M: Final = 50
MAXIMUM_RADIUS_M: Final = 50_000
TEXT_LENGTH: Final = 100
SHORTLIST_LENGTH: Final = 200
# A link of a thousand codes is an attack or a mistake; no closed list has more than 100.
_MAX_VALUES: Final = 1000
_MAX_NUMBER_LENGTH: Final = 40
_SPACE_ID: Final = re.compile(BY_NAME["space_id"].pattern)
_BBOX_MARGIN: Final = 0.5  # degrees around the region: a neighbouring town may be a centre
_COORDINATES: Final = 2  # of a place; what follows is its label


def clean_text(text: str, *, length: int = TEXT_LENGTH) -> str:
    """Return ``text`` on one line, without control characters and half surrogates."""
    visible = (" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char
               for char in text[: 4 * length])  # fmt: skip
    return " ".join("".join(visible).split())[:length].rstrip()


def format_number(value: float | None) -> list[str]:
    """Return a number as the shortest text that reads back as the same number."""
    if value is None:
        return []
    return [repr(float(value)).removesuffix(".0")]


def parse_number(text: str, *, minimum: float, maximum: float) -> float | None:
    """Return a finite number clamped to the bounds, or ``None`` if ``text`` is none."""
    try:
        number = float(text[:_MAX_NUMBER_LENGTH])
    except ValueError:
        return None
    return None if math.isnan(number) else min(max(number, minimum), maximum)


class Params:
    """
    Query parameters as lists of texts.

    Parameters
    ----------
    params
        Texts or sequences of texts; anything else is ignored.
    """

    def __init__(self, params: Mapping[str, Sequence[str] | str]) -> None:
        self._params = params

    def values(self, key: str) -> list[str]:
        """Return all texts under ``key``."""
        given: object = self._params.get(key)
        if isinstance(given, str):
            return [given]
        if not isinstance(given, Sequence):
            return []
        return [value for value in given[:_MAX_VALUES] if isinstance(value, str)]

    def parts(self, key: str) -> list[str]:
        """Return all parts of the comma-joined texts under ``key``."""
        joined = (value.split(",", _MAX_VALUES) for value in self.values(key))
        return [part.strip() for parts in joined for part in parts]

    def codes(self, key: str, *, known: tuple[str, ...], pattern: str) -> frozenset[str]:
        """Return the parts that are in ``known``, or match ``pattern`` if nothing is known."""
        parts = self.parts(key)
        if known:
            return frozenset(parts).intersection(known)
        return frozenset(part for part in parts if re.fullmatch(pattern, part, re.ASCII))

    def number(self, key: str, *, column: str | None) -> float | None:
        """Return the first number, clamped to the range of ``column`` (or of a radius)."""
        maximum = float(MAXIMUM_RADIUS_M)
        if column is not None:
            maximum = BY_NAME[column].maximum or math.inf
        found = (parse_number(text, minimum=0.0, maximum=maximum) for text in self.values(key))
        return next((number for number in found if number is not None), None)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return whether the first value is 1 or 0, else ``default``."""
        return next((text == "1" for text in self.values(key) if text in ("0", "1")), default)

    def text(self, key: str) -> str:
        """Return the first text, cleaned."""
        return next((clean_text(text) for text in self.values(key)), "")

    def keys(self, key: str) -> tuple[str, ...]:
        """Return the space ids, each once, in the given order."""
        found = (part for part in self.parts(key) if _SPACE_ID.fullmatch(part))
        return tuple(dict.fromkeys(found))[:SHORTLIST_LENGTH]

    def place(self, key: str) -> tuple[float, float, str] | None:
        """
        Return latitude, longitude (EPSG:4326) and label of ``lat,lon[,label]``.

        A place far outside the region is dropped: moving it inside would be a lie.
        """
        for text in self.values(key):
            parts = text.split(",", _COORDINATES)
            if len(parts) < _COORDINATES:
                continue
            lat, lon = _degrees(parts[0], "lat"), _degrees(parts[1], "lon")
            if lat is not None and lon is not None:
                return lat, lon, clean_text(",".join(parts[_COORDINATES:]))
        return None


def _degrees(text: str, column: str) -> float | None:
    number = parse_number(text, minimum=-math.inf, maximum=math.inf)
    bounds = BY_NAME[column]
    if number is None or bounds.minimum is None or bounds.maximum is None:
        return None
    inside = bounds.minimum - _BBOX_MARGIN <= number <= bounds.maximum + _BBOX_MARGIN
    return number if inside else None

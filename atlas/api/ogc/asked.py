"""
What a request asks for, checked before pygeoapi sees it.

pygeoapi passes over what it does not know, so a misspelt filter would return the whole
table; and some malformed values end in an error of the server (docs/decisions/021).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.api.ogc.cql import Condition
from atlas.api.ogc.crs import CRS84, Box, system
from atlas.api.ogc.select import Interval, value_of
from atlas.errors import RequestError, no_such_value, not_valid
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.datastructures import Headers, QueryParams

    from atlas.api.ogc.layers import Layer
    from atlas.vocabulary import Language

FORMATS: Final = ("json", "html")
DEFAULT_ITEMS: Final = 100
MOST_ITEMS: Final = 2_000
GENERAL: Final = ("f", "lang")
OF_ITEM: Final = (*GENERAL, "crs")
OF_ITEMS: Final = (
    *OF_ITEM, "bbox", "bbox-crs", "datetime", "limit", "offset", "resulttype", "sortby",
    "properties", "skipGeometry", "filter", "filter-lang", "filter-crs",
)  # fmt: skip
FILTER_LANGUAGES: Final = ("cql2-text", "cql-text")
"""The second is what clients of the draft call the first."""
OURS: Final = frozenset({"f", "lang", "bbox", "bbox-crs", "datetime"}
                        | {name for name in OF_ITEMS if name.startswith("filter")})  # fmt: skip
"""Parameters that are answered here and not shown to pygeoapi."""

_COUNT: Final = re.compile(r"\d{1,9}")
_RANGE: Final = re.compile(r"([^;,\s]+)\s*(?:;[^,]*?q=(\d(?:\.\d{1,3})?))?[^,]*")
_HTML: Final = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for, beside what pygeoapi reads itself."""

    language: Language = "de"
    is_html: bool = False
    box: Box | None = None
    interval: Interval | None = None
    condition: Condition | None = None
    values: tuple[tuple[str, str], ...] = ()


def preferred(header: str) -> list[str]:
    """Return the choices of an ``Accept…`` header in lower case, the most wanted first."""
    found = [(match[1].lower(), float(match[2] or 1)) for match in _RANGE.finditer(header)]
    wanted = [choice for choice in found if choice[1] > 0]
    return [name for name, _ in sorted(wanted, key=lambda choice: -choice[1])]


def language_of(params: QueryParams, headers: Headers) -> Language:
    """Return the language of ``lang``, else the one that the client prefers, else German."""
    given = [params.get("lang", ""), *preferred(headers.get("accept-language", ""))]
    codes = (text[:2].lower() for text in given)
    known = (language for code in codes for language in LANGUAGES if code == language)
    return next(known, "de")


def wants_html(params: QueryParams, headers: Headers) -> bool:
    """Return whether ``f``, or else the client's preference, asks for a page."""
    if params.get("f") in FORMATS:
        return params["f"] == "html"
    first = next(iter(preferred(headers.get("accept", ""))), "")
    return first in _HTML


def asked(params: QueryParams, headers: Headers, *, layer: Layer | None, item: bool) -> Asked:
    """
    Read and check the parameters of a request.

    Parameters
    ----------
    layer
        The collection whose features are asked for, if it is about features.
    item
        Whether it is about a single one.

    Raises
    ------
    RequestError
        If a parameter is unknown, repeated or malformed.
    """
    language, is_html = language_of(params, headers), wants_html(params, headers)
    _one_of(params, "f", FORMATS)
    if layer is not None:
        _names(params, OF_ITEM if item else (*OF_ITEMS, *layer.fields))
        system(params.get("crs", CRS84), name="crs")
    if layer is None or item:
        return Asked(language, is_html)
    _check_values(params)
    interval = Interval.of(params["datetime"]) if "datetime" in params else None
    values = tuple((name, value) for name, value in params.multi_items() if name in layer.fields)
    for name, text in values:
        value_of(layer.fields[name], text)  # told here: pygeoapi escapes what errors say
    return Asked(language, is_html, _box(params), interval, _condition(params), values)


def _names(params: QueryParams, known: tuple[str, ...]) -> None:
    given = [name for name, _ in params.multi_items()]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise RequestError(
            "Den Parameter „{name}“ gibt es hier nicht.",
            hint="Möglich sind: {known}.",
            name=unknown[0],
            known=", ".join(known),
        )
    twice = [name for name in given if given.count(name) > 1]
    if twice:
        raise RequestError(
            "Der Parameter „{name}“ steht mehrfach da.",
            hint="Mehrere Werte mit filter verknüpfen.",
            name=twice[0],
        )


def _box(params: QueryParams) -> Box | None:
    if "bbox" not in params:
        if "bbox-crs" in params:
            raise RequestError(
                "bbox-crs ohne bbox.", hint="Auch bbox angeben oder bbox-crs weglassen."
            )
        return None
    return Box.of(params["bbox"], system(params.get("bbox-crs", CRS84), name="bbox-crs"))


def _condition(params: QueryParams) -> Condition | None:
    target = system(params.get("filter-crs", CRS84), name="filter-crs")
    return Condition.of(params["filter"], target) if "filter" in params else None


def _check_values(params: QueryParams) -> None:
    for name, accept in _CHECKS.items():
        if name in params and not accept(params[name]):
            raise not_valid(name, params[name], _EXPECTED[name])
    _one_of(params, "resulttype", ("results", "hits"))
    _one_of(params, "filter-lang", FILTER_LANGUAGES)


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "limit": lambda text: bool(_COUNT.fullmatch(text)) and int(text) > 0,
    "offset": lambda text: bool(_COUNT.fullmatch(text)),
    "skipGeometry": lambda text: text in ("true", "false"),
    "sortby": lambda text: all(part.lstrip("+-") for part in text.split(",")),
    "filter": lambda text: bool(text.strip()),
}
_EXPECTED: Final[Mapping[str, str]] = {
    "limit": "1 … 999999999",
    "offset": "0 … 999999999",
    "skipGeometry": "true | false",
    "sortby": "name,-observed_on",
    "filter": "vacancy = 'vacant' AND area_m2 > 500",
}


def _one_of(params: QueryParams, name: str, known: tuple[str, ...]) -> None:
    if name in params and params[name] not in known:
        raise no_such_value(name, params[name], known)

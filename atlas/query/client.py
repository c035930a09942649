"""
The filters as one small message that the map in the browser evaluates itself.

Its size depends on what is asked, never on the size of the table. The browser has the
same codes, numbers and words in typed arrays (`atlas.webmap.payload`), so the same rows
pass there as in `atlas.query.apply`; tests/browser/test_map_parity.py compares them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from atlas import text
from atlas.query.filters import CODE_FIELDS, RANGE_FIELDS
from atlas.schema import BY_NAME

if TYPE_CHECKING:
    from atlas.query.filters import CodeField, Filters, Range

EPOCH: Final = dt.date(1970, 1, 1)
_DECIMETRES: Final = 10


def client_spec(filters: Filters, *, today: dt.date) -> dict[str, Any]:
    """
    Describe ``filters`` for the browser.

    Parameters
    ----------
    today
        The day from which the age of an observation is counted.

    Returns
    -------
    spec
        Ready for JSON; only what restricts, apart from ``today`` (days since 1970):
        ``codes`` and ``lists`` (column → accepted codes), ``age``, ``area`` and
        ``rent`` ([minimum, maximum, whether unknown passes]), ``near`` (centre and
        radius in decimetres, EPSG:25832), ``words`` (folded tokens), ``only``
        (``space_id`` of the shortlist).
    """
    spec: dict[str, Any] = {"today": (today - EPOCH).days}
    active = set(filters.active_fields)
    spec |= _codes(filters)
    for name in RANGE_FIELDS:
        if name in active:
            spec[name] = _bounds(filters.range(name))
    if "text" in active:
        spec["words"] = list(dict.fromkeys(text.words(filters.text)))
    if filters.near is not None:
        metres = (*filters.near.xy, filters.near.radius_m)
        spec["near"] = [round(metre * _DECIMETRES) for metre in metres]
    if filters.only_shortlist:
        spec["only"] = list(filters.shortlist)
    return spec


def _codes(filters: Filters) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for name, entry in CODE_FIELDS.items():
        wanted = sorted(filters.codes(name))
        if not wanted:
            continue
        key, *column = _place(entry)
        if column:
            chosen.setdefault(key, {})[column[0]] = wanted
        else:
            chosen[key] = wanted
    return chosen


def _place(entry: CodeField) -> list[str]:
    """Return where the codes of a field stand in the specification: a key, or key and column."""
    if entry.name == "ages":
        return ["age"]
    return ["lists" if entry.is_list else "codes", entry.column]


def form_places() -> dict[str, Any]:
    """
    Describe for the browser how a form of filters becomes a specification.

    With it the map answers a click at once, before the server does; that both give the same
    is compared in the browser for every control (tests/browser/test_at_once.py).

    Returns
    -------
    places
        Ready for JSON: ``codes`` (name of the controls → where their codes stand in the
        specification) and ``ranges`` (prefix of the controls → the largest value, to which
        a number is clamped; ``None`` if there is no largest).
    """
    return {
        "codes": {entry.param: _place(entry) for entry in CODE_FIELDS.values()},
        "ranges": {name: BY_NAME[column].maximum for name, column in RANGE_FIELDS.items()},
    }


def _bounds(bounds: Range) -> list[float | bool | None]:
    return [bounds.minimum, bounds.maximum, bounds.with_unknown]

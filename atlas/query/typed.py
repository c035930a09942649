"""
Reading filters that somebody typed: what is wrong is an error, not set aside as in a link.

A file that was asked for with a misspelt filter would hold the whole table, and nobody
would see it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from atlas.errors import RequestError, no_such_value, not_valid
from atlas.query import url
from atlas.query.filters import CODE_FIELDS, RANGE_FIELDS, Filters
from atlas.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd


def _is_number(text: str) -> bool:
    return url.parse_number(text, minimum=0.0, maximum=math.inf) is not None


def _is_flag(text: str) -> bool:
    return text in ("0", "1")


def _is_text(text: str) -> bool:
    return bool(url.clean_text(text))


_CODED: Final = {entry.param: entry for entry in CODE_FIELDS.values()}
_CHECKS: Final[Mapping[str, tuple[str, Callable[[str], bool]]]] = {
    **{f"{name}_{part}": ("0 | 1", _is_flag) if part == "unknown" else ("500", _is_number)
       for name in RANGE_FIELDS for part in ("min", "max", "unknown")},
    "q": ("zeche", _is_text),
    "near": ("51.4818,7.2162", lambda text: url.Params({"": text}).place("") is not None),
    "radius": ("500", _is_number),
    "missed": ("Girondelle", _is_text),
    "pick": ("0123456789", lambda text: url.Params({"": text}).keys("") != ()),
    "picked": ("0 | 1", _is_flag),
}  # fmt: skip
"""What is no code: an example, and whether a text is one."""
_LISTS: Final = (*_CODED, "pick")
PARAMS: Final = (*_CODED, *_CHECKS)
"""Every key of `Filters.to_params`, in its order."""
_AREAS: Final = {"ags": "name", "district_code": "district_name"}
"""Columns of municipalities: a key, and its name."""


def read_typed(params: Mapping[str, Sequence[str]], *, municipalities: pd.DataFrame) -> Filters:
    """
    Read filters in the form of a link; towns and districts may also be given by name.

    Parameters
    ----------
    municipalities
        Columns ``ags``, ``name``, ``district_code`` and ``district_name``.

    Raises
    ------
    RequestError
        If there is no such filter, or it has no such value; says which there are.
    """
    read: dict[str, list[str]] = {}
    for key, values in params.items():
        if key not in PARAMS:
            raise RequestError(
                "Den Filter „{name}“ gibt es nicht.",
                hint="Möglich sind: {known}.",
                name=key,
                known=", ".join(PARAMS),
            )
        if key not in _LISTS and len(values) > 1:
            raise RequestError(
                "{name} ist mehrmals angegeben und kann nur einmal gelten: {values}.",
                hint="Einen dieser Filter weglassen.",
                name=key,
                values=", ".join(values),
            )
        parts = url.Params({key: values}).parts(key) if key in _LISTS else values
        read[key] = [_read(key, part, municipalities) for part in parts]
    lost = [key for key in ("radius", "missed") if key in read and "near" not in read]
    if lost:
        raise RequestError(
            "{name} gilt nur zusammen mit near.",
            hint="So schreiben: {expected}",
            name=lost[0],
            expected=f"near={_CHECKS['near'][0]}",
        )
    return Filters.from_params(read)


def _read(key: str, text: str, municipalities: pd.DataFrame) -> str:
    """Return the text that a link would have; raise as `read_typed` does."""
    if key in _CHECKS:
        example, accepts = _CHECKS[key]
        if not accepts(text):
            raise not_valid(key, text, f"{key}={example}")
        return text
    column = _CODED[key].column
    if column not in _AREAS:
        if text not in _CODED[key].codes:
            raise no_such_value(key, text, _CODED[key].codes)
        return text
    codes = dict(zip(municipalities[_AREAS[column]], municipalities[column], strict=True))
    meant = {fold(name): code for name, code in codes.items()}
    code = text if text in codes.values() else meant.get(fold(text))
    if code is None:
        raise no_such_value(key, text, sorted(codes, key=fold))
    return code

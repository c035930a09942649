"""Which rows of a collection a request asks for, and in which order."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.errors import RequestError, no_such_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from atlas.api.ogc.columns import Field
    from atlas.api.ogc.crs import Box
    from atlas.api.ogc.layers import Layer

    Mask = npt.NDArray[np.bool_]

_PARTS: Final = 3  # year, month, day
_BOOLEANS: Final = {"true": True, "false": False}
# A day, a month or a year; a time of day is read and passed over: nothing here has one.
_DATE: Final = re.compile(
    r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)"
    r"(?:[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?"
)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from ``first`` to ``last``, inclusive; ``None`` is open."""

    first: pd.Timestamp | None
    last: pd.Timestamp | None

    @classmethod
    def of(cls, text: str) -> Interval:
        """
        Read ``datetime``: a date, or two joined by a slash, one of which may be ``..``.

        Raises
        ------
        RequestError
            If it is neither.
        """
        begin, slash, end = text.partition("/")
        if not slash:
            return cls(_day(begin, text, last=False), _day(begin, text, last=True))
        first = None if begin in ("", "..") else _day(begin, text, last=False)
        last = None if end in ("", "..") else _day(end, text, last=True)
        if first is None and last is None and text != "../..":
            raise _no_date(text)
        return cls(first, last)

    def meets(self, first: pd.Series, last: pd.Series) -> Mask:
        """Return which spans of days touch the interval; an undated one does not."""
        found = first.notna()
        if self.first is not None:
            found &= last >= self.first
        if self.last is not None:
            found &= first <= self.last
        return found.to_numpy(dtype=bool)


def _day(text: str, whole: str, *, last: bool) -> pd.Timestamp:
    """Return the first or last day of a date, which may be as partial as those of the table."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise _no_date(whole)
    year, month, day = (int(part) for part in (*found[1].split("-"), "0", "0")[:_PARTS])
    month = month or (12 if last else 1)
    try:
        day = day or (calendar.monthrange(year, month)[1] if last else 1)
        return pd.Timestamp(dt.date(year, month, day))
    except ValueError:  # not in the calendar
        raise _no_date(whole) from None


def _no_date(text: str) -> RequestError:
    return RequestError(
        "datetime: „{given}“ ist kein Datum und kein Zeitraum.",
        hint="So schreiben: 2024-03-15 oder 2023-01-01/.. (offen).",
        given=text,
    )


def equals(layer: Layer, name: str, text: str) -> Mask:
    """
    Return which rows have the value ``text`` in a property.

    Raises
    ------
    RequestError
        If the value is not of the type, or not in the closed list.
    """
    wanted = value_of(layer.fields[name], text)
    found: Mask = (layer.frame[name] == wanted).fillna(value=False).to_numpy(dtype=bool)
    return found


def value_of(field: Field, text: str) -> object:
    """Return what ``text`` means for a property; raise as `equals` does."""
    codes = field.column.codes
    if codes and text not in codes:
        raise no_such_value(field.column.name, text, codes)
    if field.type == "string":
        return text
    if field.type == "boolean":
        value: float | bool | None = _BOOLEANS.get(text)
    else:
        value = _number(text)
    if value is None:
        raise RequestError(
            "{name}: „{given}“ ist nicht vom Typ {type}.",
            hint="Zahlen mit Punkt schreiben, ja und nein als true und false.",
            name=field.column.name,
            given=text,
            type=field.type,
        )
    return value


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def selected(
    layer: Layer,
    *,
    box: Box | None = None,
    interval: Interval | None = None,
    values: Iterable[tuple[str, str]] = (),
    condition: Mask | None = None,
) -> npt.NDArray[np.intp]:
    """
    Return the positions of the rows that fulfil everything, in the order of the table.

    Parameters
    ----------
    values
        Property and the text that it has to equal.
    condition
        A mask computed elsewhere.
    """
    mask = np.ones(len(layer.frame), dtype=bool)
    if box is not None:
        mask &= box.meets(layer.geometry(box.system))
    if interval is not None and layer.time_field:
        mask &= interval.meets(*layer.days())
    for name, text in values:
        mask &= equals(layer, name, text)
    if condition is not None:
        mask &= condition
    return np.flatnonzero(mask)


def ordered(
    layer: Layer, rows: npt.NDArray[np.intp], keys: Iterable[Mapping[str, str]]
) -> npt.NDArray[np.intp]:
    """
    Sort rows by properties; what is missing comes last, equal rows keep their order.

    Parameters
    ----------
    keys
        ``property`` and ``order`` (+ or −) of each key, the most important first.
    """
    for key in reversed(list(keys)):
        ranks = layer.rank(key["property"])[rows]
        signed = -ranks if key["order"] == "-" else ranks
        rows = rows[np.argsort(signed, kind="stable")]  # NaN sorts last either way
    return rows

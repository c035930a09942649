"""Partial dates: YYYY, YYYY-MM or YYYY-MM-DD, kept as text and no more exact than the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from pandas.api.typing import NaTType

PATTERN: Final = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
"""Form of a partial date; the calendar is checked by :func:`earliest_day`."""
_YEAR, _MONTH, _DAY = 4, 7, 10  # lengths of the partial forms
_MINIMUM, _MAXIMUM = "1800", "2100"  # outside lies a typing error, not an observation


def _day(text: str) -> pd.Timestamp | NaTType:
    """Return the first day of a partial date, NaT if the calendar has no such day."""
    if not _MINIMUM <= text[:_YEAR] < _MAXIMUM:
        return pd.NaT
    return pd.to_datetime((text + "-01-01")[:_DAY], format="%Y-%m-%d", errors="coerce")


def earliest_day(dates: pd.Series) -> pd.Series:
    """
    Return the first day that each partial date can mean.

    Returns
    -------
    days
        datetime64; n rows, index and order of ``dates``; NaT where the date is
        missing, malformed or not in the calendar.
    """
    positions, texts = pd.factorize(dates)
    well_formed = pd.Series(texts, dtype="str").str.fullmatch(PATTERN)
    days = [_day(str(text)) if good else pd.NaT
            for text, good in zip(texts, well_formed, strict=True)]  # fmt: skip
    table = pd.Series([*days, pd.NaT], dtype="datetime64[us]").to_numpy()
    return pd.Series(table[positions], index=dates.index)  # −1 reaches the appended NaT


def latest_day(dates: pd.Series) -> pd.Series:
    """Return the last day that each partial date can mean; otherwise as `earliest_day`."""
    days = earliest_day(dates)
    length = dates.str.len()
    by_month = days + pd.offsets.MonthEnd(0)
    by_year = days + pd.offsets.YearEnd(0)
    return days.mask(length == _MONTH, by_month).mask(length == _YEAR, by_year)

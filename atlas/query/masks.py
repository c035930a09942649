"""One mask per restricting field: what `apply` joins and `facets` counts with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas import text
from atlas import vocabulary as v
from atlas.query.filters import (
    CODE_FIELDS,
    LEAST_COLUMNS,
    RANGE_FIELDS,
    CodeField,
    Filters,
    Near,
    Range,
)
from atlas.schema import split_codes

if TYPE_CHECKING:
    import datetime as dt

    import numpy.typing as npt

    from atlas.query.search import WordIndex

    Mask = npt.NDArray[np.bool_]

_DECIMETRES: Final = 10  # per metre: coordinates are rounded to 0.1 m, so this is exact


def age_class(observed_day: pd.Series, *, today: dt.date) -> pd.Series:
    """
    Return how old each observation is on the day ``today``.

    Parameters
    ----------
    observed_day
        datetime64, earliest day of the observation; NaT where undated.

    Returns
    -------
    ages
        Codes of `AGE_CLASSES`; n rows, index and order of ``observed_day``.
    """
    days = (pd.Timestamp(today) - observed_day).dt.days
    classes = np.select(
        [days.isna(), days > v.OUTDATED_AFTER_DAYS, days > v.RECHECK_AFTER_DAYS],
        ["undated", "outdated", "recheck"],
        default="current",
    )
    return pd.Series(classes, index=observed_day.index, dtype="str")


def options(
    spaces: pd.DataFrame, field: CodeField, *, today: dt.date
) -> tuple[npt.NDArray[np.intp], list[tuple[str, ...]]]:
    """
    Return the distinct cells of a field, split into codes, and which cell each row has.

    Returns
    -------
    positions
        One per row: position in ``cells``, −1 where the value is missing.
    cells
        The codes of each distinct cell.
    """
    column = spaces[field.column]
    if field.name == "ages":
        column = age_class(column, today=today)
    elif field.name == "step_free":
        column = column.map({True: "true", False: "false"}).fillna("unknown")
    positions, found = pd.factorize(column)
    if field.is_list:
        return positions, split_codes(pd.Series(found))
    return positions, [(str(cell),) for cell in found]


def code_mask(
    positions: npt.NDArray[np.intp], cells: list[tuple[str, ...]], chosen: frozenset[str]
) -> Mask:
    """Return the rows that have at least one of the codes; a missing value has none."""
    accepted = np.array([not chosen.isdisjoint(cell) for cell in cells] + [False])
    mask: Mask = accepted[positions]  # −1 reaches the appended False
    return mask


def range_mask(values: pd.Series, bounds: Range, *, least: pd.Series | None = None) -> Mask:
    """
    Return the rows of which some value on offer lies within the bounds, inclusive.

    Parameters
    ----------
    values
        The value of each row, or the largest one on offer.
    least
        The smallest one on offer; where it is missing, the row offers its value alone.
        Where only this one is known, larger ones are as unknown as any.
    """
    most = values.to_numpy(dtype=float, na_value=np.nan)
    first = most if least is None else least.to_numpy(dtype=float, na_value=np.nan)
    first = np.where(np.isnan(first), most, first)
    low = -np.inf if bounds.minimum is None else bounds.minimum
    high = np.inf if bounds.maximum is None else bounds.maximum
    inside: Mask = (first <= high) & (np.fmax(most, first) >= low) & (low <= high)
    return inside | (np.isnan(most) & ~(first > high)) if bounds.with_unknown else inside


def squared_distance(spaces: pd.DataFrame, near: Near) -> npt.NDArray[np.float64]:
    """Return the squared distance to ``near`` in square decimetres, NaN without coordinate."""
    x, y = near.xy
    dx = np.rint(spaces["x"].to_numpy() * _DECIMETRES) - round(x * _DECIMETRES)
    dy = np.rint(spaces["y"].to_numpy() * _DECIMETRES) - round(y * _DECIMETRES)
    squared: npt.NDArray[np.float64] = dx * dx + dy * dy
    return squared


def near_mask(spaces: pd.DataFrame, near: Near) -> Mask:
    """Return the rows within the radius, inclusive; a row without coordinate is nowhere near."""
    within: Mask = squared_distance(spaces, near) <= (near.radius_m * _DECIMETRES) ** 2
    return within


def masks(
    spaces: pd.DataFrame, filters: Filters, *, today: dt.date, words: WordIndex
) -> dict[str, Mask]:
    """Return the rows that pass, for each active field."""
    return {
        name: _mask(spaces, filters, name, today=today, words=words)
        for name in filters.active_fields
    }


def _mask(
    spaces: pd.DataFrame, filters: Filters, name: str, *, today: dt.date, words: WordIndex
) -> Mask:
    if name in CODE_FIELDS:
        positions, cells = options(spaces, CODE_FIELDS[name], today=today)
        return code_mask(positions, cells, filters.codes(name))
    if name in RANGE_FIELDS:
        least = spaces[LEAST_COLUMNS[name]] if name in LEAST_COLUMNS else None
        return range_mask(spaces[RANGE_FIELDS[name]], filters.range(name), least=least)
    if name == "text":
        return words.rows_with(text.words(filters.text))
    if name == "near" and filters.near is not None:
        return near_mask(spaces, filters.near)
    chosen: Mask = spaces["space_id"].isin(list(filters.shortlist)).to_numpy(dtype=bool)
    return chosen

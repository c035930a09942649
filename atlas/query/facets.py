"""How many spaces each option would show, given all the other filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from atlas.query.filters import CODE_FIELDS, CodeField, Filters
from atlas.query.masks import masks, options

if TYPE_CHECKING:
    import datetime as dt

    import numpy.typing as npt

    from atlas.query.search import WordIndex


def facets(
    spaces: pd.DataFrame, filters: Filters, *, today: dt.date, words: WordIndex
) -> dict[str, dict[str, int]]:
    """
    Count every option of every code field under the other active filters.

    Parameters
    ----------
    spaces, today, words
        As in `atlas.query.apply`.

    Returns
    -------
    counts
        Per field of `CODE_FIELDS` the number of spaces that have the option and pass
        all filters but those of the field itself; options without a space count 0.
        For municipalities and districts the options are those of the table.
    """
    passing = masks(spaces, filters, today=today, words=words)
    failures = np.zeros(len(spaces), dtype=np.uint8)
    for mask in passing.values():
        failures += ~mask
    counts = {}
    for name, field in CODE_FIELDS.items():
        # A row that fails only the field itself passes all the others.
        others = failures - ~passing[name] if name in passing else failures
        counts[name] = _count(spaces, field, others == 0, today=today)
    return counts


def _count(
    spaces: pd.DataFrame, field: CodeField, rows: npt.NDArray[np.bool_], *, today: dt.date
) -> dict[str, int]:
    positions, cells = options(spaces, field, today=today)
    present = positions[rows]
    per_cell = np.bincount(present[present >= 0], minlength=len(cells))
    pairs = pd.DataFrame(
        [(code, count) for cell, count in zip(cells, per_cell, strict=True) for code in cell],
        columns=["code", "count"],
    )
    totals = pairs.groupby("code")["count"].sum()
    codes = field.codes or sorted(totals.index)
    return {code: int(totals.get(code, 0)) for code in codes}

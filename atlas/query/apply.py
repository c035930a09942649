"""Which spaces pass the filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from atlas.query.masks import masks

if TYPE_CHECKING:
    import datetime as dt

    from atlas.query.filters import Filters
    from atlas.query.search import WordIndex


def apply(spaces: pd.DataFrame, filters: Filters, *, today: dt.date, words: WordIndex) -> pd.Series:
    """
    Return which spaces pass all filters.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`; ``x`` and ``y`` in EPSG:25832.
    today
        The day from which the age of an observation is counted.
    words
        Built from the same ``spaces``.

    Returns
    -------
    passes
        bool; n rows, index and order of ``spaces``.
    """
    passes = np.ones(len(spaces), dtype=bool)
    for mask in masks(spaces, filters, today=today, words=words).values():
        passes &= mask
    return pd.Series(passes, index=spaces.index)

"""What to drop from a question that nothing answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from atlas.query.masks import masks

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from atlas.query.filters import Filters
    from atlas.query.search import WordIndex

MOST_OFFERS: Final = 6


def relaxations(
    spaces: pd.DataFrame, filters: Filters, *, today: dt.date, words: WordIndex
) -> list[tuple[tuple[str, ...], int]]:
    """
    Return the fewest active fields to drop so that spaces pass, and how many then do.

    Parameters
    ----------
    spaces, today, words
        As in `atlas.query.apply`.

    Returns
    -------
    offers
        Names of fields with a count above zero, most first, at most `MOST_OFFERS`. All
        have equally many fields: one where dropping one is enough, else two, and so on.
        Empty only for an empty table, or where nothing restricts.
    """
    passing = masks(spaces, filters, today=today, words=words)
    # Each row as a number whose bits are the fields that it fails.
    failed = np.zeros(len(spaces), dtype=np.int64)
    for bit, mask in enumerate(passing.values()):
        failed |= np.where(mask, 0, 1 << bit)
    sets, counts = np.unique(failed, return_counts=True)
    sizes = np.array([int(dropped).bit_count() for dropped in sets])
    fewest = sets[sizes == sizes.min()] if len(sets) else sets
    # Dropping fields lets pass what fails only those, or fewer.
    offers = [
        (_names(int(dropped), tuple(passing)), int(counts[(sets & ~dropped) == 0].sum()))
        for dropped in fewest
        if dropped
    ]
    return sorted(offers, key=lambda offer: -offer[1])[:MOST_OFFERS]


def _names(bits: int, fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for bit, name in enumerate(fields) if bits >> bit & 1)

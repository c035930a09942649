"""
What follows from the rows and is stored with them, so that the database can filter by it.

Another release of the program, or of PROJ, may derive other values. Writer and reader
therefore compare digests of what they derived: where these differ, the reader filters in
memory until the table is written again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from atlas.geo import METRIC_DECIMALS, metric_xy, points_from_lonlat
from atlas.schema import earliest_day

if TYPE_CHECKING:
    import pandas as pd

    from atlas.query import WordIndex

_PER_METRE = 10**METRIC_DECIMALS


def with_derived(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Add metres and earliest day to checked rows.

    Parameters
    ----------
    rows
        The schema's columns; RangeIndex.

    Returns
    -------
    derived
        The same rows with ``x`` and ``y`` (EPSG:25832, rounded to 0.1 m, NaN without
        coordinate) and ``observed_day`` (NaT if undated), as `atlas.store.derive` adds.
    """
    points = points_from_lonlat(rows["lon"], rows["lat"])
    return rows.assign(observed_day=earliest_day(rows["observed_on"]), **metric_xy(points))


def rows_digest(spaces: pd.DataFrame) -> str:
    """Return a digest of keys, order, metres and days of a derived table."""
    digest = hashlib.sha256("\n".join(spaces["space_id"]).encode())
    for name in ("x", "y"):
        tenths = np.rint(spaces[name].to_numpy(dtype=np.float64) * _PER_METRE)
        digest.update(np.nan_to_num(tenths, nan=-1.0).astype("<i8").tobytes())
    days = spaces["observed_day"].to_numpy().astype("datetime64[D]")
    digest.update(days.astype("<i8").tobytes())
    return digest.hexdigest()


def words_digest(words: WordIndex) -> str:
    """Return a digest of all words and of the rows that have them."""
    digest = hashlib.sha256("\n".join(words.vocabulary).encode())
    digest.update(words.word_ids.astype("<i4").tobytes())
    digest.update(words.offsets.astype("<i8").tobytes())
    return digest.hexdigest()

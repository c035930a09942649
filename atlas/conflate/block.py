"""
Which rows are worth comparing: those that share a key.

Every row hands in keys – grid cells around it, its telling words with the place, its
address, its website, its ids – and rows with a common key make a pair. Keys are plain
numbers, so the work can be split by key, and it grows with the rows, not their square.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pandas as pd

from atlas.conflate.keys import Postings, all_postings
from atlas.conflate.table import table_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from atlas.conflate.fields import Codes, Floats
    from atlas.conflate.table import Table

    Bools = npt.NDArray[np.bool_]

WINDOW: Final = 64
"""In a block that is larger, a row meets this many next rows in the order of the names."""
_PAIRS_AT_ONCE: Final = 4_000_000


class Rows(Protocol):
    """What joining has to know of rows; see `atlas.conflate.table.Table`."""

    @property
    def rank(self) -> Codes:
        """Position in the order of the names."""

    @property
    def x(self) -> Floats:
        """Easting in metres."""

    @property
    def y(self) -> Floats:
        """Northing in metres."""

    @property
    def located(self) -> Bools:
        """Whether the coordinate tells more than the town."""

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Candidates:
    """
    Pairs worth comparing.

    Attributes
    ----------
    pairs
        ``i`` < ``j``, positions in the table, and ``distance_m`` (NaN without both
        coordinates); ordered, each pair once.
    blocks
        Per kind of key: blocks, the largest, and ``dropped``: pairs inside a block that
        the window left out. Another key may have brought the pair back, so this is an
        upper bound of what was not compared.
    """

    pairs: pd.DataFrame
    blocks: pd.DataFrame

    @property
    def dropped(self) -> int:
        """Number of pairs that the window left out."""
        return int(self.blocks["dropped"].sum())


def candidate_pairs(spaces: pd.DataFrame, *, window: int = WINDOW) -> Candidates:
    """
    Find the pairs of rows that may be one place.

    Parameters
    ----------
    spaces
        Typed columns of the schema, ``x`` and ``y`` in metres (EPSG:25832), NaN where
        there is no coordinate.
    window
        How many next rows a row meets in each block.

    Returns
    -------
    candidates
        Positions in ``spaces``; the same pairs whatever the order of the rows.
    """
    return pairs_of(table_of(spaces), window=window)


def pairs_of(table: Table, *, window: int = WINDOW) -> Candidates:
    """Return the candidates of a table; see `candidate_pairs`."""
    codes = np.empty(0, dtype=np.int64)
    report = []
    for postings in all_postings(table):
        found, row = join(table, postings, window=window)
        codes = np.union1d(codes, found)
        report.append(row)
    i, j = np.divmod(codes, max(len(table), 1))
    pairs = pd.DataFrame({"i": i, "j": j, "distance_m": _distances(table, i, j)})
    return Candidates(pairs, pd.DataFrame(report))


def join(table: Rows, postings: Postings, *, window: int) -> tuple[Codes, dict[str, Any]]:
    """
    Pair the rows that share a key.

    Parameters
    ----------
    window
        A row meets this many next rows of its block, in the order of the names. So a
        block of up to ``window + 1`` rows is compared completely, and in a larger one
        equal and similar names still meet.

    Returns
    -------
    codes
        ``i * n + j`` with i < j of every pair, ascending, each once.
    report
        name, blocks, largest, dropped.
    """
    order = np.lexsort((table.rank[postings.rows], postings.keys))
    keys, rows = postings.keys[order], postings.rows[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)]).astype(np.int64)
    sizes = np.diff(np.r_[starts, len(keys)]).astype(np.int64)
    left = np.repeat(sizes, sizes) - (np.arange(len(keys)) - np.repeat(starts, sizes)) - 1
    codes = np.empty(0, dtype=np.int64)
    waiting: list[Codes] = []
    for step in range(1, min(window, int(sizes.max(initial=1)) - 1) + 1):
        first = np.flatnonzero(left >= step)
        waiting.append(_codes(table, postings, rows[first], rows[first + step]))
        if sum(map(len, waiting)) > _PAIRS_AT_ONCE:
            codes, waiting = np.unique(np.concatenate([codes, *waiting])), []
    codes = np.unique(np.concatenate([codes, *waiting]))
    return codes, {
        "name": postings.name,
        "blocks": int((sizes > 1).sum()),
        "largest": int(sizes.max(initial=0)),
        "dropped": _dropped(sizes, starts, postings.anchor[rows], window),
    }


def _codes(table: Rows, postings: Postings, first: Codes, second: Codes) -> Codes:
    """Return the codes of the pairs that have an anchor and are within reach."""
    kept = (postings.anchor[first] | postings.anchor[second]) & (first != second)
    first, second = first[kept], second[kept]
    reach = postings.reach[first] + postings.reach[second]
    apart = _distances(table, first, second) > reach
    apart &= table.located[first] & table.located[second]
    low, high = np.minimum(first, second)[~apart], np.maximum(first, second)[~apart]
    return low * len(table) + high


def _dropped(sizes: Codes, starts: Codes, anchor: Bools, window: int) -> int:
    """Count the pairs with an anchor that lie further apart in their block than the window."""
    beyond = sizes - 1 - window
    large = np.flatnonzero(beyond > 0)
    total = 0
    for block in large:
        flags = anchor[starts[block] : starts[block] + sizes[block]]
        ahead = np.cumsum(~flags[::-1])[::-1]  # rows from here on that are no anchor
        count = int(beyond[block])
        after = count - np.arange(count)
        without = np.where(flags[:count], 0, ahead[window + 1 : window + 1 + count])
        total += int((after - without).sum())
    return total


def _distances(table: Rows, i: Codes, j: Codes) -> Floats:
    apart: Floats = np.hypot(table.x[i] - table.x[j], table.y[i] - table.y[j])
    return apart

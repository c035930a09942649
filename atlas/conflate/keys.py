"""
The keys that rows hand in for blocking: where they lie, what they are called, what they name.

Keys are plain numbers, the same in every process that sees the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.conflate.names import is_telling
from atlas.conflate.reading import read_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from atlas.conflate.fields import Codes, Floats
    from atlas.conflate.table import Table

    Bools = npt.NDArray[np.bool_]
    Keys = npt.NDArray[np.uint64]

NEAR_M: Final = (50.0, 125.0)
"""Least and greatest reach of a row to which everything near is compared."""
WORD_REACH_M: Final = (400.0, 1500.0)
"""Least and greatest reach of a row to which rows that share a telling word are compared."""
_WORD_MARGIN_M: Final = 350.0
_ANYWHERE_M: Final = 10_000.0
"""Rows with the same website are one place only if they lie no further apart."""
_PREFIX: Final = 5  # letters of a word that make its key: Königsborn, Königsborner
_MOST_HOUSES: Final = 12
_CHUNK: Final = 200_000


@dataclass(frozen=True)
class Postings:
    """
    Keys that rows hand in.

    Attributes
    ----------
    name
        Which kind of key.
    keys, rows
        One entry per key and row.
    anchor
        A pair needs at least one of these.
    reach
        Metres per row; a pair lies no further apart than both together. Ignored where a
        row is not located.
    """

    name: str
    keys: Keys
    rows: Codes
    anchor: Bools
    reach: Floats


def all_postings(table: Table) -> Iterator[Postings]:
    """Yield the keys of all rows, one kind after the other."""
    everyone = np.ones(len(table), dtype=bool)
    least, most = NEAR_M
    near = np.clip(table.uncertainty, least, most)
    far = np.clip(table.uncertainty + _WORD_MARGIN_M, *WORD_REACH_M)
    anywhere = np.full(len(table), _ANYWHERE_M)
    located = np.flatnonzero(table.located)
    cells, rows = _cells(table, located, near, size=2 * most)
    yield Postings("near", cells, rows, everyone, near)
    words, owners, telling = _words(table)
    at = _cells_of_words(table, words[telling], owners[telling], far)
    yield Postings("word", *at, everyone, far)
    in_town = table.ags[owners] >= 0
    keys = _mixed(words[in_town], table.ags[owners[in_town]])
    yield Postings("word_in_town", keys, owners[in_town], ~table.located, anywhere)
    yield Postings("address", *_addresses(table), everyone, anywhere)
    sites = np.flatnonzero(table.website >= 0)
    yield Postings("website", table.website[sites].astype(np.uint64), sites, everyone, anywhere)
    yield Postings("id", *_ids(table), everyone, np.full(len(table), np.inf))


def _mixed(*parts: npt.NDArray[np.generic]) -> Keys:
    """Return one number for several, the same in every process."""
    mixed = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        mixed = pd.util.hash_array(mixed ^ part.astype(np.uint64), categorize=False)
    return mixed


def _cells(table: Table, rows: Codes, reach: Floats, *, size: float) -> tuple[Keys, Codes]:
    """
    Return the grid cells that the square around each row touches, one to four each.

    Two rows whose squares overlap share the cell of a point in both.
    """
    x, y, half = table.x[rows], table.y[rows], reach[rows]
    low_x, high_x = np.floor((x - half) / size), np.floor((x + half) / size)
    low_y, high_y = np.floor((y - half) / size), np.floor((y + half) / size)
    two_x, two_y = high_x > low_x, high_y > low_y
    corners = (
        (low_x, low_y, np.ones(len(rows), dtype=bool)), (high_x, low_y, two_x),
        (low_x, high_y, two_y), (high_x, high_y, two_x & two_y),
    )  # fmt: skip
    columns = np.concatenate([cx[own] for cx, _, own in corners]).astype(np.int64)
    lines = np.concatenate([cy[own] for _, cy, own in corners]).astype(np.int64)
    return _mixed(columns, lines), np.concatenate([rows[own] for *_, own in corners])


def _cells_of_words(table: Table, words: Keys, owners: Codes, reach: Floats) -> tuple[Keys, Codes]:
    located = table.located[owners]
    words, owners = words[located], owners[located]
    entries = np.arange(len(owners))
    view = _At(table.x[owners], table.y[owners])
    cells, which = _cells(view, entries, reach[owners], size=2 * WORD_REACH_M[1])  # type: ignore[arg-type]
    return _mixed(words[which], cells), owners[which]


@dataclass(frozen=True)
class _At:
    """Coordinates of entries that are not rows."""

    x: Floats
    y: Floats


def _words(table: Table) -> tuple[Keys, Codes, Bools]:
    """Return the beginnings of all words as numbers, whose they are, whether they tell."""
    keys, owners, telling = [], [], []
    for start in range(0, len(table), _CHUNK):
        names = table.names[start : start + _CHUNK]
        listed = [_beginnings(str(name)) for name in names]
        counts = [len(one) for one in listed]
        flat = [word for one in listed for word, _ in one]
        keys.append(pd.util.hash_array(np.array(flat, dtype=object), categorize=False))
        owners.append(start + np.repeat(np.arange(len(names)), counts))
        telling.append(np.array([tells for one in listed for _, tells in one], dtype=bool))
    return (
        np.concatenate([np.empty(0, dtype=np.uint64), *keys]),
        np.concatenate([np.empty(0, dtype=np.int64), *owners]),
        np.concatenate([np.empty(0, dtype=bool), *telling]),
    )


def _beginnings(name: str) -> Sequence[tuple[str, bool]]:
    """Return the beginning of each word, and of neighbours written as one."""
    read = read_name(name)
    words = read.words
    telling = {word[:_PREFIX] for word in words if is_telling(word)}
    joined = {word[: 2 * _PREFIX] for word in (*read.joined, *words) if len(word) > 2 * _PREFIX}
    all_words = {word[:_PREFIX] for word in words}
    # A name without any telling word still has to be found by the words it has.
    found = {word: word in telling or not telling for word in all_words}
    return [*found.items(), *((word, True) for word in joined)]


def _addresses(table: Table) -> tuple[Keys, Codes]:
    """Return town, street and each house number."""
    with_house = (table.street >= 0) & ~np.isnan(table.low) & (table.ags >= 0)
    rows = np.flatnonzero(with_house)
    span = np.minimum(table.high[rows] - table.low[rows], _MOST_HOUSES).astype(np.int64) + 1
    owners = np.repeat(rows, span)
    offset = np.arange(len(owners)) - np.repeat(np.cumsum(span) - span, span)
    numbers = table.low[owners].astype(np.int64) + offset
    return _mixed(table.ags[owners], table.street[owners], numbers), owners


def _ids(table: Table) -> tuple[Keys, Codes]:
    counts = [len(keys) for keys in table.keys]
    owners = np.repeat(np.arange(len(table)), counts)
    flat = np.array([key for keys in table.keys for key in sorted(keys)], dtype=object)
    return pd.util.hash_array(flat, categorize=False), owners

"""
Blocking in parts: what a part finds by itself, and the second pass over the borders.

A pair of rows shares a key. A key that only one part hands in is joined there; the rows of
every other key are brought together and joined as one block, wherever they lie. So each
block is joined once and whole, as in one table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.build.parts import ROW
from atlas.conflate.block import WINDOW, join
from atlas.conflate.keys import Postings, all_postings
from atlas.conflate.rarity import Rarity
from atlas.conflate.table import Table, ranks, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from atlas.conflate.fields import Codes, Floats

    Keys = npt.NDArray[np.uint64]
    Texts = npt.NDArray[np.object_]

Counts = dict[str, dict[str, int]]
"""Per kind of key: blocks, the largest, and the pairs that the window left out."""
_ADDED: Final = ("blocks", "dropped")


@dataclass(frozen=True)
class Handed:
    """
    What the rows of a part – or of a border – hand in.

    Attributes
    ----------
    rows
        Their positions in the whole table, ascending.
    names, x, y, located, rank
        As in `atlas.conflate.table.Table`; the rank is among these rows.
    postings
        Their ``rows`` count these rows.
    """

    rows: Codes
    names: Texts
    x: Floats
    y: Floats
    located: npt.NDArray[np.bool_]
    rank: Codes
    postings: tuple[Postings, ...]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Summary:
    """
    What the whole has to know of a part.

    Attributes
    ----------
    keys
        Per kind, each once, ascending.
    common
        How many names of a town have a word; of towns that lie in this part alone.
    names
        Distinct (name, town) of the towns that other parts have rows of as well.
    sites
        Distinct (website, name).
    """

    keys: tuple[Keys, ...]
    common: Mapping[tuple[str, str], int]
    names: frozenset[tuple[str, str]]
    sites: frozenset[tuple[str, str]]


def hand_in(part: gpd.GeoDataFrame, shared_towns: frozenset[str]) -> tuple[Handed, Summary]:
    """
    Read a part.

    Parameters
    ----------
    part
        From `atlas.build.parts.read_part`.
    shared_towns
        Names of municipalities that several parts have rows of.
    """
    table = table_of(part)
    handed = Handed(
        rows=part[ROW].to_numpy(),
        names=table.names,
        x=table.x,
        y=table.y,
        located=table.located,
        rank=table.rank,
        postings=tuple(all_postings(_with_lasting_codes(table, part))),
    )
    called = dict.fromkeys(zip(map(str, table.names), map(str, table.towns), strict=True))
    alone = [pair for pair in called if pair[1] not in shared_towns]
    return handed, Summary(
        keys=tuple(np.unique(postings.keys) for postings in handed.postings),
        common=Rarity.of(*_columns(alone)).counts,
        names=frozenset(called) - frozenset(alone),
        sites=frozenset(
            (table.websites[site], str(name))
            for site, name in zip(table.website.tolist(), table.names, strict=True)
            if site >= 0
        ),
    )


def _columns(pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [name for name, _ in pairs], [town for _, town in pairs]


def _with_lasting_codes(table: Table, part: gpd.GeoDataFrame) -> Table:
    """Return the table with codes that are the same in every part."""
    ags = part["ags"].astype(object)
    return replace(
        table,
        ags=np.where(ags.notna(), _numbers(ags.fillna("")), -1),
        street=_lasting(table.street, table.streets),
        website=_lasting(table.website, table.websites),
    )


def _lasting(codes: Codes, texts: Sequence[str]) -> Codes:
    lasting: Codes = np.r_[_numbers(texts), -1][codes]  # what is missing has the last code
    return lasting


def _numbers(texts: Iterable[str]) -> Codes:
    hashed = pd.util.hash_array(np.array([*texts], dtype=object), categorize=False)
    return (hashed >> np.uint64(1)).astype(np.int64)


def shared_keys(keys: Sequence[Sequence[Keys]]) -> tuple[Keys, ...]:
    """Return per kind the keys that several parts have, ascending."""
    shared = []
    for kind in zip(*keys, strict=True):
        found, parts = np.unique(np.concatenate(kind), return_counts=True)
        shared.append(found[parts > 1])
    return tuple(shared)


def join_inside(handed: Handed, shared: Sequence[Keys]) -> tuple[Codes, Counts]:
    """
    Join the blocks that lie in one part.

    Returns
    -------
    pairs
        Two columns: positions in the whole table, the lower first.
    counts
        Of these blocks.
    """
    inside = tuple(
        _chosen(postings, ~_is_in(postings.keys, keys))
        for postings, keys in zip(handed.postings, shared, strict=True)
    )
    return _joined(replace(handed, postings=inside))


def cut(handed: Handed, shared: Sequence[Keys], buckets: int) -> list[Handed]:
    """Return what a part adds to the blocks of the borders, one piece per bucket of keys."""
    border = tuple(
        _chosen(postings, _is_in(postings.keys, keys))
        for postings, keys in zip(handed.postings, shared, strict=True)
    )
    return [
        _compact(replace(handed, postings=tuple(
            _chosen(postings, postings.keys % np.uint64(buckets) == bucket) for postings in border
        )))
        for bucket in range(buckets)
    ]  # fmt: skip


def join_border(pieces: Sequence[Handed]) -> tuple[Codes, Counts]:
    """Join the blocks of one bucket, from the pieces of all parts; as `join_inside`."""
    rows = np.concatenate([piece.rows for piece in pieces])
    order = np.argsort(rows)
    place = np.empty(len(rows), dtype=np.int64)
    place[order] = np.arange(len(rows))
    starts = np.cumsum([0, *(len(piece) for piece in pieces)])
    names = np.concatenate([piece.names for piece in pieces])[order]
    return _joined(Handed(
        rows=rows[order],
        names=names,
        x=np.concatenate([piece.x for piece in pieces])[order],
        y=np.concatenate([piece.y for piece in pieces])[order],
        located=np.concatenate([piece.located for piece in pieces])[order],
        rank=ranks(names),
        postings=tuple(
            _together(kind, [place[start:] for start in starts[:-1]])
            for kind in zip(*(piece.postings for piece in pieces), strict=True)
        ),
    ))  # fmt: skip


def total(counts: Iterable[Counts]) -> pd.DataFrame:
    """Return the counts of all blocks, as `atlas.conflate.block.Candidates` has them."""
    found: Counts = {}
    for one in counts:
        for name, report in one.items():
            known = found.setdefault(name, dict.fromkeys(report, 0))
            known |= {field: known[field] + report[field] for field in _ADDED}
            known["largest"] = max(known["largest"], report["largest"])
    return pd.DataFrame([{"name": name, **report} for name, report in found.items()])


def _joined(handed: Handed) -> tuple[Codes, Counts]:
    codes = np.empty(0, dtype=np.int64)
    counts: Counts = {}
    for postings in handed.postings:
        found, report = join(handed, postings, window=WINDOW)
        codes = np.union1d(codes, found)
        counts[postings.name] = {name: report[name] for name in ("blocks", "largest", "dropped")}
    i, j = np.divmod(codes, max(len(handed), 1))
    return np.column_stack([handed.rows[i], handed.rows[j]]), counts


def _is_in(keys: Keys, shared: Keys) -> npt.NDArray[np.bool_]:
    if not len(shared):
        return np.zeros(len(keys), dtype=bool)
    at = np.minimum(np.searchsorted(shared, keys), len(shared) - 1)
    found: npt.NDArray[np.bool_] = shared[at] == keys
    return found


def _chosen(postings: Postings, entries: npt.NDArray[np.bool_]) -> Postings:
    return replace(postings, keys=postings.keys[entries], rows=postings.rows[entries])


def _compact(handed: Handed) -> Handed:
    """Return only the rows that have a key, and the postings of those."""
    kept = np.unique(np.concatenate([postings.rows for postings in handed.postings]))
    return Handed(
        rows=handed.rows[kept], names=handed.names[kept], x=handed.x[kept], y=handed.y[kept],
        located=handed.located[kept], rank=handed.rank[kept],
        postings=tuple(
            replace(postings, rows=np.searchsorted(kept, postings.rows),
                    anchor=postings.anchor[kept], reach=postings.reach[kept])
            for postings in handed.postings
        ),
    )  # fmt: skip


def _together(kind: Sequence[Postings], places: Sequence[Codes]) -> Postings:
    """Return the postings of all pieces as one; ``places`` are their rows in the whole."""
    at = [place[: len(one.anchor)] for one, place in zip(kind, places, strict=True)]
    count = sum(map(len, at))
    anchor, reach = np.empty(count, dtype=bool), np.empty(count)
    for one, place in zip(kind, at, strict=True):
        anchor[place], reach[place] = one.anchor, one.reach
    return Postings(
        name=kind[0].name,
        keys=np.concatenate([one.keys for one in kind]),
        rows=np.concatenate([place[one.rows] for one, place in zip(kind, at, strict=True)]),
        anchor=anchor,
        reach=reach,
    )

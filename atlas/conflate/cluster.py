"""
From pairs to places: rows that are linked belong together, unless something forbids it.

Links are followed from the surest to the least sure. One that would put two rows together
that must stay apart is refused and goes to a person, so a chain of likely pairs never
joins what is known to be different.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from atlas.conflate.fields import Codes

Pair = tuple[int, int]


@dataclass(frozen=True)
class Clusters:
    """
    The places.

    Attributes
    ----------
    labels
        For every row the position of the first row of its place.
    refused
        Links that were not followed, in the order in which they came.
    """

    labels: Codes
    refused: list[Pair]


@dataclass
class _Group:
    """Rows that are together so far: by source, and the rows that none of them may join."""

    rows: list[int]
    sources: dict[str, list[int]]
    apart: set[int] = field(default_factory=set)


def cluster(
    sources: Sequence[Iterable[str]],
    links: Iterable[Pair],
    *,
    apart: Iterable[Pair] = (),
    one_source: Iterable[Pair] = (),
) -> Clusters:
    """
    Put linked rows together.

    Parameters
    ----------
    sources
        For every row the sources that it was made from. A source has two keys only for
        two places: two of its rows come together only if ``one_source`` has the pair.
    links
        Pairs that are one place, the surest first.
    apart
        Pairs that are two places.
    one_source
        Linked pairs that may come together although a source has both.

    Returns
    -------
    clusters
        The same whatever the order of rows, as long as the order of links is.
    """
    parent = list(range(len(sources)))
    groups: dict[int, _Group] = {}
    barriers = _neighbours(apart)
    allowed = _neighbours(one_source)
    refused: list[Pair] = []
    for i, j in links:
        a, b = _root(parent, i), _root(parent, j)
        if a == b:
            continue
        first, second = (_group(groups, root, sources, barriers) for root in (a, b))
        if _must_stay_apart(first, second) or _share_a_source(first, second, allowed):
            refused.append((i, j))
            continue
        low, high = min(a, b), max(a, b)
        parent[high] = low
        groups[low] = _joined(first, second)
        groups.pop(high)
    return Clusters(np.array([_root(parent, row) for row in range(len(parent))]), refused)


def implied_by(same: Iterable[Pair]) -> set[Pair]:
    """
    Return every pair that follows from pairs which are one place: these, and those between.

    Returns
    -------
    pairs
        The lower row first.
    """
    known = list(same)
    rows = {row: at for at, row in enumerate(sorted({row for pair in known for row in pair}))}
    parent = list(range(len(rows)))
    for i, j in known:
        a, b = sorted((_root(parent, rows[i]), _root(parent, rows[j])))
        parent[b] = a
    places: dict[int, list[int]] = {}
    for row, at in rows.items():
        places.setdefault(_root(parent, at), []).append(row)
    return {pair for members in places.values() for pair in combinations(members, 2)}


def _neighbours(pairs: Iterable[Pair]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for i, j in pairs:
        found.setdefault(i, set()).add(j)
        found.setdefault(j, set()).add(i)
    return found


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


def _group(
    groups: dict[int, _Group],
    root: int,
    sources: Sequence[Iterable[str]],
    barriers: dict[int, set[int]],
) -> _Group:
    if root not in groups:
        own = {source: [root] for source in sources[root]}
        groups[root] = _Group([root], own, set(barriers.get(root, ())))
    return groups[root]


def _must_stay_apart(first: _Group, second: _Group) -> bool:
    small, large = sorted((first, second), key=lambda group: len(group.rows))
    return any(row in large.apart for row in small.rows)


def _share_a_source(first: _Group, second: _Group, allowed: dict[int, set[int]]) -> bool:
    """Return whether a source has a row in both and no pair of them may come together."""
    for source in first.sources.keys() & second.sources.keys():
        there = set(second.sources[source])
        if not any(allowed.get(row, set()) & there for row in first.sources[source]):
            return True
    return False


def _joined(first: _Group, second: _Group) -> _Group:
    small, large = sorted((first, second), key=lambda group: len(group.rows))
    large.rows.extend(small.rows)
    large.apart.update(small.apart)
    for source, rows in small.sources.items():
        large.sources.setdefault(source, []).extend(rows)
    return large

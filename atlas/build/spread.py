"""Conflation in parts: the steps of `atlas.conflate.work.Work` on a Dask cluster."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import dask.dataframe as dd
import dask_geopandas  # noqa: F401 - teaches Dask the type of the parts
import numpy as np
import pandas as pd
from dask import config
from dask.delayed import delayed

from atlas.build import borders
from atlas.build.parts import ROW, read_part
from atlas.conflate.block import Candidates
from atlas.conflate.evidence import Context
from atlas.conflate.rarity import Rarity
from atlas.conflate.scoring import DIFFERENT, scored_chunks
from atlas.conflate.table import table_of
from atlas.conflate.work import merged_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd
    from distributed import Client
    from distributed import Future as AnyFuture

    from atlas.build.borders import Summary
    from atlas.build.parts import Parts
    from atlas.conflate.fields import Codes

    Future: TypeAlias = AnyFuture[Any]

_FEW_ROWS: Final = 3
"""A website in no more rows than these counts in full; see `atlas.conflate.evidence`."""


class Spread:
    """
    Parts on a cluster, and running a step on each of them.

    Parameters
    ----------
    parts
        In a folder that all workers read.
    """

    def __init__(self, client: Client, parts: Parts) -> None:
        self.client = client
        self.parts = parts
        # Dask would turn codes into another type of text than the rows have.
        with config.set({"dataframe.convert-string": False}):
            frames = dd.from_map(
                read_part, list(parts.paths), meta=read_part(parts.paths[0]).iloc[:0]
            )
            self._delayed = frames.to_delayed()

    def each(
        self, step: Callable[..., Any], own: Sequence[object] = (), **shared: object
    ) -> list[Future]:
        """
        Run ``step`` on every part.

        Parameters
        ----------
        own
            What only that part is given; ``None`` for a part leaves it out.
        shared
            What every part is given, once per worker.
        """
        everywhere = {
            name: scattered(self.client, value, broadcast=True) for name, value in shared.items()
        }
        call = delayed(step, pure=False)
        tasks = []
        for number, part in enumerate(self._delayed):
            if not own:
                tasks.append(call(part, **everywhere))
            elif own[number] is not None:
                given = scattered(self.client, own[number])
                tasks.append(call(part, given, **everywhere))
        futures: list[Future] = self.client.compute(tasks)
        return futures


@dataclass(frozen=True)
class Counted:
    """
    What a score needs to know of the whole table.

    Attributes
    ----------
    common
        See `atlas.conflate.rarity.Rarity`.
    sites
        Number of names per website that has many.
    """

    common: Mapping[tuple[str, str], int]
    sites: Mapping[str, int]


@dataclass(frozen=True)
class Share:
    """
    What a part does of a step.

    Attributes
    ----------
    guests
        Rows of other parts that it needs, with `ROW`; empty if none.
    rows
        Positions in the whole table.
    told
        One line per row: what the step has to know of it.
    """

    guests: gpd.GeoDataFrame
    rows: Codes
    told: Any


class InParts:
    """
    The steps in parts.

    Parameters
    ----------
    rows
        As in `atlas.conflate.work.Here`.
    spread
        Those rows.
    """

    def __init__(self, rows: gpd.GeoDataFrame, spread: Spread) -> None:
        self._rows = rows
        self._spread = spread
        self._part_of = spread.parts.part_of
        self._counted = Counted({}, {})

    def candidates(self) -> Candidates:
        """Return the pairs worth comparing; counts words and websites besides."""
        client = self._spread.client
        both = self._spread.each(borders.hand_in, shared_towns=self._shared_towns())
        handed = client.map(itemgetter(0), both, pure=False)
        summaries = client.gather(client.map(itemgetter(1), both, pure=False))
        del both
        self._counted = _count(summaries)
        shared = borders.shared_keys([summary.keys for summary in summaries])
        keys = scattered(client, shared, broadcast=True)
        inside = client.map(borders.join_inside, handed, shared=keys, pure=False)
        border = second_pass(client, handed, keys)
        found, counts = zip(*client.gather([*inside, *border]), strict=True)
        return Candidates(self._pairs(np.concatenate(found)), borders.total(counts))

    def _shared_towns(self) -> frozenset[str]:
        towns = pd.DataFrame({"town": self._rows["municipality"].fillna(""), "part": self._part_of})
        parts = towns.drop_duplicates().groupby("town").size()
        return frozenset(parts.index[parts > 1])

    def _pairs(self, found: Codes) -> pd.DataFrame:
        count = len(self._rows)
        i, j = np.divmod(np.unique(found[:, 0] * count + found[:, 1]), count)
        x, y = (self._rows[axis].to_numpy(dtype=np.float64) for axis in ("x", "y"))
        return pd.DataFrame({"i": i, "j": j, "distance_m": np.hypot(x[i] - x[j], y[i] - y[j])})

    def scored(self, pairs: pd.DataFrame) -> Iterator[pd.DataFrame]:
        """Yield the scored pairs, those of the part that has the first row together."""
        part_of = self._part_of[pairs["i"].to_numpy()]
        shares = []
        for number in range(len(self._spread.parts)):
            own = pairs[part_of == number]
            rows = np.unique(own[["i", "j"]].to_numpy())
            shares.append(Share(self._guests(rows, number), rows, own) if len(own) else None)
        yield from taken(self._spread.each(score_part, shares, counted=self._counted))

    def merged(self, labels: Codes) -> gpd.GeoDataFrame:
        """Return one row per place, made in the part of the first of its rows."""
        _, first, places = np.unique(labels, return_index=True, return_inverse=True)
        home = self._part_of[first][places]
        shares = []
        for number in range(len(self._spread.parts)):
            rows = np.flatnonzero(home == number)
            share = Share(self._guests(rows, number), rows, places[rows])
            shares.append(share if len(rows) else None)
        merged = pd.concat(taken(self._spread.each(merge_part, shares)))
        # A place keeps the key of its primary row, and the rows are ordered by key.
        return merged.sort_values(["source", "source_ref"], ignore_index=True)

    def _guests(self, rows: Codes, part: int) -> gpd.GeoDataFrame:
        elsewhere = rows[self._part_of[rows] != part]
        return self._rows.iloc[elsewhere].assign(**{ROW: elsewhere})


def scattered(client: Client, value: object, *, broadcast: bool = False) -> Future:
    """Put one value on a worker, or on all; Dask alone would take a set or tuple apart."""
    futures: list[Future] = client.scatter([value], broadcast=broadcast, hash=False)
    return futures[0]


def second_pass(client: Client, handed: Sequence[Future], keys: Future) -> list[Future]:
    """Join the blocks that several parts have rows of: one bucket of them per worker."""
    buckets = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    pieces = client.map(borders.cut, handed, shared=keys, buckets=buckets, pure=False)
    return [
        client.submit(
            borders.join_border, client.map(itemgetter(bucket), pieces, pure=False), pure=False
        )
        for bucket in range(buckets)
    ]


def _count(summaries: Iterable[Summary]) -> Counted:
    common: dict[tuple[str, str], int] = {}
    names: set[tuple[str, str]] = set()
    sites: set[tuple[str, str]] = set()
    for summary in summaries:
        common |= summary.common
        names |= summary.names
        sites |= summary.sites
    over_borders = Rarity.of([name for name, _ in names], [town for _, town in names])
    counts = pd.Series([site for site, _ in sites], dtype=object).value_counts()
    many = counts[counts > _FEW_ROWS]
    return Counted(common | dict(over_borders.counts), dict(zip(many.index, many, strict=True)))


def score_part(part: gpd.GeoDataFrame, share: Share, counted: Counted) -> pd.DataFrame:
    """Return the scored pairs of a part that say something; ``told``: those pairs."""
    table = table_of(_members(part, share))
    sites = np.array([*(counted.sites.get(site, 0) for site in table.websites), 0])
    pairs = share.told.assign(
        **{side: np.searchsorted(share.rows, share.told[side]) for side in ("i", "j")}
    )
    chunks = scored_chunks(table, pairs, Context(Rarity(counted.common), sites))
    kept = [chunk[chunk["contradicted"] | (chunk["decision"] != DIFFERENT)] for chunk in chunks]
    scored = pd.concat(kept, ignore_index=True)
    return scored.assign(**{side: share.rows[scored[side].to_numpy()] for side in ("i", "j")})


def merge_part(part: gpd.GeoDataFrame, share: Share) -> gpd.GeoDataFrame:
    """Return the places of a part; ``told``: the place of every row."""
    return merged_rows(_members(part, share).drop(columns=ROW), share.told)


def _members(part: gpd.GeoDataFrame, share: Share) -> gpd.GeoDataFrame:
    own = part[part[ROW].isin(share.rows)]
    both = own if share.guests.empty else pd.concat([own, share.guests])
    return both.sort_values(ROW, ignore_index=True)


def taken(futures: list[Future]) -> Iterator[Any]:
    """Yield the results in order; the cluster forgets each one that was taken."""
    while futures:
        yield futures.pop(0).result()

"""The steps whose work grows with the table, and their plain version: all in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.conflate import contributions
from atlas.conflate.block import Candidates, pairs_of
from atlas.conflate.evidence import Context
from atlas.conflate.merge import merge, stated
from atlas.conflate.scoring import scored_chunks
from atlas.conflate.table import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atlas.conflate.fields import Codes


class Work(Protocol):
    """
    Where blocking, scoring and merging run; positions are those of the rows.

    Whoever splits the work gives the same pairs, the same scores in any order, and the
    same rows.
    """

    def candidates(self) -> Candidates:
        """Return the pairs worth comparing."""

    def scored(self, pairs: pd.DataFrame) -> Iterable[pd.DataFrame]:
        """Return the scored pairs in parts; pairs that say nothing may be left out."""

    def merged(self, labels: Codes) -> gpd.GeoDataFrame:
        """Return one row per place, see `merged_rows`."""


class Here:
    """
    Everything in this process.

    Parameters
    ----------
    rows
        As in `atlas.conflate.conflate`, ordered by source and source_ref, RangeIndex.
    """

    def __init__(self, rows: gpd.GeoDataFrame) -> None:
        self._rows = rows
        self._table = table_of(rows)

    def candidates(self) -> Candidates:
        """Return the pairs worth comparing."""
        return pairs_of(self._table)

    def scored(self, pairs: pd.DataFrame) -> Iterable[pd.DataFrame]:
        """Yield the scored pairs."""
        yield from scored_chunks(self._table, pairs, Context.of(self._table))

    def merged(self, labels: Codes) -> gpd.GeoDataFrame:
        """Return one row per place."""
        return merged_rows(self._rows, labels)


def merged_rows(rows: gpd.GeoDataFrame, labels: Codes) -> gpd.GeoDataFrame:
    """
    Make one row per place.

    Parameters
    ----------
    rows
        As in `conflate`, RangeIndex.
    labels
        Place of each row, any numbers.

    Returns
    -------
    spaces
        One row per place, in the order of the primary rows; ``contributions`` filled.
    """
    _, places, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    several = sizes[places] > 1
    alone = rows[~several]
    lone = alone.assign(contributions=contributions.contributions(alone, stated(alone)))
    if not several.any():
        return lone.reset_index(drop=True)
    together = rows[several]
    numbers = np.unique(places[several], return_inverse=True)[1]
    merged = merge(together, numbers)
    texts = contributions.contributions(together, merged.given)
    one = merged.rows.assign(contributions=contributions.joined(texts, numbers).to_numpy())
    one.index = together.index[one.index]
    every = pd.concat([pd.DataFrame(lone), one]).sort_index()
    geometry = rows.geometry.name
    every = every.reset_index(drop=True)
    return gpd.GeoDataFrame(every, geometry=gpd.GeoSeries(every[geometry], crs=rows.crs))

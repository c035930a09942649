"""From values per area to classes: both local statistics, adjusted, with words for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from atlas.analysis.significance import QUADRANTS, adjusted, gi_star, local_moran

if TYPE_CHECKING:
    import numpy.typing as npt
    from libpysal.graph import Graph

    from atlas.analysis.significance import Local

SIMULATED: Final = 7_000_000
"""
Most simulated values of a question: more areas get fewer permutations.

The 6,900 small hexagons of the region get a thousand, and are answered within a second.
"""
_NUMBERS: Final = ("gi_z", "gi_p", "gi_q", "lisa_i", "lisa_p", "lisa_q")


@dataclass(frozen=True)
class Plan:
    """
    What is tested: the areas that count, those of which something is said, the neighbours.

    Attributes
    ----------
    compared
        Positions of the areas whose values are permuted: those with a value and with at
        least one neighbour that has one.
    focal
        Whether something is said of each compared area. The permutations hold the
        value of an area itself fixed, so a choice by this value leaves its p-value
        valid, and fewer tests share the error (Bourgon et al. 2010, PNAS 107(21),
        9546-9551).
    graph
        ``libpysal.graph.Graph`` in the order of ``compared``: the neighbours of the focal
        areas; the others have none, because nobody asks.
    """

    compared: npt.NDArray[np.intp]
    focal: npt.NDArray[np.bool_]
    graph: Graph | None


def plan(values: pd.Series, focal: pd.Series, graph: Graph) -> Plan:
    """
    Return which of the areas can be tested.

    Parameters
    ----------
    values
        One per area, in the order of the graph; NaN does not count.
    focal
        Of which areas something is to be said.
    graph
        ``libpysal.graph.Graph`` of the neighbours.
    """
    known = np.flatnonzero(values.notna())
    part = _part(graph, known)
    compared = known[(part.cardinalities > 0).to_numpy()] if len(known) else known
    chosen = focal.to_numpy()[compared]
    if not chosen.any():
        return Plan(compared, chosen, None)
    part = part if len(compared) == len(known) else _part(graph, compared)
    return Plan(compared, chosen, _only_around(part, chosen))


def run(
    values: pd.Series, plan: Plan, *, permutations: int, alpha: float, seed: int
) -> pd.DataFrame:
    """
    Test the focal areas of a plan.

    Parameters
    ----------
    values
        As in `plan`.
    permutations
        Wanted; see `allowed`.
    alpha
        False discovery rate of each statistic over all focal areas.

    Returns
    -------
    tests
        ``gi_z``, ``gi_p``, ``gi_q``, ``hotspot``, ``lisa_i``, ``lisa_p``, ``lisa_q``,
        ``cluster``; n rows, index and order of ``values``; NaN and ``not_tested`` where
        not focal.
    """
    table = untested(values.index)
    if plan.graph is None:
        return table
    numbers = values.iloc[plan.compared].to_numpy(dtype=float)
    rows = plan.compared[plan.focal]
    if is_constant(values.iloc[plan.compared]):
        return _fill(table, rows, _constant(len(rows)))
    count = allowed(permutations, len(numbers))
    gi = gi_star(numbers, plan.graph, permutations=count, seed=seed, focal=plan.focal)
    moran = local_moran(numbers, plan.graph, p=gi.p)
    classes = _classes(gi.of(plan.focal), moran.of(plan.focal), alpha)
    return _fill(table, rows, classes)


def untested(index: pd.Index) -> pd.DataFrame:
    """Return the table of `run` in which nothing is said."""
    table = pd.DataFrame(np.nan, index=index, columns=list(_NUMBERS))
    return table.assign(hotspot="not_tested", cluster="not_tested")


def is_constant(values: pd.Series) -> bool:
    """Return whether there are values and all are the same."""
    return len(values) > 0 and bool((values == values.iloc[0]).all())


def allowed(permutations: int, areas: int) -> int:
    """Return how many permutations are made: so many as are wanted and as memory allows."""
    return min(permutations, SIMULATED // max(areas, 1))


def _part(graph: Graph, positions: npt.NDArray[np.intp]) -> Graph:
    """Return the graph of some areas and the edges between them; building one takes time."""
    if len(positions) in (0, graph.n):
        return graph
    return graph.subgraph(graph.unique_ids[positions])


def _only_around(graph: Graph, focal: npt.NDArray[np.bool_]) -> Graph:
    """Return ``graph`` without the edges that start elsewhere; all areas stay in it."""
    if focal.all():
        return graph
    ids = graph.unique_ids
    starts, ends = (ids.get_indexer(graph.adjacency.index.get_level_values(n)) for n in (0, 1))
    kept, rest = focal[starts], np.flatnonzero(~focal)
    # An area without neighbours is written as a loop of weight 0.
    starts, ends = np.concatenate([starts[kept], rest]), np.concatenate([ends[kept], rest])
    weight = np.concatenate([graph.adjacency.to_numpy()[kept], np.zeros(len(rest), dtype=int)])
    order = np.argsort(starts, kind="stable")
    return type(graph).from_arrays(ids[starts[order]], ids[ends[order]], weight[order])


def _constant(n: int) -> dict[str, Any]:
    """Return what is said of n equal values: nothing stands out."""
    numbers = {name: np.zeros(n) if name in ("gi_z", "lisa_i") else np.ones(n) for name in _NUMBERS}
    return {**numbers, "hotspot": "none", "cluster": "none"}


def _classes(gi: Local, moran: Local, alpha: float) -> dict[str, Any]:
    gi_q, lisa_q = adjusted(gi.p), adjusted(moran.p)
    heat = np.where(gi.statistic > 0, "hot", "cold")
    quadrant = np.array(QUADRANTS, dtype=object)[moran.quadrant]
    return {
        "gi_z": gi.statistic,
        "gi_p": gi.p,
        "gi_q": gi_q,
        "hotspot": np.where(gi_q <= alpha, heat, "none"),
        "lisa_i": moran.statistic,
        "lisa_p": moran.p,
        "lisa_q": lisa_q,
        "cluster": np.where(lisa_q <= alpha, quadrant, "none"),
    }


def _fill(table: pd.DataFrame, rows: npt.NDArray[np.intp], columns: dict[str, Any]) -> pd.DataFrame:
    said = pd.DataFrame(columns, index=table.index[rows])
    return said.reindex(table.index).fillna(table)[list(table.columns)]

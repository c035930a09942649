"""From values per area to classes: both local statistics, adjusted, with words for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from atlas.analysis.significance import QUADRANTS, adjusted, gi_star, local_moran

if TYPE_CHECKING:
    from collections.abc import Callable

    from atlas.analysis.hotspots import HotspotQuestion
    from atlas.analysis.significance import Local


_NUMBERS: Final = ("gi_z", "gi_p", "gi_q", "lisa_i", "lisa_p", "lisa_q")


def test(
    values: pd.Series, graph: Any, question: HotspotQuestion, tell: Callable[[float], None]
) -> pd.DataFrame:
    """
    Test the areas that have a value and at least one neighbour that has one.

    Parameters
    ----------
    values
        One per area, in the order of the graph; NaN is not tested.
    graph
        ``libpysal.graph.Graph`` of the neighbours.
    tell
        Told the share that is done, from 0.5 to 1.

    Returns
    -------
    tests
        ``gi_z``, ``gi_p``, ``gi_q``, ``hotspot``, ``lisa_i``, ``lisa_p``, ``lisa_q``,
        ``cluster``; n rows, index and order of ``values``.
    """
    empty = pd.DataFrame(np.nan, index=values.index, columns=list(_NUMBERS))
    empty = empty.assign(hotspot="not_tested", cluster="not_tested")
    known = np.flatnonzero(values.notna())
    part = graph.subgraph(graph.unique_ids[known]) if len(known) else graph
    connected = known[~np.isin(graph.unique_ids[known], part.isolates)]
    if len(connected) == 0:
        return empty
    part = graph.subgraph(graph.unique_ids[connected])
    tested = values.iloc[connected]
    if tested.nunique() == 1:
        return _fill(empty, connected, _constant(len(connected)))
    numbers = tested.to_numpy(dtype=float)
    settings = {"permutations": question.permutations, "seed": question.seed}
    gi = gi_star(numbers, part, **settings)
    tell(0.75)
    moran = local_moran(numbers, part, **settings)
    tell(1.0)
    return _fill(empty, connected, _classes(gi, moran, question.alpha))


def _constant(n: int) -> dict[str, Any]:
    """Return what is said of n equal values: nothing stands out, with certainty."""
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


def _fill(table: pd.DataFrame, rows: Any, columns: dict[str, Any]) -> pd.DataFrame:
    filled = table.copy()
    for name, numbers in columns.items():
        filled.iloc[rows, filled.columns.get_loc(name)] = numbers
    return filled

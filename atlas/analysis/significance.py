"""Local statistics with permutations, on esda: Getis-Ord Gi*, local Moran, false discovery."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from atlas.analysis.extra import library

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

QUADRANTS: Final = ("", "high_high", "low_high", "low_low", "high_low")
"""Cluster class of the quadrant numbers of ``esda.Moran_Local`` (PySAL scheme, from 1)."""
# Only what esda says of itself: that its default alternative will change (none of its
# one-sided p-values is used here), and that it is slower without numba.
_KNOWN: Final = (
    "The alternative hypothesis for conditional randomization",
    "The numba package is used extensively",
)


@dataclass(frozen=True)
class Local:
    """
    A local statistic, one value per area.

    Attributes
    ----------
    statistic
        Standardised Gi* (z of Ord and Getis 1995), or local Moran's I.
    p
        Two-sided pseudo p-value from conditional permutations.
    quadrant
        Quadrant of the Moran scatterplot (1 high-high, 2 low-high, 3 low-low, 4
        high-low); empty for Gi*.
    """

    statistic: Floats
    p: Floats
    quadrant: npt.NDArray[np.int64]


def gi_star(values: Floats, graph: Any, *, permutations: int, seed: int) -> Local:
    """
    Return Gi* of every area.

    Parameters
    ----------
    values
        n numbers, not all equal, in the order of the graph.
    graph
        ``libpysal.graph.Graph`` of the neighbours without self-weights; no isolates.

    Notes
    -----
    Binary weights, the area itself included (Ord and Getis 1995, Geographical Analysis
    27(4), 286-306, equation 14).
    """
    with _esda_notices():
        found = library("esda").G_Local(
            values, graph, transform="B", star=True, permutations=permutations, seed=seed, n_jobs=1
        )
    return Local(found.Zs, two_sided(found.Gs, found.rGs), np.zeros(0, dtype=np.int64))


def local_moran(values: Floats, graph: Any, *, permutations: int, seed: int) -> Local:
    """
    Return local Moran's I of every area.

    Parameters
    ----------
    values, graph
        As in `gi_star`.

    Notes
    -----
    Row-standardised weights (Anselin 1995, Geographical Analysis 27(2), 93-115).
    """
    with _esda_notices():
        found = library("esda").Moran_Local(
            values, graph, permutations=permutations, seed=seed, n_jobs=1
        )
    return Local(found.Is, two_sided(found.Is, found.rlisas), found.q.astype(np.int64))


def two_sided(statistic: Floats, simulated: Floats) -> Floats:
    """
    Return the share of values as far from the simulated mean as the observed one.

    Parameters
    ----------
    statistic
        n observed values.
    simulated
        n rows, one column per permutation.

    Notes
    -----
    esda's ``p_sim`` takes the smaller tail and so calls twice as much significant as it
    says; its "two-sided" counts every permutation without a site as extreme, which hides
    each hotspot of sparse counts. "folded" keeps the level and the power.
    """
    significance = library("esda.significance").calculate_significance
    # The third argument has had two names; floating-point noise must not break a tie.
    digits = 12
    p = significance(statistic.round(digits), simulated.round(digits), "folded")
    return np.atleast_1d(np.asarray(p, dtype=np.float64))


def adjusted(p: Floats) -> Floats:
    """
    Return p-values adjusted for the false discovery rate.

    Notes
    -----
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57(1),
    289-300; for local statistics: Caldas de Castro and Singer (2006), Geographical
    Analysis 38(2), 180-208.
    """
    q: Floats = library("scipy.stats").false_discovery_control(p, method="bh")
    return q


@contextmanager
def _esda_notices() -> Iterator[None]:
    with warnings.catch_warnings():
        for message in _KNOWN:
            warnings.filterwarnings("ignore", message=message)
        yield

"""Local statistics with permutations, on esda: Getis-Ord Gi*, local Moran, false discovery."""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from atlas.analysis.extra import library

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from libpysal.graph import Graph

    Floats = npt.NDArray[np.float64]

QUADRANTS: Final = ("", "high_high", "low_high", "low_low", "high_low")
"""Cluster class of the quadrant numbers of ``esda.Moran_Local`` (PySAL scheme, from 1)."""
# Only what esda says of itself: that its default alternative will change (none of its
# one-sided p-values is used here), and that it is slower without numba.
_KNOWN: Final = (
    "The alternative hypothesis for conditional randomization",
    "The numba package is used extensively",
)


_ONE_AT_A_TIME: Final = threading.Lock()
_DIGITS: Final = 12
"""Beyond these there is floating-point noise, which must neither make nor break a tie."""
_BLOCK: Final = 200
"""Areas whose simulated values are looked at together, so that copies stay small."""


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

    def of(self, rows: npt.NDArray[np.bool_]) -> Local:
        """Return the statistic of some areas."""
        quadrant = self.quadrant[rows] if len(self.quadrant) else self.quadrant
        return Local(self.statistic[rows], self.p[rows], quadrant)


def gi_star(
    values: Floats,
    graph: Graph,
    *,
    permutations: int,
    seed: int,
    focal: npt.NDArray[np.bool_] | None = None,
) -> Local:
    """
    Return Gi* of every area.

    Parameters
    ----------
    values
        n numbers, not all equal, in the order of the graph.
    graph
        ``libpysal.graph.Graph`` of the neighbours without self-weights; no isolates.
    focal
        Areas of which something is said, all if missing; the p-value of the others is 1.

    Notes
    -----
    Binary weights, the area itself included (Ord and Getis 1995, Geographical Analysis
    27(4), 286-306, equation 14).
    """
    with _alone():
        found = library("esda").G_Local(
            values, graph, transform="B", star=True, permutations=permutations, seed=seed, n_jobs=1
        )
    asked = np.ones(len(values), dtype=bool) if focal is None else focal
    p = np.ones(len(values))
    p[asked] = two_sided(found.Gs[asked], found.rGs[asked])
    return Local(found.Zs, p, np.zeros(0, dtype=np.int64))


def local_moran(values: Floats, graph: Graph, *, p: Floats) -> Local:
    """
    Return local Moran's I of every area.

    Parameters
    ----------
    values, graph
        As in `gi_star`.
    p
        Of `gi_star` with the same values and graph.

    Notes
    -----
    Row-standardised weights (Anselin 1995, Geographical Analysis 27(2), 93-115).
    Conditional permutations hold the value of an area fixed; given it, I and Gi* are
    both linear in the sum of the neighbours, so their folded p-values are the same and
    are not simulated twice. Only where the value is the mean is I zero whatever the
    neighbours are, and nothing can be shown.
    """
    with _alone():
        found = library("esda").Moran_Local(values, graph, permutations=0)
    is_mean = np.isclose(found.z, 0, atol=10**-_DIGITS)
    return Local(found.Is, np.where(is_mean, 1.0, p), found.q.astype(np.int64))


def two_sided(statistic: Floats, simulated: Floats) -> Floats:
    """
    Return the share of values as far from the simulated mean as the observed one.

    Parameters
    ----------
    statistic
        n observed values, of the order of 1.
    simulated
        n rows, one column per permutation.

    Notes
    -----
    esda's ``p_sim`` takes the smaller tail and so calls twice as much significant as it
    says; its "two-sided" counts every permutation without a site as extreme, which hides
    each hotspot of sparse counts. "folded" keeps the level and the power.
    """
    significance = library("esda.significance").calculate_significance
    p = np.empty(len(statistic))
    for start in range(0, len(statistic), _BLOCK):
        part = slice(start, start + _BLOCK)
        # The third argument has had two names in esda.
        rounded = statistic[part].round(_DIGITS), simulated[part].round(_DIGITS)
        p[part] = significance(*rounded, "folded")
    return p


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
def _alone() -> Iterator[None]:
    """
    Let one thread at a time use esda, and leave numpy's global generator as it was.

    Without numba esda draws from that generator: two sessions that ask at the same time
    would disturb each other's fixed seed.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        # Division: where an area has no neighbours its simulated values do not vary; esda
        # divides by their spread, for a figure that is not used here.
        for message in _KNOWN:
            warnings.filterwarnings("ignore", message=message)
        state = np.random.get_state()  # noqa: NPY002 - esda's generator, not ours
        try:
            yield
        finally:
            np.random.set_state(state)  # noqa: NPY002

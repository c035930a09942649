"""Do creative sites cluster around vacant properties? Cross-K with random labelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from atlas.analysis.extra import library
from atlas.analysis.hotspots import ALPHA, MINIMUM, SEED
from atlas.analysis.observations import observed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from atlas.analysis.observations import Counted

    Floats = npt.NDArray[np.float64]

RADII_M: Final = (250, 500, 1000, 1500, 2000, 3000, 4000, 5000)
"""From the next street to the next town centre."""
PERMUTATIONS: Final = 199
MAX_UNCERTAINTY_M: Final = 250
"""No location may be less exact than the smallest radius."""
SUBJECTS: Final[tuple[Counted, ...]] = ("creative", "vacant", "observed")
SAMPLE: Final = 20_000
"""Most properties, and most creative sites, that are measured; beyond it a sample stands in."""


@dataclass(frozen=True)
class Attraction:
    """
    Creative sites around vacant properties, against chance.

    Attributes
    ----------
    frame
        One row per radius, ascending: ``radius_m``; ``observed`` (mean number of creative
        sites within the radius of a vacant property); ``expected`` (the same around all
        properties whose vacancy was observed); ``low``, ``high`` (band that random labels
        leave at no radius with probability 1 - alpha). Without rows where ``too_few``.
    p_value
        Of all radii together; NaN where ``too_few``.
    n_creative, n_vacant, n_observed
        Sites, vacant properties, properties whose vacancy was observed; before sampling.
    left_out
        Subject → reason → rows left out, see `Observed`.
    is_sampled
        Whether a sample stands in for the whole.
    too_few
        Whether there are fewer than ``minimum`` creative sites, vacant or other
        properties.
    minimum
        See ``too_few``.
    verdict
        `atlas.vocabulary.ATTRACTION_CLASSES`.
    """

    frame: pd.DataFrame
    p_value: float
    n_creative: int
    n_vacant: int
    n_observed: int
    left_out: Mapping[str, Mapping[str, int]]
    is_sampled: bool
    too_few: bool
    minimum: int
    verdict: str


def attraction(
    spaces: gpd.GeoDataFrame,
    *,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    alpha: float = ALPHA,
    max_uncertainty_m: float = MAX_UNCERTAINTY_M,
    progress: Callable[[float], None] | None = None,
) -> Attraction:
    """
    Compare the creative sites around vacant properties with those around all observed ones.

    Parameters
    ----------
    spaces
        Points in EPSG:25832, see `atlas.analysis.observations.observed`.
    permutations
        Random labellings, at least 19.
    alpha
        Level of the test.
    max_uncertainty_m
        Rows placed less exactly are left out.
    progress
        Called with the share that is done, from 0 to 1.

    Raises
    ------
    CrsError
        If ``spaces`` is not in EPSG:25832.
    ConfigError
        If the libraries of the extra "analysis" are missing.

    Notes
    -----
    The cross-K function of Ripley (1976, Journal of Applied Probability 13(2), 255-266)
    times the intensity of creative sites, under random labelling of observed properties
    (Diggle and Chetwynd 1991, Biometrics 47(3), 1155-1163). See docs/analysis.md.
    """
    tell = progress or (lambda _share: None)
    rows = {
        subject: observed(spaces, subject, max_uncertainty_m=max_uncertainty_m)
        for subject in SUBJECTS
    }
    creative = rows["creative"].points
    # A vacant creative site would find itself at distance 0.
    seen = rows["observed"].points
    seen = seen[~seen["space_id"].isin(creative["space_id"])]
    is_vacant = seen["space_id"].isin(rows["vacant"].points["space_id"])
    n_vacant = int(is_vacant.sum())
    too_few = min(len(creative), n_vacant, len(seen) - n_vacant) < MINIMUM
    tell(0.2)
    found = _NOTHING
    if not too_few:
        rng = np.random.default_rng(seed)
        sites, properties = _sample(creative, rng), _sample(seen.assign(vacant=is_vacant), rng)
        counts = sites_within(sites, properties, radii_m=RADII_M)
        tell(0.8)
        vacant = properties["vacant"].to_numpy()
        found = labelled(counts, vacant, permutations=permutations, alpha=alpha, rng=rng)
    tell(1.0)
    return Attraction(
        frame=found.frame,
        p_value=found.p_value,
        n_creative=len(creative),
        n_vacant=n_vacant,
        n_observed=len(seen),
        left_out={subject: part.left_out for subject, part in rows.items()},
        is_sampled=max(len(creative), len(seen)) > SAMPLE,
        too_few=too_few,
        minimum=MINIMUM,
        verdict=found.verdict,
    )


def sites_within(
    sites: gpd.GeoDataFrame, properties: gpd.GeoDataFrame, *, radii_m: Sequence[float]
) -> Floats:
    """
    Count the sites within each radius of each property.

    Parameters
    ----------
    sites, properties
        Points in EPSG:25832.

    Returns
    -------
    counts
        n properties x m radii; a site on the circle counts.
    """
    tree = library("scipy.spatial").KDTree(shapely.get_coordinates(sites.geometry.array))
    at = shapely.get_coordinates(properties.geometry.array)
    counts = [tree.query_ball_point(at, radius, return_length=True) for radius in radii_m]
    return np.column_stack(counts).astype(float)


@dataclass(frozen=True)
class Labelled:
    """What random labels say: see `Attraction`."""

    frame: pd.DataFrame
    p_value: float
    verdict: str


COLUMNS: Final = ("radius_m", "observed", "low", "high", "expected")
_NOTHING: Final = Labelled(pd.DataFrame(columns=list(COLUMNS), dtype=float), np.nan, "not_tested")


def labelled(
    counts: Floats,
    vacant: npt.NDArray[np.bool_],
    *,
    permutations: int,
    alpha: float,
    rng: np.random.Generator,
    radii_m: Sequence[float] = RADII_M,
) -> Labelled:
    """
    Test whether the mean counts of the vacant properties are those of a random choice.

    Parameters
    ----------
    counts
        n properties x m radii, see `sites_within`.
    vacant
        n labels, neither all true nor all false.

    Notes
    -----
    The statistic is the largest deviation over all radii in standard deviations of a
    sample without replacement (Cochran 1977, Sampling Techniques, theorem 2.2); the band
    is the one that belongs to it (Myllymäki et al. 2017, Journal of the Royal
    Statistical Society B 79(2), 381-404, studentised envelope).
    """
    n, chosen = len(vacant), int(vacant.sum())
    expected = counts.mean(axis=0)
    spread = np.sqrt(counts.var(axis=0, ddof=1) * (1 - chosen / n) / chosen)
    # Where every property has as many sites around it, labels change nothing.
    scale = np.where(spread > 0, spread, np.inf)
    found = counts[vacant].mean(axis=0)
    random = [counts[rng.permutation(n)[:chosen]].mean(axis=0) for _ in range(permutations)]
    deviations = (found - expected) / scale
    largest = np.abs((np.array(random) - expected) / scale).max(axis=1)
    reached = np.abs(deviations).max()
    p_value = float(
        library("esda.significance").calculate_significance(reached, largest, "greater")
    )
    width = np.sort(largest)[_rank(permutations, alpha)] * spread
    table = zip(
        radii_m, found, np.maximum(expected - width, 0), expected + width, expected, strict=True
    )
    side = "attracted" if deviations[np.abs(deviations).argmax()] > 0 else "avoided"
    return Labelled(
        pd.DataFrame(table, columns=list(COLUMNS)), p_value, side if p_value <= alpha else "none"
    )


def _rank(permutations: int, alpha: float) -> int:
    """Return the position of the critical value among ascending simulated ones."""
    return min(permutations, int(np.ceil((1 - alpha) * (permutations + 1)))) - 1


def _sample(points: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return at most `SAMPLE` rows, sorted by id, so that the order of the table is no matter."""
    ordered = points.sort_values("space_id")
    return ordered if len(ordered) <= SAMPLE else ordered.sample(SAMPLE, random_state=rng)

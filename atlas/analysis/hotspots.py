"""Hotspots: where counts are higher or lower than chance allows, tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.analysis.areas import Unit, area_of, areas, counted, neighbours
from atlas.analysis.density import surface
from atlas.analysis.hexagons import DEFAULT_RESOLUTION, edge_length_m
from atlas.analysis.observations import Subject, observed
from atlas.analysis.testing import allowed, plan, run, untested

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

PERMUTATIONS: Final = 9999
ALPHA: Final = 0.05
SEED: Final = 20261128
"""Fixed, so that the same table gives the same map on every machine."""
MINIMUM: Final = 30
"""Fewest observations, and fewest areas, of which a hotspot is said."""
COLUMNS: Final = (
    "area_id", "name", "ags", "area_km2", "count", "observed", "value", "density_per_km2",
    "gi_z", "gi_p", "gi_q", "hotspot", "lisa_i", "lisa_p", "lisa_q", "cluster",
)  # fmt: skip
"""Columns of `Hotspots.areas` before the geometry."""
MINIMUM_INSIDE: Final = 0.5
"""A hexagon with less of its area in the region is shown, but not tested."""


@dataclass(frozen=True, slots=True)
class HotspotQuestion:
    """
    What is asked; hashable, so that it can key a cache.

    Attributes
    ----------
    subject
        ``creative`` or ``vacant``, see `atlas.analysis.observations.observed`.
    unit
        ``hexagon`` or ``municipality``.
    resolution
        H3 resolution; without effect on municipalities.
    bandwidth_m
        Of the kernel density in metres; ``None`` asks for Scott's rule.
    permutations, seed
        Of the conditional permutations.
    alpha
        Level of the tests: the false discovery rate for Gi* and for local Moran.
    """

    subject: Subject = "creative"
    unit: Unit = "hexagon"
    resolution: int = DEFAULT_RESOLUTION
    bandwidth_m: float | None = None
    permutations: int = PERMUTATIONS
    alpha: float = ALPHA
    seed: int = SEED


@dataclass(frozen=True)
class Hotspots:
    """
    The answer to a `HotspotQuestion`.

    Attributes
    ----------
    question
        What was asked.
    areas
        Polygon or MultiPolygon, EPSG:25832, one row per area sorted by ``area_id``,
        RangeIndex. Columns ``area_id``, ``name``, ``ags``, ``area_km2`` (inside the
        region); ``count`` (Int64); ``observed`` (Int64: rows whose vacancy was observed;
        for ``creative`` the same as ``count``); ``value`` (what was tested: the count of
        a hexagon, the count per km² of a municipality; NaN where not tested);
        ``density_per_km2``; ``gi_z``, ``gi_p``, ``gi_q`` (p adjusted for the false
        discovery rate), ``hotspot`` (`atlas.vocabulary.HOTSPOT_CLASSES`); ``lisa_i``,
        ``lisa_p``, ``lisa_q``, ``cluster`` (`atlas.vocabulary.CLUSTER_CLASSES`). What was
        not tested is NaN and ``not_tested``.
    bandwidth_m
        Of the kernel density; NaN where Scott's rule finds no spread.
    permutations
        As made: fewer than asked for where the areas are very many.
    observations
        Rows that were counted.
    compared
        Areas whose values were permuted.
    tested
        Areas of which something is said: those of the compared ones with an observation.
    left_out
        Reason → rows left out, see `Observed`; ``outside``: in no area.
    too_few
        Whether there were fewer than ``minimum`` observations or areas; then nothing was
        tested.
    minimum
        Fewest observations, and fewest areas, of which something is said.
    is_constant
        Whether all tested areas have the same value, so that nothing stands out.
    """

    question: HotspotQuestion
    areas: gpd.GeoDataFrame
    bandwidth_m: float
    permutations: int
    observations: int
    compared: int
    tested: int
    left_out: Mapping[str, int]
    too_few: bool
    minimum: int
    is_constant: bool


def hotspots(
    spaces: gpd.GeoDataFrame,
    municipalities: gpd.GeoDataFrame,
    question: HotspotQuestion,
    *,
    progress: Callable[[float], None] | None = None,
) -> Hotspots:
    """
    Count, smooth and test the observations of a subject.

    Parameters
    ----------
    spaces
        Points in EPSG:25832, see `atlas.analysis.observations.observed`.
    municipalities
        Polygons in EPSG:25832; columns ``ags`` and ``name``.
    progress
        Called with the share that is done, from 0 to 1.

    Raises
    ------
    CrsError
        If a frame is not in EPSG:25832.
    ConfigError
        If the libraries of the extra "analysis" are missing.

    Notes
    -----
    The method, its sources and limits: docs/analysis.md.
    """
    tell = progress or (lambda _share: None)
    rows = observed(spaces, question.subject, max_uncertainty_m=bound_m(question))
    places = areas(municipalities, question.unit, resolution=question.resolution)
    tell(0.2)
    found = area_of(rows.points, question.unit, resolution=question.resolution)
    is_inside = found.isin(places["area_id"]).to_numpy()
    table = _counts(spaces, places, found, question)
    tell(0.3)
    located = rows.points.geometry[is_inside].dropna()
    smooth, bandwidth_m = surface(located, places, question.unit, question.bandwidth_m)
    tell(0.5)
    values = _values(table, question)
    todo = plan(values, table["observed"] > 0, neighbours(places, question.unit))
    tell(0.6)
    observations, outside = int(is_inside.sum()), int((~is_inside).sum())
    too_few = min(observations, len(todo.compared)) < MINIMUM
    settings = {name: getattr(question, name) for name in ("permutations", "alpha", "seed")}
    tests = untested(values.index) if too_few else run(values, todo, **settings)
    tell(1.0)
    table = table.assign(density_per_km2=smooth, value=values).join(tests)
    return Hotspots(
        question=question,
        areas=table[[*COLUMNS, "geometry"]],
        bandwidth_m=bandwidth_m,
        permutations=allowed(question.permutations, len(todo.compared)),
        observations=observations,
        compared=len(todo.compared),
        tested=0 if too_few else int(todo.focal.sum()),
        left_out={**rows.left_out, **({"outside": outside} if outside else {})},
        too_few=too_few,
        minimum=MINIMUM,
        is_constant=values.iloc[todo.compared].nunique() == 1,
    )


def bound_m(question: HotspotQuestion) -> float | None:
    """
    Return how inexact a location may be: the edge of a cell; without bound for municipalities.

    From anywhere in a hexagon the way out of the ring around it is at least one edge
    long, so the true place lies among the cells that Gi* adds up.
    """
    return edge_length_m(question.resolution) if question.unit == "hexagon" else None


def _counts(
    spaces: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    found: pd.Series,
    question: HotspotQuestion,
) -> gpd.GeoDataFrame:
    count = counted(found, places["area_id"])
    seen = count
    if question.subject == "vacant":
        rows = observed(spaces, "observed", max_uncertainty_m=bound_m(question))
        cells = area_of(rows.points, question.unit, resolution=question.resolution)
        seen = counted(cells, places["area_id"])
    return places.assign(
        count=pd.array(count, dtype="Int64"), observed=pd.array(seen, dtype="Int64")
    )


def _values(table: gpd.GeoDataFrame, question: HotspotQuestion) -> pd.Series:
    """
    Return what is tested, NaN where the table cannot say.

    Hexagons have nearly the same size, municipalities do not: there it is per km². Where
    nobody has looked, a vacancy is not missing, it is not known.
    """
    count = table["count"].astype(float)
    value = count if question.unit == "hexagon" else count / table["area_km2"]
    counts = table["inside"] >= MINIMUM_INSIDE
    if question.subject == "vacant":
        counts &= (table["observed"] > 0).astype(bool)
    return value.where(counts)

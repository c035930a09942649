"""Vacancy against energy: is there room where creative sites are?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.analysis.areas import area_of, areas, counted, neighbours
from atlas.analysis.hotspots import HotspotQuestion, bound_m
from atlas.analysis.observations import observed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

    from atlas.analysis.observations import Counted


@dataclass(frozen=True, slots=True)
class EnergyThresholds:
    """
    From what on an area has energy, and from what on room.

    Attributes
    ----------
    quantile, least
        Energy: at least this quantile of the nearby sites of all areas of the table, and
        at least so many sites.
    vacant
        Room: at least so many vacant or partly vacant properties.
    """

    quantile: float = 0.75
    least: int = 3
    vacant: int = 1


DEFAULT_THRESHOLDS: Final = EnergyThresholds()


@dataclass(frozen=True)
class Energy:
    """
    Areas by room and energy.

    Attributes
    ----------
    question, thresholds
        What was asked: unit and resolution count.
    areas
        Polygon or MultiPolygon, EPSG:25832, one row per area sorted by ``area_id``,
        RangeIndex. Columns ``area_id``, ``name``, ``ags``, ``area_km2``; Int64:
        ``vacant``, ``observed`` (properties whose vacancy was observed), ``creative``,
        ``nearby`` (creative sites in a hexagon and the six around it; in a municipality
        alone); ``energy_class`` (`atlas.vocabulary.ENERGY_CLASSES`): an area without an
        observation is ``not_observed``, never without room.
    energy_from
        Nearby sites from which on an area has energy.
    left_out
        Subject → reason → rows left out, see `Observed`.
    """

    question: HotspotQuestion
    thresholds: EnergyThresholds
    areas: gpd.GeoDataFrame
    energy_from: int
    left_out: Mapping[str, Mapping[str, int]]


def energy(
    spaces: gpd.GeoDataFrame,
    municipalities: gpd.GeoDataFrame,
    question: HotspotQuestion,
    *,
    thresholds: EnergyThresholds = DEFAULT_THRESHOLDS,
    progress: Callable[[float], None] | None = None,
) -> Energy:
    """
    Put every area into one of four classes, or say that nobody has looked.

    Parameters
    ----------
    spaces, municipalities
        In EPSG:25832, as in `atlas.analysis.hotspots.hotspots`.
    question
        Unit and resolution are used; the classes are counts, nothing is tested.
    progress
        Called with the share that is done, from 0 to 1.

    Raises
    ------
    CrsError
        If a frame is not in EPSG:25832.
    ConfigError
        If the libraries of the extra "analysis" are missing.
    """
    tell = progress or (lambda _share: None)
    table = areas(municipalities, question.unit, resolution=question.resolution)
    tell(0.4)
    left_out = {}
    subjects: tuple[Counted, ...] = ("vacant", "observed", "creative")
    for done, subject in enumerate(subjects, start=1):
        rows = observed(spaces, subject, max_uncertainty_m=bound_m(question))
        cells = area_of(rows.points, question.unit, resolution=question.resolution)
        table[subject] = pd.array(counted(cells, table["area_id"]), dtype="Int64")
        left_out[subject] = rows.left_out
        tell(0.4 + 0.2 * done)
    table["nearby"] = _nearby(table, question)
    energy_from = max(thresholds.least, int(np.ceil(table["nearby"].quantile(thresholds.quantile))))
    table["energy_class"] = _classes(table, energy_from, thresholds.vacant)
    columns = ["area_id", "name", "ags", "area_km2", "vacant", "observed", "creative", "nearby"]
    return Energy(
        question=question,
        thresholds=thresholds,
        areas=table[[*columns, "energy_class", "geometry"]],
        energy_from=energy_from,
        left_out=left_out,
    )


def _nearby(table: gpd.GeoDataFrame, question: HotspotQuestion) -> pd.Series:
    if question.unit == "municipality":
        return table["creative"]
    own = table["creative"].to_numpy(dtype="int64")
    around = neighbours(table, question.unit).sparse @ own
    return pd.Series(pd.array(own + around, dtype="Int64"), index=table.index)


def _classes(table: gpd.GeoDataFrame, energy_from: int, vacant_from: int) -> pd.Series:
    has_energy = table["nearby"] >= energy_from
    has_room = table["vacant"] >= vacant_from
    classes = np.select(
        [table["observed"] == 0, has_room & has_energy, has_energy, has_room],
        ["not_observed", "room_near_energy", "energy_without_room", "room_without_energy"],
        default="quiet",
    )
    return pd.Series(classes, index=table.index, dtype="str")

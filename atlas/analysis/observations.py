"""Which rows of the table an analysis may count, and why it leaves the others out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import geopandas as gpd
import pandas as pd

from atlas.geo import UTM32, require_crs
from atlas.vocabulary import VACANCY_SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

Subject = Literal["creative", "vacant"]
Counted = Literal["creative", "vacant", "observed"]
"""A subject, or the rows whose vacancy was observed: what a subject "vacant" is drawn from."""

VACANT: Final = ("partly_vacant", "vacant")
"""Vacancy codes that count as vacant space."""


@dataclass(frozen=True)
class Observed:
    """
    The rows that count, and how many of the others do not.

    Attributes
    ----------
    points
        Point geometry, EPSG:25832, ``None`` where a row without location counts;
        columns ``space_id`` and ``ags``; RangeIndex, order of the table.
    left_out
        Reason → rows of this subject left out for it, each row once, for the first that
        applies: ``demolished``, ``not_observed`` (vacancy questions: nobody has looked),
        ``not_vacant``, ``no_location``, ``too_uncertain`` (or of unknown uncertainty).
        Rows of other kinds are not counted here. Reasons without a row are missing.
    """

    points: gpd.GeoDataFrame
    left_out: Mapping[str, int]


def metric(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return ``frame`` in EPSG:25832, as every analysis wants it.

    Raises
    ------
    CrsError
        If the frame has no CRS.
    """
    require_crs(frame, name="frame")
    return frame if frame.crs == UTM32 else frame.to_crs(UTM32)


def observed(
    spaces: gpd.GeoDataFrame, subject: Counted, *, max_uncertainty_m: float | None
) -> Observed:
    """
    Return the rows that count for ``subject``.

    Parameters
    ----------
    spaces
        Points in EPSG:25832, ``None`` without location; columns ``space_id``, ``ags``,
        ``kind``, ``vacancy``, ``coordinate_uncertainty_m``; n rows.
    subject
        ``creative``: rows of kind ``creative_site`` that are not demolished.
        ``vacant``: rows whose vacancy is ``partly_vacant`` or ``vacant``.
        ``observed``: these, and key properties that somebody has seen in use. A creative
        site in use is no such observation: it is in the table because it is used.
    max_uncertainty_m
        Rows placed less exactly are left out; ``None`` asks for no location at all.

    Raises
    ------
    CrsError
        If ``spaces`` is not in EPSG:25832.
    """
    require_crs(spaces, UTM32, name="spaces")
    reasons = _vacancy_reasons(spaces, subject) | _place_reasons(spaces, max_uncertainty_m)
    kinds = ["creative_site"] if subject == "creative" else ["key_property"]
    counts = spaces["kind"].isin(kinds).to_numpy()
    if subject != "creative":
        counts = counts | spaces["vacancy"].isin(VACANT).to_numpy()
    left_out = {}
    for reason, applies in reasons.items():
        rows = int((counts & applies).sum())
        if rows:
            left_out[reason] = rows
        counts = counts & ~applies
    chosen = spaces.loc[counts]
    keys = chosen[["space_id", "ags"]].reset_index(drop=True)
    points = gpd.GeoDataFrame(pd.DataFrame(keys), geometry=chosen.geometry.array, crs=UTM32)
    return Observed(points, left_out)


def _vacancy_reasons(
    spaces: gpd.GeoDataFrame, subject: Counted
) -> dict[str, npt.NDArray[np.bool_]]:
    vacancy = spaces["vacancy"]
    reasons = {"demolished": (vacancy == "demolished").to_numpy()}
    if subject != "creative":
        reasons["not_observed"] = ~vacancy.isin(VACANCY_SCALE).to_numpy()
    if subject == "vacant":
        reasons["not_vacant"] = ~vacancy.isin(VACANT).to_numpy()
    return reasons


def _place_reasons(
    spaces: gpd.GeoDataFrame, max_uncertainty_m: float | None
) -> dict[str, npt.NDArray[np.bool_]]:
    if max_uncertainty_m is None:
        return {}
    missing = spaces.geometry.isna() | spaces.geometry.is_empty
    # "not at most": an uncertainty that nobody states is none that can be trusted.
    exact = spaces["coordinate_uncertainty_m"].astype(float) <= max_uncertainty_m
    return {"no_location": missing.to_numpy(), "too_uncertain": ~exact.to_numpy()}

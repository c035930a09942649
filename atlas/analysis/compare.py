"""
Two to four municipalities or quarters side by side, by the same figures.

A quarter is its circle (docs/decisions/005): the anchor point and the radius that its
location is uncertain by. Nobody counts the inhabitants of a circle, so figures per
inhabitant are missing there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from atlas import vocabulary as v
from atlas.analysis.facts import DEMOLISHED
from atlas.analysis.figures import compute
from atlas.analysis.indicators import areas
from atlas.text import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import geopandas as gpd

Level = Literal["municipality", "quarter"]
FEWEST: Final = 2
MOST: Final = 4
_M2_PER_KM2: Final = 1e6
_PLACE_COLUMNS: Final = ("key", "level", "name", "municipality", "ags")


@dataclass(frozen=True)
class Comparison:
    """
    Places side by side.

    Attributes
    ----------
    areas
        One row per place, in the order asked for, RangeIndex: ``area_id``, ``area_name``,
        ``population`` (NaN for quarters), ``population_as_of``, ``area_km2``, ``level``,
        ``municipality``, ``radius_m`` (NaN for municipalities), ``standing`` (rows of the
        table in it that the figures count), ``demolished`` (the others in it) and
        ``uncertain``: rows on either side of the edge of a circle that may lie on the other
        one, because their own location is not more exact than that.
    figures
        As `atlas.analysis.indicators.indicators` gives them, places in the order of ``areas``.
    states
        Rows per place and state of vacancy: ``area_id`` as index, a column per code.
    """

    areas: pd.DataFrame
    figures: pd.DataFrame
    states: pd.DataFrame


def comparable(spaces: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """
    Return every place that can be compared.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`.
    municipalities
        ``ags`` and ``name``.

    Returns
    -------
    places
        ``key`` (``ags`` or ``space_id``), ``level``, ``name``, ``municipality``, ``ags``;
        municipalities by name, then quarters by name; RangeIndex. A quarter without a
        coordinate has no circle and is left out.
    """
    towns = municipalities.assign(
        key=municipalities["ags"], level="municipality", municipality=municipalities["name"]
    ).sort_values(["name", "key"], key=_folded)
    found = spaces[(spaces["kind"] == "creative_quarter") & spaces["x"].notna()]
    found = found[found["coordinate_uncertainty_m"].notna()]
    quarters = found.assign(key=found["space_id"], level="quarter").sort_values(
        ["name", "key"], key=_folded
    )
    parts = [pd.DataFrame(part)[list(_PLACE_COLUMNS)] for part in (towns, quarters)]
    return pd.concat(parts, ignore_index=True)


def _folded(texts: pd.Series) -> pd.Series:
    return texts.map(fold)


def compare(
    spaces: pd.DataFrame,
    municipalities: gpd.GeoDataFrame,
    keys: Sequence[str],
    *,
    today: dt.date,
) -> Comparison:
    """
    Put places side by side.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`; ``x`` and ``y`` in EPSG:25832.
    municipalities
        As for `atlas.analysis.indicators.indicators`.
    keys
        Keys of `comparable`; unknown ones and repetitions are left out.
    today
        The day from which the age of an observation is counted.

    Returns
    -------
    comparison
        Figures of the places whose key is known; the location quotient compares each with
        the whole table.
    """
    rows = pd.DataFrame(spaces).drop(columns="geometry", errors="ignore")
    known = comparable(rows, municipalities).set_index("key")
    chosen = known.loc[[key for key in dict.fromkeys(keys) if key in known.index]]
    circles = _circles(rows, chosen[chosen["level"] == "quarter"])
    towns = areas(municipalities, by="municipality").set_index("area_id")
    listed = pd.concat([towns.assign(radius_m=np.nan), circles]).reindex(chosen.index)
    listed = listed.assign(level=chosen["level"], municipality=chosen["municipality"])
    found = list(chosen.index)
    inside = [_members(rows, key, circles) for key in found]
    members = pd.concat([rows.iloc[:0].assign(area_id=""), *inside], ignore_index=True)
    states = _states(members, found)
    gone = states[DEMOLISHED]
    listed = listed.assign(standing=states.sum(axis="columns") - gone, demolished=gone,
                           uncertain=_uncertain(rows, circles, found))  # fmt: skip
    frame = listed.rename_axis("area_id").reset_index()
    return Comparison(
        areas=frame,
        figures=compute(members, frame, reference=rows, today=today),
        states=states,
    )


def _circles(rows: pd.DataFrame, quarters: pd.DataFrame) -> pd.DataFrame:
    """Return the circles of quarters by key; nobody counts who lives in them."""
    at = rows.set_index("space_id").loc[quarters.index]
    radius = at["coordinate_uncertainty_m"].astype(float)
    return pd.DataFrame(
        {
            "area_name": quarters["name"],
            "population": np.nan,
            "population_as_of": "",
            "area_km2": np.pi * radius**2 / _M2_PER_KM2,
            "radius_m": radius,
            "x": at["x"].astype(float),
            "y": at["y"].astype(float),
        },
        index=quarters.index,
    )


def _beyond_edge(rows: pd.DataFrame, key: str, circles: pd.DataFrame) -> pd.Series:
    """Return how far each row lies outside a circle in metres, negative inside."""
    x, y, radius = (float(circles[name][key]) for name in ("x", "y", "radius_m"))
    distance = ((rows["x"] - x) ** 2 + (rows["y"] - y) ** 2) ** 0.5
    return distance - radius


def _members(rows: pd.DataFrame, key: str, circles: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a place; a quarter does not lie in itself."""
    if key in circles.index:
        inside = (_beyond_edge(rows, key, circles) <= 0) & (rows["space_id"] != key)
    else:
        inside = rows["ags"] == key
    return rows[inside].assign(area_id=key)


def _uncertain(rows: pd.DataFrame, circles: pd.DataFrame, keys: list[str]) -> pd.Series:
    precision = rows["coordinate_uncertainty_m"].astype(float)
    counts = {
        key: int(
            ((_beyond_edge(rows, key, circles).abs() < precision) & (rows["space_id"] != key)).sum()
        )
        for key in circles.index
    }
    return pd.Series(counts, dtype="Int64").reindex(keys)


def _states(members: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    counts = pd.crosstab(members["area_id"], members["vacancy"])
    return counts.reindex(index=keys, columns=list(v.VACANCY)).fillna(0).astype("int64")

"""
Figures of municipalities and districts: density, specialisation, vacancy, coverage, diversity.

Every figure carries what was divided by what, how many observations it rests on and
of when they are. An area of which the table has no row gets no figure at all: nobody
looked there. A demolished place is counted as such and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from atlas.analysis.facts import TYPES, interval
from atlas.analysis.figures import compute

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

By = Literal["municipality", "district", "region"]
REGION: Final = "region"
"""Key of the one area of all municipalities together."""
_KEYS: Final[dict[By, str]] = {"municipality": "ags", "district": "district_code"}
_NAMES: Final[dict[By, str]] = {"municipality": "name", "district": "district_name"}


def indicators(
    spaces: pd.DataFrame, municipalities: gpd.GeoDataFrame, *, by: By, today: dt.date
) -> pd.DataFrame:
    """
    Compute every figure of `atlas.vocabulary.INDICATORS` for every area.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`, or any selection of it; n rows.
    municipalities
        One row each: ``ags``, ``name``, ``district_code``, ``district_name``,
        ``population`` (inhabitants), ``population_as_of``, ``area_km2``.
    by
        What an area is; ``region`` gives all municipalities as one, key `REGION`.
    today
        The day from which the age of an observation is counted.

    Returns
    -------
    tidy
        One row per area, indicator and group, see `atlas.analysis.facts.FIGURE_COLUMNS`;
        ordered by area key, then as the lists of the vocabulary; RangeIndex. The order
        of ``spaces`` and ``municipalities`` changes nothing.
    """
    known = areas(municipalities, by=by)
    rows = pd.DataFrame(spaces)  # without what a map needs at each step
    members = rows.assign(area_id=REGION if by == "region" else rows[_KEYS[by]])
    return compute(members, known, reference=rows, today=today)


def areas(municipalities: pd.DataFrame, *, by: By) -> pd.DataFrame:
    """
    Return the areas that figures are computed for.

    Returns
    -------
    areas
        One row per area, ordered by key, RangeIndex: ``area_id``, ``area_name`` (empty
        for the region), ``population`` and ``area_km2`` (sums of the municipalities),
        ``population_as_of`` (date, or first and last date with ``/`` between).
    """
    key = pd.Series(REGION, index=municipalities.index)
    name = pd.Series("", index=municipalities.index)
    if by != "region":
        key, name = municipalities[_KEYS[by]], municipalities[_NAMES[by]]
    facts = pd.DataFrame(
        {
            "area_id": key.astype("str"),
            "area_name": name.astype("str"),
            "population": municipalities["population"].astype(float),
            "area_km2": municipalities["area_km2"].astype(float),
            "date": pd.to_datetime(municipalities["population_as_of"]).dt.strftime("%Y-%m-%d"),
        }
    )
    grouped = facts.groupby("area_id")
    summed = grouped.agg(
        area_name=("area_name", "first"),
        # A sum with a gap in it would be a smaller number that looks like a whole one.
        population=("population", lambda column: column.sum(skipna=False)),
        area_km2=("area_km2", lambda column: column.sum(skipna=False)),
    )
    dates = interval(facts["area_id"], facts["date"])
    return summed.assign(population_as_of=dates.reindex(summed.index).fillna("")).reset_index()


def wide(tidy: pd.DataFrame) -> pd.DataFrame:
    """
    Turn figures into one row per area, for layers and classes.

    Parameters
    ----------
    tidy
        From `indicators`.

    Returns
    -------
    wide
        ``area_id``, ``area_name``, and per figure a column ``<indicator>`` or
        ``<indicator>_<group>`` (float, NaN: no figure; single types are left out, their
        groups are there), besides ``vacancy_rate_low``,
        ``vacancy_rate_high`` (Wilson, 95 %) and ``vacancy_rate_n`` (observations); areas
        in the order of ``tidy``, RangeIndex.
    """
    tidy = tidy[~tidy["group"].isin(TYPES)]
    names = tidy["indicator"] + np.where(tidy["group"] == "", "", "_" + tidy["group"])
    order = names.drop_duplicates()
    cells = tidy.assign(column=names)
    # Not pivot_table: it drops figures that no area has.
    table = cells.set_index(["area_id", "column"])["value"].unstack()  # noqa: PD010
    found = cells[["area_id", "area_name"]].drop_duplicates()
    rate = cells[names == "vacancy_rate"].set_index("area_id")
    result = found.set_index("area_id").join(table[list(order)])
    for part in ("low", "high", "n"):
        result[f"vacancy_rate_{part}"] = rate[part].astype(float)
    return result.reset_index()

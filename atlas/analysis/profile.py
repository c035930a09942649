"""Everything of one municipality's page: its figures, its rank, its states, what to re-check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas import vocabulary as v
from atlas.analysis.facts import DEMOLISHED, lean
from atlas.analysis.indicators import REGION, By, indicators
from atlas.query import age_class
from atlas.query.coverage import NOT_OBSERVED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import geopandas as gpd

_LEVELS: Final[tuple[By, ...]] = ("municipality", "district", "region")
RANKED: Final = (
    ("spaces_per_10000", ""), ("spaces_per_10000", "creative_site"),
    ("spaces_per_10000", "key_property"), ("spaces_per_km2", ""), ("effective_types", ""),
)  # fmt: skip
"""
Figures that a rank among the municipalities is given for. Not the vacancy rate: with a
handful of observations each, its order would be that of chance.
"""


@dataclass(frozen=True)
class Figures:
    """
    The figures of all areas, computed once for all profiles.

    Attributes
    ----------
    municipality, district, region
        From `atlas.analysis.indicators.indicators`.
    """

    municipality: pd.DataFrame
    district: pd.DataFrame
    region: pd.DataFrame

    @classmethod
    def of(
        cls,
        spaces: pd.DataFrame,
        municipalities: gpd.GeoDataFrame,
        *,
        today: dt.date,
        progress: Callable[[float], None] | None = None,
    ) -> Figures:
        """
        Compute the figures; parameters as for `atlas.analysis.indicators.indicators`.

        Parameters
        ----------
        progress
            Called with the share that is done, from 0 to 1.
        """
        found = {}
        rows = lean(spaces)
        for place, by in enumerate(_LEVELS, start=1):
            found[by] = indicators(rows, municipalities, by=by, today=today)
            if progress is not None:
                progress(place / len(_LEVELS))
        return cls(**found)


@dataclass(frozen=True)
class Profile:
    """
    What the page of a municipality shows.

    Attributes
    ----------
    ags, name, district_code, district_name
        The municipality; ``district_code`` is its own where it belongs to no Kreis.
    figures, district, region
        Rows of `Figures` for the municipality, its district and all municipalities.
    ranks
        One row per pair of `RANKED`: ``indicator``, ``group``, ``rank`` (1: highest; equal
        figures share the better rank), ``of`` (municipalities with a figure); without a
        figure ``rank`` is missing.
    states
        Rows per kind (index, codes of `atlas.vocabulary.KINDS`) and state of vacancy.
    spaces
        Positions in the table of all rows of the municipality, in its order.
    vacant
        Positions of key properties that are vacant or partly vacant, newest observation first.
    recheck
        Positions of observations older than a year or undated: undated first, then the
        oldest.
    """

    ags: str
    name: str
    district_code: str
    district_name: str
    figures: pd.DataFrame
    district: pd.DataFrame
    region: pd.DataFrame
    ranks: pd.DataFrame
    states: pd.DataFrame
    spaces: tuple[int, ...]
    vacant: tuple[int, ...]
    recheck: tuple[int, ...]

    @property
    def is_surveyed(self) -> bool:
        """Whether the table has a row of the municipality at all."""
        return bool(self.spaces)

    @property
    def standing(self) -> pd.Series:
        """Rows per kind that are not demolished: what the figures count."""
        return self.states.drop(columns=DEMOLISHED).sum(axis="columns")

    @property
    def demolished(self) -> pd.Series:
        """Rows per kind that are demolished."""
        return self.states[DEMOLISHED]


def profile(
    spaces: pd.DataFrame,
    municipalities: pd.DataFrame,
    ags: str,
    *,
    figures: Figures,
    today: dt.date,
) -> Profile:
    """
    Gather what is known of a municipality.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`; RangeIndex.
    municipalities
        ``ags``, ``name``, ``district_code``, ``district_name``.
    ags
        A key of ``municipalities``.
    figures
        Of the same table and day.
    today
        The day from which the age of an observation is counted.

    Raises
    ------
    KeyError
        If there is no such municipality.
    """
    town = municipalities.set_index("ags").loc[ags]
    rows = pd.DataFrame(spaces[spaces["ags"] == ags])
    return Profile(
        ags=ags,
        name=str(town["name"]),
        district_code=str(town["district_code"]),
        district_name=str(town["district_name"]),
        figures=_of(figures.municipality, ags),
        district=_of(figures.district, town["district_code"]),
        region=_of(figures.region, REGION),
        ranks=_ranks(figures.municipality, ags),
        states=_states(rows),
        spaces=tuple(rows.index),
        vacant=_vacant(rows),
        recheck=_recheck(rows, today),
    )


def _of(tidy: pd.DataFrame, area_id: object) -> pd.DataFrame:
    return tidy[tidy["area_id"] == area_id].reset_index(drop=True)


def _ranks(tidy: pd.DataFrame, ags: str) -> pd.DataFrame:
    found = []
    for indicator, group in RANKED:
        chosen = tidy[(tidy["indicator"] == indicator) & (tidy["group"] == group)]
        values = chosen.set_index("area_id")["value"]
        rank = values.rank(method="min", ascending=False)[ags]
        found.append((indicator, group, rank, int(values.notna().sum())))
    ranks = pd.DataFrame(found, columns=["indicator", "group", "rank", "of"])
    return ranks.astype({"rank": "Int64"})


def _states(rows: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(rows["kind"], rows["vacancy"])
    return counts.reindex(index=list(v.KINDS), columns=list(v.VACANCY)).fillna(0).astype("int64")


def _vacant(rows: pd.DataFrame) -> tuple[int, ...]:
    vacant = rows["vacancy"].isin(["vacant", "partly_vacant"]) & (rows["kind"] == "key_property")
    by = rows[vacant].sort_values(
        ["observed_day", "name", "space_id"], ascending=[False, True, True]
    )
    return tuple(by.index)


def _recheck(rows: pd.DataFrame, today: dt.date) -> tuple[int, ...]:
    stated = rows[~rows["vacancy"].isin(NOT_OBSERVED)]
    old = stated[age_class(stated["observed_day"], today=today) != "current"]
    by = old.sort_values(["observed_day", "name", "space_id"], na_position="first")
    return tuple(by.index)

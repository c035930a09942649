"""How much of each municipality the table knows, and how fresh it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.query.masks import age_class

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

NOT_OBSERVED: Final = ("unknown", "not_applicable")
"""States that nobody has observed, or can (quarters); they carry no date by design."""


def coverage(
    spaces: pd.DataFrame, municipalities: gpd.GeoDataFrame, *, today: dt.date
) -> pd.DataFrame:
    """
    Count per municipality what the table holds.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`.
    municipalities
        Columns ``ags``, ``name``, ``district_name``; one row each.
    today
        The day from which the age of an observation is counted.

    Returns
    -------
    counts
        One row per municipality, same order, RangeIndex: ``ags``, ``name``,
        ``district_name``, ``is_surveyed`` (has a row at all), ``rows``, ``located``,
        ``observable`` (rows that are no quarter), ``stated`` (rows whose vacancy somebody
        observed), ``dated`` (of those, with date), ``fresh`` (of those, at most a year
        old), ``oldest`` and ``newest`` (partial date as given, missing without dated row),
        and the shares ``located_share`` (of rows), ``stated_share`` (of observable rows),
        ``dated_share`` (of stated rows): NaN where there is nothing to divide by.
    """
    facts = pd.DataFrame(
        {
            "ags": spaces["ags"],
            "rows": 1,
            "located": spaces["x"].notna(),
            "observable": spaces["vacancy"] != "not_applicable",
            "stated": ~spaces["vacancy"].isin(NOT_OBSERVED),
            "fresh": age_class(spaces["observed_day"], today=today) == "current",
            "day": spaces["observed_day"],
            "date": spaces["observed_on"],
        }
    )
    facts["dated"] = facts["stated"] & facts["day"].notna()
    facts["fresh"] &= facts["dated"]
    names = ["rows", "located", "observable", "stated", "dated", "fresh"]
    keys = municipalities["ags"]
    counts = facts.groupby("ags")[names].sum().reindex(keys).fillna(0).astype("int64")
    dated = facts[facts["dated"]].sort_values(["day", "date"]).groupby("ags")["date"]
    days = dated.agg(oldest="first", newest="last").reindex(keys)
    table = municipalities[["ags", "name", "district_name"]].reset_index(drop=True)
    table = table.join(counts.reset_index(drop=True)).join(days.reset_index(drop=True))
    return _with_shares(pd.DataFrame(table))


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        is_surveyed=table["rows"] > 0,
        located_share=_share(table["located"], table["rows"]),
        stated_share=_share(table["stated"], table["observable"]),
        dated_share=_share(table["dated"], table["stated"]),
    )


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).astype(float)


def totals(table: pd.DataFrame) -> dict[str, int]:
    """Return the sums over all municipalities, and how many are surveyed."""
    names = ("rows", "located", "stated", "dated", "fresh")
    sums = {name: int(table[name].sum()) for name in names}
    return {"municipalities": len(table), "surveyed": int(table["is_surveyed"].sum()), **sums}

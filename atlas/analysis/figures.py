"""
How the figures of any set of areas are computed, whatever the areas are.

Sources: location quotient, Isard, Methods of Regional Analysis (1960), ch. 7; interval
of a share, Wilson, J. Am. Stat. Assoc. 22 (1927), 209; effective number of types (the
exponential of Shannon's entropy), Jost, Oikos 113 (2006), 363.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas import vocabulary as v
from atlas.analysis.extra import library
from atlas.analysis.facts import (
    CREATIVE_GROUPS,
    DEMOLISHED,
    FIGURE_COLUMNS,
    GROUPS,
    TYPE,
    Facts,
    narrow,
    only,
    rows_of,
)
from atlas.query.coverage import NOT_OBSERVED

if TYPE_CHECKING:
    import datetime as dt

VACANT: Final = ("vacant", "partly_vacant")
FULLY_VACANT: Final = "vacant"
"""Group of the vacancy rate that leaves partly vacant properties out of the numerator."""

SMALL_COUNT: Final = 10
"""Below ten, one place more or less changes a figure by more than a tenth."""
SMALL_EXPECTED: Final = 5.0
"""Cochran, Biometrics 10 (1954), 417: a quotient rests on at least five expected places."""
SMALL_OBSERVATIONS: Final = 20
"""Below twenty, the 95 % interval of a share of one half is wider than 40 percentage points."""


def compute(
    members: pd.DataFrame, areas: pd.DataFrame, *, reference: pd.DataFrame, today: dt.date
) -> pd.DataFrame:
    """
    Compute the figures of areas from the rows that lie in them.

    Parameters
    ----------
    members
        Rows of the table of `atlas.store.load` with ``area_id``; a row may stand in several
        areas. Rows of no known area are left out.
    areas
        ``area_id`` (unique), ``area_name``, ``population`` (NaN: not known),
        ``population_as_of``, ``area_km2``.
    reference
        The rows whose creative sites the location quotient compares with.
    today
        The day from which the age of an observation is counted.

    Returns
    -------
    tidy
        `FIGURE_COLUMNS`; areas as given, then as `INDICATORS` and `GROUPS`; RangeIndex.
    """
    keys = list(areas["area_id"])
    everywhere = narrow(reference.assign(area_id="x"), ["x"])
    facts = Facts(narrow(members, keys), areas, everywhere, today)
    parts = [
        *_counts(facts), _quotients(facts), *_vacancy(facts), _demolished(facts),
        *_coverage(facts), _age(facts), *_diversity(facts),
    ]  # fmt: skip
    tidy = pd.concat(parts, ignore_index=True)
    rank = {
        "area_id": {key: place for place, key in enumerate(areas["area_id"])},
        "indicator": {key: place for place, key in enumerate(v.INDICATORS)},
        "group": {key: place for place, key in enumerate(GROUPS)},
    }
    names = areas.set_index("area_id")["area_name"]
    ordered = tidy.sort_values(
        list(rank), key=lambda column: column.map(rank[str(column.name)]), kind="stable"
    )
    named = ordered.assign(area_name=ordered["area_id"].map(names))
    return named[list(FIGURE_COLUMNS)].reset_index(drop=True)


def _counts(facts: Facts) -> list[pd.DataFrame]:
    parts = [
        facts.sizes(facts.standing).to_frame(""),
        facts.table(facts.standing, "kind"),
        facts.table(facts.standing, "type_group"),
        facts.table(facts.standing, "type").add_prefix(TYPE),
    ]
    n = pd.concat(parts, axis=1)
    counts = only(n, facts.surveyed)
    nothing = pd.Series(np.nan, index=facts.keys)
    exact = pd.Series(data=False, index=facts.keys)
    small = (n < SMALL_COUNT) & counts.notna()
    found = [rows_of("spaces", GROUPS, value=counts, numerator=counts, denominator=nothing, n=n,
                   as_of=facts.read, is_small=exact)]  # fmt: skip
    for indicator, base, factor, as_of in (
        ("spaces_per_10000", "population", 10_000.0, facts.area("population_as_of")),
        ("spaces_per_km2", "area_km2", 1.0, facts.read),
    ):
        size = facts.area(base).astype(float)
        value = counts.mul(factor).div(size.where(size > 0), axis=0)
        found.append(rows_of(indicator, GROUPS, value=value, numerator=counts, denominator=size,
                             n=n, as_of=as_of, is_small=small & value.notna()))  # fmt: skip
    return found


def _quotients(facts: Facts) -> pd.DataFrame:
    whole = facts.reference
    whole = whole[(whole["kind"] == "creative_site") & (whole["vacancy"] != DEMOLISHED)]
    shares = whole["type_group"].value_counts(normalize=True)[list(CREATIVE_GROUPS)]
    sites = facts.sizes(facts.sites)
    here = facts.table(facts.sites, "type_group")[list(CREATIVE_GROUPS)]
    # Where the region has none of a group, there is nothing to compare with.
    expected = pd.DataFrame(
        np.outer(sites.where(sites > 0), shares.where(shares > 0)),
        index=facts.keys,
        columns=list(CREATIVE_GROUPS),
    )
    value = here / expected
    small = (expected < SMALL_EXPECTED) & value.notna()
    return rows_of("location_quotient", CREATIVE_GROUPS, value=value,
                 numerator=only(here, sites > 0), denominator=expected, n=sites,
                 as_of=facts.read, is_small=small)  # fmt: skip


def _vacancy(facts: Facts) -> list[pd.DataFrame]:
    members = facts.members
    # Neither unknown (nobody looked) nor demolished (nothing left to be vacant).
    observed = members["vacancy"].isin(v.VACANCY_SCALE) & (members["kind"] == "key_property")
    rows = members[observed]
    n = facts.sizes(rows)
    found = []
    for group, states in (("", VACANT), (FULLY_VACANT, (FULLY_VACANT,))):
        vacant = facts.sizes(rows[rows["vacancy"].isin(states)])
        low, high = wilson(vacant, n)
        found.append(rows_of("vacancy_rate", (group,), value=vacant / n.where(n > 0),
                           numerator=vacant.where(n > 0), denominator=n.where(n > 0), low=low,
                           high=high, n=n, as_of=facts.dates(rows, "observed_on"),
                           is_small=(n > 0) & (n < SMALL_OBSERVATIONS)))  # fmt: skip
    return found


def wilson(successes: pd.Series, trials: pd.Series) -> tuple[pd.Series, pd.Series]:
    """
    Return the 95 % interval of a share, without continuity correction.

    Parameters
    ----------
    successes, trials
        Counts, same index; 0 trials give NaN.

    Returns
    -------
    low, high
        Shares, index of ``trials``.
    """
    binomtest = library("scipy.stats").binomtest
    pairs = pd.DataFrame({"k": successes, "n": trials})
    distinct = pairs[pairs["n"] > 0].drop_duplicates()
    bounds = {(k, n): binomtest(int(k), int(n)).proportion_ci(0.95, method="wilson")
              for k, n in distinct.itertuples(index=False)}  # fmt: skip
    found = [bounds.get(pair, (np.nan, np.nan)) for pair in pairs.itertuples(index=False)]
    table = pd.DataFrame([tuple(pair) for pair in found], index=trials.index, columns=["l", "h"])
    return table["l"].astype(float), table["h"].astype(float)


def _demolished(facts: Facts) -> pd.DataFrame:
    n = facts.sizes(facts.members[facts.members["vacancy"] == DEMOLISHED])
    counts = n.where(facts.surveyed).astype(float)
    return rows_of("demolished", ("",), value=counts, numerator=counts,
                 denominator=facts.sizes(facts.members).where(facts.surveyed), n=n,
                 as_of=facts.read, is_small=pd.Series(data=False, index=facts.keys))  # fmt: skip


def _coverage(facts: Facts) -> list[pd.DataFrame]:
    table = facts.coverage
    found = []
    for name, whole in (("located", "rows"), ("stated", "observable"), ("dated", "stated")):
        size, value = table[whole], table[f"{name}_share"]
        found.append(rows_of(f"{name}_share", ("",), value=value,
                           numerator=table[name].where(size > 0),
                           denominator=size.where(size > 0), n=size, as_of=facts.read,
                           is_small=(size < SMALL_COUNT) & value.notna()))  # fmt: skip
    return found


def _age(facts: Facts) -> pd.DataFrame:
    members = facts.members
    stated = ~members["vacancy"].isin(NOT_OBSERVED)
    dated = members[stated & members["observed_day"].notna()]
    days = (pd.Timestamp(facts.today) - dated["observed_day"]).dt.days
    n = facts.sizes(dated)
    median = days.groupby(dated["area_id"]).median().reindex(facts.keys)
    return rows_of("observation_age_days", ("",), value=median,
                 numerator=pd.Series(np.nan, index=facts.keys), denominator=n.where(n > 0), n=n,
                 as_of=facts.dates(dated, "observed_on"),
                 is_small=(n > 0) & (n < SMALL_COUNT))  # fmt: skip


def _diversity(facts: Facts) -> list[pd.DataFrame]:
    entropy = library("scipy.stats").entropy
    counts = facts.table(facts.sites, "type")
    n = counts.sum(axis=1)
    some = counts[n > 0]
    shannon = pd.Series(entropy(some.to_numpy(), axis=1) if len(some) else [], index=some.index,
                        dtype=float).reindex(facts.keys)  # fmt: skip
    kinds = (counts > 0).sum(axis=1).where(n > 0)
    small = (n > 0) & (n < SMALL_COUNT)
    return [
        rows_of(name, ("",), value=value, numerator=kinds, denominator=n.where(n > 0), n=n,
              as_of=facts.read, is_small=small)
        for name, value in (("type_entropy", shannon), ("effective_types", shannon.map(np.exp)))
    ]  # fmt: skip

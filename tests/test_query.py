"""Filtering, counting and ordering, against the same thing spelled out row by row."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from query_fixtures import (
    ROWS,
    SPACES,
    TODAY,
    WORDS,
    few_filters,
    row_codes,
    row_passes,
    slow_apply,
)

from atlas import vocabulary as v
from atlas.query import (
    CODE_FIELDS,
    Filters,
    Near,
    Range,
    WordIndex,
    age_class,
    apply,
    facets,
    nearest,
    relaxations,
)
from atlas.query import order as ordered
from atlas.query.relax import MOST_OFFERS

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def passing(asked: Filters) -> list[bool]:
    return apply(SPACES, asked, today=TODAY, words=WORDS).tolist()


@SLOW
@given(few_filters())
def test_filtering_equals_the_filter_spelled_out(asked):
    assert passing(asked) == slow_apply(asked)


def test_the_sample_is_rich_enough_to_prove_something():
    """The companion: every option of the sample is there, and every field can exclude."""
    for name, field in CODE_FIELDS.items():
        present = {code for row in ROWS for code in row_codes(row, name)}
        assert len(present) >= 2, name
        for code in present:
            some = passing(Filters(**{name: frozenset([code])}))
            assert 0 < sum(some) < len(SPACES), (name, code)
        assert not field.codes or present <= set(field.codes)


def test_without_filters_every_row_passes_with_its_own_index():
    shuffled = SPACES.iloc[::-1]
    mask = apply(shuffled, Filters(), today=TODAY, words=WordIndex(shuffled))
    assert mask.all()
    assert mask.dtype == bool
    assert mask.index.tolist() == shuffled.index.tolist()


def test_an_empty_table_can_be_asked():
    nothing = SPACES.iloc[:0]
    words = WordIndex(nothing)
    asked = Filters(
        kinds=frozenset(["key_property"]), text="zeche", near=Near(51.45, 7.05), area=Range(1)
    )
    assert apply(nothing, asked, today=TODAY, words=words).empty
    counts = facets(nothing, asked, today=TODAY, words=words)
    assert counts["kinds"] == dict.fromkeys(v.KINDS, 0)
    assert counts["municipalities"] == {}
    assert words.vocabulary == []


@SLOW
@given(few_filters())
def test_facets_equal_applying_each_option(asked):
    counts = facets(SPACES, asked, today=TODAY, words=WORDS)
    assert list(counts) == list(CODE_FIELDS)
    for name, options in counts.items():
        others = asked.without(name)
        rows = [row for row in ROWS if row_passes(row, others)]
        for code, count in options.items():
            assert count == sum(code in row_codes(row, name) for row in rows), (name, code)


def test_facets_name_every_option_even_without_a_space():
    counts = facets(SPACES, Filters(), today=TODAY, words=WORDS)
    for name, field in CODE_FIELDS.items():
        if field.codes:
            assert tuple(counts[name]) == field.codes
    assert counts["kinds"]["creative_quarter"] > 0
    assert counts["types"]["prison"] == 0
    assert set(counts["municipalities"]) == set(SPACES["ags"])


def test_a_row_of_several_sectors_counts_for_each():
    counts = facets(SPACES, Filters(), today=TODAY, words=WORDS)["sectors"]
    assert counts["music"] == SPACES["sectors"].str.contains("music").sum()
    assert sum(counts.values()) > SPACES["sectors"].notna().sum()


AGES = [
    ("2026-11-22", "current"),
    ("2025-11-22", "current"),
    ("2025-11-21", "recheck"),
    ("2023-11-23", "recheck"),
    ("2023-11-22", "outdated"),
    ("2027-01-01", "current"),
    (None, "undated"),
]


@pytest.mark.parametrize(("day", "expected"), AGES)
def test_the_age_of_an_observation_turns_on_the_day(day, expected):
    days = pd.Series([pd.Timestamp(day)], dtype="datetime64[us]", index=[5])
    ages = age_class(days, today=dt.date(2026, 11, 22))
    assert ages.to_dict() == {5: expected}


def test_unknown_values_pass_a_range_only_if_asked():
    known = passing(Filters(rent=Range(4.5, 4.5, with_unknown=False)))
    both = passing(Filters(rent=Range(4.5, 4.5)))
    assert sum(known) == (SPACES["rent_eur_per_m2_month"] == 4.5).sum()
    assert sum(both) == sum(known) + SPACES["rent_eur_per_m2_month"].isna().sum()
    assert all(passing(Filters(rent=Range(with_unknown=False))))


NAN = float("nan")


@pytest.mark.parametrize(
    ("least", "most", "bounds", "expected"),
    [
        (20, 500, Range(100, 200), True),  # a part of it has any size between
        (20, 500, Range(500), True),
        (20, 500, Range(501), False),
        (20, 500, Range(None, 20), True),
        (20, 500, Range(None, 19), False),
        (NAN, 500, Range(100, 200), False),  # cannot be split, as far as anybody says
        (NAN, 500, Range(100, 500), True),
        (20, NAN, Range(10, 30, with_unknown=False), True),
        (20, NAN, Range(100, 200, with_unknown=False), False),
        (20, NAN, Range(100, 200), True),  # how far it goes up is unknown
        (20, NAN, Range(None, 10), False),  # but it does not go down
        (NAN, NAN, Range(100, 200), True),
        (NAN, NAN, Range(100, 200, with_unknown=False), False),
        (20, 500, Range(200, 100), False),  # nothing is above 200 and below 100
    ],
)
def test_a_space_that_can_be_split_offers_every_size_between(least, most, bounds, expected):
    sizes = SPACES.iloc[:1].assign(area_min_m2=float(least), area_m2=float(most))
    asked = Filters(area=bounds)
    assert apply(sizes, asked, today=TODAY, words=WordIndex(sizes)).tolist() == [expected]


def test_a_range_knows_that_it_is_reversed():
    assert Range(200, 100).is_reversed
    assert not Range(100, 100).is_reversed
    assert not Range(100).is_reversed


def test_a_text_without_letters_and_digits_restricts_nothing():
    assert not Filters(text="?! – …").is_active
    assert all(passing(Filters(text="?! – …")))
    assert Filters(text="u?").active_fields == ("text",)


@SLOW
@given(few_filters())
def test_what_to_relax_equals_dropping_every_set_of_filters(asked):
    def shown(dropped):
        kept = asked
        for name in dropped:
            kept = kept.without(name)
        return sum(passing(kept))

    found = relaxations(SPACES, asked, today=TODAY, words=WORDS)
    if shown(()):
        return  # something matches: nobody asks what to relax
    counts = [count for _, count in found]
    assert counts == sorted(counts, reverse=True)
    size = len(found[0][0])
    sets = {names: shown(names) for names in combinations(asked.active_fields, size)}
    helping = {names: count for names, count in sets.items() if count}
    assert dict(found).items() <= helping.items()
    assert len(found) == min(MOST_OFFERS, len(helping))
    fewer = combinations(asked.active_fields, size - 1)
    assert not any(shown(names) for names in fewer)


def test_an_empty_table_has_nothing_to_relax():
    nothing = SPACES.iloc[:0]
    asked = Filters(kinds=frozenset(["key_property"]))
    assert relaxations(nothing, asked, today=TODAY, words=WordIndex(nothing)) == []


def test_a_radius_includes_its_edge_and_never_a_space_without_coordinate():
    here = SPACES[SPACES["x"].notna()].iloc[0]
    centre = Near(here["lat"], here["lon"], 50)
    distance = ((SPACES["x"] - here["x"]) ** 2 + (SPACES["y"] - here["y"]) ** 2) ** 0.5
    farthest = distance.max()
    inside = passing(Filters(near=dataclasses.replace(centre, radius_m=int(farthest) + 1)))
    assert sum(inside) == SPACES["x"].notna().sum()
    assert passing(Filters(near=centre))[here.name]
    # 3-4-5: exactly 50 m away is inside, a decimetre further is not.
    moved = SPACES.assign(x=SPACES["x"].where(SPACES.index != 1, here["x"] + 30.0),
                          y=SPACES["y"].where(SPACES.index != 1, here["y"] + 40.0))  # fmt: skip
    assert apply(moved, Filters(near=centre), today=TODAY, words=WORDS)[1]
    moved.loc[1, "y"] += 0.1
    assert not apply(moved, Filters(near=centre), today=TODAY, words=WORDS)[1]


def test_the_shortlist_restricts_only_when_it_is_asked_to():
    ids = tuple(SPACES["space_id"].iloc[[3, 1]])
    assert all(passing(Filters(shortlist=ids)))
    assert sum(passing(Filters(shortlist=ids, only_shortlist=True))) == 2
    assert sum(passing(Filters(only_shortlist=True))) == 0


@SLOW
@given(few_filters(), st.sampled_from(["name", "distance", "age", "size"]))
def test_ordering_keeps_the_chosen_rows_and_puts_unknown_last(asked, by):
    mask = apply(SPACES, asked, today=TODAY, words=WORDS)
    here = Near(51.45, 7.15)
    rows = ordered(SPACES, mask, by=by, near=here)
    assert sorted(rows) == [position for position, chosen in enumerate(mask) if chosen]
    listed = SPACES.iloc[rows]
    x, y = here.xy
    values = {
        "name": pd.Series(0, index=listed.index),
        "distance": (listed["x"] - x) ** 2 + (listed["y"] - y) ** 2,
        "age": -(listed["observed_day"] - pd.Timestamp(0)).dt.days,
        "size": -listed["area_m2"],
    }[by]
    assert values.dropna().is_monotonic_increasing
    assert values.isna().is_monotonic_increasing
    for _, tied in listed.groupby(values, dropna=False):
        folded = [name.casefold().replace("ü", "u") for name in tied["name"]]
        assert folded == sorted(folded)


def test_ties_go_by_name_then_key_and_umlauts_sort_as_their_vowel():
    spaces = pd.DataFrame({
        "name": ["Zwei", "Öl", "Ofen", "Öl"],
        "space_id": ["1", "3", "0", "2"],
        "area_m2": [1.0, 1.0, 1.0, 1.0],
    })  # fmt: skip
    mask = pd.Series([True] * 4)
    assert ordered(spaces, mask, by="size") == [2, 3, 1, 0]
    assert ordered(spaces, mask, by="distance") == [2, 3, 1, 0]  # without a centre: by name


def test_neighbours_are_the_nearest_with_a_coordinate_and_never_the_space_itself():
    spaces = pd.DataFrame({"x": [0.0, 30.0, None, 3.0], "y": [0.0, 40.0, None, 4.0]})
    assert nearest(spaces, 0, limit=5) == [(3, 5.0), (1, 50.0)]
    assert nearest(spaces, 0, limit=1) == [(3, 5.0)]
    assert nearest(spaces, 2, limit=5) == []

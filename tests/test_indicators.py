"""Figures of areas: computed by hand, what divides by what, what is missing, what is small."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
from build_fixtures import table
from core_fixtures import TOWNS
from hypothesis import given, settings
from hypothesis import strategies as st
from indicator_fixtures import MIDDLE, TODAY, WEST, hand_table, property_, tables

from atlas import vocabulary as v
from atlas.analysis.facts import CREATIVE_GROUPS, FIGURE_COLUMNS, GROUPS, TYPE, TYPES, interval
from atlas.analysis.figures import (
    SMALL_COUNT,
    SMALL_EXPECTED,
    SMALL_OBSERVATIONS,
    compute,
    wilson,
)
from atlas.analysis.indicators import REGION, areas, indicators, wide

COUNTS = ("spaces", "demolished")


@pytest.fixture(scope="module")
def tidy() -> pd.DataFrame:
    return indicators(hand_table(), TOWNS, by="municipality", today=TODAY)


def figure(tidy: pd.DataFrame, area: str, indicator: str, group: str = "") -> pd.Series:
    found = tidy[
        (tidy["area_id"] == area) & (tidy["indicator"] == indicator) & (tidy["group"] == group)
    ]
    assert len(found) == 1
    return found.iloc[0]


def test_there_is_one_row_per_area_indicator_and_group_in_the_order_of_the_lists(
    tidy: pd.DataFrame,
) -> None:
    assert list(tidy.columns) == list(FIGURE_COLUMNS)
    assert not tidy.duplicated(["area_id", "indicator", "group"]).any()
    assert list(tidy["area_id"].unique()) == sorted(TOWNS["ags"])
    assert list(tidy["indicator"].unique()) == list(v.INDICATORS)
    first = tidy[(tidy["area_id"] == WEST) & (tidy["indicator"] == "spaces")]
    assert tuple(first["group"]) == GROUPS
    assert tidy.index.equals(pd.RangeIndex(len(tidy)))


# Area, indicator, group → value, numerator, denominator, observations; worked out by hand.
BY_HAND = {
    (WEST, "spaces", ""): (7, 7, None, 7),
    (WEST, "spaces", "key_property"): (4, 4, None, 4),
    (WEST, "spaces_per_10000", ""): (7000, 7, 10, 7),
    (WEST, "spaces_per_10000", "studio"): (2000, 2, 10, 2),
    (WEST, "spaces", "type_church"): (2, 2, None, 2),
    (WEST, "spaces_per_10000", "type_church"): (2000, 2, 10, 2),
    (WEST, "spaces_per_km2", "type_colliery"): (1, 1, 1, 1),
    (WEST, "spaces", "type_shop"): (1, 1, None, 1),
    (WEST, "spaces", "type_museum"): (0, 0, None, 0),
    (WEST, "spaces_per_km2", "creative_site"): (3, 3, 1, 3),
    (MIDDLE, "spaces_per_km2", ""): (1, 2, 2, 2),
    # Two of three sites are studios here, two of four in the region: (2/3) / (2/4).
    (WEST, "location_quotient", "studio"): (4 / 3, 2, 1.5, 3),
    (MIDDLE, "location_quotient", "stage"): (2, 1, 0.5, 1),
    (MIDDLE, "location_quotient", "studio"): (0, 0, 0.5, 1),
    # Vacant and partly vacant of three observed; unknown and demolished stand outside.
    (WEST, "vacancy_rate", ""): (2 / 3, 2, 3, 3),
    (WEST, "vacancy_rate", "vacant"): (1 / 3, 1, 3, 3),
    (WEST, "demolished", ""): (1, 1, 8, 1),
    (WEST, "located_share", ""): (2 / 8, 2, 8, 8),
    (WEST, "stated_share", ""): (7 / 8, 7, 8, 8),
    (WEST, "dated_share", ""): (6 / 7, 6, 7, 7),
    # Ages in days: 10, 730, 365, 10, 10, 10.
    (WEST, "observation_age_days", ""): (10, None, 6, 6),
    (MIDDLE, "observation_age_days", ""): (20, None, 1, 1),
    # Two studios and a theatre: −(2/3 ln 2/3 + 1/3 ln 1/3).
    (WEST, "type_entropy", ""): (0.6365141682948128, 2, 3, 3),
    (WEST, "effective_types", ""): (1.8898815748423097, 2, 3, 3),
}


@pytest.mark.parametrize("key", BY_HAND, ids=lambda key: "-".join(filter(None, key)))
def test_figures_are_those_worked_out_by_hand(
    tidy: pd.DataFrame, key: tuple[str, str, str]
) -> None:
    found = figure(tidy, *key)
    given = [None if pd.isna(found[c]) else found[c] for c in ("value", "numerator", "denominator")]
    assert [*given, found["n"]] == [pytest.approx(x) if x else x for x in BY_HAND[key]]


def test_every_figure_is_of_a_date(tidy: pd.DataFrame) -> None:
    assert figure(tidy, WEST, "spaces_per_10000")["as_of"] == "2018-12-31"
    assert figure(tidy, WEST, "spaces_per_km2")["as_of"] == "2026-11-22"
    assert figure(tidy, WEST, "vacancy_rate")["as_of"] == "2024-11-22/2026-11-12"
    assert figure(tidy, MIDDLE, "observation_age_days")["as_of"] == "2026-11-02"
    assert figure(tidy, MIDDLE, "vacancy_rate")["as_of"] == ""  # nobody observed any


def test_an_unobserved_place_is_never_counted_as_not_vacant() -> None:
    one = property_("w/1", vacancy="vacant")
    unseen = [property_(f"w/u{n}", vacancy="unknown", observed_on="") for n in range(5)]
    for rows in ([one], [one, *unseen]):
        rate = figure(indicators(table(*rows), TOWNS, by="municipality", today=TODAY), WEST,
                      "vacancy_rate")  # fmt: skip
        assert (rate["value"], rate["n"]) == (1, 1)
    nobody = figure(indicators(table(*unseen), TOWNS, by="municipality", today=TODAY), WEST,
                    "vacancy_rate")  # fmt: skip
    assert math.isnan(nobody["value"])
    assert nobody["n"] == 0


def test_a_demolished_place_is_counted_as_such_and_nowhere_else(tidy: pd.DataFrame) -> None:
    without = hand_table().query("vacancy != 'demolished'").reset_index(drop=True)
    fewer = indicators(without, TOWNS, by="municipality", today=TODAY)
    for indicator in ("spaces", "spaces_per_10000", "vacancy_rate", "type_entropy"):
        assert figure(fewer, WEST, indicator)["value"] == figure(tidy, WEST, indicator)["value"]
    assert figure(tidy, WEST, "demolished")["value"] == 1
    assert figure(fewer, WEST, "demolished")["value"] == 0


def test_an_area_without_a_row_has_no_figure_at_all(tidy: pd.DataFrame) -> None:
    nobody = tidy[tidy["area_name"] == "Osthausen"]
    assert len(nobody) == len(tidy) / 3
    assert nobody["value"].isna().all()
    assert nobody["numerator"].isna().all()
    assert not nobody["is_small"].any()


def test_a_surveyed_area_without_a_group_has_a_zero(tidy: pd.DataFrame) -> None:
    assert figure(tidy, MIDDLE, "spaces", "studio")["value"] == 0
    assert figure(tidy, MIDDLE, "spaces", "studio")["numerator"] == 0


def test_where_the_region_has_none_of_a_group_there_is_no_quotient(tidy: pd.DataFrame) -> None:
    assert math.isnan(figure(tidy, WEST, "location_quotient", "gallery")["value"])


def test_the_region_and_the_districts_are_sums(tidy: pd.DataFrame) -> None:
    region = indicators(hand_table(), TOWNS, by="region", today=TODAY)
    assert set(region["area_id"]) == {REGION}
    total = figure(region, REGION, "spaces_per_10000")
    assert (total["numerator"], total["denominator"]) == (9, 60)
    assert figure(region, REGION, "location_quotient", "studio")["value"] == 1
    east = figure(indicators(hand_table(), TOWNS, by="district", today=TODAY), "05001", "spaces")
    assert east["area_name"] == "Kreis Ost"
    assert east["value"] == figure(tidy, MIDDLE, "spaces")["value"]


def test_inhabitants_of_several_dates_are_named_as_such() -> None:
    mixed = TOWNS.assign(population_as_of=["2018-12-31", "2018-12-31", "2019-12-31"])
    found = areas(mixed, by="district").set_index("area_id")
    assert found.loc["05001", "population_as_of"] == "2018-12-31/2019-12-31"
    assert found.loc["05000", "population_as_of"] == "2018-12-31"


def test_unknown_inhabitants_give_no_figure_and_no_smaller_sum() -> None:
    gap = TOWNS.assign(population=[10.0, math.nan, 30.0])
    found = indicators(hand_table(), gap, by="district", today=TODAY)
    assert math.isnan(figure(found, "05001", "spaces_per_10000")["value"])
    assert figure(found, "05000", "spaces_per_10000")["value"] == 7000


# Newcombe, Statistics in Medicine 17 (1998), 857, table I, method 3.
PUBLISHED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
             (1, 29, 0.0061, 0.1718)]  # fmt: skip


@pytest.mark.parametrize(("vacant", "observed", "low", "high"), PUBLISHED)
def test_the_interval_is_the_published_one(
    vacant: int, observed: int, low: float, high: float
) -> None:
    found = wilson(pd.Series([vacant]), pd.Series([observed]))
    assert [float(side.iloc[0]) for side in found] == pytest.approx([low, high], abs=5e-5)


def test_nothing_observed_has_no_interval() -> None:
    low, high = wilson(pd.Series([0, 1]), pd.Series([0, 2]))
    assert math.isnan(low.iloc[0])
    assert 0 < low.iloc[1] < high.iloc[1] < 1
    assert high.iloc[0] != high.iloc[0]


def test_the_interval_holds_the_rate_and_nothing_else_has_one(tidy: pd.DataFrame) -> None:
    rates = tidy[tidy["indicator"] == "vacancy_rate"].dropna(subset="value")
    assert (rates["low"] <= rates["value"]).all()
    assert (rates["value"] <= rates["high"]).all()
    assert tidy.loc[tidy["indicator"] != "vacancy_rate", ["low", "high"]].isna().all(axis=None)


def many(count: int, **values: str) -> pd.DataFrame:
    rows = [property_(f"w/{number}", **values) for number in range(count)]
    return indicators(table(*rows), TOWNS, by="municipality", today=TODAY)


@pytest.mark.parametrize(
    ("indicator", "bound"),
    [("spaces_per_10000", SMALL_COUNT), ("spaces_per_km2", SMALL_COUNT),
     ("located_share", SMALL_COUNT), ("observation_age_days", SMALL_COUNT),
     ("vacancy_rate", SMALL_OBSERVATIONS)],
)  # fmt: skip
def test_a_figure_below_its_bound_is_small_and_at_the_bound_is_not(
    indicator: str, bound: int
) -> None:
    assert figure(many(bound - 1), WEST, indicator)["is_small"]
    assert not figure(many(bound), WEST, indicator)["is_small"]


def test_the_reasons_of_the_bounds_hold() -> None:
    low, high = wilson(pd.Series([SMALL_OBSERVATIONS // 2]), pd.Series([SMALL_OBSERVATIONS]))
    assert float(high.iloc[0] - low.iloc[0]) == pytest.approx(0.4, abs=0.01)
    assert pytest.approx(0.1) == 1 / SMALL_COUNT
    assert SMALL_EXPECTED == 5


def test_a_quotient_is_small_where_few_places_are_expected(tidy: pd.DataFrame) -> None:
    assert figure(tidy, WEST, "location_quotient", "studio")["is_small"]
    sites = hand_table().query("kind == 'creative_site'")
    often = pd.concat([sites] * 10, ignore_index=True)
    found = indicators(often, TOWNS, by="municipality", today=TODAY)
    assert figure(found, WEST, "location_quotient", "studio")["denominator"] == 15
    assert not figure(found, WEST, "location_quotient", "studio")["is_small"]


def test_the_wide_table_has_a_row_per_area_and_a_column_per_figure(tidy: pd.DataFrame) -> None:
    table_ = wide(tidy)
    assert list(table_["area_id"]) == sorted(TOWNS["ags"])
    west = table_.set_index("area_id").loc[WEST]
    assert west["spaces_per_10000_studio"] == 2000
    assert west["vacancy_rate"] == pytest.approx(2 / 3)
    assert west["vacancy_rate_n"] == 3
    assert west["vacancy_rate_low"] < west["vacancy_rate"] < west["vacancy_rate_high"]
    assert table_["location_quotient_gallery"].isna().all()
    assert table_.columns.is_unique
    assert {f"location_quotient_{group}" for group in CREATIVE_GROUPS} <= set(table_)
    assert not {f"spaces_{code}" for code in TYPES} & set(table_), "a layer has the groups"


def test_the_types_of_a_group_add_up_to_it(tidy: pd.DataFrame) -> None:
    counts = tidy[tidy["indicator"] == "spaces"].set_index(["area_id", "group"])["value"]
    for ags in (WEST, MIDDLE):
        for group in v.TYPE_GROUPS:
            members = [f"{TYPE}{code}" for code, term in v.TYPES.items() if term.group == group]
            assert counts[ags][members].sum() == counts[ags][group]


@settings(max_examples=15, deadline=None)
@given(tables())
def test_counts_of_municipalities_sum_to_those_of_district_and_region(spaces: pd.DataFrame) -> None:
    by = {by: indicators(spaces, TOWNS, by=by, today=TODAY)
          for by in ("municipality", "district", "region")}  # fmt: skip
    towns = by["municipality"]
    codes = dict(zip(TOWNS["ags"], TOWNS["district_code"], strict=True))
    for level, key in (("district", towns["area_id"].map(codes)), ("region", REGION)):
        counted = towns[towns["indicator"].isin([*COUNTS, "vacancy_rate", "dated_share"])]
        sums = counted.assign(key=key).groupby(["key", "indicator", "group"])["numerator"].sum()
        whole = by[level].set_index(["area_id", "indicator", "group"])["numerator"].fillna(0)
        assert (whole.reindex(sums.index) == sums).all()


@settings(max_examples=10, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_municipalities_changes_nothing(
    spaces: pd.DataFrame, random: object
) -> None:
    rows, towns = list(range(len(spaces))), list(range(len(TOWNS)))
    random.shuffle(rows)
    random.shuffle(towns)
    shuffled = spaces.iloc[rows].reset_index(drop=True)
    for by in ("municipality", "district"):
        pd.testing.assert_frame_equal(
            indicators(spaces, TOWNS, by=by, today=TODAY),
            indicators(shuffled, TOWNS.iloc[towns], by=by, today=TODAY),
        )


@settings(max_examples=10, deadline=None)
@given(tables())
def test_shares_and_quotients_are_numerator_by_denominator(spaces: pd.DataFrame) -> None:
    tidy = indicators(spaces, TOWNS, by="municipality", today=TODAY)
    for indicator, factor in (("spaces_per_10000", 10_000), ("spaces_per_km2", 1),
                              ("location_quotient", 1), ("vacancy_rate", 1), ("dated_share", 1),
                              ("located_share", 1), ("stated_share", 1)):  # fmt: skip
        rows = tidy[tidy["indicator"] == indicator].dropna(subset="value")
        quotients = factor * rows["numerator"] / rows["denominator"]
        assert quotients.to_numpy() == pytest.approx(rows["value"].to_numpy())


def test_the_arguments_stay_as_they_were() -> None:
    spaces, towns = hand_table(), TOWNS.copy()
    before = spaces.copy()
    indicators(spaces, towns, by="district", today=TODAY)
    pd.testing.assert_frame_equal(pd.DataFrame(spaces), pd.DataFrame(before))
    pd.testing.assert_frame_equal(pd.DataFrame(towns), pd.DataFrame(TOWNS))


def test_a_row_may_stand_in_several_areas() -> None:
    rows = pd.DataFrame(hand_table())
    both = pd.concat([rows.assign(area_id="a"), rows.assign(area_id="b")])
    known = pd.DataFrame({"area_id": ["b", "a"], "area_name": ["B", "A"], "population": math.nan,
                          "population_as_of": "", "area_km2": 1.0})  # fmt: skip
    found = compute(both, known, reference=rows, today=TODAY)
    assert list(found["area_id"].unique()) == ["b", "a"]
    assert figure(found, "a", "spaces")["value"] == figure(found, "b", "spaces")["value"] == 9
    assert math.isnan(figure(found, "a", "spaces_per_10000")["value"])


def test_an_interval_is_first_and_last_date_as_given() -> None:
    keys = pd.Series(["a", "a", "b", "c"])
    found = interval(keys, pd.Series(["2020-03", "2019", "2024", None], dtype="str"))
    assert found.to_dict() == {"a": "2019/2020-03", "b": "2024"}


def test_every_indicator_and_column_is_documented() -> None:
    page = (Path(__file__).parents[1] / "docs" / "indicators.md").read_text("utf-8")
    for name in (*v.INDICATORS, *FIGURE_COLUMNS):
        assert f"`{name}`" in page
    assert "`no_such_indicator`" not in page

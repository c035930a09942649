"""Places side by side: which there are, what lies in a circle, what stays missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from build_fixtures import table
from core_fixtures import TOWNS, located, row
from hypothesis import given, settings
from hypothesis import strategies as st
from indicator_fixtures import MIDDLE, TODAY, WEST, property_, site

from atlas.analysis.compare import comparable, compare
from atlas.analysis.indicators import indicators
from atlas.schema import space_id

if TYPE_CHECKING:
    import geopandas as gpd

# A thousandth of a degree is 111 m to the north.
QUARTER = row("w/q", name="Quartier Nord", kind="creative_quarter", type="quarter",
              vacancy="not_applicable", observed_on="", programme_status="current",
              **located(51.45, 7.05, coordinate_precision="district",
                        coordinate_uncertainty_m="500"))  # fmt: skip
LOOSE = row("w/l", name="Quartier ohne Lage", kind="creative_quarter", type="quarter",
            vacancy="not_applicable", observed_on="", programme_status="current")  # fmt: skip
KEY = space_id("curated", "w/q")
ROWS = (
    QUARTER,
    LOOSE,
    property_("w/in", vacancy="vacant", **located(51.453, 7.05)),  # 334 m
    site("w/in2", "studio", **located(51.45, 7.051)),  # 70 m
    # 556 m, but only known to 100 m: it may lie inside
    site("w/edge", "theatre", **located(51.455, 7.05, coordinate_uncertainty_m="100")),
    site("w/out", "theatre", **located(51.458, 7.05)),  # 890 m
    site("w/unlocated", "theatre"),
)


@pytest.fixture(scope="module")
def spaces() -> gpd.GeoDataFrame:
    return table(*ROWS)


def value(figures: pd.DataFrame, key: str, indicator: str, group: str = "") -> float:
    rows = figures[(figures["area_id"] == key) & (figures["indicator"] == indicator)]
    return float(rows.loc[rows["group"] == group, "value"].iloc[0])


def test_municipalities_and_quarters_with_a_circle_can_be_compared(
    spaces: gpd.GeoDataFrame,
) -> None:
    places = comparable(spaces, TOWNS)
    assert list(places["name"]) == ["Mittelstadt", "Osthausen", "Westheim", "Quartier Nord"]
    assert list(places["level"]) == ["municipality"] * 3 + ["quarter"]
    assert places["key"].iloc[-1] == KEY
    assert places["municipality"].iloc[-1] == "Westheim"


def test_a_quarter_is_its_circle_measured_in_metres(spaces: gpd.GeoDataFrame) -> None:
    found = compare(spaces, TOWNS, [KEY], today=TODAY)
    area = found.areas.iloc[0]
    assert (area["standing"], area["uncertain"], area["radius_m"]) == (2, 1, 500)
    assert area["area_km2"] == pytest.approx(math.pi * 0.25)
    assert value(found.figures, KEY, "spaces") == 2
    assert value(found.figures, KEY, "spaces_per_km2") == pytest.approx(2 / (math.pi * 0.25))
    assert found.states.loc[KEY, "vacant"] == 1


def test_who_lives_in_a_circle_is_not_known_and_not_guessed(spaces: gpd.GeoDataFrame) -> None:
    found = compare(spaces, TOWNS, [KEY, WEST], today=TODAY)
    assert math.isnan(value(found.figures, KEY, "spaces_per_10000"))
    assert value(found.figures, WEST, "spaces_per_10000") == 7000


def test_a_quarter_without_any_other_row_has_no_figures() -> None:
    found = compare(table(QUARTER), TOWNS, [KEY], today=TODAY)
    assert found.areas["standing"].iloc[0] == 0
    assert found.figures["value"].isna().all()


def test_what_is_demolished_is_counted_apart_from_what_the_figures_count() -> None:
    gone = property_("w/gone", vacancy="demolished", **located(51.451, 7.05))
    found = compare(table(*ROWS, gone), TOWNS, [WEST, KEY, MIDDLE], today=TODAY)
    assert list(found.areas["demolished"]) == [1, 1, 0]
    for area in found.areas.to_dict("records")[:2]:
        assert area["standing"] == value(found.figures, area["area_id"], "spaces")


def test_places_keep_the_order_asked_for_and_unknown_keys_are_left_out(
    spaces: gpd.GeoDataFrame,
) -> None:
    found = compare(spaces, TOWNS, [KEY, "05999999", WEST, KEY, "", MIDDLE], today=TODAY)
    assert list(found.areas["area_id"]) == [KEY, WEST, MIDDLE]
    assert list(found.figures["area_id"].unique()) == [KEY, WEST, MIDDLE]
    assert list(found.states.index) == [KEY, WEST, MIDDLE]
    nothing = compare(spaces, TOWNS, [], today=TODAY)
    assert nothing.areas.empty
    assert nothing.figures.empty


def test_a_municipality_has_the_figures_of_the_indicators(spaces: gpd.GeoDataFrame) -> None:
    alone = indicators(spaces, TOWNS, by="municipality", today=TODAY)
    found = compare(spaces, TOWNS, [WEST, KEY], today=TODAY).figures
    pd.testing.assert_frame_equal(
        found[found["area_id"] == WEST].reset_index(drop=True),
        alone[alone["area_id"] == WEST].reset_index(drop=True),
    )


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(len(ROWS))))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    rows = table(*ROWS)
    shuffled = rows.iloc[order].reset_index(drop=True)
    one, other = (compare(given, TOWNS, [WEST, KEY], today=TODAY) for given in (rows, shuffled))
    pd.testing.assert_frame_equal(one.areas, other.areas)
    pd.testing.assert_frame_equal(one.figures, other.figures)
    pd.testing.assert_frame_equal(one.states, other.states)

"""The profile of a municipality: its rows, its rank, what stands empty, what to re-check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from build_fixtures import table
from core_fixtures import TOWNS
from indicator_fixtures import EAST, HAND_ROWS, MIDDLE, TODAY, WEST, hand_table, property_

from atlas.analysis.profile import RANKED, Figures, Profile, profile

if TYPE_CHECKING:
    import geopandas as gpd


def profiles(spaces: gpd.GeoDataFrame, ags: str) -> Profile:
    figures = Figures.of(spaces, TOWNS, today=TODAY)
    return profile(spaces, TOWNS, ags, figures=figures, today=TODAY)


@pytest.fixture(scope="module")
def west() -> Profile:
    return profiles(hand_table(), WEST)


def test_it_names_the_municipality_and_holds_its_figures_and_those_around_it(
    west: Profile,
) -> None:
    assert (west.name, west.district_name) == ("Westheim", "Westheim")
    assert set(west.figures["area_id"]) == {WEST}
    assert set(west.district["area_id"]) == {west.district_code}
    assert len(west.region) == len(west.figures) == len(west.district)


def test_states_are_counted_by_kind(west: Profile) -> None:
    assert west.states.loc["key_property", "vacant"] == 1
    assert west.states.loc["creative_site", "vacant"] == 1
    assert west.states.loc["creative_quarter"].sum() == 0
    assert west.states.to_numpy().sum() == len(west.spaces) == 8


def test_what_stands_is_what_the_figures_count_and_the_rest_is_demolished(west: Profile) -> None:
    counts = west.figures[west.figures["indicator"] == "spaces"].set_index("group")["value"]
    assert west.standing.sum() == counts[""] == 7
    assert dict(west.standing) == dict(counts[list(west.standing.index)])
    assert dict(west.demolished) == {"creative_quarter": 0, "key_property": 1, "creative_site": 0}


def test_vacant_key_properties_come_newest_first_and_a_vacant_site_is_none(
    west: Profile,
) -> None:
    refs = hand_table()["source_ref"].iloc[list(west.vacant)]
    assert list(refs) == ["w/1", "w/2"]


def test_what_is_undated_or_old_is_to_be_checked_and_what_nobody_observed_is_not(
    west: Profile,
) -> None:
    refs = hand_table()["source_ref"].iloc[list(west.recheck)]
    # w/5 was observed exactly 365 days ago, which still counts as fresh
    assert list(refs) == ["w/3", "w/2"]


def test_the_rank_is_among_the_municipalities_with_a_figure(west: Profile) -> None:
    ranks = west.ranks.set_index(["indicator", "group"])
    assert list(ranks.index) == list(RANKED)
    assert tuple(ranks.loc[("spaces_per_10000", "")]) == (1, 2)
    middle = profiles(hand_table(), MIDDLE).ranks.set_index(["indicator", "group"])
    assert tuple(middle.loc[("spaces_per_10000", "")]) == (2, 2)


def test_equal_figures_share_the_better_rank() -> None:
    rows = [property_("w/1"), property_("m/1", municipality="Mittelstadt"),
            property_("m/2", municipality="Mittelstadt")]  # fmt: skip
    for ags in (WEST, MIDDLE):
        ranks = profiles(table(*rows), ags).ranks.set_index(["indicator", "group"])
        assert tuple(ranks.loc[("spaces_per_10000", "")]) == (1, 2)


def test_a_municipality_without_rows_has_no_figures_and_no_rank() -> None:
    east = profiles(hand_table(), EAST)
    assert not east.is_surveyed
    assert east.figures["value"].isna().all()
    assert east.ranks["rank"].isna().all()
    assert east.spaces == east.vacant == east.recheck == ()


def test_there_is_no_profile_of_a_municipality_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        profiles(table(*HAND_ROWS[:1]), "05999999")

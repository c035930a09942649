"""Hotspots of a whole table: what is found, what is said where nothing can be said."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hotspot_fixtures import REGION, SOUTH, TOWN_M, WEST, anywhere, around, joined, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas import vocabulary as v
from atlas.analysis import HotspotQuestion, Hotspots, hotspots
from atlas.errors import CrsError
from atlas.geo import WGS84

QUICK = HotspotQuestion(permutations=499)
FINE = HotspotQuestion(resolution=8, permutations=999)
NUMBERS = ["gi_z", "gi_p", "gi_q", "lisa_i", "lisa_p", "lisa_q"]


def planted(seed: int = 1) -> gpd.GeoDataFrame:
    """Return a random background of sites and one crowd in the middle of the region."""
    rng = np.random.default_rng(seed)
    return table(np.vstack([anywhere(150, rng), around(12_000, 12_000, 150, 1200, rng)]))


@pytest.fixture(scope="module")
def found() -> Hotspots:
    return hotspots(planted(), REGION, FINE)


def classes(answer: Hotspots) -> tuple[set[str], set[str]]:
    return set(answer.areas["hotspot"]), set(answer.areas["cluster"])


def test_a_planted_crowd_is_hot_and_nothing_far_from_it(found: Hotspots) -> None:
    hot = found.areas[found.areas["hotspot"] == "hot"]
    middle = gpd.GeoSeries.from_xy([WEST + 12_000], [SOUTH + 12_000], crs=hot.crs)[0]
    assert len(hot) >= 3
    assert (hot.distance(middle) < 2500).all()
    assert set(found.areas.loc[found.areas["cluster"] != "not_tested", "cluster"]) >= {"high_high"}
    assert (
        found.areas.loc[found.areas["density_per_km2"].idxmax(), "geometry"].distance(middle) < 1500
    )


def test_the_table_keeps_its_promises(found: Hotspots) -> None:
    areas = found.areas
    assert areas["area_id"].is_monotonic_increasing
    assert areas["count"].sum() == found.observations == 300
    assert areas["count"].dtype == areas["observed"].dtype == "Int64"
    assert set(areas["hotspot"]) <= set(v.HOTSPOT_CLASSES)
    assert set(areas["cluster"]) <= set(v.CLUSTER_CLASSES)
    tested = areas["hotspot"] != "not_tested"
    assert tested.sum() == found.tested
    assert areas.loc[tested, NUMBERS].notna().all(axis=None)
    assert areas.loc[~tested, NUMBERS].isna().all(axis=None)
    assert (areas["gi_q"] >= areas["gi_p"])[tested].all()
    assert ((areas["hotspot"] == "hot") == ((areas["gi_q"] <= 0.05) & (areas["gi_z"] > 0))).all()
    # Nothing is said of an area without a known site, or mostly outside the region.
    assert (areas.loc[tested, "count"] > 0).all()
    assert areas.loc[tested, "value"].notna().all()
    assert not found.too_few
    assert not found.is_constant


def test_the_same_question_gets_the_same_answer_and_another_seed_another(found: Hotspots) -> None:
    again = hotspots(planted(), REGION, FINE)
    pd.testing.assert_frame_equal(found.areas, again.areas)
    other = hotspots(planted(), REGION, HotspotQuestion(resolution=8, permutations=999, seed=2))
    assert not found.areas["gi_p"].equals(other.areas["gi_p"])


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(36)), shift=st.integers(0, 299))
def test_the_order_of_the_rows_changes_nothing(order: list[int], shift: int) -> None:
    spaces = planted()
    mixed = spaces.iloc[np.roll(np.random.default_rng(shift).permutation(300), shift)]
    first = hotspots(spaces, REGION, QUICK)
    second = hotspots(mixed, REGION.iloc[order], QUICK)
    pd.testing.assert_frame_equal(first.areas, second.areas)
    assert first.bandwidth_m == second.bandwidth_m


@pytest.mark.parametrize("unit", ["hexagon", "municipality"])
def test_an_empty_table_has_too_few_rows(unit: str) -> None:
    answer = hotspots(planted().iloc[:0], REGION, HotspotQuestion(unit=unit))
    assert answer.too_few
    assert answer.observations == answer.tested == 0
    assert classes(answer) == ({"not_tested"}, {"not_tested"})
    assert np.isnan(answer.bandwidth_m)
    assert answer.areas["density_per_km2"].isna().all()


def test_below_the_minimum_nothing_is_called_significant() -> None:
    rng = np.random.default_rng(3)
    crowd = around(12_000, 12_000, 29, 800, rng)
    answer = hotspots(table(crowd), REGION, QUICK)
    assert answer.too_few
    assert answer.minimum == 30
    assert classes(answer) == ({"not_tested"}, {"not_tested"})
    assert answer.areas["count"].sum() == 29
    # One more, and there is a test.
    enough = hotspots(table(np.vstack([crowd, anywhere(1, rng)])), REGION, QUICK)
    assert not enough.too_few
    assert enough.tested > 0


def test_few_areas_are_too_few_however_many_the_rows() -> None:
    answer = hotspots(planted(), REGION.iloc[:12], HotspotQuestion(unit="municipality"))
    assert answer.too_few
    assert answer.left_out["outside"] > 0
    assert answer.observations + answer.left_out["outside"] == 300


def test_all_rows_on_one_spot_are_counted_and_drawn_by_a_given_bandwidth() -> None:
    spot = table(np.tile([[WEST + 12_000, SOUTH + 12_000]], (50, 1)))
    answer = hotspots(spot, REGION, QUICK)
    assert answer.areas["count"].max() == 50
    assert np.isnan(answer.bandwidth_m)
    # Its own count is held fixed, and around it there is nothing: no hotspot of one address.
    assert answer.tested == 1
    assert "hot" not in classes(answer)[0]
    drawn = hotspots(spot, REGION, HotspotQuestion(permutations=99, bandwidth_m=800))
    assert drawn.areas["density_per_km2"].max() > 1


def test_equal_values_stand_out_nowhere() -> None:
    middles = REGION.centroid
    answer = hotspots(
        table(np.column_stack([middles.x, middles.y])), REGION, HotspotQuestion(unit="municipality")
    )
    assert answer.is_constant
    assert answer.tested == 36
    assert classes(answer) == ({"none"}, {"none"})
    assert (answer.areas["gi_p"] == 1).all()


def test_municipalities_are_compared_by_density_not_by_size() -> None:
    # One town four times as large, with four times as many sites: as dense as the others.
    big = REGION.iloc[[0, 1, 6, 7]].dissolve().assign(ags="05000000", name="Groß")
    towns = pd.concat([big, REGION.drop([0, 1, 6, 7])], ignore_index=True)
    middles = REGION.centroid
    spaces = table(np.column_stack([middles.x, middles.y]))
    spaces["ags"] = spaces["ags"].replace(dict.fromkeys(REGION["ags"][[1, 6, 7]], "05000000"))
    answer = hotspots(spaces, towns, HotspotQuestion(unit="municipality"))
    assert answer.areas["count"].max() == 4
    assert answer.areas["value"].tolist() == pytest.approx([1 / 16] * 33)
    assert classes(answer) == ({"none"}, {"none"})


def test_rows_without_location_count_for_their_municipality() -> None:
    spaces = planted()
    spaces.loc[:9, "geometry"] = None
    towns = hotspots(spaces, REGION, HotspotQuestion(unit="municipality", permutations=99))
    assert towns.observations == 300
    cells = hotspots(spaces, REGION, QUICK)
    assert cells.observations == 290
    assert cells.left_out == {"no_location": 10}


def test_inexact_places_are_left_out_of_small_cells() -> None:
    spaces = planted().assign(coordinate_uncertainty_m=1000.0)
    assert hotspots(spaces, REGION, QUICK).observations == 300
    fine = hotspots(spaces, REGION, FINE)
    assert fine.observations == 0
    assert fine.left_out == {"too_uncertain": 300}


def vacancies(seed: int = 5) -> gpd.GeoDataFrame:
    """Return properties all over the west; in the east nobody has looked."""
    rng = np.random.default_rng(seed)
    xy = anywhere(1200, rng)
    vacancy = rng.choice(["in_use", "vacant", "partly_vacant"], len(xy), p=[0.7, 0.2, 0.1])
    east = xy[:, 0] > WEST + 3 * TOWN_M
    return table(xy, kind="key_property", vacancy=np.where(east, "unknown", vacancy))


@pytest.mark.parametrize("unit", ["hexagon", "municipality"])
def test_where_nobody_looked_vacancy_is_not_tested(unit: str) -> None:
    answer = hotspots(
        vacancies(), REGION, HotspotQuestion(subject="vacant", unit=unit, permutations=199)
    )
    areas = answer.areas
    unseen = areas["observed"] == 0
    assert unseen.any()
    assert set(areas.loc[unseen, "hotspot"]) == {"not_tested"}
    assert set(areas.loc[unseen, "cluster"]) == {"not_tested"}
    assert areas.loc[unseen, "value"].isna().all()
    assert (areas["count"] <= areas["observed"]).all()
    assert answer.left_out["not_observed"] > 300
    if unit == "hexagon":
        assert answer.tested > 30


def test_what_nobody_looked_at_changes_no_result() -> None:
    question = HotspotQuestion(subject="vacant", permutations=199)
    spaces = vacancies()
    looked = spaces[spaces["vacancy"] != "unknown"]
    quarter = table(anywhere(50, np.random.default_rng(6)), kind="creative_quarter",
                    vacancy="not_applicable", prefix="q")  # fmt: skip
    first = hotspots(joined(spaces, quarter), REGION, question)
    pd.testing.assert_frame_equal(first.areas, hotspots(looked, REGION, question).areas)
    # If an unobserved property counted as "not vacant", the result would be another.
    wrong = spaces.assign(vacancy=spaces["vacancy"].replace("unknown", "in_use"))
    other = hotspots(wrong, REGION, question)
    assert other.tested > first.tested
    assert not other.areas["gi_p"].equals(first.areas["gi_p"])


def test_a_town_without_neighbour_is_not_tested() -> None:
    far = REGION.iloc[[0]].assign(ags="05999999", name="Insel")
    far = far.set_geometry(far.translate(xoff=100_000))
    towns = pd.concat([REGION, far], ignore_index=True)
    spaces = joined(planted(), table([[WEST + 100_500, SOUTH + 500]] * 40).assign(ags="05999999"))
    answer = hotspots(spaces, towns, HotspotQuestion(unit="municipality", permutations=99))
    island = answer.areas.set_index("area_id").loc["05999999"]
    assert island["count"] == 40
    assert island["hotspot"] == island["cluster"] == "not_tested"
    assert answer.tested == 36


def test_degrees_are_refused() -> None:
    with pytest.raises(CrsError):
        hotspots(planted().to_crs(WGS84), REGION, QUICK)
    with pytest.raises(CrsError):
        hotspots(planted(), REGION.to_crs(WGS84), QUICK)


def test_progress_rises_to_one_and_nothing_given_is_changed() -> None:
    spaces, towns = planted(), REGION.copy()
    told: list[float] = []
    hotspots(spaces, towns, QUICK, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    pd.testing.assert_frame_equal(spaces, planted())
    pd.testing.assert_frame_equal(towns, REGION)


def test_a_question_can_be_a_key() -> None:
    assert {HotspotQuestion(): 1}[HotspotQuestion()] == 1
    assert HotspotQuestion() != HotspotQuestion(subject="vacant")

"""Vacancy against energy, and whether creative sites cluster around vacant properties."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hotspot_fixtures import REGION, SOUTH, WEST, anywhere, around, joined, table
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas import vocabulary as v
from atlas.analysis import (
    Attraction,
    Energy,
    EnergyThresholds,
    HotspotQuestion,
    attraction,
    energy,
)
from atlas.analysis.attraction import RADII_M, labelled, sites_within
from atlas.analysis.hexagons import cells_of
from atlas.errors import CrsError
from atlas.geo import WGS84

ASKED = HotspotQuestion()
# Two places more than two rings apart, each with its own story: metres from the corner.
LIVELY, QUIET = (5_000, 5_000), (19_000, 19_000)


def properties(x: float, y: float, vacancy: str, n: int = 1, prefix: str = "p") -> gpd.GeoDataFrame:
    spot = [[WEST + x, SOUTH + y]] * n
    return table(spot, kind="key_property", vacancy=vacancy, prefix=prefix)


def sites(x: float, y: float, n: int) -> gpd.GeoDataFrame:
    return table([[WEST + x, SOUTH + y]] * n, prefix="c")


def class_at(answer: Energy, x: float, y: float) -> str:
    point = gpd.GeoSeries.from_xy([WEST + x], [SOUTH + y], crs=REGION.crs)
    cell = cells_of(point, resolution=answer.question.resolution)[0]
    return str(answer.areas.set_index("area_id").loc[cell, "energy_class"])


@pytest.mark.parametrize(
    ("place", "vacancy", "expected"),
    [
        (LIVELY, "vacant", "room_near_energy"),
        (LIVELY, "partly_vacant", "room_near_energy"),
        (LIVELY, "in_use", "energy_without_room"),
        (QUIET, "vacant", "room_without_energy"),
        (QUIET, "interim_use", "quiet"),
        (LIVELY, "unknown", "not_observed"),
        (QUIET, "unknown", "not_observed"),
        (QUIET, "demolished", "not_observed"),
    ],
)
def test_each_class(place: tuple[int, int], vacancy: str, expected: str) -> None:
    spaces = joined(sites(*LIVELY, n=5), properties(*place, vacancy))
    assert class_at(energy(spaces, REGION, ASKED), *place) == expected


def test_a_creative_site_in_use_is_no_proof_that_there_is_no_room() -> None:
    assert class_at(energy(sites(*LIVELY, n=9), REGION, ASKED), *LIVELY) == "not_observed"


def test_sites_in_the_next_hexagon_count_and_far_ones_do_not() -> None:
    spaces = joined(sites(*LIVELY, n=5), properties(LIVELY[0] + 2_400, LIVELY[1], "vacant"))
    answer = energy(spaces, REGION, ASKED)
    assert class_at(answer, LIVELY[0] + 2_400, LIVELY[1]) == "room_near_energy"
    # The cell and its six neighbours, all inside the region, see the five sites.
    assert (answer.areas["nearby"] == 5).sum() == 7
    assert answer.areas["nearby"].sum() == 35


def test_the_thresholds_decide() -> None:
    spaces = joined(sites(*LIVELY, n=5), properties(*LIVELY, "vacant", n=2))
    for thresholds, expected in [
        (EnergyThresholds(least=5), "room_near_energy"),
        (EnergyThresholds(least=6), "room_without_energy"),
        (EnergyThresholds(vacant=3), "energy_without_room"),
        (EnergyThresholds(least=6, vacant=3), "quiet"),
    ]:
        answer = energy(spaces, REGION, ASKED, thresholds=thresholds)
        assert class_at(answer, *LIVELY) == expected
        assert answer.energy_from == thresholds.least


def test_energy_is_relative_to_the_whole_table() -> None:
    spaces = table(anywhere(3000, np.random.default_rng(1)))
    answer = energy(spaces, REGION, ASKED)
    assert answer.energy_from > EnergyThresholds().least
    assert (answer.areas["nearby"] >= answer.energy_from).mean() == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize("unit", ["hexagon", "municipality"])
def test_the_counts_behind_the_classes_are_there(unit: str) -> None:
    rng = np.random.default_rng(2)
    vacancy = rng.choice(["vacant", "in_use", "unknown"], 200)
    spaces = joined(
        table(anywhere(100, rng)),
        table(anywhere(200, rng), kind="key_property", vacancy=vacancy, prefix="p"),
    )
    answer = energy(spaces, REGION, HotspotQuestion(unit=unit))
    areas = answer.areas
    assert areas["creative"].sum() == 100
    assert areas["vacant"].sum() == (vacancy == "vacant").sum()
    assert areas["observed"].sum() == (vacancy != "unknown").sum()
    assert set(areas["energy_class"]) <= set(v.ENERGY_CLASSES)
    assert ((areas["energy_class"] == "not_observed") == (areas["observed"] == 0)).all()
    assert answer.left_out["observed"] == {"not_observed": int((vacancy == "unknown").sum())}
    if unit == "municipality":
        assert (areas["nearby"] == areas["creative"]).all()


def test_an_empty_table_is_observed_nowhere() -> None:
    answer = energy(sites(*LIVELY, n=1).iloc[:0], REGION, ASKED)
    assert set(answer.areas["energy_class"]) == {"not_observed"}
    assert answer.energy_from == EnergyThresholds().least


def test_degrees_are_refused() -> None:
    spaces = sites(*LIVELY, n=1).to_crs(WGS84)
    with pytest.raises(CrsError):
        energy(spaces, REGION, ASKED)
    with pytest.raises(CrsError):
        attraction(spaces)


# Attraction


def town(n_vacant: int, *, near: bool, seed: int = 1) -> gpd.GeoDataFrame:
    """Return 120 observed properties, the vacant ones inside or outside the creative crowd."""
    rng = np.random.default_rng(seed)
    crowd = table(around(6_000, 6_000, 80, 1_000, rng), prefix="c")
    inside, outside = around(6_000, 6_000, 60, 1_000, rng), around(18_000, 18_000, 60, 1_000, rng)
    vacant = np.arange(60) < n_vacant
    empty, full = np.where(vacant, "vacant", "in_use"), np.full(60, "in_use")
    return joined(
        crowd,
        table(inside, kind="key_property", vacancy=empty if near else full, prefix="i"),
        table(outside, kind="key_property", vacancy=full if near else empty, prefix="o"),
    )


@pytest.mark.parametrize(("near", "verdict"), [(True, "attracted"), (False, "avoided")])
def test_planted_attraction_and_avoidance_are_found(near: bool, verdict: str) -> None:
    answer = attraction(town(40, near=near))
    assert answer.verdict == verdict
    assert answer.p_value == pytest.approx(1 / 200)
    outside = (answer.frame["observed"] > answer.frame["high"]) | (
        answer.frame["observed"] < answer.frame["low"]
    )
    assert outside.any()
    assert (answer.n_creative, answer.n_vacant, answer.n_observed) == (80, 40, 120)


def test_the_same_pattern_without_labels_is_no_attraction() -> None:
    # Creative sites crowd where properties are; but vacant and used ones are mixed at random.
    rng = np.random.default_rng(4)
    spaces = town(40, near=True)
    mixed = spaces.copy()
    mixed.loc[80:, "vacancy"] = rng.permutation(spaces.loc[80:, "vacancy"].to_numpy())
    answer = attraction(mixed)
    assert answer.verdict == "none"
    inside = answer.frame["observed"].between(answer.frame["low"], answer.frame["high"])
    assert inside.all()


def test_under_random_labels_the_level_is_kept() -> None:
    # 400 tests at 5 %: at most binom.ppf(0.999, 400, 0.05) = 35 rejections, and some at all.
    rng = np.random.default_rng(5)
    counts = np.cumsum(rng.poisson(2.0, (80, len(RADII_M))), axis=1).astype(float)
    rejected = 0
    for _ in range(400):
        vacant = rng.permutation(80) < 35
        rejected += labelled(counts, vacant, permutations=39, rng=rng).verdict != "none"
    assert 5 <= rejected <= 35


def test_the_band_belongs_to_the_p_value() -> None:
    rng = np.random.default_rng(6)
    counts = np.cumsum(rng.poisson(1.5, (60, len(RADII_M))), axis=1).astype(float)
    for _ in range(60):
        found = labelled(counts, rng.permutation(60) < 30, permutations=199, rng=rng)
        left = (found.frame["observed"] > found.frame["high"]) | (
            found.frame["observed"] < found.frame["low"]
        )
        if abs(found.p_value - 0.05) > 0.006:  # a tie with the critical value may go either way
            assert left.any() == (found.verdict != "none")


def test_the_counts_are_those_of_the_distances() -> None:
    rng = np.random.default_rng(7)
    places, homes = table(anywhere(50, rng)), table(anywhere(40, rng))
    found = sites_within(places, homes, radii_m=RADII_M)
    gaps = np.array([places.distance(home) for home in homes.geometry])
    expected = np.column_stack([(gaps <= radius).sum(axis=1) for radius in RADII_M])
    assert (found == expected).all()
    # Divided by the intensity of the sites it is the cross-K function.
    assert (np.diff(found, axis=1) >= 0).all()


@pytest.mark.parametrize(("vacant", "sites_left"), [(29, 80), (40, 29)])
def test_few_observations_give_no_answer(vacant: int, sites_left: int) -> None:
    spaces = town(vacant, near=True)
    answer = attraction(joined(spaces.iloc[:sites_left], spaces.iloc[80:]))
    assert answer.too_few
    assert answer.verdict == "not_tested"
    assert np.isnan(answer.p_value)
    assert answer.frame.empty
    assert list(answer.frame) == ["radius_m", "observed", "low", "high", "expected"]


def test_an_empty_table_gives_no_attraction() -> None:
    assert attraction(town(1, near=True).iloc[:0]).too_few


def test_unobserved_properties_change_no_attraction() -> None:
    spaces = town(40, near=True)
    unseen = table(anywhere(90, np.random.default_rng(8)), kind="key_property",
                   vacancy="unknown", prefix="u")  # fmt: skip
    first, second = attraction(spaces), attraction(joined(spaces, unseen))
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert second.left_out["observed"] == {"not_observed": 90}
    seen = attraction(joined(spaces, unseen.assign(vacancy="in_use")))
    assert not seen.frame["expected"].equals(first.frame["expected"])


def test_a_vacant_creative_site_does_not_find_itself() -> None:
    spaces = town(40, near=True)
    spaces.loc[0, "vacancy"] = "vacant"
    answer = attraction(spaces)
    assert (answer.n_creative, answer.n_vacant) == (80, 40)


def test_all_on_one_coordinate_is_no_attraction() -> None:
    spaces = town(40, near=True)
    spot = spaces.set_geometry([spaces.geometry[0]] * len(spaces))
    answer = attraction(spot)
    assert answer.verdict == "none"
    assert answer.p_value == 1
    assert (answer.frame["observed"] == 80).all()


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(200)))
def test_the_order_of_the_rows_changes_no_attraction(order: list[int]) -> None:
    first, second = attraction(TOWN), attraction(TOWN.iloc[order])
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert first.p_value == second.p_value


TOWN = town(35, near=True, seed=9)


def test_beyond_a_size_a_sample_stands_in_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = attraction(town(40, near=True))
    monkeypatch.setattr(attraction_module_of(whole), "SAMPLE", 70)
    answer = attraction(town(40, near=True))
    assert answer.is_sampled
    assert not whole.is_sampled
    assert (answer.n_creative, answer.n_observed) == (80, 120)
    assert answer.verdict == "attracted"
    # What the sample counts is scaled up to all sites.
    np.testing.assert_allclose(answer.frame["expected"], whole.frame["expected"], rtol=0.25)


def attraction_module_of(answer: Attraction) -> object:
    import sys

    return sys.modules[type(answer).__module__]


def test_progress_rises_to_one() -> None:
    for analysis in (
        lambda tell: energy(TOWN, REGION, ASKED, progress=tell),
        lambda tell: attraction(TOWN, progress=tell),
    ):
        told: list[float] = []
        analysis(told.append)
        assert told == sorted(told)
        assert told[-1] == pytest.approx(1)

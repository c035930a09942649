"""The stated uncertainty is what is measured on addresses of known position."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from atlas.geocode import ACCURACY
from scripts import measure_geocoding as measuring

if TYPE_CHECKING:
    import pandas as pd

FEW = 50
STEP_M = 50
STEP_RADII = 0.05


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    return measuring.measure()


def fits(table: pd.DataFrame, method: str) -> bool:
    """Say whether the stated uncertainty is the 95th percentile of the half that sets it."""
    row = table[(table["method"] == method) & (table["group"] == "fit")].iloc[0]
    accuracy = ACCURACY[method]
    if accuracy.per_radius:
        return 0 <= accuracy.per_radius - row["p95_per_radius"] < STEP_RADII
    if method == "similar_stop":
        # Too few: at least as much as for the stop of the very name.
        return row["p95_m"] <= accuracy.uncertainty_m >= ACCURACY["stop_in_area"].uncertainty_m
    return bool(0 <= accuracy.uncertainty_m - row["p95_m"] < STEP_M)


def test_at_least_two_hundred_addresses_are_measured_in_each_common_way(
    cases: pd.DataFrame,
) -> None:
    assert cases["ref"].nunique() > 1500
    whole = measuring.figures(cases.assign(all="all"), by="all").set_index("method")["n"]
    assert whole[["stop_in_area", "stop_in_town", "postcode", "online_building"]].min() > 200


@pytest.mark.parametrize("method", [name for name, worth in ACCURACY.items() if worth.measured])
def test_the_stated_uncertainty_is_what_one_half_measures(cases: pd.DataFrame, method: str) -> None:
    assert fits(measuring.figures(cases, by="half"), method)


def test_another_uncertainty_would_be_noticed(cases: pd.DataFrame) -> None:
    table = measuring.figures(cases, by="half")
    table["p95_m"] += 100
    table["p95_per_radius"] -= 0.1
    assert not any(fits(table, name) for name in ("stop_in_area", "stop_in_town", "postcode"))


def test_the_other_half_keeps_the_statement(cases: pd.DataFrame) -> None:
    table = measuring.figures(cases, by="half")
    common = table[(table["group"] == "test") & (table["n"] >= FEW)]
    assert set(common["method"]) == {"stop_in_area", "stop_in_town", "postcode", "online_building"}
    assert common["within"].min() >= 0.93


def test_nothing_of_the_gazetteer_measures_itself(cases: pd.DataFrame) -> None:
    offline = cases[cases["asked"] != "nominatim"]
    same_place = offline[(offline["error_m"] < 1) & (offline["method"] != "")]
    assert same_place.empty


def test_the_halves_are_told_apart_by_the_address(cases: pd.DataFrame) -> None:
    assert cases.groupby(["sample", "ref"])["half"].nunique().max() == 1
    assert 0.4 < cases["half"].eq("fit").mean() < 0.6


def test_the_document_shows_these_figures(cases: pd.DataFrame) -> None:
    assert measuring.write(measuring.document(cases), check=True)
    assert not measuring.write("other figures", check=True)


def test_the_document_names_the_right_number_of_addresses(cases: pd.DataFrame) -> None:
    text = " ".join(measuring.DOCUMENT.read_text("utf-8").split())
    counts = cases.groupby("sample")["ref"].nunique()
    with_street = cases[cases["has_street"]].groupby("sample")["ref"].nunique()
    assert f"{counts['schools']:,} schools" in text
    assert f"{counts['registry']} rows of `data/spaces.csv`" in text
    assert f"({with_street['registry']} of them with a street)" in text
    assert f"{counts['stations']} railway stations" in text

"""Coverage of the municipalities: what is counted, what divides by what, what is a gap."""

from __future__ import annotations

import datetime as dt
import math

import geopandas as gpd
import pandas as pd
import pytest

from atlas.geo import WGS84
from atlas.query.coverage import coverage, totals

TODAY = dt.date(2026, 11, 22)
TOWNS = gpd.GeoDataFrame(
    {
        "ags": ["05913000", "05911000", "05170004"],
        "name": ["Dortmund", "Bochum", "Alpen"],
        "district_name": ["Dortmund", "Bochum", "Wesel"],
    },
    geometry=gpd.GeoSeries([None, None, None], crs=WGS84),
)


def spaces(*rows: tuple[str, float | None, str, str | None]) -> pd.DataFrame:
    """Return rows of key, easting, vacancy and observation."""
    frame = pd.DataFrame(list(rows), columns=["ags", "x", "vacancy", "observed_on"])
    starts = frame["observed_on"].map(lambda text: (text + "-01-01")[:10], na_action="ignore")
    return frame.assign(
        x=frame["x"].astype(float), observed_day=pd.to_datetime(starts).astype("datetime64[us]")
    )


TABLE = spaces(
    ("05913000", 1.0, "vacant", "2026-06-01"),
    ("05913000", None, "in_use", "2019"),
    ("05913000", 2.0, "vacant", None),
    ("05913000", 3.0, "unknown", "2020"),
    ("05911000", 4.0, "not_applicable", None),
)


@pytest.fixture
def counted() -> pd.DataFrame:
    return coverage(TABLE, TOWNS, today=TODAY).set_index("name")


def test_every_municipality_has_one_row_in_their_order(counted: pd.DataFrame) -> None:
    assert list(counted.index) == ["Dortmund", "Bochum", "Alpen"]


def test_rows_locations_states_and_dates_are_counted(counted: pd.DataFrame) -> None:
    names = ["rows", "located", "stated", "dated", "fresh"]
    assert list(counted.loc["Dortmund", names]) == [4, 3, 3, 2, 1]


def test_oldest_and_newest_are_as_exact_as_given_and_of_observed_states_only(
    counted: pd.DataFrame,
) -> None:
    assert counted.loc["Dortmund", "oldest"] == "2019"
    assert counted.loc["Dortmund", "newest"] == "2026-06-01"
    assert pd.isna(counted.loc["Bochum", "oldest"])


def test_shares_divide_by_what_could_have_them(counted: pd.DataFrame) -> None:
    assert counted.loc["Dortmund", "located_share"] == pytest.approx(3 / 4)
    assert counted.loc["Dortmund", "stated_share"] == pytest.approx(3 / 4)
    assert counted.loc["Dortmund", "dated_share"] == pytest.approx(2 / 3)
    # a quarter has no vacancy, so there is nothing to divide by
    assert math.isnan(counted.loc["Bochum", "stated_share"])


def test_a_municipality_without_rows_is_not_surveyed_and_has_no_shares(
    counted: pd.DataFrame,
) -> None:
    assert not counted.loc["Alpen", "is_surveyed"]
    assert counted.loc["Alpen", "rows"] == 0
    assert math.isnan(counted.loc["Alpen", "located_share"])
    assert counted.loc["Bochum", "is_surveyed"]


def test_totals_sum_the_table_up(counted: pd.DataFrame) -> None:
    assert totals(counted.reset_index()) == {
        "municipalities": 3, "surveyed": 2, "rows": 5, "located": 4, "stated": 3, "dated": 2,
        "fresh": 1,
    }  # fmt: skip


def test_an_empty_table_leaves_every_municipality_unsurveyed() -> None:
    nothing = coverage(TABLE.iloc[:0], TOWNS, today=TODAY)
    assert not nothing["is_surveyed"].any()
    assert len(nothing) == len(TOWNS)

"""Rows whose figures can be computed by hand, and random tables, for the tests of the analyses."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
from build_fixtures import table
from core_fixtures import TOWNS, located, row
from hypothesis import strategies as st

from atlas import vocabulary as v

if TYPE_CHECKING:
    import geopandas as gpd

TODAY = dt.date(2026, 11, 22)
WEST, MIDDLE, EAST = "05000001", "05000002", "05000003"
SITE = {"kind": "creative_site", "vacancy": "in_use", "observed_on": "2026-11-12"}


def property_(ref: str, **values: str) -> dict[str, str]:
    """Return a key property in Westheim, vacant as observed ten days ago, unless said otherwise."""
    return row(ref, **{"observed_on": "2026-11-12", **values})


def site(ref: str, type_: str, **values: str) -> dict[str, str]:
    """Return a creative site in Westheim."""
    return row(ref, **{**SITE, "type": type_, **values})


# Westheim (10 inhabitants, 1 km²) and Mittelstadt (20, 2 km²); Osthausen has no row.
HAND_ROWS = (
    property_("w/1", type="colliery", vacancy="vacant", **located(51.45, 7.05)),
    property_("w/2", type="church", vacancy="partly_vacant", observed_on="2024-11-22"),
    property_("w/3", type="church", vacancy="in_use", observed_on=""),
    property_("w/4", type="shop", vacancy="unknown", observed_on=""),
    property_("w/5", type="shop", vacancy="demolished", observed_on="2025-11-22"),
    site("w/6", "studio", **located(51.46, 7.06)),
    site("w/7", "studio"),
    site("w/8", "theatre", vacancy="vacant"),
    site("m/1", "theatre", municipality="Mittelstadt", observed_on="2026-11-02"),
    row("m/2", kind="creative_quarter", type="quarter", vacancy="not_applicable", observed_on="",
        programme_status="current", municipality="Mittelstadt"),
)  # fmt: skip


def hand_table() -> gpd.GeoDataFrame:
    """Return the rows as a derived table."""
    return table(*HAND_ROWS)


_KIND_OF = {"key_property": ("colliery", "shop", "church"), "creative_site": ("studio", "theatre")}


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Return tables of what the figures read, of any distribution over the three towns."""
    size = draw(st.integers(0, 40))
    kinds = draw(st.lists(st.sampled_from(sorted(_KIND_OF)), min_size=size, max_size=size))
    types = [draw(st.sampled_from(_KIND_OF[kind])) for kind in kinds]
    states = [*v.VACANCY_SCALE, "unknown", "demolished"]
    days = ["2026-11-12", "2024", "2019-05"]
    cells = {
        "ags": st.sampled_from(list(TOWNS["ags"])), "vacancy": st.sampled_from(states),
        "observed_on": st.sampled_from([*days, None]),
        "x": st.sampled_from([None, 360_000.0, 361_000.0]),
    }  # fmt: skip
    drawn = {name: draw(st.lists(one, min_size=size, max_size=size)) for name, one in cells.items()}
    district = dict(zip(TOWNS["ags"], TOWNS["district_code"], strict=True))
    starts = [None if day is None else f"{day}-01-01"[:10] for day in drawn["observed_on"]]
    return pd.DataFrame(
        {
            **{name: pd.Series(drawn[name], dtype="str") for name in ("ags", "vacancy")},
            "observed_on": pd.Series(drawn["observed_on"], dtype="str"),
            "observed_day": pd.to_datetime(pd.Series(starts, dtype="str")).astype("datetime64[us]"),
            "district_code": pd.Series([district[ags] for ags in drawn["ags"]], dtype="str"),
            "kind": pd.Series(kinds, dtype="str"),
            "type": pd.Series(types, dtype="str"),
            "type_group": pd.Series([v.TYPES[code].group for code in types], dtype="str"),
            "x": pd.Series(drawn["x"], dtype="float64"),
            "retrieved_on": pd.Series(["2026-11-22"] * size, dtype="str"),
        }
    )

"""Which municipality a point lies in: borders, misses, order."""

from __future__ import annotations

import geopandas as gpd
import pytest
from core_fixtures import TOWNS
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from atlas.errors import CrsError
from atlas.geo import metric_xy, require_crs
from atlas.locate import assign_municipality

WEST, MIDDLE, EAST = TOWNS["ags"]


def points(*coordinates, index=None, crs="EPSG:4326"):
    geometry = [None if pair is None else Point(pair) for pair in coordinates]
    frame = {"name": [f"space {n}" for n in range(len(geometry))]}
    return gpd.GeoDataFrame(frame, geometry=geometry, index=index, crs=crs)


def keys(located):
    return [ags if isinstance(ags, str) else None for ags in located["ags"]]


def test_a_point_gets_the_municipality_that_it_lies_in():
    located = assign_municipality(points((7.05, 51.45), (7.15, 51.45), (7.25, 51.45)), TOWNS)
    assert keys(located) == [WEST, MIDDLE, EAST]


@pytest.mark.parametrize("towns", [TOWNS, TOWNS.iloc[::-1]])
def test_border_point_gets_exactly_one_municipality(towns):
    located = assign_municipality(points((7.1, 51.45), (7.2, 51.45)), towns)
    assert keys(located) == [WEST, MIDDLE]


def test_the_border_case_would_break_a_plain_join():
    """The companion: without the rule, n rows in are not n rows out."""
    assert len(points((7.1, 51.45)).sjoin(TOWNS, predicate="intersects")) == 2
    assert len(points((7.1, 51.45)).sjoin(TOWNS, predicate="within")) == 0


def test_outside_and_nowhere_get_no_key():
    located = assign_municipality(points((8.0, 51.45), None), TOWNS)
    assert keys(located) == [None, None]
    assert str(located["ags"].dtype) == "str"


def test_no_rows_are_no_rows():
    assert len(assign_municipality(points(), TOWNS)) == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([6.9, 7.0, 7.05, 7.1, 7.2, 7.3]),
                          st.sampled_from([51.4, 51.45, 51.5, 51.6])), max_size=12),
       st.randoms())  # fmt: skip
def test_rows_index_and_order_are_kept_and_the_order_of_towns_does_not_matter(pairs, random):
    index = random.sample(range(100), len(pairs))
    spaces = points(*pairs, index=index)
    located = assign_municipality(spaces, TOWNS)
    assert located.index.tolist() == index
    assert located["name"].tolist() == spaces["name"].tolist()
    assert "ags" not in spaces
    shuffled = TOWNS.sample(frac=1, random_state=random.randrange(9))
    assert keys(assign_municipality(spaces, shuffled)) == keys(located)


def test_metres_work_as_well_as_degrees():
    located = assign_municipality(points((7.05, 51.45)).to_crs(25832), TOWNS.to_crs(25832))
    assert keys(located) == [WEST]


@pytest.mark.parametrize(
    ("spaces_crs", "towns_crs"), [(None, "EPSG:4326"), ("EPSG:4326", None), (25832, "EPSG:4326")]
)
def test_a_missing_or_different_crs_is_refused(spaces_crs, towns_crs):
    towns = gpd.GeoDataFrame({"ags": TOWNS["ags"]}, geometry=TOWNS.geometry.array, crs=None)
    towns = towns.set_crs(towns_crs, allow_override=True) if towns_crs else _bare(towns)
    with pytest.raises(CrsError):
        assign_municipality(points((7.05, 51.45), crs=spaces_crs), towns)


def test_any_crs_will_do_where_none_is_expected_but_none_will_not():
    require_crs(points((7.05, 51.45), crs=31466), name="points")
    with pytest.raises(CrsError, match="points"):
        require_crs(points((7.05, 51.45), crs=None), name="points")
    with pytest.raises(CrsError, match="points"):
        metric_xy(points((7.05, 51.45), crs=None).geometry)


def _bare(frame):
    geometry = gpd.GeoSeries(list(frame.geometry), crs=None)
    return gpd.GeoDataFrame({"ags": frame["ags"]}, geometry=geometry)

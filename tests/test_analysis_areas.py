"""Which rows count, the hexagon grid, who is a neighbour, the kernel density."""

from __future__ import annotations

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hotspot_fixtures import REGION, SOUTH, TOWN_M, WEST, WIDTH, anywhere, joined, table
from shapely import box

from atlas.analysis import RESOLUTIONS, hexagons, metric, observed
from atlas.analysis import extra as extra_module
from atlas.analysis.areas import areas, counted, neighbours
from atlas.analysis.density import density_per_km2, scott_bandwidth_m, surface
from atlas.analysis.hexagons import cells_of, edge_length_m
from atlas.errors import ConfigError, CrsError
from atlas.geo import UTM32, WGS84

POINT = [[WEST + 100, SOUTH + 100]]


def row(**values: object) -> gpd.GeoDataFrame:
    return table(POINT, **values)


@pytest.mark.parametrize(
    ("subject", "kind", "vacancy", "expected"),
    [
        ("creative", "creative_site", "in_use", None),
        ("creative", "creative_site", "unknown", None),
        ("creative", "creative_site", "demolished", "demolished"),
        ("creative", "key_property", "in_use", "no row of the subject"),
        ("creative", "creative_quarter", "not_applicable", "no row of the subject"),
        ("vacant", "key_property", "vacant", None),
        ("vacant", "creative_site", "partly_vacant", None),
        ("vacant", "key_property", "in_use", "not_vacant"),
        ("vacant", "key_property", "unknown", "not_observed"),
        ("vacant", "key_property", "demolished", "demolished"),
        ("vacant", "creative_quarter", "not_applicable", "no row of the subject"),
        ("observed", "key_property", "in_use", None),
        ("observed", "key_property", "interim_use", None),
        ("observed", "creative_site", "vacant", None),
        ("observed", "key_property", "unknown", "not_observed"),
        # In the table because it is used: no observation that there is no room.
        ("observed", "creative_site", "in_use", "no row of the subject"),
    ],
)
def test_each_row_counts_or_is_left_out_for_a_reason(
    subject: str, kind: str, vacancy: str, expected: str | None
) -> None:
    found = observed(row(kind=kind, vacancy=vacancy), subject, max_uncertainty_m=100)
    assert len(found.points) == (expected is None)
    reasons = {} if expected in (None, "no row of the subject") else {expected: 1}
    assert dict(found.left_out) == reasons


def test_rows_without_exact_location_are_left_out_and_counted() -> None:
    spaces = joined(row(), row(uncertainty_m=101), row(uncertainty_m=np.nan), row())
    spaces.loc[3, "geometry"] = None
    found = observed(spaces, "creative", max_uncertainty_m=100)
    assert found.left_out == {"no_location": 1, "too_uncertain": 2}
    assert len(found.points) == 1
    everywhere = observed(spaces, "creative", max_uncertainty_m=None)
    assert len(everywhere.points) == 4
    assert everywhere.left_out == {}


def test_degrees_are_refused_and_converted() -> None:
    degrees = row().to_crs(WGS84)
    with pytest.raises(CrsError):
        observed(degrees, "creative", max_uncertainty_m=100)
    with pytest.raises(CrsError):
        hexagons(REGION.to_crs(WGS84), resolution=7)
    with pytest.raises(CrsError):
        areas(REGION.to_crs(WGS84), "municipality", resolution=7)
    with pytest.raises(CrsError):
        metric(gpd.GeoDataFrame(geometry=[None]))
    assert metric(degrees).crs == UTM32
    assert metric(row()).crs == UTM32


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_hexagons_cover_the_region_once(resolution: int) -> None:
    cells = hexagons(REGION, resolution=resolution)
    assert cells["area_id"].is_monotonic_increasing
    assert cells["area_id"].is_unique
    assert set(cells.geom_type) == {"Polygon"}
    assert cells.crs == UTM32
    assert cells["area_km2"].sum() == pytest.approx((WIDTH / 1000) ** 2, rel=2e-3)
    assert cells["inside"].between(0, 1).all()
    assert (cells["area_km2"] > 0).all()


def test_a_hexagon_is_named_after_its_largest_part() -> None:
    cells = hexagons(REGION, resolution=6)
    for _, cell in cells.iterrows():
        within = REGION.intersection(cell.geometry).area
        assert within[REGION["ags"] == cell["ags"]].item() == pytest.approx(within.max())


def test_the_order_of_the_towns_changes_no_hexagon() -> None:
    first = hexagons(REGION, resolution=7)
    second = hexagons(REGION.iloc[::-1], resolution=7)
    pd.testing.assert_frame_equal(first.drop(columns="geometry"), second.drop(columns="geometry"))


def test_a_grid_is_made_once_and_nobody_can_spoil_it_for_the_next() -> None:
    first = hexagons(REGION, resolution=7)
    untouched = first.copy()
    first["name"] = "spoilt"
    assert_geodataframe_equal(hexagons(REGION, resolution=7), untouched)
    renamed = REGION.assign(name="anders")
    assert set(hexagons(renamed, resolution=7)["name"]) == {"anders"}
    smaller = REGION.iloc[:6].reset_index(drop=True)
    assert len(hexagons(smaller, resolution=7)) < len(untouched)


def test_every_point_of_the_region_lies_in_a_hexagon_and_in_its_polygon() -> None:
    points = table(anywhere(500, np.random.default_rng(1)))
    cells = hexagons(REGION, resolution=7).set_index("area_id")
    found = cells_of(points.geometry, resolution=7)
    polygons = cells.geometry.loc[found].reset_index(drop=True)
    # A metre: H3's edges are great circles, drawn here as straight lines.
    assert (polygons.distance(points.geometry.reset_index(drop=True)) < 1).all()
    assert counted(found, pd.Series(cells.index)).sum() == 500


def test_the_bound_of_the_uncertainty_keeps_a_place_within_the_ring() -> None:
    cells = hexagons(REGION, resolution=7)
    middle = cells.distance(REGION.union_all().centroid).idxmin()
    centre = cells["area_id"][middle]
    ring = cells[cells["area_id"].isin(h3.grid_disk(centre, 1))].union_all()
    cell = cells.geometry[middle]
    assert cell.distance(ring.exterior) == pytest.approx(edge_length_m(7), rel=0.15)


@pytest.mark.parametrize("unit", ["hexagon", "municipality"])
def test_neighbours_touch(unit: str) -> None:
    places = areas(REGION, unit, resolution=7)
    graph = neighbours(places, unit)
    assert graph.unique_ids.tolist() == places["area_id"].tolist()
    shapes = places.set_index("area_id").geometry
    first = places["area_id"][len(places) // 2]
    gaps = shapes.distance(shapes[first])
    touching = set(gaps.index[gaps < 1]) - {first}
    assert set(graph[first].index) == touching


def test_the_real_municipalities_are_one_piece() -> None:
    from atlas.settings import Settings
    from atlas.store import MUNICIPALITIES_FILE, read_boundaries

    towns = metric(read_boundaries(Settings().data_dir / MUNICIPALITIES_FILE))
    places = areas(towns, "municipality", resolution=7)
    graph = neighbours(places, "municipality")
    assert len(places) == 53
    assert graph.n_components == 1
    touching = towns.sindex.query(towns.buffer(1), predicate="intersects")
    assert graph.n_edges == touching.shape[1] - 53


def test_the_density_of_one_point_is_the_kernel() -> None:
    at = np.array([[0.0, 0], [1000, 0]])
    found = density_per_km2(np.zeros((1, 2)), at, bandwidth_m=1000)
    assert found == pytest.approx([1 / (2 * np.pi), np.exp(-0.5) / (2 * np.pi)], rel=1e-3)


def test_shared_places_weigh_as_often_as_they_are_shared() -> None:
    at = np.array([[300.0, 400.0]])
    once = density_per_km2(np.zeros((1, 2)), at, bandwidth_m=500)
    assert density_per_km2(np.zeros((7, 2)), at, bandwidth_m=500) == pytest.approx(7 * once)


def test_the_density_sums_to_the_number_of_points() -> None:
    points = np.random.default_rng(2).normal(0, 2000, (400, 2))
    axis = np.arange(-20_000, 20_000, 500.0)
    grid = np.array(np.meshgrid(axis, axis)).reshape(2, -1).T
    found = density_per_km2(points, grid, bandwidth_m=1000)
    assert found.sum() * 0.25 == pytest.approx(400, rel=5e-3)


@pytest.mark.parametrize(("n", "error"), [(500, 1e-4), (6000, 0.01)])
def test_binning_changes_the_density_little(n: int, error: float) -> None:
    from sklearn.neighbors import KernelDensity

    points = np.random.default_rng(3).normal(0, 3000, (n, 2))
    at = np.random.default_rng(4).normal(0, 3000, (50, 2))
    exact = np.exp(KernelDensity(bandwidth=800).fit(points).score_samples(at)) * n * 1e6
    found = density_per_km2(points, at, bandwidth_m=800)
    assert np.abs(found - exact).max() < error * exact.max()


def test_the_bandwidth_is_scotts() -> None:
    from scipy.stats import gaussian_kde

    points = np.random.default_rng(5).normal(0, 1000, (200, 2))
    sigma = np.sqrt(points.var(axis=0, ddof=1).mean())
    assert scott_bandwidth_m(points) == pytest.approx(gaussian_kde(points.T).factor * sigma)
    assert np.isnan(scott_bandwidth_m(np.ones((9, 2))))
    assert np.isnan(scott_bandwidth_m(np.ones((1, 2))))


def test_without_bandwidth_there_is_no_surface() -> None:
    places = areas(REGION, "hexagon", resolution=6)
    empty = gpd.GeoSeries([], crs=UTM32)
    found, bandwidth_m = surface(empty, places, "hexagon", None)
    assert np.isnan(found).all()
    assert np.isnan(bandwidth_m)
    found, bandwidth_m = surface(empty, places, "hexagon", 500)
    assert (found == 0).all()
    assert bandwidth_m == 500


def test_the_density_of_a_town_without_hexagon_centre_is_asked_inside_it() -> None:
    tiny = gpd.GeoDataFrame(
        {"area_id": ["a"]}, geometry=[box(WEST, SOUTH, WEST + 1, SOUTH + 1)], crs=UTM32
    )
    points = gpd.GeoSeries.from_xy([WEST], [SOUTH], crs=UTM32)
    found, _ = surface(points, tiny, "municipality", TOWN_M)
    assert found == pytest.approx([1 / (2 * np.pi * (TOWN_M / 1000) ** 2)], rel=1e-2)


def test_a_missing_library_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(extra_module.importlib, "import_module", refuse)
    unseen = REGION.assign(name="noch nie gefragt")  # a grid that is kept needs no library
    with pytest.raises(ConfigError, match=r"raumatlas-ruhr\[analysis\]"):
        hexagons(unseen, resolution=7)

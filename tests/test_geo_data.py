"""The shipped geodata: invariants of data/geo, and proof that each guard can fail."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "geo"
sys.path.insert(0, str(ROOT / "scripts"))

import build_geo  # noqa: E402
from geo import boundaries, inputs, places, stops, waterways  # noqa: E402
from geo.output import BuildError, to_checksums, to_geojson  # noqa: E402

LAYERS = sorted(path.name for path in DATA.glob("*.geojson"))
GAZETTEER = list(
    csv.DictReader(
        (DATA / "gazetteer.tsv").read_text("utf-8").splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
)
FORBIDDEN = re.compile(r"registry\.|pypi\.|npmjs|/(work|tmp|root)/|localhost")


@pytest.fixture(scope="module")
def municipalities() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "municipalities.geojson")


@pytest.fixture(scope="module")
def districts() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "districts.geojson")


def decimals(text: str) -> int:
    """Return the most decimals of a coordinate in a GeoJSON text."""
    geometries = re.findall(r'"coordinates":(.*?)\}', text)
    return max(len(digits) for part in geometries for digits in re.findall(r"\.(\d+)", part))


def overlap_and_gap_m2(areas: gpd.GeoDataFrame) -> tuple[float, int]:
    """Return the ground that is covered twice, and the number of holes between."""
    metric = areas.to_crs(25832).geometry
    union = metric.union_all()
    holes = sum(len(part.interiors) for part in shapely.get_parts(union))
    return float(metric.area.sum() - union.area), holes + len(shapely.get_parts(union)) - 1


def squares(*boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    codes = [f"0500000{i}" for i, _ in enumerate(boxes)]
    return gpd.GeoDataFrame({"ags": codes}, geometry=[shapely.box(*b) for b in boxes], crs=4326)


WHOLE = squares((7, 51, 7.1, 51.1), (7.1, 51, 7.2, 51.1))
OVERLAPPING = squares((7, 51, 7.1, 51.1), (7.05, 51, 7.2, 51.1))
TORN = squares((7, 51, 7.1, 51.1), (7.1001, 51, 7.2, 51.1))


# --- boundaries ----------------------------------------------------------------------


def test_there_are_53_municipalities_in_15_districts(
    municipalities: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> None:
    assert municipalities["ags"].is_unique
    assert (len(municipalities), len(districts)) == (53, 15)
    assert set(municipalities["district_code"]) == set(districts["district_code"])
    assert districts["municipalities"].sum() == 53


def test_keys_are_text_of_fixed_length_in_order(municipalities: gpd.GeoDataFrame) -> None:
    assert municipalities["ags"].str.fullmatch(r"05\d{6}").all()
    assert municipalities["ars"].str.fullmatch(r"05\d{10}").all()
    assert municipalities["ags"].is_monotonic_increasing
    assert (municipalities["ags"].str[:5] == municipalities["district_code"]).all()


@pytest.mark.parametrize("name", ["municipalities", "districts"])
def test_areas_are_valid_and_of_one_part(name: str) -> None:
    areas = gpd.read_file(DATA / f"{name}.geojson")
    assert areas.is_valid.all()
    assert set(areas.geom_type) == {"Polygon"}
    assert areas.crs == "EPSG:4326"


@pytest.mark.parametrize("name", ["municipalities", "districts"])
def test_areas_neither_overlap_nor_leave_gaps(name: str) -> None:
    areas = gpd.read_file(DATA / f"{name}.geojson")
    overlap, gaps = overlap_and_gap_m2(areas)
    assert overlap < 1
    assert gaps == 0
    assert shapely.coverage_is_valid(areas.geometry.array)


def test_the_overlap_guard_can_fail() -> None:
    assert overlap_and_gap_m2(WHOLE) == (pytest.approx(0, abs=1), 0)
    assert overlap_and_gap_m2(OVERLAPPING)[0] > 1e6
    assert overlap_and_gap_m2(TORN)[1] == 1


@pytest.mark.parametrize("areas", [OVERLAPPING, TORN], ids=["overlapping", "torn"])
def test_the_build_refuses_areas_that_do_not_meet(areas: gpd.GeoDataFrame) -> None:
    boundaries.check_coverage(WHOLE)
    with pytest.raises(BuildError):
        boundaries.check_coverage(areas)


def test_the_build_refuses_an_invalid_area() -> None:
    bow_tie = squares((7, 51, 7.1, 51.1))
    bow_tie.geometry = [shapely.Polygon([(7, 51), (7.1, 51.1), (7.1, 51), (7, 51.1)])]
    with pytest.raises(BuildError, match="05000000"):
        boundaries.check_coverage(bow_tie)


def test_districts_are_exactly_their_municipalities(
    municipalities: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> None:
    dissolved = boundaries.dissolve(municipalities)
    assert dissolved.geometry.geom_equals(districts.geometry).all()
    assert dissolved["population"].tolist() == districts["population"].tolist()


def test_drawn_areas_are_near_to_the_official_ones(municipalities: gpd.GeoDataFrame) -> None:
    drawn = municipalities.to_crs(25832).area / 1e6
    assert (drawn / municipalities["area_km2"] - 1).abs().max() < 0.025


def test_population_is_that_of_the_table(municipalities: gpd.GeoDataFrame) -> None:
    table = boundaries.read_population(DATA / "population.csv").set_index("ags")
    assert municipalities.set_index("ags")["population"].eq(table["population"]).all()
    assert municipalities["population"].sum() == table["population"].sum() > 5_000_000
    assert set(table["as_of"]) == {"2018-12-31"}


# --- files ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYERS)
def test_coordinates_have_at_most_five_decimals(name: str) -> None:
    assert decimals((DATA / name).read_text("utf-8")) <= 5


def test_the_decimals_guard_can_fail() -> None:
    assert decimals('{"coordinates":[7.123456,51.1]}') == 6


@pytest.mark.parametrize(("name", "ceiling"), sorted(build_geo.CEILINGS.items()))
def test_files_stay_small(name: str, ceiling: int) -> None:
    assert (DATA / name).stat().st_size <= ceiling


def test_the_size_guard_can_fail() -> None:
    files = dict.fromkeys(build_geo.CEILINGS, b"")
    build_geo._check_sizes(files)
    with pytest.raises(BuildError, match="labels"):
        build_geo._check_sizes({**files, "labels.geojson": b"x" * 50_001})


def test_checksums_are_those_of_the_files() -> None:
    lines = (DATA / "checksums.txt").read_text("utf-8").splitlines()
    listed = dict(reversed(line.split("  ")) for line in lines)
    assert set(listed) == set(build_geo.CEILINGS)
    assert to_checksums(DATA, listed).decode().splitlines() == lines


def test_the_checksum_guard_can_fail(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    before = to_checksums(tmp_path, ["a.txt"])
    assert before.decode() == f"{hashlib.sha256(b'a').hexdigest()}  a.txt\n"
    (tmp_path / "a.txt").write_bytes(b"b")
    assert to_checksums(tmp_path, ["a.txt"]) != before


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_carries_its_attribution(name: str) -> None:
    assert json.loads((DATA / name).read_text("utf-8"))["attribution"]


def committed_texts() -> list[Path]:
    built_by = [ROOT / "scripts" / "build_geo.py", *(ROOT / "scripts" / "geo").glob("*.*")]
    return [path for path in [*DATA.iterdir(), *built_by] if path.is_file()]


def test_no_file_names_a_registry_host_or_a_path_of_a_machine() -> None:
    named = {p.name: FORBIDDEN.findall(p.read_text("utf-8")) for p in committed_texts()}
    assert {name: found for name, found in named.items() if found} == {}


def test_the_host_guard_can_fail() -> None:
    assert FORBIDDEN.search("see https://registry.example/x")


def test_the_readme_names_every_file_and_every_input_hash() -> None:
    readme = (DATA / "README.md").read_text("utf-8")
    files = [path.name for path in DATA.iterdir() if path.name != "README.md"]
    wanted = [*files, *(package.sha256 for package in inputs.PACKAGES)]
    assert [text for text in wanted if text not in readme] == []


# --- gazetteer -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["municipality", "stop", "postcode"])
def test_every_municipality_has_itself_stops_and_a_postcode(
    municipalities: gpd.GeoDataFrame, kind: str
) -> None:
    assert {r["ags"] for r in GAZETTEER if r["kind"] == kind} == set(municipalities["ags"])


def test_the_build_refuses_a_municipality_without_a_stop() -> None:
    rows = [
        places.Row(kind, "X", "05000001", 51, 7, 100, "x") for kind in ("municipality", "postcode")
    ]
    places.check([*rows, places.Row("stop", "X", "05000001", 51, 7, 100, "x")], ["05000001"])
    with pytest.raises(BuildError, match="no stop"):
        places.check(rows, ["05000001"])


def test_every_place_lies_in_the_region_and_in_or_near_its_municipality(
    municipalities: gpd.GeoDataFrame,
) -> None:
    points = gpd.GeoSeries(
        gpd.points_from_xy(
            [float(r["lon"]) for r in GAZETTEER], [float(r["lat"]) for r in GAZETTEER]
        ),
        crs=4326,
    )
    region = municipalities.union_all()
    assert points.within(region).all()
    own = gpd.GeoSeries(
        municipalities.set_index("ags").geometry.loc[[r["ags"] for r in GAZETTEER]].array, crs=4326
    )
    assert points.to_crs(25832).distance(own.to_crs(25832)).max() <= places.BORDER_M


def test_places_are_unique_and_of_registered_sources() -> None:
    keys = [(r["kind"], r["name"], r["ags"], r["lat"], r["lon"]) for r in GAZETTEER]
    assert len(keys) == len(set(keys)) > 10_000
    assert {r["source"] for r in GAZETTEER} == {"db_stops", "db_stations", "geonames", "postcodes"}
    assert all(int(r["uncertainty_m"]) >= 100 for r in GAZETTEER)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Kampstr.", "Kampstraße"),
        ("Castroper Str./Markt", "Castroper Straße/Markt"),
        ("Münsterstr.1", "Münsterstraße 1"),
        ("Strandbad", "Strandbad"),
        ("Hauptstr. (Süd)", "Hauptstraße (Süd)"),
    ],
)
def test_street_names_are_written_out(short: str, full: str) -> None:
    assert places.full_street(short) == full


REGION = places.Region(
    WHOLE.assign(name=["Adorf", "Bestadt (Ruhr)"], population=[1, 2], district_code="05000")
)


def stop(name: str, lon: float, **products: bool) -> dict[str, Any]:
    return {"name": name, "location": {"latitude": 51.05, "longitude": lon}, "products": products}


def test_poles_of_one_stop_become_one_place_and_distant_namesakes_stay_two() -> None:
    poles = [
        stop("Markt, Adorf", 7.020, bus=True),
        stop("Markt, Adorf", 7.021, tram=True),
        stop("Markt, Adorf", 7.060),
        stop("Markt, Fernstadt", 8.0),
    ]
    rows = stops.stops(poles, REGION)
    assert [(row.name, row.lon, row.detail) for row in rows] == [
        ("Markt", 7.0205, "tram+bus"),
        ("Markt", 7.06, ""),
    ]


def test_a_stop_just_across_the_border_stays_with_the_town_it_is_named_after() -> None:
    near, far = stops.stops([stop("Grenze, Bestadt", 7.0995), stop("Mitte, Bestadt", 7.05)], REGION)
    assert (near.ags, far.ags) == ("05000001", "05000000")


def test_a_point_on_the_border_goes_to_the_smallest_key() -> None:
    assert REGION.assign([7.1, 7.15, 9.0], [51.05, 51.05, 51.05]).tolist() == [
        "05000000",
        "05000001",
        None,
    ]


def test_a_stop_that_repeats_a_railway_station_is_dropped() -> None:
    station = places.Row("station", "Adorf-West", "05000000", 51, 7, 100, "db_stations")
    twin = places.Row("stop", "Adorf West", "05000000", 51, 7, 100, "db_stops")
    assert places.without_doubles([twin, station]) == [station]


# --- base map ------------------------------------------------------------------------


def test_rivers_are_marked_as_schematic_with_a_note() -> None:
    rivers = gpd.read_file(DATA / "rivers.geojson")
    assert rivers["schematic"].all()
    assert rivers["note"].str.contains("nicht zum Messen").all()
    assert set(rivers["kind"]) == {"river", "canal"}
    assert rivers["name"].tolist() == [
        "Rhein",
        "Ruhr",
        "Lippe",
        "Emscher",
        "Rhein-Herne-Kanal",
        "Wesel-Datteln-Kanal",
        "Dortmund-Ems-Kanal",
        "Datteln-Hamm-Kanal",
    ]


RUHR_TOWNS = "Fröndenberg/Ruhr Schwerte Hagen Herdecke Wetter_(Ruhr) Witten Hattingen Essen"
COURSES = {
    "Rhein": "Duisburg Rheinberg Dinslaken Voerde_(Niederrhein) Wesel Xanten",
    "Ruhr": f"{RUHR_TOWNS} Mülheim_an_der_Ruhr Duisburg",
    "Lippe": "Hamm Werne Lünen Selm Datteln Haltern_am_See Marl Dorsten Schermbeck Hünxe Wesel",
    "Emscher": "Holzwickede Dortmund Castrop-Rauxel Recklinghausen Herne Gelsenkirchen Essen "
    "Bottrop Oberhausen Dinslaken",
    "Rhein-Herne-Kanal": "Duisburg Oberhausen Essen Gelsenkirchen Herne Castrop-Rauxel",
    "Wesel-Datteln-Kanal": "Wesel Hünxe Dorsten Marl Haltern_am_See Datteln",
    "Dortmund-Ems-Kanal": "Dortmund Waltrop Datteln",
    "Datteln-Hamm-Kanal": "Datteln Waltrop Lünen Bergkamen Hamm",
}


@pytest.mark.parametrize("name", COURSES)
def test_courses_pass_the_towns_they_are_known_for(
    municipalities: gpd.GeoDataFrame, name: str
) -> None:
    rivers = gpd.read_file(DATA / "rivers.geojson").to_crs(25832).set_index("name")
    near = municipalities.to_crs(25832).distance(rivers.geometry[name]) < 300
    expected = {town.replace("_", " ") for town in COURSES[name].split()}
    assert expected <= set(municipalities.loc[near, "name"])


@pytest.mark.parametrize(
    ("course", "left", "right"),
    [
        # Flowing down: a stop on the left bank, a stop on the right bank.
        ("Rhein", ("Rheinhausen", "05112000"), ("Duisburg Hbf", "05112000")),
        ("Rhein", ("Xanten", "05170052"), ("Wesel", "05170048")),
        ("Ruhr", ("Hattingen (Ruhr)", "05954016"), ("Bochum-Dahlhausen", "05911000")),
        ("Ruhr", ("Essen-Überruhr", "05113000"), ("Essen-Steele", "05113000")),
        ("Ruhr", ("Kettwig Stausee", "05113000"), ("Kettwig", "05113000")),
        ("Ruhr", ("Schwerte-Ergste", "05978028"), ("Schwerte (Ruhr)", "05978028")),
        ("Lippe", ("Dorsten", "05562012"), ("Hervest-Dorsten", "05562012")),
        ("Lippe", ("Marl Mitte", "05562024"), ("Haltern am See", "05562016")),
        ("Lippe", ("Hamm (Westf) Hbf", "05915000"), ("Hamm-Heessen", "05915000")),
        ("Emscher", ("Oberhausen Hbf", "05119000"), ("Oberhausen-Sterkrade", "05119000")),
        ("Emscher", ("Herne", "05916000"), ("Recklinghausen Süd", "05562032")),
    ],
)
def test_stations_stand_on_the_right_bank_of_the_map(
    course: str, left: tuple[str, str], right: tuple[str, str]
) -> None:
    rivers = gpd.read_file(DATA / "rivers.geojson").set_index("name")
    line = np.asarray(rivers.geometry[course].coords)
    sides = [side(line, station(*name)) for name in (left, right)]
    assert sides[0] > 0 > sides[1]


def station(name: str, ags: str) -> tuple[float, float]:
    (row,) = [r for r in GAZETTEER if (r["kind"], r["name"], r["ags"]) == ("station", name, ags)]
    return float(row["lon"]), float(row["lat"])


def side(line: np.ndarray, point: tuple[float, float]) -> float:
    """Return a positive number left of a line (seen in its direction), a negative one right."""
    segments = [shapely.LineString(pair) for pair in pairwise(line)]
    nearest = min(segments, key=lambda segment: segment.distance(shapely.Point(point)))
    (ax, ay), (bx, by) = nearest.coords
    return (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)


def test_the_bank_guard_can_fail() -> None:
    line = np.array([[7.0, 51.0], [7.1, 51.0]])
    assert side(line, (7.05, 51.1)) > 0 > side(line, (7.05, 50.9))


def test_a_border_leg_follows_the_border_and_a_wrong_one_is_refused() -> None:
    metric = WHOLE.to_crs(25832)
    good = 'name="A"\nkind="river"\ncourse=[[7.1,51.0,"border"],[7.1,51.1],[7.1,51.2]]'
    (row,) = waterways.waterways(f"[[waterway]]\n{good}", metric, WHOLE).to_dict("records")
    assert 0.4 < row["drawn_share"] < 0.6
    lost = good.replace('[7.1,51.0,"border"]', '[7.15,51.05,"border"]')
    with pytest.raises(BuildError, match="no border within"):
        waterways.waterways(f"[[waterway]]\n{lost}", metric, WHOLE)


def test_a_border_leg_that_takes_a_detour_is_refused() -> None:
    areas = squares((7, 51, 7.1, 51.1), (7.11, 51, 7.2, 51.1)).to_crs(25832)
    course = 'name="A"\nkind="river"\ncourse=[[7.1,51.0,"border"],[7.11,51.0],[7.2,51.0]]'
    with pytest.raises(BuildError, match="detour"):
        waterways.waterways(f"[[waterway]]\n{course}", areas, WHOLE)


def test_labels_name_every_municipality_once_and_rank_the_large_first() -> None:
    labels = gpd.read_file(DATA / "labels.geojson")
    towns = labels[labels["kind"] == "municipality"]
    assert len(towns) == towns["ags"].nunique() == 53
    assert set(labels.loc[labels["rank"] == 1, "name"]) == {
        "Dortmund", "Essen", "Duisburg", "Bochum", "Gelsenkirchen",
    }  # fmt: skip


def test_stations_are_those_of_the_gazetteer_with_the_hubs_first() -> None:
    stations = gpd.read_file(DATA / "stations.geojson")
    assert (stations["mode"] == "rail").sum() == sum(r["kind"] == "station" for r in GAZETTEER)
    assert stations["importance"].is_monotonic_increasing
    assert {"Essen Hbf", "Dortmund Hbf"} <= set(stations.loc[stations["importance"] == 1, "name"])


def test_settlement_is_marked_as_a_proxy_and_stays_in_the_region(
    municipalities: gpd.GeoDataFrame,
) -> None:
    settlement = gpd.read_file(DATA / "settlement.geojson")
    assert settlement["proxy"].all()
    assert settlement.is_valid.all()
    region = municipalities.to_crs(25832).union_all().buffer(20)
    assert settlement.to_crs(25832).within(region).all()


# --- the script ----------------------------------------------------------------------


def test_equal_input_gives_equal_bytes() -> None:
    options = {"name": "x", "attribution": "y"}
    assert to_geojson(WHOLE, **options) == to_geojson(WHOLE.copy(), **options)
    assert (
        json.loads(to_geojson(WHOLE, **options))["features"][1]["properties"]["ags"] == "05000001"
    )


def test_a_package_of_other_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / inputs.STATIONS.archive).write_bytes(b"not the package")
    with pytest.raises(BuildError, match="sha256"):
        inputs.ensure(inputs.STATIONS, tmp_path)


def test_a_missing_client_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="npm is not installed"):
        inputs.ensure(inputs.STATIONS, tmp_path)


def test_the_script_reports_a_data_problem_with_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / inputs.BOUNDARIES.archive).write_bytes(b"not the package")
    assert build_geo.main(["--cache", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "sha256" in capsys.readouterr().err.replace("\n", " ")
    assert not (tmp_path / "out").exists()


def test_the_script_refuses_an_unknown_option_with_exit_code_2() -> None:
    with pytest.raises(SystemExit) as stop_info:
        build_geo.main(["--unknown"])
    assert stop_info.value.code == 2

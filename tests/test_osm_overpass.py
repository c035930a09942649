"""Answers of Overpass: every element becomes a row or a fault, a broken answer neither."""

from __future__ import annotations

import datetime as dt
import json
import math
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import geopandas as gpd
import pytest
import shapely
from osm_fixtures import ANSWER, DATA, answer, elements, registered

from atlas.errors import SourceFormatError, SourceUnavailableError
from atlas.http import Client, Limits
from atlas.provenance import Registry
from atlas.schema import types
from atlas.schema.frame import check_columns
from atlas.settings import Settings, default_data_dir
from atlas.sources.osm import overpass
from atlas.sources.osm.outline import spot_of_lines
from atlas.sources.osm.selection import query_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = registered()
THEATRE: dict[str, Any] = {
    "type": "node", "id": 1, "lat": 51.5, "lon": 7.1, "timestamp": "2025-06-01T10:00:00Z",
    "tags": {"amenity": "theatre", "name": "Bühne"},
}  # fmt: skip


def one(**changes: Any) -> dict[str, Any]:
    """Return the row of a theatre with these changes as cells that are there."""
    taken = overpass.parse(answer({**THEATRE, **changes}), source=SOURCE)
    assert taken.read == 1
    return taken.cells.iloc[0].dropna().to_dict()


def test_every_element_of_the_answer_is_a_row_or_a_fault() -> None:
    taken = overpass.read(DATA / "overpass.json", source=SOURCE)
    assert taken.read == len(elements())
    assert len(taken.cells) > 10
    assert set(taken.faults["code"]) == {"not_a_space", "no_name", "gone", "no_type"}


def test_rows_keep_the_rules_of_their_columns() -> None:
    taken = overpass.read(DATA / "overpass.json", source=SOURCE)
    cells = taken.cells.reset_index(drop=True)
    typed, malformed = types.parse(cells)
    found = check_columns(typed, cells)
    assert malformed.empty
    # The build finds out in which municipality they lie.
    assert set(found["column"]) == {"ags", "municipality"}


def test_no_person_and_no_contact_gets_into_a_row() -> None:
    taken = overpass.read(DATA / "overpass.json", source=SOURCE)
    text = taken.cells.to_csv() + taken.faults.to_csv()
    assert b"kartierer" in ANSWER
    assert b"+49 234" in ANSWER
    for secret in ("kartierer", "12345", "+49", "info@"):
        assert secret not in text


def test_a_row_says_where_it_comes_from() -> None:
    row = one()
    assert row["source"] == row["coordinate_source"] == "overpass"
    assert row["source_ref"] == "node/1"
    assert row["source_url"] == "https://www.openstreetmap.org/node/1"
    assert (row["publisher"], row["licence"], row["lineage"]) == (
        "OpenStreetMap", "ODbL-1.0", "crowd",
    )  # fmt: skip
    assert (row["retrieved_on"], row["observed_on"]) == ("2026-11-20", "2025-06-01")
    assert (row["lat"], row["lon"], row["coordinate_uncertainty_m"]) == (
        "51.50000",
        "7.10000",
        "25",
    )


def test_a_use_that_nobody_checked_is_inferred() -> None:
    assert one()["confidence"] == "inferred"
    checked = one(tags={**THEATRE["tags"], "check_date": "2025-01-02"})
    assert (checked["confidence"], checked["observed_on"]) == ("reported", "2025-01-02")


def test_an_edit_after_the_data_is_no_observation() -> None:
    assert "observed_on" not in one(timestamp="2027-01-01T00:00:00Z")


def test_the_day_of_the_data_may_be_told_from_outside() -> None:
    payload = json.dumps({"elements": [THEATRE]}).encode()
    day = dt.date(2026, 1, 2)
    taken = overpass.parse(payload, source=SOURCE, retrieved_on=day)
    assert taken.cells["retrieved_on"].tolist() == ["2026-01-02"]
    with pytest.raises(SourceFormatError, match="osm3s"):
        overpass.parse(payload, source=SOURCE)


def test_a_remark_is_a_failure_although_elements_came() -> None:
    with pytest.raises(SourceUnavailableError, match="timed out"):
        overpass.read(DATA / "overpass_timeout.json", source=SOURCE)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.9999])
def test_half_an_answer_is_no_answer(share: float) -> None:
    with pytest.raises(SourceFormatError):
        overpass.parse(ANSWER.rstrip()[: int(len(ANSWER.rstrip()) * share)], source=SOURCE)


@pytest.mark.parametrize(
    "payload",
    [b"<html>", b"[]", b"null", b"{}", b'{"elements": {}}', b'{"elements": "x"}', b"\xff\xfe",
     b"[" * 100_000, b"1" * 5000],
)  # fmt: skip
def test_what_is_no_answer_is_told(payload: bytes) -> None:
    with pytest.raises(SourceFormatError):
        overpass.parse(payload, source=SOURCE)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match=r"nein\.json"):
        overpass.read(tmp_path / "nein.json", source=SOURCE)


SQUARE = [(7.1, 51.5), (7.102, 51.5), (7.102, 51.501), (7.1, 51.501), (7.1, 51.5)]
GEOMETRY = [{"lon": lon, "lat": lat} for lon, lat in SQUARE]
BOUNDS = {"minlat": 51.5, "minlon": 7.1, "maxlat": 51.501, "maxlon": 7.102}
HALF_DIAGONAL_M = round(math.hypot(111.32, 222.64 * math.cos(math.radians(51.5005))) / 2)


@pytest.mark.parametrize("kind", ["way", "relation"])
@pytest.mark.parametrize(
    ("given", "radius"),
    [
        ({"geometry": GEOMETRY}, HALF_DIAGONAL_M),
        ({"bounds": BOUNDS}, HALF_DIAGONAL_M),
        ({"center": {"lat": 51.5005, "lon": 7.101}}, None),
        ({"geometry": GEOMETRY, "bounds": BOUNDS, "center": {"lat": 0, "lon": 0}},
         HALF_DIAGONAL_M),
    ],
)  # fmt: skip
def test_the_place_of_an_area_is_its_middle(
    kind: str, given: dict[str, Any], radius: int | None
) -> None:
    if kind == "relation" and "geometry" in given:
        member = {"type": "way", "ref": 5, "role": "outer", "geometry": given["geometry"]}
        given = {**given, "members": [member]}
    row = one(**{"type": kind, "lat": None, "lon": None, **given})
    assert (row["lat"], row["lon"]) == ("51.50050", "7.10100")
    expected = radius or {"way": 150, "relation": 500}[kind]
    assert abs(int(row["coordinate_uncertainty_m"]) - expected) <= 1


def test_the_points_of_a_line_may_stand_beside_it() -> None:
    points = [{"type": "node", "id": 10 + n, "lon": lon, "lat": lat}
              for n, (lon, lat) in enumerate(SQUARE[:4])]  # fmt: skip
    way = {**THEATRE, "type": "way", "nodes": [10, 11, 12, 13, 10]}
    for key in ("lat", "lon"):
        way.pop(key)
    taken = overpass.parse(answer(way, *points), source=SOURCE)
    assert taken.read == 1  # points without tags are no records
    assert taken.cells["lat"].tolist() == ["51.50050"]


def test_a_court_or_an_angle_gets_a_point_on_the_building() -> None:
    taken = overpass.read(DATA / "overpass.json", source=SOURCE).cells.set_index("source_ref")
    shapes = {element["id"]: element for element in elements()}
    angle = shapes[510000005]["geometry"]
    polygon = shapely.Polygon([(point["lon"], point["lat"]) for point in angle])
    row = taken.loc["way/510000005"]
    assert not polygon.contains(shapely.box(*polygon.bounds).centroid)
    assert polygon.contains(shapely.Point(float(row["lon"]), float(row["lat"])))
    members = shapes[61000001]["members"]
    lines = [[(point["lon"], point["lat"]) for point in member["geometry"]] for member in members]
    court = shapely.Polygon([*lines[0], *lines[1][1:]], [lines[2]])
    row = taken.loc["relation/61000001"]
    assert court.contains(shapely.Point(float(row["lon"]), float(row["lat"])))


@pytest.mark.parametrize(
    "changes",
    [{"lat": 91.0}, {"lon": None}, {"lat": "51.5"}, {"lat": True}, {"lat": math.nan},
     {"lat": math.inf}, {"lat": 10**400}, {"type": "way"},
     {"type": "way", "geometry": [None, {"lat": 1}]}, {"type": "relation", "members": [None, 5]},
     {"type": "way", "bounds": {"minlat": 0, "minlon": 0, "maxlat": 80, "maxlon": 80}}],
)  # fmt: skip
def test_an_object_without_a_place_is_a_fault(changes: dict[str, Any]) -> None:
    taken = overpass.parse(answer({**THEATRE, **changes}), source=SOURCE)
    assert taken.faults["code"].tolist() == ["no_place"]


@pytest.mark.parametrize(
    "element",
    [5, None, "x", [], {"type": "area", "id": 1, "tags": {"a": "b"}},
     {"type": "node", "id": -1, "tags": {"a": "b"}},
     {"type": "node", "id": "1", "tags": {"a": "b"}},
     {"type": "node", "id": True, "tags": {"a": "b"}}, {"type": "node", "id": 1, "tags": ["a"]}],
)  # fmt: skip
def test_what_is_no_object_is_malformed_and_counted(element: object) -> None:
    taken = overpass.parse(answer(element, THEATRE), source=SOURCE)  # type: ignore[arg-type]
    assert taken.faults["code"].tolist() == ["malformed"]
    assert (taken.faults["row"].tolist(), taken.cells.index.tolist()) == ([1], [2])


def test_of_several_versions_the_last_edited_counts() -> None:
    old = {**THEATRE, "timestamp": "2020-01-01T00:00:00Z", "tags": {"amenity": "cinema",
                                                                   "name": "Alt"}}  # fmt: skip
    for order in ([old, THEATRE], [THEATRE, old]):
        taken = overpass.parse(answer(*order), source=SOURCE)
        assert taken.cells["type"].tolist() == ["theatre"]
        assert taken.faults["code"].tolist() == ["repeated"]


def test_rows_do_not_depend_on_the_order_of_the_answer() -> None:
    listed = elements()
    expected = overpass.parse(answer(*listed), source=SOURCE).cells.sort_values("source_ref")
    random.Random(5).shuffle(listed)  # noqa: S311 - no secret
    shuffled = overpass.parse(answer(*listed), source=SOURCE).cells.sort_values("source_ref")
    assert shuffled.reset_index(drop=True).equals(expected.reset_index(drop=True))


def region() -> shapely.Geometry:
    return gpd.read_file(default_data_dir() / "geo" / "municipalities.geojson").union_all()


def test_the_question_covers_the_region_in_one_short_text() -> None:
    whole = region()
    text = query_text(whole)
    assert text == query_text(whole)
    assert len(text) < 20_000
    assert text.startswith("[out:json][timeout:")
    assert text.rstrip().endswith("out meta geom;")
    assert text.count("(") == text.count(")")
    for tag in ('"amenity"~', '"disused:shop"]', '["shop"~"(^|; ?)(abandoned|disused|empty|vacant)',
                '["building"]["disused"="yes"]', "coworking_space", "coworking"):  # fmt: skip
        assert tag in text
    asked = [
        shapely.Polygon(list(zip(numbers[1::2], numbers[::2], strict=True)))
        for part in text.split('poly:"')[1:]
        if (numbers := [float(number) for number in part.split('"')[0].split()])
    ]
    assert shapely.union_all(asked).contains(whole)
    south, west, north, east = map(float, text.split("[bbox:")[1].split("]")[0].split(","))
    assert shapely.box(west, south, east, north).contains(whole)


@pytest.fixture
def service() -> Iterator[tuple[str, list[bytes], list[str]]]:
    answers: list[bytes] = []
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(parse_qs(body.decode())["data"][0])
            payload = answers.pop(0)
            self.send_response(200)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api", answers, asked
        server.shutdown()
        thread.join()


def test_an_answer_is_fetched_and_replayed_offline(
    service: tuple[str, list[bytes], list[str]], tmp_path: Path
) -> None:
    url, answers, asked = service
    settings = Settings(cache_dir=tmp_path, contact="a@example.org")
    box = shapely.box(7.0, 51.4, 7.1, 51.5)
    answers += [(DATA / "overpass_timeout.json").read_bytes(), b"<html>busy</html>", ANSWER]
    with Client(settings, limits=Limits(pause_s=0)) as client:
        with pytest.raises(SourceUnavailableError, match="timed out"):
            overpass.fetch(client, box, url=url, source_id="overpass")
        with pytest.raises(SourceFormatError):
            overpass.fetch(client, box, url=url, source_id="overpass")
        assert overpass.fetch(client, box, url=url, source_id="overpass") == ANSWER
    assert asked == [query_text(box)] * 3
    with Client(settings, offline=True) as client:
        assert overpass.fetch(client, box, url=url, source_id="overpass") == ANSWER


def test_the_sources_are_registered_with_the_licence_of_openstreetmap() -> None:
    known = Registry.load(default_data_dir()).sources
    for source_id in ("overpass", "osm_extract"):
        assert "rows" in known[source_id].role
        assert known[source_id].licence_published == "ODbL-1.0"
        assert "OpenStreetMap" in known[source_id].attribution
    assert known["wikidata_query"].licence_published == "CC0-1.0"


LINE = [(7.1, 51.5), (7.2, 51.5), (7.2, 51.6)]
BOW = [(7.1, 51.5), (7.102, 51.502), (7.102, 51.5), (7.1, 51.502), (7.1, 51.5)]


@pytest.mark.parametrize(
    ("outer", "inner", "points", "expected"),
    [
        ([], [], [], None),
        ([[]], [], [], None),
        ([], [], [(7.1, 51.5)], (51.5, 7.1)),
        ([[(7.1, 51.5)]], [], [], (51.5, 7.1)),
        ([LINE], [], [], (51.55, 7.15)),  # a wall: the middle of its extent
        ([SQUARE], [], [], (51.5005, 7.101)),
        ([SQUARE[:3], SQUARE[2:]], [], [], (51.5005, 7.101)),
        ([SQUARE[2:], SQUARE[:3]], [LINE], [], (51.5005, 7.101)),
        ([[(7.0, 51.0), (8.0, 52.0)]], [], [], None),  # no single place
    ],
)
def test_a_point_is_found_for_any_lines(
    outer: list[list[tuple[float, float]]],
    inner: list[list[tuple[float, float]]],
    points: list[tuple[float, float]],
    expected: tuple[float, float] | None,
) -> None:
    found = spot_of_lines(outer, inner, points=points)
    assert (found and (round(found.lat, 6), round(found.lon, 6))) == expected


def test_an_outline_that_crosses_itself_has_a_place_within_its_extent() -> None:
    found = spot_of_lines([BOW])
    assert found is not None
    assert 51.5 <= found.lat <= 51.502
    assert 7.1 <= found.lon <= 7.102

"""Answers of Wikidata: one record per item, chosen the same way whatever the order."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from rdflib.plugins.sparql import prepareQuery

from atlas import vocabulary as v
from atlas.errors import ConfigError, SourceFormatError, SourceUnavailableError
from atlas.http import Client, Limits
from atlas.provenance import Source
from atlas.schema import types
from atlas.schema.frame import check_columns
from atlas.settings import Settings
from atlas.sources import wikidata
from atlas.sources.wikidata.classes import CLASSES, RANK
from atlas.sources.wikidata.values import LEAST_M, UNSTATED_M, address, is_past, location

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).resolve().parent / "data" / "wikidata"
ANSWER = (DATA / "answer.json").read_bytes()
DAY = dt.date(2026, 11, 22)
RUHR = (6.29, 51.21, 8.01, 51.83)


def registered() -> Source:
    texts = dict.fromkeys(Source.__slots__, "")
    return Source(**{**texts, "id": "wikidata_query", "licence_published": "CC0-1.0",
                     "lineage": "crowd", "role": ("rows",)})  # fmt: skip


SOURCE = registered()


def solutions() -> list[dict[str, Any]]:
    return copy.deepcopy(json.loads(ANSWER)["results"]["bindings"])


def answer(listed: list[Any]) -> bytes:
    return json.dumps({"head": {"vars": ["item"]}, "results": {"bindings": listed}}).encode()


def solution(**values: str) -> dict[str, Any]:
    """Return a solution; a theatre in the region unless ``values`` say otherwise."""
    usual = {"item": "http://www.wikidata.org/entity/Q5",
             "class": "http://www.wikidata.org/entity/Q24354", "de": "Bühne",
             "coordinate": "Point(7.1 51.5)", "precision": "0.0001"}  # fmt: skip
    uris = ("item", "class", "state")
    return {name: {"type": "uri" if name in uris else "literal", "value": value}
            for name, value in {**usual, **values}.items() if value}  # fmt: skip


def parsed(*listed: Any) -> Any:
    return wikidata.parse(answer(list(listed)), source=SOURCE, retrieved_on=DAY)


def row(*listed: Any) -> dict[str, str]:
    taken = parsed(*listed)
    assert len(taken.cells) == 1, taken.faults
    cells: dict[str, str] = taken.cells.iloc[0].dropna().to_dict()
    return cells


def test_every_item_is_a_row_or_a_fault_however_many_solutions_it_has() -> None:
    taken = wikidata.read(DATA / "answer.json", source=SOURCE, retrieved_on=DAY)
    items = {one["item"]["value"] for one in solutions()}
    assert len(items) < len(solutions())
    assert taken.read == len(items)
    assert set(taken.faults["code"]) == {
        "gone", "bad_coordinate", "no_place", "no_type", "no_name",
    }  # fmt: skip


def test_rows_keep_the_rules_of_their_columns() -> None:
    cells = wikidata.read(DATA / "answer.json", source=SOURCE, retrieved_on=DAY).cells
    cells = cells.reset_index(drop=True)
    typed, malformed = types.parse(cells)
    assert malformed.empty
    # The build finds out in which municipality they lie.
    assert set(check_columns(typed, cells)["column"]) == {"ags", "municipality"}


def test_a_row_says_where_it_comes_from_and_nothing_about_use() -> None:
    cells = row(solution(ags="05911000", website="https://b.example.org", relation="77"))
    assert (cells["source_ref"], cells["source_url"]) == (
        "Q5", "https://www.wikidata.org/wiki/Q5",
    )  # fmt: skip
    assert (cells["vacancy"], cells["availability"]) == ("unknown", "unknown")
    assert cells["confidence"] == "inferred"  # as of places in OpenStreetMap without a state
    assert (cells["licence"], cells["lineage"], cells["publisher"]) == (
        "CC0-1.0", "crowd", "Wikidata",
    )  # fmt: skip
    assert cells["same_as"] == "wikidata:Q5;osm:relation/77"
    assert (cells["ags"], cells["website"]) == ("05911000", "https://b.example.org")
    assert "observed_on" not in cells
    assert "municipality" not in cells


def test_the_choice_among_several_values_does_not_depend_on_their_order() -> None:
    listed = solutions()
    expected = parsed(*listed).cells.sort_values("source_ref").reset_index(drop=True)
    dice = random.Random(3)  # noqa: S311 - repeatable
    for _ in range(5):
        dice.shuffle(listed)
        cells = parsed(*listed).cells.sort_values("source_ref").reset_index(drop=True)
        assert cells.equals(expected)


def test_german_names_come_before_english_ones_and_ids_are_no_names() -> None:
    assert row(solution(en="Stage"))["name"] == "Bühne"
    assert row(solution(de="", en="Stage"))["name"] == "Stage"
    assert row(solution(de="Q5", en="Stage"))["name"] == "Stage"
    nameless = parsed(solution(de="Q5"))
    assert nameless.faults["code"].tolist() == ["no_name"]
    assert row(solution(de="", address="Ringstraße 5"))["name"] == "Ringstraße 5"


@pytest.mark.parametrize(
    ("date", "gone"),
    [
        ("2011-12-31T00:00:00Z", True),
        ("2026-11-22T00:00:00Z", True),
        ("2026-11-23T00:00:00Z", False),
        ("2040-01-01T00:00:00Z", False),
        ("-0044-03-15T00:00:00Z", True),
        ("+12026-01-01T00:00:00Z", False),
        ("irgendwann", True),
        ("", True),
    ],
)
def test_what_has_ended_is_gone_and_what_will_end_is_not(date: str, *, gone: bool) -> None:
    assert is_past(date, DAY) == gone
    unknown = {"dissolved": {"type": "bnode", "value": "t1"}}
    ended = {"dissolved": {"type": "literal", "value": date}} if date else unknown
    taken = parsed({**solution(), **ended})
    assert taken.faults["code"].tolist() == (["gone"] if gone else [])


def test_one_end_among_several_values_is_enough() -> None:
    ends = ("2040-01-01T00:00:00Z", "2001-01-01T00:00:00Z")
    taken = parsed(*(solution(dissolved=end) for end in ends))
    assert taken.faults["code"].tolist() == ["gone"]


@pytest.mark.parametrize(
    ("points", "precisions", "expected"),
    [
        (["Point(7.1 51.5)"], ["0.0001"], ("51.50000", "7.10000", "building", LEAST_M)),
        (["Point(7.1 51.5)"], [], ("51.50000", "7.10000", "street", UNSTATED_M)),
        (["Point(7.1 51.5)"], ["0.01"], ("51.50000", "7.10000", "district", 1114)),
        (["Point(7.1 51.5)"], ["0.1"], ("51.50000", "7.10000", "municipality", 11132)),
        (["Point(7.1 51.5)"], ["nan", "-1", "x"], ("51.50000", "7.10000", "street", UNSTATED_M)),
        (["Point(7.2 51.5)", "Point(7.1 51.5)"], ["0.0001"],
         ("51.50000", "7.10000", "municipality", 11133)),
        (["<http://www.wikidata.org/entity/Q2> POINT( 7.1  51.5 )"], ["1e-6"],
         ("51.50000", "7.10000", "building", LEAST_M)),
    ],
)  # fmt: skip
def test_a_location_is_no_more_exact_than_what_is_stated(
    points: list[str], precisions: list[str], expected: tuple[str, str, str, float]
) -> None:
    found = location(points, precisions)
    assert isinstance(found, dict)
    assert (found["lat"], found["lon"], found["coordinate_precision"]) == expected[:3]
    assert int(found["coordinate_uncertainty_m"]) == expected[3]


@pytest.mark.parametrize(
    "text",
    ["<http://www.wikidata.org/entity/Q405> Point(7.1 51.5)", "Point(7.1 91)", "Point(7.1)",
     "Point(nan 51)", "POLYGON((0 0,1 1,0 0))", "Point(1e99 51)", "7.1,51.5", ""],
)  # fmt: skip
def test_what_is_no_point_on_earth_is_a_fault(text: str) -> None:
    taken = parsed({**solution(), "coordinate": {"type": "literal", "value": text}})
    assert taken.faults["code"].tolist() == ["bad_coordinate"]


def test_points_that_are_a_country_apart_are_no_location() -> None:
    taken = parsed(solution(), solution(coordinate="Point(13.4 52.5)"))
    assert taken.faults["code"].tolist() == ["bad_coordinate"]


def test_without_a_coordinate_an_address_or_a_municipality_is_enough() -> None:
    assert row(solution(coordinate="", address="Ringstraße 5, 44787 Bochum"))["street"]
    assert row(solution(coordinate="", ags="05911000"))["ags"] == "05911000"
    assert parsed(solution(coordinate="")).faults["code"].tolist() == ["no_place"]


def test_contradicting_municipalities_are_none() -> None:
    assert "ags" not in row(solution(ags="05911000"), solution(ags="05913000"))
    assert "ags" not in row(solution(ags="5911000"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ringstraße 5", ("Ringstraße", "5", "")),
        ("Ringstraße 5, 44787 Bochum", ("Ringstraße", "5", "44787")),
        ("Am Alten Markt 12a", ("Am Alten Markt", "12a", "")),
        ("Kortumstraße 12-14", ("Kortumstraße", "12-14", "")),
        ("Zeche Zollverein", ("Zeche Zollverein", "", "")),
        ("Straße des 17. Juni 135, Berlin", ("Straße des 17. Juni 135", "", "")),
        ("44787 Bochum", ("", "", "44787")),
        ("", ("", "", "")),
    ],
)
def test_an_address_is_split_where_that_is_certain(
    text: str, expected: tuple[str, str, str]
) -> None:
    found = address([text], [])
    assert (found["street"], found["house_number"], found["postcode"]) == expected


def test_of_several_classes_the_special_one_counts() -> None:
    opera = "http://www.wikidata.org/entity/Q153562"
    venue = "http://www.wikidata.org/entity/Q18674739"
    cells = row(solution(**{"class": venue}), solution(**{"class": opera}), solution())
    assert cells["sectors"] == "performing_arts;music"


def test_classes_are_well_formed_and_each_once() -> None:
    assert len(RANK) == len(CLASSES)
    assert len({one.label for one in CLASSES}) == len(CLASSES)
    for one in CLASSES:
        assert re.fullmatch(r"Q[1-9]\d*", one.item)
        assert one.label == one.label.lower()
        assert one.kind in v.KINDS
        assert one.type in v.TYPES
        assert set(one.sectors) <= set(v.SECTORS)


# What the ids mean there, noted down independently of the table.
LABELS = {"Q33506": "museum", "Q24354": "theatre building", "Q41253": "movie theater",
          "Q1329623": "cultural center", "Q7075": "library", "Q820477": "mine",
          "Q1060829": "concert hall", "Q622425": "nightclub",
          "Q1032372": "hackerspace"}  # fmt: skip


def test_ids_and_labels_of_classes_are_not_mixed_up() -> None:
    known = {one.item: one.label for one in CLASSES}
    assert {item: known.get(item) for item in LABELS} == LABELS


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.9999])
def test_half_an_answer_is_no_answer(share: float) -> None:
    whole = ANSWER.rstrip()
    with pytest.raises(SourceFormatError):
        wikidata.parse(whole[: int(len(whole) * share)], source=SOURCE, retrieved_on=DAY)


def test_an_answer_that_ends_in_an_error_message_is_told() -> None:
    with pytest.raises(SourceFormatError, match="abgeschnitten"):
        wikidata.read(DATA / "answer_cut.json", source=SOURCE, retrieved_on=DAY)


@pytest.mark.parametrize(
    "payload",
    [b"<html>", b"[]", b"null", b"{}", b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}',
     b'{"head": {"vars": ["item"]}, "boolean": true}', b"\xff\xfe", b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_answer_is_told(payload: bytes) -> None:
    with pytest.raises(SourceFormatError):
        wikidata.parse(payload, source=SOURCE, retrieved_on=DAY)


@pytest.mark.parametrize(
    "broken",
    [None, 5, {}, {"item": None}, {"item": {"type": "uri"}}, {"item": {"type": "uri", "value": 5}},
     {"item": {"type": "literal", "value": "Q5"}},
     {"item": {"type": "uri", "value": "http://www.wikidata.org/entity/P5"}},
     {"item": {"type": "uri", "value": "http://evil.example.org/entity/Q5"}}],
)  # fmt: skip
def test_a_solution_without_an_item_is_malformed_and_counted(broken: object) -> None:
    taken = parsed(broken, solution())
    assert taken.faults["code"].tolist() == ["malformed"]
    assert (taken.faults["row"].tolist(), taken.cells.index.tolist()) == ([1], [2])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match=r"nein\.json"):
        wikidata.read(tmp_path / "nein.json", source=SOURCE, retrieved_on=DAY)


PREFIXES = """
PREFIX wd: <http://www.wikidata.org/entity/> PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX p: <http://www.wikidata.org/prop/> PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX psv: <http://www.wikidata.org/prop/statement/value/>
PREFIX wikibase: <http://wikiba.se/ontology#> PREFIX bd: <http://www.bigdata.com/rdf#>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def test_the_question_is_sparql_and_names_every_class_and_key() -> None:
    text = wikidata.query_text(RUHR, ["05913000", "05911000", "05913000"])
    assert text == wikidata.query_text(RUHR, ["05911000", "05913000"])
    prepareQuery(PREFIXES + text)  # the service knows the prefixes by itself
    for one in CLASSES:
        assert f"wd:{one.item} " in text
    assert '"05911000" "05913000"' in text
    assert 'cornerSouthWest "Point(6.29 51.21)"' in text
    with pytest.raises(Exception, match="Expected"):
        prepareQuery(PREFIXES + text.replace("WHERE {", "WHERE"))


@pytest.mark.parametrize(
    ("bounds", "keys"),
    [
        ((8.0, 51.2, 6.3, 51.8), ["05911000"]),
        ((6.3, 51.2, 8.0, float("nan")), ["05911000"]),
        ((6.3, 51.2, 800.0, 51.8), ["05911000"]),
        (RUHR, ['" } DROP ALL #']),
        (RUHR, ["5911000"]),
    ],
)
def test_a_question_about_nowhere_is_refused(
    bounds: tuple[float, float, float, float], keys: list[str]
) -> None:
    with pytest.raises(ConfigError):
        wikidata.query_text(bounds, keys)


@pytest.fixture
def service() -> Iterator[tuple[str, list[bytes], list[tuple[str, str]]]]:
    answers: list[bytes] = []
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append((body["query"][0], self.headers["Accept"]))
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
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql", answers, asked
        server.shutdown()
        thread.join()


def test_an_answer_is_fetched_once_whole_and_replayed_offline(
    service: tuple[str, list[bytes], list[tuple[str, str]]], tmp_path: Path
) -> None:
    url, answers, asked = service
    settings = Settings(cache_dir=tmp_path, contact="a@example.org")
    answers += [(DATA / "answer_cut.json").read_bytes(), ANSWER]
    keys = ["05911000"]
    with Client(settings, limits=Limits(pause_s=0)) as client:
        with pytest.raises(SourceFormatError):
            wikidata.fetch(client, RUHR, keys, url=url, source_id="x")
        live = wikidata.fetch(client, RUHR, keys, url=url, source_id="x")
    with Client(settings, offline=True) as client:
        kept = wikidata.fetch(client, RUHR, keys, url=url, source_id="x")
    assert live.content == kept.content == ANSWER
    assert abs((kept.retrieved_at - live.retrieved_at).total_seconds()) < 5
    assert asked == [(wikidata.query_text(RUHR, keys), "application/sparql-results+json")] * 2

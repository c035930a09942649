"""Asking a service: politely, once, and believing only what lies where it should."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from core_fixtures import TOWNS, cells, located, row
from geocode_fixtures import (
    Answering,
    geocoding_server,
    nominatim_place,
    nominatim_street,
    photon,
    photon_place,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_geocode import SMALL

from atlas.errors import ConfigError, SourceUnavailableError
from atlas.geocode import REASONS, Address, Found, OnlineGeocoder, candidates, geocode
from atlas.geocode.answer import Boundaries, read
from atlas.geocode.online import MOST_UNASKED, Question, online_geocoder
from atlas.geocode.pace import paced
from atlas.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = dt.date(2026, 11, 22)
ADDRESS = Address("Musterweg", "5", "45001", "", "Westheim", "05000001")
BOUNDARIES = Boundaries(TOWNS)
QUESTION = Question("Westheim", "Musterweg 5", "45001")
ROWS = cells(
    row("a", street="Musterweg", house_number="5", postcode="45001"),
    row("b", street="Musterweg", **located(51.41, 7.01)),
    row("c"),
)


@pytest.fixture
def server() -> Iterator[Answering]:
    with geocoding_server() as answering:
        yield answering


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def service(server: Answering, folder: Path, **options: object) -> OnlineGeocoder:
    defaults = {"service": "nominatim", "contact": "atlas@example.org", "interval_s": 0.0,
                "url": server.url, "folder": folder, "today": TODAY, "timeout_s": 5.0}  # fmt: skip
    return OnlineGeocoder(**(defaults | options))


def run(online: OnlineGeocoder, rows: pd.DataFrame = ROWS):
    return geocode(rows, gazetteer=SMALL, online=online, municipalities=TOWNS)


def test_a_house_is_found_to_the_building(server: Answering, folder: Path) -> None:
    server.says([nominatim_place()])
    result = run(service(server, folder))
    assert result.problem is None
    assert list(result.cells.loc[2, ["lat", "lon", "coordinate_precision"]]) == [
        "51.45000", "7.05000", "building"]  # fmt: skip
    assert result.cells.loc[2, "coordinate_source"] == "nominatim"
    assert result.cells.loc[2, "coordinate_note"] == (
        "Nominatim: OpenStreetMap way/4711, gefragt am 2026-11-22"
    )


def test_photon_is_understood_too(server: Answering, folder: Path) -> None:
    server.says(photon(photon_place()))
    result = run(service(server, folder, service="photon"))
    assert result.cells.loc[2, "coordinate_precision"] == "building"
    assert result.cells.loc[2, "coordinate_source"] == "photon"
    (asked,) = server.asked
    assert asked["q"] == "Musterweg 5, 45001 Westheim"


def test_only_what_has_a_street_and_no_coordinate_is_asked(server: Answering, folder: Path) -> None:
    run(service(server, folder))
    (asked,) = server.asked
    assert (asked["street"], asked["city"], asked["postalcode"]) == (
        "Musterweg 5", "Westheim", "45001")  # fmt: skip
    assert (asked["format"], asked["countrycodes"]) == ("json", "de")


def test_the_request_says_who_asks(server: Answering, folder: Path) -> None:
    run(service(server, folder))
    (agent,) = server.agents
    assert agent.startswith("raumatlas-ruhr/")
    assert "atlas@example.org" in agent


@pytest.mark.parametrize("contact", ["", "  ", "a@b\r\nX-Evil: 1", "ä@example.org"])
def test_nothing_is_asked_without_a_contact(server: Answering, folder: Path, contact: str) -> None:
    with pytest.raises(ConfigError, match="Kontaktadresse"):
        service(server, folder, contact=contact)


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org", "http://"])
def test_an_address_that_is_none_is_refused(server: Answering, folder: Path, url: str) -> None:
    with pytest.raises(ConfigError):
        service(server, folder, url=url)


def test_an_unknown_service_is_refused(server: Answering, folder: Path) -> None:
    with pytest.raises(ConfigError):
        service(server, folder, service="maps")


@pytest.mark.parametrize(
    ("name", "answer", "precision"),
    [
        ("nominatim", nominatim_place(), "building"),
        ("nominatim", nominatim_place(address={"house_number": "5 "}), "building"),
        ("nominatim", nominatim_place(address={"house_number": "7"}), "street"),
        ("nominatim", nominatim_street(), "street"),
        ("nominatim", nominatim_street(**{"class": "place", "addresstype": "square"}), "street"),
        ("nominatim", nominatim_street(**{"class": "place", "addresstype": "suburb"}), "district"),
        (
            "nominatim",
            nominatim_street(**{"class": "boundary", "addresstype": "city"}),
            "too_vague",
        ),
        (
            "nominatim",
            nominatim_street(**{"class": "place", "addresstype": "postcode"}),
            "too_vague",
        ),
        ("nominatim", nominatim_place(lon=7.15), "outside_municipality"),
        ("nominatim", nominatim_place(lon=7.1005), "building"),  # 35 m across the border
        ("photon", photon_place(), "building"),
        ("photon", photon_place(housenumber="5a"), "street"),
        ("photon", photon_place(housenumber=None, type="street"), "street"),
        ("photon", photon_place(housenumber=None, type="district"), "district"),
        ("photon", photon_place(housenumber=None, type="city"), "too_vague"),
        ("photon", photon_place(lon=7.15), "outside_municipality"),
    ],
)
def test_an_answer_is_worth_what_it_names(name: str, answer: dict, precision: str) -> None:
    result = read(name, (TODAY, [answer]), address=ADDRESS, ags=ADDRESS.ags, boundaries=BOUNDARIES)
    assert (result.precision if isinstance(result, Found) else result) == precision


def test_the_first_answer_within_the_municipality_counts() -> None:
    places = [nominatim_place(lon=7.15), nominatim_street(), nominatim_place()]
    result = read(
        "nominatim", (TODAY, places), address=ADDRESS, ags=ADDRESS.ags, boundaries=BOUNDARIES
    )
    assert isinstance(result, Found)
    assert result.method == "online_street"


def test_a_large_object_is_less_certain() -> None:
    box = ["51.44", "51.46", "7.04", "7.06"]
    wide = read("nominatim", (TODAY, [nominatim_street(boundingbox=box)]),
                address=ADDRESS, ags=ADDRESS.ags, boundaries=BOUNDARIES)  # fmt: skip
    assert isinstance(wide, Found)
    assert 1300 <= wide.uncertainty_m <= 1350


def test_an_answer_elsewhere_leaves_what_the_gazetteer_found(
    server: Answering, folder: Path
) -> None:
    server.says([nominatim_place(lon=7.15)])
    result = run(service(server, folder))
    assert result.cells.loc[2, "coordinate_precision"] == "district"
    assert result.cells.loc[2, "coordinate_source"] == "postcodes"


def test_the_report_says_why_the_service_did_not_help(server: Answering, folder: Path) -> None:
    server.says([nominatim_place(lon=7.15)])
    rows = cells(row("a", street="Musterweg", house_number="5"))
    assert list(run(service(server, folder), rows).report["reason"]) == ["outside_municipality"]


def test_nothing_is_asked_twice_in_whichever_spelling(server: Answering, folder: Path) -> None:
    server.says([nominatim_place()])
    rows = cells(
        row("a", street="Mühlenstraße", house_number="5"),
        row("b", street="MÜHLENSTRASSE 5"),
        row("c", street="Muehlenstrasse", house_number=" 5"),
    )
    first = run(service(server, folder), rows)
    again = run(service(server, folder), rows)
    assert len(server.asked) == 1
    pd.testing.assert_frame_equal(first.cells, again.cells)


def test_that_an_address_is_unknown_is_kept_with_its_day(server: Answering, folder: Path) -> None:
    for today in (TODAY, TODAY + dt.timedelta(days=180), TODAY + dt.timedelta(days=181)):
        lookup = service(server, folder, today=today).ask([QUESTION])
        assert lookup.to(QUESTION) is not None
        assert lookup.answers[QUESTION.key][1] == []
    assert len(server.asked) == 2


def test_the_cache_holds_no_names(server: Answering, folder: Path) -> None:
    server.says([nominatim_place()])
    run(service(server, folder))
    content = (folder / "geocoder.sqlite").read_bytes()
    assert b"4711" in content
    assert b"Mustermann" not in content


def test_offline_uses_only_what_was_answered(server: Answering, folder: Path) -> None:
    server.says([nominatim_place()])
    run(service(server, folder))
    rows = pd.concat([ROWS, cells(row("d", street="Neuweg")).set_index(pd.Index([9]))])
    result = run(service(server, folder, offline=True, contact=""), rows)
    assert len(server.asked) == 1
    assert result.cells.loc[2, "coordinate_precision"] == "building"
    assert "--offline" in str(result.problem)


def many(count: int) -> list[Question]:
    return [Question("Westheim", f"Weg {n}") for n in range(count)]


def public(folder: Path, server: Answering, monkeypatch: pytest.MonkeyPatch, **options: object):
    """Return a geocoder that takes our server for the public one."""
    monkeypatch.setitem(
        __import__("atlas.geocode.online", fromlist=["PUBLIC"]).PUBLIC, "nominatim", server.url
    )
    return service(server, folder, url="", **options)


@pytest.mark.parametrize("confirm", [None, lambda _n, _host: False])
def test_a_whole_table_is_not_asked_of_a_public_server(
    server: Answering, folder: Path, monkeypatch: pytest.MonkeyPatch, confirm
) -> None:
    online = public(folder, server, monkeypatch, confirm=confirm)
    lookup = online.ask(many(MOST_UNASKED + 1))
    assert isinstance(lookup.problem, SourceUnavailableError)
    assert server.asked == []


def test_a_whole_table_is_asked_when_it_is_confirmed(
    server: Answering, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[tuple[int, str]] = []
    online = public(
        folder, server, monkeypatch, confirm=lambda n, host: not questions.append((n, host))
    )
    assert online.ask(many(MOST_UNASKED + 1)).problem is None
    assert questions == [(MOST_UNASKED + 1, server.url.removeprefix("http://"))]
    assert len(server.asked) == MOST_UNASKED + 1


def test_a_few_addresses_and_a_server_of_ones_own_need_no_confirmation(
    server: Answering, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service(server, folder).ask(many(MOST_UNASKED + 1)).problem is None
    assert public(folder, server, monkeypatch).ask(many(MOST_UNASKED)).problem is None


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 502, 503])
def test_a_refusal_ends_the_questions_and_the_rest_goes_on(
    server: Answering, folder: Path, status: int
) -> None:
    server.status = status
    rows = cells(row("a", street="Aweg", postcode="45001"), row("b", street="Musfeldstr."))
    result = run(service(server, folder), rows)
    assert isinstance(result.problem, SourceUnavailableError)
    assert len(server.asked) == 1
    assert result.report["found"].all()


def test_a_server_that_does_not_answer_in_time_is_given_up(server: Answering, folder: Path) -> None:
    server.delay_s = 0.5
    lookup = service(server, folder, timeout_s=0.1).ask([QUESTION])
    assert "TimedOut" in str(lookup.problem)


def test_a_server_that_is_not_there_is_said_so(folder: Path) -> None:
    with geocoding_server() as gone:
        online = service(gone, folder)
    assert isinstance(online.ask([QUESTION]).problem, SourceUnavailableError)


GARBAGE = [
    b"", b"<html>", b"null", b"{", b"[[", b"\xff\xfe", b"[null]", b"[1]", b'["a"]',
    b'[{"lat": "x"}]',
    b'[{"lat": "1e999", "lon": "0"}]', b'{"error": "quota"}', b'{"features": 5}',
    b'{"features": [{"geometry": null, "properties": {}}]}', b"[" * 100_000,
    b'[{"lat": "NaN", "lon": "NaN", "boundingbox": []}]', b"true", b'"text"',
]  # fmt: skip


@pytest.mark.parametrize("name", ["nominatim", "photon"])
@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_no_answer(server: Answering, folder: Path, name: str, body: bytes) -> None:
    server.body = body
    result = run(service(server, folder, service=name))
    assert result.cells.loc[2, "coordinate_source"] == "postcodes"
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[[", b"[1]", b'{"error": "quota"}', b"true"])
def test_garbage_is_told_and_not_kept(server: Answering, folder: Path, body: bytes) -> None:
    server.body = body
    assert isinstance(service(server, folder).ask([QUESTION]).problem, SourceUnavailableError)
    server.says([nominatim_place()])
    assert len(service(server, folder).ask([QUESTION]).answers[QUESTION.key][1]) == 1


def test_an_answer_in_an_unknown_encoding_is_no_answer(server: Answering, folder: Path) -> None:
    server.headers["Content-Type"] = "application/json; charset=nonsense"
    problem = run(service(server, folder)).problem
    assert isinstance(problem, SourceUnavailableError)
    assert "LookupError" in str(problem)


def test_a_cache_that_is_none_is_said_so(server: Answering, folder: Path) -> None:
    folder.mkdir()
    (folder / "geocoder.sqlite").write_bytes(b"no database " * 100)
    problem = service(server, folder).ask([QUESTION]).problem
    assert problem is not None
    assert "geocoder.sqlite" in str(problem)


def test_a_damaged_line_of_the_cache_is_asked_again(server: Answering, folder: Path) -> None:
    server.says([nominatim_place()])
    service(server, folder).ask([QUESTION])
    for damage in ("{", "5"):
        with closing(sqlite3.connect(folder / "geocoder.sqlite")) as base, base:
            base.execute("UPDATE answers SET answer = ?", (damage,))
        assert len(service(server, folder).ask([QUESTION]).answers[QUESTION.key][1]) == 1
    assert len(server.asked) == 3


def test_a_folder_that_cannot_be_made_is_said_so(server: Answering, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    lookup = service(server, tmp_path / "file" / "cache").ask([QUESTION])
    assert isinstance(lookup.problem, SourceUnavailableError)


def test_requests_keep_their_distance(server: Answering, folder: Path) -> None:
    service(server, folder, interval_s=0.2).ask(many(3))
    gaps = [later - earlier for earlier, later in zip(server.times, server.times[1:], strict=False)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.19


def test_threads_share_the_pace(server: Answering, folder: Path) -> None:
    asking = [
        threading.Thread(target=service(server, folder, interval_s=0.2).ask, args=([question],))
        for question in many(3)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    gaps = [later - earlier for earlier, later in zip(server.times, server.times[1:], strict=False)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.19


def test_another_process_is_waited_for(tmp_path: Path) -> None:
    # A lock belongs to an open file: ours is as foreign to `paced` as that of a process.
    passed = threading.Event()

    def ask() -> None:
        with paced(tmp_path / "last", interval_s=0.3):
            passed.set()

    with (tmp_path / "last").open("w", encoding="ascii") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread = threading.Thread(target=ask)
        thread.start()
        assert not passed.wait(0.5)
        other.write(repr(time.time()))
        other.flush()
    assert not passed.wait(0.2)
    thread.join(timeout=30)
    assert passed.is_set()


@pytest.mark.parametrize("content", ["", "rubbish", "nan", "inf", "9999999999999"])
def test_a_wrong_time_in_the_file_holds_nobody_up_for_long(tmp_path: Path, content: str) -> None:
    file = tmp_path / "last"
    file.write_text(content, "ascii")
    started = time.monotonic()
    with paced(file, interval_s=0.05):
        pass
    assert time.monotonic() - started < 5
    assert abs(float(file.read_text("ascii")) - time.time()) < 60


def test_the_settings_choose_the_geocoder(folder: Path) -> None:
    assert online_geocoder(Settings()) is None
    chosen = Settings(geocoder="photon", contact="a@example.org", cache_dir=folder)
    online = online_geocoder(chosen)
    assert online is not None
    assert (online.service, online.host) == ("photon", "photon.komoot.io")
    with pytest.raises(ConfigError):
        online_geocoder(Settings(geocoder="nominatim"))


def test_online_needs_the_municipalities(server: Answering, folder: Path) -> None:
    with pytest.raises(ValueError, match="municipalities"):
        geocode(ROWS, gazetteer=SMALL, online=service(server, folder))


def test_candidates_show_both_places_best_first(server: Answering, folder: Path) -> None:
    server.says([nominatim_place()])
    result = candidates(
        "Musfeldstr. 5, 45001 Westheim",
        gazetteer=SMALL,
        online=service(server, folder),
        municipalities=TOWNS,
    )
    assert [place.precision for place in result.places] == ["building", "street"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["lat", "lon", "boundingbox", "class", "addresstype", "osm_type", "osm_id", "address",
         "properties", "geometry", "coordinates", "extent", "housenumber", "type"]), inner,
        max_size=6),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(JUNK, max_size=4), st.sampled_from(["nominatim", "photon"]), st.data())
def test_no_answer_raises(places, name: str, data) -> None:
    good = nominatim_place() if name == "nominatim" else photon_place()
    spoilt = dict(good)
    spoilt[data.draw(st.sampled_from(sorted(spoilt)))] = data.draw(JUNK)
    places = json.loads(json.dumps([*places, spoilt]))
    result = read(name, (TODAY, places), address=ADDRESS, ags=ADDRESS.ags, boundaries=BOUNDARIES)
    assert isinstance(result, Found) or result in REASONS

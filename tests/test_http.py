"""The polite client against a real server on this machine: what it sends, keeps and refuses."""

from __future__ import annotations

import gzip
import itertools
import json
import multiprocessing
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from atlas import __version__
from atlas.errors import ConfigError, SourceUnavailableError
from atlas.http import SLOW_S, Client, Limits, _with_slow_hosts, user_agent
from atlas.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Answer = Callable[["Handler"], None]

QUICK = {"pause_s": 0.0, "backoff_s": 0.0, "connect_s": 2.0, "read_s": 2.0}


class Handler(BaseHTTPRequestHandler):
    """Answers with the next answer of the script; the last one stays."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        self.server.seen.append((time.monotonic(), dict(self.headers), self.body, self.path))
        script = self.server.script
        answer = script.pop(0) if len(script) > 1 else script[0]
        try:
            answer(self)
        except OSError:  # the client has hung up
            self.close_connection = True

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    script: list[Answer]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/data"

    def handle_error(self, *_: object) -> None:
        pass


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    return lambda handler: handler.say(status, body, **headers)


def hangs_up_after(body: bytes, stated: int) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(stated))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()
        handler.close_connection = True

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.seen = []
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache", operator_email="atlas@example.org")


@dataclass
class Watched:
    steps: list[tuple[str, int | None]] = field(default_factory=list)
    units: int = 0

    def step(self, name: str, total: int | None = None) -> None:
        self.steps.append((name, total))

    def advance(self, units: int) -> None:
        self.units += units


def client(settings: Settings, **changes: object) -> Client:
    others = {key: changes.pop(key) for key in ("offline", "progress") if key in changes}
    return Client(settings, limits=Limits(**{**QUICK, **changes}), **others)


def test_an_answer_comes_back_byte_by_byte_also_from_the_cache(
    server: Server, settings: Settings
) -> None:
    body = json.dumps({"b": "\u00fc", "a": [1.10]}).encode() + b"\n\n"
    server.script = [says(200, body, Content_Type="application/json")]
    for _ in range(2):
        with client(settings) as polite:
            first = polite.get(server.url, source="x", params={"q": "1 & 2"})
            again = polite.get(server.url, source="x", params={"q": "1 & 2"})
        assert first.content == again.content == body
        assert again.from_cache
    assert len(server.seen) == 1
    assert server.seen[0][3] == "/data?q=1+%26+2"


def test_a_compressed_answer_is_unpacked_and_counted(server: Server, settings: Settings) -> None:
    body = b"roh " * 10_000
    server.script = [says(200, gzip.compress(body), Content_Encoding="gzip")]
    watched = Watched()
    with client(settings, progress=watched) as polite:
        assert polite.get(server.url, source="Quelle").content == body
    assert watched.steps[0][0] == "Quelle"
    assert watched.units == len(body)


def test_the_server_is_told_who_asks(server: Server, settings: Settings) -> None:
    server.script = [says(200)]
    with client(settings) as polite:
        polite.get(server.url, source="x")
    agent = server.seen[0][1]["User-Agent"]
    assert agent == f"RaumatlasRuhr/{__version__} (atlas@example.org)"


def test_a_contact_cannot_smuggle_a_header() -> None:
    agent = user_agent(Settings(contact="a@b.de\r\nX-Evil: 1 ü"))
    assert "\n" not in agent
    assert "\r" not in agent
    assert agent.isascii()


def test_nobody_is_asked_without_a_contact(server: Server, tmp_path: Path) -> None:
    server.script = [says(200)]
    anonymous = Settings(cache_dir=tmp_path, contact="", operator_email="", public_url="")
    with client(anonymous) as polite, pytest.raises(ConfigError, match="ATLAS_CONTACT"):
        polite.get(server.url, source="x")
    assert server.seen == []


def test_an_old_answer_is_confirmed_by_its_validators(server: Server, settings: Settings) -> None:
    server.script = [says(200, b"alt", ETag='"v1"', Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT"),
                     says(304, ETag='"v1"')]  # fmt: skip
    with client(settings, fresh_s=0.001) as polite:
        first = polite.get(server.url, source="x")
        time.sleep(0.05)
        second = polite.get(server.url, source="x")
    assert server.seen[1][1]["If-None-Match"] == '"v1"'
    assert server.seen[1][1]["If-Modified-Since"] == "Mon, 01 Jan 2024 00:00:00 GMT"
    assert (second.content, second.from_cache) == (b"alt", True)
    assert second.retrieved_at > first.retrieved_at


def test_a_changed_answer_replaces_the_old_one(server: Server, settings: Settings) -> None:
    server.script = [says(200, b"alt", ETag='"v1"'), says(200, b"neu", ETag='"v2"')]
    with client(settings, fresh_s=0.001) as polite:
        polite.get(server.url, source="x")
        time.sleep(0.05)
        assert polite.get(server.url, source="x").content == b"neu"
    with client(settings, offline=True) as polite:
        assert polite.get(server.url, source="x").content == b"neu"


def test_a_question_by_post_is_kept_by_its_body(server: Server, settings: Settings) -> None:
    server.script = [lambda handler: handler.say(200, handler.body[::-1])]
    with client(settings) as polite:
        one = polite.post(server.url, data={"data": "node;"}, source="x")
        two = polite.post(server.url, data={"data": "way;"}, source="x")
        again = polite.post(server.url, data={"data": "node;"}, source="x")
    assert one.content != two.content
    assert again.from_cache
    assert again.content == one.content
    assert len(server.seen) == 2


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(
    server: Server, settings: Settings, status: int
) -> None:
    server.script = [says(status), says(status), says(200, b"da")]
    with client(settings) as polite:
        assert polite.post(server.url, data=b"q", source="x").content == b"da"
    assert len(server.seen) == 3


def test_the_pauses_grow(server: Server, settings: Settings) -> None:
    server.script = [says(503), says(503), says(503), says(200)]
    with client(settings, backoff_s=0.1) as polite:
        polite.get(server.url, source="x")
    times = [when for when, *_ in server.seen]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps[1] >= 0.19
    assert gaps[2] >= 0.39


def test_a_wait_that_the_server_asks_for_is_kept(server: Server, settings: Settings) -> None:
    server.script = [says(429, Retry_After="1"), says(200, b"da")]
    with client(settings) as polite:
        assert polite.get(server.url, source="x").content == b"da"
    assert server.seen[1][0] - server.seen[0][0] >= 1.0


def test_a_wait_that_is_too_long_ends_the_attempt(server: Server, settings: Settings) -> None:
    server.script = [says(429, Retry_After="86400")]
    start = time.monotonic()
    with client(settings) as polite, pytest.raises(SourceUnavailableError, match="429"):
        polite.get(server.url, source="x")
    assert time.monotonic() - start < 30
    assert len(server.seen) == 1


@pytest.mark.parametrize("value", ["morgen", "-5", "1e9", "Mon, 99 Foo 2024", ""])
def test_a_wait_that_says_nothing_is_no_error(
    server: Server, settings: Settings, value: str
) -> None:
    server.script = [says(503, Retry_After=value), says(200, b"da")]
    with client(settings) as polite:
        assert polite.get(server.url, source="x").content == b"da"


def test_a_refusal_is_told_and_not_kept(server: Server, settings: Settings) -> None:
    server.script = [says(404, b"nein"), says(200, b"da")]
    with client(settings) as polite:
        with pytest.raises(SourceUnavailableError, match="404"):
            polite.get(server.url, source="x")
        assert polite.get(server.url, source="x").content == b"da"
    assert len(server.seen) == 2


def test_it_gives_up_after_the_retries(server: Server, settings: Settings) -> None:
    server.script = [says(503)]
    with client(settings, retries=2) as polite, pytest.raises(SourceUnavailableError, match="503"):
        polite.get(server.url, source="x")
    assert len(server.seen) == 3


def test_silence_ends_in_a_time_out(server: Server, settings: Settings) -> None:
    stop = threading.Event()
    server.script = [lambda _: stop.wait(5)]
    with client(settings, retries=0, read_s=0.2) as polite:
        with pytest.raises(SourceUnavailableError, match="antwortet nicht"):
            polite.get(server.url, source="x")
        stop.set()


def test_a_drip_ends_at_the_total_time(server: Server, settings: Settings) -> None:
    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"x" * 70_000)
            time.sleep(0.02)

    server.script = [drip]
    with (
        client(settings, total_s=0.2) as polite,
        pytest.raises(SourceUnavailableError, match="zu langsam"),
    ):
        polite.get(server.url, source="x")


def test_a_closed_port_is_told(settings: Settings) -> None:
    with Server(("127.0.0.1", 0), Handler) as closed:
        url = closed.url
    with client(settings, retries=1) as polite, pytest.raises(SourceUnavailableError, match="127"):
        polite.get(url, source="x")


@pytest.mark.parametrize("stated", [True, False])
def test_an_answer_that_is_too_large_is_refused_while_it_comes(
    server: Server, settings: Settings, *, stated: bool
) -> None:
    sent = threading.Event()

    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header(*(("Content-Length", "9" * 12) if stated else ("Connection", "close")))
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b"x" * 100_000)
        finally:
            sent.set()

    server.script = [endless]
    with client(settings, max_bytes=1_000_000) as polite:
        with pytest.raises(SourceUnavailableError, match="größer"):
            polite.get(server.url, source="x")
        assert sent.wait(5)
    assert len(server.seen) == 1
    with client(settings, offline=True) as polite, pytest.raises(SourceUnavailableError):
        polite.get(server.url, source="x")


def test_a_bomb_is_refused_by_its_unpacked_size(server: Server, settings: Settings) -> None:
    packed = gzip.compress(bytes(20_000_000))
    assert len(packed) < 100_000
    server.script = [says(200, packed, Content_Encoding="gzip")]
    with (
        client(settings, max_bytes=1_000_000) as polite,
        pytest.raises(SourceUnavailableError, match="größer"),
    ):
        polite.get(server.url, source="x")


def test_a_half_answer_is_fetched_again(server: Server, settings: Settings) -> None:
    server.script = [hangs_up_after(b"hal", 6), hangs_up_after(b"halb", 6), says(200, b"ganz!!")]
    with client(settings) as polite:
        assert polite.get(server.url, source="x").content == b"ganz!!"
    assert len(server.seen) == 3


def test_a_half_answer_is_never_kept(server: Server, settings: Settings) -> None:
    server.script = [hangs_up_after(b"halb", 6)]
    with (
        client(settings, retries=1) as polite,
        pytest.raises(SourceUnavailableError, match="antwortet nicht"),
    ):
        polite.get(server.url, source="x")
    with client(settings, offline=True) as polite, pytest.raises(SourceUnavailableError):
        polite.get(server.url, source="x")


def _ask(settings: Settings, url: str) -> None:
    with client(settings, read_s=30.0) as polite:
        polite.get(url, source="x")


def test_a_program_that_is_killed_leaves_nothing_half(server: Server, settings: Settings) -> None:
    halfway = threading.Event()
    stop = threading.Event()

    def half(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "200000")
        handler.end_headers()
        handler.wfile.write(b"x" * 100_000)
        handler.wfile.flush()
        halfway.set()
        stop.wait(60)

    server.script = [half, says(200, b"ganz")]
    child = multiprocessing.get_context("spawn").Process(target=_ask, args=(settings, server.url))
    child.start()
    assert halfway.wait(60)
    child.kill()
    child.join()
    child.close()
    stop.set()
    with client(settings, offline=True) as polite, pytest.raises(SourceUnavailableError):
        polite.get(server.url, source="x")
    with client(settings) as polite:
        assert polite.get(server.url, source="x").content == b"ganz"


def test_offline_replays_however_old_and_asks_nobody(server: Server, settings: Settings) -> None:
    server.script = [says(200, b"alt")]
    with client(settings, fresh_s=0.001) as polite:
        first = polite.post(server.url, data={"q": "1"}, source="x")
    time.sleep(0.05)
    with client(settings, fresh_s=0.001, offline=True) as polite:
        kept = polite.post(server.url, data={"q": "1"}, source="x")
        with pytest.raises(SourceUnavailableError, match=r"atlas build.*ohne --offline"):
            polite.post(server.url, data={"q": "2"}, source="x")
    assert (kept.content, kept.from_cache) == (b"alt", True)
    assert abs((kept.retrieved_at - first.retrieved_at).total_seconds()) < 5
    assert len(server.seen) == 1


def test_a_redirect_is_followed_and_replayed(server: Server, settings: Settings) -> None:
    server.script = [says(302, Location="/anders"), says(200, b"dort")]
    with client(settings) as polite:
        assert polite.get(server.url, source="x").url.endswith("/anders")
    with client(settings, offline=True) as polite:
        assert polite.get(server.url, source="x").content == b"dort"


def test_a_forgotten_answer_is_asked_for_again(server: Server, settings: Settings) -> None:
    server.script = [says(200, b"schlecht"), says(200, b"gut")]
    with client(settings) as polite:
        polite.forget(polite.get(server.url, source="x"))
        assert polite.get(server.url, source="x").content == b"gut"


def test_an_old_answer_does_not_stand_in_for_an_error(server: Server, settings: Settings) -> None:
    server.script = [says(200, b"alt"), says(500)]
    with client(settings, fresh_s=0.001, retries=0) as polite:
        polite.get(server.url, source="x")
        time.sleep(0.05)
        with pytest.raises(SourceUnavailableError, match="500"):
            polite.get(server.url, source="x")
    with client(settings, offline=True) as polite:
        assert polite.get(server.url, source="x").content == b"alt"


def test_a_host_is_asked_no_faster_than_its_pause(server: Server, settings: Settings) -> None:
    server.script = [says(200)]
    start = time.monotonic()
    with client(settings, pause_s=0.15) as polite, ThreadPoolExecutor(6) as pool:
        urls = [f"{server.url}/{number}" for number in range(6)]
        list(pool.map(lambda url: polite.get(url, source="x"), urls))
    times = sorted(when - start for when, *_ in server.seen)
    assert len(times) == 6
    # A busy machine may make a request late, never early.
    assert all(when >= number * 0.15 for number, when in enumerate(times))


def test_without_a_pause_the_same_takes_no_time(server: Server, settings: Settings) -> None:
    server.script = [says(200)]
    with client(settings, pauses_s={"127.0.0.1": 0.0}, pause_s=60.0) as polite:
        for number in range(6):
            polite.get(f"{server.url}/{number}", source="x")
    assert server.seen[-1][0] - server.seen[0][0] < 30


def test_answers_from_the_cache_do_not_wait(server: Server, settings: Settings) -> None:
    server.script = [says(200)]
    with client(settings, pause_s=60.0) as polite:
        polite.get(server.url, source="x")
        start = time.monotonic()
        for _ in range(5):
            polite.get(server.url, source="x")
    assert time.monotonic() - start < 30


def test_the_services_of_the_settings_get_a_longer_pause() -> None:
    settings = Settings(overpass_url="https://overpass.example.org/api/interpreter")
    limits = _with_slow_hosts(Limits(pauses_s={"other": 9.0}), settings)
    assert limits.pauses_s["overpass.example.org"] == SLOW_S
    assert limits.pauses_s["other"] == 9.0


def test_a_cache_that_is_no_database_is_set_aside(server: Server, settings: Settings) -> None:
    settings.cache_dir.mkdir()
    file = settings.cache_dir / "http.sqlite"
    file.write_bytes(b"kein SQLite" * 1000)
    server.script = [says(200, b"da")]
    with client(settings) as polite:
        assert polite.get(server.url, source="x").content == b"da"
    assert (settings.cache_dir / "http.damaged").read_bytes().startswith(b"kein SQLite")
    with client(settings, offline=True) as polite:
        assert polite.get(server.url, source="x").content == b"da"


def test_a_cache_damaged_in_the_middle_is_begun_anew(server: Server, settings: Settings) -> None:
    server.script = [says(200, b"z" * 300_000)]
    with client(settings) as polite:
        polite.get(server.url, source="x")
    file = settings.cache_dir / "http.sqlite"
    data = bytearray(file.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    file.write_bytes(data)
    with client(settings) as polite:
        assert polite.get(server.url, source="x").content == b"z" * 300_000
    assert len(server.seen) == 2


def test_an_entry_that_cannot_be_read_counts_as_absent(server: Server, settings: Settings) -> None:
    server.script = [says(200, b"da")]
    with client(settings) as polite:
        polite.get(server.url, source="x")
    database = sqlite3.connect(settings.cache_dir / "http.sqlite")
    with database:
        database.execute("UPDATE responses SET value = '{\"halb\": '")
    database.close()
    with client(settings, offline=True) as polite, pytest.raises(SourceUnavailableError):
        polite.get(server.url, source="x")
    with client(settings) as polite:
        assert polite.get(server.url, source="x").content == b"da"
    assert len(server.seen) == 2


def test_a_cache_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="ATLAS_CACHE_DIR"):
        Client(Settings(cache_dir=tmp_path / "file" / "cache", contact="a@b.de"))


def test_a_cache_that_is_a_folder_is_told(settings: Settings) -> None:
    (settings.cache_dir / "http.sqlite").mkdir(parents=True)
    with pytest.raises(ConfigError, match="ATLAS_CACHE_DIR"):
        Client(settings)


def test_a_cache_that_is_taken_away_meanwhile_is_told(server: Server, settings: Settings) -> None:
    server.script = [says(200)]
    with client(settings) as polite:
        database = sqlite3.connect(settings.cache_dir / "http.sqlite")
        with database:
            database.execute("DROP TABLE responses")
        database.close()
        with pytest.raises(ConfigError, match="ATLAS_CACHE_DIR"):
            polite.get(server.url, source="x")


@pytest.mark.parametrize("url", ["", "kein Ort", "http://", "http://[", "ftp:///x"])
def test_what_is_no_address_is_told(settings: Settings, url: str) -> None:
    with client(settings) as polite, pytest.raises((ConfigError, SourceUnavailableError)):
        polite.get(url, source="x")


def test_a_missing_library_is_told_with_what_to_install(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "requests_cache", None)
    for name in ("session", "adapter"):
        monkeypatch.delitem(__import__("sys").modules, f"atlas.http.{name}", raising=False)
    with pytest.raises(ConfigError, match=r"raumatlas-ruhr\[sources\]"):
        Client(settings)

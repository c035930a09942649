"""Fetching open data and reports: through the polite client, from a real server on loopback."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from source_fixtures import DATA, REGISTRY, ROOT, TODAY, assert_sound

from atlas.errors import ConfigError, SourceUnavailableError
from atlas.http import Client
from atlas.settings import Settings
from atlas.sources import declared, reports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ESSEN = declared.load(ROOT / "data" / "sources" / "essen_meeting_places.toml")
PAGES = {
    "/essen.geojson": (DATA / "declared" / ESSEN.file.path).read_bytes(),
    "/layer.geojson": (DATA / "reports" / "layer.geojson").read_bytes(),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = PAGES.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache", operator_email="atlas@example.org")


def at(url: str) -> declared.Mapping:
    return ESSEN.model_copy(update={"file": ESSEN.file.model_copy(update={"url": url})})


def test_a_mapping_is_fetched_and_read_again_without_the_network(address, settings):
    made = at(f"{address}/essen.geojson")
    for offline in (False, True):
        with Client(settings, offline=offline) as client:
            payload = declared.fetch(made, client).content
        source = declared.registered(made, REGISTRY)
        parsed = declared.parse(payload, mapping=made, source=source, retrieved_on=TODAY)
        assert_sound(parsed.intake)
        assert len(parsed.intake.cells) == 2


def test_a_layer_of_reports_is_fetched(address, settings):
    source = REGISTRY.get("vacancy_reports")
    with Client(settings) as client:
        payload = reports.fetch(f"{address}/layer.geojson", client, source=source)
    assert_sound(reports.parse(payload, source=source, retrieved_on=TODAY))


def test_an_address_that_does_not_answer_is_told(address, settings):
    with Client(settings) as client, pytest.raises(SourceUnavailableError):
        declared.fetch(at(f"{address}/none"), client)


def test_a_mapping_without_an_address_is_told(settings):
    with Client(settings) as client, pytest.raises(ConfigError, match="keine Adresse"):
        declared.fetch(at(""), client)

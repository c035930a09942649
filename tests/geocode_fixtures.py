"""A real HTTP server on loopback that speaks the JSON of Nominatim and of Photon."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Answering:
    """What the server does next, and what it was asked."""

    body: bytes = b"[]"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def says(self, answer: Any) -> None:
        self.body = json.dumps(answer).encode()


@contextmanager
def geocoding_server() -> Iterator[Answering]:
    """Serve on a free port; `url` of the answering is its address."""
    answering = Answering()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answering.times.append(time.monotonic())
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            answering.asked.append({"path": parts.path, **query})
            answering.agents.append(self.headers.get("User-Agent", ""))
            time.sleep(answering.delay_s)
            self.send_response(answering.status)
            usual = {"Content-Type": "application/json; charset=utf-8"}
            for name, value in (usual | answering.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answering.body)))
            self.end_headers()
            self.wfile.write(answering.body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    answering.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield answering
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def nominatim_place(lat: float = 51.45, lon: float = 7.05, **changes: Any) -> dict[str, Any]:
    """Return a place as Nominatim describes it (format=json, addressdetails=1)."""
    place = {
        "place_id": 1,
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0",
        "osm_type": "way",
        "osm_id": 4711,
        "lat": str(lat),
        "lon": str(lon),
        "class": "building",
        "type": "yes",
        "place_rank": 30,
        "addresstype": "building",
        "name": "Erika Mustermann",
        "display_name": "5, Musterweg, Westheim",
        "address": {"house_number": "5", "road": "Musterweg", "town": "Westheim"},
        "boundingbox": [str(lat - 1e-4), str(lat + 1e-4), str(lon - 1e-4), str(lon + 1e-4)],
    }
    return place | changes


def nominatim_street(lat: float = 51.45, lon: float = 7.05, **changes: Any) -> dict[str, Any]:
    """Return a street as Nominatim describes it."""
    street = {"class": "highway", "type": "residential", "addresstype": "road", "place_rank": 26,
              "address": {"road": "Musterweg"}}  # fmt: skip
    return nominatim_place(lat, lon, **(street | changes))


def photon(*places: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of Photon: a FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(places)}


def photon_place(lat: float = 51.45, lon: float = 7.05, **changes: Any) -> dict[str, Any]:
    """Return a place as Photon describes it."""
    properties = {"osm_type": "W", "osm_id": 4711, "osm_key": "building", "osm_value": "yes",
                  "type": "house", "housenumber": "5", "street": "Musterweg", "city": "Westheim",
                  "postcode": "45000", "country": "Deutschland"}  # fmt: skip
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {k: v for k, v in (properties | changes).items() if v is not None},
    }

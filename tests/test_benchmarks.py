"""The benchmark's own parts: what travels is counted, and the report says what was missed."""

from __future__ import annotations

import socketserver
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler

from benchmarks.browser import Plan, Result
from benchmarks.report import aims, kilobytes, result_row
from benchmarks.traffic import proxy

BODY = b"x" * 70_000


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_the_proxy_passes_everything_on_and_counts_both_ways() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Hello) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with proxy(server.server_address[1]) as traffic:
            with urllib.request.urlopen(f"http://127.0.0.1:{traffic.port}/") as answer:
                assert answer.read() == BODY
            assert len(BODY) + 50 < traffic.total < len(BODY) + 1000
        server.shutdown()


def test_an_aim_is_met_or_missed_by_the_largest_change() -> None:
    small = Result(Plan("app", 3_000, 2, 0), click_s=[0.1], first_bytes=[2_000, 4_900])
    large = Result(Plan("app", 0, 2, 0), click_s=[9.0], first_bytes=[2_000, 5_100])
    said = aims([small, large, Result(Plan("ours", 3_000, 1, 0), click_s=[0.2])])
    assert [line.endswith("met") for line in said] == [True, False, True, False]
    assert "whole app" in said[0]


def test_a_cold_start_is_one_that_finds_what_the_one_before_has_kept() -> None:
    result = Result(Plan("app", 0, 2, 0), first_ever_s=3.2, updated_s=[0.1, 0.3])
    result.first_maps_s = [2.3, 2.4, 9.0]
    row = result_row(result, {0: 500})
    assert row[3] == "0.200"
    assert row[7] == "2.40 (2.30–9.00); 3.20"
    assert aims([result])[-1].endswith("met")
    result.first_maps_s = [2.6]
    assert aims([result])[-1].endswith("**missed**")
    assert "first map" in aims([result])[-1]


def test_a_line_says_what_was_not_measured() -> None:
    row = result_row(Result(Plan("app", 0, 2, 0), first_bytes=[2_000, 4_000]), {0: 500})
    assert row[0] == "500 (real)"
    assert row[2:6] == ["–", "–", "3.0 (max 4.0)", "–"]
    assert row[7] == "–"
    assert kilobytes([]) == "–"

"""A build that is killed: the old table stays, and the next build goes on from the cache."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from atlas import stored
from atlas.current import current
from atlas.settings import Settings

MAPPING = """
source = "{name}"
publisher = "Town"
licence = "ODbL-1.0"
attribution = "© OpenStreetMap-Mitwirkende (ODbL)"
key = "id"

[file]
format = "csv"
url = "http://127.0.0.1:{port}/{name}.csv"

[place]
crs = "EPSG:4326"
x = "lon"
y = "lat"
uncertainty_m = 50

[columns]
name = "name"

[constants]
type = "theatre"
"""
REGISTRY = """
[{name}]
title = "{name}"
title_en = "{name}"
homepage = "https://example.org/"
licence_received = "ODbL-1.0"
licence_received_en = "ODbL-1.0"
licence_published = "ODbL-1.0"
attribution = "© OpenStreetMap-Mitwirkende (ODbL)"
attribution_en = "© OpenStreetMap contributors (ODbL)"
lineage = "crowd"
role = ["rows", "location"]
rhythm = "laufend"
rhythm_en = "continuous"
vintage = "2026"
about = ""
about_en = ""
"""
ENTRY = '[[source]]\nid = "{name}"\nadapter = "declared"\npath = "{name}.toml"\n'


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.strip("/").removesuffix(".csv")
        self.server.asked.append(name)
        if name == "second" and not self.server.may_go_on.is_set():
            self.server.stuck.set()
            self.server.may_go_on.wait(60)
        lon = "7.4653" if name == "first" else "7.4753"  # Dortmund
        body = f"id,name,lon,lat\n1,Theater {name},{lon},51.5136\n".encode()
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the client was killed

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.asked, running.stuck, running.may_go_on = [], threading.Event(), threading.Event()
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.may_go_on.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def settings(tmp_path, server):
    folder = tmp_path / "data"
    shutil.copytree("data", folder, ignore=shutil.ignore_patterns("table"))
    with (folder / "sources.toml").open("a", encoding="utf-8") as registry:
        registry.writelines(REGISTRY.format(name=name) for name in ("first", "second"))
    for name in ("first", "second"):
        text = MAPPING.format(name=name, port=server.server_address[1])
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    entries = [ENTRY.format(name=name) for name in ("first", "second")]
    (folder / "build.toml").write_text("".join(entries), encoding="utf-8")
    return Settings(data_dir=folder)


def start(settings):
    environment = {**os.environ, "ATLAS_DATA_DIR": str(settings.data_dir),
                   "ATLAS_CACHE_DIR": str(settings.data_dir / "cache"),
                   "ATLAS_CONTACT": "atlas@example.org"}  # fmt: skip
    words = [sys.executable, "-m", "atlas", "build"]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(words, env=environment, **output)


def test_the_second_run_fetches_only_what_the_first_did_not_get(settings, server):
    killed = start(settings)
    assert server.stuck.wait(60), "the build never asked for the second source"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert stored.current(settings.table_folder) is None, "nothing half-read is stored"
    server.may_go_on.set()
    again = start(settings)
    output, _ = again.communicate(timeout=120)
    assert again.returncode == 0, output
    assert server.asked.count("first") == 1, "it was in the cache"
    names = set(stored.current(settings.table_folder).spaces()["name"])
    assert names == {"Theater first", "Theater second"}


def test_an_app_that_runs_takes_up_the_new_table(settings, server):
    """No restart: the next question is answered from the table that was just stored."""
    server.may_go_on.set()
    running = current(settings)
    before = running.snapshot().atlas
    assert before.built is None
    assert len(before.spaces) > 400
    build = start(settings)
    output, _ = build.communicate(timeout=120)
    assert build.returncode == 0, output
    after = running.snapshot().atlas
    assert len(after.spaces) == 2
    assert after.version != before.version
    assert after.built.built_at.startswith(time.strftime("%Y-", time.gmtime()))

"""
A real Chromium and a real server for the browser tests.

Every page fails the test if it asks any host but this machine. Without a browser the
tests are skipped with a sentence; with ``CI=true`` that is a failure.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pages import ROOT
from playwright.sync_api import expect, sync_playwright

from atlas.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

HERE = {"127.0.0.1", "localhost"}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--enable-precise-memory-info",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    "No Chromium found: install it (Debian: apt install chromium) "
    "or set ATLAS_CHROMIUM to its path."
)

# How long a test waits for what will come; what it must not exceed is measured, not waited for.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    found = os.environ.get("ATLAS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return found if found and os.access(found, os.X_OK) else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


class Guard:
    """Notes every request that leaves this machine and every error of a page's scripts."""

    def __init__(self) -> None:
        self.foreign: list[str] = []
        self.errors: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.note(request.url))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in HERE:
            self.foreign.append(url)


@pytest.fixture
def guard() -> Guard:
    return Guard()


@pytest.fixture
def open_page(browser: Browser, guard: Guard) -> Iterator[Callable[..., Page]]:
    """Open pages in a context of their own; a request to another host fails the test."""
    with contextlib.ExitStack() as stack:

        def new_page(**options: object) -> Page:
            context = browser.new_context(viewport={"width": 1280, "height": 860}, **options)
            stack.callback(context.close)
            guard.watch(context)
            return context.new_page()

        yield new_page
    assert guard.foreign == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Start ``streamlit run`` on a free port; returns the address once the server answers."""
    with contextlib.ExitStack() as stack:

        def start(script: Path, **environment: str) -> str:
            port = free_port()
            log = tmp_path_factory.mktemp("server") / "log.txt"
            with log.open("w") as output:
                server = subprocess.Popen(
                    [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}",
                     "--server.address=127.0.0.1", "--server.headless=true",
                     "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"],
                    stdout=output, stderr=subprocess.STDOUT,
                    env={**os.environ, **environment},
                )  # fmt: skip
            stack.callback(stop, server)
            address = f"http://127.0.0.1:{port}"
            wait_until_ready(f"{address}/_stcore/health", server, log)
            return address

        yield start


@pytest.fixture(scope="session")
def address(serve: Callable[..., str]) -> str:
    """Return the address of the app with the shipped table, one server for all tests."""
    return serve(ROOT / "app.py")


@pytest.fixture(scope="session")
def space() -> str:
    """Return a space of the shipped table that has a location."""
    lines = (Settings().data_dir / "spaces.csv").read_text("utf-8").splitlines()
    return next(line.split(",")[0] for line in lines[1:] if ",building," in line)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the server stopped: {log.read_text()}")
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - http, built above
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            # No fixed pause: ask again until the port answers.
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.05)
    pytest.fail(f"the server did not answer in a minute: {log.read_text()}")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()

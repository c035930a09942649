"""What a measurement waits for: a page that rests, a server that has kept and prepared."""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

# Asking per frame hangs when the page has nothing to draw; the times are taken in the page.
POLL_MS = 20
LATE_MS = 300
IDLE_MS = 1500  # what the first view loads when it has time is no part of a change


def wait_until_kept(cache: Path, data_dir: Path, limit_s: float) -> None:
    """Wait until the server has kept what its next start needs."""
    wanted = {"spaces.json"}
    if not (data_dir / "table").is_dir():  # a table that was built is not kept again
        wanted |= {"spaces", "rejects"}
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if wanted <= {path.name.split("-")[0] for path in cache.glob("kept/*-*")}:
            return
        time.sleep(POLL_MS / 1000)
    sys.exit("The server has kept nothing: the next start would not be what is measured.")


def wait_until_prepared(address: str, limit_s: float) -> None:
    """Wait until the server has done what it does once after its first map."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        with urllib.request.urlopen(f"{address}/atlas/health") as answer:  # noqa: S310 (loopback)
            if json.load(answer)["prepared"]:
                return
        time.sleep(POLL_MS / 1000)
    sys.exit("The server prepares without end: its clicks would not be what is measured.")


def quiet(page: Page) -> None:
    """Wait until the run has ended and its last messages have come."""
    page.wait_for_selector(
        '[data-testid="stApp"][data-test-script-state="notRunning"]', state="attached"
    )
    page.wait_for_timeout(LATE_MS)


def idle(page: Page) -> None:
    """Wait until all that a first view loads has come, also what it loads when it has time."""
    quiet(page)
    page.wait_for_timeout(IDLE_MS)
    page.wait_for_load_state("networkidle")

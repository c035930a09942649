"""Opening the pages of the app, and waiting for what a page or a frame says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

ROOT = Path(__file__).resolve().parents[2]
POLL_MS = 50
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"] .ra-footer'


def until(where: Page | Frame, said: str) -> None:
    """
    Wait until the expression ``said`` is true.

    Playwright asks once per animation frame unless told otherwise, and a page that has
    nothing to draw, or a busy machine, may give none for half a minute.
    """
    where.wait_for_function(said, polling=POLL_MS)


def settle(page: Page) -> None:
    """Wait until the script has run and the foot, which it draws last, is there."""
    page.wait_for_selector(SETTLED, state="attached")


def go(page: Page, url: str) -> Page:
    page.goto(url)
    settle(page)
    return page


def heading(page: Page) -> Locator:
    return page.locator("h1").first


def paint(page: Page) -> None:
    """Wait until the map has painted, so that its requests count too."""
    page.frame_locator("iframe").locator("body").wait_for()
    frame = page.frames[-1]
    until(frame, "window.atlasLayer && atlasLayer.stats.paints > 0")


def count_of(option: Locator) -> str:
    """Return the number beside an option of the filters; it comes after the option."""
    count = option.locator(".ra-count")
    expect(count).to_have_text(re.compile(r"\d"))
    return count.inner_text()

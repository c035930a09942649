"""Waiting for what a page or a frame says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

POLL_MS = 50


def until(where: Page | Frame, said: str) -> None:
    """
    Wait until the expression ``said`` is true.

    Playwright asks once per animation frame unless told otherwise, and a page that has
    nothing to draw, or a busy machine, may give none for half a minute.
    """
    where.wait_for_function(said, polling=POLL_MS)

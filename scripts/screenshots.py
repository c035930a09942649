"""
Photograph the real app for the README: docs/images/*.png.

    python scripts/screenshots.py

Needs the packages of the tests and a Chromium (``ATLAS_CHROMIUM`` or on the path).
Exit codes: 0 done, 2 no browser.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# The script lies beside the package folder, not in it.
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from atlas.settings import Settings  # noqa: E402
from benchmarks.browser import FLAGS  # noqa: E402
from benchmarks.processes import chromium, server  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SHOTS = (
    # name, address, width, height, theme
    ("map-light", "/", 1400, 900, "light"),
    ("map-dark", "/?lang=en&vacancy=vacant&vacancy=partly_vacant", 1400, 900, "dark"),
    ("phone", "/", 360, 740, "light"),
    ("show", "/?view=show", 1280, 720, "light"),
    ("data", "/daten", 1400, 900, "light"),
    ("hotspots", "/hotspots?topic=energy", 1400, 900, "light"),
)
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
SETTLE_MS = 2500  # transitions and web fonts


def main() -> int:
    """Take every picture; return the exit code."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        server("ours", Settings().data_dir, app=ROOT / "app.py") as (address, _),
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, path, width, height, theme in SHOTS:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(address + path)
            page.locator("h1").first.wait_for()
            page.locator(READY).wait_for()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(SETTLE_MS)
            page.screenshot(path=IMAGES / f"{name}.png")
            context.close()
            print(f"written: docs/images/{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

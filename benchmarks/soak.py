"""
Many cold starts in a row, each of which has to paint: ``python -m benchmarks.soak``.

For faults that come once in many starts, such as two threads that import at once. The
browser runs already, so a time is that of the app alone: start of the process → map painted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import TYPE_CHECKING

from playwright.sync_api import Error, sync_playwright

from atlas.serving import app_file
from atlas.settings import Settings
from benchmarks.browser import FLAGS, first_painted, visitor
from benchmarks.processes import chromium, server
from benchmarks.waiting import wait_until_prepared

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def start(browser: Browser, limit_s: float) -> tuple[float, float, float]:
    """Start the app; return the seconds to server, first map, and a second visitor's map."""
    first = visitor(browser, limit_s)
    with server("", Settings().data_dir, app_file()) as (address, started):
        ready = time.time() - started
        painted = first_painted(first, address) - started
        first.context.close()
        wait_until_prepared(address, limit_s)
        second = visitor(browser, limit_s)
        asked = time.time()
        again = first_painted(second, address) - asked
        second.context.close()
    return ready, painted, again


def main() -> int:
    """Run the starts; return 1 if one of them did not paint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=25)
    parser.add_argument("--limit", type=float, default=60, help="seconds for a map")
    asked = parser.parse_args()
    times: list[tuple[float, float, float]] = []
    faults = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        for number in range(1, asked.starts + 1):
            try:
                times.append(start(browser, asked.limit))
            except (Error, OSError) as error:
                faults += 1
                print(f"{number}: {str(error).splitlines()[0]}", file=sys.stderr)
            else:
                print(number, *(f"{seconds:.2f}" for seconds in times[-1]), flush=True)
        browser.close()
    columns = zip(*times, strict=True) if times else ()
    for name, column in zip(("server", "first map", "second visitor"), columns, strict=False):
        middle = statistics.median(column)
        print(f"{name}: median {middle:.2f} s ({min(column):.2f}–{max(column):.2f})")
    print(f"{len(times)} of {asked.starts} painted")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

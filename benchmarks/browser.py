"""
Timings in Chromium: filter click → painted, bytes per change, heap, first map, second visitor.

Every variant runs on the same page with the same switch, one after the other on the same
machine: read the ratios, not the absolute times. The variant ``app`` is the map page of the
atlas itself, with filters, counts and list; each of its clicks asks what nobody asked before.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error, Page, sync_playwright

from benchmarks.processes import APP, SERVER, chromium, server
from benchmarks.traffic import proxy
from benchmarks.waiting import POLL_MS, idle, quiet, wait_until_kept, wait_until_prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession

    from benchmarks.traffic import Proxy

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
OURS = frozenset({"app", "ours"})
REST_MS = 1000
# Vacancy and group by turns: the next option that is not chosen, and that something has.
OPTION = "[id^=option-vacancy-], [id^=option-groups-]"
COUNTED = """
(selector) => {
    const counts = [...document.querySelectorAll(selector)]
        .map((option) => option.querySelector(".ra-count").textContent);
    return counts.length > 0 && counts.every(Boolean);
}
"""
NEXT_OPTION = """
(selector) => {
    const all = [...document.querySelectorAll(selector)];
    const count = (option) => option.querySelector(".ra-count").textContent;
    const ticked = (option) => option.querySelector("input").checked;
    const free = all.filter((option) => !ticked(option) && count(option) !== "0");
    const chosen = (kind) =>
        all.filter((option) => ticked(option) && option.id.startsWith(`option-${kind}-`)).length;
    const kind = chosen("vacancy") <= chosen("groups") ? "vacancy" : "groups";
    const next = free.filter((option) => option.id.startsWith(`option-${kind}-`));
    return (next[0] ?? free[0]).id;
}
"""
# Two frames after the layer said that it has painted, as for the other variants. Only a
# paint of another result counts: the pointer leaving the map repaints it too. The counts of the
# form and the list come with the server's answer, as does the number in the heading.
HOOK = """
window.addEventListener("atlas:painted", () => {
    const matched = window.atlasLayer ? window.atlasLayer.stats.matched : 0;
    if (!matched || matched === window.parent.benchMatched) return;
    window.parent.benchMatched = matched;
    requestAnimationFrame(() => requestAnimationFrame(() => {
        window.parent.benchPainted = performance.timeOrigin + performance.now();
    }));
});
document.addEventListener("click", () => {
    window.benchClicked = performance.timeOrigin + performance.now();
    window.benchSaid = document.querySelector("h1")?.textContent;
    window.benchUpdated = 0;
}, true);
new MutationObserver(() => {
    const said = document.querySelector("h1")?.textContent;
    if (window.benchUpdated || !window.benchClicked || said === window.benchSaid) return;
    window.benchUpdated = performance.timeOrigin + performance.now();
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: ``clicks`` and ``starts`` are timed, ``changes`` are for the heap."""

    variant: str
    rows: int
    clicks: int
    changes: int
    limit_s: float = 120.0
    starts: int = 1


@dataclass(slots=True)
class Result:
    """What one plan measured; None where it did not come to an end within the limit."""

    plan: Plan
    first_ever_s: float | None = None
    first_maps_s: list[float] = field(default_factory=list)
    second_visitor_s: float | None = None
    click_s: list[float] = field(default_factory=list)
    updated_s: list[float] = field(default_factory=list)
    first_bytes: list[int] = field(default_factory=list)
    bytes_per_change: float | None = None
    heap_mb: tuple[float, float] | None = None
    fault: str = ""

    @property
    def first_map_s(self) -> float | None:
        """Median of the seconds from the start of a server to the first map."""
        return statistics.median(self.first_maps_s) if self.first_maps_s else None

    @property
    def click_median_s(self) -> float | None:
        """Median of the timed clicks in seconds."""
        return statistics.median(self.click_s) if self.click_s else None

    @property
    def updated_median_s(self) -> float | None:
        """Median of the seconds from a click to the server's counts and list."""
        return statistics.median(self.updated_s) if self.updated_s else None


def visitor(browser: Browser, limit_s: float) -> Page:
    """
    Return an empty page of somebody who has never been here, the browser at rest.

    Its making takes Playwright and the browser a third of a second, which would be
    counted as the server's.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.add_init_script(HOOK)
    page = context.new_page()
    page.set_default_timeout(limit_s * 1000)
    page.wait_for_timeout(REST_MS)
    return page


def first_painted(page: Page, address: str) -> float:
    """Open ``address``; return when its map was painted, in seconds since 1970."""
    page.goto(address)
    page.wait_for_function("() => window.benchPainted > 0", polling=POLL_MS)
    return float(page.evaluate("() => window.benchPainted")) / 1000


def change(page: Page, click: str = "text=hide vacant") -> float:
    """Click the switch, or what ``click`` selects; return the seconds until the map was painted."""
    page.evaluate("() => { window.benchPainted = 0; window.benchClicked = Infinity; }")
    page.locator(click).click()
    page.wait_for_function("() => window.benchPainted > window.benchClicked", polling=POLL_MS)
    return float(page.evaluate("() => window.benchPainted - window.benchClicked")) / 1000


def heap_mb(session: CDPSession) -> float:
    """Return the used JavaScript heap after a collection, in MB."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


@contextlib.contextmanager
def fresh_browser() -> Iterator[Browser]:
    """Run a browser that has seen nothing."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        with contextlib.closing(browser):
            yield browser


def measure(plan: Plan, data_dir: Path) -> Result:
    """Run one plan in fresh servers and browsers, with a cache folder of its own."""
    result = Result(plan)
    with tempfile.TemporaryDirectory() as folder:
        try:
            if plan.variant == "app":
                result.first_ever_s = first_ever(plan, data_dir, Path(folder))
            started_before(result, data_dir, Path(folder))
        except Error as error:
            result.fault = f"no end within {plan.limit_s:.0f} s"
            print(plan, str(error).splitlines()[0], file=sys.stderr)
    return result


def first_ever(plan: Plan, data_dir: Path, cache: Path) -> float:
    """Return the seconds from the start to the first map while nothing has been kept."""
    with fresh_browser() as browser:
        page = visitor(browser, plan.limit_s)
        with server(plan.variant, data_dir, APP, cache=cache) as (address, started):
            painted = first_painted(page, address)
            wait_until_kept(cache, data_dir, plan.limit_s)
    return painted - started


def started_before(result: Result, data_dir: Path, cache: Path) -> None:
    """Measure starts that find what the one before has kept; on the last one all the rest."""
    plan = result.plan
    app = APP if plan.variant == "app" else SERVER
    for start in range(plan.starts):
        with contextlib.ExitStack() as open_now:
            browser = open_now.enter_context(fresh_browser())  # its own start is no part of ours
            page = visitor(browser, plan.limit_s)
            behind, started = open_now.enter_context(
                server(plan.variant, data_dir, app, cache=cache)
            )
            traffic = open_now.enter_context(proxy(int(behind.rsplit(":", 1)[1])))
            open_now.callback(browser.close)  # before the proxy, which it would miss
            address = f"http://127.0.0.1:{traffic.port}"
            result.first_maps_s.append(first_painted(page, address) - started)
            page.context.close()
            if start + 1 == plan.starts:
                visit(browser, result, traffic, address)


def visit(browser: Browser, result: Result, traffic: Proxy, address: str) -> None:
    """Open the page as a second visitor, and click."""
    plan = result.plan
    if plan.variant in OURS:
        wait_until_prepared(address, plan.limit_s)
    page = visitor(browser, plan.limit_s)
    asked = time.time()
    result.second_visitor_s = first_painted(page, address) - asked
    (clicks_in_app if plan.variant == "app" else clicks_and_heap)(page, result, traffic)


def clicks_in_app(page: Page, result: Result, traffic: Proxy) -> None:
    """Time filters of the app, each added to those before, so that every answer is a new one."""
    page.wait_for_function(COUNTED, arg=OPTION, polling=POLL_MS)
    idle(page)
    for _ in range(result.plan.clicks):
        wanted = page.evaluate(NEXT_OPTION, OPTION)
        before = traffic.total
        result.click_s.append(change(page, f"#{wanted} input"))
        page.wait_for_function("() => window.benchUpdated > 0", polling=POLL_MS)
        took = page.evaluate("() => window.benchUpdated - window.benchClicked")
        result.updated_s.append(took / 1000)
        quiet(page)
        result.first_bytes.append(traffic.total - before)


def clicks_and_heap(page: Page, result: Result, traffic: Proxy) -> None:
    """Time the clicks, count the bytes, then look whether the heap grows."""
    plan = result.plan
    session = page.context.new_cdp_session(page)
    idle(page)
    before = traffic.total
    change(page)
    quiet(page)
    result.first_bytes.append(traffic.total - before)
    change(page)  # both states of the switch are warm now
    quiet(page)
    before = traffic.total
    for _ in range(plan.clicks):
        result.click_s.append(change(page))
    quiet(page)
    result.bytes_per_change = (traffic.total - before) / plan.clicks
    if plan.changes:
        heap = heap_mb(session)
        for _ in range(plan.changes):
            change(page)
        result.heap_mb = (heap, heap_mb(session))

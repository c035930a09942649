"""The text of docs/performance.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.browser import Result

NAMES = {
    "app": "**the whole app** (map, filters, counts, list)",
    "ours": "atlas (filter travels, one canvas)",
    "cluster": "FastMarkerCluster in a feature group",
    "naive": "Marker loop with MarkerCluster",
}
AIMS = {3_000: 0.15, 100_000: 0.3, 300_000: 0.5}
AIM_KB = 5.0
AIM_FIRST_MAP_S = 2.5
INTRODUCTION = (
    "Three ways to draw on one page with one switch that hides vacant spaces, and the map "
    "page of the atlas as people use it. *Click → painted* ends two animation frames after "
    "the layer is built; median of the timed clicks, made when the server has prepared what it "
    "prepares after its first map. In the app the map answers a click itself and the server's "
    "answer brings *counts and list* a little later. *kB* is everything that travels over the "
    "network after a click, both ways, compressed, counted by a proxy. *First "
    "time*: the answer has never been asked for in this session (in the app each click adds "
    "another filter); *again*: both states of the switch have been seen, and Streamlit sends a "
    "reference for a message that the browser has. *Heap* is after a collection, before and "
    "after the number of changes in brackets. *First map, cold* counts from the start of the "
    "server process until the map is painted, opened by a browser that has seen nothing and runs "
    "already, with an empty page (the making of that page, a third of a second, was counted in "
    "reports before this one); median of several starts of the app, one of the others; after the "
    "semicolon the very first start with this table, which checks it and keeps it for the next "
    "ones (docs/decisions/013)."
)
PACKAGES = ("streamlit", "streamlit-folium", "folium", "geopandas", "pandas", "shapely")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows)]


def seconds(value: float | None) -> str:
    """Format seconds with two digits after the point, or a dash."""
    if value is None:
        return "–"
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"


def result_row(result: Result, rows: dict[int, int]) -> list[str]:
    """Return one line of the map table."""
    size = rows.get(result.plan.rows, result.plan.rows)
    heap = "–"
    if result.heap_mb:
        before, after = result.heap_mb
        heap = f"{before:.1f} → {after:.1f} ({result.plan.changes})"
    again = "–" if result.bytes_per_change is None else f"{result.bytes_per_change / 1000:.1f}"
    click = seconds(result.click_median_s)
    if len(result.click_s) > 1:
        click += f" ({min(result.click_s):.3f}–{max(result.click_s):.3f})"
    return [
        f"{size:,}" + (" (real)" if not result.plan.rows else ""),
        NAMES[result.plan.variant],
        result.fault or click,
        seconds(result.updated_median_s),
        kilobytes(result.first_bytes),
        again,
        heap,
        first_map(result),
        seconds(result.second_visitor_s),
    ]


def first_map(result: Result) -> str:
    """Format the time to the first map, and that of a start that had nothing to build on."""
    taken = seconds(result.first_map_s)
    if len(result.first_maps_s) > 1:
        taken += f" ({min(result.first_maps_s):.2f}–{max(result.first_maps_s):.2f})"
    ever = "" if result.first_ever_s is None else f"; {seconds(result.first_ever_s)}"
    return taken + ever


def kilobytes(changes: Sequence[int]) -> str:
    """Format the mean of some changes, and the largest where there are several."""
    if not changes:
        return "–"
    mean = f"{sum(changes) / len(changes) / 1000:.1f}"
    return mean if len(changes) == 1 else f"{mean} (max {max(changes) / 1000:.1f})"


def by_size(results: Sequence[Result]) -> list[Result]:
    """Return the results so that the variants of one table stand together."""
    return sorted(results, key=lambda result: result.plan.rows)


def aims(results: Sequence[Result]) -> list[str]:
    """Return one line per aim: what was wanted, what was measured."""
    ours = [result for result in results if result.plan.variant in ("app", "ours")]
    return [
        *map(time_aim, filter(timed, ours)),
        *map(byte_aim, filter(weighed, ours)),
        *map(first_map_aim, filter(started, ours)),
    ]


def started(result: Result) -> bool:
    """Say whether a cold start of the app was measured."""
    return result.plan.variant == "app" and result.first_map_s is not None


def first_map_aim(result: Result) -> str:
    """Return the line on the first map."""
    measured = result.first_map_s or 0.0
    size = f"{result.plan.rows:,}" if result.plan.rows else "the real table"
    return (
        f"- first map from a cold start of the whole app at {size}: {measured:.2f} s, "
        f"aim {AIM_FIRST_MAP_S} s: {verdict(met=measured <= AIM_FIRST_MAP_S)}"
    )


def timed(result: Result) -> bool:
    """Say whether there is an aim for the time of a click, and a figure."""
    return result.plan.rows in AIMS and bool(result.click_s)


def weighed(result: Result) -> bool:
    """Say whether the bytes of a first change of the app were counted."""
    return result.plan.variant == "app" and bool(result.first_bytes)


def time_aim(result: Result) -> str:
    """Return the line on the time of a click."""
    aim, measured = AIMS[result.plan.rows], result.click_median_s or 0.0
    place = "in the whole app" if result.plan.variant == "app" else "the map alone"
    return (
        f"- filter click → painted at {result.plan.rows:,}, {place}: {measured:.3f} s, "
        f"aim {aim} s: {verdict(met=measured <= aim)}"
    )


def byte_aim(result: Result) -> str:
    """Return the line on the bytes of a change."""
    mean = sum(result.first_bytes) / len(result.first_bytes) / 1000
    most = max(result.first_bytes) / 1000
    size = f"{result.plan.rows:,}" if result.plan.rows else "the real table"
    return (
        f"- bytes per first-time filter change in the whole app at {size}: {mean:.1f} kB, "
        f"at most {most:.1f} kB, aim {AIM_KB:.0f} kB: {verdict(met=most <= AIM_KB)}"
    )


def verdict(*, met: bool) -> str:
    """Say whether an aim was met."""
    return "met" if met else "**missed**"


def core_rows(figures: Sequence[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """Return head and lines of the core table."""
    keys = [key for key in figures[0] if key != "rows"]
    head = ["rows", *[key if key.endswith("MB") else f"{key} s" for key in keys]]
    rows = [
        [
            f"{int(line['rows']):,}",
            *[f"{line[key]:.0f}" if key.endswith("MB") else seconds(line[key]) for key in keys],
        ]
        for line in figures
    ]
    return head, rows


def core_part(figures: Sequence[dict[str, Any]]) -> list[str]:
    """Return the lines on the core operations."""
    head, lines = core_rows(figures)
    return [
        "## Core operations",
        "",
        "Best of three in one process per size (load and word index: once); memory is the peak "
        "of that process. Filter: two code fields and a radius; facets: counts of every option "
        "under the other filters.",
        "",
        *table(head, lines),
        "",
    ]


def report(
    figures: Sequence[dict[str, Any]], results: Sequence[Result], *, analyses: Sequence[str]
) -> str:
    """
    Return the whole report.

    Parameters
    ----------
    analyses
        Lines of the table of `benchmarks.analysis`.
    """
    real = {0: int(figures[0]["rows"])}
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    head = ["spaces", "variant", "click → painted s (min–max)", "counts and list s",
            "kB, first time", "kB, again", "JS heap MB (changes)",
            "first map, cold s; first ever", "second visitor s"]  # fmt: skip
    lines = [
        "<!-- Written by `make bench`; every figure is from one run. -->",
        "# Performance",
        "",
        f"Measured {dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, {packages}. "
        "Headless Chromium on the same machine, software rendering. Machines differ and are "
        "noisy: read the ratios between lines of one size.",
        "",
        "## The map",
        "",
        INTRODUCTION,
        "",
        *table(head, [result_row(line, real) for line in by_size(results)]),
        "",
        *aims(results),
        "",
        *core_part(figures),
        "## Analyses",
        "",
        "Seconds of processor time per question of the pages Hotspots, Compare and Profile; best "
        "of three at the real table, once elsewhere. After its first map a server prepares what "
        "the first question would wait for: libraries, grids of hexagons, the usual answer; the "
        "first line is what somebody waits for who asks before that, all others stand on it. "
        "Nothing else is kept between two measurements. The aim is 1 s at the real table and 10 s "
        "at 300,000 rows.",
        "",
        *analyses,
        "",
    ]
    return "\n".join(lines)

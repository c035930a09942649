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
    "ours": "atlas (filter travels, one canvas)",
    "cluster": "FastMarkerCluster in a feature group",
    "naive": "Marker loop with MarkerCluster",
}
AIMS = {3_000: 0.15, 100_000: 0.3, 300_000: 0.5}
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
    weight = "–" if result.bytes_per_change is None else f"{result.bytes_per_change / 1000:.1f}"
    click = seconds(result.click_median_s)
    if len(result.click_s) > 1:
        click += f" ({min(result.click_s):.3f}–{max(result.click_s):.3f})"
    return [
        f"{size:,}" + (" (real)" if not result.plan.rows else ""),
        NAMES[result.plan.variant],
        result.fault or click,
        weight,
        heap,
        seconds(result.first_map_s),
        seconds(result.second_visitor_s),
    ]


def by_size(results: Sequence[Result]) -> list[Result]:
    """Return the results so that the variants of one table stand together."""
    return sorted(results, key=lambda result: result.plan.rows)


def aims(results: Sequence[Result]) -> list[str]:
    """Return one line per aim: what was wanted, what was measured."""
    lines = []
    for result in results:
        aim = AIMS.get(result.plan.rows)
        measured = result.click_median_s
        if result.plan.variant == "ours" and aim and measured is not None:
            verdict = "met" if measured <= aim else "**missed**"
            lines.append(
                f"- filter click → painted at {result.plan.rows:,}: {measured:.3f} s, "
                f"aim {aim} s: {verdict}"
            )
    return lines


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


def report(figures: Sequence[dict[str, Any]], results: Sequence[Result]) -> str:
    """Return the whole report."""
    real = {0: int(figures[0]["rows"])}
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    head = ["spaces", "variant", "click → painted s (min–max)", "kB per change",
            "JS heap MB (changes)", "first map, cold s", "second visitor s"]  # fmt: skip
    core_head, core_lines = core_rows(figures)
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
        "One page, one switch that hides vacant spaces, three ways to draw. *Click → painted* "
        "ends two animation frames after the layer is built; median of the timed clicks. *kB per "
        "change* is everything that travels after a click, both ways, once both states of the "
        "switch have been seen: Streamlit then sends a reference for a message that the browser "
        "has, so a first time costs the variants that send spaces far more. *Heap* is after a "
        "collection, before and after the number of changes in brackets. *First map, cold* "
        "counts from the start of the server process.",
        "",
        *table(head, [result_row(line, real) for line in by_size(results)]),
        "",
        *aims(results),
        "",
        "## Core operations",
        "",
        "Best of three in one process per size (load and word index: once); memory is the peak "
        "of that process. Filter: two code fields and a radius; facets: counts of every option "
        "under the other filters.",
        "",
        *table(core_head, core_lines),
        "",
    ]
    return "\n".join(lines)

"""
Run the benchmarks and write docs/performance.md.

    python -m benchmarks                    everything (about half an hour)
    python -m benchmarks --rows 3000        one size besides the real table
    python -m benchmarks --out -            print instead of writing

All figures of one report come from one run on one machine, side by side.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from atlas.settings import Settings
from benchmarks import analysis, browser, core
from benchmarks.report import report
from benchmarks.synthetic import write_data_dir

REPORT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
SIZES = (3_000, 30_000, 100_000, 300_000)
REAL = 0
LIGHT = 30_000
STARTS = 5
ANALYSED = (30_000, 300_000)
"""Sizes at which the analyses are measured, besides the real table."""


def plans(sizes: list[int]) -> list[browser.Plan]:
    """Return what is run: fewer clicks where one takes long, none where it cannot end."""
    tables = [REAL, *sizes]
    ours = [browser.Plan("ours", rows, clicks=7, changes=50) for rows in tables]
    cluster = [
        browser.Plan("cluster", rows, clicks=5, changes=20)
        if rows <= LIGHT
        else browser.Plan("cluster", rows, clicks=1, changes=0, limit_s=60)
        for rows in tables
    ]
    naive = [
        browser.Plan("naive", rows, clicks=3, changes=6)
        if rows < LIGHT
        else browser.Plan("naive", rows, clicks=1, changes=0, limit_s=45)
        for rows in tables
    ]
    app = [browser.Plan("app", rows, clicks=7, changes=0, starts=STARTS) for rows in tables]
    return [*app, *ours, *cluster, *naive]


def main() -> int:
    """Measure, write the report, return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=list(SIZES), help="table sizes")
    parser.add_argument("--out", default=str(REPORT), help="file to write, - prints")
    options = parser.parse_args()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        tempfile.TemporaryDirectory() as folder,
        Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress,
    ):
        sizes = [REAL, *options.rows]
        todo = plans(options.rows)
        task = progress.add_task("tables", total=2 * len(sizes) + 1 + len(todo))
        tables = {}
        for rows in sizes:
            tables[rows] = data_dir(Path(folder), rows)
            progress.advance(task)
        figures = []
        for rows in sizes:
            progress.update(task, description=f"core, {rows or 'real'}")
            figures.append(core.measure_apart(tables[rows]))
            progress.advance(task)
        progress.update(task, description="analyses")
        analyses = analysis.measure_apart([rows for rows in options.rows if rows in ANALYSED])
        progress.advance(task)
        results: list[browser.Result] = []
        for plan in todo:
            progress.update(task, description=f"{plan.variant}, {plan.rows or 'real'}")
            results.append(browser.measure(plan, tables[plan.rows]))
            # After each line: a run that is stopped has told what it measured.
            if options.out != "-":
                Path(options.out).write_text(report(figures, results, analyses=analyses), "utf-8")
            progress.advance(task)
    printed = report(figures, results, analyses=analyses)
    print(printed if options.out == "-" else f"written: {options.out}")
    return 0


def data_dir(folder: Path, rows: int) -> Path:
    """Return a data folder with the real table (``rows`` is 0) or a synthetic one."""
    source = Settings().data_dir
    return source if rows == REAL else write_data_dir(folder / str(rows), rows, data_dir=source)


if __name__ == "__main__":
    sys.exit(main())

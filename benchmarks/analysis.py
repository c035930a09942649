"""
Seconds of processor time per analysis at the real table and at invented ones.

    python -m benchmarks.analysis                     real, 30,000 and 300,000 rows
    python -m benchmarks.analysis --rows 30000        other sizes besides the real table

Processor time of this process (it does not count what other programs do meanwhile), best
of three at the real table, of one elsewhere; libraries imported before; the caches of the
pages are not used.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from atlas.analysis import HotspotQuestion, attraction, energy, hexagons, hotspots, metric
from atlas.settings import Settings
from atlas.store import MUNICIPALITIES_FILE, load, read_boundaries
from benchmarks.report import seconds, table
from benchmarks.synthetic import synthetic_spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

REAL = 0
SIZES = (30_000, 300_000)
TIMES = 3


def best(action: Callable[[], object], times: int = TIMES) -> float:
    """Return the least processor time of ``times`` runs in seconds."""
    found = []
    for _ in range(times):
        begin = time.process_time()
        action()
        found.append(time.process_time() - begin)
    return min(found)


def actions(
    spaces: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame
) -> dict[str, Callable[[], object]]:
    """Return what is measured: name → call without arguments."""
    questions = {
        "hotspots, hexagons 7": HotspotQuestion(),
        "hotspots of vacancy, hexagons 7": HotspotQuestion(subject="vacant"),
        "hotspots, hexagons 8": HotspotQuestion(resolution=8),
        "hotspots, bandwidth 1 km": HotspotQuestion(bandwidth_m=1000),
        "hotspots, municipalities": HotspotQuestion(unit="municipality"),
    }

    def asked(question: HotspotQuestion) -> Callable[[], object]:
        return lambda: hotspots(spaces, municipalities, question)

    return {
        "hexagons 7": lambda: hexagons(municipalities, resolution=7),
        **{name: asked(question) for name, question in questions.items()},
        "energy, hexagons 7": lambda: energy(spaces, municipalities, HotspotQuestion()),
        "attraction": lambda: attraction(spaces),
    }


def measure(rows: int) -> dict[str, float]:
    """Return the seconds of every analysis at one size; ``rows`` is 0 for the real table."""
    settings = Settings()
    boundaries = read_boundaries(settings.data_dir / MUNICIPALITIES_FILE)
    given = load(settings).spaces if rows == REAL else synthetic_spaces(rows, boundaries)
    spaces, municipalities = metric(given), metric(boundaries)
    todo = actions(spaces, municipalities)
    for action in todo.values():  # libraries and their first call
        if rows == REAL:
            action()
    times = TIMES if rows == REAL else 1  # a large table takes long, and its noise is small
    figures = {name: best(action, times) for name, action in todo.items()}
    return {"rows": len(spaces), "to EPSG:25832": best(lambda: metric(given)), **figures}


def markdown(figures: Sequence[dict[str, float]]) -> list[str]:
    """Return a Markdown table: one line per analysis, one column per size, in seconds."""
    head = ["analysis", *[f"{int(line['rows']):,} rows, s" for line in figures]]
    names = [name for name in figures[0] if name != "rows"]
    return table(head, [[name, *[seconds(line[name]) for line in figures]] for name in names])


def report(sizes: Sequence[int] = SIZES) -> list[str]:
    """Measure the real table and the given sizes, return the lines of the table."""
    return markdown([measure(rows) for rows in (REAL, *sizes)])


def measure_apart(sizes: Sequence[int]) -> list[str]:
    """Run :func:`report` in a process of its own; the lines of the table."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.analysis", "--rows", *map(str, sizes)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def main() -> int:
    """Measure, print, return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=list(SIZES), help="table sizes")
    print("\n".join(report(parser.parse_args().rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

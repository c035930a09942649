"""
Seconds of processor time per analysis at the real table and at invented ones.

    python -m benchmarks.analysis                     real, 30,000 and 300,000 rows
    python -m benchmarks.analysis --rows 30000        other sizes besides the real table

Processor time of this process (it does not count what other programs do meanwhile), best
of three at the real table, of one elsewhere; what a server prepares after its first map
(`atlas.webmap.hotspot_answer.warm`) was made before; the caches of the pages are not used.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from atlas.analysis import HotspotQuestion, attraction, energy, hotspots, metric
from atlas.analysis.asked import Asked
from atlas.api.body import Body
from atlas.clock import today
from atlas.current import Snapshot
from atlas.figures.answers import all_figures, compared
from atlas.settings import Settings
from atlas.store import load
from atlas.webmap.areas import areas_payload
from atlas.webmap.hotspot_answer import answer, warm
from atlas.webmap.hotspot_areas import hotspot_layer
from benchmarks.report import seconds, table
from benchmarks.synthetic import synthetic_spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from atlas.store import Atlas

REAL = 0
SIZES = (30_000, 300_000)
TIMES = 3
UNPREPARED = "the usual question, asked before anything was prepared"


def best(action: Callable[[], object], times: int = TIMES) -> float:
    """Return the least processor time of ``times`` runs in seconds."""
    found = []
    for _ in range(times):
        begin = time.process_time()
        action()
        found.append(time.process_time() - begin)
    return min(found)


def actions(atlas: Atlas) -> dict[str, Callable[[], object]]:
    """Return what is measured: name → call without arguments."""
    spaces, municipalities = metric(atlas.spaces), metric(atlas.municipalities)
    questions = {
        "hotspots, hexagons 7": HotspotQuestion(),
        "hotspots of vacancy, hexagons 7": HotspotQuestion(subject="vacant"),
        "hotspots, hexagons 8": HotspotQuestion(resolution=8),
        "hotspots, bandwidth 1 km": HotspotQuestion(bandwidth_m=1000),
        "hotspots, municipalities": HotspotQuestion(unit="municipality"),
    }

    def asked(question: HotspotQuestion) -> Callable[[], object]:
        return lambda: hotspots(spaces, municipalities, question)

    def drawn(question: HotspotQuestion) -> Callable[[], object]:
        found, shown = hotspots(spaces, municipalities, question), Asked(question=question)
        return lambda: Body.of_json(areas_payload(hotspot_layer(found.areas, shown, "de")))

    return {
        "to EPSG:25832": lambda: metric(atlas.spaces),
        **{name: asked(question) for name, question in questions.items()},
        "energy, hexagons 7": lambda: energy(spaces, municipalities, HotspotQuestion()),
        "attraction": lambda: attraction(spaces),
        "classes and texts for the map, hexagons 7": drawn(HotspotQuestion()),
        "classes and texts for the map, hexagons 8": drawn(HotspotQuestion(resolution=8)),
        "figures of all municipalities": lambda: all_figures(Snapshot(atlas), today=today()),
        "two municipalities compared":
            lambda: compared(Snapshot(atlas), ("05113000", "05911000"), today=today()),
    }  # fmt: skip


def measure(rows: int) -> dict[str, float]:
    """Return the seconds of every analysis at one size; ``rows`` is 0 for the real table."""
    atlas = load(Settings())
    figures: dict[str, float] = {}
    if rows == REAL:
        figures[UNPREPARED] = best(lambda: answer(Snapshot(atlas), Asked()), times=1)
    else:
        atlas = replace(atlas, spaces=synthetic_spaces(rows, atlas.municipalities))
    warm(Snapshot(atlas))
    times = TIMES if rows == REAL else 1  # a large table takes long, and its noise is small
    for name, action in actions(atlas).items():
        if rows == REAL:
            action()  # what its first call alone does
        figures[name] = best(action, times)
    return {"rows": len(atlas.spaces), **figures}


def markdown(figures: Sequence[dict[str, float]]) -> list[str]:
    """Return a Markdown table: one line per analysis, one column per size, in seconds."""
    head = ["analysis", *[f"{int(line['rows']):,} rows, s" for line in figures]]
    names = [name for name in figures[0] if name != "rows"]
    return table(head, [[name, *[seconds(line.get(name)) for line in figures]] for name in names])


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

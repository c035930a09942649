"""Core operations at a given size: seconds (best of three) and peak memory of the process."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.locate import assign_municipality
from atlas.query import Filters, Near, WordIndex, apply, facets
from atlas.settings import Settings
from atlas.store import load

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = dt.date(2026, 11, 22)
FILTERS = Filters(
    vacancy=frozenset({"vacant", "partly_vacant"}),
    groups=frozenset({"industry", "retail", "building"}),
    near=Near(51.4818, 7.2162, radius_m=20_000),
)


def best(action: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of ``times`` runs in seconds."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def measure(data_dir: Path) -> dict[str, float]:
    """Time load, locate, word index, filter, text search and facets on one table."""
    settings = Settings(data_dir=data_dir)
    figures = {"load": best(lambda: load(settings), times=1)}
    atlas = load(settings)
    spaces = atlas.spaces
    figures["rows"] = len(spaces)
    figures["locate"] = best(
        lambda: assign_municipality(spaces.drop(columns="ags"), atlas.municipalities)
    )
    figures["word index"] = best(lambda: WordIndex(spaces), times=1)
    words = WordIndex(spaces)
    text = Filters(text="zeche bochm")
    figures["filter"] = best(lambda: apply(spaces, FILTERS, today=TODAY, words=words))
    figures["text search"] = best(lambda: apply(spaces, text, today=TODAY, words=words))
    figures["facets"] = best(lambda: facets(spaces, FILTERS, today=TODAY, words=words))
    figures["peak memory MB"] = peak_memory_mb()
    return figures


def peak_memory_mb() -> float:
    """Return the largest resident size of this process so far."""
    # Not ru_maxrss: a child starts with the high-water mark of the process that forked it.
    status = Path("/proc/self/status").read_text("utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def measure_apart(data_dir: Path) -> dict[str, Any]:
    """Run :func:`measure` in a process of its own, so that the memory is that table's alone."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.core", str(data_dir)],
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))

"""
One size with one engine, in a process of its own: seconds and peak memory of every step.

    python -m benchmarks.build.measure FOLDER ENGINE

reads the rows that :func:`write` put into the folder and prints the figures as JSON.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import psutil

from atlas import export, stored
from atlas.build import engine
from atlas.build.cells import texts
from atlas.build.engine import Engine
from atlas.conflate import conflate
from atlas.conflate.work import Here
from atlas.provenance import Registry
from atlas.query import Filters
from atlas.report import BuildReport
from atlas.schema import NAMES
from atlas.schema.contributions import COLUMN
from atlas.schema.validate import validate
from atlas.settings import Settings
from atlas.store import Base, assemble, derive
from benchmarks.build.places import country, features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    import numpy.typing as npt

    from atlas.build.spread import Spread
    from atlas.conflate.block import Candidates
    from atlas.conflate.work import Work

ROWS = "features.parquet"
TOWNS = "towns.parquet"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
PAUSE_S = 0.02
ROOM = (6.35, 51.15, 7.95, 51.75)  # where the schema lets coordinates lie


class Clock:
    """Seconds per step, those of the processors, and the largest resident size while it ran."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu_seconds: dict[str, float] = {}
        self.peak_mb: dict[str, float] = {}
        self._name = ""
        self._since = time.perf_counter()
        self._me = psutil.Process()
        self._used = self._cpu()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def step(self, name: str) -> None:
        """End the step that runs and begin ``name``; an empty name only ends."""
        now, used = time.perf_counter(), self._cpu()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0) + now - self._since
            before = self.cpu_seconds.get(self._name, 0)
            self.cpu_seconds[self._name] = before + used - self._used
        self._name, self._since, self._used = name, now, used

    def close(self) -> None:
        """End the watching."""
        self.step("")
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(PAUSE_S):
            name, size = self._name, self._resident_mb()
            # What was measured while a step gave way to the next belongs to neither.
            if name and name == self._name:
                self.peak_mb[name] = max(self.peak_mb.get(name, 0), size)

    def _cpu(self) -> float:
        """Return what all processes have worked so far, whatever else the machine did."""
        times = self._of_all(lambda process: sum(process.cpu_times()[:2]))
        ended = self._me.cpu_times()
        return times + float(ended.children_user + ended.children_system)

    def _resident_mb(self) -> float:
        return self._of_all(lambda process: process.memory_info().rss) / 2**20

    def _of_all(self, measure: Callable[[psutil.Process], float]) -> float:
        total = 0.0
        for process in (self._me, *self._me.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += measure(process)
        return total


class Watched:
    """The steps of a conflation, with a clock."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    def candidates(self) -> Candidates:
        self._clock.step("block")
        return self._work.candidates()

    def scored(self, pairs: pd.DataFrame) -> Iterator[pd.DataFrame]:
        self._clock.step("score")
        yield from self._work.scored(pairs)
        self._clock.step("cluster")

    def merged(self, labels: npt.NDArray[np.int64]) -> gpd.GeoDataFrame:
        self._clock.step("merge")
        rows = self._work.merged(labels)
        self._clock.step("cluster")
        return rows


def write(folder: Path, rows: int) -> Path:
    """Invent a country with ``rows`` rows and put it into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    land = country(rows)
    features(rows, land).to_parquet(folder / ROWS)
    land.towns.to_parquet(folder / TOWNS)
    return folder


@contextlib.contextmanager
def watched(name: str, clock: Clock) -> Iterator[Engine]:
    """Return the engine whose conflation tells the clock what it does."""
    if name == "single":
        with engine("single") as running:
            yield Engine(
                locate=running.locate,
                conflate=lambda spaces, verdicts: conflate(
                    spaces, verdicts=verdicts, work=lambda rows: Watched(Here(rows), clock)
                ),
            )
        return
    from atlas.build import cluster  # noqa: PLC0415 - only this engine needs its libraries
    from atlas.build.spread import InParts  # noqa: PLC0415

    def in_parts(rows: gpd.GeoDataFrame, spread: Spread) -> Watched:
        return Watched(InParts(rows, spread), clock)

    vars(cluster)["InParts"] = in_parts
    clock.step("start")
    with engine("dask") as running:
        clock.step("")
        yield running


def measure(folder: Path, name: str) -> dict[str, Any]:
    """Build the table from the rows in ``folder``; return figures and counts."""
    base = Base.load(Settings().data_dir)
    rows = gpd.read_parquet(folder / ROWS)
    towns = gpd.read_parquet(folder / TOWNS)
    figures: dict[str, Any] = {"rows": len(rows), "towns": len(towns), "engine": name}
    clock = Clock()
    with watched(name, clock) as running:
        figures["kept"] = check(rows, towns, clock)
        clock.step("locate")
        located = running.locate(rows.drop(columns="ags"), towns)
        figures["located"] = int(located["ags"].notna().sum())
        del located
        clock.step("derive")
        spaces = derive(pd.DataFrame(rows.drop(columns="geometry")), towns)
        del rows
        clock.step("prepare")
        found = running.conflate(spaces, ())
        del spaces
        clock.step("")
    figures |= {"pairs": found.pairs, "places": len(found.spaces), "review": len(found.review)}
    table = found.spaces.sort_values(["ags", "source", "source_ref"], ignore_index=True)
    base = Base(municipalities=towns, districts=towns, registry=base.registry)
    figures["version"] = store(
        folder, table[[*NAMES, COLUMN, "geometry"]], found.review, base, clock
    )
    clock.close()
    return figures | {
        "seconds": clock.seconds,
        "cpu_seconds": clock.cpu_seconds,
        "peak_mb": clock.peak_mb,
    }


def check(rows: gpd.GeoDataFrame, towns: gpd.GeoDataFrame, clock: Clock) -> int:
    """Check the rows, moved to where coordinates may lie; return how many keep all rules."""
    x0, y0, x1, y1 = towns.total_bounds
    wide, high = (ROOM[2] - ROOM[0]) / (x1 - x0), (ROOM[3] - ROOM[1]) / (y1 - y0)
    small = towns.geometry.affine_transform([wide, 0, 0, high, ROOM[0] - x0 * wide,
                                             ROOM[1] - y0 * high])  # fmt: skip
    cells = texts(rows.assign(
        lon=(ROOM[0] + (rows["lon"] - x0) * wide).round(5),
        lat=(ROOM[1] + (rows["lat"] - y0) * high).round(5),
    ))  # fmt: skip
    clock.step("validate")
    registry = Registry.load(Settings().data_dir)
    checked = validate(cells, towns.assign(geometry=small), sources=registry.sources)
    clock.step("")
    return len(checked.spaces)


def store(
    folder: Path, table: gpd.GeoDataFrame, review: pd.DataFrame, base: Base, clock: Clock
) -> str:
    """Store the table; return its version, which follows from every byte of it."""
    clock.step("geopackage")
    atlas = assemble(pd.DataFrame(table.drop(columns="geometry")), base, version="benchmark")
    package = export.write(atlas.spaces, "gpkg", language="de", filters=Filters(), atlas=atlas)
    del atlas
    clock.step("store")
    content = stored.Content(
        spaces=table, geopackage=package, rejects=pd.DataFrame({"row": []}), review=review,
        report=BuildReport(sources=(), review=len(review), inputs="benchmark"), sources={},
    )  # fmt: skip
    return stored.write(folder / "table", content, now=NOW).version


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2])))

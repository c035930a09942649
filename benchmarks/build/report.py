"""docs/scale.md from what was measured: no figure is written by hand."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib.metadata import version
from itertools import pairwise
from typing import Any, Final

from benchmarks.build.places import ROWS_PER_TOWN, SIDE_M

STEPS: Final = (
    "start", "validate", "locate", "derive", "prepare", "block", "score", "cluster", "merge",
    "geopackage", "store",
)  # fmt: skip
CONFLATE: Final = ("prepare", "block", "score", "cluster", "merge")
WANTED: Final = 1_000
"""Objects wanted of extracts of any size."""
ONE_IN: Final = 100
_PACKAGES: Final = ("geopandas", "pandas", "shapely", "dask", "distributed", "dask-geopandas",
                    "rapidfuzz", "osmium")  # fmt: skip
_HEAD: Final = """<!-- Written by `make bench-build` (python -m benchmarks.build); one run. -->
# Scale

{machine}. Every line ran in processes of its own, on invented rows: \
places spread over as many towns as they need ({density} rows to {area} km²; a million rows take \
{land} km², more land than Germany has), four in five once, one in five told again by another \
source, with names, addresses, keys and coordinates that differ a little. Validation ran on the \
same rows moved to where the schema lets coordinates lie. *Load* is the load average of the \
machine before and after the line. Where it is above {cores}, other work took part of the time: \
then the seconds of the processors tell more than those of the clock, and growth is told by them.

`single` is one process. `dask` is a cluster of {cores} processes on the same machine: parts of \
25,000 rows along the Hilbert curve. It shows that the parts work and what they cost; more \
machines are what it is for.
"""
_USE: Final = """
## Using a cluster

`atlas build --engine dask` starts one process per core on this machine; `atlas build --engine \
dask --scheduler tcp://machine:8786` takes a Dask cluster that runs already. Its machines need the \
same version of the atlas (`pip install "raumatlas-ruhr[scale]"`) and one folder that all of them \
and this machine share, named by `DASK_TEMPORARY_DIRECTORY`: the parts are written there and \
deleted afterwards.

The rows are the same whatever the engine and however many parts. A block of rows to compare that \
lies in one part is joined there; the blocks that several parts have rows of are brought together \
and joined in a second pass. Rows of other parts that a pair or a place needs travel with it. How \
common a word or a website is, is counted over all parts. Following the links, the list for \
review, validation and the files are the work of the process that builds, with either engine: it \
holds the whole table in memory, so its memory sets the limit.
"""
_STEP_TEXT: Final = """
- *start*: processes of the cluster
- *validate*: the rules of the schema; one process with either engine
- *locate*: municipality of every point
- *derive*: district, metres, first day; one process with either engine
- *prepare*: rows into order and read, or cut into parts and written
- *block*: pairs worth comparing
- *score*: points of each pair
- *cluster*: from links to places, and the list for review; one process with either engine
- *merge*: one row of several, field by field
- *geopackage*, *store*: the files of the version; one process with either engine
"""


def report(builds: list[dict[str, Any]], extracts: list[dict[str, Any]]) -> str:
    """Return the page; whatever was not measured yet is left out."""
    area = SIDE_M**2 / 1e6
    head = _HEAD.format(
        machine=_machine(), cores=os.cpu_count(), density=ROWS_PER_TOWN, area=round(area),
        land=f"{area * 1_000_000 / ROWS_PER_TOWN:,.0f}",
    )  # fmt: skip
    sections = [head, _seconds(builds), _growth(builds), _memory(builds), _same(builds)]
    return "\n".join([*(section for section in sections if section), _extracts(extracts)]) + _USE


def growth(small: dict[str, float], large: dict[str, float], rows: float) -> dict[str, float]:
    """Return per step how its time per row grew when there are ``rows`` times as many."""
    return {name: large[name] / small[name] / rows for name in large if small.get(name)}


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    today = dt.datetime.now(tz=dt.UTC).date()
    return (f"Measured {today}, {os.cpu_count()} cores, {platform.system()}, Python "
            f"{platform.python_version()}, {versions}")  # fmt: skip


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in [head, ["---:"] * len(head), *rows]]
    return "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def _totals(build: dict[str, Any], clock: str) -> dict[str, float]:
    """Return the steps with conflation and the whole."""
    seconds: dict[str, float] = build[clock]
    whole = {
        "conflate": sum(seconds[name] for name in CONFLATE),
        "all": sum(seconds.values()),
    }
    return {name: seconds[name] for name in STEPS if name in seconds} | whole


def _seconds(builds: list[dict[str, Any]]) -> str:
    head = ["rows", "towns", "engine", "load", *STEPS, "**conflate**", "**all**"]
    tables = []
    for clock in ("seconds", "cpu_seconds"):
        rows = []
        for build in builds:
            totals = _totals(build, clock)
            cells = [_number(totals.get(name)) for name in (*STEPS, "conflate", "all")]
            rows.append([f"{build['rows']:,}", f"{build['towns']:,}", build["engine"],
                         _load(build), *cells])  # fmt: skip
        tables.append(_table(head, rows))
    return (
        "## Building: seconds\n\nOf the clock; *conflate* is prepare to merge.\n\n"
        f"{tables[0]}\nOf all processors together:\n\n{tables[1]}{_STEP_TEXT}"
    )


def _load(line: dict[str, Any]) -> str:
    return "–".join(f"{load:.1f}" for load in line["load"])


def _growth(builds: list[dict[str, Any]]) -> str:
    names = [name for name in (*STEPS, "conflate", "all") if name != "start"]
    rows = []
    for engine in dict.fromkeys(build["engine"] for build in builds):
        own = [build for build in builds if build["engine"] == engine]
        for small, large in pairwise(own):
            times = large["rows"] / small["rows"]
            before, after = (_totals(one, "cpu_seconds") for one in (small, large))
            found = growth(before, after, times)
            memory = growth(_peak(small), _peak(large), times)
            rows.append([engine, f"{small['rows']:,} → {large['rows']:,}",
                         *(_number(found.get(name)) for name in names),
                         _number(memory["peak"])])  # fmt: skip
    if not rows:
        return ""
    return (
        "## Growth\n\nProcessor seconds per row, as a multiple of those at the size before: 1.00 "
        "is linear growth, 10 would be quadratic. The last column is the same for peak memory. "
        "Names are kept once they are read, 65,536 of them: a larger table reads most of its "
        "names again to score them, which is why *score* of one process jumps once and then "
        "grows with the rows.\n\n" + _table(["engine", "rows", *names, "memory"], rows)
    )


def _peak(build: dict[str, Any]) -> dict[str, float]:
    return {"peak": max(build["peak_mb"].values())}


def _memory(builds: list[dict[str, Any]]) -> str:
    rows = [[f"{build['rows']:,}", build["engine"],
             *(_number(build["peak_mb"].get(name)) for name in STEPS),
             _number(_peak(build)["peak"])] for build in builds]  # fmt: skip
    return (
        "## Building: peak memory in MB\n\nResident size of all processes together (pages that "
        "they share count for each), sampled every 20 ms while the step ran. A process does not "
        "give back at once what a step before it used. The process that builds holds the whole "
        "table with either engine.\n\n" + _table(["rows", "engine", *STEPS, "**most**"], rows)
    )


def _same(builds: list[dict[str, Any]]) -> str:
    rows = []
    for size in dict.fromkeys(build["rows"] for build in builds):
        own = [build for build in builds if build["rows"] == size]
        one = own[0]
        versions = {build["version"] for build in own}
        same = "–" if len(own) == 1 else "yes" if len(versions) == 1 else "**no**"
        rows.append([f"{size:,}", f"{one['kept']:,}", f"{one['located']:,}", f"{one['pairs']:,}",
                     f"{size - one['places']:,}", f"{one['review']:,}", same])  # fmt: skip
    head = ["rows", "keep all rules", "located", "pairs compared", "merged", "for review",
            "engines agree"]  # fmt: skip
    return (
        "## What came out\n\nOne row in five was planted as a duplicate. The engines agree if "
        "every byte of the stored version is the same.\n\n" + _table(head, rows)
    )


def _extracts(extracts: list[dict[str, Any]]) -> str:
    if not extracts:
        return ""
    rows = [[f"{one['objects']:,}", f"{one['wanted']:,}", f"{one['rows'] + one['faults']:,}",
             _number(one["file_mb"]), _load(one), _number(one["seconds"]),
             f"{one['objects'] / one['seconds']:,.0f}", _number(one["peak_mb"] - one["base_mb"]),
             _number(one["peak_mb"])] for one in extracts]  # fmt: skip
    head = ["objects", "wanted", "rows and faults", "file MB", "load", "seconds", "objects/s",
            "memory for reading MB", "peak memory MB"]  # fmt: skip
    return (
        "## Reading an OpenStreetMap extract\n\nFiles made by us (points, lines, multipolygons) "
        "and streamed by `atlas.sources.osm.extract`. *Wanted* are the objects that the tables of "
        "tags select: one in a hundred, then the same number in files of any size. *Memory for "
        "reading* is the peak less what the process held before.\n\n"
        + _table(head, rows) + _bounds(extracts)
    )  # fmt: skip


def _bounds(extracts: list[dict[str, Any]]) -> str:
    """Say how memory grew with the file, and with what is wanted of it."""
    said = []
    fixed = [one for one in extracts if one["wanted"] == WANTED]
    shared = [one for one in extracts if one["wanted"] * ONE_IN == one["objects"]]
    for name, lines in ((f"{WANTED:,} wanted objects", fixed), (f"one in {ONE_IN}", shared)):
        if len(lines) > 1:
            small, large = (pick(lines, key=lambda one: one["objects"]) for pick in (min, max))
            used = [one["peak_mb"] - one["base_mb"] for one in (small, large)]
            said.append(
                f"- {name}: {large['objects'] / small['objects']:.0f} times the objects took "
                f"{used[1] / used[0]:.2f} times the memory ({used[0]:.0f} → {used[1]:.0f} MB)\n"
            )
    return "\n" + "".join(said) if said else ""

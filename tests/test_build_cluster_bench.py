"""The benchmark of the build: what it invents, what it measures, what it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import osmium
import pandas as pd
import pytest

from atlas.build.engine import SINGLE
from atlas.store import derive
from benchmarks.build import measure, pbf, report
from benchmarks.build.places import DUPLICATES, country, features

ROOT = Path(__file__).resolve().parent.parent
ROWS = 1200


def test_the_same_arguments_invent_the_same_rows() -> None:
    first, second = (features(ROWS, country(ROWS)) for _ in range(2))
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))
    assert not first["name"].equals(features(ROWS, country(ROWS), seed=5)["name"])


def test_most_planted_duplicates_are_found_and_little_else() -> None:
    land = country(ROWS)
    spaces = derive(features(ROWS, land).drop(columns="geometry"), land.towns)
    merged = SINGLE.conflate(spaces, ()).merged
    assert 0.85 * DUPLICATES * ROWS < merged <= DUPLICATES * ROWS


def test_the_rows_keep_the_rules_of_the_schema(tmp_path: Path) -> None:
    folder = measure.write(tmp_path, ROWS)
    rows, towns = (gpd.read_parquet(folder / name) for name in (measure.ROWS, measure.TOWNS))
    clock = measure.Clock()
    kept = measure.check(rows, towns, clock)
    clock.close()
    assert kept > 0.98 * ROWS
    assert clock.seconds["validate"] > 0


CLOCK = """
import json
from benchmarks.build import measure
clock = measure.Clock()
clock.step("little")
clock._done.wait(0.2)
clock.step("much")
taken = bytearray(120 * 2**20)
clock._done.wait(0.2)
clock.close()
print(json.dumps([clock.peak_mb, clock.seconds, clock.cpu_seconds, len(taken)]))
"""


def test_the_clock_sees_what_a_step_takes() -> None:
    # In a process of its own: one that has held much before takes nothing new.
    words = [sys.executable, "-c", CLOCK]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    peak_mb, seconds, cpu_seconds, _ = json.loads(told.stdout)
    assert peak_mb["much"] > peak_mb["little"] + 80
    assert seconds["little"] >= 0.2 > cpu_seconds["little"]


def test_growth_tells_linear_from_quadratic() -> None:
    small = {"locate": 1.0, "merge": 1.0}
    found = report.growth(small, {"locate": 10.0, "merge": 100.0, "start": 1.0}, 10)
    assert found == {"locate": pytest.approx(1.0), "merge": pytest.approx(10.0)}


def test_an_extract_has_as_many_objects_as_told(tmp_path: Path) -> None:
    path = pbf.write(tmp_path / "a.osm.pbf", 5000, wanted=60)
    assert sum(1 for _ in osmium.FileProcessor(str(path))) == 5000
    found = pbf.measure(path)
    assert found["rows"] + found["faults"] == 60
    assert found["peak_mb"] >= found["base_mb"] > 20


def build_of(engine: str, version: str) -> dict[str, object]:
    steps = dict.fromkeys(report.STEPS, 1.0)
    return {"rows": 10, "towns": 1, "engine": engine, "load": (0.1, 0.2), "kept": 10, "located": 10,
            "pairs": 3, "places": 8, "review": 0, "version": version, "seconds": steps,
            "cpu_seconds": steps, "peak_mb": steps}  # fmt: skip


def test_the_page_says_whether_the_engines_agree() -> None:
    agreed = report.report([build_of("single", "a"), build_of("dask", "a")], [])
    assert "| yes |" in agreed
    assert "**no**" not in agreed
    assert "**no**" in report.report([build_of("single", "a"), build_of("dask", "b")], [])

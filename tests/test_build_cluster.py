"""The engine in parts: the same rows as one process gives, whatever lies over a border."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import psutil
import pytest
from conflate_fixtures import spaces_of
from dask import config
from distributed import Client, LocalCluster
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.build import borders, cluster, spread
from atlas.build.engine import SINGLE, engine
from atlas.build.parts import ROW, along_the_curve, read_part, write_parts
from atlas.conflate import Verdict, candidate_pairs
from atlas.conflate.scoring import score
from atlas.errors import BuildError, ConfigError, CrsError
from atlas.geo import UTM32
from atlas.store import derive
from benchmarks.build.places import Country, country, features

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from atlas.build.engine import Engine
    from atlas.conflate import Conflated

PART_ROWS = 11
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as running:
        yield running.scheduler_address


@pytest.fixture(scope="module")
def in_parts(address: str) -> Iterator[Engine]:
    with cluster.dask_engine(address, part_rows=PART_ROWS) as running:
        yield running


@pytest.fixture(scope="module")
def land() -> Country:
    return country(1500)


@pytest.fixture(scope="module")
def invented(land: Country) -> gpd.GeoDataFrame:
    return derive(features(1500, land).drop(columns="geometry"), land.towns)


def crowd() -> gpd.GeoDataFrame:
    """Return forty places close together, each in two sources, and what no place holds."""
    words = ("Aurelia", "Borussia", "Concordia", "Diergardt", "Emscher", "Fürstenhof", "Glückauf",
             "Hermann", "Ilse", "Julia")  # fmt: skip
    kinds = (("Zeche", "mine"), ("Galerie", "gallery"), ("Theater", "theatre"), ("Kino", "cinema"))
    types = {"mine": "colliery", "gallery": "gallery", "theatre": "theatre", "cinema": "cinema"}
    town = {"municipality": "Bochum", "ags": "05911000"}
    rows = []
    for number in range(40):
        kind, code = kinds[number % 4]
        name = f"{kind} {words[number // 4]}"
        shared = {**town, "name": name, "type": types[code]}
        for source, off in (("curated", 0.0), ("osm", 0.0004)):
            lat, lon = 51.48 + 0.004 * (number % 8) + off, 7.2 + 0.006 * (number // 8)
            rows.append({**shared, "source": source, "source_ref": str(number),
                         "lat": f"{lat:.5f}", "lon": f"{lon:.5f}"})  # fmt: skip
    # Told without a coordinate: found by the town and the words.
    rows += [{**town, "name": f"Zeche {words[at]}", "type": "colliery", "source": "city",
              "source_ref": str(at)} for at in range(5)]  # fmt: skip
    hall = {**town, "name": "Saalbau Humboldt", "type": "event_hall"}
    # Far apart, and one by a key of another register only.
    rows += [
        {**hall, "lat": "51.47000", "lon": "7.10000", "source": "curated", "source_ref": "far",
         "same_as": "wikidata:Q77"},
        {**hall, "lat": "51.54000", "lon": "7.30000", "source": "wikidata", "source_ref": "Q77"},
    ]  # fmt: skip
    return spaces_of(rows)


def require_equal(found: Conflated, expected: Conflated) -> None:
    assert_geodataframe_equal(found.spaces, expected.spaces)
    pd.testing.assert_frame_equal(found.review, expected.review)
    pd.testing.assert_frame_equal(found.blocks, expected.blocks)
    assert (found.inputs, found.pairs, found.idle) == (
        expected.inputs, expected.pairs, expected.idle,
    )  # fmt: skip


def straddling(rows: gpd.GeoDataFrame, folder: Path, size: int) -> pd.DataFrame:
    """Return the pairs that are one place and lie in two parts, with their distance."""
    ordered = rows.sort_values(["source", "source_ref"], ignore_index=True)
    part_of = write_parts(ordered, folder, size=size).part_of
    scored = score(ordered, candidate_pairs(ordered).pairs)
    same = scored[scored["decision"] == "same"]
    return same[part_of[same["i"]] != part_of[same["j"]]]


def test_pairs_over_the_borders_come_together_as_in_one_process(
    in_parts: Engine, tmp_path: Path
) -> None:
    rows = crowd()
    over = straddling(rows, tmp_path, PART_ROWS)
    assert (over["distance_m"] < 60).sum() >= 4  # neighbours
    assert (over["distance_m"] > 5000).sum() == 1  # a key in common
    assert over["distance_m"].isna().sum() >= 2  # the town in common
    expected = SINGLE.conflate(rows, ())
    assert expected.merged >= 40
    require_equal(in_parts.conflate(rows, ()), expected)


def test_without_the_second_pass_over_the_borders_the_result_would_differ(
    in_parts: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = crowd()
    expected = SINGLE.conflate(rows, ())
    monkeypatch.setattr(spread, "second_pass", lambda *_: [])
    found = in_parts.conflate(rows, ())
    assert found.pairs < expected.pairs
    assert len(found.spaces) > len(expected.spaces)
    with pytest.raises(AssertionError):
        require_equal(found, expected)


def test_counting_words_part_by_part_would_differ(
    address: str, invented: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread.InParts, "_shared_towns", lambda _: frozenset())
    with cluster.dask_engine(address, part_rows=190) as running, pytest.raises(AssertionError):
        require_equal(running.conflate(invented, ()), SINGLE.conflate(invented, ()))


def test_the_order_of_the_rows_does_not_matter(in_parts: Engine) -> None:
    rows = crowd()
    turned = rows.iloc[::-1].set_axis(range(len(rows)))
    require_equal(in_parts.conflate(turned, ()), SINGLE.conflate(rows, ()))


def test_verdicts_count_over_the_borders(in_parts: Engine) -> None:
    rows = crowd()
    told = ("Bekannt.", "2026-11-22")
    verdicts = (
        Verdict("curated", "3", "osm", "3", "different", *told),
        Verdict("curated", "0", "osm", "39", "same", *told),
        Verdict("curated", "0", "nobody", "1", "same", *told),
    )
    expected = SINGLE.conflate(rows, verdicts)
    assert len(expected.idle) == 1
    require_equal(in_parts.conflate(rows, verdicts), expected)
    assert len(expected.spaces) != len(SINGLE.conflate(rows, ()).spaces)


def test_many_rows_and_a_second_time_over_the_result(
    address: str, invented: gpd.GeoDataFrame
) -> None:
    with cluster.dask_engine(address, part_rows=190) as running:
        expected = SINGLE.conflate(invented, ())
        assert expected.merged > 200
        require_equal(running.conflate(invented, ()), expected)
        require_equal(running.conflate(expected.spaces, ()), SINGLE.conflate(expected.spaces, ()))


def test_nothing_conflates_to_nothing(in_parts: Engine) -> None:
    assert in_parts.conflate(crowd().iloc[:0], ()).spaces.empty


def test_a_table_without_any_coordinate(in_parts: Engine, land: Country) -> None:
    rows = crowd()
    bare = rows.assign(
        lat=np.nan, lon=np.nan, x=np.nan, y=np.nan, geometry=rows.geometry.where(rows["x"].isna())
    )
    assert bare.geometry.isna().all()
    require_equal(in_parts.conflate(bare, ()), SINGLE.conflate(bare, ()))
    assert in_parts.locate(bare, land.towns)["ags"].isna().all()


def test_locating_gives_the_same_towns(
    in_parts: Engine, land: Country, invented: gpd.GeoDataFrame
) -> None:
    some = invented.sample(60, random_state=1)  # an index of its own, points missing
    assert some.geometry.isna().any()
    assert_geodataframe_equal(in_parts.locate(some, land.towns), SINGLE.locate(some, land.towns))
    assert in_parts.locate(some.iloc[:0], land.towns).empty
    with pytest.raises(CrsError):
        in_parts.locate(some.to_crs(UTM32), land.towns)


# -- parts and borders, without a cluster ------------------------------------------------


def test_every_row_lies_in_one_part_as_it_was(invented: gpd.GeoDataFrame, tmp_path: Path) -> None:
    parts = write_parts(invented, tmp_path, size=200)
    read = [read_part(path) for path in parts.paths]
    assert len(parts) == 8
    assert max(map(len, read)) <= 200
    assert all(part[ROW].is_monotonic_increasing for part in read)
    assert all((parts.part_of[part[ROW]] == number).all() for number, part in enumerate(read))
    back = pd.concat(read).sort_values(ROW, ignore_index=True).drop(columns=ROW)
    assert_geodataframe_equal(back, invented)


def test_neighbours_lie_in_one_part_and_rows_without_a_point_in_their_town(
    invented: gpd.GeoDataFrame,
) -> None:
    order = along_the_curve(invented)
    x, y = (invented[axis].to_numpy()[order] for axis in ("x", "y"))
    step = np.hypot(np.diff(x), np.diff(y))
    assert np.nanmedian(step) < 500  # of a country of thirty kilometres
    town = invented["ags"].to_numpy()[order]
    lost = np.flatnonzero(np.isnan(x))
    near = [town[at] in town[max(at - 150, 0) : at] or town[at] in town[at + 1 : at + 150]
            for at in lost]  # fmt: skip
    assert len(lost) > 20
    assert np.mean(near) > 0.9


def pairs_over(rows: gpd.GeoDataFrame, part_of: np.ndarray, buckets: int) -> np.ndarray:
    """Return the pairs that the passes find when the rows are split as told."""
    numbered = rows.assign(**{ROW: range(len(rows))})
    parts = [numbered[part_of == number] for number in np.unique(part_of)]
    handed = [borders.hand_in(part.reset_index(drop=True), frozenset()) for part in parts]
    shared = borders.shared_keys([summary.keys for _, summary in handed])
    found = [borders.join_inside(one, shared)[0] for one, _ in handed]
    cut = [borders.cut(one, shared, buckets) for one, _ in handed]
    found += [borders.join_border(list(pieces))[0] for pieces in zip(*cut, strict=True)]
    return np.unique(np.concatenate(found), axis=0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), parts=st.integers(1, 9), buckets=st.integers(1, 4))
def test_any_split_finds_the_pairs_of_the_whole(seed: int, parts: int, buckets: int) -> None:
    rows = crowd()
    part_of = np.random.default_rng(seed).integers(parts, size=len(rows))
    expected = candidate_pairs(rows).pairs[["i", "j"]].to_numpy()
    np.testing.assert_array_equal(pairs_over(rows, part_of, buckets), expected)


def test_a_block_larger_than_the_window_is_joined_as_one(invented: gpd.GeoDataFrame) -> None:
    many = invented.sample(300, random_state=3).reset_index(drop=True)
    many = many.assign(website="https://stadt.example/", x=np.nan, y=np.nan)
    expected = candidate_pairs(many)
    assert expected.dropped > 1000
    part_of = np.random.default_rng(5).integers(4, size=len(many))
    found = pairs_over(many, part_of, 3)
    np.testing.assert_array_equal(found, expected.pairs[["i", "j"]].to_numpy())


# -- the cluster itself ------------------------------------------------------------------


def listening() -> list[str]:
    """Return the addresses that this process and its children listen at."""
    me = psutil.Process()
    sockets = [one for each in (me, *me.children(recursive=True)) for one in each.net_connections()]
    return [one.laddr.ip for one in sockets if one.status == psutil.CONN_LISTEN]


def test_a_cluster_of_its_own_is_reached_from_this_machine_only() -> None:
    rows = crowd()
    with engine("dask") as running:
        assert len(listening()) >= 3  # the scheduler and at least one worker with its nanny
        assert set(listening()) == {"127.0.0.1"}
        require_equal(running.conflate(rows, ()), SINGLE.conflate(rows, ()))


@pytest.mark.parametrize("wrong", ["tcp://127.0.0.1:9", "rechner", "quatsch://1:1"])
def test_a_scheduler_that_does_not_answer_is_told(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_ANSWER_S", 1)
    with pytest.raises(ConfigError, match="antwortet kein Dask-Scheduler"), engine("dask", wrong):
        pass


def test_a_scheduler_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ANSWER_S", 1)
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty,
        pytest.raises(ConfigError, match="keine Prozesse"),
        cluster.dask_engine(empty.scheduler_address),
    ):
        pass


def test_a_worker_that_does_not_see_the_parts_is_told(address: str, tmp_path: Path) -> None:
    with Client(address) as client, pytest.raises(ConfigError, match="DASK_TEMPORARY_DIRECTORY"):
        cluster.require_shared(client, tmp_path / "folder" / "part-00000.parquet")


@pytest.mark.parametrize("step", ["score_part", "merge_part"])
def test_a_worker_that_dies_ends_the_build_with_a_reason(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        os._exit(1)

    monkeypatch.setattr(spread, step, die)
    with (
        config.set({"distributed.scheduler.allowed-failures": 0}),
        pytest.raises(BuildError, match="Arbeitsspeicher"),
        engine("dask") as running,
    ):
        running.conflate(crowd(), ())


def test_without_the_extra_the_engine_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['distributed'] = None\n"
        "from atlas.build import engine\n"
        "from atlas.errors import ConfigError\n"
        "try:\n    engine('dask').__enter__()\nexcept ConfigError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                          check=True, cwd=ROOT)  # fmt: skip
    assert 'pip install "raumatlas-ruhr[scale]"' in done.stdout

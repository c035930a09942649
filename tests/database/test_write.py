"""A table is written whole or not at all, whoever dies in between; older ones stay."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pandas as pd
import psycopg
import pytest
from build_fixtures import NOW, content, table
from core_fixtures import EDGE_ROWS, SOURCES, located, row
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from atlas import stored
from atlas.database import connect, shelf
from atlas.errors import AtlasError, ConfigError, ExportError, SourceFormatError
from atlas.report import SourceReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from atlas.settings import Settings

ONE = table(row("w/a", **located(51.45, 7.05)))
OTHER = table(row("w/a", **located(51.45, 7.05)), row("w/b"))


def put(settings: Settings, spaces, *, minutes: int = 0, **parts: object) -> stored.Stored:
    """Store a table in the folder and publish it."""
    when = NOW + dt.timedelta(minutes=minutes)
    whole = dataclasses.replace(content(spaces), **parts)
    version = stored.write(settings.table_folder, whole, now=when)
    shelf.publish(settings, version, now=when)
    return version


def rows_in(settings: Settings, name: str) -> int:
    with connect.reading(shelf.pool(settings)) as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM raumatlas.{name}").scalar_one()  # noqa: S608


def test_every_part_comes_back_as_it_was_stored(database):
    settings = database()
    spaces = table(
        *EDGE_ROWS,
        row("w/null", name='Null "NULL" \\N, ü 😀', former_use="school;shop",
            note_de='a;b\\"c"', **located(51.412345678901234, 7.0500000000000007)),
        contributions=[[("curated", "w/zeche"), ("osm", "n/1")]] * 7,
    )  # fmt: skip
    assert shelf.current(settings) is None
    version = put(settings, spaces)
    found = shelf.current(settings)
    assert_geodataframe_equal(found.spaces(), version.spaces()[list(found.spaces())])
    assert set(found.spaces()) >= {"geometry", "contributions", "sectors"}
    assert (found.version, found.built_at, found.previous) == (
        version.version, version.built_at, version.previous)  # fmt: skip
    assert found.written == NOW
    assert found.rows == len(spaces)
    assert found.report() == version.report()
    assert_frame_equal(found.rejects(), version.rejects())
    assert_frame_equal(found.review(), version.review())
    for mine, theirs in zip(found.source("curated"), version.source("curated"), strict=True):
        assert_frame_equal(mine, theirs)
    assert found.source("osm") is None
    assert list(found.registry().sources) == ["curated", "osm", "wikidata"]


def test_the_points_are_those_that_distances_are_measured_with(shared):
    version = put(shared, table(*EDGE_ROWS))
    with connect.reading(shelf.pool(shared)) as connection:
        points = connection.exec_driver_sql(
            "SELECT ST_X(geom), ST_Y(geom), ST_SRID(geom), lon, lat, observed_day "
            "FROM raumatlas.space ORDER BY position"
        ).all()
    spaces = table(*EDGE_ROWS)
    assert len(points) == len(version.spaces())
    for (x, y, srid, lon, lat, day), (_, expected) in zip(points, spaces.iterrows(), strict=True):
        assert day == (
            None if pd.isna(expected["observed_day"]) else expected["observed_day"].date()
        )
        if pd.isna(expected["x"]):
            assert (x, y, srid, lon, lat) == (None,) * 5
        else:
            assert (x, y, srid) == (expected["x"], expected["y"], 25832)
            assert (lon, lat) == (expected["lon"], expected["lat"])


def test_the_same_content_is_not_written_twice(shared):
    put(shared, ONE)
    first = shelf.current(shared)
    put(shared, ONE, minutes=5)
    again = shelf.current(shared)
    assert again.id == first.id
    assert again.built_at > first.built_at
    assert (rows_in(shared, "version"), rows_in(shared, "space")) == (1, 1)


def test_the_registry_of_the_writer_travels_with_the_table(shared):
    put(shared, ONE)
    path = shared.data_dir / "sources.toml"
    path.write_text(path.read_text("utf-8").replace('title = "Register"', 'title = "Neu"'), "utf-8")
    put(shared, ONE)
    path.write_text(SOURCES, "utf-8")
    assert shelf.current(shared).registry().sources["curated"].title == "Neu"


def test_what_another_release_derived_is_written_anew(shared):
    put(shared, ONE)
    first = shelf.current(shared)
    with connect.writing(shelf.pool(shared)) as connection:
        connection.exec_driver_sql("UPDATE raumatlas.version SET words_digest = 'older'")
    put(shared, ONE)
    again = shelf.current(shared)
    assert again.id != first.id
    assert again.words_digest == first.words_digest
    assert rows_in(shared, "space") == 1
    with pytest.raises(SourceFormatError, match="nicht mehr vollständig"):
        first.spaces()


def test_versions_are_listed_newest_first_and_the_oldest_go(shared):
    written = []
    for size in range(1, stored.KEPT_VERSIONS + 3):
        rows = [row(f"w/{number}") for number in range(size)]
        written.append(put(shared, table(*rows), minutes=size).version)
    kept = [found.version for found in shelf.versions(shared)]
    assert kept == written[::-1][: stored.KEPT_VERSIONS]
    sizes = range(3, stored.KEPT_VERSIONS + 3)
    assert rows_in(shared, "space") == sum(sizes)
    assert rows_in(shared, "file") == len(kept) * 4
    assert shelf.find(shared, "current").version == written[-1]
    assert shelf.find(shared, "previous").version == written[-2]
    assert shelf.find(shared, written[-3][:8]).version == written[-3]
    assert shelf.find(shared, "") is None
    assert shelf.find(shared, written[0]) is None


def test_the_last_version_with_all_sources_stays(shared):
    good = put(shared, ONE)
    for size in range(2, stored.KEPT_VERSIONS + 4):
        spaces = table(*[row(f"w/{number}") for number in range(size)])
        report = content(spaces).report
        failed = SourceReport(id="osm", adapter="osm", origin="x", status="failed")
        report = dataclasses.replace(report, sources=(*report.sources, failed))
        put(shared, spaces, minutes=size, report=report)
    kept = [found.version for found in shelf.versions(shared)]
    assert len(kept) == stored.KEPT_VERSIONS + 1
    assert kept[-1] == good.version


def test_an_earlier_version_counts_again(shared):
    first, second = put(shared, ONE), put(shared, OTHER, minutes=1)
    shelf.use(shared, first.version[:6], now=NOW + dt.timedelta(hours=1))
    found = shelf.current(shared)
    assert (found.version, found.previous) == (first.version, second.version)
    assert found.built_at == "2026-11-22T13:00:00+00:00"
    assert shelf.versions(shared)[0].version == second.version
    with pytest.raises(ConfigError, match="atlas versions"):
        shelf.use(shared, "nothing", now=NOW)


def test_a_damaged_part_is_named_and_can_be_written_again(shared):
    put(shared, ONE)
    with connect.writing(shelf.pool(shared)) as connection:
        connection.exec_driver_sql(
            "UPDATE raumatlas.file SET content = '' WHERE name = 'rejects.parquet'"
        )
    with pytest.raises(SourceFormatError, match=r"rejects\.parquet.*atlas database push"):
        shelf.current(shared).rejects()
    put(shared, ONE)
    assert len(shelf.current(shared).rejects()) == 1


def test_a_row_that_is_missing_is_noticed(shared):
    put(shared, OTHER)
    with connect.writing(shelf.pool(shared)) as connection:
        connection.exec_driver_sql("DELETE FROM raumatlas.space WHERE position = 1")
    with pytest.raises(SourceFormatError, match="nicht mehr vollständig"):
        shelf.current(shared).spaces()


@contextlib.contextmanager
def pointer_held(settings: Settings) -> Iterator[psycopg.Connection]:
    """Hold the pointer: a writer stops at its last step, after all rows; readers go on."""
    url = settings.database_url.get_secret_value().replace("+psycopg", "")
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE raumatlas.pointer IN SHARE MODE")
        yield holder


def writer_waiting(settings: Settings) -> int:
    """Return the process of the writer, as soon as it waits for the pointer."""
    waits = (
        "SELECT l.pid FROM pg_locks l WHERE NOT l.granted "
        "AND l.relation = 'raumatlas.pointer'::regclass"
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connect.reading(shelf.pool(settings)) as connection:
            pid = connection.exec_driver_sql(waits).scalar()
        if pid is not None:
            return int(pid)
        time.sleep(0.02)
    raise TimeoutError


class Writer(threading.Thread):
    """Publishes a table and keeps the error."""

    def __init__(self, settings: Settings, version: stored.Stored) -> None:
        super().__init__()
        self.settings, self.version = settings, version
        self.error: AtlasError | None = None

    def run(self) -> None:
        try:
            shelf.publish(self.settings, self.version, now=NOW)
        except AtlasError as error:
            self.error = error


def assert_old_table(settings: Settings, version: stored.Stored) -> None:
    found = shelf.current(settings)
    assert found.version == version.version
    assert len(found.spaces()) == len(version.spaces())
    assert rows_in(settings, "version") == 1
    assert rows_in(settings, "space") == len(version.spaces())


def test_while_a_table_is_written_the_old_one_is_read(shared):
    old = put(shared, ONE)
    new = stored.write(shared.table_folder, content(OTHER), now=NOW)
    writer = Writer(shared, new)
    with pointer_held(shared):
        writer.start()
        writer_waiting(shared)
        assert_old_table(shared, old)
    writer.join(30)
    assert writer.error is None
    assert shelf.current(shared).version == new.version


def test_a_connection_that_is_cut_leaves_the_old_table(shared):
    old = put(shared, ONE)
    new = stored.write(shared.table_folder, content(OTHER), now=NOW)
    writer = Writer(shared, new)
    with pointer_held(shared) as holder:
        writer.start()
        holder.execute("SELECT pg_terminate_backend(%s)", [writer_waiting(shared)])
        writer.join(30)
    assert isinstance(writer.error, ExportError)
    assert "atlas database push" in str(writer.error)
    assert_old_table(shared, old)
    shelf.publish(shared, new, now=NOW)
    assert shelf.current(shared).version == new.version


WRITER = """
import datetime as dt, sys
from atlas import stored
from atlas.database import shelf
from atlas.settings import Settings
settings = Settings()
shelf.publish(settings, stored.current(settings.table_folder), now=dt.datetime.now(dt.UTC))
"""


def test_a_writer_that_is_killed_leaves_the_old_table(shared):
    old = put(shared, ONE)
    stored.write(shared.table_folder, content(OTHER), now=NOW)
    environment = {
        **os.environ, "ATLAS_DATA_DIR": str(shared.data_dir),
        "ATLAS_DATABASE_URL": shared.database_url.get_secret_value(),
    }  # fmt: skip
    with pointer_held(shared):
        process = subprocess.Popen([sys.executable, "-c", WRITER], env=environment)
        writer_waiting(shared)
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    assert_old_table(shared, old)


def test_a_server_that_crashes_comes_back_with_the_old_table(shared, cluster):
    old = put(shared, ONE)
    new = stored.write(shared.table_folder, content(OTHER), now=NOW)
    writer = Writer(shared, new)
    with contextlib.suppress(psycopg.OperationalError), pointer_held(shared):
        writer.start()
        writer_waiting(shared)
        cluster.stop(signal.SIGQUIT)
        writer.join(30)
        cluster.start()
    assert isinstance(writer.error, ExportError)
    assert_old_table(shared, old)


def test_two_writers_go_one_after_the_other(shared):
    put(shared, ONE)
    tables = [table(*[row(f"w/{n}") for n in range(size)]) for size in (2, 3, 4)]
    folders = [shared.data_dir / str(number) for number in range(len(tables))]
    versions = [
        stored.write(folder, content(spaces), now=NOW)
        for folder, spaces in zip(folders, tables, strict=True)
    ]
    writers = [Writer(shared, version) for version in versions]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert [writer.error for writer in writers] == [None] * len(tables)
    assert rows_in(shared, "space") == 1 + 2 + 3 + 4
    found = shelf.current(shared)
    assert len(found.spaces()) == found.rows


def test_a_damaged_folder_is_not_published(shared):
    put(shared, ONE)
    version = stored.write(shared.table_folder, content(OTHER), now=NOW)
    (version.folder / stored.TABLE).write_bytes(b"")
    with pytest.raises(ExportError, match="alte weiter"):
        shelf.publish(shared, version, now=NOW)
    assert shelf.current(shared).rows == 1

"""The stored table: whole or not at all, equal bytes for equal content, older versions kept."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from build_fixtures import NOW, content, table
from core_fixtures import EDGE_ROWS, located, row
from geopandas.testing import assert_geodataframe_equal

from atlas import stored
from atlas.errors import BuildError, ExportError, SourceFormatError
from atlas.report import BuildReport

ONE = table(row("w/a", **located(51.45, 7.05)))
OTHER = table(row("w/a", **located(51.45, 7.05)), row("w/b"))


def test_nothing_is_stored_before_the_first_build(tmp_path):
    assert stored.current(tmp_path / "table") is None
    assert stored.versions(tmp_path / "table") == []


def test_the_table_comes_back_as_it_was_stored(tmp_path):
    spaces = table(*EDGE_ROWS)
    version = stored.write(tmp_path / "table", content(spaces), now=NOW)
    found = stored.current(tmp_path / "table")
    assert found == version
    assert_geodataframe_equal(found.spaces(), spaces)
    assert found.rejects()["row"].tolist() == [7]
    assert found.review()["ref_a"].tolist() == ["w/a"]
    assert found.report().total("stored") == len(spaces)
    assert found.built_at == "2026-11-22T12:00:00+00:00"


def test_equal_content_gives_equal_bytes_and_the_same_version(tmp_path):
    first = stored.write(tmp_path / "one", content(ONE), now=NOW)
    second = stored.write(tmp_path / "two", content(ONE.copy()), now=NOW + dt.timedelta(days=1))
    assert first.version == second.version
    names = sorted(path.relative_to(first.folder) for path in first.folder.rglob("*.*"))
    assert len(names) == 6
    for name in names:
        assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes()


def test_other_content_gives_another_version(tmp_path):
    """The companion: the version is not a constant."""
    first = stored.write(tmp_path, content(ONE), now=NOW)
    second = stored.write(tmp_path, content(OTHER), now=NOW)
    assert first.version != second.version
    assert stored.current(tmp_path).version == second.version


def test_storing_the_same_again_keeps_one_version(tmp_path):
    stored.write(tmp_path, content(ONE), now=NOW)
    stored.write(tmp_path, content(ONE), now=NOW)
    assert len(stored.versions(tmp_path)) == 1


def test_versions_are_listed_newest_first_and_the_oldest_go(tmp_path):
    written = []
    for size in range(1, stored.KEPT_VERSIONS + 3):
        rows = [row(f"w/{number}") for number in range(size)]
        written.append(stored.write(tmp_path, content(table(*rows)), now=NOW))
        os.utime(written[-1].folder, (size, size))
    kept = [found.version for found in stored.versions(tmp_path)]
    assert kept == [found.version for found in reversed(written)][: stored.KEPT_VERSIONS]


def test_a_version_that_counts_again_is_the_newest(tmp_path):
    first = stored.write(tmp_path, content(ONE), now=NOW)
    os.utime(first.folder, (1, 1))
    stored.write(tmp_path, content(OTHER), now=NOW)
    stored.write(tmp_path, content(ONE), now=NOW)
    assert stored.versions(tmp_path)[0].version == first.version


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"version": "0", "built_at": ""}', '{"version": 1, "built_at": ""}']
)
def test_a_damaged_pointer_says_what_to_do(tmp_path, text):
    (tmp_path / stored.POINTER).write_text(text)
    with pytest.raises(SourceFormatError, match="atlas build"):
        stored.current(tmp_path)


@pytest.mark.parametrize("name", [stored.TABLE, stored.REJECTS, stored.REVIEW, stored.REPORT])
def test_a_damaged_file_is_named(tmp_path, name):
    version = stored.write(tmp_path, content(ONE), now=NOW)
    (version.folder / name).write_bytes(b"")
    readers = {stored.TABLE: version.spaces, stored.REJECTS: version.rejects,
               stored.REVIEW: version.review, stored.REPORT: version.report}  # fmt: skip
    with pytest.raises(SourceFormatError, match=name):
        readers[name]()


def test_a_folder_that_cannot_be_written_leaves_the_old_table(tmp_path):
    (tmp_path / "table").write_text("a file, not a folder")
    with pytest.raises(ExportError, match="alte gilt weiter"):
        stored.write(tmp_path / "table", content(ONE), now=NOW)


def test_left_overs_of_a_killed_build_are_tidied_up_later(tmp_path):
    old, young = tmp_path / ".new-old", tmp_path / ".new-young"
    old.mkdir()
    young.mkdir()
    os.utime(old, (1, 1))
    stored.write(tmp_path, content(ONE), now=NOW)
    assert not old.exists()
    assert young.exists()


WRITER = """
    import sys
    from pathlib import Path
    sys.path[:0] = sys.argv[2:]
    from build_fixtures import NOW, content, table
    from core_fixtures import row
    from atlas import stored
    folder = Path(sys.argv[1])
    tables = [table(*(row(f"w/{n}") for n in range(size))) for size in (2, 3)]
    while True:
        for spaces in tables:
            stored.write(folder, content(spaces, geopackage=b"x" * 2_000_000), now=NOW)
            print("stored", flush=True)
"""


def test_killed_at_any_moment_a_whole_table_is_there(tmp_path):
    """A writer that never stops is killed in the middle of its work; a whole table counts."""
    stored.write(tmp_path, content(ONE), now=NOW)
    for fraction in (0.15, 0.5, 0.85):
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path), "tests", "."],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        writer.stdout.readline()
        began = time.monotonic()
        writer.stdout.readline()
        time.sleep(fraction * (time.monotonic() - began))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        found = stored.current(tmp_path)
        found.report().require_complete()
        assert len(found.spaces()) == found.report().total("stored") > 1


def test_a_record_that_is_nowhere_fails_the_build():
    complete = content(ONE).report
    complete.require_complete()
    with pytest.raises(BuildError, match="die Rechnung geht nicht auf"):
        content(ONE, read=2).report.require_complete()


def test_the_report_survives_its_file():
    report = content(OTHER).report
    again = BuildReport.from_json(report.to_json())
    assert again == report
    assert again.to_json() == report.to_json()

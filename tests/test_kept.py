"""What is kept for the next start: the same as checked anew, and gone with every input."""

from __future__ import annotations

import shutil
import sys

import geopandas.testing
import pandas as pd
import pytest
from core_fixtures import EDGE_ROWS, data_dir, row

from atlas import store
from atlas.current import Current
from atlas.settings import Settings
from atlas.stored import kept
from atlas.stored.kept import Kept

INPUTS = ["spaces.csv", "sources.toml", "geo/municipalities.geojson", "geo/districts.geojson"]


@pytest.fixture
def settings(tmp_path):
    """A folder with good rows and one that is set aside."""
    made = data_dir(tmp_path / "data", *EDGE_ROWS, row("w/bad", name=""))
    return Settings(data_dir=made.data_dir, cache_dir=tmp_path / "cache")


@pytest.fixture
def whole(settings):
    """The table, loaded and kept."""
    atlas = store.load(settings)
    store.keep(atlas, settings)
    return atlas


def files(settings):
    return sorted((settings.cache_dir / kept.FOLDER).iterdir())


def kept_spaces(settings):
    return Kept(settings.cache_dir, store.load(settings).version).read_spaces()


def same(one, other):
    geopandas.testing.assert_geodataframe_equal(one.spaces, other.spaces)
    pd.testing.assert_frame_equal(one.rejects, other.rejects)
    assert (one.version, one.retrieved_on) == (other.version, other.retrieved_on)
    assert one.registry.sources.keys() == other.registry.sources.keys()


def plant(settings, *, version):
    """Keep a table that is wrong, as no check would make it."""
    wrong = store.load(settings).spaces.assign(name="planted")
    Kept(settings.cache_dir, version).write_spaces(wrong)


def is_planted(atlas):
    return set(atlas.spaces["name"]) == {"planted"}


def test_a_kept_table_is_the_checked_one(settings, whole):
    again = store.load(settings, keeping=True)
    same(again, whole)
    assert len(again.rejects) == 1
    assert isinstance(again.spaces.index, pd.RangeIndex)


def test_it_really_comes_from_the_cache_and_only_where_that_is_asked_for(settings, whole):
    plant(settings, version=whole.version)
    assert is_planted(store.load(settings, keeping=True))
    assert not is_planted(store.load(settings))


@pytest.mark.parametrize("name", INPUTS)
def test_a_change_of_any_input_file_is_another_table(settings, whole, name):
    plant(settings, version=whole.version)
    path = settings.data_dir / name
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert not is_planted(store.load(settings, keeping=True))


def test_nothing_else_of_the_data_folder_is_read(settings):
    opened = set()
    listening = True

    def note(event, arguments):
        if listening and event == "open" and isinstance(arguments[0], str):
            opened.add(arguments[0])

    sys.addaudithook(note)
    store.load(settings)
    listening = False
    inside = {path for path in opened if path.startswith(str(settings.data_dir))}
    known = {str(settings.data_dir / name) for name in INPUTS}
    # Where a stored table would be is looked at as well; there is none.
    assert inside - {str(settings.table_folder / "current.json")} <= known
    assert str(settings.data_dir / "spaces.csv") in inside  # it listens


@pytest.mark.parametrize("library", sorted(kept.libraries()))
def test_another_version_of_a_library_is_another_name(settings, whole, monkeypatch, library):
    plant(settings, version=whole.version)
    other = {**kept.libraries(), library: "0.0.1"}
    monkeypatch.setattr(kept, "libraries", lambda: other)
    assert not is_planted(store.load(settings, keeping=True))


def test_other_code_is_another_name(settings, whole, monkeypatch):
    plant(settings, version=whole.version)
    monkeypatch.setattr(kept, "code_digest", lambda: "0" * 64)
    assert not is_planted(store.load(settings, keeping=True))


def test_the_digest_of_the_code_follows_every_file_and_name(tmp_path):
    package = tmp_path / "atlas"
    (package / "sub").mkdir(parents=True)
    (package / "a.py").write_text("A = 1")
    (package / "sub" / "b.py").write_text("B = 1")
    seen = [kept.code_digest.__wrapped__(package)]
    (package / "sub" / "b.py").write_text("B = 2")
    seen.append(kept.code_digest.__wrapped__(package))
    (package / "sub" / "b.py").rename(package / "sub" / "c.py")
    seen.append(kept.code_digest.__wrapped__(package))
    shutil.copy(package / "a.py", package / "d.py")
    seen.append(kept.code_digest.__wrapped__(package))
    assert len(set(seen)) == 4
    assert kept.code_digest.__wrapped__(package) == seen[-1]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:100] + bytes([content[100] ^ 1]) + content[101:],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: b"\0" * 32 + content[32:],
        lambda content: content + b"x",
    ],
)
@pytest.mark.parametrize("which", ["spaces", "rejects"])
def test_a_damaged_file_counts_as_missing(settings, whole, which, damage):
    (path,) = (path for path in files(settings) if path.name.startswith(which))
    path.write_bytes(damage(path.read_bytes()))
    same(store.load(settings, keeping=True), whole)
    store.keep(whole, settings)  # and what was damaged is kept anew
    plain = Kept(settings.cache_dir, whole.version)
    assert plain.read("spaces") is not None
    assert plain.read("rejects") is not None


def test_a_whole_file_that_is_no_table_counts_as_missing(settings, whole):
    Kept(settings.cache_dir, whole.version).write("spaces", b"not a table")
    same(store.load(settings, keeping=True), whole)


def test_a_table_that_does_not_come_back_as_it_is_is_not_kept(tmp_path):
    here = Kept(tmp_path, "0" * 16)
    here.write_table("mixed", pd.DataFrame({"a": [1, "x"]}))
    here.write_table("tuples", pd.DataFrame({"a": [(1, 2), (3, 4)]}))
    assert here.read_table("mixed") is None
    assert here.read_table("tuples") is None
    here.write_table("plain", pd.DataFrame({"a": ["x", None], "b": [1.5, float("nan")]}))
    assert here.read_table("plain") is not None


def test_a_cache_that_cannot_be_written_changes_nothing(settings):
    settings.cache_dir.write_text("a file where a folder should be")
    atlas = store.load(settings, keeping=True)
    store.keep(atlas, settings)
    same(store.load(settings, keeping=True), atlas)


@pytest.mark.usefixtures("whole")
def test_a_data_folder_without_its_table_says_so_as_ever(settings):
    (settings.data_dir / "spaces.csv").unlink()
    with pytest.raises(Exception, match=r"spaces\.csv"):
        store.load(settings, keeping=True)


@pytest.mark.usefixtures("whole")
def test_only_the_newest_files_stay_and_no_half_written_one(settings):
    for number in range(kept.MOST + 3):
        Kept(settings.cache_dir, f"{number:016x}").write("spaces", b"content")
    assert len(files(settings)) == kept.MOST
    assert all(path.name.startswith("spaces-") for path in files(settings))


def test_the_process_keeps_what_it_has_loaded(settings):
    current = Current(settings)
    loaded = current.snapshot().atlas
    current.keep()
    geopandas.testing.assert_geodataframe_equal(kept_spaces(settings), loaded.spaces)


def test_files_that_changed_meanwhile_are_not_kept(settings):
    current = Current(settings)
    current.snapshot()
    path = settings.data_dir / "spaces.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    current.keep()
    assert not (settings.cache_dir / kept.FOLDER).exists()
    current.keep()  # and nothing was loaded yet: nothing to keep
    Current(settings).keep()
    assert not (settings.cache_dir / kept.FOLDER).exists()

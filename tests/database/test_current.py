"""The app over a database: the same answers, a new table without restart, an outage survived."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pandas as pd
import pytest
from build_fixtures import NOW, content, table
from core_fixtures import EDGE_ROWS, located, row
from geopandas.testing import assert_geodataframe_equal
from pydantic import SecretStr

from atlas import store, stored
from atlas.current import Current, Snapshot
from atlas.database import connect, shelf
from atlas.errors import ConfigError, SourceUnavailableError
from atlas.query import Filters, Near, Range

TODAY = dt.date(2026, 11, 22)
EVERYTHING = table(*EDGE_ROWS)
KEY_PROPERTIES = sum(given["kind"] == "key_property" for given in EDGE_ROWS)
ASKED = [
    Filters(),
    Filters(kinds=frozenset(["key_property"])),
    Filters(districts=frozenset(["05001"]), text="atelier"),
    Filters(groups=frozenset(["industry"]), near=Near(51.45, 7.05, 200)),
    Filters(area=Range(100), ages=frozenset(["current", "undated"])),
]


def put(settings, spaces=EVERYTHING, *, minutes=0):
    when = NOW + dt.timedelta(minutes=minutes)
    version = stored.write(settings.table_folder, content(spaces), now=when)
    shelf.publish(settings, version, now=when)
    return version


def in_the_folder(settings):
    """Return the same settings without the database."""
    return settings.model_copy(update={"database_url": SecretStr("")})


def change(settings, statement: str) -> None:
    with connect.writing(connect.engine(settings)) as connection:
        connection.exec_driver_sql(statement)


def test_the_atlas_is_the_same_from_folder_and_database(shared):
    put(shared)
    mine, theirs = store.load(shared), store.load(in_the_folder(shared))
    assert_geodataframe_equal(mine.spaces, theirs.spaces[list(mine.spaces)])
    assert set(mine.spaces) == set(theirs.spaces)
    assert mine.rejects.equals(theirs.rejects)
    assert mine.retrieved_on == theirs.retrieved_on
    assert mine.registry == theirs.registry
    assert (mine.built.report, mine.built.built_at) == (theirs.built.report, theirs.built.built_at)
    assert mine.shared.rows == len(EDGE_ROWS)
    assert theirs.shared is None


def test_before_the_first_table_the_registry_counts(shared):
    atlas = store.load(shared)
    assert (atlas.built, atlas.shared) == (None, None)
    assert len(atlas.spaces) == len(EDGE_ROWS)


def test_a_server_with_another_registry_of_sources_shows_those_of_the_table(shared):
    put(shared)
    path = shared.data_dir / "sources.toml"
    path.write_text(path.read_text("utf-8").replace("[wikidata]", "[other]"), "utf-8")
    assert "wikidata" in store.load(shared).registry.sources
    assert "wikidata" not in store.load(in_the_folder(shared)).registry.sources


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: "&".join(asked.active_fields))
def test_a_snapshot_answers_as_in_memory(shared, asked):
    put(shared)
    mine, theirs = Snapshot(store.load(shared)), Snapshot(store.load(in_the_folder(shared)))
    assert mine.mask(asked, today=TODAY).equals(theirs.mask(asked, today=TODAY))
    assert mine.facets(asked, today=TODAY) == theirs.facets(asked, today=TODAY)
    for by in ("name", "distance", "age", "size"):
        assert mine.rows(asked, today=TODAY, by=by) == theirs.rows(asked, today=TODAY, by=by)


def test_it_is_the_database_that_filters(shared):
    """The companion: a row that is changed there behind our back passes no more."""
    put(shared)
    snapshot = Snapshot(store.load(shared))
    change(shared, "UPDATE raumatlas.space SET kind = 'creative_site' WHERE position = 0")
    mask = snapshot.mask(ASKED[1], today=TODAY)
    assert snapshot.atlas.spaces["kind"].iloc[0] == "key_property"
    assert not mask.iloc[0]
    assert mask.sum() == (snapshot.atlas.spaces["kind"] == "key_property").sum() - 1


@pytest.mark.parametrize("digest", ["rows_digest", "words_digest"])
def test_what_another_release_derived_is_filtered_in_memory(shared, digest):
    put(shared)
    change(shared, f"UPDATE raumatlas.version SET {digest} = 'other'")  # noqa: S608
    snapshot = Snapshot(store.load(shared))
    change(shared, "UPDATE raumatlas.space SET kind = '', name = ''")
    change(shared, "DELETE FROM raumatlas.word")
    asked = Filters(kinds=frozenset(["key_property"]), text="kaufhaus")
    assert snapshot.mask(asked, today=TODAY).sum() == 1


def test_a_table_that_was_deleted_meanwhile_is_filtered_in_memory(shared):
    put(shared)
    snapshot = Snapshot(store.load(shared))
    change(shared, "DELETE FROM raumatlas.pointer")
    change(shared, "DELETE FROM raumatlas.version")
    assert snapshot.mask(ASKED[1], today=TODAY).sum() == KEY_PROPERTIES


def test_without_a_text_nobody_builds_the_words(shared):
    put(shared)
    snapshot = Snapshot(store.load(shared))
    snapshot.mask(ASKED[1], today=TODAY)
    assert "words" not in snapshot._made
    snapshot.mask(ASKED[2], today=TODAY)
    assert "words" in snapshot._made


def test_a_new_table_is_shown_without_a_restart(shared):
    first = put(shared)
    current = Current(shared)
    before = current.snapshot()
    assert current.snapshot() is before
    put(shared, table(row("w/a", **located(51.45, 7.05))), minutes=1)
    after = current.snapshot()
    assert len(after.atlas.spaces) == 1
    assert after.atlas.version != before.atlas.version
    shelf.use(shared, first.version, now=NOW + dt.timedelta(hours=1))
    assert len(current.snapshot().atlas.spaces) == len(EDGE_ROWS)


def test_two_servers_see_the_same_table(shared):
    put(shared)
    servers = [Current(shared), Current(shared)]
    put(shared, table(row("w/a")), minutes=1)
    assert [len(server.snapshot().atlas.spaces) for server in servers] == [1, 1]


def test_an_unchanged_table_is_asked_for_with_one_small_question(shared):
    put(shared)
    current = Current(shared)
    current.snapshot()
    asked: list[str] = []
    import sqlalchemy as sa

    pool = connect.engine(shared)
    listener = lambda _c, _cursor, statement, *_: asked.append(statement)  # noqa: E731
    sa.event.listen(pool, "before_cursor_execute", listener)
    current.snapshot()
    sa.event.remove(pool, "before_cursor_execute", listener)
    assert len(asked) == 1
    assert "pointer" in asked[0]
    assert "space" not in asked[0]


def test_an_outage_is_told_and_over_without_a_restart(shared, cluster, monkeypatch):
    monkeypatch.setattr(shelf, "_REST_S", 0.3)
    put(shared)
    current = Current(shared)
    before = current.snapshot()
    cluster.stop()
    try:
        for _ in range(2):
            with pytest.raises(SourceUnavailableError, match="ohne Neustart"):
                current.snapshot()
        with pytest.raises(SourceUnavailableError, match="ATLAS_DATABASE_URL"):
            before.mask(ASKED[1], today=TODAY)
    finally:
        cluster.start()
    time.sleep(0.4)
    assert current.snapshot() is before  # the table is the same: nothing is read again
    assert before.mask(ASKED[1], today=TODAY).sum() == KEY_PROPERTIES


def test_who_waits_for_a_database_that_is_away_waits_once(shared, monkeypatch):
    away = shared.model_copy(update={"database_url": SecretStr("postgresql://a@127.0.0.1:1/x")})
    tries: list[int] = []
    real = shelf.pool

    def counted(settings):
        tries.append(1)
        time.sleep(0.2)  # as a server that drops packets
        return real(settings)

    monkeypatch.setattr(shelf, "pool", counted)
    current, errors = Current(away), []

    def ask():
        try:
            current.snapshot()
        except SourceUnavailableError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(errors) == len(threads)
    assert len(tries) == 1


def test_a_database_that_is_not_set_up_is_told(database):
    settings = database(empty=True)
    with pytest.raises(ConfigError, match="atlas database upgrade"):
        Current(settings).snapshot()


def test_deriving_is_what_the_store_derives(shared):
    """Writer and reader derive in two layers; they have to agree, or nothing runs there."""
    from atlas.database.derived import rows_digest, with_derived

    put(shared)
    atlas = store.load(shared)
    assert rows_digest(atlas.spaces) == atlas.shared.rows_digest
    derived = with_derived(pd.DataFrame(atlas.spaces.drop(columns=["geometry", "x", "y"])))
    assert derived["x"].equals(atlas.spaces["x"])
    moved = atlas.spaces.assign(x=atlas.spaces["x"] + 0.1)
    assert rows_digest(moved) != atlas.shared.rows_digest

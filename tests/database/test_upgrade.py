"""Setting up: the tables are those of the schema, several at once are safe, rights are enough."""

from __future__ import annotations

import contextlib
import threading

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from build_fixtures import NOW, content, table
from core_fixtures import EDGE_ROWS
from postgis import ROLE, Cluster
from pydantic import SecretStr

from atlas import stored
from atlas.database import connect, shelf, upgrade
from atlas.database.tables import REVISION, SCHEMA, metadata, space
from atlas.errors import AtlasError, ConfigError
from atlas.schema import NAMES


def differences(settings) -> list[object]:
    """Return what Alembic would change to make the database equal to the model."""
    pool = connect.engine(settings)
    with pool.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
                "version_table_schema": SCHEMA,
                "compare_type": True,
                "target_metadata": metadata,
            },
        )
        return compare_metadata(context, metadata)


def test_an_empty_database_gets_the_tables_of_the_model(database):
    settings = database(empty=True)
    upgrade.upgrade(connect.engine(settings))
    assert differences(settings) == []
    assert set(NAMES) < set(space.c.keys())
    assert shelf.current(settings) is None


def test_a_column_or_index_that_is_missing_is_noticed_and_added(database):
    """The companion, and how a column that is new in the schema comes into the database."""
    settings = database()
    with connect.writing(connect.engine(settings)) as connection:
        connection.exec_driver_sql("ALTER TABLE raumatlas.space DROP COLUMN rent_eur_per_m2_month")
        connection.exec_driver_sql("DROP INDEX raumatlas.space_geom")
    assert len(differences(settings)) >= 2
    version = stored.write(settings.table_folder, content(table(*EDGE_ROWS)), now=NOW)
    with pytest.raises(AtlasError, match="atlas database upgrade"):
        shelf.publish(settings, version, now=NOW)
    upgrade.upgrade(connect.engine(settings))
    assert differences(settings) == []
    shelf.publish(settings, version, now=NOW)


def test_a_table_that_lacks_a_column_names_the_next_step(database):
    settings = database()
    version = stored.write(settings.table_folder, content(table(*EDGE_ROWS)), now=NOW)
    shelf.publish(settings, version, now=NOW)
    with connect.writing(connect.engine(settings)) as connection:
        connection.exec_driver_sql("ALTER TABLE raumatlas.space DROP COLUMN note_de")
    with pytest.raises(ConfigError, match="atlas database upgrade"):
        shelf.current(settings).spaces()


def test_upgrading_again_keeps_what_is_there(shared):
    version = stored.write(shared.table_folder, content(table(*EDGE_ROWS)), now=NOW)
    shelf.publish(shared, version, now=NOW)
    upgrade.upgrade(connect.engine(shared))
    assert len(shelf.current(shared).spaces()) == len(EDGE_ROWS)


def test_several_servers_may_upgrade_at_once(database):
    settings = database(empty=True)
    pools = [sa.create_engine(connect.address(settings)) for _ in range(6)]
    start = threading.Barrier(len(pools))
    errors: list[Exception] = []

    def run(pool):
        start.wait()
        try:
            upgrade.upgrade(pool)
        except AtlasError as error:
            errors.append(error)
        pool.dispose()

    threads = [threading.Thread(target=run, args=[pool]) for pool in pools]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert differences(settings) == []


def test_without_the_lock_they_get_in_each_others_way(database, monkeypatch):
    """The companion: it is the lock that makes it safe."""
    monkeypatch.setattr(upgrade, "lock", lambda _connection: None)
    settings = database(empty=True)
    pool = connect.engine(settings)
    with pool.connect() as first:
        # Somebody is in the middle of it: the schema is there, but not yet for others.
        first.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        other = threading.Timer(0.5, first.commit)
        other.start()
        with pytest.raises(AtlasError, match="abgelehnt"):
            upgrade.upgrade(pool)
        other.join()


def test_the_revision_that_readers_compare_is_the_newest(database):
    settings = database()
    with connect.writing(connect.engine(settings)) as connection:
        script = ScriptDirectory.from_config(upgrade.config(connection))
        assert script.get_heads() == [REVISION]
        found = connection.exec_driver_sql("SELECT version_num FROM raumatlas.alembic_version")
        assert found.scalar_one() == REVISION


def test_a_downgrade_leaves_no_table_and_can_be_upgraded_again(database):
    settings = database()
    pool = connect.engine(settings)
    with connect.writing(pool) as connection:
        command.downgrade(upgrade.config(connection), "base")
        left = sa.inspect(connection).get_table_names(schema=SCHEMA)
        assert left == ["alembic_version"]
    upgrade.upgrade(pool)
    assert differences(settings) == []


@pytest.mark.parametrize("action", [shelf.current, shelf.versions, shelf.mark])
def test_a_database_without_our_tables_names_the_next_step(database, action):
    with pytest.raises(ConfigError, match="atlas database upgrade"):
        action(database(empty=True))


@pytest.mark.parametrize(
    ("revision", "step"), [("000", "atlas database upgrade"), ("999", "neuer")]
)
def test_tables_of_another_release_are_told(database, revision, step):
    settings = database()
    with connect.writing(connect.engine(settings)) as connection:
        connection.execute(
            sa.text("UPDATE raumatlas.alembic_version SET version_num = :new"), {"new": revision}
        )
    with pytest.raises(ConfigError, match=step):
        shelf.current(settings)


URL_ROLE = "its-own-password"


@contextlib.contextmanager
def as_role(cluster: Cluster, settings, role: str, *rights: str):
    """Use the database as a role of its own with just these rights."""
    url = settings.database_url.get_secret_value()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"DROP ROLE IF EXISTS {role}")
        admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{URL_ROLE}'")
        for right in rights:
            admin.execute(right)
    name = url.rpartition("/")[2]
    own = f"{connect.DRIVER}://{role}:{URL_ROLE}@127.0.0.1:{cluster.port}/{name}"
    chosen = settings.model_copy(update={"database_url": SecretStr(own)})
    try:
        yield chosen
    finally:
        connect.engine(chosen).dispose()
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(f"REASSIGN OWNED BY {role} TO {ROLE}")
            admin.execute(f"DROP OWNED BY {role}")
            admin.execute(f"DROP ROLE {role}")


def test_the_role_of_the_guide_is_enough(database, cluster):
    """docs/database.md: the owner of the database is no administrator."""
    settings = database(empty=True)
    name = settings.database_url.get_secret_value().rpartition("/")[2]
    with as_role(cluster, settings, "office", f"ALTER DATABASE {name} OWNER TO office") as own:
        upgrade.upgrade(connect.engine(own))
        version = stored.write(own.table_folder, content(table(*EDGE_ROWS)), now=NOW)
        shelf.publish(own, version, now=NOW)
        assert len(shelf.current(own).spaces()) == len(EDGE_ROWS)
        assert upgrade.status(connect.engine(own)).postgis.startswith("3.")


def test_a_server_that_only_shows_needs_to_read_only(database, cluster):
    settings = database()
    version = stored.write(settings.table_folder, content(table(*EDGE_ROWS)), now=NOW)
    shelf.publish(settings, version, now=NOW)
    rights = (
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO reader",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO reader",
    )
    with as_role(cluster, settings, "reader", *rights) as own:
        assert len(shelf.current(own).spaces()) == len(EDGE_ROWS)
        assert shelf.mark(own) == shelf.mark(settings)
        other = stored.write(own.table_folder, content(table(*EDGE_ROWS[:2])), now=NOW)
        with pytest.raises(AtlasError, match="permission denied"):
            shelf.publish(own, other, now=NOW)


def test_a_role_without_rights_is_told_and_leaves_nothing(database, cluster):
    settings = database(empty=True)
    refused = pytest.raises(ConfigError, match=r"docs/database\.md")
    with as_role(cluster, settings, "passer_by") as own, refused:
        upgrade.upgrade(connect.engine(own))
    with connect.reading(connect.engine(settings)) as connection:
        assert not sa.inspect(connection).has_schema(SCHEMA)

"""Setting the database up, bringing its tables up to date, and telling its state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from atlas.database.connect import place, reading, writing
from atlas.database.shared import current, versions
from atlas.database.tables import SCHEMA, column, space
from atlas.database.write import lock
from atlas.schema.columns import COLUMNS

if TYPE_CHECKING:
    from atlas.database.shared import Shared

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
EXTENSIONS: Final = ("postgis", "btree_gist")
"""btree_gist: one index over version and place."""


@dataclass(frozen=True, slots=True)
class Status:
    """
    What is in the database.

    Attributes
    ----------
    place
        Server, port and name.
    server, postgis
        Releases.
    current
        The version that counts.
    versions
        All of them, the newest first.
    size
        Bytes of all tables and indexes.
    """

    place: str
    server: str
    postgis: str
    current: Shared | None
    versions: tuple[Shared, ...]
    size: int


def upgrade(pool: sa.Engine) -> None:
    """
    Create the tables, or bring them to the state of this program.

    Several may ask at once: they go one after the other, and the later ones find it done.
    What fails leaves everything as it was.

    Raises
    ------
    ConfigError
        If an extension is missing and the role may not create it.
    AtlasError
        As `atlas.database.connect.asked`.
    """
    with writing(pool) as connection:
        lock(connection)
        for extension in EXTENSIONS:
            connection.execute(sa.text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        command.upgrade(config(connection), "head")
        _add_missing(connection)


def config(connection: sa.Connection) -> Config:
    """Return what Alembic needs to know; the migrations run in the transaction of the caller."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    found.attributes["connection"] = connection
    return found


def _add_missing(connection: sa.Connection) -> None:
    """
    Add the columns of the schema that the table of the spaces does not have yet.

    A new column of `atlas.schema.columns` needs no migration of its own: rows of older
    versions have no value in it. What is renamed or changes its type needs one.
    """
    operations = Operations(MigrationContext.configure(connection))
    there = {found["name"] for found in sa.inspect(connection).get_columns("space", schema=SCHEMA)}
    for described in COLUMNS:
        if described.name not in there:
            operations.add_column("space", column(described), schema=SCHEMA)
    for index in sorted(space.indexes, key=lambda index: str(index.name)):
        index.create(connection, checkfirst=True)


def status(pool: sa.Engine) -> Status:
    """
    Return what is in the database.

    Raises
    ------
    AtlasError
        As `atlas.database.shared.current`.
    """
    counts, found = current(pool), versions(pool)
    size = sa.text(
        "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :name AND c.relkind = 'r'"
    )
    with reading(pool) as connection:
        return Status(
            place=place(pool.url),
            server=str(connection.scalar(sa.text("SHOW server_version"))),
            postgis=str(connection.scalar(sa.text("SELECT postgis_lib_version()"))),
            current=counts,
            versions=tuple(found),
            size=int(connection.scalar(size, {"name": SCHEMA}) or 0),
        )

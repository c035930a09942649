"""Reaching the database: one pool of connections per address, and errors without secrets."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from atlas.errors import AtlasError, ConfigError, SourceFormatError, SourceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from atlas.settings import Settings

DRIVER: Final = "postgresql+psycopg"
_ACCEPTED: Final = (DRIVER, "postgresql", "postgres")
_PATIENCE: Final = {
    # A server that is away must not hold a page for minutes.
    "connect_timeout": "5",
    "tcp_user_timeout": "15000",
    "application_name": "raumatlas",
    # Compiling a question, or starting helpers for it, takes longer than answering it.
    "options": "-c jit=off -c max_parallel_workers_per_gather=0",
}
"""Parameters of libpq; the address may name others."""
_SECRETS: Final = ("password", "sslpassword")
_NOT_SET_UP: Final = {"42P01", "42703", "3F000"}  # no such table, column, schema
_NO_EXTENSION: Final = {"42704", "58P01", "0A000"}  # no such type, file, feature
_NO_RIGHT: Final = {"42501"}
_AWAY: Final = ("08", "53", "57")  # connection, resources, shut down by an operator


def address(settings: Settings) -> sa.URL:
    """
    Return the address of the database.

    Raises
    ------
    ConfigError
        If it is no address of a PostgreSQL server. What was given is not repeated: it may
        hold a password.
    """
    given = settings.database_url.get_secret_value()
    try:
        url = sa.make_url(given)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in _ACCEPTED or not url.database:
        raise ConfigError(
            "ATLAS_DATABASE_URL ist keine Adresse einer PostgreSQL-Datenbank.",
            hint="In der Form {form} angeben; Sonderzeichen im Passwort als %XX schreiben.",
            form=f"{DRIVER}://rolle:passwort@server:5432/datenbank",
        )
    return url.set(drivername=DRIVER)


def engine(settings: Settings) -> sa.Engine:
    """
    Return the pool of connections to the database of ``settings``, one per address.

    Raises
    ------
    ConfigError
        As `address`.
    """
    return _engine(address(settings))


@cache
def _engine(url: sa.URL) -> sa.Engine:
    patience = {name: text for name, text in _PATIENCE.items() if name not in url.query}
    # Errors of a statement must not carry what a person typed; a connection that died
    # with the server is noticed before it is used.
    return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=patience)


def place(url: sa.URL) -> str:
    """Return where the database is, for people: server, port and name, never a secret."""
    host = url.host or str(url.query.get("host", "localhost"))
    return f"{host}:{url.port or 5432}/{url.database}"


@contextmanager
def asked(pool: sa.Engine) -> Iterator[None]:
    """
    Turn what the database refuses into an error of ours.

    Raises
    ------
    SourceUnavailableError
        If it does not answer.
    ConfigError
        If its tables are not those of this program, or the role may not do it.
    SourceFormatError
        If it refuses for any other reason.
    """
    try:
        yield
    except (SQLAlchemyError, psycopg.Error) as error:
        raise _told(error, pool.url) from error


@contextmanager
def reading(pool: sa.Engine) -> Iterator[sa.Connection]:
    """Return a connection that only asks, each question on its own; errors as `asked`."""
    with asked(pool), pool.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def writing(pool: sa.Engine) -> Iterator[sa.Connection]:
    """Return a connection in a transaction: all of it counts, or nothing; errors as `asked`."""
    with asked(pool), pool.begin() as connection:
        yield connection


def _told(error: SQLAlchemyError | psycopg.Error, url: sa.URL) -> AtlasError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None) or ""
    where, reason = place(url), _reason(cause, url)
    if state in _NOT_SET_UP:
        return not_set_up(where)
    if state in _NO_EXTENSION | _NO_RIGHT:
        return ConfigError(
            "{source}: die Datenbank ist nicht fertig eingerichtet ({reason}).",
            hint="Als Verwalter der Datenbank die Erweiterungen postgis und btree_gist anlegen "
            "und der Rolle die Rechte geben: docs/database.md.",
            source=where,
            reason=reason,
        )
    is_refused = isinstance(error, DBAPIError | psycopg.Error) and state
    if is_refused and not state.startswith(_AWAY):
        return SourceFormatError(
            "{source}: die Datenbank hat abgelehnt ({reason}).",
            hint="„atlas database status“ zeigt, in welchem Zustand sie ist.",
            source=where,
            reason=reason,
        )
    return SourceUnavailableError(
        "{source}: die Datenbank antwortet nicht ({reason}).",
        hint="Prüfen, ob PostgreSQL läuft und ATLAS_DATABASE_URL stimmt. Sobald sie wieder da "
        "ist, geht es ohne Neustart weiter.",
        source=where,
        reason=reason,
    )


def not_set_up(where: str) -> ConfigError:
    """Return the error for a database whose tables are missing or older than the program."""
    return ConfigError(
        "{source}: die Tabellen der Datenbank fehlen oder sind älter als dieses Programm.",
        hint="„atlas database upgrade“ bringt sie auf den Stand; dann „atlas database push“.",
        source=where,
    )


def _reason(cause: object, url: sa.URL) -> str:
    """Return the first line of what the driver says, without a secret of the address."""
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    reason = lines[0] if lines else type(cause).__name__
    secrets = [url.password, *(url.query.get(name) for name in _SECRETS)]
    for secret in secrets:
        if isinstance(secret, str) and secret:
            reason = reason.replace(secret, "***")
    return reason

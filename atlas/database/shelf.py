"""Where the stored tables are: in the folder of `atlas.stored`, or in the shared database."""
# ruff: noqa: PLC0415 - the libraries of the database are an extra, and slow to import

from __future__ import annotations

import importlib
import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Final

from atlas import stored
from atlas.errors import AtlasError, ConfigError, ExportError
from atlas.provenance import REGISTRY_FILE

if TYPE_CHECKING:
    import datetime as dt

    import sqlalchemy as sa

    from atlas.database.shared import Shared
    from atlas.settings import Settings
    from atlas.stored import Stored

    Version = Stored | Shared

_LIBRARIES: Final = ("alembic", "geoalchemy2", "psycopg", "sqlalchemy")
_REST_S: Final = 2.0
"""For so long a database that did not answer is not asked again: who waited waits once."""


def is_shared(settings: Settings) -> bool:
    """Return whether a database is set."""
    return bool(settings.database_url.get_secret_value())


def pool(settings: Settings) -> sa.Engine:
    """
    Return the connections to the database.

    Raises
    ------
    ConfigError
        If none is set, its address is wrong, or the libraries are missing.
    """
    if not is_shared(settings):
        raise ConfigError(
            "Es ist keine Datenbank eingestellt.",
            hint="ATLAS_DATABASE_URL auf ihre Adresse setzen: docs/database.md.",
        )
    try:
        for name in _LIBRARIES:
            importlib.import_module(name)
    except ImportError as error:
        raise ConfigError(
            "Für die Datenbank fehlt die Bibliothek {module}.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[database]".',
            module=error.name or error,
        ) from error
    from atlas.database import connect

    return connect.engine(settings)


def place(settings: Settings) -> str:
    """Return where the database is, for people; errors as `pool`."""
    at = pool(settings)
    from atlas.database import connect

    return connect.place(at.url)


def current(settings: Settings) -> Version | None:
    """
    Return the version that counts, ``None`` if nothing was stored yet.

    Raises
    ------
    AtlasError
        If the folder's pointer is damaged, or the database does not answer.
    """
    if not is_shared(settings):
        return stored.current(settings.table_folder)
    at = pool(settings)
    from atlas.database import shared

    return shared.current(at)


def versions(settings: Settings) -> list[Version]:
    """Return the versions, the newest first; errors as `current`."""
    if not is_shared(settings):
        return [*stored.versions(settings.table_folder)]
    at = pool(settings)
    from atlas.database import shared

    return [*shared.versions(at)]


def find(settings: Settings, name: str) -> Version | None:
    """Return a version as `atlas.stored.find` does; errors as `current`."""
    if not is_shared(settings):
        return stored.find(settings.table_folder, name)
    counts = current(settings)
    if name == "current":
        return counts
    found = versions(settings)
    if name == "previous":
        return next((one for one in found if counts and one.version == counts.previous), None)
    return stored.one_of(found, name)


def use(settings: Settings, name: str, *, now: dt.datetime) -> None:
    """
    Make an earlier version the current one again.

    Raises
    ------
    AtlasError
        As `current`, or if there is no such version, or several begin so.
    """
    if not is_shared(settings):
        stored.use(settings.table_folder, name, now=now)
        return
    at = pool(settings)
    from atlas.database import shared, write

    chosen = stored.one_of(shared.versions(at), name)
    if chosen is None:
        raise stored.no_version(name)
    write.use(at, chosen, now=now)


def publish(settings: Settings, table: Stored, *, now: dt.datetime) -> None:
    """
    Write a table of the folder into the database, where one is set.

    Raises
    ------
    ExportError
        If that fails; the old table of the database still counts, the new one lies in
        the folder.
    """
    if not is_shared(settings):
        return
    registry = (settings.data_dir / REGISTRY_FILE).read_text("utf-8")
    try:
        at = pool(settings)
        from atlas.database import write

        write.push(at, table, registry=registry, now=now)
    except AtlasError as error:
        raise ExportError(
            "Die Tabelle {version} ist noch nicht in der Datenbank, dort gilt die alte weiter. "
            "{reason}",
            hint="Die neue liegt in {folder}; wenn die Ursache behoben ist: „atlas database push“.",
            version=table.version,
            folder=table.folder,
            reason=error,
        ) from error


class _Watch:
    """
    Tells cheaply when another table counts.

    Parameters
    ----------
    settings
        For the address.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._failed: tuple[float, AtlasError] | None = None

    def mark(self) -> tuple[object, ...]:
        """Return what changes with the table; a failure is told again for `_REST_S`."""
        with self._lock:
            if self._failed and time.monotonic() - self._failed[0] < _REST_S:
                raise self._failed[1]
            try:
                at = pool(self._settings)
                from atlas.database import shared

                found = shared.mark(at)
            except AtlasError as error:
                self._failed = (time.monotonic(), error)
                raise
            self._failed = None
            return found


@cache
def _watch(settings: Settings) -> _Watch:
    return _Watch(settings)


def mark(settings: Settings) -> tuple[object, ...]:
    """
    Return what changes whenever another table of the database counts; empty without one.

    Raises
    ------
    AtlasError
        If the database does not answer.
    """
    return _watch(settings).mark() if is_shared(settings) else ()

"""The cache file: that it can be written, and what happens when it is damaged."""

from __future__ import annotations

import logging
import sqlite3
import tempfile
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError, why

if TYPE_CHECKING:
    from pathlib import Path

_LOG: Final = logging.getLogger(__name__)


def check_folder(folder: Path) -> None:
    """Make the folder; raise `ConfigError` if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Tried, not asked for: SQLite would wait for ever on a folder it cannot write.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise unusable(folder, why(error)) from error


def unusable(folder: Path, reason: object) -> ConfigError:
    """Return the error about a cache that cannot be used."""
    return ConfigError(
        "Der Zwischenspeicher {path} ist nicht beschreibbar ({reason}).",
        hint="ATLAS_CACHE_DIR auf einen Ordner setzen, in den geschrieben werden darf.",
        path=folder,
        reason=reason,
    )


def is_sound(path: Path) -> bool:
    """Return whether there is a database, or nothing yet."""
    if not path.exists():
        return True
    try:
        connection = sqlite3.connect(path)
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        finally:
            connection.close()
    except sqlite3.OperationalError:  # locked by another build: nothing is broken
        return True
    except sqlite3.DatabaseError:
        return False


def set_aside(path: Path) -> None:
    """Rename a damaged cache: what is in it can be asked for again, but is not ours to delete."""
    aside = path.with_suffix(".damaged")
    _LOG.warning("the cache %s is damaged; begun anew, the old one is %s", path, aside.name)
    if path.exists():
        path.replace(aside)

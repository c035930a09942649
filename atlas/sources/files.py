"""Reading the file of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.errors import SourceUnavailableError, why

if TYPE_CHECKING:
    from pathlib import Path


def read_bytes(path: Path) -> bytes:
    """
    Return what is in a file.

    Raises
    ------
    SourceUnavailableError
        If the file is missing or not readable; it names the file.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> SourceUnavailableError:
    """Return the error that names a file which is missing or not readable."""
    return SourceUnavailableError(
        "{source}: die Datei ist nicht lesbar ({reason}).",
        source=path.name or str(path),
        hint="Pfad und Leserechte prüfen.",
        reason=why(error),
    )

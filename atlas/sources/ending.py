"""The end of a text file: whether its last line is whole."""

from __future__ import annotations

from typing import Final

from atlas.errors import SourceFormatError

_FILLING: Final = " \t;,|"
"""What may stand on a last line that holds nothing."""


def ends_in_a_line(text: str) -> bool:
    """Return whether the last line of a text has no end, so that a download may have cut it."""
    rest = text.rstrip(_FILLING)
    return bool(rest) and not rest.endswith(("\n", "\r"))


def cut_off(source: str) -> SourceFormatError:
    """Return the error for a file whose last line is neither whole nor ended."""
    return SourceFormatError(
        "{source}: die Datei ist abgeschnitten: ihre letzte Zeile ist unvollständig.",
        source=source,
        hint="Die Datei noch einmal abrufen; ist sie vollständig, die letzte Zeile berichtigen.",
    )


def open_quote(source: str) -> SourceFormatError:
    """Return the error for a file that ends inside a quoted cell."""
    return SourceFormatError(
        "{source}: die Datei ist abgeschnitten: sie endet mitten in einer Zelle, oder ein "
        "Anführungszeichen fehlt.",
        source=source,
        hint="Die Datei noch einmal abrufen, oder das Anführungszeichen schließen.",
    )

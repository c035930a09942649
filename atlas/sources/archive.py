"""ZIP archives from outside: read in memory, within limits, nothing extracted to the disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from atlas.errors import MessageId, SourceFormatError
from atlas.schema.problems import shown

_ENCRYPTED: Final = 0x1
_NESTED: Final = (".zip", ".7z", ".rar", ".gz", ".tar", ".bz2", ".xz", ".tgz")
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError,
    OSError, RuntimeError, UnicodeError, OverflowError, KeyError, IndexError,
)  # fmt: skip
"""What the standard library raises on archives that are damaged or use what it cannot read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much an archive may hold.

    Attributes
    ----------
    files
        Number of entries.
    total
        Bytes of all entries, unpacked.
    ratio
        Bytes unpacked per byte of the archive; small archives are not measured by it.
    """

    files: int = 1_000
    total: int = 512 * 1024**2
    ratio: int = 200


_SMALL: Final = 1024**2
DEFAULT: Final = Limits()


def is_archive(payload: bytes) -> bool:
    """Return whether bytes begin like a ZIP archive."""
    return payload[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def unpack(
    payload: bytes, *, source: str, suffixes: tuple[str, ...] = (), limits: Limits = DEFAULT
) -> dict[str, bytes]:
    """
    Return the files of an archive, by name in the order of their names.

    Parameters
    ----------
    suffixes
        Endings (lower case) of the entries that are read; none reads all. All are checked.

    Raises
    ------
    SourceFormatError
        If the archive is damaged, encrypted, nested, larger than ``limits``, or an entry
        names a place outside the archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries, len(payload), source, limits)
            wanted = [e for e in entries if not suffixes or e.filename.lower().endswith(suffixes)]
            return _read(archive, wanted, source)
    except _BROKEN as error:
        raise SourceFormatError(
            "{source}: das ZIP-Archiv ist beschädigt oder unvollständig ({reason}).",
            hint="Das Archiv noch einmal abrufen.",
            source=source,
            reason=shown(str(error)) or type(error).__name__,
        ) from error


def _read(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], source: str
) -> dict[str, bytes]:
    files = {}
    for entry in sorted(entries, key=lambda entry: entry.filename):
        with archive.open(entry) as file:
            content = file.read(entry.file_size + 1)
        # The sizes were checked as stated; an entry that holds more lied about it.
        if len(content) > entry.file_size:
            raise _refused(source, "eine Datei ist größer als angegeben")
        if is_archive(content) and entry.filename.lower().endswith((".xml", ".csv", ".txt")):
            raise _refused(source, "ein Archiv im Archiv")
        files[entry.filename] = content
    return files


def _check(entries: list[zipfile.ZipInfo], size: int, source: str, limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > limits.files:
        raise _refused(source, "zu viele Dateien")
    if total > limits.total or (total > _SMALL and total > size * limits.ratio):
        raise _refused(source, "entpackt zu groß")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise _refused(source, "verschlüsselt")
    names = [entry.filename for entry in entries]
    if any(_escapes(name) for name in names):
        raise _refused(source, "ein Dateiname führt aus dem Archiv hinaus")
    if any(name.lower().endswith(_NESTED) for name in names):
        raise _refused(source, "ein Archiv im Archiv")
    if len(set(names)) != len(names):
        raise _refused(source, "ein Dateiname kommt mehrmals vor")


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\x00" in name


def _refused(source: str, reason: str) -> SourceFormatError:
    return SourceFormatError(
        "{source}: das ZIP-Archiv wird nicht gelesen: {reason}.",
        hint="Den Absender um ein einfaches Archiv ohne Kennwort bitten.",
        source=source,
        reason=MessageId(reason),
    )

"""The hand-kept registry ``data/spaces.csv``: reading it, and telling what is wrong with it."""

from __future__ import annotations

import csv
import difflib
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from atlas.errors import SourceFormatError
from atlas.schema import BY_NAME, NAMES
from atlas.schema.problems import shown
from atlas.sources.ending import cut_off
from atlas.sources.files import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

DELIMITER: Final = ","
MAX_LINE_LENGTH: Final = 100_000
"""Longest line in bytes; the rule ``line_length`` of the schema names it."""
_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
# One cell: bare, or quoted with doubled quotes inside. A row is one line, so that a
# missing quote spoils its own row only, and line numbers mean the same to everyone.
_CELL: Final = r'(?:[^",\r\n\x00]*|"(?:[^"\r\n\x00]|"")*")'
_FIRST_LINE: Final = 2  # of the rows: the header is line 1
_FAULT_COLUMNS: Final = ("row", "value", "code")
_STR: Final = pd.StringDtype(na_value=np.nan)


def read(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Read a registry file as text.

    Empty lines are skipped, white space around a cell is dropped, the columns may be
    in any order.

    Parameters
    ----------
    path
        CSV, UTF-8 (with or without byte order mark), comma, one row per line.

    Returns
    -------
    cells
        All columns of the schema in its order, as text, missing where empty; the index
        ``row`` is the line in the file, counted from 1.
    faults
        Lines that are no row: row, value (their beginning), code (of ``LINE_RULES``).

    Raises
    ------
    SourceUnavailableError
        If the file is missing or not readable.
    SourceFormatError
        If the file as a whole is not the registry: not UTF-8, empty, another
        delimiter, a missing, unknown or repeated column, no row at all, cut off.
    """
    data = read_bytes(path)
    _check_encoding(path, data)
    first, _, body = data.removeprefix(_BOM).partition(b"\n")
    header = _header(path, first.decode())
    rows = _Rows(body, width=len(header))
    if not rows.any:
        raise _format_error(
            path, "{source}: nach der Kopfzeile folgt keine einzige Zeile.",
            hint="Eine Zeile je Ort eintragen, oder die richtige Datei angeben.",
        )  # fmt: skip
    if rows.is_cut_off:
        raise cut_off(path.name)
    return rows.cells(header)[list(NAMES)], rows.faults()


class _Rows:
    """
    The lines below the header, sorted into well-formed rows and faults.

    Parameters
    ----------
    body
        UTF-8 text below the header.
    width
        Number of cells of a row.
    """

    def __init__(self, body: bytes, *, width: int) -> None:
        self._width = width
        self._body = body
        self._lines = _lines(body)
        well_formed, blank = _sort(self._lines, width)
        self.any = not blank.all()
        self._all_good = bool(well_formed.all())
        self._good = well_formed
        self._bad = np.flatnonzero(~well_formed & ~blank)
        # Without an end a broken last line is what a download leaves that stopped half-way.
        self.is_cut_off = not body.endswith((b"\n", b"\r")) and bool(
            len(self._lines) and not well_formed[-1] and not blank[-1]
        )

    def cells(self, header: list[str]) -> pd.DataFrame:
        """Return the well-formed rows as text."""
        body = self._body if self._all_good else _joined(self._lines.filter(self._good))
        table = _parse(body, header)
        cleaned = pa.table([_clean(column) for column in table.columns], names=header)
        cells: pd.DataFrame = cleaned.to_pandas(types_mapper={pa.string(): _STR}.get)
        return cells.set_index(pd.Index(np.flatnonzero(self._good) + _FIRST_LINE, name="row"))

    def faults(self) -> pd.DataFrame:
        """Return the lines that are no row, with the rule that each breaks."""
        found = [(position + _FIRST_LINE, *_fault(self._lines[position].as_py(), self._width))
                 for position in self._bad]  # fmt: skip
        return pd.DataFrame(found, columns=list(_FAULT_COLUMNS))


def _lines(body: bytes) -> pa.LargeStringArray:
    """Return the lines with their ends, without copying the text."""
    ends = np.flatnonzero(np.frombuffer(body, dtype=np.uint8) == ord("\n")) + 1
    if len(body) and (not len(ends) or ends[-1] != len(body)):
        ends = np.append(ends, len(body))
    offsets = np.concatenate([[0], ends]).astype(np.int64)
    return pa.LargeStringArray.from_buffers(
        len(ends), pa.py_buffer(offsets.tobytes()), pa.py_buffer(body)
    )


def _sort(lines: pa.LargeStringArray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which lines have ``width`` cells, quoted rightly, and which are empty."""
    # One pass in RE2, which never backtracks: linear in the file whatever it holds.
    row = f"^{_CELL}(?:,{_CELL}){{{width - 1}}}\r?\n?$"
    well_formed = _matches(lines, row) & (pc.binary_length(lines).to_numpy() <= MAX_LINE_LENGTH)
    blank = _matches(lines, "^[, \t]*\r?\n?$")
    return well_formed & ~blank, blank


def _matches(lines: pa.LargeStringArray, pattern: str) -> np.ndarray:
    matches: np.ndarray = pc.match_substring_regex(lines, pattern).to_numpy(zero_copy_only=False)
    return matches


def _joined(lines: pa.LargeStringArray) -> bytes:
    return "".join(lines.to_pylist()).encode()


def _parse(body: bytes, header: list[str]) -> pa.Table:
    return pcsv.read_csv(
        pa.py_buffer(body or b"\n"),
        read_options=pcsv.ReadOptions(column_names=header),
        convert_options=pcsv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _clean(column: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(column)
    is_empty = pc.equal(trimmed, "")
    return pc.if_else(is_empty, None, trimmed) if pc.any(is_empty).as_py() else trimmed


def _fault(line: str, width: int) -> tuple[str, str]:
    """Return the beginning of a line that is no row, and the rule that it breaks."""
    line = line.rstrip("\r\n")
    if len(line.encode()) > MAX_LINE_LENGTH:
        return shown(line), "line_length"
    if "\x00" in line:
        return shown(line), "nul"
    broken = '"' in line and _cells_in(line) in (0, width)
    return shown(line), "quotes" if broken else "cells"


def _cells_in(line: str) -> int:
    """Return the number of cells, 0 if the quotes are broken."""
    try:
        return len(next(csv.reader([line], strict=True)))
    except csv.Error:
        return 0


def _format_error(path: Path, message: str, *, hint: str, **params: object) -> SourceFormatError:
    return SourceFormatError(message, source=path.name, hint=hint, **params)


def _check_encoding(path: Path, data: bytes) -> None:
    text = data.removeprefix(_BOM)
    if not text or text.isspace():
        raise _format_error(
            path, "{source}: die Datei ist leer.",
            hint="Die Datei aus dem Repositorium wiederherstellen; die Kopfzeile nennt "
            "docs/data-format.md.",
        )  # fmt: skip
    try:
        data.decode()
    except UnicodeDecodeError as error:
        is_utf16 = data.startswith(_UTF16)
        raise _format_error(
            path,
            "{source}: die Datei ist UTF-16 statt UTF-8."
            if is_utf16
            else "{source}, Zeile {line}: die Datei ist nicht UTF-8 (Byte 0x{byte:02X}).",
            hint="In der Tabellenkalkulation als „CSV UTF-8“ speichern.",
            line=data.count(b"\n", 0, error.start) + 1,
            byte=data[error.start],
        ) from error


def _header(path: Path, line: str) -> list[str]:
    try:
        names = [name.strip() for name in next(csv.reader([line], strict=True), [])]
    except csv.Error:
        names = []
    _check_delimiter(path, line)
    _check_names(path, names)
    return names


def _check_delimiter(path: Path, line: str) -> None:
    for delimiter, name in ((";", ";"), ("\t", "Tab"), ("|", "|")):
        if line.count(delimiter) > line.count(DELIMITER):
            raise _format_error(
                path,
                "{source}, Zeile 1: Trennzeichen ist „{found}“, erwartet wird ein Komma.",
                hint="Beim Speichern als CSV das Komma als Trennzeichen wählen.",
                found=name,
            )


def _check_names(path: Path, names: list[str]) -> None:
    known = set(NAMES)
    repeated = sorted({name for name in names if names.count(name) > 1})
    unknown = [name for name in names if name not in known]
    missing = [name for name in NAMES if name not in names]
    if repeated:
        raise _format_error(
            path, "{source}, Zeile 1: die Spalte {columns} kommt mehrmals vor.",
            hint="Jede Spalte nur einmal aufführen.",
            columns=", ".join(map(shown, repeated)),
        )  # fmt: skip
    if missing:
        needed = [name for name in missing if BY_NAME[name].required]
        raise _format_error(
            path, "{source}, Zeile 1: die Spalte {columns} fehlt.",
            hint="Die Spalte ergänzen; jede Zeile braucht einen Wert in {needed}. {similar}"
            if needed else "Die Spalte ergänzen, auch wenn sie leer bleibt. {similar}",
            columns=", ".join(missing),
            needed=", ".join(needed),
            similar=_similar(unknown, missing),
        )  # fmt: skip
    if unknown:
        raise _format_error(
            path, "{source}, Zeile 1: die Spalte {columns} ist unbekannt.",
            hint="Die Spalte streichen; alle Spalten stehen in docs/data-format.md.",
            columns=", ".join(map(shown, unknown)),
        )  # fmt: skip


def _similar(unknown: list[str], missing: list[str]) -> str:
    pairs = [(name, difflib.get_close_matches(shown(name), missing, 1)) for name in unknown[:20]]
    return " ".join(f"„{shown(name)}“ → „{found[0]}“?" for name, found in pairs if found)

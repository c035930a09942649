"""Records of a source before they are mapped, and the reader of each form that has rows."""

from __future__ import annotations

import csv
import io
import re
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError, SourceFormatError
from atlas.schema import Fault
from atlas.schema.problems import shown
from atlas.sources import archive
from atlas.sources.ending import cut_off, ends_in_a_line, open_quote
from atlas.sources.values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shapely.geometry.base import BaseGeometry

    from atlas.sources.declared.mapping import Mapping

_CELL_LIMIT: Final = 1_000_000
_DELIMITERS: Final = (";", "\t", ",", "|")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORKBOOK_ERRORS: Final = (
    ValueError, TypeError, LookupError, AttributeError, OSError, EOFError, SyntaxError,
    RuntimeError, ArithmeticError, AssertionError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip
"""openpyxl raises whatever its parts raise when a workbook is damaged."""
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE|<!ENTITY")


@dataclass
class Table:
    """
    The records of a file.

    Attributes
    ----------
    header
        Names of the columns in their order.
    records
        Position from 1 → column → text.
    faults
        Records that cannot be read at all.
    geometries
        Position → geometry, for files that carry one; None where a record has none.
    crs
        What the file says about its coordinates; empty if it says nothing.
    """

    header: list[str]
    records: dict[int, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    geometries: dict[int, BaseGeometry | None] | None = None
    crs: str = ""


def read_csv(payload: bytes, mapping: Mapping) -> Table:
    """
    Read delimited text; encoding and delimiter are found unless the mapping states them.

    Raises
    ------
    SourceFormatError
        If the text cannot be decoded, is empty, has another delimiter than the mapping
        states, has no header, or its last line is cut off.
    """
    text = _decode(payload, mapping)
    if not text.strip():
        raise _format_error(
            "{source}: die Datei ist leer.", mapping, hint="Die Datei noch einmal holen."
        )
    delimiter = _delimiter(text, mapping)
    # Records may hold line breaks; their position is what people count in a spreadsheet.
    limit = csv.field_size_limit(_CELL_LIMIT)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        table = _table(_rows(lines, mapping), mapping)
    finally:
        csv.field_size_limit(limit)
    last = max((fault.row for fault in table.faults), default=0)
    if last > max(table.records, default=0) and ends_in_a_line(text):
        raise cut_off(mapping.source)
    return table


def read_xlsx(payload: bytes, mapping: Mapping) -> Table:
    """
    Read one sheet of a workbook, with the values that its formulas had when it was saved.

    Raises
    ------
    SourceFormatError
        If it is no workbook, is damaged, or does not have the sheet.
    ConfigError
        If openpyxl is not installed.
    """
    if not archive.is_archive(payload):
        raise _no_workbook(mapping)
    _check_workbook(archive.unpack(payload, source=mapping.source), mapping)
    try:
        import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ConfigError(
            "Für Tabellen in XLSX fehlt die Bibliothek openpyxl.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[sources]".',
        ) from error
    try:
        with warnings.catch_warnings():
            # It warns about styles and validations that it drops; only values are read.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(payload), read_only=True, data_only=True)
            sheet = book[mapping.file.sheet] if mapping.file.sheet else book.worksheets[0]
            sheet.reset_dimensions()
            rows = [[text_of(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except _WORKBOOK_ERRORS as error:
        raise _format_error(
            "{source}: die Arbeitsmappe ist nicht lesbar ({reason}).", mapping,
            hint="Als XLSX neu speichern; mit [file] sheet das Tabellenblatt nennen.",
            reason=shown(str(error)) or type(error).__name__,
        ) from error  # fmt: skip
    return _table(iter(rows), mapping, ragged=True)


def _check_workbook(parts: dict[str, bytes], mapping: Mapping) -> None:
    if "[Content_Types].xml" not in parts:
        raise _no_workbook(mapping)
    if any(_DOCTYPE.search(part[:4096]) for part in parts.values()):
        raise _format_error(
            "{source}: die Datei enthält eine Dokumenttyp-Definition und wird nicht gelesen.",
            mapping,
            hint="Den Absender um eine Datei ohne DOCTYPE bitten.",
        )


def _no_workbook(mapping: Mapping) -> SourceFormatError:
    return _format_error(
        "{source}: das ist keine XLSX-Datei.", mapping,
        hint="Die Datei als XLSX speichern, oder [file] format ändern.",
    )  # fmt: skip


def _rows(lines: Iterator[list[str]], mapping: Mapping) -> Iterator[list[str] | str]:
    """Yield each record, or the reason why it is none."""
    while True:
        try:
            yield next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise open_quote(mapping.source) from error
            yield str(error)


def _table(
    rows: Iterator[list[str] | str] | Iterable[list[str]], mapping: Mapping, *, ragged: bool = False
) -> Table:
    lines = iter(rows)
    table = Table(header=_header(lines, mapping))
    width = len(table.header)
    position = 0
    for cells in lines:
        if not isinstance(cells, str) and not any(cell.strip() for cell in cells):
            continue
        position += 1
        if isinstance(cells, str):
            table.faults.append(Fault(position, "malformed", value=cells))
        elif len(cells) == width or (ragged and not any(cells[width:])):
            table.records[position] = dict(zip(table.header, cells, strict=False))
        else:
            table.faults.append(
                Fault(position, "malformed", name=cells[0], value=f"{len(cells)} ≠ {width}")
            )
    return table


def _header(lines: Iterator[list[str] | str], mapping: Mapping) -> list[str]:
    names: list[str] | str = []
    for _ in range(mapping.file.header):
        names = next(lines, "")
    header = [" ".join(name.split()) for name in names] if not isinstance(names, str) else []
    while header and not header[-1]:  # spreadsheets leave empty columns at the end
        header.pop()
    if not header:
        raise _format_error(
            "{source}: die Kopfzeile fehlt.", mapping,
            hint="Mit [file] header die Zeile nennen, in der die Spaltennamen stehen.",
        )  # fmt: skip
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated_used := [name for name in repeated if name in mapping.origins]:
        raise _format_error(
            "{source}: die Spalte {columns} kommt mehrmals vor.", mapping,
            hint="Die Spalten in der Quelle unterscheiden lassen, oder eine andere nehmen.",
            columns=", ".join(map(shown, repeated_used)),
        )  # fmt: skip
    return header


def _decode(payload: bytes, mapping: Mapping) -> str:
    encoding = mapping.file.encoding
    if encoding == "auto":
        marked = next((name for bom, name in _BOMS if payload.startswith(bom)), "")
        encoding = marked or ("utf-8" if _is_utf8(payload) else "cp1252")
    try:
        return payload.decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError) as error:
        raise _format_error(
            "{source}: die Datei ist nicht {encoding} ({reason}).", mapping,
            hint="Mit [file] encoding die Kodierung nennen, zum Beispiel utf-8 oder cp1252.",
            encoding=encoding, reason=shown(str(error)),
        ) from error  # fmt: skip


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str, mapping: Mapping) -> str:
    """Return the stated delimiter, or the one that the header has most of outside quotes."""
    stated = "\t" if mapping.file.delimiter == "tab" else mapping.file.delimiter
    lines = re.sub(r'"[^"]*"', "", text[:20_000]).splitlines()
    line = lines[mapping.file.header - 1] if len(lines) >= mapping.file.header else ""
    found = max(_DELIMITERS, key=line.count)
    if stated == "auto":
        return found
    if found in line and stated not in line:
        raise _format_error(
            "{source}: Trennzeichen ist „{found}“, die Zuordnung nennt „{stated}“.", mapping,
            hint="Unter [file] delimiter das Trennzeichen der Datei nennen, oder auto.",
            found="tab" if found == "\t" else found, stated=mapping.file.delimiter,
        )  # fmt: skip
    return stated


def _format_error(
    message: str, mapping: Mapping, *, hint: str, **params: object
) -> SourceFormatError:
    return SourceFormatError(message, source=mapping.source, hint=hint, **params)

"""XLSX for people: labels instead of codes, and no cell that is a formula or a link."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Final

import pandas as pd
import xlsxwriter

from atlas.i18n import translator
from atlas.schema import BY_NAME, LIST_SEPARATOR, Column

if TYPE_CHECKING:
    import geopandas as gpd
    from xlsxwriter.worksheet import Worksheet

    from atlas.export.notice import Notice
    from atlas.vocabulary import Language

_MAX_CELL: Final = 32_767  # characters: limit of the format
_MAX_WIDTH: Final = 40
# Texts are written as texts whatever they begin with; nothing in here is evaluated.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_EXTRA_LABELS: Final = {
    "coordinate_licence": "Lizenz der Lage",
    "attribution": "Namensnennung",
    "data_as_of": "Stand der Daten",
    "contributions": "Beiträge der Quellen (JSON)",
}


def workbook(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:
    """
    Write the table on one sheet, licence and date on a second.

    Parameters
    ----------
    table
        From `atlas.export.table.export_table`.

    Returns
    -------
    content
        The file; header row frozen and filterable.
    """
    translate = translator(language)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        # The default is the clock; the date of the data keeps the bytes the same.
        created = dt.datetime.combine(notice.as_of, dt.time(), tzinfo=dt.UTC)
        book.set_properties({"title": "Raumatlas Ruhr", "created": created.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        _fill_spaces(book.add_worksheet(translate("Räume")), table, language, bold)
        _fill_notice(book.add_worksheet(translate("Lizenz und Stand")), notice, language, bold)
    return buffer.getvalue()


def _fill_spaces(
    sheet: Worksheet, table: gpd.GeoDataFrame, language: Language, bold: object
) -> None:
    columns = [name for name in table.columns if name != "geometry"]
    for position, name in enumerate(columns):
        label = _label(name, language)
        sheet.write_string(0, position, label, bold)
        cells = _cells(table[name], BY_NAME.get(name), language)
        _fill_column(sheet, position, cells)
        longest = max([len(label), *(len(str(cell)) for cell in cells)])
        sheet.set_column(position, position, min(longest + 2, _MAX_WIDTH))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(table), 1), len(columns) - 1)


def _fill_column(sheet: Worksheet, position: int, cells: list[str | float]) -> None:
    for row, cell in enumerate(cells, start=1):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(row, position, cell[:_MAX_CELL])
        else:
            sheet.write_number(row, position, cell)


def _fill_notice(sheet: Worksheet, notice: Notice, language: Language, bold: object) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    for row, (label, text) in enumerate(notice.lines(language)):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, text)


def _label(name: str, language: Language) -> str:
    column = BY_NAME.get(name)
    if column is None:
        return translator(language)(_EXTRA_LABELS[name])
    label = column.en if language == "en" else column.de
    return f"{label} ({column.unit})" if column.unit else label


def _cells(values: pd.Series, column: Column | None, language: Language) -> list[str | float]:
    """Return the cells as numbers and texts; a missing value is an empty text."""
    if column is not None and column.dtype in ("number", "integer"):
        return ["" if pd.isna(value) else float(value) for value in values]
    if column is not None and column.dtype == "boolean":
        translate = translator(language)
        flags = {True: translate("ja"), False: translate("nein")}
        return ["" if pd.isna(value) else flags[bool(value)] for value in values]
    texts = ["" if pd.isna(value) else str(value) for value in values]
    if column is None or not column.codes:
        return list(texts)
    labels = {code: term.label(language) for code, term in column.codes.items()}
    return [", ".join(labels[code] for code in text.split(LIST_SEPARATOR) if code)
            for text in texts]  # fmt: skip

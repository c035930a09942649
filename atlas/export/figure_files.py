"""Figures of areas as files: CSV, XLSX and GeoPackage, each with licence and date inside."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import xlsxwriter

from atlas import vocabulary as v
from atlas.export.geopackage import fixed_clock, write_layer
from atlas.export.notice import TITLE, Notice
from atlas.export.refusal import told
from atlas.export.table import coordinate_licences, guard
from atlas.geo import UTM32, require_crs
from atlas.i18n import marked as _
from atlas.i18n import translator
from atlas.schema.contributions import contributors

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from atlas.store import Atlas
    from atlas.vocabulary import Language

FigureFormat = Literal["csv", "xlsx", "gpkg"]
AREA_SOURCES: Final = ("bkg_vg250", "destatis")
"""Sources of boundaries and areas, and of inhabitants, in the registry."""
LABELS: Final[Mapping[str, str]] = {
    "area_id": _("Schlüssel"),
    "area_name": _("Gebiet"),
    "indicator": _("Kennzahl (Code)"),
    "indicator_label": _("Kennzahl"),
    "group": _("Art oder Typ (Code)"),
    "group_label": _("Art oder Typ"),
    "unit": _("Einheit"),
    "value": _("Wert"),
    "numerator": _("Zähler"),
    "denominator": _("Nenner"),
    "low": _("95 % von"),
    "high": _("95 % bis"),
    "n": _("Beobachtungen"),
    "as_of": _("Stand"),
    "is_small": _("kleine Zahl"),
}
"""Heads of the columns in XLSX, German message ids."""
_NOTICE_COLUMNS: Final = ("licence", "attribution", "data_as_of", "data_version")
_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: Final[Mapping[FigureFormat, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": _SPREADSHEET,
    "gpkg": "application/geopackage+sqlite3",
}
_BOM: Final = "\ufeff"  # without it, spreadsheets take the text for Latin-1
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def figure_notice(atlas: Atlas, language: Language, *, selection: str, rows: int) -> Notice:
    """
    Return what a file of figures says about itself.

    Figures compare with the whole table and with boundaries and inhabitants, so all
    their sources are named, whichever areas are in the file.

    Parameters
    ----------
    selection
        What was asked for, as query string.
    rows
        Rows of the file.
    """
    spaces, registry = atlas.spaces, atlas.registry
    used = {source for keys in contributors(spaces) for source, _ref in keys}
    used |= {*spaces["coordinate_source"].dropna(), *AREA_SOURCES}
    placed = coordinate_licences(spaces, registry).dropna()
    of_areas = [registry.licence_of(key) for key in AREA_SOURCES if key in registry.sources]
    return Notice(
        licences=tuple(sorted({*spaces["licence"].dropna(), *placed, *of_areas})),
        attribution=tuple(registry.attributions(used, language)),
        as_of=atlas.retrieved_on,
        version=atlas.version,
        selection=selection,
        rows=rows,
    )


def labelled(tidy: pd.DataFrame, language: Language) -> pd.DataFrame:
    """
    Add the labels of indicator and group, and the unit.

    Parameters
    ----------
    tidy
        From `atlas.analysis.indicators.indicators`.

    Returns
    -------
    labelled
        The columns of `LABELS`, same rows and order.
    """
    groups = {"": "", **_labels(v.KINDS, language), **_labels(v.TYPE_GROUPS, language)}
    groups["vacant"] = v.VACANCY["vacant"].label(language)
    table = tidy.assign(
        indicator_label=tidy["indicator"].map(_labels(v.INDICATORS, language)),
        group_label=tidy["group"].map(groups),
        unit=tidy["indicator"].map({key: one.unit for key, one in v.INDICATORS.items()}),
    )
    return table[list(LABELS)]


def _labels(terms: Mapping[str, v.Term], language: Language) -> dict[str, str]:
    return {code: term.label(language) for code, term in terms.items()}


def figures_csv(tidy: pd.DataFrame, notice: Notice, language: Language) -> bytes:
    """Write figures with licence, attribution and date in every row."""
    table = labelled(tidy, language).assign(
        licence=notice.licence,
        attribution="; ".join(notice.attribution),
        data_as_of=notice.as_of.isoformat(),
        data_version=notice.version,
    )
    texts = {
        name: table[name].map(guard, na_action="ignore")
        for name in table.select_dtypes("str").columns
    }
    written = table.assign(**texts, is_small=table["is_small"].map({True: "true", False: "false"}))
    text = written[[*LABELS, *_NOTICE_COLUMNS]].to_csv(
        index=False, lineterminator="\n", float_format="%.12g"
    )
    return (_BOM + text).encode()


def figures_xlsx(tidy: pd.DataFrame, notice: Notice, language: Language) -> bytes:
    """Write figures on one sheet, licence and date on a second; no cell is a formula."""
    translate = translator(language)
    table = labelled(tidy, language)
    flags = {True: translate("ja"), False: ""}
    table = table.assign(is_small=table["is_small"].map(flags))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        created = dt.datetime.combine(notice.as_of, dt.time())  # not the clock: equal bytes
        book.set_properties({"title": TITLE, "created": created})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(translate("Kennzahlen"))
        for position, (name, head) in enumerate(LABELS.items()):
            sheet.write_string(0, position, translate(head), bold)
            sheet.set_column(position, position, 34 if name.endswith("label") else 16)
            for row, cell in enumerate(table[name].tolist(), start=1):
                if isinstance(cell, str):
                    sheet.write_string(row, position, cell)
                elif cell == cell:  # noqa: PLR0124 (NaN: no figure, an empty cell)
                    sheet.write_number(row, position, cell)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(table), 1), len(LABELS) - 1)
        about = book.add_worksheet(translate("Lizenz und Stand"))
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 90)
        for row, (label, text) in enumerate(notice.lines(language)):
            about.write_string(row, 0, label, bold)
            about.write_string(row, 1, text)
    return buffer.getvalue()


def figures_gpkg(layer: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:
    """
    Write areas with their figures as a layer ``figures``.

    Parameters
    ----------
    layer
        Polygon or MultiPolygon, EPSG:25832; ``area_id``, ``area_name`` and the columns of
        `atlas.analysis.indicators.wide`.

    Raises
    ------
    CrsError
        If the layer is in another CRS.
    ExportError
        If GDAL refuses.
    """
    require_crs(layer, UTM32, name="figures")
    with tempfile.TemporaryDirectory() as folder, told("GeoPackage"), fixed_clock(notice.as_of):
        path = Path(folder) / "figures.gpkg"
        write_layer(layer, path, layer="figures", title=TITLE, notice=notice, language=language,
                    geometry_type="MultiPolygon")  # fmt: skip
        return path.read_bytes()

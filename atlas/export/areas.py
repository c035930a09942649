"""Tables of areas as CSV, XLSX and GeoPackage, with licence, attribution, date and parameters."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyogrio
import xlsxwriter

from atlas import i18n
from atlas.export.geopackage import fixed_clock
from atlas.export.notice import TITLE
from atlas.export.refusal import told
from atlas.export.table import guard
from atlas.export.workbook import OPTIONS
from atlas.geo import METRIC_DECIMALS, UTM32, require_crs
from atlas.provenance import LICENCE_URLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from xlsxwriter.worksheet import Worksheet

    from atlas.store import Atlas
    from atlas.vocabulary import Language

_BOM: Final = "\ufeff"  # without it, spreadsheets take the text for Latin-1
_FLOAT: Final = "%.12g"


@dataclass(frozen=True, slots=True)
class AreaNotice:
    """
    What a table or figure of areas says about itself.

    Attributes
    ----------
    title
        What it shows.
    parameters
        Pairs of label and text: unit, method, what was left out.
    licences
        SPDX identifiers of everything that was counted, sorted.
    attribution
        The sentences that whoever passes it on has to name, the borders' included.
    as_of, version
        Newest day on which a source was read; version of the data.
    """

    title: str
    parameters: Sequence[tuple[str, str]]
    licences: Sequence[str]
    attribution: Sequence[str]
    as_of: dt.date
    version: str

    @classmethod
    def of(
        cls,
        atlas: Atlas,
        *,
        title: str,
        parameters: Sequence[tuple[str, str]],
        language: Language,
    ) -> AreaNotice:
        """Describe something that was computed from the whole table."""
        spaces, registry = atlas.spaces, atlas.registry
        used = {*spaces["source"].dropna(), *spaces["coordinate_source"].dropna()}
        used |= {key for key, source in registry.sources.items() if "base" in source.role}
        return cls(
            title=title,
            parameters=tuple(parameters),
            licences=sorted({registry.licence_of(name) for name in used}),
            attribution=registry.attributions(used, language),
            as_of=atlas.retrieved_on,
            version=atlas.version,
        )

    @property
    def licence(self) -> str:
        """All licences as one SPDX expression."""
        return " AND ".join(self.licences)

    @property
    def summary(self) -> str:
        """The parameters on one line."""
        return "; ".join(f"{label}: {text}" for label, text in self.parameters)

    def lines(self, language: Language) -> list[tuple[str, str]]:
        """Return everything as pairs of label and text."""
        translate = i18n.translator(language)
        return [
            (translate("Titel"), f"{TITLE}: {self.title}"),
            *self.parameters,
            (translate("Stand der Daten"), i18n.day(self.as_of, language)),
            (translate("Version der Daten"), self.version),
            *((translate("Lizenz"), f"{name}: {LICENCE_URLS.get(name, '')}")
              for name in self.licences),
            *((translate("Namensnennung"), sentence) for sentence in self.attribution),
        ]  # fmt: skip


def areas_csv(areas: gpd.GeoDataFrame, notice: AreaNotice) -> bytes:
    """
    Write the rows without their geometry, codes as they are; the notice in four last columns.

    Date and licence stand in every row, the long texts (attribution, parameters) once, in
    the first. A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    once = pd.Series(range(len(areas)), index=areas.index) == 0
    cells = pd.DataFrame(areas.drop(columns="geometry")).assign(
        data_as_of=notice.as_of.isoformat(),
        licence=notice.licence,
        attribution=once.map({True: "; ".join(notice.attribution), False: ""}),
        parameters=once.map({True: notice.summary, False: ""}),
    )
    texts = cells.select_dtypes(["str", "object"]).columns
    guarded = {name: cells[name].map(guard, na_action="ignore") for name in texts}
    text = cells.assign(**guarded).to_csv(index=False, lineterminator="\n", float_format=_FLOAT)
    return (_BOM + text).encode()


def areas_xlsx(
    areas: gpd.GeoDataFrame, notice: AreaNotice, *, heads: Sequence[str], language: Language
) -> bytes:
    """
    Write the rows on one sheet, the notice on a second; no cell is a formula or a link.

    Parameters
    ----------
    areas
        Columns in the order of ``heads``, then the geometry, which is left out.
    heads
        One label per column.
    """
    translate = i18n.translator(language)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        # The default is the clock; the date of the data keeps the bytes the same.
        created = dt.datetime.combine(notice.as_of, dt.time(), tzinfo=dt.UTC)
        book.set_properties(
            {"title": f"{TITLE}: {notice.title}", "created": created.replace(tzinfo=None)}
        )
        bold = book.add_format({"bold": True})
        _fill(book.add_worksheet(translate("Flächen")), areas, heads, bold)
        about = book.add_worksheet(translate("Lizenz und Stand"))
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 90)
        for row, (label, text) in enumerate(notice.lines(language)):
            about.write_string(row, 0, label, bold)
            about.write_string(row, 1, text)
    return buffer.getvalue()


def _fill(sheet: Worksheet, areas: gpd.GeoDataFrame, heads: Sequence[str], bold: object) -> None:
    for at, (head, name) in enumerate(zip(heads, areas.columns, strict=False)):
        sheet.write_string(0, at, head, bold)
        for row, value in enumerate(areas[name], start=1):
            if isinstance(value, str):
                sheet.write_string(row, at, value)
            elif not pd.isna(value):
                sheet.write_number(row, at, float(value))
        sheet.set_column(at, at, max(len(head) + 2, 10))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(areas), 1), len(heads) - 1)


def areas_gpkg(
    areas: gpd.GeoDataFrame, notice: AreaNotice, *, layer: str, language: Language
) -> bytes:
    """
    Write one layer of MultiPolygons in EPSG:25832, rounded to 0.1 m, notice as its metadata.

    Raises
    ------
    CrsError
        If ``areas`` is not in EPSG:25832.
    ExportError
        If GDAL refuses.
    """
    require_crs(areas, UTM32, name=layer)
    rounded = areas.geometry.set_precision(10**-METRIC_DECIMALS, mode="pointwise")
    with tempfile.TemporaryDirectory() as folder, told("GeoPackage"), fixed_clock(notice.as_of):
        path = Path(folder) / f"{layer}.gpkg"
        pyogrio.write_dataframe(
            areas.set_geometry(rounded),
            path,
            driver="GPKG",
            layer=layer,
            geometry_type="MultiPolygon",
            promote_to_multi=True,
            layer_metadata=_metadata(notice, language),
            layer_options={"IDENTIFIER": notice.title, "DESCRIPTION": _description(notice)},
        )
        return path.read_bytes()


def _metadata(notice: AreaNotice, language: Language) -> dict[str, str]:
    return {
        "TITLE": notice.title,
        "LICENCE": notice.licence,
        "ATTRIBUTION": "; ".join(notice.attribution),
        "DATA_AS_OF": notice.as_of.isoformat(),
        "DATA_VERSION": notice.version,
        "PARAMETERS": notice.summary,
        "NOTICE": "\n".join(f"{label}: {text}" for label, text in notice.lines(language)),
    }


def _description(notice: AreaNotice) -> str:
    return f"{notice.as_of.isoformat()} · {notice.licence} · {'; '.join(notice.attribution)}"

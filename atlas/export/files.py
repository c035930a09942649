"""Writing a selection to bytes: the same input gives the same bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from atlas.errors import ExportError
from atlas.export.geopackage import geopackage
from atlas.export.notice import TITLE, Notice
from atlas.export.table import TEXT_COLUMNS, export_table, guard
from atlas.export.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from atlas.query import Filters
    from atlas.store import Atlas
    from atlas.vocabulary import Language

FormatName = Literal["csv", "geojson", "gpkg", "xlsx"]
_BOM: Final = "\ufeff"  # without it, spreadsheets take the text for Latin-1
_FLOAT: Final = "%.12g"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format: name for people, ending, media type, and the function that writes it."""

    title: str
    extension: str
    media_type: str
    write: Callable[[gpd.GeoDataFrame, Notice, Language], bytes]


def write(
    spaces: gpd.GeoDataFrame,
    format: FormatName,  # noqa: A002 - the word that people use
    *,
    language: Language,
    filters: Filters,
    atlas: Atlas,
) -> bytes:
    """
    Write a selection as a file.

    Parameters
    ----------
    spaces
        Rows of ``atlas.spaces`` (points in EPSG:4326), in the order to be written.
    format
        A key of `FORMATS`.
    language
        Language of notice and attribution, and of labels in XLSX; the others keep codes.
    filters
        What was selected; named in the notice.
    atlas
        Gives attribution, date and version.

    Returns
    -------
    content
        The file. An empty selection gives a file with header and notice only.

    Raises
    ------
    ExportError
        If there is no such format, or the file could not be written.
    """
    chosen = FORMATS.get(format)
    if chosen is None:
        raise ExportError(
            "Das Format „{format}“ gibt es nicht.",
            hint="Möglich sind: {known}.",
            format=format,
            known=", ".join(FORMATS),
        )
    table = export_table(spaces, atlas, language)
    notice = Notice.of(table, atlas, filters, language)
    return chosen.write(table, notice, language)


def filename(format: FormatName, *, atlas: Atlas) -> str:  # noqa: A002 - as in `write`
    """Return the name under which a file is offered: product, date of the data, ending."""
    return f"raumatlas-ruhr_{atlas.retrieved_on.isoformat()}.{FORMATS[format].extension}"


def _csv(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:  # noqa: ARG001
    # The notice travels in the columns: a leading comment would break most readers.
    cells = pd.DataFrame(table.drop(columns="geometry"))
    texts = cells[list(TEXT_COLUMNS)].apply(lambda column: column.map(guard, na_action="ignore"))
    flags = cells.select_dtypes("boolean").apply(lambda column: column.map(_FLAGS))
    written = cells.assign(**texts, **flags)
    text = written.to_csv(index=False, lineterminator="\n", float_format=_FLOAT)
    return (_BOM + text).encode()


_FLAGS: Final = {True: "true", False: "false"}


def _geojson(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:
    head = {
        "type": "FeatureCollection",
        "name": "spaces",
        "title": TITLE,
        "licence": notice.licence,
        "attribution": "; ".join(notice.attribution),
        "data_as_of": notice.as_of.isoformat(),
        "data_version": notice.version,
        "selection": notice.selection,
        "notice": " ".join(text for _, text in notice.lines(language)[-1:]),
    }
    properties = table.drop(columns=["geometry", "lat", "lon"])
    records = properties.astype(object).where(properties.notna(), None).to_dict("records")
    rows = zip(records, table["lat"], table["lon"], strict=True)
    features = ",\n".join(_json(_feature(record, lat, lon)) for record, lat, lon in rows)
    return (_json(head)[:-1] + f', "features": [\n{features}\n]}}\n').encode()


def _feature(properties: dict[str, Any], lat: float, lon: float) -> dict[str, Any]:
    located = not pd.isna(lat)
    return {
        "type": "Feature",
        "id": properties["space_id"],
        "geometry": {"type": "Point", "coordinates": [lon, lat]} if located else None,
        "properties": properties,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


FORMATS: Final[dict[str, FileFormat]] = {
    "csv": FileFormat("CSV", "csv", "text/csv; charset=utf-8", _csv),
    "geojson": FileFormat("GeoJSON", "geojson", "application/geo+json", _geojson),
    "gpkg": FileFormat("GeoPackage", "gpkg", "application/geopackage+sqlite3", geopackage),
    "xlsx": FileFormat(
        "Excel", "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook,
    ),
}  # fmt: skip

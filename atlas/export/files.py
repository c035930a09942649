"""Writing a selection to bytes: the same input gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

from atlas.errors import ExportError
from atlas.export.delimited import plain_csv, wkt_csv
from atlas.export.flatgeobuf import flatgeobuf
from atlas.export.geojson import geojson
from atlas.export.geopackage import geopackage
from atlas.export.geoparquet import geoparquet
from atlas.export.notice import Notice
from atlas.export.table import export_table
from atlas.export.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from atlas.query import Filters
    from atlas.store import Atlas
    from atlas.vocabulary import Language

FormatName = Literal["csv", "geojson", "gpkg", "xlsx", "csv-wkt", "fgb", "parquet"]


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


FORMATS: Final[dict[str, FileFormat]] = {
    "csv": FileFormat("CSV", "csv", "text/csv; charset=utf-8", plain_csv),
    "geojson": FileFormat("GeoJSON", "geojson", "application/geo+json", geojson),
    "gpkg": FileFormat("GeoPackage", "gpkg", "application/geopackage+sqlite3", geopackage),
    "xlsx": FileFormat(
        "Excel", "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook,
    ),
    "csv-wkt": FileFormat("CSV (WKT)", "wkt.csv", "text/csv; charset=utf-8", wkt_csv),
    "fgb": FileFormat("FlatGeobuf", "fgb", "application/flatgeobuf", flatgeobuf),
    "parquet": FileFormat("GeoParquet", "parquet", "application/vnd.apache.parquet", geoparquet),
}  # fmt: skip


def format_of(name: str) -> FormatName:
    """
    Return the format that the ending of a file name asks for; the longest ending counts.

    Raises
    ------
    ExportError
        If no format has that ending.
    """
    found = known_format(name)
    if found is None:
        raise ExportError(
            "Am Namen {name} ist kein Format zu erkennen.",
            hint="Möglich sind die Endungen {known}.",
            name=name,
            known=", ".join(f".{ending}" for ending in _endings()),
        )
    return found


def known_format(name: str) -> FormatName | None:
    """Return the format that the ending of a file name asks for, if one has it."""
    endings = _endings()
    fitting = [ending for ending in endings if name.lower().endswith(f".{ending}")]
    return cast("FormatName", endings[max(fitting, key=len)]) if fitting else None


def _endings() -> dict[str, str]:
    return {entry.extension: key for key, entry in FORMATS.items()} | _OTHER_ENDINGS


_OTHER_ENDINGS: Final = {"geoparquet": "parquet", "json": "geojson"}

"""Records with a geometry: GeoJSON, GeoPackage, Shapefile, GML and WFS answers."""

from __future__ import annotations

import io
import math
import sqlite3
import struct
import warnings
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pyogrio
import shapely

from atlas.errors import ConfigError, SourceFormatError
from atlas.schema import Fault
from atlas.schema.problems import shown
from atlas.sources import archive, geojson
from atlas.sources.declared.mapping import FEATURE_ID
from atlas.sources.declared.table import Table
from atlas.sources.values import text_of

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.sources.declared.mapping import Mapping

_GEOMETRY_ERRORS: Final = (
    ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError,
    RecursionError, OverflowError,
)  # fmt: skip
_READ_ERRORS: Final = (
    ValueError, TypeError, LookupError, OSError, ArithmeticError,
    AttributeError, RuntimeError, shapely.errors.ShapelyError,
)  # fmt: skip
_SQLITE_HEADER: Final = 100


def read_geojson(payload: bytes, mapping: Mapping) -> Table:
    """
    Read a FeatureCollection; a cut-off file or a page of a longer answer is refused.

    Raises
    ------
    SourceFormatError
        If it is not valid JSON, no FeatureCollection, or not the whole of it.
    """
    encoding = mapping.file.encoding
    document = geojson.feature_collection(
        payload, source=mapping.source, encoding="utf-8" if encoding == "auto" else encoding
    )
    table = Table(header=[], geometries={}, crs=_stated_crs(document))
    names: dict[str, None] = {}
    for position, feature in enumerate(document["features"], start=1):
        record = _properties(feature)
        if record is None:
            table.faults.append(Fault(position, "malformed", column="properties"))
            continue
        names.update(dict.fromkeys(record))
        table.records[position] = record
        _add_geometry(table, position, feature.get("geometry"))
    table.header = [name for name in names if name != FEATURE_ID]
    return table


def read_vector(payload: bytes, mapping: Mapping) -> Table:
    """
    Read a GeoPackage, a zipped Shapefile or GML through GDAL, after checking it is whole.

    Raises
    ------
    SourceFormatError
        If the file is damaged, cut off, a service's error message, or lacks the layer.
    """
    _CHECKS[mapping.file.format](payload, mapping)
    options: dict[str, Any] = {"layer": mapping.file.layer} if mapping.file.layer else {}
    if mapping.file.encoding != "auto":
        options["encoding"] = mapping.file.encoding
    if mapping.file.format == "gml":
        options["DOWNLOAD_SCHEMA"] = "NO"  # whatever the file says, no network
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks on style; errors still raise
            layers = [str(name) for name, _ in pyogrio.list_layers(io.BytesIO(payload))]
            frame = pyogrio.read_dataframe(io.BytesIO(payload), fid_as_index=True, **options)
    except _READ_ERRORS as error:
        raise _format_error(
            "{source}: die Datei ist nicht lesbar ({reason}).", mapping,
            hint="Format und [file] layer prüfen, die Datei noch einmal abrufen.",
            reason=shown(str(error)) or type(error).__name__,
        ) from error  # fmt: skip
    if len(layers) > 1 and not mapping.file.layer:
        raise _format_error(
            "{source}: die Datei hat mehrere Ebenen: {layers}.", mapping,
            hint="Mit [file] layer eine davon nennen; für weitere je ein Mapping anlegen.",
            layers=", ".join(map(shown, layers)),
        )  # fmt: skip
    return _from_frame(frame)


def _from_frame(frame: gpd.GeoDataFrame) -> Table:
    geometry = frame.geometry if hasattr(frame, "crs") else [None] * len(frame)
    columns = [name for name in frame.columns if name != "geometry"]
    values = frame[columns].astype(object).where(frame[columns].notna(), None)
    records = values.itertuples(index=True, name=None)
    table = Table(header=[str(name) for name in columns], geometries={}, crs=_crs_of(frame))
    for position, (cells, shape) in enumerate(zip(records, geometry, strict=True), start=1):
        texts = [text_of(getattr(cell, "isoformat", lambda c=cell: c)()) for cell in cells]
        table.records[position] = dict(zip([FEATURE_ID, *table.header], texts, strict=True))
        assert table.geometries is not None  # noqa: S101 - set above
        table.geometries[position] = shape
    return table


def _crs_of(frame: gpd.GeoDataFrame) -> str:
    crs = getattr(frame, "crs", None)
    code = None if crs is None else crs.to_epsg(min_confidence=25)
    return f"EPSG:{code}" if code else ""


def _stated_crs(document: dict[str, Any]) -> str:
    """Return the CRS that a file states in the way that the standard no longer knows."""
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or "CRS84" in name:
        return "EPSG:4326"
    code = name.rpartition(":")[2]
    return f"EPSG:{code}" if code.isdigit() else "EPSG:4326"


def _properties(feature: object) -> dict[str, str] | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return None
    properties = feature.get("properties")
    if not isinstance(properties, dict | None):
        return None
    record = {name: text_of(value) for name, value in (properties or {}).items()}
    return {FEATURE_ID: text_of(feature.get("id")), **record}


def _add_geometry(table: Table, position: int, stated: dict[str, Any] | None) -> None:
    assert table.geometries is not None  # noqa: S101 - files of features have them
    try:
        shape = None if stated is None else shapely.geometry.shape(stated)
        if shape is not None and not all(map(math.isfinite, shape.bounds)) and not shape.is_empty:
            raise ValueError("not finite")
    except _GEOMETRY_ERRORS:
        record = table.records.pop(position)
        name = next((text for key, text in record.items() if "nam" in key.lower()), "")
        table.faults.append(
            Fault(position, "bad_coordinate", name, "geometry", shown(str(stated)[:200]))
        )
        return
    table.geometries[position] = shape


def _check_geopackage(payload: bytes, mapping: Mapping) -> None:
    """Refuse a database that is not whole: GDAL would read as far as it gets."""
    size = int.from_bytes(payload[16:18], "big") if len(payload) >= _SQLITE_HEADER else 0
    pages = int.from_bytes(payload[28:32], "big") if size else 0
    stated = (65_536 if size == 1 else size) * pages
    try:
        whole = payload[:15] == b"SQLite format 3" and 0 < stated <= len(payload)
        with closing(sqlite3.connect(":memory:")) as database:
            if whole:
                database.deserialize(payload)
                whole = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise _damaged(mapping) from error
    if not whole:
        raise _damaged(mapping)


def _check_shapefile(payload: bytes, mapping: Mapping) -> None:
    """Refuse an archive whose parts do not belong together or are cut off."""
    files = archive.unpack(payload, source=mapping.source)
    by_suffix = {name.lower().rpartition(".")[2]: content for name, content in files.items()}
    try:
        shp, shx, dbf = (by_suffix[suffix] for suffix in ("shp", "shx", "dbf"))
        words = [struct.unpack(">i", part[24:28])[0] * 2 for part in (shp, shx)]
        rows, head, width = struct.unpack("<IHH", dbf[4:12])
    except (KeyError, struct.error) as error:
        raise _damaged(mapping) from error
    whole = words == [len(shp), len(shx)] and len(dbf) >= head + rows * width
    if not whole or (len(shx) - _SQLITE_HEADER) // 8 != rows:
        raise _damaged(mapping)


def _check_gml(payload: bytes, mapping: Mapping) -> None:
    """Refuse XML that is cut off, carries a DOCTYPE, or is a service's refusal."""
    try:
        from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ConfigError(
            "Für GML fehlt die Bibliothek lxml.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[sources]".',
        ) from error
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(payload, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _damaged(mapping) from error
    if root.getroottree().docinfo.doctype or "Exception" in etree.QName(root).localname:
        raise _format_error(
            "{source}: statt Daten kam eine Fehlermeldung oder ein Dokument mit DOCTYPE.", mapping,
            hint="Die Adresse im Browser öffnen und die Meldung lesen.",
        )  # fmt: skip
    matched, returned = root.get("numberMatched", ""), root.get("numberReturned", "")
    if matched.isdigit() and returned.isdigit() and int(matched) > int(returned):
        raise geojson.not_whole(mapping.source, int(returned), int(matched))


def _damaged(mapping: Mapping) -> SourceFormatError:
    return _format_error(
        "{source}: die Datei ist beschädigt, unvollständig oder nicht im Format {format}.",
        mapping,
        hint="Die Datei noch einmal abrufen; ein Shapefile als ZIP mit .shp, .shx und .dbf."
        if mapping.file.format == "shp"
        else "Die Datei noch einmal abrufen, oder [file] format ändern.",
        format=mapping.file.format,
    )


_CHECKS: Final = {"gpkg": _check_geopackage, "shp": _check_shapefile, "gml": _check_gml}


def _format_error(
    message: str, mapping: Mapping, *, hint: str, **params: object
) -> SourceFormatError:
    return SourceFormatError(message, source=mapping.source, hint=hint, **params)

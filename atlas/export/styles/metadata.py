"""The metadata of a layer as QGIS shows it: title, licence, whom to name, extent in words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from atlas.geo import UTM32
from atlas.provenance import LICENCES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from atlas.export.notice import Notice
    from atlas.vocabulary import Language

_STANDARD: Final = "http://mrcc.com/qgis.dtd"
_HEAD: Final = f"<!DOCTYPE qgis PUBLIC '{_STANDARD}' 'SYSTEM'>\n"
_LANGUAGES: Final[Mapping[Language, str]] = {"de": "DEU", "en": "ENG"}


def store_metadata(
    path: Path, notices: Mapping[str, tuple[str, Notice]], language: Language, *, day: dt.date
) -> None:
    """
    Add the metadata of layers to the GeoPackage at ``path``, which has its metadata tables.

    Parameters
    ----------
    notices
        Title and notice per layer.
    day
        Stamped on them, so that equal input gives equal bytes.
    """
    stamp = f"{day.isoformat()}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as file, file:
        for layer, (title, notice) in notices.items():
            added = file.execute(
                "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) "
                "VALUES ('dataset', ?, 'text/xml', ?)",
                (_STANDARD, metadata(title, notice, language)),
            )
            file.execute(
                "INSERT INTO gpkg_metadata_reference "
                "(reference_scope, table_name, timestamp, md_file_id) VALUES ('table', ?, ?, ?)",
                (layer, stamp, added.lastrowid),
            )


def metadata(title: str, notice: Notice, language: Language) -> str:
    """Write the metadata of one layer; the same input gives the same text."""
    root = ET.Element("qgis", version="3.22.0")
    for name, text in (
        ("identifier", f"{notice.version}"),
        ("language", _LANGUAGES[language]),
        ("type", "dataset"),
        ("title", f"{title} · Raumatlas Ruhr"),
        ("abstract", "\n".join(f"{label}: {said}" for label, said in notice.lines(language))),
        *(("rights", sentence) for sentence in notice.attribution),
        *(("license", _licence(code)) for code in notice.licences),
    ):
        ET.SubElement(root, name).text = text
    reference = ET.SubElement(ET.SubElement(root, "crs"), "spatialrefsys")
    ET.SubElement(reference, "authid").text = UTM32
    ET.indent(root, " ")
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _licence(code: str) -> str:
    return f"{code} {LICENCES[code].url}".strip()

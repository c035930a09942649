"""The table ``layer_styles`` of a GeoPackage, in the form that QGIS reads and writes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from atlas.export.columns import LAYERS
from atlas.export.styles.qml import qml
from atlas.export.styles.sld import sld

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from atlas.export.styles.spec import LayerStyle
    from atlas.vocabulary import Language

TABLE: Final = "layer_styles"
COLUMNS: Final = (
    "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName",
    "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time",
)  # fmt: skip
_TYPES: Final = {
    "f_table_catalog": "TEXT(256)", "f_table_schema": "TEXT(256)", "f_table_name": "TEXT(256)",
    "f_geometry_column": "TEXT(256)", "styleName": "TEXT(30)", "styleQML": "TEXT",
    "styleSLD": "TEXT", "useAsDefault": "BOOLEAN", "description": "TEXT", "owner": "TEXT(30)",
    "ui": "TEXT(30)", "update_time": "DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))",
}  # fmt: skip
_OWNER: Final = "Raumatlas Ruhr"


def store_styles(
    path: Path, styles: Iterable[LayerStyle], language: Language, *, day: dt.date
) -> None:
    """
    Add the styles to the GeoPackage at ``path``.

    Parameters
    ----------
    styles
        For layers that are in the file; one per layer is its default.
    day
        Stamped on them, so that equal input gives equal bytes.
    """
    stamp = f"{day.isoformat()}T00:00:00.000Z"
    rows = [_row(style, language, stamp) for style in styles]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in _TYPES.items())
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    places = ", ".join("?" * len(COLUMNS))
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(f'CREATE TABLE {TABLE} ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, '
                     f"{columns})")  # fmt: skip
        file.executemany(
            f"INSERT INTO {TABLE} ({names}) VALUES ({places})",  # noqa: S608 - constants
            rows,
        )
        # Registered, so that GDAL lists it and other programs know what it is.
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
            "last_change, srs_id) VALUES (?, 'attributes', ?, '', ?, 0)",
            (TABLE, TABLE, stamp),
        )
        file.execute("INSERT INTO gpkg_ogr_contents (table_name, feature_count) VALUES (?, ?)",
                     (TABLE, len(rows)))  # fmt: skip


def _row(style: LayerStyle, language: Language, stamp: str) -> tuple[str | int, ...]:
    return (
        "", "", style.layer, "geom", style.name, qml(style, LAYERS[style.layer], language),
        sld(style), int(style.is_default), style.about, _OWNER, "", stamp,
    )  # fmt: skip

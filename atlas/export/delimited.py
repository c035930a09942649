"""CSV for spreadsheets and scripts, with degrees or with WKT in metres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.export.table import TEXT_COLUMNS, guard
from atlas.geo import METRIC_DECIMALS, UTM32, metric_points

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.export.notice import Notice
    from atlas.vocabulary import Language

WKT_COLUMN: Final = f"_WKT_{UTM32.replace(':', '_')}"
"""Named so that GDAL, and with it QGIS, takes it for the geometry and knows its CRS."""

_BOM: Final = "\ufeff"  # without it, spreadsheets take the text for Latin-1
_FLOAT: Final = "%.12g"
_FLAGS: Final = {True: "true", False: "false"}


def plain_csv(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:  # noqa: ARG001
    """
    Write the table with ``lat`` and ``lon`` in degrees (EPSG:4326).

    Licence, attribution and date are columns: a leading comment would break most readers.

    Parameters
    ----------
    table
        From `atlas.export.table.export_table`.
    """
    return _encoded(_cells(table))


def wkt_csv(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:  # noqa: ARG001
    """
    Write the table with the point as WKT in a first column, named after its CRS.

    Parameters
    ----------
    table
        Points in EPSG:4326 from `atlas.export.table.export_table`.

    Returns
    -------
    content
        As :func:`plain_csv`, with ``POINT (x y)`` in EPSG:25832, rounded to 0.1 m, in
        `WKT_COLUMN`; empty where a row has no coordinate.
    """
    wkt = metric_points(table.geometry).to_wkt(rounding_precision=METRIC_DECIMALS)
    cells = _cells(table)
    cells.insert(0, WKT_COLUMN, wkt)
    return _encoded(cells)


def _cells(table: gpd.GeoDataFrame) -> pd.DataFrame:
    cells = pd.DataFrame(table.drop(columns="geometry"))
    texts = cells[list(TEXT_COLUMNS)].apply(lambda column: column.map(guard, na_action="ignore"))
    flags = cells.select_dtypes("boolean").apply(lambda column: column.map(_FLAGS))
    return cells.assign(**texts, **flags)


def _encoded(cells: pd.DataFrame) -> bytes:
    text = cells.to_csv(index=False, lineterminator="\n", float_format=_FLOAT)
    return (_BOM + text).encode()

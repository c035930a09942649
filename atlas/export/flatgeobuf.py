"""FlatGeobuf in EPSG:4326, for large tables on the web."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio

from atlas.export.notice import TITLE
from atlas.export.refusal import told

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.export.notice import Notice
    from atlas.vocabulary import Language


def flatgeobuf(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:
    """
    Write one layer ``spaces`` with the notice in its header.

    Parameters
    ----------
    table
        Points in EPSG:4326 from `atlas.export.table.export_table`.

    Returns
    -------
    content
        The rows in their order, without the format's spatial index: the index would sort
        them, and refuses rows without a coordinate.

    Raises
    ------
    ExportError
        If GDAL refuses.
    """
    with tempfile.TemporaryDirectory() as folder, told("FlatGeobuf"):
        path = Path(folder) / "spaces.fgb"
        pyogrio.write_dataframe(
            table,
            path,
            driver="FlatGeobuf",
            layer="spaces",
            geometry_type="Point",
            layer_metadata=notice.metadata(language),
            layer_options={
                "SPATIAL_INDEX": "NO", "TITLE": TITLE, "DESCRIPTION": notice.description,
            },
        )  # fmt: skip
        return path.read_bytes()

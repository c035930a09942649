"""GeoParquet 1.1 in EPSG:4326, for analysis and data pipelines."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.export.notice import Notice
    from atlas.vocabulary import Language

_VERSION: Final = "1.1.0"
_PREFIX: Final = "raumatlas:"


def geoparquet(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:
    """
    Write the table with a bounding box per row and the notice in the metadata of the file.

    Parameters
    ----------
    table
        Points in EPSG:4326 from `atlas.export.table.export_table`.

    Returns
    -------
    content
        WKB points, missing where a row has no coordinate; the notice under keys that
        begin with ``raumatlas:``.
    """
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, schema_version=_VERSION, write_covering_bbox=True)
    # GeoPandas has no place for metadata of our own: the file is written once more.
    buffer.seek(0)
    written = pq.read_table(buffer)
    said = {f"{_PREFIX}{key.lower()}": text for key, text in notice.metadata(language).items()}
    metadata = {**(written.schema.metadata or {}), **said}
    content = io.BytesIO()
    pq.write_table(written.replace_schema_metadata(metadata), content, compression="zstd")
    return content.getvalue()

"""GeoPackage in EPSG:25832, for GIS and planning."""

from __future__ import annotations

import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from atlas.export.notice import TITLE, Notice
from atlas.export.refusal import told
from atlas.geo import UTM32, metric_points

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from atlas.vocabulary import Language

LAYER: Final = "spaces"
_VERSION: Final = "1.3"
_CLOCK: Final = "OGR_CURRENT_DATE"
# GDAL's options belong to the whole process.
_ONE_AT_A_TIME: Final = threading.Lock()


def geopackage(table: gpd.GeoDataFrame, notice: Notice, language: Language) -> bytes:
    """
    Write one layer ``spaces`` with the notice as its metadata.

    Parameters
    ----------
    table
        Points in EPSG:4326 from `atlas.export.table.export_table`.

    Returns
    -------
    content
        Points in EPSG:25832, rounded to 0.1 m; rows without a coordinate have no geometry.

    Raises
    ------
    ExportError
        If GDAL refuses.
    """
    with tempfile.TemporaryDirectory() as folder, told("GeoPackage"), fixed_clock(notice.as_of):
        path = Path(folder) / f"{LAYER}.gpkg"
        layer = metric_layer(table)
        write_layer(layer, path, layer=LAYER, title=TITLE, notice=notice, language=language)
        return path.read_bytes()


def metric_layer(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows of ``table`` with their points in EPSG:25832, rounded to 0.1 m."""
    attributes = pd.DataFrame(table.drop(columns="geometry"))
    return gpd.GeoDataFrame(attributes, geometry=metric_points(table.geometry), crs=UTM32)


def write_layer(  # noqa: PLR0913 - what a layer says about itself
    rows: gpd.GeoDataFrame,
    path: Path,
    *,
    layer: str,
    title: str,
    notice: Notice,
    language: Language,
    geometry_type: str = "Point",
) -> None:
    """Add a layer to the GeoPackage at ``path``; title and notice are what a GIS shows of it."""
    pyogrio.write_dataframe(
        rows,
        path,
        driver="GPKG",
        layer=layer,
        geometry_type=geometry_type,
        promote_to_multi=geometry_type.startswith("Multi"),
        layer_metadata=notice.metadata(language),
        # The newest version makes the GDAL of long-term releases of QGIS warn.
        dataset_options={"VERSION": _VERSION},
        # Identifier and description are what a GIS shows beside the layer.
        layer_options={"IDENTIFIER": title, "DESCRIPTION": notice.description},
    )


@contextmanager
def fixed_clock(day: dt.date) -> Iterator[None]:
    """Let GDAL stamp files with ``day``, so that equal data gives equal bytes."""
    with _ONE_AT_A_TIME:
        pyogrio.set_gdal_config_options({_CLOCK: f"{day.isoformat()}T00:00:00.000Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({_CLOCK: None})

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
from pyogrio.errors import DataSourceError, FieldError

from atlas.errors import ExportError
from atlas.export.notice import TITLE, Notice
from atlas.geo import UTM32, metric_xy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from atlas.vocabulary import Language

LAYER: Final = "spaces"
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
    with tempfile.TemporaryDirectory() as folder, _fixed_clock(notice.as_of):
        path = Path(folder) / f"{LAYER}.gpkg"
        try:
            _write(table, notice, language, path)
        except (DataSourceError, FieldError, OSError) as error:
            raise ExportError(
                "Das GeoPackage konnte nicht geschrieben werden ({reason}).",
                hint="Freien Platz im Ordner für temporäre Dateien prüfen.",
                reason=error,
            ) from error
        return path.read_bytes()


def _write(table: gpd.GeoDataFrame, notice: Notice, language: Language, path: Path) -> None:
    xy = metric_xy(table.geometry)
    points = gpd.GeoSeries(gpd.points_from_xy(xy["x"], xy["y"]), index=table.index, crs=UTM32)
    attributes = pd.DataFrame(table.drop(columns="geometry"))
    layer = gpd.GeoDataFrame(attributes, geometry=points.where(xy["x"].notna(), None), crs=UTM32)
    pyogrio.write_dataframe(
        layer,
        path,
        driver="GPKG",
        layer=LAYER,
        geometry_type="Point",
        layer_metadata=_metadata(notice, language),
        # Identifier and description are what a GIS shows beside the layer.
        layer_options={"IDENTIFIER": TITLE, "DESCRIPTION": _description(notice)},
    )


def _metadata(notice: Notice, language: Language) -> dict[str, str]:
    return {
        "TITLE": TITLE,
        "LICENCE": notice.licence,
        "ATTRIBUTION": "; ".join(notice.attribution),
        "DATA_AS_OF": notice.as_of.isoformat(),
        "DATA_VERSION": notice.version,
        "SELECTION": notice.selection,
        "NOTICE": "\n".join(f"{label}: {text}" for label, text in notice.lines(language)),
    }


def _description(notice: Notice) -> str:
    return f"{notice.as_of.isoformat()} · {notice.licence} · {'; '.join(notice.attribution)}"


@contextmanager
def _fixed_clock(day: dt.date) -> Iterator[None]:
    """Let GDAL stamp files with ``day``, so that equal data gives equal bytes."""
    with _ONE_AT_A_TIME:
        pyogrio.set_gdal_config_options({_CLOCK: f"{day.isoformat()}T00:00:00.000Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({_CLOCK: None})

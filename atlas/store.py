"""The loaded atlas: the checked table with what is derived from it, read once at start."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd

from atlas import vocabulary as v
from atlas.errors import SchemaError, SourceFormatError, SourceUnavailableError
from atlas.geo import WGS84, metric_xy, points_from_lonlat, require_crs
from atlas.locate import assign_municipality
from atlas.provenance import REGISTRY_FILE, Registry
from atlas.schema import earliest_day
from atlas.schema.validate import Checked, validate
from atlas.sources import curated

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import pandas as pd

    from atlas.settings import Settings

SPACES_FILE: Final = "spaces.csv"
MUNICIPALITIES_FILE: Final = "geo/municipalities.geojson"
DISTRICTS_FILE: Final = "geo/districts.geojson"
_INPUTS: Final = (SPACES_FILE, REGISTRY_FILE, MUNICIPALITIES_FILE, DISTRICTS_FILE)
_VERSION_LENGTH: Final = 16


@dataclass(frozen=True)
class Atlas:
    """
    Everything that the interface reads; nobody changes it.

    Attributes
    ----------
    spaces
        Points in EPSG:4326, ``None`` without coordinate; RangeIndex, order of the file.
        Columns of the schema, and derived: district_code, district_name, type_group,
        ``x`` and ``y`` (EPSG:25832, rounded to 0.1 m), observed_day (earliest day),
        located_ags (municipality that the coordinate lies in, missing outside all: near a
        border it may differ from the stated ``ags``).
    rejects
        The problems of the rows that were set aside, see `atlas.schema.validate`.
    municipalities, districts
        Polygons, EPSG:4326.
    registry
        The sources.
    version
        Changes when an input file changes.
    retrieved_on
        Newest day on which a source was read.
    """

    spaces: gpd.GeoDataFrame
    rejects: pd.DataFrame
    municipalities: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    registry: Registry
    version: str
    retrieved_on: dt.date


def load(settings: Settings) -> Atlas:
    """
    Read and check the files of ``settings.data_dir``.

    Raises
    ------
    SourceError
        If a file is missing or is not what it should be as a whole.
    SchemaError
        If not one row keeps all rules; carries the problems.
    ConfigError
        If the registry of sources is broken.
    """
    folder = settings.data_dir
    municipalities = read_boundaries(folder / MUNICIPALITIES_FILE)
    registry = Registry.load(folder)
    checked = _check(folder / SPACES_FILE, municipalities, registry)
    if checked.spaces.empty:
        raise SchemaError(
            "{source}: keine einzige Zeile hält alle Regeln ein.",
            hint="Mit „atlas validate“ die Gründe ansehen.",
            failure_cases=checked.rejects,
            source=SPACES_FILE,
        )
    return Atlas(
        spaces=derive(checked.spaces, municipalities),
        rejects=checked.rejects,
        municipalities=municipalities,
        districts=read_boundaries(folder / DISTRICTS_FILE),
        registry=registry,
        version=_version(folder),
        retrieved_on=earliest_day(checked.spaces["retrieved_on"]).max().date(),
    )


def check(path: Path, settings: Settings) -> Checked:
    """
    Read and check a registry file against the boundaries and sources of ``settings``.

    Raises
    ------
    SourceError
        If the file is missing or is not what it should be as a whole.
    ConfigError
        If the registry of sources is broken.
    """
    folder = settings.data_dir
    municipalities = read_boundaries(folder / MUNICIPALITIES_FILE)
    return _check(path, municipalities, Registry.load(folder))


def _check(path: Path, municipalities: gpd.GeoDataFrame, registry: Registry) -> Checked:
    cells, faults = curated.read(path)
    return validate(cells, municipalities, sources=registry.sources, faults=faults)


def read_boundaries(path: Path) -> gpd.GeoDataFrame:
    """
    Read a layer of polygons in EPSG:4326.

    Raises
    ------
    SourceUnavailableError
        If the file is missing.
    SourceFormatError
        If it is no layer that GDAL reads.
    CrsError
        If it is in another CRS.
    """
    if not path.is_file():
        raise SourceUnavailableError(
            "{source}: die Datei fehlt.",
            source=path.name,
            hint="Mit scripts/build_geo.py erzeugen oder aus dem Repositorium wiederherstellen.",
        )
    try:
        boundaries = gpd.read_file(path)
    except (RuntimeError, ValueError) as error:
        raise SourceFormatError(
            "{source}: die Datei ist keine lesbare Karte ({reason}).",
            source=path.name,
            hint="Die Datei aus dem Repositorium wiederherstellen.",
            reason=error,
        ) from error
    require_crs(boundaries, WGS84, name=path.name)
    return boundaries


def derive(spaces: pd.DataFrame, municipalities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Add what follows from the table: geometry, district, type group, metres, earliest day.

    Parameters
    ----------
    spaces
        The schema's columns, checked; RangeIndex.
    municipalities
        EPSG:4326; columns ``ags``, ``district_code``, ``district_name``.

    Returns
    -------
    derived
        Points in EPSG:4326, ``None`` without coordinate; n rows, same index and order.
    """
    points = points_from_lonlat(spaces["lon"], spaces["lat"])
    places = gpd.GeoDataFrame(geometry=points)
    towns = municipalities.set_index("ags")
    groups = {code: term.group for code, term in v.TYPES.items()}
    derived = spaces.assign(
        district_code=spaces["ags"].map(towns["district_code"]).astype("str"),
        district_name=spaces["ags"].map(towns["district_name"]).astype("str"),
        type_group=spaces["type"].map(groups).astype("str"),
        observed_day=earliest_day(spaces["observed_on"]),
        located_ags=assign_municipality(places, municipalities)["ags"],
        **metric_xy(points),
    )
    return gpd.GeoDataFrame(derived, geometry=points)


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _INPUTS:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:_VERSION_LENGTH]

"""
The loaded atlas: the checked table with what is derived from it, read once at start.

The table that `atlas build` stored counts; where nothing was built, the hand-kept
registry alone is the table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from atlas import vocabulary as v
from atlas.database import shelf
from atlas.errors import SchemaError, SourceFormatError, SourceUnavailableError
from atlas.geo import WGS84, metric_xy, points_from_lonlat, require_crs
from atlas.locate import assign_municipality
from atlas.provenance import REGISTRY_FILE, Registry
from atlas.schema import earliest_day
from atlas.schema.problems import REJECT_COLUMNS
from atlas.schema.validate import Checked, validate
from atlas.sources import curated
from atlas.stored import Stored
from atlas.stored.inputs import SPACES_FILE, build_inputs, digest

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from atlas.database.shared import Shared
    from atlas.database.shelf import Version
    from atlas.report import BuildReport
    from atlas.settings import Settings

MUNICIPALITIES_FILE: Final = "geo/municipalities.geojson"
DISTRICTS_FILE: Final = "geo/districts.geojson"
_BASE_FILES: Final = (REGISTRY_FILE, MUNICIPALITIES_FILE, DISTRICTS_FILE)


@dataclass(frozen=True)
class Built:
    """
    How the table was built, where `atlas build` stored it.

    Attributes
    ----------
    report
        What became of the records of each source.
    built_at
        When (ISO, UTC).
    is_outdated
        Whether registry, verdicts or the build file have changed since; never told of a
        table from a database, which another server may have built from its own files.
    """

    report: BuildReport
    built_at: str
    is_outdated: bool


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
        border it may differ from the stated ``ags``). A stored table has
        ``contributions`` besides: which sources a row was merged from, as JSON.
    rejects
        The problems of the rows that were set aside, see `atlas.schema.validate`; those
        of a stored table name their ``source``.
    municipalities, districts
        Polygons, EPSG:4326.
    registry
        The sources.
    version
        Changes when an input file changes.
    retrieved_on
        Newest day on which a source was read.
    built
        How the table was built; ``None`` where it is the registry alone.
    shared
        The version in the database that the table was read from; filters run there.
    """

    spaces: gpd.GeoDataFrame
    rejects: pd.DataFrame
    municipalities: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    registry: Registry
    version: str
    retrieved_on: dt.date
    built: Built | None = None
    shared: Shared | None = None

    @property
    def rejected_rows(self) -> int:
        """Number of rows and records that were set aside, each once."""
        keys = [name for name in ("source", "row") if name in self.rejects]
        return len(self.rejects[keys].drop_duplicates())


@dataclass(frozen=True)
class Base:
    """
    What the table stands on, whatever its rows are.

    Attributes
    ----------
    municipalities, districts
        Polygons, EPSG:4326.
    registry
        The sources.
    """

    municipalities: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    registry: Registry

    @classmethod
    def load(cls, folder: Path) -> Base:
        """
        Read boundaries and sources of a data folder.

        Raises
        ------
        SourceError
            If a file of boundaries is missing or broken.
        ConfigError
            If the registry of sources is.
        """
        return cls(
            municipalities=read_boundaries(folder / MUNICIPALITIES_FILE),
            districts=read_boundaries(folder / DISTRICTS_FILE),
            registry=Registry.load(folder),
        )


def load(settings: Settings) -> Atlas:
    """
    Read the stored table of ``settings``, from folder or database, or else its registry.

    Raises
    ------
    SourceError
        If a file is missing or is not what it should be as a whole.
    SchemaError
        If not one row keeps all rules; carries the problems.
    ConfigError
        If the registry of sources is broken, or the database is not set up.
    """
    folder = settings.data_dir
    base = Base.load(folder)
    table = shelf.current(settings)
    if table is not None:
        return _from_stored(table, base, folder)
    checked = _check(folder / SPACES_FILE, base.municipalities, base.registry)
    if checked.spaces.empty:
        raise SchemaError(
            "{source}: keine einzige Zeile hält alle Regeln ein.",
            hint="Mit „atlas validate“ die Gründe ansehen.",
            failure_cases=checked.rejects,
            source=SPACES_FILE,
        )
    version = digest(folder / name for name in (SPACES_FILE, *_BASE_FILES))
    return assemble(checked.spaces, base, version=version, rejects=checked.rejects)


def _from_stored(table: Version, base: Base, folder: Path) -> Atlas:
    shared = None if isinstance(table, Stored) else table
    report, start = table.report(), table.version
    is_outdated = shared is None and report.inputs != digest(build_inputs(folder))
    if shared is not None:
        # The writer's registry: a table names sources that this server's may not have.
        base = replace(base, registry=shared.registry())
        start = f"{shared.id} {shared.version} {shared.built_at}"
    version = digest((folder / name for name in _BASE_FILES), start=start)
    rows = pd.DataFrame(table.spaces().drop(columns="geometry"))
    atlas = assemble(rows, base, version=version, rejects=table.rejects())
    return replace(atlas, built=Built(report, table.built_at, is_outdated), shared=shared)


def assemble(
    spaces: pd.DataFrame, base: Base, *, version: str, rejects: pd.DataFrame | None = None
) -> Atlas:
    """
    Put checked rows and what they stand on together.

    Parameters
    ----------
    spaces
        The schema's columns, checked, and perhaps ``contributions``; RangeIndex.
    rejects
        The problems of the rows set aside; left out, there are none.
    """
    return Atlas(
        spaces=derive(spaces, base.municipalities),
        rejects=pd.DataFrame(columns=list(REJECT_COLUMNS)) if rejects is None else rejects,
        municipalities=base.municipalities,
        districts=base.districts,
        registry=base.registry,
        version=version,
        retrieved_on=earliest_day(spaces["retrieved_on"]).max().date(),
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

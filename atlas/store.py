"""
The loaded atlas: the checked table with what is derived from it, read once at start.

The table that `atlas build` stored counts; where nothing was built, the hand-kept
registry alone is the table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.database import shelf
from atlas.errors import SchemaError
from atlas.geo import read_boundaries
from atlas.locate import derive
from atlas.provenance import REGISTRY_FILE, Registry
from atlas.schema import earliest_day
from atlas.schema.problems import REJECT_COLUMNS
from atlas.schema.validate import Checked, validate
from atlas.sources import curated
from atlas.stored import Stored
from atlas.stored.inputs import SPACES_FILE, build_inputs, digest
from atlas.stored.kept import Kept

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import geopandas as gpd

    from atlas.database.shared import Shared
    from atlas.database.shelf import Version
    from atlas.report import BuildReport
    from atlas.settings import Settings

__all__ = [
    "Atlas", "Base", "Built", "assemble", "check", "derive", "keep", "load", "read_boundaries",
]  # fmt: skip

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


def load(settings: Settings, *, keeping: bool = False) -> Atlas:
    """
    Read the stored table of ``settings``, from folder or database, or else its registry.

    Parameters
    ----------
    keeping
        Whether a table that was checked before may come from the cache folder (see `keep`);
        what is returned is the same.

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
    if keeping and (kept := _from_kept(settings, base)) is not None:
        return kept
    return _from_registry(base, folder)


def keep(atlas: Atlas, settings: Settings) -> None:
    """
    Keep the checked registry in the cache folder, so that the next start need not check it.

    Call it only while the input files are those that ``atlas`` was loaded from. A stored
    table is not kept: it was checked when it was built.
    """
    kept = Kept(settings.cache_dir, atlas.version)
    if atlas.built is None and not kept.has("spaces", "rejects"):
        kept.write_table("rejects", atlas.rejects)
        kept.write_spaces(atlas.spaces)


def _from_kept(settings: Settings, base: Base) -> Atlas | None:
    files = _registry_files(settings.data_dir)
    if not all(path.is_file() for path in files):
        return None
    kept = Kept(settings.cache_dir, digest(files))
    spaces, rejects = kept.read_spaces(), kept.read_table("rejects")
    if spaces is None or rejects is None:
        return None
    return _atlas(spaces, base, version=kept.version, rejects=rejects)


def _registry_files(folder: Path) -> list[Path]:
    return [folder / name for name in (SPACES_FILE, *_BASE_FILES)]


def _from_registry(base: Base, folder: Path) -> Atlas:
    checked = _check(folder / SPACES_FILE, base.municipalities, base.registry)
    if checked.spaces.empty:
        raise SchemaError(
            "{source}: keine einzige Zeile hält alle Regeln ein.",
            hint="Mit „atlas validate“ die Gründe ansehen.",
            failure_cases=checked.rejects,
            source=SPACES_FILE,
        )
    version = digest(_registry_files(folder))
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
    none = pd.DataFrame(columns=list(REJECT_COLUMNS))
    derived = derive(spaces, base.municipalities)
    return _atlas(derived, base, version=version, rejects=none if rejects is None else rejects)


def _atlas(derived: gpd.GeoDataFrame, base: Base, *, version: str, rejects: pd.DataFrame) -> Atlas:
    return Atlas(
        spaces=derived,
        rejects=rejects,
        municipalities=base.municipalities,
        districts=base.districts,
        registry=base.registry,
        version=version,
        retrieved_on=earliest_day(derived["retrieved_on"]).max().date(),
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

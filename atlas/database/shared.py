"""Versions of the table in the database: which one counts, and what is in it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import sqlalchemy as sa

from atlas.database.connect import asked, not_set_up, place, reading
from atlas.database.stream import driver_of, frame, select_rows
from atlas.database.tables import REVISION, SCHEMA, file, pointer, space, version
from atlas.errors import ConfigError, SourceFormatError
from atlas.geo import points_from_lonlat
from atlas.provenance import REGISTRY_FILE, Registry
from atlas.report import BuildReport
from atlas.stored import REJECTS, REVIEW
from atlas.stored.versions import SOURCES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

ReadT = TypeVar("ReadT")


@dataclass(frozen=True)
class Shared:
    """
    A version of the table in the database; reads as `atlas.stored.Stored` does.

    Attributes
    ----------
    pool
        Connections to the database.
    id
        Key of the version in the database; another one after it was written anew.
    version
        As in the folder that it was written from: the name follows from the content.
    written
        When it was written last (UTC).
    rows
        Number of spaces.
    built_at, previous
        As in `atlas.stored.Stored`.
    rows_digest, words_digest
        What the writer derived, see `atlas.database.derived`.
    """

    pool: sa.Engine = field(repr=False, compare=False)
    id: int
    version: str
    written: dt.datetime
    rows: int
    rows_digest: str
    words_digest: str
    built_at: str = ""
    previous: str = ""

    @property
    def place(self) -> str:
        """Where it lies, for people."""
        return place(self.pool.url)

    def spaces(self) -> gpd.GeoDataFrame:
        """
        Read the table.

        Returns
        -------
        spaces
            As `atlas.stored.Stored.spaces`: points in EPSG:4326, ``None`` without
            coordinate; the schema's columns and ``contributions``; RangeIndex, ordered as
            they were stored.

        Raises
        ------
        SourceFormatError
            If the version is gone: other tables were stored since.
        AtlasError
            As `atlas.database.connect.asked`.
        """
        content = io.BytesIO()
        # One stream instead of an object per cell.
        with (
            reading(self.pool) as connection,
            driver_of(connection).cursor() as cursor,
            cursor.copy(select_rows(connection, self.id)) as stream,
        ):
            for block in stream:
                content.write(block)
        rows = frame(content.getbuffer())
        if len(rows) != self.rows:
            raise self._gone("space")
        points = points_from_lonlat(rows["lon"], rows["lat"])
        return gpd.GeoDataFrame(rows, geometry=points)

    def rejects(self) -> pd.DataFrame:
        """Return the problems of the rows set aside, with ``source``; errors as `spaces`."""
        return self._read(REJECTS, pd.read_parquet)

    def review(self) -> pd.DataFrame:
        """Return the pairs that a person has to judge; errors as `spaces`."""
        return self._read(REVIEW, lambda content: pd.read_csv(content, dtype="str"))

    def registry(self) -> Registry:
        """Return the sources as the writer's registry describes them; errors as `spaces`."""
        return self._read(
            REGISTRY_FILE, lambda content: Registry.parse(content.getvalue().decode())
        )

    def report(self) -> BuildReport:
        """Return the report; errors as `spaces`."""
        text = sa.cast(version.c.report, sa.Text)
        with reading(self.pool) as connection:
            found = connection.scalar(sa.select(text).where(version.c.id == self.id))
        if found is None:
            raise self._gone("report")
        return BuildReport.from_json(found)

    def source(self, source_id: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """Return the checked rows and the rejects of one source, ``None`` if it had none."""
        name = source_name(source_id)
        if self._content(name) is None:
            return None
        rejects = self.rejects()
        of_source = rejects[rejects["source"] == source_id].reset_index(drop=True)
        return self._read(name, pd.read_parquet), of_source

    def positions(self, condition: sa.ColumnElement[bool]) -> npt.NDArray[np.int32] | None:
        """
        Return the places of the rows that meet a condition on `atlas.database.tables.space`.

        Returns
        -------
        positions
            In no order; ``None`` if the version is gone.
        """
        # One value of four bytes per row, instead of a row each.
        packed = sa.func.string_agg(
            sa.func.int4send(space.c.position), sa.literal(b""), type_=sa.LargeBinary
        )
        rows = sa.select(packed).where(condition).scalar_subquery()
        with reading(self.pool) as connection:
            found = connection.execute(
                sa.select(version.c.id, rows).where(version.c.id == self.id)
            ).one_or_none()
        return None if found is None else np.frombuffer(found[1] or b"", dtype=">i4")

    def _content(self, name: str) -> bytes | None:
        wanted = sa.select(file.c.content).where(file.c.version_id == self.id, file.c.name == name)
        with reading(self.pool) as connection:
            content: bytes | None = connection.scalar(wanted)
        return content

    def _read(self, name: str, read: Callable[[io.BytesIO], ReadT]) -> ReadT:
        content = self._content(name)
        if content is None:
            raise self._gone(name)
        try:
            return read(io.BytesIO(content))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SourceFormatError(
                "{source}: dieser Teil der Tabelle ist in der Datenbank beschädigt ({reason}).",
                source=f"{self.place} {self.version}/{name}",
                hint="„atlas database push“ schreibt die Tabelle noch einmal.",
                reason=error,
            ) from error

    def _gone(self, name: str) -> SourceFormatError:
        return SourceFormatError(
            "{source}: die Tabelle liegt nicht mehr vollständig in der Datenbank.",
            source=f"{self.place} {self.version}/{name}",
            hint="Noch einmal versuchen; sonst schreibt „atlas database push“ sie neu.",
        )


def source_name(source_id: str) -> str:
    """Return the name under which the rows of a source are kept."""
    return f"{SOURCES}/{source_id}.parquet"


def current(pool: sa.Engine) -> Shared | None:
    """
    Return the version that counts, ``None`` if none was written yet.

    Raises
    ------
    ConfigError
        If the tables are not those of this program.
    AtlasError
        As `atlas.database.connect.asked`.
    """
    with reading(pool) as connection:
        require_revision(connection)
        found = connection.execute(_versions().where(pointer.c.version_id.is_not(None))).first()
    return None if found is None else _shared(pool, found)


def versions(pool: sa.Engine) -> list[Shared]:
    """Return all versions, the newest first; errors as `current`."""
    newest = _versions().order_by(version.c.stored_at.desc(), version.c.id.desc())
    with reading(pool) as connection:
        require_revision(connection)
        return [_shared(pool, found) for found in connection.execute(newest)]


def _shared(pool: sa.Engine, found: Sequence[Any]) -> Shared:
    return Shared(pool, *found)


def mark(pool: sa.Engine) -> tuple[object, ...]:
    """Return what changes whenever another table counts: one row, quickly read."""
    with reading(pool) as connection:
        found = connection.execute(sa.select(pointer.c.version_id, pointer.c.built_at)).first()
    return () if found is None else tuple(found)


def require_revision(connection: sa.Connection) -> None:
    """
    Refuse tables that are not those of this program.

    Raises
    ------
    ConfigError
        If they are missing, older or newer.
    """
    where = place(connection.engine.url)
    with asked(connection.engine):
        found = connection.scalar(sa.select(sa.column("version_num")).select_from(_REVISIONS))
    if found is None or found < REVISION:
        raise not_set_up(where)
    if found > REVISION:
        raise ConfigError(
            "{source}: ein neueres Programm hat die Datenbank eingerichtet (Stand {found}).",
            hint="Dieses Programm aktualisieren; es kennt Stand {known}.",
            source=where,
            found=found,
            known=REVISION,
        )


_REVISIONS: Final = sa.table("alembic_version", schema=SCHEMA)


def _versions() -> sa.Select[Any]:
    counts = pointer.c.version_id == version.c.id
    return sa.select(
        version.c.id, version.c.version, version.c.stored_at, version.c.rows,
        version.c.rows_digest, version.c.words_digest,
        sa.func.coalesce(pointer.c.built_at, ""), sa.func.coalesce(pointer.c.previous, ""),
    ).outerjoin(pointer, counts)  # fmt: skip

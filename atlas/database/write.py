"""Writing a table into the database: in one transaction, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from atlas.database.connect import writing
from atlas.database.derived import rows_digest, with_derived, words_digest
from atlas.database.shared import require_revision, source_name
from atlas.database.stream import driver_of, lines, of_spaces, of_words
from atlas.database.tables import SCHEMA, file, pointer, space, version, word
from atlas.provenance import REGISTRY_FILE
from atlas.query import WordIndex
from atlas.report import BuildReport
from atlas.stored import KEPT_VERSIONS, REJECTS, REVIEW
from atlas.stored.versions import SOURCES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from atlas.database.shared import Shared
    from atlas.stored import Stored

    Stream = tuple[tuple[str, ...], bytes]

LOCK: Final = 25832_001
"""Key of the advisory lock: whoever writes or upgrades waits for the one before."""


def push(pool: sa.Engine, stored: Stored, *, registry: str, now: dt.datetime) -> None:
    """
    Write a stored table into the database and make it the one that counts.

    Everything happens in one transaction: whoever reads sees the table before until it
    ends, and goes on seeing it if it does not. The same content again is not written twice.

    Parameters
    ----------
    registry
        Text of ``sources.toml``: a table names sources that another server may not know.
    now
        When it begins to count.

    Raises
    ------
    AtlasError
        As `atlas.database.connect.asked`, or if the files of ``stored`` are damaged. In
        every case the old table still counts.
    """
    # What takes time and needs no lock comes first.
    rows = with_derived(pd.DataFrame(stored.spaces().drop(columns="geometry")))
    words = WordIndex(rows)
    version_id = _reserved(pool)
    record = {
        "id": version_id,
        "version": stored.version,
        "stored_at": now,
        "rows": len(rows),
        "report": sa.cast(sa.literal(stored.report().to_json(), sa.Text), pg.JSON),
        "rows_digest": rows_digest(rows),
        "words_digest": words_digest(words),
    }
    columns = {space: of_spaces(rows, version_id), word: of_words(words, version_id)}
    streams = {table: (tuple(found), lines(found)) for table, found in columns.items()}
    files = _files(stored) | {REGISTRY_FILE: registry.encode()}
    with writing(pool) as connection:
        lock(connection)
        require_revision(connection)
        found = _same(connection, record)
        if found is None:
            _add(connection, record, streams)
        version_id = found or version_id
        _put_files(connection, version_id, files)
        when = now.isoformat(timespec="seconds")
        point_at(connection, version_id, stored.version, built_at=when)
        _tidy(connection, version_id)


def lock(connection: sa.Connection) -> None:
    """Wait until nobody else writes or upgrades; held to the end of the transaction."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def use(pool: sa.Engine, chosen: Shared, *, now: dt.datetime) -> None:
    """Make an earlier version the one that counts; errors as `push`."""
    with writing(pool) as connection:
        lock(connection)
        when = now.isoformat(timespec="seconds")
        point_at(connection, chosen.id, chosen.version, built_at=when)


def _reserved(pool: sa.Engine) -> int:
    """Return a number for a new version; one that is not used in the end is no loss."""
    sequence = sa.func.pg_get_serial_sequence(f"{SCHEMA}.version", "id")
    with writing(pool) as connection:
        require_revision(connection)
        number: int = connection.execute(sa.select(sa.func.nextval(sequence))).scalar_one()
    return number


def _same(connection: sa.Connection, record: Mapping[str, Any]) -> int | None:
    """Return the version that holds just this; one of the same name that does not is deleted."""
    same = [version.c[name] == record[name] for name in ("rows", "rows_digest", "words_digest")]
    named = version.c.version == record["version"]
    again = sa.update(version).where(named, *same).values(stored_at=record["stored_at"])
    version_id: int | None = connection.scalar(again.returning(version.c.id))
    if version_id is None:
        # Written by a release that derived other values.
        connection.execute(sa.delete(version).where(named))
    return version_id


def _add(
    connection: sa.Connection, record: Mapping[str, Any], streams: Mapping[sa.Table, Stream]
) -> None:
    connection.execute(sa.insert(version).values(**record))
    for table, (names, content) in streams.items():
        columns = ", ".join(f'"{name}"' for name in names)
        statement = f"COPY {table.fullname} ({columns}) FROM STDIN (FORMAT csv)"
        # One stream instead of a statement per row.
        with driver_of(connection).cursor() as cursor, cursor.copy(statement) as stream:
            stream.write(content)
        # The statistics of the tables before would mislead the planner about this one.
        connection.execute(sa.text(f"ANALYZE {table.fullname}"))


def _files(stored: Stored) -> dict[str, bytes]:
    names = [REJECTS, REVIEW]
    names += [
        source_name(path.stem) for path in sorted((stored.folder / SOURCES).glob("*.parquet"))
    ]
    return {name: (stored.folder / name).read_bytes() for name in names}


def _put_files(connection: sa.Connection, version_id: int, files: Mapping[str, bytes]) -> None:
    # The registry of sources is no part of a version's name: it may be another one now.
    connection.execute(sa.delete(file).where(file.c.version_id == version_id))
    records = [
        {"version_id": version_id, "name": name, "content": content}
        for name, content in files.items()
    ]
    connection.execute(sa.insert(file), records)


def point_at(connection: sa.Connection, version_id: int, name: str, *, built_at: str) -> None:
    """Make a version the one that counts; the one before is remembered."""
    before = connection.execute(
        sa.select(version.c.version, pointer.c.previous).outerjoin_from(
            pointer, version, pointer.c.version_id == version.c.id
        )
    ).one_or_none()
    previous = ""
    if before is not None:
        previous = before.previous if before.version in (name, None) else before.version
    new = {"version_id": version_id, "built_at": built_at, "previous": previous}
    connection.execute(
        pg.insert(pointer)
        .values(is_current=True, **new)
        .on_conflict_do_update(index_elements=[pointer.c.is_current], set_=new)
    )


def _tidy(connection: sa.Connection, version_id: int) -> None:
    """Delete what `atlas.stored` would delete: the versions after the newest ones."""
    newest = sa.select(version.c.id, sa.cast(version.c.report, sa.Text)).order_by(
        version.c.id != version_id, version.c.stored_at.desc(), version.c.id.desc()
    )
    found = connection.execute(newest).all()
    # Failed sources make versions too; the last good one is what they fall back on.
    good = next((key for key, text in found if BuildReport.from_json(text).is_whole), version_id)
    old = [key for key, _text in found[KEPT_VERSIONS:] if key != good]
    connection.execute(sa.delete(version).where(version.c.id.in_(old)))

"""
The tables of the database; those of the spaces follow from `atlas.schema.columns`.

Rules of the columns (required, ranges, code lists) are checked before a table is stored,
by the one schema; the database does not repeat them.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql as pg

from atlas.schema.columns import COLUMNS, Column
from atlas.schema.contributions import COLUMN as CONTRIBUTIONS

SCHEMA: Final = "raumatlas"
"""PostgreSQL's schema: the database may hold other things besides."""
SRID: Final = 25832
"""ETRS89 / UTM 32N as PostGIS numbers it; `atlas.geo.UTM32`."""
REVISION: Final = "001"
"""The newest migration; readers compare it, without reading the migrations."""

metadata: Final = sa.MetaData(schema=SCHEMA)

_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "text": sa.Text(), "code": sa.Text(), "date": sa.Text(), "codes": pg.ARRAY(sa.Text()),
    "number": sa.Double(), "integer": sa.BigInteger(), "boolean": sa.Boolean(),
}  # fmt: skip


def _of_version() -> sa.Column[int]:
    return sa.Column(
        "version_id", sa.ForeignKey(f"{SCHEMA}.version.id", ondelete="CASCADE"), primary_key=True
    )


def column(described: Column) -> sa.Column[Any]:
    """Return the column of the database for a column of the schema."""
    return sa.Column(described.name, _TYPES[described.dtype], nullable=True)


version: Final = sa.Table(
    "version",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("version", sa.Text, nullable=False, unique=True),
    sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    # JSON, not JSONB: the text comes back as it was written.
    sa.Column("report", pg.JSON, nullable=False),
    sa.Column("rows_digest", sa.Text, nullable=False),
    sa.Column("words_digest", sa.Text, nullable=False),
)
"""The stored tables. The digests say what the writer derived, see `atlas.database.derived`."""

pointer: Final = sa.Table(
    "pointer",
    metadata,
    sa.Column("is_current", sa.Boolean, sa.CheckConstraint("is_current"), primary_key=True),
    # Checked at the end of the transaction: a version may be written anew while it counts.
    sa.Column(
        "version_id",
        sa.ForeignKey(f"{SCHEMA}.version.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    sa.Column("built_at", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
)
"""Which version counts: at most one row."""

file: Final = sa.Table(
    "file",
    metadata,
    _of_version(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""What nobody filters: rejects, pairs to judge, rows per source, registry of sources."""

space: Final = sa.Table(
    "space",
    metadata,
    _of_version(),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("geom", Geometry("POINT", srid=SRID, spatial_index=False)),
    sa.Column("observed_day", sa.Date),
    sa.Column(CONTRIBUTIONS, pg.JSON),
    *(column(described) for described in COLUMNS),
)
"""
One row per space and version.

``position`` is its place in the table. ``geom`` has the metres that distances are
measured with, rounded to 0.1 m; ``lon`` and ``lat`` are the numbers of the source.
"""

word: Final = sa.Table(
    "word",
    metadata,
    _of_version(),
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("positions", pg.ARRAY(sa.Integer), nullable=False),
)
"""The folded words of a version, and in which rows each occurs."""


_INDEXED: Final = ("ags", "kind", "type", "vacancy", "observed_day")
"""What people narrow by most; each index more makes writing a table slower."""


def _indexes() -> None:
    sa.Index("space_geom", space.c.version_id, space.c.geom, postgresql_using="gist")
    sa.Index("space_space_id", space.c.version_id, space.c.space_id, unique=True)
    for name in _INDEXED:
        sa.Index(f"space_{name}", space.c.version_id, space.c[name])


_indexes()

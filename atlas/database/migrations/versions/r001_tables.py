"""
The tables: versions, which one counts, spaces, words, files.

The columns of the spaces that `atlas.schema.columns` describes are added after every
upgrade (`atlas.database.upgrade`), so that they stand in one place.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql as pg

revision = "001"
down_revision = None

_SCHEMA = "raumatlas"


def _of_version() -> sa.Column[int]:
    key = sa.ForeignKey(f"{_SCHEMA}.version.id", ondelete="CASCADE")
    return sa.Column("version_id", sa.Integer, key, primary_key=True)


def upgrade() -> None:
    """Create the tables."""
    _create_versions()
    _create_parts()


def _create_versions() -> None:
    op.create_table(
        "version",
        sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("version", sa.Text, nullable=False, unique=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("report", pg.JSON, nullable=False),
        sa.Column("rows_digest", sa.Text, nullable=False),
        sa.Column("words_digest", sa.Text, nullable=False),
        schema=_SCHEMA,
    )
    counts = sa.ForeignKey(f"{_SCHEMA}.version.id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "pointer",
        sa.Column("is_current", sa.Boolean, sa.CheckConstraint("is_current"), primary_key=True),
        sa.Column("version_id", sa.Integer, counts, nullable=False),
        sa.Column("built_at", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        schema=_SCHEMA,
    )


def _create_parts() -> None:
    op.create_table(
        "file",
        _of_version(),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "space",
        _of_version(),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("geom", Geometry("POINT", srid=25832, spatial_index=False)),
        sa.Column("observed_day", sa.Date),
        sa.Column("contributions", pg.JSON),
        schema=_SCHEMA,
    )
    op.create_table(
        "word",
        _of_version(),
        sa.Column("word", sa.Text, primary_key=True),
        sa.Column("positions", pg.ARRAY(sa.Integer), nullable=False),
        schema=_SCHEMA,
    )


def downgrade() -> None:
    """Delete the tables with everything in them."""
    for name in ("word", "space", "file", "pointer", "version"):
        op.drop_table(name, schema=_SCHEMA)

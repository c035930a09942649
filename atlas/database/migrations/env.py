"""Alembic's way in: migrations run on the connection, and in the transaction, of the caller."""

from __future__ import annotations

from alembic import context

from atlas.database.tables import SCHEMA, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=SCHEMA,
)
with context.begin_transaction():
    context.run_migrations()

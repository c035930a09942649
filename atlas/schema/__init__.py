"""The spaces table: its columns and its rules."""

from atlas.schema.columns import BY_NAME, COLUMNS, LIST_SEPARATOR, NAMES, Column

__all__ = ["BY_NAME", "COLUMNS", "LIST_SEPARATOR", "NAMES", "Column"]

"""The spaces table: its columns and its rules."""

from atlas.schema.columns import BY_NAME, COLUMNS, LIST_SEPARATOR, NAMES, Column
from atlas.schema.dates import earliest_day, latest_day
from atlas.schema.ids import space_id, space_ids, split_codes
from atlas.schema.intake import Fault, Intake, intake_of

__all__ = [
    "BY_NAME",
    "COLUMNS",
    "LIST_SEPARATOR",
    "NAMES",
    "Column",
    "Fault",
    "Intake",
    "earliest_day",
    "intake_of",
    "latest_day",
    "space_id",
    "space_ids",
    "split_codes",
]

"""Which records of which sources a row of a merged table comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypedDict

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMN: Final = "contributions"
"""JSON text per row: a list of `Contribution`, ordered by source and source_ref."""


class Contribution(TypedDict):
    """One record that went into a row, and the columns that the row has from it."""

    source: str
    source_ref: str
    publisher: str
    source_url: str
    retrieved_on: str
    observed_on: str | None
    licence: str
    lineage: str
    name: str
    fields: list[str]


def read(text: object) -> list[Contribution]:
    """Return the contributions of a cell; none where it is missing."""
    if not isinstance(text, str):
        return []
    entries: list[Contribution] = json.loads(text)
    return entries


def contributors(table: pd.DataFrame) -> Iterator[list[tuple[str, str]]]:
    """
    Yield the records of each row as (source, source_ref), in the order of the rows.

    A row without contributions comes from its own record alone.
    """
    own = zip(table["source"], table["source_ref"], strict=True)
    cells = table[COLUMN] if COLUMN in table else pd.Series(None, index=table.index, dtype="str")
    for key, cell in zip(own, cells, strict=True):
        entries = read(cell)
        yield [(entry["source"], entry["source_ref"]) for entry in entries] or [key]

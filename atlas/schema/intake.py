"""
What a source hands over: rows of the table as text, and every record that is none, with why.

No record is lost between a source and the table: ``read = rows + faults`` holds for
every :class:`Intake`, and the build checks it once more at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.schema.columns import NAMES
from atlas.schema.ids import space_ids
from atlas.schema.problems import Rule, rules, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INTAKE_RULES: Final = rules(
    Rule("no_name", "Der Eintrag hat einen Namen oder eine Anschrift.",
         "In der Quelle einen Namen oder eine Anschrift ergänzen."),
    Rule("no_type", "Der Eintrag passt zu einem Typ der Tabelle.",
         "Die Übersetzung der Codes um diesen Wert ergänzen."),
    Rule("no_place", "Der Eintrag nennt einen Ort: Koordinate, Anschrift oder Gemeinde.",
         "In der Quelle eine Koordinate oder Anschrift ergänzen."),
    Rule("bad_coordinate", "Die Koordinate ist eine Zahl im Bereich ihres Koordinatensystems.",
         "Koordinatensystem und Achsenfolge der Quelle prüfen."),
    Rule("outside", "Der Ort liegt in einer der 53 Städte und Gemeinden.",
         "Nichts zu tun, wenn die Quelle weiter reicht als das Ruhrgebiet."),
    Rule("gone", "Der Ort besteht noch.",
         "Nichts zu tun: Die Quelle meldet ihn als aufgelöst oder abgerissen."),
    Rule("withdrawn", "Das Angebot gilt noch.",
         "Nichts zu tun: Die Quelle hat es zurückgezogen."),
    Rule("repeated", "Jeder Schlüssel der Quelle kommt einmal vor.",
         "Nichts zu tun: Es gilt der jüngere Eintrag."),
    Rule("malformed", "Der Eintrag hat die Form, die die Quelle zusagt.",
         "Den Eintrag in der Quelle ansehen; bei vielen die Übersetzung prüfen."),
    Rule("wrong_source", "Die Zeile nennt die Quelle, die sie liefert.",
         "In source die Kennung dieser Quelle eintragen, oder die Zeile in deren Datei."),
    Rule("not_a_space", "Der Eintrag ist ein Raum, der in die Tabelle gehört.",
         "Nichts zu tun: Die Quelle enthält auch anderes."),
)  # fmt: skip
"""Why a record of a source is no row; the codes that a :class:`Fault` may name."""

FAULT_COLUMNS: Final = ("row", "name", "column", "value", "code")
_STR: Final = pd.StringDtype(na_value=np.nan)


@dataclass(frozen=True, slots=True)
class Fault:
    """
    A record that is no row of the table.

    Attributes
    ----------
    row
        Position of the record in the source, counted from 1.
    code
        Of `INTAKE_RULES`.
    name
        What the source calls it, or its key there, so that a person finds it.
    column, value
        Where it breaks the rule.
    """

    row: int
    code: str
    name: str = ""
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class Intake:
    """
    The records of one source.

    Attributes
    ----------
    cells
        All columns of the schema in its order, as text, missing where the source says
        nothing; the index ``row`` is the position of the record in the source, from 1.
        ``ags`` and ``municipality`` may be missing: the build finds them by location.
    faults
        The records that are no row: ``FAULT_COLUMNS``, one row each, ordered by row.
    """

    cells: pd.DataFrame
    faults: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse what would break ``read = rows + faults``."""
        seen = [*self.cells.index, *self.faults["row"]]
        if len(set(seen)) != len(seen):
            raise ValueError("a record is both a row and a fault, or comes twice")
        if list(self.cells.columns) != list(NAMES):
            raise ValueError("the columns are not those of the schema")

    @property
    def read(self) -> int:
        """Number of records read."""
        return len(self.cells) + len(self.faults)


def intake_of(
    rows: Mapping[int, Mapping[str, str | None]],
    faults: Sequence[Fault],
    *,
    constants: Mapping[str, str],
) -> Intake:
    """
    Build what a source hands over.

    Parameters
    ----------
    rows
        Position in the source, from 1 → column of the schema → text. What is empty or
        left out is missing.
    faults
        The other records.
    constants
        Columns that are the same in every row (source, licence, lineage, retrieved_on …);
        a row may say otherwise.

    Returns
    -------
    intake
        As many rows as ``rows``, ordered by position; ``space_id`` follows from source and
        source_ref where it is missing.

    Raises
    ------
    ValueError
        If a column is not of the schema, or a position comes twice.
    """
    positions = sorted(rows)
    records = [{**constants, **_present(rows[position])} for position in positions]
    unknown = set().union(*records) - set(NAMES)
    if unknown:
        raise ValueError(f"not columns of the schema: {sorted(unknown)}")
    columns = {name: [record.get(name) for record in records] for name in NAMES}
    index = pd.Index(positions, name="row", dtype="int64")
    cells = pd.DataFrame(columns, index=index, dtype=_STR)
    ids = space_ids(cells["source"], cells["source_ref"])
    cells = cells.assign(space_id=cells["space_id"].fillna(ids))
    return Intake(cells=cells, faults=_frame(faults))


def _present(record: Mapping[str, str | None]) -> dict[str, str]:
    trimmed = {name: text.strip() for name, text in record.items() if text is not None}
    return {name: text for name, text in trimmed.items() if text}


def _frame(faults: Sequence[Fault]) -> pd.DataFrame:
    listed = [
        (fault.row, *(shown(text) for text in (fault.name, fault.column, fault.value)), fault.code)
        for fault in sorted(faults, key=lambda fault: fault.row)
    ]
    frame = pd.DataFrame(listed, columns=list(FAULT_COLUMNS))
    return frame.astype({name: "int64" if name == "row" else "str" for name in FAULT_COLUMNS})

"""The pandera schema of the typed table, built from the columns."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.schema.columns import COLUMNS, Column
from atlas.schema.ids import split_codes
from atlas.schema.problems import Rule, none_found, problems, rules
from atlas.schema.types import DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandera.pandas as pa

COLUMN_RULES: Final = rules(
    Rule("required", "Der Wert ist angegeben.", "Den Wert eintragen.",
         hints={"space_id": "atlas validate --fill berechnet ihn aus source und source_ref.",
                "ags": "atlas validate --fill berechnet ihn aus municipality."}),
    Rule("duplicate", "Jede Kennung kommt nur einmal vor.",
         "Doppelte Zeile streichen oder source_ref ändern; die erste Zeile bleibt."),
    Rule("code", "Der Wert steht in der Liste: {codes}.", "Einen Code der Liste eintragen."),
    Rule("codes", "Jeder Wert steht einmal und in der Liste: {codes}.",
         "Codes der Liste mit Semikolon trennen, ohne Leerzeichen und Wiederholung."),
    Rule("pattern", "Der Text hat diese Form: {form}.", "Den Text in dieser Form schreiben."),
    Rule("length", "Der Text hat höchstens {length} Zeichen.", "Den Text kürzen."),
    Rule("visible", "Der Text enthält keine Steuerzeichen, auch keine für die Schreibrichtung.",
         "Den Text neu eintippen statt einfügen."),
    Rule("minimum", "Der Wert ist mindestens {minimum} {unit}.", "Wert und Einheit prüfen."),
    Rule("maximum", "Der Wert ist höchstens {maximum} {unit}.", "Wert und Einheit prüfen."),
)  # fmt: skip
_PANDERA_NAMES: Final = {"not_nullable": "required", "field_uniqueness": "duplicate"}
# As characters, not escapes: Python's and Arrow's regular expressions write them differently.
_CONTROL: Final = "[\x01-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"


@cache
def schema() -> pa.DataFrameSchema:
    """Return the schema: every column with type, code list, form and range; nothing else."""
    # Imported here and below: a start that finds its table checked needs none of it.
    import pandera.pandas as pa  # noqa: PLC0415

    return pa.DataFrameSchema({column.name: _column(column) for column in COLUMNS}, strict=True)


def check_columns(typed: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """
    Check each column on its own, all rules at once.

    Parameters
    ----------
    typed
        From `atlas.schema.types.parse`; RangeIndex.
    texts
        The cells it was parsed from, for the values of the problems.

    Returns
    -------
    found
        The problems: position, column, value, code.
    """
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    try:
        schema().validate(typed, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return none_found()
    groups = cases.groupby(["column", "check"], sort=False)
    found = [
        problems(rows.array, column, texts.loc[rows, column], _PANDERA_NAMES.get(check, check))
        for (column, check), rows in groups["index"]
    ]
    return pd.concat(found, ignore_index=True)


def _column(column: Column) -> pa.Column:
    import pandera.pandas as pa  # noqa: PLC0415

    is_key = column.name == "space_id"
    return pa.Column(
        DTYPES[column.dtype],
        list(_checks(column)),
        nullable=not column.required,
        unique=is_key,
        # The first of several equal rows stays, so that a copy does not remove its original.
        report_duplicates="exclude_first" if is_key else "all",
    )


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.dtype == "code":
        checks.append(_check("code", lambda cells: cells.isin(list(column.codes))))
    if column.dtype == "codes":
        checks.append(_check("codes", lambda cells: _are_codes(cells, column)))
    if column.pattern:
        checks.append(_check("pattern", lambda cells: cells.str.fullmatch(column.pattern)))
    if column.dtype == "text":
        checks.append(_check("length", lambda cells: cells.str.len() <= column.max_length))
        checks.append(_check("visible", lambda cells: ~cells.str.contains(_CONTROL)))
    if column.minimum is not None:
        checks.append(_check("minimum", lambda cells: cells >= column.minimum))
    if column.maximum is not None:
        checks.append(_check("maximum", lambda cells: cells <= column.maximum))
    return checks


def _check(name: str, holds: Callable[[pd.Series], pd.Series]) -> pa.Check:
    import pandera.pandas as pa  # noqa: PLC0415

    # pandera hands over the values that are not missing (ignore_na).
    return pa.Check(holds, name=name)


def _are_codes(cells: pd.Series, column: Column) -> pd.Series:
    distinct = pd.Series(cells.unique(), dtype="str")
    valid = [len(set(codes)) == len(codes) and set(codes) <= set(column.codes)
             for codes in split_codes(distinct)]  # fmt: skip
    return cells.map(dict(zip(distinct, valid, strict=True))).astype(bool)

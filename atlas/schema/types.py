"""From text cells to typed columns; a cell that is not of its type is a problem, not an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.schema.columns import COLUMNS, Column
from atlas.schema.dates import earliest_day
from atlas.schema.problems import Rule, none_found, problems, rules

if TYPE_CHECKING:
    from collections.abc import Callable

DTYPES: Final = {
    "text": "str", "code": "str", "codes": "str", "date": "str",
    "number": "float64", "integer": "Int64", "boolean": "boolean",
}  # fmt: skip
_BOOLEANS: Final = {"true": True, "false": False}
# More digits than these cannot be a measurement, and would overflow the type.
_NUMBER: Final = r"-?\d{1,12}(?:\.\d{1,15})?"
_INTEGER: Final = r"-?\d{1,12}"
# "1.200" in a column of square metres is twelve hundred as German writes it: nobody
# measures a hall to the thousandth, so taking it for 1.2 would lose what was meant.
_THOUSANDS: Final = r"\d{1,3}(?:\.\d{3})+"
_NO_THOUSANDTHS: Final = "m²"

TYPE_RULES: Final = rules(
    Rule("number", "Der Wert ist eine Zahl mit Dezimalpunkt.",
         "Nur Ziffern und Punkt schreiben: 12.5 statt 12,5; keine Einheit, keine Tausenderpunkte."),
    Rule("integer", "Der Wert ist eine ganze Zahl.", "Nur Ziffern schreiben, zum Beispiel 2019."),
    Rule("boolean", "Der Wert ist true, false oder leer.",
         "true für ja, false für nein, leer für unbekannt schreiben."),
    Rule("date", "Der Wert ist ein Datum: JJJJ, JJJJ-MM oder JJJJ-MM-TT.",
         "So genau wie die Quelle schreiben, zum Beispiel 2024-03 oder 2024-03-15."),
)  # fmt: skip


def parse(cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Convert text cells to the types of the schema.

    Parameters
    ----------
    cells
        All columns of the schema as text, missing where empty; RangeIndex.

    Returns
    -------
    typed
        The schema's columns in its order; n rows, same index; missing where the text
        is not of the type.
    found
        The problems: position, column, value, code.
    """
    typed: dict[str, pd.Series] = {}
    found = [none_found()]
    for column in COLUMNS:
        texts = cells[column.name].astype("str")
        typed[column.name], malformed = _convert(texts, column)
        if malformed.any():
            rows = cells.index[malformed]
            found.append(problems(rows, column.name, list(texts[malformed]), column.dtype))
    return pd.DataFrame(typed, index=cells.index), pd.concat(found, ignore_index=True)


def _convert(texts: pd.Series, column: Column) -> tuple[pd.Series, pd.Series]:
    """Return the typed column and where a text is not of the type."""
    convert = _CONVERTERS.get(column.dtype)
    if convert is None:
        return texts, pd.Series(data=False, index=texts.index)
    # Most columns are sparse: convert what is there.
    converted: pd.Series = convert(texts.dropna())
    if column.unit == _NO_THOUSANDTHS:
        converted = converted.mask(texts.dropna().str.fullmatch(_THOUSANDS))
    values = converted.astype(pd.api.types.pandas_dtype(DTYPES[column.dtype])).reindex(texts.index)
    return values, texts.notna() & values.isna()


def _numbers(texts: pd.Series) -> pd.Series:
    return texts.where(texts.str.fullmatch(_NUMBER)).astype("float64")


def _integers(texts: pd.Series) -> pd.Series:
    # Through float: exact up to 2**53, more than _INTEGER lets pass.
    return texts.where(texts.str.fullmatch(_INTEGER)).astype("float64")


def _booleans(texts: pd.Series) -> pd.Series:
    return texts.map(_BOOLEANS).astype("boolean")


def _dates(texts: pd.Series) -> pd.Series:
    return texts.where(earliest_day(texts).notna())


_CONVERTERS: Final[dict[str, Callable[[pd.Series], pd.Series]]] = {
    "number": _numbers,
    "integer": _integers,
    "boolean": _booleans,
    "date": _dates,
}

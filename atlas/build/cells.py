"""From typed rows back to the text cells that the rules are checked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.schema import COLUMNS

if TYPE_CHECKING:
    from atlas.schema import Column

_BOOLEANS: Final = {True: "true", False: "false"}


def texts(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Return typed rows as text cells.

    Parameters
    ----------
    rows
        The schema's columns, typed as `atlas.schema.types.parse` types them.

    Returns
    -------
    cells
        The schema's columns in its order, missing where missing; n rows, same order,
        index ``row`` from 1. Parsing them again gives ``rows``.
    """
    cells = {column.name: _text(rows[column.name], column) for column in COLUMNS}
    index = pd.RangeIndex(1, len(rows) + 1, name="row")
    return pd.DataFrame(cells).set_axis(index)


def _text(values: pd.Series, column: Column) -> pd.Series:
    present = values.dropna()
    if column.dtype == "boolean":
        written = present.map(_BOOLEANS)
    elif column.dtype == "number":
        written = present.map(_number)
    elif column.dtype == "integer":
        written = present.map(lambda value: str(int(value)))
    else:
        written = present
    return written.reindex(values.index).astype("str")


def _number(value: float) -> str:
    # Never 1e-05: the schema takes digits and a point only.
    text = f"{value:.10f}".rstrip("0")
    return text.removesuffix(".")

"""Problems of a table: one row each, and the sentences that explain them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.i18n import number, translator
from atlas.schema.columns import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from atlas.vocabulary import Language

COLUMN_SEPARATOR: Final = ", "
VALUE_SEPARATOR: Final = " | "
REJECT_COLUMNS: Final = (
    "row", "space_id", "name", "column", "value", "rule", "hint", "code",
)  # fmt: skip
_VALUE_LENGTH: Final = 80
_INVISIBLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A rule that a row has to keep.

    Attributes
    ----------
    code
        Stable name.
    sentence, hint
        The rule and what to do when it is broken: German message ids. Both may use
        ``{minimum}``, ``{maximum}``, ``{unit}``, ``{codes}``, ``{length}`` and
        ``{form}`` of the column.
    hints
        What to do instead in certain columns, by their name.
    """

    code: str
    sentence: str
    hint: str
    hints: Mapping[str, str] = field(default_factory=dict, hash=False, kw_only=True)


def rules(*entries: Rule) -> dict[str, Rule]:
    """Return ``entries`` keyed by code."""
    return {rule.code: rule for rule in entries}


def shown(value: object) -> str:
    """Return a value as it fits into one table cell: one line, visible, not endless."""
    if not isinstance(value, str):
        return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
    visible = _INVISIBLE.sub("�", value[: _VALUE_LENGTH + 1])
    return visible if len(visible) <= _VALUE_LENGTH else visible[:_VALUE_LENGTH] + "…"


def problems(
    positions: Sequence[int] | pd.Index, column: str, values: Iterable[object], code: str
) -> pd.DataFrame:
    """Return one problem per position, with columns position, column, value, code."""
    return pd.DataFrame(
        {
            "position": pd.Series(positions, dtype="int64"),
            "column": pd.Series([column] * len(positions), dtype="str"),
            "value": pd.Series([shown(value) for value in values], dtype="str"),
            "code": pd.Series([code] * len(positions), dtype="str"),
        }
    )


def none_found() -> pd.DataFrame:
    """Return a frame of problems without any."""
    return problems([], "", [], "")


def explain(
    rejects: pd.DataFrame, known: Mapping[str, Rule], *, language: Language
) -> pd.DataFrame:
    """
    Write ``rule`` and ``hint`` of each reject in ``language``.

    Parameters
    ----------
    rejects
        Columns ``code`` and ``column``; others are kept.
    known
        The rules that ``code`` may name.

    Returns
    -------
    explained
        Copy: n rows, same index and order.
    """
    pairs = list(zip(rejects["code"], rejects["column"], strict=True))
    texts = {pair: _texts(known[pair[0]], pair[1], language) for pair in set(pairs)}
    return rejects.assign(
        rule=pd.Series([texts[pair][0] for pair in pairs], index=rejects.index, dtype="str"),
        hint=pd.Series([texts[pair][1] for pair in pairs], index=rejects.index, dtype="str"),
    )


def _texts(rule: Rule, column: str, language: Language) -> tuple[str, str]:
    translate = translator(language)
    details = _details(column, language)
    hint = rule.hints.get(column, rule.hint)
    return translate(rule.sentence).format(**details), translate(hint).format(**details)


def _details(name: str, language: Language) -> dict[str, str]:
    column = BY_NAME.get(name)
    if column is None:  # a rule about several columns or about the whole line
        return dict.fromkeys(("minimum", "maximum", "unit", "codes", "length", "form"), "")
    bounds = {"minimum": column.minimum, "maximum": column.maximum}
    is_year = column.dtype == "integer"
    written = {
        key: "" if value is None else
        (str(int(value)) if is_year else number(value, language, decimals=value % 1 > 0))
        for key, value in bounds.items()
    }  # fmt: skip
    return written | {
        "unit": column.unit,
        "codes": COLUMN_SEPARATOR.join(column.codes),
        "length": number(column.max_length, language),
        "form": translator(language)(column.form) if column.form else "",
    }

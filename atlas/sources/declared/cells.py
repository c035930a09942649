"""One record becomes one row: texts translated, numbers and dates read, the rest told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from atlas.schema.columns import BY_NAME, LIST_SEPARATOR, Column
from atlas.sources import values
from atlas.sources.declared.mapping import ANY, NOT_A_SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from atlas.sources.declared.mapping import Mapping, Rule

_YES_NO: Final = {
    "ja": "true", "j": "true", "yes": "true", "y": "true", "1": "true", "true": "true",
    "wahr": "true", "x": "true", "nein": "false", "n": "false", "no": "false", "0": "false",
    "false": "false", "falsch": "false",
}  # fmt: skip
_DECIMALS: Final = 4


class NotASpaceError(Exception):
    """The mapping says that records with this value do not belong into the table."""

    def __init__(self, column: str, value: str) -> None:
        self.column = column
        self.value = value
        super().__init__(f"{column}: {value}")


@dataclass
class Notes:
    """
    What a mapping left behind: (column of the table, value of the source) → how often.

    Attributes
    ----------
    untranslated
        Values of a code column that no translation takes.
    unread
        Texts that are no number, date or web address, out of range, or hold a mail address.
    """

    untranslated: Counter[tuple[str, str]] = field(default_factory=Counter)
    unread: Counter[tuple[str, str]] = field(default_factory=Counter)


def row(record: dict[str, str], mapping: Mapping, notes: Notes) -> dict[str, str | None]:
    """
    Return the mapped columns of a record; what cannot be read is left out and noted.

    Raises
    ------
    NotASpaceError
        If a translation sets the record aside.
    """
    mapped: dict[str, str | None] = dict(mapping.constants)
    for name, rule in mapping.columns.items():
        text = rule.text(record)
        cell = _cell(text, rule, mapping, notes, BY_NAME[name]) if text else None
        if cell:
            mapped[name] = cell
    return mapped


def _cell(text: str, rule: Rule, mapping: Mapping, notes: Notes, column: Column) -> str | None:
    text = _part(text, rule.part)
    if rule.codes or column.dtype in ("code", "codes", "boolean"):
        return _translated(text, rule, notes, column)
    read = _READERS.get(column.dtype, _text)
    cell = read(text, rule, mapping, column) if text else None
    if text and cell is None:
        notes.unread[column.name, values.clean(text)[:80]] += 1
    return cell


def _part(text: str, part: str) -> str:
    if part in ("street", "house_number"):
        return values.street_and_number(text)[part == "house_number"]
    if part in ("postcode", "town"):
        return values.postcode_and_town(text)[part == "town"]
    return text


def _translated(text: str, rule: Rule, notes: Notes, column: Column) -> str | None:
    parts = text.split(rule.separator) if rule.separator else [text]
    found = [_code(part.strip(), rule, notes, column) for part in parts if part.strip()]
    codes = dict.fromkeys(code for texts in found for code in texts.split(LIST_SEPARATOR) if code)
    return LIST_SEPARATOR.join(codes) or None


def _code(text: str, rule: Rule, notes: Notes, column: Column) -> str:
    code = rule.codes.get(text, rule.folded_codes.get(text.casefold()))
    if code is None and not rule.codes:
        # Without a translation the source has to speak our codes, or yes and no.
        own = (
            _YES_NO
            if column.dtype == "boolean"
            else {code.casefold(): code for code in column.codes}
        )
        code = own.get(text.casefold())
    if code is None:
        code = rule.codes.get(ANY)
    if code == NOT_A_SPACE:
        raise NotASpaceError(rule.origins[0], text)
    if code is None:
        notes.untranslated[column.name, values.clean(text)[:80]] += 1
    return code or ""


def _text(text: str, _rule: Rule, _mapping: Mapping, column: Column) -> str | None:
    if column.name == "website":
        return values.web_address(text)
    text = values.clean(text)
    # One cell in another form must not cost the row: it is left out and told.
    is_in_form = not column.pattern or re.fullmatch(column.pattern, text)
    return text if is_in_form and not values.has_email(text) else None


def _number(text: str, rule: Rule, mapping: Mapping, column: Column) -> str | None:
    # A unit behind the number says what the column's name says, too.
    for unit in filter(None, (column.unit, "qm", "m2", "€", "EUR", "m")):
        text = text.removesuffix(unit).strip()
    value = values.number(text, decimal=mapping.decimal)
    fits = None if value is None else values.in_range(column.name, value * rule.factor)
    return None if fits is None else values.number_text(fits, decimals=_DECIMALS)


def _date(text: str, rule: Rule, mapping: Mapping, _column: Column) -> str | None:
    return values.date(text, (*rule.dates, *mapping.dates))


_READERS: Final[dict[str, Callable[[str, Rule, Mapping, Column], str | None]]] = {
    "number": _number,
    "integer": _number,
    "date": _date,
}

"""Sentences and labels that are computed: counts, ages, places, states."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from babel.dates import format_skeleton

from atlas import vocabulary as v
from atlas.i18n import LOCALES, day, number, percent, plural, translator
from atlas.schema import split_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.schema import Column
    from atlas.vocabulary import Language

_MONTH_LENGTH: Final = 7
_YEAR_LENGTH: Final = 4
_MONTHS_SHOWN: Final = 24
_DAYS_SHOWN: Final = 60
_KILOMETRE: Final = 1000


def known(value: object) -> bool:
    """Return whether a cell holds a value."""
    return not (value is None or value is pd.NA or value is pd.NaT or value != value)  # noqa: PLR0124 (NaN)


@dataclass(frozen=True, slots=True)
class Words:
    """Texts in one language."""

    language: Language

    def __call__(self, message: str, **params: object) -> str:
        """Translate a message id and fill its placeholders."""
        text = translator(self.language)(message)
        return text.format(**params) if params else text

    def count(self, singular: str, several: str, count: int) -> str:
        """Return the plural form for ``count``."""
        return plural(self.language, singular, several, count)

    def number(self, value: float, *, decimals: int = 0) -> str:
        """Format a number."""
        return number(value, self.language, decimals=decimals)

    def percent(self, share: float) -> str:
        """Format a share (0.96) in percent."""
        return percent(share, self.language)

    def label(self, terms: Mapping[str, v.Term], code: object) -> str:
        """Return the label of a code, or the code itself if the list does not know it."""
        return terms[str(code)].label(self.language) if str(code) in terms else str(code)

    def labels(self, terms: Mapping[str, v.Term], codes: object) -> str:
        """Return the labels of a cell that holds a list of codes."""
        parts = split_codes(pd.Series([codes], dtype="str"))[0]
        return ", ".join(self.label(terms, code) for code in parts)

    def date(self, value: object) -> str:
        """Format a partial date no more exactly than it is given: 2024, März 2024, 05.03.2024."""
        text = str(value)
        if len(text) == _YEAR_LENGTH:
            return text
        first = dt.date.fromisoformat((text + "-01")[:10])
        if len(text) == _MONTH_LENGTH:
            return format_skeleton("yMMMM", first, locale=LOCALES[self.language])
        return day(first, self.language)

    def age(self, observed: object, today: dt.date) -> str:
        """
        Say how long ago something was observed, no more exactly than it is dated.

        Parameters
        ----------
        observed
            A partial date; missing means undated.
        """
        if not known(observed):
            return self("ohne Datum")
        text = str(observed)
        first = dt.date.fromisoformat((text + "-01-01")[:10])
        years = today.year - first.year
        months = 12 * years + today.month - first.month
        if len(text) == _YEAR_LENGTH:
            return self._years(years)
        if len(text) == _MONTH_LENGTH or (today - first).days >= _DAYS_SHOWN:
            return self._months(months - (len(text) > _MONTH_LENGTH and first.day > today.day))
        days = (today - first).days
        return self.count("vor {n} Tag", "vor {n} Tagen", days) if days > 0 else self("heute")

    def _years(self, years: int) -> str:
        if years <= 0:
            return self("in diesem Jahr")
        return self.count("vor {n} Jahr", "vor {n} Jahren", years)

    def _months(self, months: int) -> str:
        if months >= _MONTHS_SHOWN:
            return self._years(months // 12)
        if months <= 0:
            return self("in diesem Monat")
        return self.count("vor {n} Monat", "vor {n} Monaten", months)

    def distance(self, metres: float) -> str:
        """Format a distance: 850 m, 1,4 km."""
        if metres < _KILOMETRE:
            return f"{self.number(round(metres, -1))} m"
        kilometres = round(metres / _KILOMETRE, 1)
        return f"{self.number(kilometres, decimals=0 if kilometres == int(kilometres) else 1)} km"

    def cell(self, column: Column, value: Any) -> str:  # noqa: ANN401 (any cell)
        """Format the value of a column with its unit."""
        if column.dtype == "boolean":
            return self("ja") if value else self("nein")
        if column.dtype == "number":
            return self._quantity(float(value), column.unit)
        readers = {
            "code": lambda: self.label(column.codes, value),
            "codes": lambda: self.labels(column.codes, value),
            "date": lambda: self.date(value),
        }
        return readers.get(column.dtype, lambda: str(value))()

    def _quantity(self, value: float, unit: str) -> str:
        if unit == "%":
            return self.percent(value / 100)
        decimals = 0 if value == int(value) else 2
        return f"{self.number(value, decimals=decimals)} {unit.replace(' month', self('/Monat'))}"

    def column(self, column: Column) -> str:
        """Return the label of a column."""
        return column.en if self.language == "en" else column.de

    def address(self, row: Mapping[str, Any]) -> str:
        """Return street, postcode and town as far as they are known."""
        street = " ".join(str(row[k]) for k in ("street", "house_number") if known(row[k]))
        town = " ".join(str(row[k]) for k in ("postcode", "municipality") if known(row[k]))
        if known(row["locality"]):
            town = f"{town}-{row['locality']}"
        return ", ".join(part for part in (street, town) if part)

    def availability(self, row: Mapping[str, Any]) -> str:
        """Say whether, from when and until when the space can be had."""
        text = self.label(v.AVAILABILITY, row["availability"])
        if row["availability"] == "from_date" and known(row["available_from"]):
            text = self("ab {date}", date=self.date(row["available_from"]))
        if row["availability"] == "interim_until" and known(row["available_until"]):
            text = self("Zwischennutzung bis {date}", date=self.date(row["available_until"]))
        return text

    def result(self, count: int, total: int, unplaced: int) -> str:
        """Say how many spaces match and how many of them have no location."""
        if count == total:
            first = self.count("{n} Ort", "{n} Orte", total)
        else:
            first = self("{count} von {total} Orten", count=self.number(count),
                         total=self.number(total))  # fmt: skip
        if not unplaced:
            return first
        rest = self.count("{n} ohne Lage auf der Karte", "{n} ohne Lage auf der Karte", unplaced)
        return f"{first}; {rest}"

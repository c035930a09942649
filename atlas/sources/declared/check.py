"""What ``atlas source check`` shows: the first rows as mapped, and what could not be mapped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.i18n import translator
from atlas.schema import types
from atlas.schema.frame import COLUMN_RULES, check_columns
from atlas.schema.intake import INTAKE_RULES
from atlas.schema.problems import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from atlas.sources.declared.parse import Parsed
    from atlas.vocabulary import Language

FIRST: Final = 10
_MOST: Final = 20


@dataclass(frozen=True)
class Finding:
    """One thing that a mapping left behind: a sentence, and what it is about."""

    sentence: str
    details: tuple[str, ...]


def first_rows(parsed: Parsed) -> pd.DataFrame:
    """Return the first ten rows, only with the columns that any of them fills."""
    rows = parsed.intake.cells.head(FIRST)
    return rows.loc[:, rows.notna().any()].fillna("")


def summary(parsed: Parsed, language: Language) -> str:
    """Return one sentence: how many records became rows, in which system they lie."""
    text = translator(language)(
        "{read} Einträge gelesen: {rows} Zeilen, {faults} zurückgestellt; Koordinaten: {crs}."
    )
    intake = parsed.intake
    return text.format(
        read=intake.read, rows=len(intake.cells), faults=len(intake.faults), crs=parsed.crs or "–"
    )


def findings(parsed: Parsed, language: Language) -> list[Finding]:
    """Return what could not be mapped: records, codes, texts and columns, most frequent first."""
    return list(_findings(parsed, language))


def _findings(parsed: Parsed, language: Language) -> Iterator[Finding]:
    translate = translator(language)
    faults = parsed.intake.faults
    for code, count in Counter(faults["code"]).most_common():
        rule = INTAKE_RULES[code]
        of_it = faults[faults["code"] == code]
        examples = Counter(zip(of_it["column"], of_it["value"], strict=True)).most_common(_MOST)
        yield Finding(
            f"{count} × {translate(rule.sentence)} {translate(rule.hint)}",
            tuple(f"{column}: {value} ({n})" for (column, value), n in examples if column),
        )
    yield from _rejected(parsed, language)
    told = (
        (translate("Werte ohne Übersetzung; in [columns] unter codes ergänzen:"),
         parsed.notes.untranslated),
        (translate("Werte, die nicht lesbar sind oder nicht in die Tabelle gehören:"),
         parsed.notes.unread),
    )  # fmt: skip
    for sentence, counts in told:
        if counts:
            listed = counts.most_common(_MOST)
            yield Finding(sentence, tuple(f"{name}: {value} ({n})" for (name, value), n in listed))
    if parsed.unused:
        yield Finding(translate("Spalten der Quelle, die das Mapping nicht liest:"), parsed.unused)


def _rejected(parsed: Parsed, language: Language) -> Iterator[Finding]:
    """Tell which mapped cells break a rule of their column, so that the build would reject them."""
    texts = parsed.intake.cells.reset_index(drop=True)
    typed, malformed = types.parse(texts)
    found = pd.concat([malformed, check_columns(typed, texts)], ignore_index=True)
    # The build finds the municipality by name or location.
    is_later = found["column"].isin(["ags", "municipality"]) & (found["code"] == "required")
    explained = explain(
        found[~is_later], {**types.TYPE_RULES, **COLUMN_RULES}, language=language
    )  # fmt: skip
    for (column, rule, hint), cases in explained.groupby(["column", "rule", "hint"], sort=False):
        examples = Counter(cases["value"]).most_common(_MOST)
        yield Finding(
            f"{len(cases)} × {column}: {rule} {hint}",
            tuple(f"{column}: {value} ({n})" for value, n in examples),
        )

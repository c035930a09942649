"""How figures of areas are written for people, in charts and on pages alike."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from atlas import vocabulary as v
from atlas.analysis.facts import TYPE
from atlas.i18n import number, percent, plural, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.analysis.choice import Choice
    from atlas.vocabulary import Language


def region(language: Language) -> str:
    """Return the name of all municipalities together."""
    return translator(language)("Ruhrgebiet")


def group_label(group: str, language: Language) -> str:
    """Return the label of what a figure is split by; empty where it is not."""
    return _terms()[group].label(language) if group else ""


@cache
def _terms() -> Mapping[str, v.Term]:
    types = {f"{TYPE}{code}": term for code, term in v.TYPES.items()}
    return {**v.KINDS, **v.TYPE_GROUPS, **types, "vacant": v.VACANCY["vacant"]}


def title(choice: Choice, language: Language) -> str:
    """Return indicator and group in one line."""
    label = v.INDICATORS[choice.indicator].label(language)
    group = group_label(choice.group, language)
    return f"{label}: {group}" if group else label


def value_text(indicator: str, value: float, language: Language) -> str:
    """
    Return a figure with its unit: 0,85, 50 %, 1.974 Tage; a dash where there is none.

    Parameters
    ----------
    indicator
        Code of `atlas.vocabulary.INDICATORS`.
    value
        As in ``value`` of the tidy figures.
    """
    if math.isnan(value):
        return "–"
    known = v.INDICATORS[indicator]
    if known.unit == "%":
        return percent(value, language)
    if known.unit == "d":
        return plural(language, "{n} Tag", "{n} Tage", round(value))
    return number(value, language, decimals=known.decimals)


def interval_text(low: float, high: float, language: Language) -> str:
    """Return an interval of shares: 19–81 %; empty where there is none."""
    if math.isnan(low):
        return ""
    return f"{number(100 * low, language)}–{percent(high, language)}"

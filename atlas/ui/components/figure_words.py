"""Figures of areas in words: value, what it rests on, of when it is, how far to trust it."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from atlas.analysis.figures import SMALL_COUNT, SMALL_EXPECTED, SMALL_OBSERVATIONS
from atlas.analysis.texts import interval_text, title, value_text
from atlas.i18n import marked as _
from atlas.ui.markup import Child, Html, el, icon, join
from atlas.ui.words import known

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from atlas.analysis.choice import Choice
    from atlas.ui.words import Words

_BASES: Final[Mapping[str, str]] = {
    "spaces_per_10000": _("{numerator} auf {denominator} Einwohner"),
    "spaces_per_km2": _("{numerator} auf {denominator} km²"),
    "location_quotient": _("{numerator}, zu erwarten {denominator}"),
    "vacancy_rate": _("{numerator} von {denominator} beobachteten"),
    "demolished": _("Zeilen: {denominator}"),
    "located_share": _("{numerator} von {denominator}"),
    "stated_share": _("{numerator} von {denominator}"),
    "dated_share": _("{numerator} von {denominator}"),
    "observation_age_days": _("datierte Beobachtungen: {denominator}"),
    "type_entropy": _("Typen: {numerator}, Orte: {denominator}"),
    "effective_types": _("Typen: {numerator}, Orte: {denominator}"),
}
"""What divides by what, by indicator."""
_DECIMALS: Final = {"spaces_per_km2": 2, "location_quotient": 1}
_REASONS: Final[Mapping[str, str]] = {
    "location_quotient": _("Bei weniger als {bound} zu erwartenden Orten sagt der Quotient wenig."),
    "vacancy_rate": _("Bei weniger als {bound} Beobachtungen ist das 95-%-Intervall breiter als "
                      "40 Prozentpunkte."),
}  # fmt: skip
_COUNT_REASON: Final = _(
    "Bei weniger als {bound} ändert ein Ort mehr oder weniger die Kennzahl um mehr als ein Zehntel."
)


def small_reason(choice: Choice, say: Words) -> str:
    """Say why a small number is small, with its bound."""
    bounds = {"location_quotient": SMALL_EXPECTED, "vacancy_rate": SMALL_OBSERVATIONS}
    bound = say.number(bounds.get(choice.indicator, SMALL_COUNT))
    return say(_REASONS.get(choice.indicator, _COUNT_REASON)).format(bound=bound)


def value(row: Mapping[Hashable, Any], say: Words) -> str:
    """Return the figure with its interval: 50 % (19–81 %); a dash where there is none."""
    text = value_text(row["indicator"], row["value"], say.language)
    interval = interval_text(row["low"], row["high"], say.language)
    return f"{text} ({interval})" if interval else text


def basis(row: Mapping[Hashable, Any], say: Words) -> str:
    """Return what divides by what; empty for plain counts and where there is no figure."""
    if row["indicator"] not in _BASES or not known(row["value"]):
        return ""
    decimals = _DECIMALS.get(row["indicator"], 0)
    parts = {
        "numerator": say.number(row["numerator"]) if known(row["numerator"]) else "",
        "denominator": say.number(row["denominator"], decimals=decimals),
    }
    return say(_BASES[row["indicator"]]).format(**parts)


def as_of(row: Mapping[Hashable, Any], say: Words) -> str:
    """Return of when a figure is: a date, or the first and the last one."""
    dates = [say.date(date) for date in str(row["as_of"]).split("/") if date]
    if not dates:
        return say("ohne Datum")
    return say("{first} bis {last}", first=dates[0], last=dates[1]) if len(dates) > 1 else dates[0]


def small_flag(row: Mapping[Hashable, Any], say: Words) -> Html | None:
    """Return the mark of a small number."""
    if not row["is_small"]:
        return None
    return el("span", icon("warning"), say("kleine Zahl"), class_="ra-small")


def cell(row: Mapping[Hashable, Any], say: Words, *, surveyed: bool = True) -> Child:
    """Return a figure as a cell: value, flag, what it rests on and of when it is."""
    if not known(row["value"]):
        text = say("keine Angabe") if surveyed else say("nicht erhoben")
        return el("span", text, class_="ra-unknown")
    rests = " · ".join(filter(None, [basis(row, say), as_of(row, say)]))
    return join([
        el("span", el("b", value(row, say)), " ", small_flag(row, say), class_="ra-figure"),
        el("span", rests, class_="ra-muted ra-when"),
    ])  # fmt: skip


def sentence(figures: pd.DataFrame, choice: Choice, say: Words, *, reference: str) -> list[str]:
    """
    Say in plain words what the chart of a figure shows.

    Parameters
    ----------
    figures
        Tidy figures; those of ``reference``, an ``area_id``, are what the others are compared with.

    Returns
    -------
    sentences
        Who has how much; what has no figure; what is small and why; whether a
        difference may be chance.
    """
    rows = choice.rows(figures)
    whole = rows[rows["area_id"] == reference].to_dict("records")
    places = rows[rows["area_id"] != reference]
    have = places[places["value"].notna()].sort_values("value", ascending=False, kind="stable")
    missing = places.loc[places["value"].isna(), "area_name"]
    small = have.loc[have["is_small"], "area_name"]
    ranked = have.to_dict("records")
    told = [_ranked(ranked, title(choice, say.language), say)]
    told += [f"{row['area_name']}: {_told(row, say)}." for row in whole if known(row["value"])]
    if len(missing):
        told.append(say("Keine Angabe für {names}.", names=", ".join(missing)))
    if len(small):
        told.append(say("Kleine Zahlen: {names}.", names=", ".join(small)))
        told.append(small_reason(choice, say))
    if len(ranked) > 1 and not _equal(ranked) and _may_be_chance(have):
        told.append(say("Die Intervalle des höchsten und des niedrigsten Wertes überschneiden "
                        "sich: Der Unterschied kann Zufall sein."))  # fmt: skip
    return told


def _told(row: Mapping[Hashable, Any], say: Words) -> str:
    """Return the figure and its interval for a sentence."""
    text = value_text(row["indicator"], row["value"], say.language)
    interval = interval_text(row["low"], row["high"], say.language)
    return say("{value}, Intervall {interval}", value=text, interval=interval) if interval else text


def _ranked(rows: list[Any], figure: str, say: Words) -> str:
    """Say who has how much; places whose figure reads the same share a rank."""
    if not rows:
        return say("„{figure}“: für keinen dieser Orte gibt es eine Angabe.", figure=figure)
    read = groupby(rows, lambda row: value_text(row["indicator"], row["value"], say.language))
    ranks = [list(equal) for _, equal in read]
    texts = [_together(rank, say) for rank in ranks]
    if len(rows) == 1:
        return say("„{figure}“: {name}.", figure=figure, name=texts[0])
    if len(ranks) > 1:
        return say("„{figure}“ ist am höchsten in {first}, dann in {rest}.", figure=figure,
                   first=texts[0], rest=", ".join(texts[1:]))  # fmt: skip
    if not _equal(rows):
        return say("„{figure}“ ist überall fast gleich: {names}.", figure=figure, names=texts[0])
    return say("„{figure}“ ist überall gleich: {names}.", figure=figure, names=texts[0])


def _together(rows: list[Any], say: Words) -> str:
    """Return places of one rank: A (4), or A und B (je 4)."""
    told = [_told(row, say) for row in rows]
    if len(rows) == 1:
        return f"{rows[0]['area_name']} ({told[0]})"
    if len(set(told)) == 1:
        names = _listed([row["area_name"] for row in rows], say)
        return say("{names} (je {value})", names=names, value=told[0])
    # The same share of more observations has a narrower interval.
    each = [f"{row['area_name']} ({text})" for row, text in zip(rows, told, strict=True)]
    return _listed(each, say)


def _listed(names: list[str], say: Words) -> str:
    return say("{names} und {last}", names=", ".join(names[:-1]), last=names[-1])


def _equal(rows: list[Any]) -> bool:
    """Return whether the first and the last row have one figure, but for errors of floats."""
    return math.isclose(rows[0]["value"], rows[-1]["value"])


def _may_be_chance(have: pd.DataFrame) -> bool:
    """Return whether the intervals of the first and the last row overlap."""
    if have["low"].isna().any():
        return False
    return bool(have["low"].iloc[0] <= have["high"].iloc[-1])

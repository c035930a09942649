"""Choosing places and the figure that chart and map show: plain selects, in the planner's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from atlas import vocabulary as v
from atlas.analysis.choice import GROUPS_OF, Choice, PlacesAsked, TownAsked
from atlas.analysis.compare import FEWEST, MOST
from atlas.analysis.facts import TYPES
from atlas.analysis.texts import group_label
from atlas.text import fold
from atlas.ui import question
from atlas.ui.markup import Html, el
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import pandas as pd

    from atlas.ui.words import Words

_MOST_QUARTERS: Final = 200
"""Quarters that a list offers; a link may name any other. The region has twenty."""
_ANSWERED: Final = "compare_form_answered"
_FIELDS: Final = tuple(f"place{number}" for number in range(1, MOST + 1))


def compare_form(asked: PlacesAsked, places: pd.DataFrame, say: Words) -> None:
    """Draw the form of the page Compare; a change asks anew."""

    def take(form: dict[str, Any]) -> None:
        fields = [str(form.get(name, "")) for name in _FIELDS]
        chosen = PlacesAsked(chosen_places(asked.keys, fields), _choice(form))
        question.ask("compare", chosen.to_params())
        st.session_state[_ANSWERED] = form.get("at", 0)

    named = [*asked.keys, *[""] * MOST]
    fields = [
        _field(name, say("Ort {n}", n=number + 1), _places(places, named[number], number, say))
        for number, name in enumerate(_FIELDS)
    ]
    form = el("form", *fields, *_figure(asked.choice, say), class_="ra-form",
              aria_label=say("Was verglichen wird"), autocomplete="off")  # fmt: skip
    # A choice that was not taken leaves the markup as it is: what changes makes the fields
    # show again what is compared.
    panel("compare_form", form, on_form=take, setup={"at": st.session_state.get(_ANSWERED, 0)})


def chosen_places(before: Sequence[str], fields: Sequence[str]) -> tuple[str, ...]:
    """
    Return the places that a form names; one that is chosen again replaces no other.

    Parameters
    ----------
    before
        Keys that the fields showed, in their order.
    fields
        Keys that they show now, empty for none.

    Returns
    -------
    keys
        Those of the fields in their order, then what was chosen again, so that the page says so.
    """
    shown = [*before, *[""] * len(fields)][: len(fields)]
    kept = {key for key, was in zip(fields, shown, strict=True) if key and key == was}
    places, again = [], []
    for key, was in zip(fields, shown, strict=True):
        if key and key != was and key in kept:
            again.append(key)
            places.append(was)
        else:
            places.append(key)
            kept.add(key)
    return (*dict.fromkeys(filter(None, places)), *again)


def profile_form(asked: TownAsked, towns: pd.DataFrame, say: Words) -> None:
    """Draw the form of the page Profile; a change asks anew."""

    def take(form: dict[str, Any]) -> None:
        chosen = TownAsked(str(form.get("town", "")), _choice(form))
        question.ask("profile", chosen.to_params())

    field = _field("town", say("Stadt oder Gemeinde"), _towns(towns, asked.ags, say))
    form = el("form", field, *_figure(asked.choice, say), class_="ra-form",
              aria_label=say("Wessen Profil"), autocomplete="off")  # fmt: skip
    panel("profile_form", form, on_form=take)


def _choice(form: dict[str, Any]) -> Choice:
    return Choice.of(str(form.get("indicator", "")), str(form.get("group", "")))


def _field(name: str, label: str, options: Iterable[Html], *, wide: bool = False) -> Html:
    return el(
        "label", el("span", label, class_="ra-legend"),
        el("select", *options, name=name, class_="ra-select", id=f"field-{name}"),
        class_="ra-field ra-wide" if wide else "ra-field",
    )  # fmt: skip


def _option(value: str, label: str, chosen: str) -> Html:
    return el("option", label, value=value, selected=value == chosen)


def _group(label: str, options: Sequence[Html]) -> Html:
    return el("optgroup", *options, label=label)


def _places(places: pd.DataFrame, chosen: str, number: int, say: Words) -> list[Html]:
    """Return what a place can be; the first ones have to be one, the others need not."""
    quarters = places["level"] == "quarter"
    offered = ~quarters | (quarters.cumsum() <= _MOST_QUARTERS) | (places["key"] == chosen)
    by = {
        level: [_option(row["key"], _place_name(row), chosen) for row in rows.to_dict("records")]
        for level, rows in places[offered].groupby("level")
    }
    nobody = (
        [_option("", say("– kein weiterer –"), chosen)] if number >= FEWEST or not chosen else []
    )
    titles = {"municipality": say("Städte und Gemeinden"), "quarter": say("Quartiere")}
    return [*nobody, *(_group(title, by[level]) for level, title in titles.items() if level in by)]


def _place_name(row: Any) -> str:  # noqa: ANN401 (a row)
    name = str(row["name"])
    return name if row["level"] == "municipality" else f"{name} ({row['municipality']})"


def _towns(towns: pd.DataFrame, chosen: str, say: Words) -> list[Html]:
    ordered = towns.sort_values("name", key=lambda names: names.map(fold))
    alone = ordered["name"] == ordered["district_name"]
    groups = {say("Kreisfreie Städte"): ordered[alone]}
    groups |= {str(title): rows for title, rows in ordered[~alone].groupby("district_name")}
    return [
        _group(str(title), [_option(row["ags"], str(row["name"]), chosen)
                            for row in rows.to_dict("records")])
        for title, rows in groups.items() if len(rows)
    ]  # fmt: skip


def _figure(choice: Choice, say: Words) -> list[Html]:
    figures = [_option(code, term.label(say.language), choice.indicator)
               for code, term in v.INDICATORS.items()]  # fmt: skip
    drawn = [_field("indicator", say("Kennzahl in Diagramm und Karte"), figures, wide=True)]
    groups = GROUPS_OF[choice.indicator]
    if len(groups) > 1:
        drawn.append(_field("group", say("Davon nur"), _groups(groups, choice, say)))
    return drawn


def _groups(groups: Sequence[str], choice: Choice, say: Words) -> list[Html]:
    """Return the groups of an indicator, kinds and types under their headings."""
    everything = {"": say("alle")}
    if choice.indicator == "vacancy_rate":
        everything = {"": say("ganz oder teilweise leer"), "vacant": say("ganz leer")}
    plain = [_option(code, label, choice.group) for code, label in everything.items()
             if code in groups]  # fmt: skip
    parts: dict[str, Collection[str]] = {
        say("Art"): v.KINDS, say("Typ"): v.TYPE_GROUPS, say("Typ im Einzelnen"): TYPES,
    }  # fmt: skip
    split = {
        title: [_option(code, group_label(code, say.language), choice.group)
                for code in groups if code in codes]
        for title, codes in parts.items()
    }  # fmt: skip
    return [*plain, *(_group(title, options) for title, options in split.items() if options)]

"""The filters in the sidebar: one form of native controls with live counts."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from atlas import vocabulary as v
from atlas.query import CODE_FIELDS, Filters, facets
from atlas.text import fold
from atlas.ui import state
from atlas.ui.components import near
from atlas.ui.components.labels import (
    FIELD_TITLES,
    FIRST_FIELDS,
    MORE_FIELDS,
    TERMS_OF_FIELD,
    option_label,
)
from atlas.ui.components.swatch import group_mark, vacancy_mark
from atlas.ui.markup import Html, el, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from atlas.ui.state import View
    from atlas.ui.words import Words

_OPEN: Final = frozenset({"groups", "vacancy"})
_OUTSIDE_SCALE: Final = tuple(code for code in v.VACANCY if code not in v.VACANCY_SCALE)


def sidebar(view: View, say: Words) -> None:
    """Draw the filters; a change reruns the page."""
    with st.sidebar:
        st.text_input(
            say("Suchen"),
            key=state.TEXT_KEY,
            bind="query-params",
            placeholder=say("Name, Straße, Ortsteil, frühere Nutzung"),
            max_chars=100,
        )
        panel("filters", _form(view, say), on_form=_take, on_event=_event)


def _event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    if name.startswith("near_"):
        near.event(name, str(value))
    if name == "all_of":
        _choose_district(str(value))


def _choose_district(code: str) -> None:
    """Choose all municipalities of a Kreis, or none if all are chosen already."""
    towns = state.data().atlas.municipalities
    members = frozenset(towns.loc[towns["district_code"] == code, "ags"])
    chosen = state.filters().municipalities
    new = chosen - members if members <= chosen else chosen | members
    state.set_filters(dataclasses.replace(state.filters(), municipalities=new))


def _take(form: Mapping[str, Any]) -> None:
    """Take over what the form says; everything that it does not hold stays as it is."""
    params: dict[str, Any] = dict(state.filters().to_params())
    for key, value in form.items():
        if key in state.FILTER_PARAMS:
            params[key] = value
    for name in ("area", "rent"):
        unknown = f"{name}_unknown"
        params[unknown] = ["1"] if form.get(unknown) else ["0"]
    new = Filters.from_params(params)
    moved = (new.municipalities, new.near) != (
        state.filters().municipalities,
        state.filters().near,
    )
    state.set_filters(new, fit=moved)


def _form(view: View, say: Words) -> Html:
    counts = facets(view.atlas.spaces, view.filters, today=view.today, words=view.data.words)
    first = [_facet(name, counts[name], view, say) for name in FIRST_FIELDS]
    more = [_facet(name, counts[name], view, say) for name in MORE_FIELDS]
    ranges = [_range(name, view.filters, say) for name in ("area", "rent")]
    active = set(view.filters.active_fields) & {*MORE_FIELDS, "area", "rent"}
    return el(
        "form",
        near.controls(view, say),
        *first,
        el(
            "details",
            el("summary", el("span", say("Mehr Filter")), _number(len(active)),
               class_="ra-summary ra-summary-more"),
            join([*ranges, *more]),
            class_="ra-more", id="more-filters", open=bool(active),
        ),
        class_="ra-filters", role="search", aria_label=say("Filter"), autocomplete="off",
    )  # fmt: skip


def _number(count: int) -> Html | None:
    return el("span", count, class_="ra-badge") if count else None


def _facet(name: str, counts: Mapping[str, int], view: View, say: Words) -> Html:
    chosen = view.filters.codes(name)
    body = (
        _towns(counts, view, say)
        if name == "municipalities"
        else _options(name, _codes(name, counts, view), counts, view, say)
    )
    return el(
        "details",
        el("summary", el("span", say(FIELD_TITLES[name])), _number(len(chosen)),
           class_="ra-summary"),
        el("fieldset", el("legend", say(FIELD_TITLES[name]), class_="ra-sr"), body,
           class_="ra-fieldset", data_options=True),
        class_="ra-facet", id=f"facet-{name}", open=name in _OPEN or bool(chosen),
    )  # fmt: skip


def _codes(name: str, counts: Mapping[str, int], view: View) -> list[str]:
    """Return the options to offer: long lists without the ones that nothing has."""
    if name == "districts":
        towns = view.atlas.municipalities
        several = towns.groupby("district_code")["ags"].size()
        return [code for code in several.index if several[code] > 1]
    codes = list(TERMS_OF_FIELD[name])
    if name in ("types", "programmes", "sectors"):
        return [code for code in codes if counts.get(code) or code in view.filters.codes(name)]
    return codes


def _options(
    name: str, codes: Iterable[str], counts: Mapping[str, int], view: View, say: Words
) -> Html:
    drawn = [_option(name, code, counts.get(code, 0), view, say) for code in codes]
    if name == "vacancy":
        scale = drawn[: len(v.VACANCY_SCALE)]
        rest = drawn[len(v.VACANCY_SCALE) :]
        return join(
            [
                el("div", *scale, class_="ra-scale", data_group=True),
                el("div", *rest, class_="ra-beside", data_group=True),
            ]
        )
    return el("div", *drawn, class_="ra-options", data_group=True)


def _option(name: str, code: str, count: int, view: View, say: Words) -> Html:
    label = option_label(name, code, atlas=view.atlas, say=say)
    mark = None
    if name == "vacancy":
        mark = vacancy_mark(code)
    if name == "groups":
        mark = group_mark(code)
    return el(
        "label",
        el("input", type="checkbox", name=CODE_FIELDS[name].param, value=code,
           checked=code in view.filters.codes(name)),
        mark,
        el("span", label, class_="ra-option-label"),
        el("span", say.number(count), class_="ra-count"),
        class_="ra-option" + ("" if count else " ra-none"),
        data_option=label,
        id=f"option-{name}-{code}",
    )  # fmt: skip


def _towns(counts: Mapping[str, int], view: View, say: Words) -> Html:
    """Draw the municipalities under their Kreis, with a search field on top."""
    towns = view.atlas.municipalities
    groups: dict[str, list[str]] = {}
    for town in towns.sort_values("name", key=lambda names: names.map(fold)).itertuples():
        members = int((towns["district_code"] == town.district_code).sum())
        groups.setdefault(town.district_code if members > 1 else "", []).append(town.ags)
    search = el(
        "input", type="search", class_="ra-input ra-input-small", data_search=True, data_local=True,
        aria_label=say("Stadt suchen"), placeholder=say("Stadt suchen"), id="town-search",
    )  # fmt: skip
    blocks = [
        _district(code, groups[code], counts, view, say)
        for code in sorted(groups, key=lambda code: (code != "", code))
    ]
    return join([search, el("div", *blocks, class_="ra-scroll", tabindex="-1")])


def _district(
    code: str, members: list[str], counts: Mapping[str, int], view: View, say: Words
) -> Html:
    title = option_label("districts", code, atlas=view.atlas, say=say) if code else say(
        "Kreisfreie Städte"
    )  # fmt: skip
    everything = None
    if code:
        everything = el(
            "button", say("alle"), type="button", class_="ra-link", data_event="all_of",
            data_value=code, aria_label=say("Alle im {district} wählen", district=title),
        )  # fmt: skip
    rows = [_option("municipalities", ags, counts.get(ags, 0), view, say) for ags in members]
    return el(
        "div",
        el("div", el("span", title), everything, class_="ra-group-title"),
        *rows,
        class_="ra-group", data_group=True, id=f"district-{code or 'towns'}",
    )  # fmt: skip


def _range(name: str, asked: Filters, say: Words) -> Html:
    bounds = asked.range(name)
    title = say(FIELD_TITLES[name])

    def field(part: str, label: str, value: float | None) -> Html:
        shown = None if value is None else f"{value:g}"
        return el(
            "label", el("span", label, class_="ra-range-label"),
            el("input", type="number", name=f"{name}_{part}", value=shown, min="0", step="any",
               inputmode="decimal", class_="ra-input", aria_label=f"{title}: {label}"),
        )  # fmt: skip

    return el(
        "fieldset",
        el("legend", title, class_="ra-legend"),
        el("div", field("min", say("von"), bounds.minimum), field("max", say("bis"),
           bounds.maximum), class_="ra-range"),
        el("label",
           el("input", type="checkbox", name=f"{name}_unknown", value="1",
              checked=bounds.with_unknown),
           el("span", say("Unbekannt einschließen"), class_="ra-option-label"),
           class_="ra-option"),
        class_="ra-fieldset ra-range-set",
    )  # fmt: skip

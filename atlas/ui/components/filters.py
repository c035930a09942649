"""
The filters in the sidebar: one form of native controls with live counts.

Three parts, because what has not changed is not sent again: the radius search, the form
without counts and choices, and what is to be filled in.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from atlas.query import CODE_FIELDS, RANGE_FIELDS, Filters
from atlas.query.url import format_number
from atlas.settings import PACKAGE
from atlas.ui import address, state
from atlas.ui.components import near, results
from atlas.ui.components.filter_form import FORM_ID, form, offered
from atlas.ui.components.labels import MORE_FIELDS
from atlas.ui.markup import Html, button, el
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.ui.view import View
    from atlas.ui.words import Words


_STYLE: Final = PACKAGE / "assets" / "ui" / "filters.css"


def sidebar(view: View, say: Words) -> None:
    """Draw the filters; a change reruns the page."""
    if state.TEXT_KEY not in st.session_state:  # after a page without the search field
        st.session_state[state.TEXT_KEY] = view.filters.text
    with st.sidebar:
        st.text_input(
            say("Suchen"),
            key=state.TEXT_KEY,
            bind="query-params",
            placeholder=say("Name, Straße, Ortsteil, frühere Nutzung"),
            max_chars=100,
        )
        panel("near", near.controls(view, say), on_form=_take, on_event=near.event,
              setup={"heir": near.heir(view)})  # fmt: skip
        fields(view, say)
        _foot(view, say)


def fields(view: View, say: Words) -> None:
    """Draw the form with its counts and choices."""
    empty = view.data.snapshot.once(f"form {say.language}", lambda: form(view.atlas, say))
    panel("filters", empty, on_form=_take, on_event=_event)
    panel("filter_state", Html(), setup={"fill": _filling(view)})


def _foot(view: View, say: Words) -> None:
    """Draw what a phone shows at the foot of the filters: the way to the result."""
    st.html(_STYLE)
    show = button(
        say.count("{n} Ort zeigen", "{n} Orte zeigen", len(view.rows)), "", kind="primary",
        data_close_filters=True,
    )  # fmt: skip
    reset = (
        button(say("Zurücksetzen"), "reset", kind="link") if view.filters.active_fields else None
    )
    with st.container(key="filter-foot"):
        panel("filter_foot", el("div", show, reset, class_="ra-filter-foot"),
              on_event=_event)  # fmt: skip


def _event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    if name == "all_of":
        _choose_district(str(value))
    elif name == "reset":
        results.event(name, value)


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
        if key in address.FILTER_PARAMS:
            params[key] = value
    for name in RANGE_FIELDS:
        if f"{name}_min" in form:
            params[f"{name}_unknown"] = ["1"] if form.get(f"{name}_unknown") else ["0"]
    new = Filters.from_params(params)
    moved = (new.municipalities, new.near) != (
        state.filters().municipalities,
        state.filters().near,
    )
    state.set_filters(new, fit=moved)
    state.put(form_at=form.get("at", 0))


def _filling(view: View) -> dict[str, Any]:
    """
    Return what the browser writes into the form.

    Counts go in the order of the options. ``at`` says which change of the form is
    answered, so that a later one is not undone by an earlier answer.
    """
    snapshot = view.data.snapshot
    options = snapshot.once("form options", lambda: offered(view.atlas))
    more = set(view.filters.active_fields) & {*MORE_FIELDS, *RANGE_FIELDS}
    return {
        "into": FORM_ID,
        "at": state.form_at(),
        "lang": view.language,
        "counts": [view.counts[name].get(code, 0) for name, code in options],
        "chosen": _chosen(view.filters),
        "values": _bounds(view.filters),
        "more": len(more),
    }


def _chosen(asked: Filters) -> dict[str, list[str]]:
    chosen = {field.param: sorted(asked.codes(name)) for name, field in CODE_FIELDS.items()}
    for name in RANGE_FIELDS:
        chosen[f"{name}_unknown"] = ["1"] if asked.range(name).with_unknown else []
    return {param: codes for param, codes in chosen.items() if codes}


def _bounds(asked: Filters) -> dict[str, str]:
    given = {
        f"{name}_{part}": value
        for name in RANGE_FIELDS
        for part, value in (("min", asked.range(name).minimum), ("max", asked.range(name).maximum))
    }
    return {param: format_number(value)[0] for param, value in given.items() if value is not None}

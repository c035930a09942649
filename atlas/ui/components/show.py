"""The show mode for a projector: one slim bar, one map, one big caption."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

import streamlit as st

from atlas import vocabulary as v
from atlas.text import fold
from atlas.ui import state
from atlas.ui.components import filters, results
from atlas.ui.components.filter_form import FORM_ID
from atlas.ui.components.swatch import vacancy_mark
from atlas.ui.markup import Html, button, el, icon, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.ui.words import Words

_Entry = TypeVar("_Entry")
_COUNTERS: Final = 8
_SUM = re.compile(r"(?P<total>-?\d{1,4}) (?P<since>[0-9a-z]{1,16})")
_KEYS = {"Escape": "escape", "p": "leave", "ArrowLeft": "back", "ArrowRight": "next"}


def event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    """Act on a click or a key in show mode (a callback)."""
    if name == "leave":
        leave()
    elif name == "escape":
        escape()
    elif name in ("back", "next"):
        step(1 if name == "next" else -1)
    elif name == "step":
        counted = _SUM.fullmatch(str(value))
        if counted:
            step_to(int(counted["total"]), since=counted["since"])
    elif name == "by_town":
        state.put(show_by="town", space="")
    elif name == "by_space":
        state.put(show_by="space")
    elif name == "filters":
        state.put(show_filters=not state.recall("show_filters", default=False))
    else:
        results.event(name, value)


def escape() -> None:
    """
    Close what was opened last: the filters, else show mode.

    Decided here and not in the browser, where the filters are in sight before the keys know.
    """
    if state.recall("show_filters", default=False):
        state.put(show_filters=False)
    else:
        leave()


def leave() -> None:
    """Leave show mode; towns that it stepped through give way to those asked for before."""
    state.put(show=False, show_filters=False)
    before = state.recall("show_before")
    if before is not None:
        state.put(show_before=None)
        asked = dataclasses.replace(state.filters(), municipalities=before)
        state.set_filters(asked, fit=False)


def town_bounds(view: View) -> tuple[float, ...]:
    """Return south, west, north, east of the municipality at hand, empty without one."""
    towns = view.atlas.municipalities
    chosen = towns[towns["ags"].isin(view.filters.municipalities)]
    if chosen.empty or state.recall("show_by", "space") != "town":
        return ()
    west, south, east, north = (round(float(edge), 5) for edge in chosen.total_bounds)
    return (south, west, north, east)


def step(by: int) -> None:
    """Go ``by`` places, or municipalities, forward or back; the ends meet."""
    _go(by, {})


def step_to(total: int, *, since: str) -> None:
    """
    Go as far as ``total`` steps since somebody began to count: the map, or the buttons.

    What was done of them is remembered together with the place: a later event that
    interrupts this run then neither repeats a step nor skips one.
    """
    counted: dict[str, int] = state.recall("show_steps", {})
    newest = dict([*counted.items(), (since, total)][-_COUNTERS:])
    _go(total - counted.get(since, 0), {"show_steps": newest})


def _go(by: int, counted: dict[str, Any]) -> None:
    view = state.view()
    if not by:
        state.put(**counted)
    elif state.recall("show_by", "space") == "town":
        _go_town(view, by, counted)
    elif view.rows:
        row = _moved(view.rows, view.space, by)
        state.put(**counted, space=str(view.atlas.spaces["space_id"].iloc[row]))


def _moved(entries: list[_Entry], at: _Entry | None, by: int) -> _Entry:
    """Return the entry ``by`` further; the first step forward goes to the first one."""
    start = entries.index(at) if at is not None and at in entries else -1 if by > 0 else 0
    return entries[(start + by) % len(entries)]


def _go_town(view: View, by: int, counted: dict[str, Any]) -> None:
    names = view.atlas.municipalities["name"]
    towns = list(view.atlas.municipalities["ags"].iloc[names.map(fold).argsort()])
    town = _moved(towns, min(view.filters.municipalities, default=None), by)
    before = state.recall("show_before")
    kept = view.filters.municipalities if before is None else before
    state.put(**counted, show_before=kept, space="")
    asked = dataclasses.replace(view.filters, municipalities=frozenset({town}))
    state.set_filters(asked)


def bar(view: View, say: Words) -> None:
    """Draw the slim bar: result, chips, the filters behind a button, stepping, leaving."""
    by_town = state.recall("show_by", "space") == "town"
    modes = el(
        "div",
        button(say("Orte"), "by_space", kind="toggle", aria_pressed=str(not by_town).lower()),
        button(say("Städte"), "by_town", kind="toggle", aria_pressed=str(by_town).lower()),
        class_="ra-toggle", role="group", aria_label=say("Blättern durch"),
    )  # fmt: skip
    steps = el(
        "div",
        button(icon("chevron_left"), "step", data_sum=-1,
               aria_label=say("Zurück (Pfeiltaste links)")),
        button(icon("chevron_right"), "step", data_sum=1,
               aria_label=say("Weiter (Pfeiltaste rechts)")),
        button(join([icon("close"), say("Beenden"), el("span", "(Esc)", class_="ra-by-key")]),
               "leave"),
        class_="ra-steps",
    )  # fmt: skip
    text = say.result(len(view.rows), len(view.atlas.spaces), results.unplaced(view))
    opened = state.recall("show_filters", default=False)
    chosen = button(
        say("Filter"), "filters", aria_expanded=str(opened).lower(), aria_controls=FORM_ID
    )
    html = el(
        "div", el("h1", text, class_="ra-result"),
        results.chips(view, say, reset=False), chosen, modes, steps, class_="ra-show-bar",
    )  # fmt: skip
    panel("show_bar", html, on_event=event, setup={"keys": _KEYS})
    if opened:
        with st.container(key="show-filters"):
            filters.fields(view, say)


def caption(view: View, say: Words) -> None:
    """Draw the big caption of the place or the municipality at hand."""
    if view.space is not None:
        html = _space_caption(view, say)
    elif state.recall("show_by", "space") == "town" and view.filters.municipalities:
        html = _town_caption(view, say)
    elif not view.rows:
        html = el("p", say("Kein Ort passt zu den Filtern."), class_="ra-show-hint")
    else:
        html = el(
            "p",
            el("span", say("Mit den Pfeiltasten ← und → blättern, mit Esc beenden."),
               class_="ra-by-key"),
            el("span", say("Mit ‹ und › blättern."), class_="ra-by-touch"),
            class_="ra-show-hint",
        )  # fmt: skip
    panel("show_caption", el("div", html, class_="ra-show-caption", role="status"))


def _space_caption(view: View, say: Words) -> Html:
    row = view.atlas.spaces.iloc[view.space]
    at = say("{n} von {total}", n=view.rows.index(view.space) + 1, total=len(view.rows)) if (
        view.space in view.rows
    ) else ""  # fmt: skip
    observed = say.age(row["observed_on"], view.today)
    return join([
        el("h2", row["name"], class_="ra-show-name"),
        el("p", f"{row['municipality']} · {say.label(v.TYPES, row['type'])}",
           class_="ra-show-place"),
        el("p", vacancy_mark(row["vacancy"]), el("b", say.label(v.VACANCY, row["vacancy"])),
           f" · {observed}", class_="ra-show-state"),
        el("p", at, class_="ra-show-count"),
    ])  # fmt: skip


def _town_caption(view: View, say: Words) -> Html:
    names = view.atlas.municipalities.set_index("ags")["name"]
    title = ", ".join(str(names[ags]) for ags in sorted(view.filters.municipalities))
    states = view.atlas.spaces["vacancy"].iloc[view.rows].value_counts()
    parts = [
        el("li", vacancy_mark(code), el("b", say.number(int(states[code]))), " ",
           say.label(v.VACANCY, code))
        for code in v.VACANCY if code in states.index
    ]  # fmt: skip
    return join([
        el("h2", title, class_="ra-show-name"),
        el("p", _how_many(view, say), class_="ra-show-place"),
        el("ul", *parts, class_="ra-show-states") if parts else None,
    ])  # fmt: skip


def _how_many(view: View, say: Words) -> str:
    """Say how many places match: none that match is not the same as none recorded."""
    if view.rows:
        return say.count("{n} Ort", "{n} Orte", len(view.rows))
    recorded = int(view.atlas.spaces["ags"].isin(view.filters.municipalities).sum())
    if not recorded:
        return say("nicht erhoben")
    return say("kein Ort passt zu den Filtern ({n} erfasst)", n=say.number(recorded))

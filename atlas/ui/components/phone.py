"""Phones: the list first, the map one tap away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.ui import state
from atlas.ui.markup import button, el, icon, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.ui.words import Words


def _event(name: str, _value: object) -> None:
    state.put(pane="map" if name == "pane_map" else "list")


def pane_switch(say: Words) -> None:
    """Draw the switch; the style shows it on narrow screens only."""
    on_map = state.recall("pane", "list") == "map"
    html = el(
        "div",
        button(join([icon("list"), say("Liste")]), "pane_list", kind="toggle",
               aria_pressed=str(not on_map).lower()),
        button(join([icon("map"), say("Karte")]), "pane_map", kind="toggle",
               aria_pressed=str(on_map).lower()),
        class_="ra-toggle ra-pane-switch", role="group", aria_label=say("Ansicht"),
    )  # fmt: skip
    page = {"pane": "map" if on_map else "list"}
    panel("pane_switch", html, on_event=_event, setup={"page": page})

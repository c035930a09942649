"""
The one component of ours: shows HTML made by :mod:`atlas.ui.markup` and sends events.

Streamlit's own select widgets put the *label* of an option into the link and the
label holds a live count, so coded filters, lists and tables are drawn here instead:
native form controls, stable codes, no iframe, nothing loaded from elsewhere.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from atlas.settings import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from atlas.ui.markup import Html

_CORE = PACKAGE / "assets" / "ui" / "panel"
# Joined in this order into one script: one message, and no load order to get wrong.
_PARTS = ("patch", "fill", "ahead", "events", "chrome", "drawer", "cards", "mount")
# Streamlit repeats the script of a component with every message, so panels carry
# these lines only; the script proper comes once, with `core`.
_PANEL = """
export default (panel) => {
  const undo = [];
  (window.raumatlas ??= []).push([panel, undo]);
  return () => undo.map((run) => run());
};
"""


@cache
def _component(name: str, script: str) -> Any:  # noqa: ANN401 (Streamlit gives no public type)
    return st.components.v2.component(name, js=script, isolate_styles=False)


def core() -> None:
    """Send the script that all panels share; once per page."""
    _component("raumatlas.core", _script())(key="panel_core", data={})


@cache
def _script() -> str:
    return "\n".join((_CORE / f"{part}.js").read_text("utf-8") for part in _PARTS)


def panel(
    key: str,
    html: Html,
    *,
    on_event: Callable[[str, Any], None] | None = None,
    on_form: Callable[[dict[str, Any]], None] | None = None,
    setup: dict[str, Any] | None = None,
) -> None:
    """
    Show ``html`` and call back on what a person does in it.

    Parameters
    ----------
    key
        Identity of the panel; one per place on a page.
    html
        Safe markup.
    on_event
        Called with name and value of a clicked ``data-event``.
    on_form
        Called with all named form controls after one has changed.
    setup
        For the script: ``keys`` (key → event), ``lang``, ``focus``, ``heir`` (what gets
        the focus when the element that has it goes), what to ``reveal`` and the like.
    """
    key = f"panel_{key}"

    def event() -> None:
        payload = st.session_state[key].get("event")
        if on_event is not None and payload:
            message = json.loads(payload)
            on_event(str(message.get("name", "")), message.get("value"))

    def form() -> None:
        payload = st.session_state[key].get("form")
        if on_form is not None and payload:
            on_form(json.loads(payload))

    _component("raumatlas.panel", _PANEL)(
        key=key,
        data={"html": str(html), **(setup or {})},
        on_event_change=event,
        on_form_change=form,
    )

"""
What pages ask besides the filters: kept per page, shared through the link.

As with the filters the session leads and the link follows; a link counts at the first
visit and when somebody went back to it (see `atlas.ui.history`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from atlas.ui import address, state

if TYPE_CHECKING:
    from collections.abc import Mapping


def asked(page: str) -> dict[str, list[str]]:
    """Return the parameters of ``page``, a key of `atlas.ui.address.PAGE_PARAMS`."""
    name = _name(page)
    if state.recall(name) is None or state.recall("link_taken"):
        link = address.params()
        st.session_state[name] = {
            key: link[key] for key in address.PAGE_PARAMS[page] if key in link
        }
    given: dict[str, list[str]] = state.recall(name)
    return given


def ask(page: str, params: Mapping[str, list[str]]) -> None:
    """Let ``page`` ask for ``params``; call it from a callback only."""
    state.put(**{_name(page): dict(params)})


def _name(page: str) -> str:
    return f"asked_{page}"

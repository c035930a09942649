"""
Noticing that the browser's Back or Forward changed the link.

The session leads and the link follows; only when the link differs from what we wrote,
on the same page and without a click of ours, has somebody gone back.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    Params = Mapping[str, list[str]]

_SETTLE_S: Final = 1.0
"""A click right after a change may still carry the link before that change."""


def acted() -> None:
    """Remember that a callback changed the session: this run's link is the one before."""
    st.session_state["history_acted"] = True


def wrote(params: Params) -> None:
    """Remember the link that stands for what is shown."""
    store = st.session_state
    now = {key: list(values) for key, values in params.items()}
    if now != store.get("history_link"):
        store["history_before"] = store.get("history_link")
        store["history_at"] = time.monotonic()
    store["history_link"] = now
    store["history_path"] = _path()
    store["history_acted"] = False


def went_back(here: Params) -> bool:
    """Return whether ``here`` is a link that somebody went back (or forward) to."""
    store = st.session_state
    written = store.get("history_link")
    if written is None or store.get("history_acted") or store.get("history_path") != _path():
        return False
    if dict(here) == written:
        return False
    settling = time.monotonic() - store.get("history_at", 0.0) < _SETTLE_S
    return not (settling and dict(here) == store.get("history_before"))


def differs_only_in(key: str, here: Params) -> bool:
    """Return whether ``here`` says what we wrote but for ``key``."""
    written: Params = st.session_state.get("history_link") or {}
    return all(here.get(name) == written.get(name) for name in {*here, *written} - {key})


def _path() -> str:
    return urlsplit(st.context.url or "").path

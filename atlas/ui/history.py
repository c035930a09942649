"""
Noticing that the browser's Back or Forward changed the link.

The session leads and the link follows; only when the link differs from what we wrote,
on the same page and without a click of ours, has somebody gone back.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    Params = Mapping[str, list[str]]

_SETTLE_S: Final = 1.0
"""A click right after changes may still carry a link from before them."""
_SHOWING_S: Final = 5.0
"""In show mode steps come faster than a weak laptop follows, and Back matters less."""


def acted() -> None:
    """Remember that a callback changed the session: this run's link is the one before."""
    st.session_state["history_acted"] = True


def wrote(params: Params) -> None:
    """Remember the link that stands for what is shown."""
    store = st.session_state
    now = {key: list(values) for key, values in params.items()}
    if now != store.get("history_link"):
        at = time.monotonic()
        # Of several: quick steps are taken while the browser still learns of the first.
        store["history_late"] = [*_late(at), (at, store.get("history_link"))]
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
    return all(link != dict(here) for _, link in _late(time.monotonic()))


def _late(now: float) -> list[tuple[float, Any]]:
    """Return what the link was until a moment ago, each with the time at which it ended."""
    store = st.session_state
    settle_s = _SHOWING_S if store.get("show") else _SETTLE_S
    ended: list[tuple[float, Any]] = store.get("history_late", [])
    return [(at, link) for at, link in ended if now - at < settle_s]


def differs_only_in(key: str, here: Params) -> bool:
    """Return whether ``here`` says what we wrote but for ``key``."""
    written: Params = st.session_state.get("history_link") or {}
    return all(here.get(name) == written.get(name) for name in {*here, *written} - {key})


def _path() -> str:
    return urlsplit(st.context.url or "").path

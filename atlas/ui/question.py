"""
What a page asks beyond the filters: written in the link, kept while other pages are visited.

The keys of every such page are in `atlas.ui.address.PAGE_PARAMS`; a page hands what it got
from :func:`params` to `atlas.ui.state.sync_url`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from atlas.ui import address, history

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_KEPT = "questions"


def params(page: str, keys: Collection[str]) -> dict[str, list[str]]:
    """
    Return what ``page`` asks: as the session left it, at first what the link says.

    Call it after `atlas.ui.state.view`, which notices when somebody went back to another link.
    """
    kept = st.session_state.setdefault(_KEPT, {})
    if page not in kept:
        here = address.params()
        kept[page] = {key: here[key] for key in keys if key in here}
    return dict(kept[page])


def ask(page: str, asked: Mapping[str, list[str]]) -> None:
    """Replace what ``page`` asks; call it from a callback only."""
    history.acted()
    st.session_state.setdefault(_KEPT, {})[page] = dict(asked)

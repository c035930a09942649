"""The stage of the show mode: bar, map, caption, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from atlas.ui.components import show
from atlas.ui.components.atlas_map import atlas_map

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.ui.words import Words


def stage(view: View, say: Words) -> None:
    """Draw the show mode; the style hides everything around it."""
    with st.container(key="show"):
        show.bar(view, say)
        atlas_map(view)
        show.caption(view, say)

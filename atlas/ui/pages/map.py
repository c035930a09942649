"""Answers which space could be had, where it is, and how sure that is."""

import streamlit as st

from atlas.ui import state
from atlas.ui.components import detail, filters, results
from atlas.ui.components.atlas_map import atlas_map
from atlas.ui.components.phone import pane_switch
from atlas.ui.components.result_list import result_list
from atlas.ui.components.stage import stage
from atlas.ui.words import Words

view = state.view()
say = Words(view.language)
state.sync_url(view)

if view.show:
    stage(view, say)
else:
    head = st.container()
    pane_switch(say)
    with st.container(key="panes", horizontal=True):
        with st.container(key="map-pane"):
            # First of all: the browser filters on its own while the rest is computed.
            atlas_map(view)
        side = st.container(key="side-pane")
    with head:
        results.summary(view, say)
    with side:
        if view.space is None:
            result_list(view, say)
        else:
            detail.card(view, say)
    filters.sidebar(view, say)

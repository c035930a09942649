"""The same result as a table that can be read aloud, sorted and taken away."""

import streamlit as st

from atlas.ui import state
from atlas.ui.components import detail, filters, results
from atlas.ui.components.stage import stage
from atlas.ui.components.table import table
from atlas.ui.words import Words

view = state.view()
say = Words(view.language)
state.sync_url(view)

if view.show:
    stage(view, say)
else:
    filters.sidebar(view, say)
    results.summary(view, say, live=True)
    if view.space is not None:
        with st.container(key="side-pane"):
            detail.card(view, say)
    table(view, say)

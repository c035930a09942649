"""Who runs this, what is stored, how accessible it is, and how the table is made."""

import streamlit as st

from atlas.ui import state
from atlas.ui.components import about
from atlas.ui.words import Words

say = Words(state.language())
settings = state.settings()

about.purpose(say)
left, right = st.columns(2, gap="large")
with left:
    about.method(say)
    about.keyboard(say)
    about.accessibility(settings, say)
with right:
    about.imprint(settings, say)
    about.privacy(say)
# Last, because it needs the table: without one, the imprint is still shown.
state.sync_url(state.view(), searching=False)

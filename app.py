"""
The ASGI app: the Streamlit pages and our own routes from one process.

Started by ``streamlit run app.py``, ``uvicorn app:app`` or ``atlas serve``. The
wheel carries this file as ``atlas/app.py``, so paths start from the package.
"""

import streamlit as st

from atlas.api import routes
from atlas.settings import PACKAGE, Settings
from atlas.ui import ready

# Imported while the first browser still loads Streamlit.
PAGE_MODULES = (
    "atlas.ui.frame",
    "atlas.ui.components.atlas_map",
    "atlas.ui.components.filters",
    "atlas.ui.components.detail",
    "atlas.ui.components.result_list",
)

ready.announce()
app = st.App(
    PACKAGE / "ui" / "entry" / "main.py",
    routes=routes(Settings(), modules=PAGE_MODULES, imported=ready.done),
)

"""The smallest app that shows the map as the atlas does; served by the tests of the map."""

import streamlit as st

from atlas.api import routes
from atlas.settings import Settings

app = st.App("page.py", routes=routes(Settings()))

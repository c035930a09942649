"""
The ASGI app: the Streamlit pages and our own routes from one process.

Started by ``streamlit run app.py``, ``uvicorn app:app`` or ``atlas serve``. The
wheel carries this file as ``atlas/app.py``, so paths start from the package.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from atlas.api import Shell, first_page, quick_connections, routes
from atlas.serving import settings
from atlas.settings import PACKAGE
from atlas.ui import ready

STATIC = Path(st.__file__).parent / "static"

ready.announce()
app = st.App(
    PACKAGE / "ui" / "entry" / "main.py",
    routes=[first_page(STATIC), *routes(settings(), modules=ready.MODULES, prepared=ready.done)],
    middleware=[Middleware(Shell, folder=STATIC)],
    lifespan=quick_connections,
)

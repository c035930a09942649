"""
The ASGI app of the benchmark: one map and one switch, and every script from this machine.

All variants share it, so that what differs is the map alone.
"""

from __future__ import annotations

from pathlib import Path

import folium
import streamlit as st
from folium.plugins import FastMarkerCluster, MarkerCluster
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from xstatic.pkg import leaflet, leaflet_markercluster

from atlas.api import Shell, first_page, quick_connections, routes
from atlas.settings import Settings
from atlas.ui import ready

# Plain Folium loads these from other hosts; the marker images and popups of the two
# compared variants need no Bootstrap, jQuery or Font Awesome.
folium.Map.default_js = [("leaflet", "/bench/leaflet/leaflet.js")]
folium.Map.default_css = [("leaflet", "/bench/leaflet/leaflet.css")]
for plugin in (MarkerCluster, FastMarkerCluster):
    plugin.default_js = [("cluster", "/bench/cluster/leaflet.markercluster.js")]
    plugin.default_css = [
        ("cluster", "/bench/cluster/MarkerCluster.css"),
        ("cluster_default", "/bench/cluster/MarkerCluster.Default.css"),
    ]

STATIC = Path(st.__file__).parent / "static"

ready.announce()
app = st.App(
    Path(__file__).with_name("page.py"),
    routes=[
        Mount("/bench/leaflet", StaticFiles(directory=leaflet.BASE_DIR)),
        Mount("/bench/cluster", StaticFiles(directory=leaflet_markercluster.BASE_DIR)),
        first_page(STATIC),
        *routes(Settings(), modules=("folium.plugins",), prepared=ready.done),
    ],
    middleware=[Middleware(Shell, folder=STATIC)],
    lifespan=quick_connections,
)

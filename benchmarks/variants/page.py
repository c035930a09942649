"""One map and one switch that keeps or hides vacant spaces, in three variants."""
# ruff: noqa: E402 - nothing is imported here while the server's thread imports

from __future__ import annotations

from atlas.ui import ready

ready.wait()

import datetime as dt
import os
from typing import TYPE_CHECKING

import folium
import streamlit as st
from branca.element import MacroElement
from folium.plugins import FastMarkerCluster, MarkerCluster
from folium.template import Template
from streamlit_folium import st_folium

from atlas.query import Filters
from atlas.query.client import client_spec
from atlas.settings import Settings
from atlas.store import Atlas, load
from atlas.text import escape
from atlas.vocabulary import VACANCY
from atlas.webmap import EVENT_FIELD, MapState, build_map, filter_message

if TYPE_CHECKING:
    import geopandas as gpd

VARIANT = os.environ["BENCH_VARIANT"]
CENTRE, ZOOM = (51.48, 7.2), 10
# The plugin's own callback asks for Awesome Markers, which come from another host.
PLAIN = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); }"


class Painted(MacroElement):
    """Tells the page that the layers before it are built and two frames have passed."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        requestAnimationFrame(() => requestAnimationFrame(() => {
            window.parent.benchPainted = performance.timeOrigin + performance.now();
        }));
        {% endmacro %}
        """
    )


@st.cache_resource
def table() -> Atlas:
    return load(Settings())


def plain_map() -> folium.Map:
    # Without tiles the cluster plugin asks for a maximum zoom.
    return folium.Map(CENTRE, zoom_start=ZOOM, tiles=None, maxZoom=18, max_zoom=18)


def naive(spaces: gpd.GeoDataFrame) -> None:
    """Draw one Marker object per space, clustered; the map is built anew each time."""
    cluster = MarkerCluster()
    for row in spaces.itertuples():
        folium.Marker((row.lat, row.lon), tooltip=escape(row.name)).add_to(cluster)
    page = plain_map()
    cluster.add_to(page)
    Painted().add_to(page)
    st_folium(page, key="map", returned_objects=[], width=900, height=600)


def cluster(spaces: gpd.GeoDataFrame) -> None:
    """Draw with FastMarkerCluster in a feature group; the map stays."""
    group = folium.FeatureGroup(name="spaces")
    FastMarkerCluster(spaces[["lat", "lon"]].to_numpy().tolist(), callback=PLAIN).add_to(group)
    Painted().add_to(group)
    # The plugin's script has to be known to the map that stays.
    page = plain_map()
    FastMarkerCluster([], callback=PLAIN).add_to(page)
    st_folium(
        page, key="map", returned_objects=[], feature_group_to_add=group, width=900, height=600
    )


def ours(filters: Filters, version: str) -> None:
    """Draw with the layer of the atlas: the filter travels."""
    spec = client_spec(filters, today=dt.date(2026, 11, 22))
    st_folium(
        build_map(),
        key="map",
        returned_objects=[EVENT_FIELD],
        feature_group_to_add=filter_message(spec, MapState(theme="light", version=version)),
        width=900,
        height=600,
    )


atlas = table()
hide = st.toggle("hide vacant", key="hide")
kept = frozenset(code for code in VACANCY if code != "vacant") if hide else frozenset()
if VARIANT == "ours":
    ours(Filters(vacancy=kept), atlas.version)
else:
    spaces = atlas.spaces[atlas.spaces["lat"].notna()]
    if kept:
        spaces = spaces[spaces["vacancy"].isin(kept)]
    (naive if VARIANT == "naive" else cluster)(spaces)

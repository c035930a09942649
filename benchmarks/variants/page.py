"""One map and one switch that keeps or hides vacant spaces, in three variants."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

import folium
import streamlit as st
from branca.element import MacroElement
from folium.plugins import FastMarkerCluster, MarkerCluster
from folium.template import Template
from streamlit_folium import st_folium

from atlas.query import Filters, WordIndex
from atlas.query.client import client_spec
from atlas.settings import Settings
from atlas.store import Atlas, load
from atlas.vocabulary import VACANCY
from atlas.webmap import EVENT_FIELD, MapState, build_map, filter_message

if TYPE_CHECKING:
    import geopandas as gpd

VARIANT = os.environ["BENCH_VARIANT"]
CENTRE, ZOOM = (51.48, 7.2), 10


class Painted(MacroElement):
    """Tells the page that the layers before it are built and two frames have passed."""

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
def table() -> tuple[Atlas, WordIndex]:
    atlas = load(Settings())
    return atlas, WordIndex(atlas.spaces)


def plain_map() -> folium.Map:
    # Without tiles the cluster plugin asks for a maximum zoom.
    return folium.Map(CENTRE, zoom_start=ZOOM, tiles=None, maxZoom=18, max_zoom=18)


def naive(spaces: gpd.GeoDataFrame) -> None:
    """Draw one Marker object per space, clustered; the map is built anew each time."""
    cluster = MarkerCluster()
    for row in spaces.itertuples():
        folium.Marker((row.lat, row.lon), popup=folium.Popup(row.name, parse_html=True)).add_to(
            cluster
        )
    page = plain_map()
    cluster.add_to(page)
    Painted().add_to(page)
    st_folium(page, key="map", returned_objects=[], width=900, height=600)


def cluster(spaces: gpd.GeoDataFrame) -> None:
    """Draw with FastMarkerCluster in a feature group; the map stays."""
    group = folium.FeatureGroup(name="spaces")
    FastMarkerCluster(spaces[["lat", "lon"]].to_numpy().tolist()).add_to(group)
    Painted().add_to(group)
    # The plugin's script has to be known to the map that stays.
    page = plain_map()
    FastMarkerCluster([]).add_to(page)
    st_folium(
        page, key="map", returned_objects=[], feature_group_to_add=group, width=900, height=600
    )


def ours(filters: Filters, words: WordIndex, version: str) -> None:
    """Draw with the layer of the atlas: the filter travels."""
    spec = client_spec(filters, today=dt.date(2026, 11, 22), words=words)
    st_folium(
        build_map(),
        key="map",
        returned_objects=[EVENT_FIELD],
        feature_group_to_add=filter_message(spec, MapState(theme="light", version=version)),
        width=900,
        height=600,
    )


atlas, words = table()
hide = st.toggle("hide vacant", key="hide")
kept = frozenset(code for code in VACANCY if code != "vacant") if hide else frozenset()
if VARIANT == "ours":
    ours(Filters(vacancy=kept), words, atlas.version)
else:
    spaces = atlas.spaces[atlas.spaces["lat"].notna()]
    if kept:
        spaces = spaces[spaces["vacancy"].isin(kept)]
    (naive if VARIANT == "naive" else cluster)(spaces)

"""The map: a Folium map, its messages, its colours, and the data that it paints in the browser."""

from atlas.webmap.later import templates_later

with templates_later():  # before anything else imports it
    import folium.plugins  # noqa: F401 - streamlit-folium needs it

from atlas.webmap.assets import REGION
from atlas.webmap.message import (
    EVENT_FIELD,
    FilterMessage,
    MapEvent,
    MapState,
    filter_message,
    read_event,
)
from atlas.webmap.page import AtlasMap, MapConfig, build_map

__all__ = [
    "EVENT_FIELD",
    "REGION",
    "AtlasMap",
    "FilterMessage",
    "MapConfig",
    "MapEvent",
    "MapState",
    "build_map",
    "filter_message",
    "read_event",
]

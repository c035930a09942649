"""
The Folium map of the atlas: Leaflet, our one script, no tiles, no other host.

The generated script never depends on filters or data, so streamlit-folium keeps its
frame, and with it the view, while people filter.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import folium
from folium.template import Template

from atlas.i18n import translator
from atlas.webmap.assets import bundle
from atlas.webmap.message import script_json

if TYPE_CHECKING:
    from atlas.vocabulary import Language

REGION: Final = ((51.213, 6.292), (51.823, 7.998))
"""South-west and north-east corner of the 53 municipalities, in degrees."""


@dataclass(frozen=True, slots=True)
class MapConfig:
    """
    What a map is built from; the same values give the same script.

    Attributes
    ----------
    language
        Language of legend, buttons and messages.
    route
        Where ``atlas.api.routes`` answers, seen from the page of the map. The
        default is right inside the frame of streamlit-folium, also behind a
        proxy with a sub-path.
    remember
        Whether the view is kept in the browser's local storage.
    """

    language: Language = "de"
    route: str = "../../atlas/"
    remember: bool = True


@cache
def _guard(language: Language) -> str:
    """
    Return the first script of the page as a ``data:`` address.

    streamlit-folium stops at the first script that does not load and leaves a blank
    frame; this one needs no server, so it can always say so.
    """
    _ = translator(language)
    text = _(
        "Die Karte konnte nicht geladen werden: Eine Datei des Raumatlas fehlt. Bitte die Seite "
        "neu laden. Bleibt der Fehler, den Atlas mit „make app“ oder „atlas serve“ starten; die "
        "Liste der Orte funktioniert auch ohne Karte."
    )
    source = bundle("guard.js").text.replace('"__TEXT__"', json.dumps(text, ensure_ascii=False))
    # Sent with every run of the page, so in one line and with few escapes; quotes and angle
    # brackets are escaped, because streamlit-folium cuts script tags out of the header by them.
    line = " ".join(source.split())
    return "data:text/javascript;charset=utf-8," + quote(line, safe="!$()*+,/:;=?@[]{}|& ")


class AtlasMap(folium.Map):
    """
    A `folium.Map` that loads Leaflet and our layer from our own route.

    Parameters
    ----------
    config
        Language, route, and whether to remember the view.
    """

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <style>#{{ this.get_name() }}{width:100%;height:100%}html,body{margin:0;height:100%}</style>
        {% endmacro %}
        {% macro html(this, kwargs) %}
        <div class="folium-map" id={{ this.get_name()|tojson }} ></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = AtlasMap.create({{ this.get_name()|tojson }}, {{ this.setup }});
        {% endmacro %}
        """
    )

    def __init__(self, config: MapConfig) -> None:
        south_west, north_east = REGION
        centre = [(low + high) / 2 for low, high in zip(south_west, north_east, strict=True)]
        super().__init__(location=centre, zoom_start=10, tiles=None)
        self.config = config
        self.setup = script_json(
            {
                "language": config.language,
                "bounds": REGION,
                "remember": config.remember,
                "label": translator(config.language)("Karte der Orte"),
            }
        )
        code, style = bundle("map.js"), bundle("map.css")
        self.default_js = [
            ("atlas_guard", _guard(config.language)),
            # Ours first: it starts to fetch the data while Leaflet loads.
            ("atlas_map", f"{config.route}map/map.js?v={code.version}&lang={config.language}"),
            ("leaflet", f"{config.route}leaflet/leaflet.js"),
        ]
        self.default_css = [
            ("leaflet_css", f"{config.route}leaflet/leaflet.css"),
            ("atlas_css", f"{config.route}map/map.css?v={style.version}"),
        ]


def build_map(config: MapConfig | None = None) -> AtlasMap:
    """
    Build the map for ``st_folium``: one new object per run, never cached.

    streamlit-folium hangs the filter message into the map that it gets; a map used
    twice would carry the old message in its script and be mounted anew.
    """
    return AtlasMap(config or MapConfig())

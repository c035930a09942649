"""
The Folium map of the atlas: Leaflet, our one script, no tiles, no other host.

The generated script never depends on filters or data, so streamlit-folium keeps its
frame, and with it the view, while people filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

import folium
from branca.element import Element, Figure
from folium.template import Template

from atlas.i18n import translator
from atlas.webmap.assets import REGION, bundle
from atlas.webmap.message import script_json

if TYPE_CHECKING:
    from atlas.vocabulary import Language


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
        "Die Karte konnte nicht geladen werden. Bitte hier die Seite neu laden oder den Atlas "
        "neu starten."
    )
    # Sent with every run of the page, so it is short: a button needs no style and no second
    # sentence, template strings need none of the escapes that quotes in a link would.
    line = bundle("guard.js").text.strip().replace("__TEXT__", text)
    return "data:text/javascript;charset=utf-8," + quote(line, safe="!$()*+,/:;=?@[]{}|&`<> ")


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
        # Only what the layer has to know at once: all this travels with every filter change.
        setup = {"language": config.language} | ({} if config.remember else {"remember": False})
        self.setup = script_json(setup)
        # Folium's header holds a meta element and blank lines; the frame has its own.
        figure = self.get_root()
        if isinstance(figure, Figure):
            figure.header = Element()
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

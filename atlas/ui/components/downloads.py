"""Downloads of exactly what is filtered, as links to the download route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from atlas.ui.markup import Html, el, icon

if TYPE_CHECKING:
    from atlas.ui.state import View
    from atlas.ui.words import Words

FORMATS: Final = {"csv": "CSV", "geojson": "GeoJSON", "gpkg": "GeoPackage", "xlsx": "Excel"}
ROUTE: Final = "atlas/download"


def address(view: View, file_format: str) -> str:
    """Return the address of the filtered rows in ``file_format``, relative to the page."""
    sort = {} if view.sort == "name" else {"sort": [view.sort]}
    params = {**view.filters.to_params(), **sort, "lang": [view.language]}
    return f"{ROUTE}/{file_format}?{urlencode(params, doseq=True)}"


def links(view: View, say: Words) -> Html:
    """Return one link per format, with the number of rows that it will hold."""
    count = say.count("{n} Ort herunterladen", "{n} Orte herunterladen", len(view.rows))
    items = [
        el("li", el("a", icon("download"), label, href=address(view, key), download=True,
                    class_="ra-button ra-button-plain",
                    aria_label=say("{count} als {format}", count=count, format=label)))
        for key, label in FORMATS.items()
    ]  # fmt: skip
    return el("div", el("span", count, class_="ra-downloads-title"), el("ul", *items),
              class_="ra-downloads")  # fmt: skip

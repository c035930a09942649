"""Downloads of exactly what is filtered, as links to the download route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from atlas.ui.markup import Html, el, icon

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.ui.view import View
    from atlas.ui.words import Words

FORMATS: Final = {"csv": "CSV", "geojson": "GeoJSON", "gpkg": "GeoPackage", "xlsx": "Excel"}
MORE_FORMATS: Final = {"csv-wkt": "CSV (WKT)", "fgb": "FlatGeobuf", "parquet": "GeoParquet"}
"""For programs rather than people; folded away."""
ROUTE: Final = "atlas/download"


def address(view: View, file_format: str, *, per_licence: bool = False) -> str:
    """
    Return the address of the filtered rows in ``file_format``, relative to the page.

    Parameters
    ----------
    per_licence
        Whether to ask for a ZIP with one file per licence.
    """
    sort = {} if view.sort == "name" else {"sort": [view.sort]}
    split = {"per_licence": ["1"]} if per_licence else {}
    params = {**view.filters.to_params(), **sort, **split, "lang": [view.language]}
    return f"{ROUTE}/{file_format}?{urlencode(params, doseq=True)}"


def links(view: View, say: Words) -> Html:
    """Return one link per format, with the number of rows that it will hold."""
    count = say.count("{n} Ort herunterladen", "{n} Orte herunterladen", len(view.rows))
    split = el("li", el("a", icon("download"), say("Je Lizenz eine Datei (ZIP)"), download=True,
                        href=address(view, "gpkg", per_licence=True),
                        class_="ra-button ra-button-plain"))  # fmt: skip
    more = el(
        "details", el("summary", el("span", say("Weitere Formate")), class_="ra-summary"),
        el("ul", *_items(MORE_FORMATS, count, view, say), split), id="more-formats",
    )  # fmt: skip
    return el(
        "div", el("span", count, class_="ra-downloads-title"),
        el("ul", *_items(FORMATS, count, view, say)), more, class_="ra-downloads",
    )  # fmt: skip


def _items(formats: Mapping[str, str], count: str, view: View, say: Words) -> list[Html]:
    return [
        el("li", el("a", icon("download"), label, href=address(view, key), download=True,
                    class_="ra-button ra-button-plain",
                    aria_label=say("{count} als {format}", count=count, format=label)))
        for key, label in formats.items()
    ]  # fmt: skip

"""Charts with what belongs to them: a heading, a sentence, files for print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlencode

import streamlit as st

from atlas.figures import themed
from atlas.figures.notes import notes
from atlas.i18n import marked as _
from atlas.query import Filters
from atlas.query.url import FIGURE
from atlas.ui.components.area_map import area_map, areas_address
from atlas.ui.markup import Html, el, icon, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from altair import LayerChart

    from atlas.figures.shown import PageName, Shown
    from atlas.ui.view import View
    from atlas.ui.words import Words

ROUTE: Final = "atlas/analysis"
_TABLES: Final = {"table.csv": "CSV", "table.xlsx": "Excel", "layer.gpkg": "GeoPackage"}
_AROUND: Final = {"figure": 75, "types": 155, "states": 105}
"""Height of axes and legend by chart, in pixels."""
_PICTURES: Final = {"png": "PNG", "svg": "SVG"}
_MAPS: Final = {"png": _("Karte als PNG"), "svg": _("Karte als SVG")}
TITLES: Final[Mapping[str, str]] = {
    "figure": _("Die gewählte Kennzahl"),
    "types": _("Was für Orte es sind"),
    "states": _("In welchem Zustand sie sind"),
    "map": _("Karte der Kennzahl"),
}
"""Headings of charts and map."""


def chart(shown: Shown, name: str, page: PageName, say: Words, *, hint: str = "") -> None:
    """Draw a chart of `atlas.figures.shown.CHARTS` below its heading, its notes and a hint."""
    title = say(TITLES[name])
    plain = cast("LayerChart", shown.chart(name, say.language))
    # Streamlit fits axes and legend into the height of the chart, files add them to it.
    sized = plain.properties(height=plain.height + _AROUND[name])
    drawn = cast("LayerChart", themed(sized, say.language))
    texts = [*notes(name, shown.choice, say.language), *filter(None, [hint])]
    told = say("{title}. Alle Zahlen stehen in den Tabellen darunter.", title=title)
    with st.container(key=f"{name}-section"):  # stays together on paper
        panel(f"chart_{name}", el(
            "section", el("h2", title, class_="ra-h2"), *(el("p", text) for text in texts),
            links(_PICTURES, f"{page}/{name}.", shown, say, title=title), class_="ra-section",
        ))  # fmt: skip
        with st.container(key=f"{name}-chart"):
            st.altair_chart(drawn, width="stretch", theme=None, alt=told)


def side_by_side(  # noqa: PLR0913 (each is one part of the map)
    shown: Shown,
    page: PageName,
    view: View,
    say: Words,
    *,
    chosen: Sequence[str],
    on_choose: Callable[[str], None],
    click: str,
) -> None:
    """
    Draw the map of the chosen figure and beside it its chart.

    Parameters
    ----------
    shown
        Its figure colours all municipalities, with the classes of the whole table.
    chosen
        Keys of the municipalities whose outline stands out; only their spaces are drawn, or
        all where there is none.
    on_choose
        Called with the key of a municipality that is clicked, or with nothing.
    click
        Says what a click does.
    """
    figure = {FIGURE: [shown.choice.param]}
    with st.container(key="area-panes", horizontal=True):
        with st.container(key="area-map-pane"):
            area_map(view, areas_address(view, f"{page}/areas.json", figure), key=f"{page}-map",
                     symbols=Filters(municipalities=frozenset(chosen)), chosen=chosen,
                     on_choose=on_choose)  # fmt: skip
        with st.container(key="area-side-pane"):
            chart(shown, "figure", page, say, hint=click)


def types_and_states(shown: Shown, page: PageName, say: Words) -> None:
    """Draw what kinds of places there are and in which state."""
    left, right = st.columns(2, gap="large")
    with left:
        chart(shown, "types", page, say)
    with right:
        chart(shown, "states", page, say)


def table_links(shown: Shown, page: PageName, say: Words) -> Html:
    """Return the links to the figures as CSV, XLSX and GeoPackage, and to the map as a picture."""
    return join([
        links(_TABLES, f"{page}/", shown, say, title=say("Kennzahlen")),
        links(_MAPS, f"{page}/map.", shown, say, title=say(TITLES["map"])),
    ])  # fmt: skip


def links(files: Mapping[str, str], start: str, shown: Shown, say: Words, *, title: str) -> Html:
    """
    Return links to files of what is shown.

    Parameters
    ----------
    files
        End of the address and name of the format.
    start
        Begin of the address below `ROUTE`.
    title
        What the files hold.
    """
    query = urlencode({**shown.params, "lang": [say.language]}, doseq=True)
    items = [
        el("li", el("a", icon("download"), say(label), href=f"{ROUTE}/{start}{end}?{query}",
                    download=True, class_="ra-button ra-button-plain",
                    aria_label=say("{count} als {format}", count=title, format=label)))
        for end, label in files.items()
    ]  # fmt: skip
    return el("div", el("ul", *items), class_="ra-downloads")

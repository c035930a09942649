"""Charts with what belongs to them: a heading, a sentence, files for print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlencode

import streamlit as st

from atlas.figures import themed
from atlas.i18n import marked as _
from atlas.ui.markup import Html, el, icon
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from altair import LayerChart

    from atlas.figures.shown import PageName, Shown
    from atlas.ui.words import Words

ROUTE: Final = "atlas/analysis"
_TABLES: Final = {"table.csv": "CSV", "table.xlsx": "Excel", "layer.gpkg": "GeoPackage"}
_AROUND: Final = {"figure": 60, "types": 120, "states": 125}
"""Height of axes and legend by chart, in pixels."""
_PICTURES: Final = {"png": "PNG", "svg": "SVG"}
TITLES: Final[Mapping[str, str]] = {
    "figure": _("Die gewählte Kennzahl"),
    "types": _("Was für Orte es sind"),
    "states": _("In welchem Zustand sie sind"),
    "map": _("Die Kennzahl in allen Städten und Gemeinden"),
}
"""Headings of charts and map."""


def chart(shown: Shown, name: str, page: PageName, say: Words, *, notes: Sequence[str]) -> None:
    """Draw a chart of `atlas.figures.shown.CHARTS` below its heading and sentences."""
    title = say(TITLES[name])
    panel(f"chart_{name}", el(
        "section", el("h2", title, class_="ra-h2"), *(el("p", note) for note in notes),
        links(_PICTURES, f"{page}/{name}.", shown, say, title=title), class_="ra-section",
    ))  # fmt: skip
    plain = cast("LayerChart", shown.chart(name, say.language))
    # Streamlit fits axes and legend into the height of the chart, files add them to it.
    sized = plain.properties(height=plain.height + _AROUND[name])
    drawn = cast("LayerChart", themed(sized, say.language))
    told = say("{title}. Alle Zahlen stehen in den Tabellen darunter.", title=title)
    st.altair_chart(drawn, width="stretch", theme=None, key=f"{page}_{name}", alt=told)


def table_links(shown: Shown, page: PageName, say: Words) -> Html:
    """Return the links to the figures as CSV, XLSX and GeoPackage."""
    return links(_TABLES, f"{page}/", shown, say, title=say("Kennzahlen"))


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
        el("li", el("a", icon("download"), label, href=f"{ROUTE}/{start}{end}?{query}",
                    download=True, class_="ra-button ra-button-plain",
                    aria_label=say("{count} als {format}", count=title, format=label)))
        for end, label in files.items()
    ]  # fmt: skip
    return el("div", el("ul", *items), class_="ra-downloads")

"""The charts of the Hotspots page, each with its numbers as text, and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from atlas.figures import themed
from atlas.figures.hotspots import attraction_chart, class_bars
from atlas.ui.components.area_map import areas_address
from atlas.ui.components.grid import Head, grid, line
from atlas.ui.markup import el, icon
from atlas.ui.panel import panel
from atlas.webmap.attraction_words import AttractionSaid

if TYPE_CHECKING:
    from altair import TopLevelMixin

    from atlas.ui.components.hotspot_work import Found
    from atlas.ui.view import View
    from atlas.ui.words import Words


def charts(view: View, found: Found, say: Words) -> None:
    """Draw the bars of the classes and the curve of the attraction."""
    left, right = st.columns(2, gap="large")
    with left:
        panel("hotspot_bars_title", el("h2", say("Flächen je Klasse"), class_="ra-h2"))
        _draw(_bars(found, say), say, key="hotspot-bars")
    with right:
        _attraction(view, found, say)


def _bars(found: Found, say: Words) -> TopLevelMixin:
    counts = found.layer.counts()
    return class_bars(
        [one.text for one in found.layer.classes],
        list(counts.values()),
        [one.colours["light"] for one in found.layer.classes],
        title=say("Zahl der Flächen"),
    )


def _attraction(view: View, found: Found, say: Words) -> None:
    said = AttractionSaid(found.attraction, say.language)
    panel("attraction", el(
        "section", el("h2", said.title, class_="ra-h2"), el("p", said.sentence()),
    ))  # fmt: skip
    if found.attraction.too_few:
        return
    _draw(attraction_chart(found.attraction.frame, say.language), say, key="attraction-chart")
    labels = ("Umkreis", "um leere Räume", "um alle beobachteten", "Spanne des Zufalls")
    heads = [Head(say(label)) for label in labels]
    rows = found.attraction.frame.astype(float).to_dict("records")
    lines = [
        line(heads, say.distance(row["radius_m"]), [
            say.number(row["observed"], decimals=2), say.number(row["expected"], decimals=2),
            f"{say.number(row['low'], decimals=2)}–{say.number(row['high'], decimals=2)}",
        ])
        for row in rows
    ]  # fmt: skip
    files = [
        el("a", icon("download"), kind.upper(), download=True,
           href=f"atlas/analysis/{areas_address(view, f'attraction.{kind}', {})}",
           class_="ra-button ra-button-plain")
        for kind in ("png", "svg")
    ]  # fmt: skip
    numbers = el("details", el("summary", say("Zahlen und Verfahren"), class_="ra-summary"),
                 grid(said.title, heads, lines),
                 el("dl", *(el(tag, text) for pair in said.parameters()
                            for tag, text in zip(("dt", "dd"), pair, strict=True)),
                    class_="ra-facts"))  # fmt: skip
    panel("attraction_numbers", el("div", numbers, el("div", *files, class_="ra-buttons")))


def _draw(chart: TopLevelMixin, say: Words, *, key: str) -> None:
    """Draw a chart on white paper in both themes: it is the one that is printed."""
    drawn: Any = themed(chart, say.language)  # one of Altair's classes of charts
    with st.container(key=key):
        st.altair_chart(drawn, theme=None, width="content")

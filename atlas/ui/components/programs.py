"""Addresses for programs: the OGC API for GIS, the catalogue entry for data portals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import streamlit as st

from atlas.ui import state
from atlas.ui.markup import Html, button, el, icon, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.ui.words import Words

OGC: Final = "ogc"
CATALOGUE: Final = "atlas/catalog.{ending}"
ENDINGS: Final = {"ttl": "Turtle", "jsonld": "JSON-LD", "rdf": "RDF/XML"}


def block(say: Words) -> None:
    """Draw the addresses, each with a button that copies it."""
    address = f"{_instance()}/{OGC}"
    copy = button(
        join([icon("content_copy"), el("span", say("Adresse kopieren"), data_note=True)]),
        "copied", data_copy=address, data_done=say("Adresse kopiert"),
    )  # fmt: skip
    html = el(
        "section",
        el("h2", say("Für GIS und Programme"), class_="ra-h2"),
        el("p", say("OGC API – Features: In QGIS unter Layer, Layer hinzufügen, "
                    "WFS / OGC API – Features diese Adresse eintragen.")),
        el("p", el("a", el("code", address), href=f"{OGC}?f=html&lang={say.language}",
                   class_="ra-break")),
        el("div", copy, class_="ra-buttons"),
        el("p", say("Katalogeintrag nach DCAT-AP.de für Datenportale:"), " ", _endings()),
        class_="ra-section",
    )  # fmt: skip
    panel("programs", html)


def _instance() -> str:
    """Return the address of the instance without a slash at the end, empty where none is known."""
    stated = state.settings().public_url
    if stated:
        return stated.rstrip("/")
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _endings() -> Html:
    links = [
        el("a", name, href=CATALOGUE.format(ending=ending)) for ending, name in ENDINGS.items()
    ]
    return join(links, ", ")

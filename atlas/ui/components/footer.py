"""The foot of every page: how old the data is, its licence, and whom to name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.i18n import day
from atlas.ui.markup import el, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.ui.view import Data
    from atlas.ui.words import Words


def footer(data: Data, say: Words) -> None:
    """Draw data date, licence and attribution."""
    atlas = data.atlas
    sources = [key for key, source in data.registry.sources.items() if source.attribution]
    names = data.registry.attributions(sources, say.language)
    html = el(
        "div",
        el("p",
           el("b", say("Stand der Daten: {date}", date=day(atlas.retrieved_on, say.language))),
           " · ", say.count("{n} Ort", "{n} Orte", len(atlas.spaces)), " · ",
           say("Daten: CC BY 4.0, aus OpenStreetMap abgeleitete Werte: ODbL 1.0")),
        el("p", join(names, " · ")),
        class_="ra-footer",
    )  # fmt: skip
    panel("footer", html, setup={"lang": say.language})

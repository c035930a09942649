"""Headings with a sentence that is read from the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.i18n import day
from atlas.ui.markup import el
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.ui.words import Words


def data_heading(view: View, say: Words) -> None:
    """Draw the heading of the data page."""
    panel("data_heading", el(
        "header", el("h1", say("Daten"), class_="ra-title"),
        el("p", say("Ein Atlas ist so gut wie seine Lücken ehrlich sind. Stand: {date}.",
                    date=day(view.atlas.retrieved_on, say.language)), class_="ra-lead"),
        class_="ra-prose",
    ))  # fmt: skip

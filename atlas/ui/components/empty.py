"""When nothing matches: which filter excludes how many, and one click to relax it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.query import apply
from atlas.ui.components.labels import FIELD_TITLES
from atlas.ui.markup import Html, button, el, join

if TYPE_CHECKING:
    from atlas.ui.state import View
    from atlas.ui.words import Words


def gains(view: View) -> list[tuple[str, int]]:
    """Return per active filter how many spaces would match without it, most first."""
    found = [
        (field, int(apply(view.atlas.spaces, view.filters.without(field), today=view.today,
                          words=view.data.words).sum()))
        for field in view.filters.active_fields
    ]  # fmt: skip
    return sorted(found, key=lambda pair: -pair[1])


def state(view: View, say: Words) -> Html:
    """Return the designed empty state."""
    if not len(view.atlas.spaces):
        return el("div", el("h2", say("Die Tabelle ist leer"), class_="ra-h2"),
                  el("p", say("Es sind noch keine Orte eingetragen. Die Seite Daten nennt "
                              "Quellen und abgelehnte Zeilen.")), class_="ra-empty")  # fmt: skip
    offers = [
        el("li",
           el("span", say("Ohne „{filter}“", filter=say(FIELD_TITLES[field])),
              class_="ra-empty-what"),
           el("span", say.count("{n} Ort", "{n} Orte", count), class_="ra-muted"),
           button(say("Lockern"), "relax", field, kind="small",
                  aria_label=say("Filter {filter} lockern", filter=say(FIELD_TITLES[field]))))
        for field, count in gains(view) if count
    ]  # fmt: skip
    text = (
        say("So viele Orte bleiben, wenn ein Filter wegfällt:")
        if offers
        else say("Erst ohne mehrere Filter zugleich bleibt etwas übrig.")
    )
    return el(
        "div",
        el("h2", say("Kein Ort passt zu allen Filtern"), class_="ra-h2"),
        el("p", text),
        el("ul", *offers, class_="ra-offers") if offers else None,
        join([button(say("Alle Filter zurücksetzen"), "reset", kind="primary")]),
        class_="ra-empty",
    )

"""When nothing matches: which filter excludes how many, and one click to relax it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.query import relaxations
from atlas.ui.components.labels import FIELD_TITLES
from atlas.ui.markup import Html, button, el, join

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.ui.words import Words


def state(view: View, say: Words) -> Html:
    """Return the designed empty state."""
    if not len(view.atlas.spaces):
        return el("div", el("h2", say("Die Tabelle ist leer"), class_="ra-h2"),
                  el("p", say("Es sind noch keine Orte eingetragen. Die Seite Daten nennt "
                              "Quellen und zurückgestellte Zeilen.")),
                  class_="ra-empty")  # fmt: skip
    found = relaxations(view.atlas.spaces, view.filters, today=view.today, words=view.data.words)
    several = any(len(fields) > 1 for fields, _ in found)
    text = (
        say("So viele Orte bleiben, wenn mehrere Filter zugleich wegfallen:")
        if several
        else say("So viele Orte bleiben, wenn ein Filter wegfällt:")
    )
    return el(
        "div",
        el("h2", say("Kein Ort passt zu allen Filtern"), class_="ra-h2"),
        el("p", text),
        el("ul", *(_offer(fields, count, say) for fields, count in found), class_="ra-offers"),
        join([button(say("Alle Filter zurücksetzen"), "reset", kind="primary")]),
        class_="ra-empty",
    )


def _offer(fields: tuple[str, ...], count: int, say: Words) -> Html:
    titles = [say(FIELD_TITLES[field]) for field in fields]
    quoted = [say("„{filter}“", filter=title) for title in titles]
    *first, last = quoted
    names = say("{first} und {last}", first=", ".join(first), last=last) if first else last
    return el(
        "li",
        el("span", say("Ohne {filters}", filters=names), class_="ra-empty-what"),
        el("span", say.count("{n} Ort", "{n} Orte", count), class_="ra-muted"),
        button(say("Lockern"), "relax", ",".join(fields), kind="small",
               aria_label=say("Filter {filter} lockern", filter=", ".join(titles))),
    )  # fmt: skip

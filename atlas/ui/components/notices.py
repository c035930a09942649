"""Sentences about what was asked for and could not be done as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.query import RANGE_FIELDS
from atlas.ui import state
from atlas.ui.components.labels import FIELD_TITLES
from atlas.ui.markup import Html, el, icon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from atlas.query import Near
    from atlas.ui.view import View
    from atlas.ui.words import Words


def notices(view: View, say: Words) -> Html | None:
    """Return what the link, the search or a range asked for in vain."""
    ignored: dict[str, tuple[str, ...]] = state.recall("ignored", {})
    texts = [_ignored(field, ", ".join(values), say) for field, values in ignored.items()]
    texts += _unanswered(view, say)
    if not texts:
        return None
    lines = (el("li", icon("info"), el("span", text), class_="ra-undo") for text in texts)
    return el("ul", *lines, class_="ra-notices", id="notices", aria_live="polite")


def _ignored(field: str, values: str, say: Words) -> str:
    if field == "municipalities":
        return say("Der Link nennt eine unbekannte Gemeinde: {values}. Sie wird nicht beachtet.",
                   values=values)  # fmt: skip
    if field == "shortlist":
        return say("Der Link merkt Orte vor, die der Atlas nicht (mehr) kennt: {values}.",
                   values=values)  # fmt: skip
    if field == "only_shortlist":
        return say("Die Merkliste des Links ist leer; gezeigt werden alle Orte.")
    if field == "near":
        return say("Der Link nennt einen Punkt, der nicht in der Region liegt: {values}. "
                   "Der Umkreis wird nicht beachtet.", values=values)  # fmt: skip
    return say("Der Link nennt unter „{filter}“ etwas Unbekanntes: {values}. "
               "Es wird nicht beachtet.",
               filter=say(FIELD_TITLES[field]), values=values)  # fmt: skip


def _unanswered(view: View, say: Words) -> Iterator[str]:
    asked = view.filters
    if asked.text and "text" not in asked.active_fields:
        yield say("Die Suche braucht Buchstaben oder Ziffern: „{text}“ wird nicht beachtet.",
                  text=asked.text)  # fmt: skip
    if asked.near is not None and asked.near.missed:
        yield _around(asked.near, view, say)
    for name in RANGE_FIELDS:
        if asked.range(name).is_reversed:
            yield say("{filter}: „von“ ist größer als „bis“, deshalb passt keine bekannte Angabe.",
                      filter=say(FIELD_TITLES[name]))  # fmt: skip


def _around(near: Near, view: View, say: Words) -> str:
    if near.label in set(view.atlas.municipalities["name"]):
        return say("„{asked}“ steht nicht im Verzeichnis; gesucht wird um die Gemeinde {place}.",
                   asked=near.missed, place=near.label)  # fmt: skip
    return say("„{asked}“ steht nicht im Verzeichnis; gesucht wird um „{place}“.",
               asked=near.missed, place=near.label)  # fmt: skip

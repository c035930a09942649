"""Which sources a row was merged from, and which gave which value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas import vocabulary as v
from atlas.schema import BY_NAME
from atlas.schema.contributions import COLUMN, read
from atlas.ui.markup import Html, el, external
from atlas.ui.words import known

if TYPE_CHECKING:
    from atlas.schema.contributions import Contribution
    from atlas.ui.view import View
    from atlas.ui.words import Words

_OF_THE_RECORD: Final = {
    name for name, column in BY_NAME.items() if column.section == "provenance"
} | {"space_id"}


def block(row: Any, view: View, say: Words) -> Html | None:  # noqa: ANN401 (a row)
    """Return the list of sources; nothing where a row comes from one alone."""
    entries = read(row[COLUMN]) if COLUMN in row.index else []
    if len(entries) <= 1:
        return None
    items = [_one(entry, view, say) for entry in entries]
    return el(
        "section", el("h3", say("Aus mehreren Quellen"), class_="ra-h3"),
        el("p", say("Diese Quellen meinen denselben Ort; jede nennt, was hier von ihr stammt."),
           class_="ra-muted"),
        el("ul", *items, class_="ra-bullets"), class_="ra-section",
    )  # fmt: skip


def _one(entry: Contribution, view: View, say: Words) -> Html:
    source = view.atlas.registry.sources.get(entry["source"])
    title = source.label(say.language) if source else entry["source"]
    gave = [say.column(BY_NAME[name]) for name in entry["fields"]
            if name in BY_NAME and name not in _OF_THE_RECORD]  # fmt: skip
    day = entry["observed_on"] if known(entry["observed_on"]) else entry["retrieved_on"]
    return el(
        "li", external(f"{title}: {entry['name']}", entry["source_url"]),
        f" ({say.label(v.LINEAGE, entry['lineage'])}, {say.date(day)}) ",
        el("span", ", ".join(gave) if gave else say("keine eigenen Werte"), class_="ra-muted"),
    )  # fmt: skip

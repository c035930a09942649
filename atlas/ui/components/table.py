"""The result as a table: the same rows in the same order as map and list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas import vocabulary as v
from atlas.i18n import marked as _
from atlas.ui import state
from atlas.ui.components import downloads, empty, results, shortlist
from atlas.ui.components.grid import Head, grid, line, pager
from atlas.ui.components.result_list import size
from atlas.ui.components.swatch import vacancy_mark
from atlas.ui.markup import Child, Html, el, join
from atlas.ui.panel import panel
from atlas.ui.words import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atlas.ui.view import View
    from atlas.ui.words import Words

PAGE_SIZE: Final = 50


_HEADS: Final = (
    (_("Name"), "name"), (_("Typ"), ""), (_("Stadt"), ""), (_("Zustand"), ""),
    (_("Beobachtet"), "age"), (_("Verfügbarkeit"), ""), (_("Fläche"), "size"),
    (_("Stufenlos"), ""), (_("Lage"), ""), (_("Wer es sagt"), ""),
)  # fmt: skip


def event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    """Act on a click in the table (a callback)."""
    if name == "page":
        state.put(table_page=int(value))
    elif name == "sort_by":
        state.put(table_page=0)
        results.event("sort", value)
    else:
        results.event(name, value)


def table(view: View, say: Words) -> None:
    """Draw the downloads and one page of the table."""
    if not view.rows:
        panel("table", empty.state(view, say), on_event=event)
        return
    last = (len(view.rows) - 1) // PAGE_SIZE
    page = min(int(state.recall("table_page", 0)), last)
    rows = view.rows[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    heads = [*(_head(text, key, view, say) for text, key in _HEADS), _hidden(say("Merkliste"))]
    lines = (_row(row, heads, view, say) for row in rows)
    content = [
        downloads.links(view, say),
        el("p", _caption(view, say, page), class_="ra-muted"),
        grid(say("Tabelle der Orte"), heads, lines, dense=True),
        pager("page", page, last, say),
    ]
    panel("table", join(content), on_event=event)


def _caption(view: View, say: Words, page: int) -> str:
    first = page * PAGE_SIZE + 1
    return say("Zeile {first} bis {last} von {total}", first=say.number(first),
               last=say.number(min(first + PAGE_SIZE - 1, len(view.rows))),
               total=say.number(len(view.rows)))  # fmt: skip


def _hidden(label: str) -> Head:
    return Head(label, el("span", label, class_="ra-sr"))


def _head(text: str, key: str, view: View, say: Words) -> Head:
    if not key:
        return Head(say(text))
    chosen = view.sort == key
    order = ("ascending" if key == "name" else "descending") if chosen else None
    button_ = el(
        "button", say(text), " ", el("span", "↓" if chosen else "", aria_hidden="true"),
        type="button", class_="ra-link", data_event="sort_by", data_value=key,
        title=say("Danach sortieren"),
    )  # fmt: skip
    return Head(say(text), button_, {"aria_sort": order})


def _row(position: int, heads: Sequence[Head], view: View, say: Words) -> Html:
    row = view.atlas.spaces.iloc[position]
    name = el("button", row["name"], type="button", class_="ra-link", data_event="open",
              data_value=row["space_id"], data_roam=True, id=f"cell-{row['space_id']}")  # fmt: skip
    star = shortlist.star(row, say, picked=row["space_id"] in view.filters.shortlist)
    return line(heads, name, [*_cells(row, view, say), star], id=f"line-{row['space_id']}")


def _cells(row: Any, view: View, say: Words) -> list[Child]:  # noqa: ANN401 (a row)
    gap = el("span", say("unbekannt"), class_="ra-unknown")
    state_ = el("span", vacancy_mark(row["vacancy"]), say.label(v.VACANCY, row["vacancy"]),
                class_="ra-state")  # fmt: skip
    access = say("ja") if known(row["is_step_free"]) and row["is_step_free"] else say("nein")
    placed = known(row["x"])
    area = size(row, say)
    return [
        say.label(v.TYPES, row["type"]),
        _town(row["municipality"]),
        state_,
        _observed(row, view, say),
        gap if row["availability"] == "unknown" else say.availability(row),
        el("span", area, class_="ra-size") if area else gap,
        access if known(row["is_step_free"]) else gap,
        say.label(v.PRECISION, row["coordinate_precision"]) if placed else say("ohne Lage"),
        el("span", row["publisher"], class_="ra-says"),
    ]


def _town(name: str) -> Html:
    """Return the name of a town that may break where two names meet: Fröndenberg/Ruhr."""
    first, *others = name.split("/")
    return el("span", first, *(join(["/", el("wbr"), other]) for other in others))


def _observed(row: Any, view: View, say: Words) -> Child:  # noqa: ANN401 (a row)
    if row["vacancy"] in ("unknown", "not_applicable"):
        return "–"
    if not known(row["observed_on"]):
        return el("span", say("ohne Datum"), class_="ra-unknown")
    return join(
        [
            say.date(row["observed_on"]),
            el("span", say.age(row["observed_on"], view.today), class_="ra-muted ra-when"),
        ]
    )

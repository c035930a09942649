"""
The list beside the map.

Its markup goes to the browser once; a filter click sends the words of the first rows
only (some 60 bytes each, compressed), which the browser writes into a copy of the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas import vocabulary as v
from atlas.i18n import marked as _
from atlas.ui import state
from atlas.ui.components import empty, shortlist
from atlas.ui.components.results import PAGE_SIZE, event
from atlas.ui.components.swatch import vacancy_mark
from atlas.ui.markup import Html, button, el, icon, join
from atlas.ui.panel import panel
from atlas.ui.words import known

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.ui.words import Words

FIRST_PAGE: Final = 12  # more than a screen shows; the rest on demand
LIST_ID: Final = "result-list"


SORT_LABELS: Final = {
    "name": _("Name"),
    "age": _("Neueste Beobachtung"),
    "size": _("Größe"),
    "distance": _("Entfernung"),
}


def result_list(view: View, say: Words) -> None:
    """Draw the list, or say why it is empty."""
    if not view.rows:
        panel("list", empty.state(view, say), on_event=event)
        return
    left = state.recall("left", "")
    content = join([shortlist.tools(view, say), _sort(view, say), _empty_list(say)])
    panel("list", content, on_event=event)
    panel("rows", Html(), setup={
        "fill": _filling(view, say), "focus": f"#row-{left} .ra-row-open" if left else "",
    })  # fmt: skip


def _sort(view: View, say: Words) -> Html:
    offered = [key for key in state.SORTS if key != "distance" or view.filters.near is not None]
    options = [el("option", say(SORT_LABELS[key]), value=key, selected=key == view.sort)
               for key in offered]  # fmt: skip
    return el(
        "div",
        el("h2", say("Liste"), class_="ra-h2"),
        el("label", el("span", say("Sortiert nach")),
           el("select", *options, name="sort", class_="ra-select", data_change="sort",
              id="sort-by"), class_="ra-sort"),
        class_="ra-list-head",
    )  # fmt: skip


def _empty_list(say: Words) -> Html:
    """Return the list without rows, and the row that the browser copies."""
    states = [
        el("span", vacancy_mark(code), say.label(v.VACANCY, code), class_="ra-state",
           data_state=code)
        for code in v.VACANCY
    ]  # fmt: skip
    open_ = el(
        "button",
        el("span", class_="ra-row-name", data_text=1),
        el("span", class_="ra-row-sub", data_text=2),
        el("span", *states, el("span", class_="ra-age", data_text=4),
           el("span", class_="ra-free", data_text=5), el("span", data_text=6),
           el("span", data_text=7), class_="ra-row-state"),
        type="button", class_="ra-row-open", data_event="open", data_roam=True,
    )  # fmt: skip
    stars = [
        el("button", icon("bookmark_added" if picked else "bookmark_add"), type="button",
           class_="ra-icon-button", data_event="unpick" if picked else "pick",
           aria_pressed=str(picked).lower(), aria_label=shortlist.star_label(say, picked=picked))
        for picked in (False, True)
    ]  # fmt: skip
    row = el("template", el("li", open_, *stars, class_="ra-row"))
    rows = el("ol", class_="ra-list", aria_label=say("Ergebnis"), data_filled=True)
    more = button("", "more", kind="wide", hidden=True)
    return el("div", row, rows, more, id=LIST_ID, data_fill=True)


def _filling(view: View, say: Words) -> dict[str, Any]:
    """Return what the browser writes into the list."""
    shown = min(len(view.rows), FIRST_PAGE + int(state.recall("shown", 0)))
    more = min(len(view.rows) - shown, PAGE_SIZE)
    return {
        "into": LIST_ID,
        "rows": [_row(position, view, say) for position in view.rows[:shown]],
        "more": say.count("{n} weiteren zeigen", "{n} weitere zeigen", more) if more else "",
        "picked": list(view.filters.shortlist),
    }


def _row(position: int, view: View, say: Words) -> list[str]:
    """Return key, name, type and place, code of the state, age, availability, size, distance."""
    row = view.atlas.spaces.iloc[position]
    where = ", ".join(str(row[k]) for k in ("locality", "municipality") if known(row[k]))
    sure = row["vacancy"] not in ("unknown", "not_applicable")
    offered = row["availability"] not in ("unknown", "not_offered")
    near = view.filters.near
    words = [
        row["space_id"],
        row["name"],
        f"{say.label(v.TYPES, row['type'])} · {where}",
        row["vacancy"],
        say.age(row["observed_on"], view.today) if sure else "",
        say.availability(row) if offered else "",
        size(row, say),
        say.distance(_metres(row, near.xy)) if near is not None and known(row["x"]) else "",
    ]
    while not words[-1]:
        words.pop()
    return [str(word) for word in words]


def size(row: Any, say: Words) -> str:  # noqa: ANN401 (a row)
    """Return the area of a space, from the smallest part to the whole; empty if unknown."""
    whole, least = row["area_m2"], row["area_min_m2"]
    if not known(whole):
        return say("ab {low}", low=f"{say.number(least)} m²") if known(least) else ""
    part = f"{say.number(least)}–" if known(least) and least < whole else ""
    return f"{part}{say.number(whole)} m²"


def _metres(row: Any, centre: tuple[float, float]) -> float:  # noqa: ANN401 (a row)
    return float(((row["x"] - centre[0]) ** 2 + (row["y"] - centre[1]) ** 2) ** 0.5)

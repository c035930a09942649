"""The areas as a table that says the same as the map, and everything to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from atlas.i18n import marked as _
from atlas.palette import PALE
from atlas.ui import state
from atlas.ui.components import hotspot_form
from atlas.ui.components.area_map import areas_address
from atlas.ui.components.area_mark import area_mark
from atlas.ui.components.grid import Head, grid, line, pager
from atlas.ui.components.hotspot_result import map_link
from atlas.ui.markup import Html, el, icon
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atlas.ui.components.hotspot_work import Found
    from atlas.ui.view import View
    from atlas.ui.words import Words

PAGE_SIZE: Final = 30
FILES: Final = (
    ("figure.png", _("Karte als PNG")), ("figure.svg", _("Karte als SVG")),
    ("table.csv", _("Tabelle als CSV")), ("table.xlsx", _("Tabelle als Excel")),
    ("layer.gpkg", _("Flächen als GeoPackage")),
)  # fmt: skip
"""Routes and what they give."""
_SIZES: Final = {"energy_class": ["vacant", "nearby"], "density": ["density_per_km2"]}
"""What orders areas within a class, the largest first; elsewhere the count."""


def event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    """Act on a click in the table (a callback)."""
    if name == "area":
        hotspot_form.choose(str(value))
        state.put(area_focus=str(value))  # the facts open above, where nobody looks
    elif name == "area_page":
        state.put(area_page=int(value))
    elif name == "area_order":
        state.put(area_order=str(value), area_page=0)


def table(view: View, found: Found, say: Words) -> None:
    """Draw the counts per class, the downloads, and one page of the areas."""
    positions = _ordered(found, str(state.recall("area_order", "class")))
    last = (len(positions) - 1) // PAGE_SIZE
    page = min(int(state.recall("area_page", 0)), last)
    shown = positions[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    heads = _heads(found, say)
    lines = (_line(at, heads, view, found, say) for at in shown)
    panel("hotspot_table", el(
        "section",
        el("h2", say("Die Flächen als Tabelle"), class_="ra-h2"),
        _counts(found, say),
        _downloads(view, found, say),
        grid(say("Tabelle der Flächen"), heads, lines),
        pager("area_page", page, last, say),
        class_="ra-section",
    ), on_event=event)  # fmt: skip


def _ordered(found: Found, by: str) -> list[int]:
    """Return the positions of the areas: what was found first, or by name."""
    layer = found.layer
    ranks = {one.code: (one.code in PALE, at) for at, one in enumerate(layer.classes)}
    order = sorted(ranks, key=lambda code: ranks[code])
    if found.asked.classed == "density":
        order = order[-2::-1] + order[-1:]  # the densest first, what has none last
    sizes = _SIZES.get(found.asked.classed, ["count"])
    keys = pd.DataFrame(found.result.areas[sizes]).astype(float).assign(
        rank=layer.areas["class_code"].map({code: at for at, code in enumerate(order)}),
        label=layer.areas["label"],
    )  # fmt: skip
    columns = ["label"] if by == "name" else ["rank", *sizes, "label"]
    rising = [name not in sizes for name in columns]
    return keys.sort_values(columns, ascending=rising, kind="stable").index.tolist()


def _counts(found: Found, say: Words) -> Html:
    counts = found.layer.counts()
    items = [
        el("li", area_mark(one), el("span", one.text), el("b", say.number(counts[one.code])),
           data_class=one.code)
        for one in found.layer.classes
    ]  # fmt: skip
    return el("ul", *items, class_="ra-classes", aria_label=say("Flächen je Klasse"))


def _downloads(view: View, found: Found, say: Words) -> Html:
    params = found.asked.to_params()
    items = [
        el("li", el("a", icon("download"), say(text), download=True,
                    href=f"atlas/analysis/{areas_address(view, name, params)}",
                    class_="ra-button ra-button-plain"))
        for name, text in FILES
    ]  # fmt: skip
    return el("div", el("ul", *items), class_="ra-downloads")


def _heads(found: Found, say: Words) -> list[Head]:
    by = state.recall("area_order", "class")
    return [
        _sortable(say("Fläche"), "name", by, say),
        _sortable(say("Klasse"), "class", by, say),
        *(Head(label) for label in found.layer.facts),
        Head(say("Orte"), el("span", say("Orte"))),
    ]


def _sortable(label: str, key: str, by: str, say: Words) -> Head:
    control = el(
        "button", label, " ", el("span", "↓" if by == key else "", aria_hidden="true"),
        type="button", class_="ra-link", data_event="area_order", data_value=key,
        title=say("Danach sortieren"),
    )  # fmt: skip
    return Head(label, control, {"aria_sort": "ascending" if by == key else None})


def _line(at: int, heads: Sequence[Head], view: View, found: Found, say: Words) -> Html:
    rows, classes = found.layer.areas, {one.code: one for one in found.layer.classes}
    area_id, one = str(rows["area_id"][at]), classes[rows["class_code"][at]]
    name = el("button", rows["label"][at], type="button", class_="ra-link", data_event="area",
              data_value=area_id, data_roam=True)  # fmt: skip
    cells = [
        el("span", area_mark(one), one.text, class_="ra-state"),
        *(texts[at] or "–" for texts in found.layer.facts.values()),
        map_link(view, found, str(found.result.areas["ags"][at]), say, label=icon("map")),
    ]
    return line(heads, name, cells, id=f"area-{area_id}")

"""Figures of areas as tables: one column per area, or one row per area and state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from atlas import vocabulary as v
from atlas.analysis.choice import GROUPS_OF, Choice
from atlas.analysis.facts import CREATIVE_GROUPS
from atlas.analysis.texts import title, value_text
from atlas.ui.components.figure_words import as_of, cell, small_flag
from atlas.ui.components.grid import Head, grid, line
from atlas.ui.components.swatch import group_mark, vacancy_mark
from atlas.ui.markup import Child, Html, el, join

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from atlas.ui.words import Words

_SPLIT: Final = ("", *v.KINDS)
MAIN: Final = (
    *(Choice("spaces", group) for group in _SPLIT),
    *(Choice("spaces_per_10000", group) for group in _SPLIT),
    *(Choice("spaces_per_km2", group) for group in _SPLIT),
    *(Choice(code, group) for code, groups in GROUPS_OF.items() for group in groups
      if not code.startswith(("spaces", "location"))),
)  # fmt: skip
"""The figures of the first table; those by type have their own."""


def figures_grid(figures: pd.DataFrame, chosen: Choice, say: Words) -> Html:
    """Return the table of figures, the one of the chart first."""
    choices = [chosen, *(choice for choice in MAIN if choice != chosen)]
    names = figures.drop_duplicates("area_id").set_index("area_id")["area_name"]
    surveyed = figures[figures["indicator"] == "spaces"].groupby("area_id")["value"].first().notna()
    heads = [Head(say("Kennzahl")), *(Head(name) for name in names)]
    lines = []
    for choice in choices:
        rows = {row["area_id"]: row for row in choice.rows(figures).to_dict("records")}
        cells = [cell(rows[key], say, surveyed=bool(surveyed[key])) for key in names.index]
        lines.append(line(heads, title(choice, say.language), cells))
    return grid(say("Kennzahlen"), heads, lines)


def types_grid(figures: pd.DataFrame, say: Words) -> Html:
    """Return count, share and location quotient of each type group that there is, per area."""
    rows = figures[figures["indicator"] == "location_quotient"]
    names = rows.drop_duplicates("area_id").set_index("area_id")["area_name"]
    heads = [Head(say("Typ")), *(Head(name) for name in names)]
    used = set(rows.loc[rows["numerator"] > 0, "group"])
    lines = []
    for code in filter(used.__contains__, CREATIVE_GROUPS):
        found = {row["area_id"]: row for row in rows[rows["group"] == code].to_dict("records")}
        name = join([group_mark(code), v.TYPE_GROUPS[code].label(say.language)])
        lines.append(line(heads, name, [_type_cell(found[key], say) for key in names.index]))
    return grid(say("Orte der Kultur- und Kreativwirtschaft nach Typ"), heads, lines)


def _type_cell(row: Any, say: Words) -> Child:  # noqa: ANN401 (a row)
    if not row["n"]:
        return el("span", say("keine Angabe"), class_="ra-unknown")
    share = say("{part} von {whole} ({share})", part=say.number(row["numerator"]),
                whole=say.number(row["n"]),
                share=say.percent(row["numerator"] / row["n"]))  # fmt: skip
    quotient = value_text("location_quotient", row["value"], say.language)
    return join([
        el("span", share), " ",
        el("span", say("Quotient {value}", value=quotient), " ", small_flag(row, say), " · ",
           as_of(row, say), class_="ra-muted ra-when"),
    ])  # fmt: skip


def states_grid(states: pd.DataFrame, say: Words, *, first: str) -> Html:
    """
    Return how many places are in which state.

    Parameters
    ----------
    states
        One row per area or kind (index: its name), a column per code of `VACANCY`.
    first
        Head of the first column.
    """
    codes = list(v.VACANCY)
    heads = [Head(first), *(_state_head(code, say) for code in codes)]
    lines = [
        line(heads, str(name), [say.number(int(counts[code])) for code in codes])
        for name, counts in zip(states.index, states.to_dict("records"), strict=True)
    ]
    return grid(say("Orte nach Zustand"), heads, lines)


def _state_head(code: str, say: Words) -> Head:
    label = v.VACANCY[code].label(say.language)
    return Head(label, join([vacancy_mark(code), label]))

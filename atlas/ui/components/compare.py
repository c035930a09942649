"""The page Compare: two to four places side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from atlas.analysis.choice import PlacesAsked
from atlas.analysis.compare import FEWEST, MOST
from atlas.analysis.indicators import REGION
from atlas.figures.answers import compared, places
from atlas.query.url import FIGURE, PLACE
from atlas.ui import question
from atlas.ui.components.figure_charts import side_by_side, table_links, types_and_states
from atlas.ui.components.figure_form import compare_form
from atlas.ui.components.figure_table import figures_grid, states_grid, types_grid
from atlas.ui.components.figure_words import sentence
from atlas.ui.components.figure_work import figures_of
from atlas.ui.markup import Html, el, icon, join
from atlas.ui.panel import panel
from atlas.ui.words import known

if TYPE_CHECKING:
    from atlas.figures.shown import Shown
    from atlas.ui.view import View
    from atlas.ui.words import Words


def answer(view: View, say: Words) -> Shown:
    """Return what the page shows."""
    return figures_of(view, "compare", (PLACE, FIGURE), say)


def controls(found: Shown, view: View, say: Words) -> None:
    """Draw heading and form."""
    panel("compare_heading", el(
        "header", el("h1", say("Vergleich"), class_="ra-title"),
        el("p", say("Zwei bis vier Städte, Gemeinden oder Quartiere nebeneinander, mit denselben "
                    "Kennzahlen und dem Ruhrgebiet als Maßstab."), class_="ra-lead"),
        class_="ra-prose",
    ))  # fmt: skip
    asked = PlacesAsked.from_params(found.params)
    compare_form(asked, places(view.data.snapshot), say)


def summary(found: Shown, view: View, say: Words) -> None:
    """Say what is seen, and what the link named in vain."""
    asked = PlacesAsked.from_params(found.params)
    notices = _notices(found, asked, say)
    comparison = compared(view.data.snapshot, asked.keys, today=view.today)
    told = sentence(found.figures, found.choice, say, reference=REGION)
    panel("compare_summary", el(
        "section",
        el("ul", *(el("li", icon("info"), el("span", text), class_="ra-undo") for text in notices),
           class_="ra-notices", id="notices") if notices else None,
        el("p", " ".join(told), class_="ra-finding", role="status"),
        el("ul", *(_place(row, say) for row in comparison.areas.to_dict("records")),
           class_="ra-bullets"),
    ))  # fmt: skip


def _notices(found: Shown, asked: PlacesAsked, say: Words) -> list[str]:
    """Say which places of the link or of a click are not there, and why."""
    notices = []
    if found.unknown:
        notices.append(say("Der Link nennt Orte, die der Atlas nicht (mehr) kennt: {names}. Sie "
                           "werden nicht beachtet.", names=", ".join(found.unknown)))  # fmt: skip
    if found.repeated:
        notices.append(say("Schon gewählt: {names}. Jeder Ort steht nur einmal im Vergleich.",
                           names=", ".join(found.repeated)))  # fmt: skip
    if found.surplus:
        notices.append(say("Mehr als {most} Orte stehen nicht nebeneinander. Nicht dabei: {names}.",
                           most=say.number(MOST), names=", ".join(found.surplus)))  # fmt: skip
    if len(asked.keys) < FEWEST:
        notices.append(say("Für einen Vergleich braucht es einen zweiten Ort."))
    return notices


def _place(row: Any, say: Words) -> Html:  # noqa: ANN401 (a row)
    """Return what a place is, with the way to its profile."""
    if row["level"] == "municipality":
        text = say("{population} Einwohner ({date}), {area} km², {spaces}",
                   population=say.number(row["population"]),
                   date=say.date(row["population_as_of"]),
                   area=say.number(row["area_km2"], decimals=2),
                   spaces=_counted(row, say))  # fmt: skip
        link = el("a", row["area_name"], href=f"profil?town={row['area_id']}&lang={say.language}")
        return el("li", link, f": {text}")
    return el("li", join([f"{row['area_name']}: ", _circle(row, say)]))


def _counted(row: Any, say: Words) -> str:  # noqa: ANN401 (a row)
    """Say how many places the figures count, and how many are gone."""
    spaces = say.count("{n} Ort", "{n} Orte", row["standing"])
    if not row["demolished"]:
        return spaces
    return say("{spaces}, dazu {demolished}", spaces=spaces, demolished=say.count(
        "{n} abgerissener Ort", "{n} abgerissene Orte", row["demolished"]))  # fmt: skip


def _circle(row: Any, say: Words) -> str:  # noqa: ANN401 (a row)
    text = say("Kreis von {radius} um den Ankerpunkt in {town}, darin {spaces}",
               radius=say.distance(row["radius_m"]), town=row["municipality"],
               spaces=_counted(row, say))  # fmt: skip
    unsure = int(row["uncertain"]) if known(row["uncertain"]) else 0
    if not unsure:
        return text
    return say("{text}; {unsure} am Rand so ungenau verortet, dass unklar ist, auf welcher Seite",
               text=text, unsure=say.count("{n} Ort", "{n} Orte", unsure))  # fmt: skip


def panes(found: Shown, view: View, say: Words) -> None:
    """Draw the map of the figure and beside it the chart."""
    asked = PlacesAsked.from_params(found.params)
    towns = {key for key in asked.keys if key in set(view.atlas.municipalities["ags"])}

    def choose(ags: str) -> None:
        chosen = toggled(asked, ags)
        question.ask("compare", chosen.to_params())

    side_by_side(
        found,
        "compare",
        view,
        say,
        chosen=sorted(towns),
        on_choose=choose,
        click=say("Ein Klick auf eine Stadt der Karte nimmt sie dazu oder heraus."),
    )


def toggled(asked: PlacesAsked, key: str) -> PlacesAsked:
    """
    Return the question with a place more, or less if it was there, but never too few.

    One too many is part of it: the page says that there is no room for it.
    """
    if key in asked.keys:
        fewer = tuple(one for one in asked.keys if one != key)
        return replace(asked, keys=fewer) if len(fewer) >= FEWEST else asked
    if not key:
        return asked
    return replace(asked, keys=(*asked.keys, key))


def charts(found: Shown, say: Words) -> None:
    """Draw what kinds of places there are and in which state."""
    types_and_states(found, "compare", say)


def tables(found: Shown, say: Words) -> None:
    """Draw the tables that hold every number of the charts."""
    panel("compare_tables", el(
        "section", el("h2", say("Alle Zahlen"), class_="ra-h2"), table_links(found, "compare", say),
        figures_grid(found.figures, found.choice, say),
        el("h3", say("Nach Typ"), class_="ra-h3"), types_grid(found.figures, say),
        el("h3", say("Nach Zustand"), class_="ra-h3"),
        states_grid(found.states, say, first=say("Ort")),
        class_="ra-section ra-tables",
    ))  # fmt: skip

"""The page Profile: everything that the table knows of one municipality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from atlas import vocabulary as v
from atlas.analysis.choice import Choice, TownAsked
from atlas.analysis.figures import SMALL_OBSERVATIONS
from atlas.analysis.texts import title
from atlas.figures.answers import profiled
from atlas.query.url import FIGURE, TOWN
from atlas.ui import question
from atlas.ui.components.figure_charts import side_by_side, table_links, types_and_states
from atlas.ui.components.figure_form import profile_form
from atlas.ui.components.figure_table import figures_grid, states_grid, types_grid
from atlas.ui.components.figure_words import value
from atlas.ui.components.figure_work import figures_of
from atlas.ui.components.swatch import vacancy_mark
from atlas.ui.markup import Child, Html, el, icon, join
from atlas.ui.panel import panel
from atlas.ui.words import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atlas.analysis.profile import Profile
    from atlas.figures.shown import Shown
    from atlas.ui.view import View
    from atlas.ui.words import Words

_LISTED: Final = 12
"""Places of a list that are shown at once; the rest is counted."""
_RATE: Final = Choice("vacancy_rate")
_DENSITY: Final = Choice("spaces_per_10000")


def answer(view: View, say: Words) -> Shown:
    """Return what the page shows."""
    return figures_of(view, "profile", (TOWN, FIGURE), say)


def of_town(found: Shown, view: View) -> Profile:
    """Return the profile behind ``found``."""
    asked = TownAsked.from_params(found.params)
    return profiled(view.data.snapshot, asked.ags, today=view.today)


def heading(found: Shown, view: View, say: Words) -> None:
    """Draw the name, the form, and what is known in a few sentences."""
    town = of_town(found, view)
    notice = say("Der Link nennt eine unbekannte Gemeinde: {values}. Sie wird nicht beachtet.",
                 values=", ".join(found.unknown)) if found.unknown else ""  # fmt: skip
    panel("profile_heading", el(
        "header",
        el("ul", el("li", icon("info"), el("span", notice), class_="ra-undo"), class_="ra-notices",
           id="notices") if notice else None,
        el("h1", town.name, class_="ra-title"),
        el("p", town.district_name, class_="ra-muted")
        if town.district_name != town.name else None,
    ))  # fmt: skip
    profile_form(TownAsked.from_params(found.params), view.atlas.municipalities, say)
    panel("profile_told", el("p", " ".join(_told(town, say)), class_="ra-finding",
                             role="status"))  # fmt: skip


def _told(town: Profile, say: Words) -> list[str]:
    if not town.is_surveyed:
        return [say("{name} ist nicht erhoben: Der Atlas hat hier keine einzige Zeile. Das heißt "
                    "nicht, dass es hier nichts gibt.", name=town.name)]  # fmt: skip
    kinds = [f"{say.label(v.KINDS, code)}: {say.number(count)}"
             for code, count in town.standing.items() if count]  # fmt: skip
    gone = int(town.demolished.sum())
    told = [
        say.count("Der Atlas kennt hier {n} Ort.", "Der Atlas kennt hier {n} Orte.",
                  int(town.standing.sum())),
        f"{'; '.join(kinds)}." if kinds else "",
        _density(town, say),
        say.count("Dazu kommt {n} abgerissener Ort, der nicht mitzählt.",
                  "Dazu kommen {n} abgerissene Orte, die nicht mitzählen.", gone) if gone else "",
        _vacancy(town, say),
    ]  # fmt: skip
    return list(filter(None, told))


def _density(town: Profile, say: Words) -> str:
    here, region = (_DENSITY.rows(rows).to_dict("records")[0]
                    for rows in (town.figures, town.region))  # fmt: skip
    rank = town.ranks.iloc[0]
    if not known(here["value"]):
        return say("Orte je 10.000 Einwohner: keine Angabe.")
    return say("Das sind {value} je 10.000 Einwohner, Rang {rank} von {of} (Ruhrgebiet: {region}).",
               value=value(here, say), rank=say.number(int(rank["rank"])),
               of=say.number(int(rank["of"])), region=value(region, say))  # fmt: skip


def _vacancy(town: Profile, say: Words) -> str:
    rate = _RATE.rows(town.figures).to_dict("records")[0]
    gone = int(town.demolished["key_property"])
    if not rate["n"] and gone:
        return say("Beobachtet ist hier nur Abgerissenes ({gone}): Über Leerstand lässt sich "
                   "nichts sagen.", gone=say.count(
            "{n} Schlüsselimmobilie", "{n} Schlüsselimmobilien", gone))  # fmt: skip
    if not rate["n"]:
        return say("Den Zustand einer Schlüsselimmobilie hat hier niemand beobachtet: Über "
                   "Leerstand lässt sich nichts sagen.")  # fmt: skip
    text = say("Von {n} beobachteten Schlüsselimmobilien stehen ganz oder teilweise leer: "
               "{vacant}, das sind {share}.", n=say.number(rate["n"]),
               vacant=say.number(rate["numerator"]), share=value(rate, say))  # fmt: skip
    if not rate["is_small"]:
        return text
    return say("{text} Weniger als {bound} Beobachtungen: zu wenige für einen Vergleich.",
               text=text, bound=say.number(SMALL_OBSERVATIONS))  # fmt: skip


def panes(found: Shown, view: View, say: Words) -> None:
    """Draw the map of the figure and beside it the chart."""
    asked = TownAsked.from_params(found.params)

    def choose(ags: str) -> None:
        if ags:
            question.ask("profile", TownAsked(ags, asked.choice).to_params())

    side_by_side(
        found,
        "profile",
        view,
        say,
        chosen=[asked.ags],
        on_choose=choose,
        click=say("Ein Klick auf eine Stadt der Karte zeigt ihr Profil."),
    )


def charts(found: Shown, view: View, say: Words) -> None:
    """Draw what kinds of places there are and in which state."""
    if of_town(found, view).is_surveyed:
        types_and_states(found, "profile", say)


def tables(found: Shown, view: View, say: Words) -> None:
    """Draw the tables that hold every number of the charts."""
    panel("profile_tables", el(
        "section", el("h2", say("Alle Zahlen"), class_="ra-h2"), table_links(found, "profile", say),
        _ranks(of_town(found, view), say),
        figures_grid(found.figures, found.choice, say),
        el("h3", say("Nach Typ"), class_="ra-h3"), types_grid(found.figures, say),
        el("h3", say("Nach Zustand"), class_="ra-h3"),
        states_grid(found.states, say, first=say("Art")),
        class_="ra-section ra-tables",
    ))  # fmt: skip


def _ranks(town: Profile, say: Words) -> Html:
    lines = []
    for rank in town.ranks.to_dict("records"):
        name = title(Choice(rank["indicator"], rank["group"]), say.language)
        text = say("keine Angabe")
        if known(rank["rank"]):
            text = say("Rang {rank} von {of}", rank=say.number(rank["rank"]),
                       of=say.number(rank["of"]))  # fmt: skip
        lines.append(el("li", f"{name}: {text}"))
    return el("details", el("summary", el("span", say("Rang unter den Städten und Gemeinden")),
                            class_="ra-summary"),
              el("p", say("Rang 1 ist der höchste Wert. Für den Leerstand gibt es keinen: Bei so "
                          "wenigen Beobachtungen wäre er Zufall."), class_="ra-muted"),
              el("ul", *lines, class_="ra-bullets"), id="profile-ranks")  # fmt: skip


def lists(found: Shown, view: View, say: Words) -> None:
    """Draw the places that matter to a planner: vacant, to be re-checked, quarters."""
    town = of_town(found, view)
    kinds = view.atlas.spaces["kind"]
    quarters = [row for row in town.spaces if kinds.iloc[row] == "creative_quarter"]
    panel("profile_lists", el(
        "div",
        _list(say("Leere und teilweise leere Schlüsselimmobilien"), town.vacant,
              say("Keine beobachtete Schlüsselimmobilie steht leer."), view, say),
        _list(say("Nachzuprüfen: älter als ein Jahr oder ohne Datum"), town.recheck,
              say("Keine Beobachtung ist älter als ein Jahr."), view, say),
        _list(say("Kreativ.Quartiere"), quarters, say("Kein Quartier verzeichnet."), view, say),
        class_="ra-columns",
    ))  # fmt: skip


def _list(heading: str, rows: Sequence[int], empty: str, view: View, say: Words) -> Html:
    items = [_space(row, view, say) for row in rows[:_LISTED]]
    rest = len(rows) - _LISTED
    if rest > 0:
        items.append(el("li", say.count("{n} weiterer Ort", "{n} weitere Orte", rest),
                        class_="ra-muted"))  # fmt: skip
    body: Child = (
        el("ul", *items, class_="ra-bullets") if items else el("p", empty, class_="ra-muted")
    )
    return el("section", el("h2", heading, class_="ra-h2"), body, class_="ra-section")


def _space(position: int, view: View, say: Words) -> Html:
    row = view.atlas.spaces.iloc[position]
    query = urlencode({"space": row["space_id"], "lang": say.language})
    told = [say.label(v.TYPES, row["type"])]
    if row["vacancy"] not in ("not_applicable", "unknown"):
        told.append(say.age(row["observed_on"], view.today))
    return el("li", join([
        vacancy_mark(row["vacancy"]), " ", el("a", row["name"], href=f"./?{query}"),
        el("span", f" · {' · '.join(told)}", class_="ra-muted"),
    ]))  # fmt: skip

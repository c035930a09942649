"""Coverage and freshness of the 53 municipalities: a table, a strip, and the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.i18n import marked as _
from atlas.query.coverage import coverage as measure
from atlas.query.coverage import totals
from atlas.text import fold
from atlas.ui.components.grid import Head, gap_line, grid, line
from atlas.ui.markup import Child, Html, el, icon, join
from atlas.ui.panel import panel
from atlas.ui.words import known

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from atlas.ui.view import View
    from atlas.ui.words import Words


_HEADS: Final = (
    _("Stadt oder Gemeinde"), _("Orte"), _("Mit Lage"), _("Mit beobachtetem Zustand"),
    _("Davon datiert"), _("Älteste Beobachtung"), _("Neueste Beobachtung"),
)  # fmt: skip


def coverage(view: View, say: Words) -> None:
    """Draw how much of each municipality the table knows."""
    counted = measure(view.atlas.spaces, view.atlas.municipalities, today=view.today)
    html = el(
        "section",
        el("h2", say("Was wir kennen und was nicht"), class_="ra-h2"),
        _sums(totals(counted), say),
        _grid(counted.sort_values("name", key=_folded), say),
        class_="ra-section",
    )
    panel("coverage", html)


def _folded(names: pd.Series) -> pd.Series:
    return names.map(fold)


def _sums(sums: dict[str, int], say: Words) -> Html:
    tiles = (
        (say("{some} von {all}", some=sums["surveyed"], all=sums["municipalities"]),
         say("Städten und Gemeinden erhoben")),
        (say.number(sums["rows"]), say("Orte insgesamt")),
        (_percent(sums["located"], sums["rows"], say), say("mit Lage auf der Karte")),
        (say.number(sums["stated"]), say("mit beobachtetem Zustand")),
        (_percent(sums["dated"], sums["stated"], say), say("davon datiert")),
        (_percent(sums["fresh"], sums["stated"], say), say("davon höchstens ein Jahr alt")),
    )  # fmt: skip
    return el("dl", *(el("div", el("dt", label), el("dd", number)) for number, label in tiles),
              class_="ra-tiles")  # fmt: skip


def _percent(part: int, whole: int, say: Words) -> str:
    return say.percent(part / whole) if whole else "–"


def _grid(counted: pd.DataFrame, say: Words) -> Html:
    heads = [Head(say(text)) for text in _HEADS]
    lines = (_town(row, heads, say) for row in counted.to_dict("records"))
    return grid(say("Erfassung je Stadt und Gemeinde"), heads, lines)


def _town(row: Mapping[Hashable, Any], heads: Sequence[Head], say: Words) -> Html:
    if not row["is_surveyed"]:
        return gap_line(heads, row["name"], join([icon("remove_selection"), say("nicht erhoben")]))
    shares = (_bar(row[f"{name}_share"], say) for name in ("located", "stated", "dated"))
    days = (say.date(row[name]) if known(row[name]) else "–" for name in ("oldest", "newest"))
    return line(heads, row["name"], [say.number(row["rows"]), *shares, *days])


def _bar(share: float, say: Words) -> Child:
    if not known(share):
        return "–"
    meter = el(
        "span", class_="ra-meter", style=f"--ra-share:{100 * share:.0f}%", aria_hidden="true"
    )
    return join([el("span", say.percent(share), class_="ra-bar-text"), meter])


def gaps(view: View, say: Words) -> None:
    """Draw the gaps that the table itself can name."""
    counted = measure(view.atlas.spaces, view.atlas.municipalities, today=view.today)
    missing = counted.loc[~counted["is_surveyed"], "name"]
    sums = totals(counted)
    items = [
        say("Nicht erhoben: {names}", names=", ".join(missing)) if len(missing) else None,
        say.count("{n} Ort ohne Koordinate", "{n} Orte ohne Koordinate",
                  sums["rows"] - sums["located"]),
        say.count("{n} beobachteter Zustand ohne Datum", "{n} beobachtete Zustände ohne Datum",
                  sums["stated"] - sums["dated"]),
        say.count("{n} Ort ohne Fläche", "{n} Orte ohne Fläche", _missing(view, "area_m2")),
        say.count("{n} Ort ohne Miete", "{n} Orte ohne Miete",
                  _missing(view, "rent_eur_per_m2_month")),
        say.count("{n} Ort ohne Angabe zum stufenlosen Zugang",
                  "{n} Orte ohne Angabe zum stufenlosen Zugang", _missing(view, "is_step_free")),
    ]  # fmt: skip
    html = el("section", el("h2", say("Bekannte Lücken"), class_="ra-h2"),
              el("p", say("Leer heißt nicht bekannt, nie null. Was die Tabelle nicht weiß, "
                          "steht hier:")),
              el("ul", *(el("li", item) for item in items if item), class_="ra-bullets"),
              class_="ra-section")  # fmt: skip
    panel("gaps", html)


def _missing(view: View, column: str) -> int:
    return int(view.atlas.spaces[column].isna().sum())

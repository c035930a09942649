"""The controls of the Hotspots page: what, in which areas, shown how; the rest behind "more"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.analysis.asked import (
    ALPHAS,
    BANDWIDTHS_M,
    PERMUTATION_COUNTS,
    SHOWN,
    TOPICS,
    Asked,
)
from atlas.analysis.hexagons import RESOLUTIONS
from atlas.i18n import marked as _
from atlas.query.url import ANALYSIS_KEYS
from atlas.ui import question
from atlas.ui.markup import Html, button, el, icon, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atlas.ui.words import Words

PAGE: Final = "hotspots"
AREA: Final = "area"
TOPIC_NAMES: Final = {
    "creative": _("Kreative Orte"),
    "vacant": _("Leerstand"),
    "energy": _("Raum trifft Energie"),
}
SHOWN_NAMES: Final = {
    "hotspot": _("Hotspots und Coldspots (Gi*)"),
    "cluster": _("Nachbarschaften (lokales Moran-I)"),
    "density": _("Dichte"),
}
_CELLS: Final = {
    6: _("große Sechsecke (36 km²)"),
    7: _("mittlere Sechsecke (5 km²)"),
    8: _("kleine Sechsecke (0,7 km²)"),
}
_TOWNS: Final = "municipality"


def asked() -> Asked:
    """Return what the page asks."""
    return Asked.from_params(question.params(PAGE, (*ANALYSIS_KEYS, AREA)))


def area() -> str:
    """Return the key of the area whose facts are open, empty if none is."""
    given = question.params(PAGE, (*ANALYSIS_KEYS, AREA)).get(AREA) or [""]
    return given[-1] if given[-1].isalnum() else ""


def params(current: Asked, chosen: str) -> dict[str, list[str]]:
    """Return the link parameters of what is shown."""
    return current.to_params() | ({AREA: [chosen]} if chosen else {})


def choose(chosen: str) -> None:
    """Open the facts of an area, or none (a callback)."""
    question.ask(PAGE, params(asked(), chosen))


def _take(values: dict[str, Any]) -> None:
    """Take over the form (a callback); another unit has other areas."""
    areas = str(values.get("areas", ""))
    unit = {"unit": [_TOWNS]} if areas == _TOWNS else {"cell": [areas]}
    others = ("shown", "bandwidth", "alpha", "permutations")
    given = {key: [str(values.get(key, ""))] for key in others}
    topic = values.get("topic") or [""]
    new = Asked.from_params({**given, **unit, "topic": [str(topic[0])]})
    same = (new.question.unit, new.question.resolution) == _unit(asked())
    question.ask(PAGE, params(new, area() if same else ""))


def _unit(current: Asked) -> tuple[str, int]:
    return current.question.unit, current.question.resolution


def heading(say: Words) -> None:
    """Draw the heading and what the page is for."""
    copy = button(
        join([icon("link"), el("span", say("Link kopieren"), data_note=True)]), "copied",
        kind="quiet", data_copy="", data_done=say("Link kopiert"),
    )  # fmt: skip
    panel("hotspot_heading", el(
        "header",
        el("div", el("h1", say("Hotspots"), class_="ra-title"), copy, class_="ra-head"),
        el("p", say("Wo häufen sich kreative Orte oder leere Räume mehr, als der Zufall erwarten "
                    "lässt, und wo trifft beides zusammen? Gerechnet wird mit allen Orten der "
                    "Tabelle; die Filter der Karte gelten hier nicht."), class_="ra-lead"),
    ))  # fmt: skip


def form(current: Asked, say: Words) -> None:
    """Draw the controls."""
    asks = current.question
    chosen = _TOWNS if asks.unit == _TOWNS else str(asks.resolution)
    cells = [(str(cell), say(_CELLS[cell])) for cell in RESOLUTIONS]
    units = [*cells, (_TOWNS, say("Städte und Gemeinden"))]
    shown = [(key, say(SHOWN_NAMES[key])) for key in SHOWN]
    fields = [_topics(current, say), _select("areas", say("Flächen"), units, chosen)]
    if current.topic == "energy":  # nothing is tested: what is not asked is kept for later
        fields += [
            el("input", type="hidden", name=key, value=value)
            for key, value in _others(current).items()
        ]
    else:
        fields += [_select("shown", say("Gezeigt"), shown, current.shown), _more(current, say)]
    panel("hotspot_form", el("form", *fields, class_="ra-question"), on_form=_take)


def _others(current: Asked) -> dict[str, str]:
    asks = current.question
    return {
        "shown": current.shown,
        "bandwidth": str(int(asks.bandwidth_m)) if asks.bandwidth_m else "",
        "alpha": str(asks.alpha),
        "permutations": str(asks.permutations),
    }


def _topics(current: Asked, say: Words) -> Html:
    options = [
        el("label",
           el("input", type="radio", name="topic", value=key, checked=key == current.topic,
              id=f"topic-{key}"),
           el("span", say(TOPIC_NAMES[key])), class_="ra-choice")
        for key in TOPICS
    ]  # fmt: skip
    return el("fieldset", el("legend", say("Was"), class_="ra-legend"),
              el("div", *options, class_="ra-choices"), class_="ra-fieldset")  # fmt: skip


def _select(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> Html:
    drawn = [el("option", text, value=key, selected=key == chosen) for key, text in options]
    return el(
        "label", el("span", label, class_="ra-legend"),
        el("select", *drawn, name=name, id=f"ask-{name}", class_="ra-select"),
        class_="ra-field",
    )  # fmt: skip


def _more(current: Asked, say: Words) -> Html:
    asks = current.question
    widths = sorted({*BANDWIDTHS_M, *([asks.bandwidth_m] if asks.bandwidth_m else [])})
    bandwidths = [("", say("automatisch (nach Scott)")),
                  *((str(int(width)), say.distance(width)) for width in widths)]  # fmt: skip
    alphas = [(str(alpha), say.percent(alpha)) for alpha in ALPHAS]
    counts = [(str(count), say.number(count)) for count in PERMUTATION_COUNTS]
    now = _others(current)
    fields = [
        _select("bandwidth", say("Bandbreite der Dichte"), bandwidths, now["bandwidth"]),
        _select("alpha", say("Anteil falscher Entdeckungen"), alphas, now["alpha"]),
        _select("permutations", say("Permutationen"), counts, now["permutations"]),
    ]
    return el(
        "details", el("summary", say("Mehr"), class_="ra-summary"),
        el("div", *fields, class_="ra-question"), id="ask-more", class_="ra-ask-more",
    )  # fmt: skip

"""What the Hotspots page says: the sentence, the chosen area, the method and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st

from atlas.i18n import marked as _
from atlas.query import Filters
from atlas.query.url import TOWN
from atlas.ui import state
from atlas.ui.components import hotspot_form
from atlas.ui.components.area_map import area_map, areas_address
from atlas.ui.components.area_mark import area_mark
from atlas.ui.markup import Html, el, icon, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.ui.components.hotspot_work import Found
    from atlas.ui.view import View
    from atlas.ui.words import Words

SYMBOLS: Final[Mapping[str, Mapping[str, list[str]]]] = {
    "creative": {"kind": ["creative_site"]},
    "vacant": {"vacancy": ["vacant", "partly_vacant"]},
    "energy": {},
}
"""Link parameters of the spaces that are counted, by topic."""
LIMITS: Final = {
    "hotspot": (
        _("Ein Hotspot ist eine Fläche, die zusammen mit ihren Nachbarn mehr enthält, als zufällig "
          "vertauschte Werte erwarten lassen. Er sagt nichts darüber, warum."),
        _("Geprüft wird nur, wo die Tabelle etwas weiß; alles andere ist „nicht geprüft“, nie "
          "„nichts da“."),
        _("Andere Flächen oder eine andere Größe können andere Hotspots ergeben."),
    ),
    "cluster": (
        _("Verglichen wird jede Fläche mit ihren Nachbarn: „viel neben viel“ ist ein Zentrum, "
          "„viel neben wenig“ ein Ort, der aus seiner Umgebung herausragt."),
        _("Geprüft wird nur, wo die Tabelle etwas weiß; alles andere ist „nicht geprüft“, nie "
          "„nichts da“."),
        _("Andere Flächen oder eine andere Größe können andere Nachbarschaften ergeben."),
    ),
    "density": (
        _("Die Dichte glättet: jeder Ort zählt auch für seine Umgebung, je weiter die Bandbreite, "
          "desto weiter."),
        _("Am Rand der Region ist sie zu niedrig, weil Orte jenseits der Grenze fehlen."),
        _("Sie ist nicht geprüft; auch zufällig verteilte Orte haben dichte Stellen."),
    ),
    "energy_class": (
        _("Energie heißt: in der Fläche und den Flächen ringsum liegen so viele kreative Orte wie "
          "im oberen Viertel aller Flächen."),
        _("Raum heißt: mindestens eine Immobilie ist leer oder teilweise leer."),
        _("Wo niemand nach Leerstand gesehen hat, steht das da; es heißt nie „kein Raum“."),
    ),
}  # fmt: skip
"""What a reader has to know, by what is shown."""


def sentence(found: Found, say: Words) -> None:
    """Draw what is seen, as one sentence that is read aloud when it changes."""
    left_out = [f"{label}: {text}" for label, text in found.said.left_out()]
    panel("hotspot_sentence", el(
        "section",
        el("h2", found.said.title, class_="ra-h2"),
        el("p", found.said.sentence(), class_="ra-finding", role="status"),
        el("p", f"{say('Nicht mitgezählt')} – ", "; ".join(left_out), class_="ra-muted"),
    ))  # fmt: skip


def panes(view: View, found: Found, say: Words) -> None:
    """Draw the map and beside it the chosen area, or the method."""
    chosen = hotspot_form.area()
    with st.container(key="area-panes", horizontal=True):
        with st.container(key="area-map-pane"):
            area_map(
                view,
                areas_address(view, "areas.json", found.asked.to_params()),
                key="hotspot-map",
                symbols=Filters.from_params(SYMBOLS[found.asked.topic]),
                chosen=[chosen] if chosen else [],
                on_choose=hotspot_form.choose,
            )
        with st.container(key="area-side-pane"):
            if chosen in set(found.layer.areas["area_id"]):
                _card(view, found, chosen, say)
            _method(found, say)


def event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    """Act on a click beside the map (a callback)."""
    if name == "area":
        hotspot_form.choose(str(value))


def _card(view: View, found: Found, chosen: str, say: Words) -> None:
    rows = found.layer.areas
    at = int(rows.index[rows["area_id"] == chosen][0])
    one = next(c for c in found.layer.classes if c.code == rows["class_code"][at])
    facts = [
        part for label, texts in found.layer.facts.items() if texts[at]
        for part in (el("dt", label), el("dd", texts[at]))
    ]  # fmt: skip
    close = el("button", icon("close"), type="button", class_="ra-icon-button", data_event="area",
               data_value="", aria_label=say("Fläche schließen"))  # fmt: skip
    panel("hotspot_area", el(
        "section",
        el("div", el("h2", rows["label"][at], class_="ra-h2", tabindex="-1", id=f"facts-{chosen}"),
           close, class_="ra-head"),
        el("p", area_mark(one), one.text, class_="ra-state"),
        el("dl", *facts, class_="ra-facts"),
        *_links(view, found, str(found.result.areas["ags"][at]), say),
        class_="ra-card", id="area-card",
    ), on_event=event, setup={"focus": _focus(chosen)})  # fmt: skip


def _focus(chosen: str) -> str:
    """Return what to focus: the heading of the facts that were opened from the table."""
    return f"#facts-{chosen}" if state.recall("area_focus") == chosen else ""


def _links(view: View, found: Found, ags: str, say: Words) -> list[Html]:
    params = {TOWN: [ags]} | _lang(view)
    text = say("Profil von {name}", name=_town(view, ags))
    profile = el("a", icon("location_city"), text, href=f"profil?{urlencode(params, doseq=True)}",
                 target="_self")  # fmt: skip
    return [el("p", map_link(view, found, ags, say)), el("p", profile)]


def _lang(view: View) -> dict[str, list[str]]:
    return {} if view.language == "de" else {state.LANG_KEY: [view.language]}


def _town(view: View, ags: str) -> str:
    towns = view.atlas.municipalities
    return str(towns["name"][towns["ags"] == ags].iloc[0])


def map_link(view: View, found: Found, ags: str, say: Words, *, label: Html | None = None) -> Html:
    """Return the link to the map with what was counted in the municipality of an area."""
    params = {"city": [ags], **SYMBOLS[found.asked.topic], **_lang(view)}
    text = say("Orte in {name} auf der Karte", name=_town(view, ags))
    shown = label or join([icon("map"), text])
    address = f"./?{urlencode(params, doseq=True)}"
    return el("a", shown, href=address, target="_self", aria_label=text)


def _method(found: Found, say: Words) -> None:
    pairs = [
        part
        for label, text in found.said.parameters()
        for part in (el("dt", label), el("dd", text))
    ]
    limits = [el("li", say(text)) for text in LIMITS[found.asked.classed]]
    panel("hotspot_method", el(
        "section", el("h2", say("So ist gerechnet"), class_="ra-h2"),
        el("dl", *pairs, class_="ra-facts"),
        el("h3", say("Was das heißt und was nicht"), class_="ra-h3"),
        el("ul", *limits, class_="ra-bullets"),
    ))  # fmt: skip

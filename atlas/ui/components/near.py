"""The radius search: a place from the offline gazetteer, and a circle around it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from atlas.i18n import marked as _
from atlas.query import Near
from atlas.query.url import TEXT_LENGTH, clean_text
from atlas.ui import state
from atlas.ui.markup import Html, el, icon, join

if TYPE_CHECKING:
    from atlas.gazetteer import Place
    from atlas.ui.view import View
    from atlas.ui.words import Words

_RADII: Final = (
    250, 500, 1000, 1500, 2000, 3000, 4000, 5000, 7000, 10_000, 15_000, 20_000, 30_000, 50_000,
)  # fmt: skip
_SUGGESTIONS: Final = 6
TEXT_ID: Final = "near-text"
RADIUS_ID: Final = "near-radius"


KIND_LABELS: Final = {
    "coordinate": _("Koordinate"),
    "municipality": _("Gemeinde"),
    "locality": _("Ortsteil"),
    "postcode": _("Postleitzahl"),
    "station": _("Bahnhof"),
    "stop": _("Haltestelle"),
}


def event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    """Act on what a person did with the radius search (a callback)."""
    if name == "near_search":
        asked = str(value)
        state.put(near_text=asked, near_places=state.gazetteer().search(asked, limit=_SUGGESTIONS)
                  if asked.strip() else [])  # fmt: skip
    if name == "near_pick":
        _pick(str(value))
    if name == "near_clear":
        state.put(near_text="", near_places=[])
        state.set_filters(state.filters().without("near"))


def _pick(value: str) -> None:
    places: list[Place] = state.recall("near_places", [])
    if not value.isdigit() or int(value) >= len(places):
        return
    place = places[int(value)]
    found = Near(
        lat=round(place.lat, 5),
        lon=round(place.lon, 5),
        radius_m=place.radius_m,
        label=_title(place),
        missed=clean_text(place.missed, length=TEXT_LENGTH),
    )
    state.put(near_text="", near_places=[], sort="distance")
    state.set_filters(dataclasses.replace(state.filters(), near=found))


def _title(place: Place) -> str:
    if place.municipality and place.municipality not in place.name:
        return f"{place.name}, {place.municipality}"
    return place.name


def heir(view: View) -> str:
    """Return what has the focus once the button that chose or dropped a place is gone."""
    return f"#{TEXT_ID}" if view.filters.near is None else f"#{RADIUS_ID}"


def controls(view: View, say: Words) -> Html:
    """Draw the field, its suggestions, and the radius once a place is chosen."""
    near = view.filters.near
    if near is not None:
        return _chosen(near, say)
    text = str(state.recall("near_text", ""))
    places: list[Place] = state.recall("near_places", [])
    field = el(
        "label",
        el("span", say("In der Nähe von"), class_="ra-legend"),
        el("input", type="search", name="near_text", value=text, class_="ra-input",
           data_change="near_search", id=TEXT_ID,
           placeholder=say("Haltestelle, Platz, Ort, PLZ")),
    )  # fmt: skip
    return el("div", field, _suggestions(places, text, say), class_="ra-near", id="near")


def _suggestions(places: list[Place], text: str, say: Words) -> Html | None:
    if not text:
        return None
    if not places:
        return el("p", say("Kein Ort namens „{text}“ gefunden. Das Verzeichnis kennt Gemeinden, "
                           "Postleitzahlen, Bahnhöfe, Haltestellen und einige Ortsteile.",
                           text=text),
                  class_="ra-muted", role="status")  # fmt: skip
    missed = next((place.missed for place in places if place.missed), "")
    offers = [(place, _offer(index, place, say)) for index, place in enumerate(places)]
    alike = [offer for place, offer in offers if place.is_alike or not missed]
    around = [offer for place, offer in offers if missed and not place.is_alike]
    return join([
        el("p", say.count("{n} Vorschlag", "{n} Vorschläge", len(places)), class_="ra-sr",
           role="status"),
        el("p", say("„{asked}“ steht nicht im Verzeichnis.", asked=missed),
           class_="ra-muted") if missed else None,
        _offers(say("Ähnliche Namen:") if missed else "", alike),
        _offers(say("In der Umgebung:"), around),
    ])  # fmt: skip


def _offer(index: int, place: Place, say: Words) -> Html:
    return el("li", el(
        "button", el("span", _title(place)),
        el("span", say(KIND_LABELS.get(place.kind, place.kind)), class_="ra-muted"),
        type="button", class_="ra-suggestion", data_event="near_pick", data_value=index,
        data_roam=True,
    ))  # fmt: skip


def _offers(title: str, offers: list[Html]) -> Html | None:
    """Return a list with its title; nothing if it is empty."""
    if not offers:
        return None
    return join([
        el("p", title, class_="ra-muted") if title else None,
        el("ul", *offers, class_="ra-suggestions"),
    ])  # fmt: skip


def _chosen(near: Near, say: Words) -> Html:
    place = near.label or f"{say.number(near.lat, decimals=4)} / {say.number(near.lon, decimals=4)}"
    return el(
        "div",
        el("span", say("In der Nähe von"), class_="ra-legend"),
        el("div", el("span", place), el(
            "button", icon("close"), type="button", class_="ra-icon-button",
            data_event="near_clear", aria_label=say("Umkreis aufheben")), class_="ra-near-place"),
        el("input", type="hidden", name="near",
           value=",".join(_parts(near))),
        el("input", type="hidden", name="missed", value=near.missed) if near.missed else None,
        el("label", el("span", say("Umkreis"), class_="ra-range-label"),
           el("select", *_radii(near, say), name="radius", id=RADIUS_ID, class_="ra-select"),
           class_="ra-radius"),
        class_="ra-near", id="near",
    )  # fmt: skip


def _radii(near: Near, say: Words) -> list[Html]:
    """Return the radii to choose from; the one of the link is always among them."""
    return [
        el("option", say.distance(metres), value=metres, selected=metres == near.radius_m)
        for metres in sorted({*_RADII, near.radius_m})
    ]


def _parts(near: Near) -> list[str]:
    """Return the parts of the link parameter ``near``."""
    return [repr(near.lat), repr(near.lon), *([near.label] if near.label else [])]

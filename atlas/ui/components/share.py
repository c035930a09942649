"""Permalink, QR code and the way there; nothing is requested before a click."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import segno

from atlas.ui import state
from atlas.ui.markup import Html, button, el, external, icon, join
from atlas.ui.words import known

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.ui.words import Words

ROUTE_HOST: Final = "www.openstreetmap.org"
SPACE_PAGE: Final = "atlas/space"
"""Address of the pages of spaces, relative to the app."""
_ZOOM: Final = 17


def permalink(row: Any, view: View) -> str:  # noqa: ANN401 (a row)
    """Return the shortest link that opens this space: no filters, just the key."""
    params = {"space": [str(row["space_id"])]}
    if view.language != "de":
        params[state.LANG_KEY] = [view.language]
    return state.link(params)


def qr_code(text: str, *, title: str) -> Html:
    """Return ``text`` as an inline SVG QR code, dark on light in every theme."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", scale=3, border=3, dark="#000", light="#fff", title=title,
        xmldecl=False, svgclass="ra-qr", lineclass=None, omitsize=True,
    )  # fmt: skip
    return Html(out.getvalue().decode("utf-8"))


def block(row: Any, view: View, say: Words) -> Html:  # noqa: ANN401 (a row)
    """Return the section for passing a space on."""
    url = permalink(row, view)
    copy = button(
        join([icon("link"), el("span", say("Link kopieren"), data_note=True)]), "copied",
        data_copy=url, data_done=say("Link kopiert"),
    )  # fmt: skip
    qr = el(
        "details",
        el("summary", icon("qr_code_2"), say("QR-Code"), class_="ra-button ra-button-plain"),
        qr_code(url, title=say("QR-Code zum Link dieses Ortes")),
        class_="ra-qr-box", id="qr-code",
    )  # fmt: skip
    return el(
        "section",
        el("h3", say("Weitergeben und hinfahren"), class_="ra-h3"),
        el("div", copy, _page(row, say), *_routes(row, say), class_="ra-buttons"),
        qr,
        class_="ra-section",
    )


def _page(row: Any, say: Words) -> Html:  # noqa: ANN401 (a row)
    """Return the link to the page that stands on its own, with its data for programs."""
    label = say("Seite zum Drucken und Verlinken")
    return el("a", icon("article"), label, class_="ra-button ra-button-plain",
              href=f"{SPACE_PAGE}/{row['space_id']}?lang={say.language}")  # fmt: skip


def _routes(row: Any, say: Words) -> list[Html]:  # noqa: ANN401 (a row)
    if not known(row["x"]):
        return []
    lat, lon = f"{row['lat']:.5f}", f"{row['lon']:.5f}"
    web = f"https://{ROUTE_HOST}/?mlat={lat}&mlon={lon}#map={_ZOOM}/{lat}/{lon}"
    route = f"https://{ROUTE_HOST}/directions?to={lat}%2C{lon}"
    return [
        external(join([icon("directions"), say("Route auf {host}", host=ROUTE_HOST)]), route,
                 class_="ra-button ra-button-plain"),
        external(join([icon("map"), say("Karte auf {host}", host=ROUTE_HOST)]), web,
                 class_="ra-button ra-button-plain"),
        el("a", icon("near_me"), say("In der Karten-App öffnen"), href=f"geo:{lat},{lon}",
           class_="ra-button ra-button-plain"),
    ]  # fmt: skip

"""The map inside the page: what it shows, and what is done on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from atlas.query.client import client_spec
from atlas.ui import state
from atlas.ui.components import show
from atlas.ui.words import Words
from atlas.webmap import EVENT_FIELD, MapConfig, MapState, build_map, filter_message, read_event

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.webmap import MapEvent

_KEY: Final = "map"
_HEIGHT: Final = 560
_BELOW: Final = 24
_BELOW_SHOW: Final = 1


def atlas_map(view: View) -> None:
    """Draw the map; a click opens the detail, the arrow keys step in show mode."""
    # Imported before the server runs (as app.py does with this module), the component would be
    # registered nowhere, and its frame would answer 404.
    from streamlit_folium import st_folium  # noqa: PLC0415

    st_folium(
        build_map(MapConfig(language=view.language)),
        key=_KEY,
        returned_objects=[EVENT_FIELD],
        feature_group_to_add=filter_message(
            client_spec(view.filters, today=view.today), _state(view)
        ),
        use_container_width=True,
        height=_HEIGHT,
        on_change=_take,
    )


def _take() -> None:
    """Act on what was done on the map (a callback, so before the page is drawn, once)."""
    event = read_event(state.recall(_KEY))
    if event is not None:
        _act(event)


def _state(view: View) -> MapState:
    theme = st.context.theme.type
    return MapState(
        theme="dark" if theme == "dark" else "light" if theme == "light" else "auto",
        selected=view.space_id,
        shortlist=view.filters.shortlist,
        fit=str(state.recall("fit") or ""),
        show=view.show,
        version=view.atlas.version,
        area=show.town_bounds(view) if view.show else (),
        around=_around(view),
        fill=_BELOW_SHOW if view.show else _BELOW,
        at=state.form_at(),
    )


def _around(view: View) -> tuple[float, float, str] | None:
    near, say = view.filters.near, Words(view.language)
    if near is None:
        return None
    place = near.label or f"{say.number(near.lat, decimals=4)} / {say.number(near.lon, decimals=4)}"
    text = say("Umkreis {radius} um {place}", radius=say.distance(near.radius_m), place=place)
    return near.lat, near.lon, text


def _act(event: MapEvent) -> None:
    if event.action == "select":
        # The keyboard stays on the map, but on a phone the detail opens below it.
        state.put(space=event.space_id, focus="", opened=event.space_id)
    elif event.action == "clear":
        state.put(space="")
    elif event.action == "step":
        show.step_to(event.step, since=event.since)
    elif event.action == "escape":
        show.escape()

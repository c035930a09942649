"""The map with classed areas below the symbols, and what is said of the chosen area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import streamlit as st

from atlas.query.client import client_spec
from atlas.ui import state
from atlas.webmap import EVENT_FIELD, MapConfig, MapState, build_map, filter_message, read_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from atlas.query import Filters
    from atlas.ui.view import View

_HEIGHT: Final = 560


def area_map(  # noqa: PLR0913 (each is one part of the map)
    view: View,
    address: str,
    *,
    key: str,
    symbols: Filters,
    chosen: Sequence[str],
    on_choose: Callable[[str], None],
) -> None:
    """
    Draw the map.

    Parameters
    ----------
    address
        Of the areas, below ``/atlas/analysis/``: see `areas_address`.
    key
        Of the widget; one per page.
    symbols
        Which spaces are drawn above the areas.
    chosen
        Areas that are outlined.
    on_choose
        Called with the area that was clicked, or with an empty text.
    """
    # Imported before the server runs, the component would be registered nowhere.
    from streamlit_folium import st_folium  # noqa: PLC0415

    def take() -> None:
        event = read_event(state.recall(key))
        if event is not None and event.action in ("area", "clear"):
            on_choose(event.area_id)

    theme = st.context.theme.type
    st_folium(
        build_map(MapConfig(language=view.language)),
        key=key,
        returned_objects=[EVENT_FIELD],
        feature_group_to_add=filter_message(
            client_spec(symbols, today=view.today),
            MapState(
                theme="dark" if theme == "dark" else "light" if theme == "light" else "auto",
                version=view.atlas.version,
                areas=address,
                areas_selected=tuple(chosen),
            ),
        ),
        use_container_width=True,
        height=_HEIGHT,
        on_change=take,
    )


def areas_address(view: View, name: str, params: Mapping[str, list[str]]) -> str:
    """Return the address of areas or a file: it changes with the table, so that it may be kept."""
    given = {**params, "lang": [view.language], "v": [view.atlas.version]}
    return f"{name}?{urlencode(given, doseq=True)}"

"""
What travels between Streamlit and the layer in the browser while people work.

A filter change sends one :class:`FilterMessage` of a few hundred bytes, whatever the
size of the table; a click comes back as the text of a tooltip, read by
:func:`read_event`.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import folium
from folium.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENT_FIELD: Final = "last_object_clicked_tooltip"
"""The one entry for ``st_folium(returned_objects=[…])``: pan and zoom then never rerun the page."""

_EVENT = re.compile(
    r"(?P<serial>[0-9a-z]{1,16}) (?:(?P<select>select) (?P<space_id>[0-9a-f]{10})"
    r"|(?P<clear>clear)|(?P<step>step) (?P<by>-?\d{1,4}) (?P<since>[0-9a-z]{1,16})"
    r"|(?P<area>area) (?P<area_id>[0-9A-Za-z]{1,24})"
    r"|(?P<escape>escape))"
)


@dataclass(frozen=True, slots=True)
class MapState:
    """
    Everything about the map that is not a filter.

    Attributes
    ----------
    theme
        ``auto`` follows the browser's ``prefers-color-scheme``.
    selected
        ``space_id`` whose detail is open, or empty. A selection outside the view
        is brought into it.
    shortlist
        ``space_id`` of every marked space.
    fit
        A new value moves the view to the result; the same value, or an empty one, leaves it.
    show
        High contrast, larger symbols, labels and legend for a projector; the arrow
        keys send ``step`` events.
    version
        ``Atlas.version``; the layer loads the table again when it changes.
    area
        South, west, north, east in degrees: what a fit shows instead of the result,
        for example a town; empty for the result.
    around
        Centre of a search nearby (latitude and longitude in degrees) and the line of the
        legend that names it; the specification has the radius. ``None`` draws no circle.
    areas
        Classed areas below the symbols: an address below ``/atlas/analysis/`` that answers
        with `atlas.webmap.areas.areas_payload`; empty for none.
    areas_selected
        Areas that the page is about, outlined and brought into view.
    fill
        If positive, the map grows to the lower edge of the window, less this many pixels.
    at
        Which change of the form of filters is answered (its time in the browser); the layer,
        which has taken over that change at once, keeps a later one against an earlier answer.
    """

    theme: Literal["auto", "light", "dark"] = "auto"
    selected: str = ""
    shortlist: tuple[str, ...] = ()
    fit: str = ""
    show: bool = False
    version: str = ""
    area: tuple[float, ...] = ()
    around: tuple[float, float, str] | None = None
    areas: str = ""
    areas_selected: tuple[str, ...] = ()
    fill: int = 0
    at: int = 0


class FilterMessage(folium.FeatureGroup):
    """A feature group without features: it hands one JSON object to the layer."""

    # The layer empties the group list of streamlit-folium, which only ever grows.
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.featureGroup();
        window.AtlasMap && AtlasMap.receive({{ this.text }});
        {% endmacro %}
        """
    )

    def __init__(self, message: Mapping[str, Any]) -> None:
        super().__init__(name="atlas", control=False, show=False)
        self.text = script_json(message)


def script_json(value: object) -> str:
    """Return ``value`` as JSON that is safe inside a script: ASCII, no markup characters."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def filter_message(spec: Mapping[str, Any], state: MapState | None = None) -> FilterMessage:
    """
    Wrap a client specification for ``st_folium(feature_group_to_add=…)``.

    Parameters
    ----------
    spec
        From :func:`atlas.query.client.client_spec`.
    state
        Selection, theme and the like; the defaults if missing.
    """
    default = asdict(MapState())
    given = asdict(state or MapState())
    changed = {key: value for key, value in given.items() if value != default[key]}
    return FilterMessage({"spec": dict(spec), **changed})


@dataclass(frozen=True, slots=True)
class MapEvent:
    """
    Something that a person did on the map.

    Attributes
    ----------
    serial
        Differs for every event, so that the same click twice is two values for
        Streamlit; outside a callback act only when it differs from the last one
        seen, because Streamlit repeats the last event on each rerun.
    action
        ``select`` a space, ``clear`` the selection, ``step`` through the result,
        ``escape`` for that key in show mode, ``area`` for a click on one of `MapState.areas`.
    space_id
        For ``select``, else empty.
    area_id
        For ``area``, else empty.
    step
        For ``step``: the sum of all steps since ``since``, else 0. A sum, because
        Streamlit drops a value that a later one overtakes: nobody's steps get lost.
    since
        For ``step``: when the map began to count, else empty.
    """

    serial: str
    action: Literal["select", "clear", "step", "escape", "area"]
    space_id: str = ""
    area_id: str = ""
    step: int = 0
    since: str = ""


def read_event(returned: Mapping[str, Any] | None) -> MapEvent | None:
    """Return the last event in what ``st_folium`` returned; ``None`` if there is none."""
    text = (returned or {}).get(EVENT_FIELD)
    match = _EVENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    serial = match["serial"]
    if match["select"]:
        return MapEvent(serial, "select", space_id=match["space_id"])
    if match["area"]:
        return MapEvent(serial, "area", area_id=match["area_id"])
    if match["step"]:
        return MapEvent(serial, "step", step=int(match["by"]), since=match["since"])
    return MapEvent(serial, "clear" if match["clear"] else "escape")

"""
The parameters of the link: whose they are, reading them, writing them.

``lang`` and ``q`` are Streamlit widgets bound to the link; everything coded is written
here, because a bound select widget would put the label (with its live count) into the
link instead of the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import streamlit as st

from atlas.query.typed import PARAMS
from atlas.query.url import LANGUAGE_KEY, PAGE_KEYS, VIEW_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

PATHS: Final = {
    "places": "orte",
    "hotspots": "hotspots",
    "compare": "vergleich",
    "profile": "profil",
    "data": "daten",
    "about": "ueber",
}
"""Address of each page but the map's, by the name of its file."""
LANG_KEY: Final = LANGUAGE_KEY
TEXT_KEY: Final = "q"
OWN_PARAMS: Final = VIEW_KEYS
PAGE_PARAMS: Final = PAGE_KEYS
"""Keys of what single pages ask (see `atlas.ui.question`); the other pages take them away."""
FILTER_PARAMS: Final = frozenset(PARAMS)
"""Every key of ``Filters.to_params``."""
_OURS: Final = frozenset({*FILTER_PARAMS, *OWN_PARAMS, *PAGE_PARAMS}) - {LANG_KEY, TEXT_KEY}


def map_page(url: str) -> str:
    """Return the address of the map page, given that of any page; query and fragment go."""
    parts = urlsplit(url)
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    path = folder if last in PATHS.values() else parts.path.rstrip("/")
    return parts._replace(path=f"{path}/", query="", fragment="").geturl()


def params() -> dict[str, list[str]]:
    """Return all parameters of the link, each with all its values."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def ours(given: Mapping[str, list[str]], *, searching: bool = True) -> dict[str, list[str]]:
    """
    Return the parameters that are ours to write.

    Parameters
    ----------
    searching
        Whether the page has the search field, to which ``q`` then belongs.
    """
    keys = _OURS if searching else _OURS | {TEXT_KEY}
    return {key: list(values) for key, values in given.items() if key in keys}


def asked(given: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return what the link says for single pages, see `PAGE_PARAMS`."""
    return {key: list(values) for key, values in given.items() if key in PAGE_PARAMS}


def write(wanted: Mapping[str, list[str]], *, searching: bool = True) -> None:
    """Make our part of the link say ``wanted``."""
    for key in ours(params(), searching=searching).keys() - wanted.keys():
        del st.query_params[key]
    changed = {k: v for k, v in wanted.items() if st.query_params.get_all(k) != list(v)}
    if changed:
        st.query_params.update(changed)

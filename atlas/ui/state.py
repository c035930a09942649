"""
What the pages stand on: the loaded table, the filters, and where they are kept.

The link is the state worth sharing; :func:`sync_url` writes it (see `atlas.ui.address`).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st

from atlas.clock import today
from atlas.current import current
from atlas.query import Filters, read_link
from atlas.settings import Settings
from atlas.ui import address, history
from atlas.ui.view import Data, View
from atlas.vocabulary import LANGUAGES, Language

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from atlas.gazetteer import Gazetteer


LANG_KEY: Final = address.LANG_KEY
TEXT_KEY: Final = address.TEXT_KEY
SORTS: Final = ("name", "age", "size", "distance")


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()


def data() -> Data:
    """Return the table, read again when its files have changed."""
    return Data(current(settings()).snapshot())


@st.cache_resource(show_spinner=False, max_entries=1)
def _gazetteer(folder: str) -> Gazetteer:
    # Imported here: it brings a geocoding library that the first map does not wait for.
    from atlas.gazetteer import Gazetteer  # noqa: PLC0415

    return Gazetteer.load(Path(folder))


def gazetteer() -> Gazetteer:
    """Return the offline gazetteer, read at its first use."""
    return _gazetteer(str(settings().data_dir / "geo"))


def language() -> Language:
    """Return the language of the session: the switch, else the link, else German."""
    wanted = st.session_state.get(LANG_KEY) or st.query_params.get(LANG_KEY)
    return wanted if wanted in LANGUAGES else "de"


def _read_link() -> Filters:
    """Return the filters of the link; what it names in vain is kept to be told."""
    atlas = data().atlas
    link = read_link(address.params(), spaces=atlas.spaces, municipalities=atlas.municipalities)
    st.session_state["ignored"] = link.ignored
    return link.filters


def filters() -> Filters:
    """Return the filters of the session: at first those of the link."""
    store = st.session_state
    asked: Filters = store.get("filters") or _read_link()
    if TEXT_KEY in store:
        asked = dataclasses.replace(asked, text=store[TEXT_KEY] or "")
    store["filters"] = asked
    return asked


def set_filters(new: Filters, *, undo: str = "", fit: bool = True) -> None:
    """
    Replace the filters; call it from a callback only.

    Parameters
    ----------
    undo
        Message id of what can be undone, shown beside the undo button.
    fit
        Whether the map moves to the new result.
    """
    store = st.session_state
    history.acted()
    store["undo"] = (undo, filters()) if undo else None
    store["filters"] = new
    store[TEXT_KEY] = new.text
    store["shown"] = 0
    store["ignored"] = {}
    if fit:
        store["fit"] = int(store.get("fit", 0)) + 1


def undo() -> None:
    """Take back the last reset or removal; call it from a callback only."""
    kept = st.session_state.get("undo")
    if kept:
        set_filters(kept[1])


def put(**values: Any) -> None:  # noqa: ANN401 (session state holds anything)
    """Remember values for this session."""
    history.acted()
    for key, value in values.items():
        st.session_state[key] = value


def recall(key: str, default: Any = None) -> Any:  # noqa: ANN401
    """Return what :func:`put` remembered."""
    return st.session_state.get(key, default)


def form_at() -> int:
    """Return which change of the form of filters was the last one taken over, 0 at first."""
    at = recall("form_at", 0)
    return at if isinstance(at, int) else 0  # it comes from the browser


def _take_link() -> None:
    """Take over what the link says: once, and when somebody went back to another link."""
    store = st.session_state
    params = {key: values[-1] for key, values in address.params().items() if values}
    if store.get("seeded"):
        here = address.ours(address.params())
        if not history.went_back(here):
            return
        if history.differs_only_in("space", here):
            # Back from a place is what its own button does: the list as long as it was.
            put(space=params.get("space", ""), left=store.get("space", ""))
            return
        store["filters"] = _read_link()
        store[TEXT_KEY] = store["filters"].text
    sort = params.get("sort", "")
    put(
        seeded=True,
        space=params.get("space", ""),
        show=params.get("view") == "show",
        sort=sort if sort in SORTS else "name",
        fit=int(store.get("fit", 0)) + int(filters().is_active),
        shown=0,
        undo=None,
        questions={},
        # A page that is visited later than the link was opened still finds what it said.
        asked_in_link=address.asked(address.params()),
    )


def _position(spaces: pd.DataFrame, space_id: str) -> int | None:
    found = list(spaces.index[spaces["space_id"] == space_id])
    return int(found[0]) if found else None


def view() -> View:
    """
    Answer the question that link and widgets ask.

    Raises
    ------
    AtlasError
        If the table cannot be read.
    """
    _take_link()
    loaded, asked, day = data(), filters(), today()
    sort = recall("sort", "name")
    if sort == "distance" and asked.near is None:
        sort = "name"
    return View(
        data=loaded,
        settings=settings(),
        filters=asked,
        language=language(),
        today=day,
        sort=sort,
        space=_position(loaded.atlas.spaces, str(recall("space", ""))),
        show=bool(recall("show", False)),
    )


def view_params(current: View) -> dict[str, list[str]]:
    """Return the link parameters of what is shown, the bound ones included."""
    params = dict(current.filters.to_params())
    if current.language != "de":
        params[LANG_KEY] = [current.language]
    if current.space is not None:
        params["space"] = [current.space_id]
    if current.show:
        params["view"] = ["show"]
    if current.sort != "name":
        params["sort"] = [current.sort]
    return params


def sync_url(
    current: View, *, searching: bool = True, asked: Mapping[str, list[str]] | None = None
) -> None:
    """
    Write what is shown into the link, so that it can be kept and sent.

    Parameters
    ----------
    searching
        Whether the page has the search field.
    asked
        What the page itself asks, see `atlas.ui.question`.
    """
    wanted = view_params(current) | dict(asked or {})
    # Before the field is drawn for the first time, ``q`` is not Streamlit's yet: after a
    # page without the field nobody else would write it.
    searching = searching and TEXT_KEY in st.session_state
    address.write(address.ours(wanted, searching=searching), searching=searching)
    history.wrote(address.ours(wanted))


def link(params: Mapping[str, list[str]], *, base: str = "") -> str:
    """Return an absolute link to the map page with ``params``."""
    host = base or settings().public_url or st.context.url or ""
    return f"{address.map_page(host)}?{urlencode(params, doseq=True)}"

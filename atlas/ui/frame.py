"""What surrounds every page: configuration, style, language, navigation, errors, foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from atlas.settings import PACKAGE
from atlas.ui import address, chrome, state
from atlas.ui.components import messages
from atlas.ui.components.footer import footer
from atlas.ui.markup import el
from atlas.ui.panel import core, panel
from atlas.ui.words import Words
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

PRODUCT: Final = "Raumatlas Ruhr"
_SIDEBAR_WIDTH: Final = 330
_PAGES: Final = PACKAGE / "ui" / "pages"
_ASSETS: Final = PACKAGE / "assets" / "ui"


def run() -> None:
    """Draw the page that the address names."""
    st.set_page_config(
        page_title=PRODUCT,
        page_icon=str(_ASSETS / "mark.svg"),
        layout="wide",
        initial_sidebar_state=_SIDEBAR_WIDTH,
        menu_items={"Get help": None, "Report a bug": None, "About": None},
    )
    st.html(_ASSETS / "page.css")
    core()
    say = Words(state.language())
    page = _navigation(say)
    _brand(page.title, say, filtered=page.url_path in {"", address.PATHS["places"]})
    _language_switch(say)
    with messages.boundary():
        page.run()
        footer(state.data(), say)


def _navigation(say: Words) -> StreamlitPage:
    return st.navigation(
        [
            st.Page(_PAGES / "map.py", title=say("Karte"), icon=":material/map:", default=True),
            st.Page(_PAGES / "places.py", title=say("Orte"), icon=":material/table_rows:",
                    url_path=address.PATHS["places"]),
            st.Page(_PAGES / "hotspots.py", title=say("Hotspots"),
                    icon=":material/local_fire_department:", url_path=address.PATHS["hotspots"]),
            st.Page(_PAGES / "compare.py", title=say("Vergleich"),
                    icon=":material/compare_arrows:", url_path=address.PATHS["compare"]),
            st.Page(_PAGES / "profile.py", title=say("Profil"), icon=":material/location_city:",
                    url_path=address.PATHS["profile"]),
            st.Page(_PAGES / "data.py", title=say("Daten"), icon=":material/database:",
                    url_path=address.PATHS["data"]),
            st.Page(_PAGES / "about.py", title=say("Über"), icon=":material/info:",
                    url_path=address.PATHS["about"]),
        ],
        position="top",
    )  # fmt: skip


def _language_switch(say: Words) -> None:
    st.segmented_control(
        say("Sprache"), LANGUAGES, key=state.LANG_KEY, default="de", bind="query-params",
        label_visibility="collapsed", required=True,
    )  # fmt: skip


def _brand(title: str, say: Words, *, filtered: bool) -> None:
    """Draw the name; give the document language and title, Streamlit's buttons a German name."""
    panel("brand", el(
        "div", el("span", PRODUCT, class_="ra-name"),
        el("span", say("Räume für Kunst und Kreativwirtschaft: was leer steht, was frei ist, "
                       "wer es sagt."), class_="ra-claim"),
        class_="ra-brand",
    ), setup={
        "lang": say.language, "title": f"{title} · {PRODUCT}",
        **chrome.setup(say, filtered=filtered),
    })  # fmt: skip

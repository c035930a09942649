"""What Streamlit says itself, in English only: names for its parts, texts in place of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.i18n import marked as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.ui.words import Words

NAMES: Final[Mapping[str, str]] = {
    '[data-testid="stSidebar"]': _("Filter"),
    '[data-testid="stTopNav"]': _("Seiten"),
    '[data-testid="stSidebarNav"]': _("Seiten"),
    '[data-testid="stExpandSidebarButton"]': _("Filter öffnen"),
    '[data-testid="stSidebarCollapseButton"] button': _("Filter schließen"),
    '[data-testid="stMainMenu"] button': _("Menü"),
    '[data-testid="stMainMenuList"]': _("Menü"),
}
"""Accessible names, German message ids, by selector."""

PAGES_ONLY: Final[Mapping[str, str]] = {
    '[data-testid="stSidebar"]': _("Seitenleiste"),
    '[data-testid="stExpandSidebarButton"]': _("Seiten öffnen"),
    '[data-testid="stSidebarCollapseButton"] button': _("Seiten schließen"),
}
"""The same where the sidebar of a phone holds no filters, only the pages."""

TEXTS: Final[Mapping[str, str]] = {
    "Skip to main content": "Zum Inhalt springen",
    "System": "wie im System",
    "Light": "Hell",
    "Dark": "Dunkel",
    "Print": "Drucken",
    "Record screen": "Bildschirm aufnehmen",
    "Made with Streamlit v": "Gemacht mit Streamlit ",
    "Copy version to clipboard": "Version in die Zwischenablage kopieren",
    "Press Enter to apply": "mit der Eingabetaste suchen",
    "Running...": "Wird berechnet …",
    "Stop": "Anhalten",
    "Connecting": "Verbindet",
    "Connecting to Streamlit server": "Verbindung zum Raumatlas wird hergestellt",
    "Error": "Fehler",
    "Unable to connect to Streamlit server": "Keine Verbindung zum Raumatlas",
    "Connection error": "Keine Verbindung",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your "
    "terminal:": "Läuft der Raumatlas noch? Sonst neu starten mit „make app“ oder „atlas serve“, "
    "nicht mit:",
    "Streamlit server is not responding. Are you connected to the internet?": "Der Raumatlas "
    "antwortet nicht. Besteht eine Verbindung zum Netz?",
    "Page not found": "Diese Seite gibt es nicht",
    "The page that you have requested does not seem to exist. Running the app's main page.": "Die "
    "Adresse führt zu keiner Seite. Gezeigt wird die Karte.",
    "Record a screencast": "Bildschirm aufnehmen",
    "This will record a video with the contents of your screen, so you can easily share what "
    "you're seeing with others.": "Nimmt auf, was auf dem Bildschirm zu sehen ist, um es anderen "
    "zu zeigen.",
    "Also record audio": "Auch den Ton aufnehmen",
    "Press": "Die Taste",
    "any time to stop recording.": "beendet die Aufnahme.",
    "Start recording!": "Aufnahme beginnen",
    "Dismiss": "Schließen",
    "Close": "Schließen",
}
"""German message ids by what Streamlit says; a text has to match as a whole."""
_MORE_PAGES: Final = range(1, 10)
"""How many pages can be folded into one entry of a narrow menu."""


def setup(say: Words, *, filtered: bool) -> dict[str, Any]:
    """
    Return names and texts in the language of the page, for the script.

    Parameters
    ----------
    filtered
        Whether the page has filters in its sidebar.
    """
    names = NAMES if filtered else {**NAMES, **PAGES_ONLY}
    return {
        "labels": {selector: say(name) for selector, name in names.items()},
        "texts": {
            **{english: say(text) for english, text in TEXTS.items()},
            **{f"{n} more": say("{n} weitere", n=n) for n in _MORE_PAGES},
        },
    }

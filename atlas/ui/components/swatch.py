"""Marks beside words: the colours and letters of the map."""

from __future__ import annotations

from atlas import vocabulary as v
from atlas.ui.markup import Html, el
from atlas.webmap.palette import PALETTES


def colour(code: str) -> str:
    """Return the map's colour of a vacancy code, for the light and the dark theme."""
    light, dark = PALETTES["light"].vacancy[code], PALETTES["dark"].vacancy[code]
    return f"light-dark({light},{dark})"


def vacancy_mark(code: str) -> Html:
    """
    Return the colour of a vacancy code as on the map, filled, in a form that no symbol has.

    On the map an empty symbol is an uncertain place and a square is a key property; here
    only the colour is meant, and the word always stands beside it.
    """
    if code not in v.VACANCY:
        code = "unknown"
    crossed = " ra-mark-crossed" if code == "demolished" else ""
    style = f"--ra-c:{colour(code)}"
    return el("span", class_=f"ra-mark{crossed}", style=style, aria_hidden="true")


def group_mark(code: str) -> Html:
    """Return the letter that the map draws inside the symbol of a type group."""
    letter = v.TYPE_GROUPS[code].letter if code in v.TYPE_GROUPS else "·"
    return el("span", letter, class_="ra-letter", aria_hidden="true")

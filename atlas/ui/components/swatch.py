"""Marks that say a state twice: by colour and by form."""

from __future__ import annotations

from typing import Final

from atlas import vocabulary as v
from atlas.ui.markup import Html, el
from atlas.webmap.palette import PALETTES

# How much of the square is empty: the scale can be read without colour.
_FILL: Final = {"in_use": 100, "interim_use": 66, "partly_vacant": 33, "vacant": 0}


def colour(code: str) -> str:
    """Return the map's colour of a vacancy code, for the light and the dark theme."""
    light, dark = PALETTES["light"].vacancy[code], PALETTES["dark"].vacancy[code]
    return f"light-dark({light},{dark})"


def vacancy_mark(code: str) -> Html:
    """Return the square of a vacancy code: the emptier the space, the emptier the square."""
    if code not in v.VACANCY:
        code = "unknown"
    fill = _FILL.get(code)
    style = f"--ra-c:{colour(code)}" + ("" if fill is None else f";--ra-fill:{fill}%")
    kind = "scale" if fill is not None else code.replace("_", "-")
    return el("span", class_=f"ra-mark ra-mark-{kind}", style=style, aria_hidden="true")


def group_mark(code: str) -> Html:
    """Return the letter that the map draws inside the symbol of a type group."""
    letter = v.TYPE_GROUPS[code].letter if code in v.TYPE_GROUPS else "·"
    return el("span", letter, class_="ra-letter", aria_hidden="true")

"""The mark of a class of areas beside its word: colour and hatching as on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from atlas.palette import line_over
from atlas.ui.markup import Html, el

if TYPE_CHECKING:
    from atlas.webmap.areas import AreaClass

_ANGLES: Final = {"": (), "lines": (135,), "back": (45,), "cross": (45, 135), "level": (0,)}
"""Direction in which the stripes of a CSS gradient follow each other."""


def area_mark(one: AreaClass) -> Html:
    """Return a swatch, hidden from screen readers: the word stands beside it."""
    light, dark = one.colours["light"], one.colours["dark"]
    line = f"light-dark({line_over(light)},{line_over(dark)})"
    stripes = [
        f"repeating-linear-gradient({angle}deg,{line} 0 1px,transparent 1px 5px)"
        for angle in _ANGLES[one.pattern]
    ]
    ground = f"linear-gradient(light-dark({light},{dark}) 0 0)"
    edge = " ra-swatch-edge" if one.edge else ""
    return el("span", class_=f"ra-swatch{edge}", aria_hidden="true",
              style=f"background:{','.join([*stripes, ground])}")  # fmt: skip

"""
Colours of map, files and figures: vacancy codes, classes of areas, the base map.

The four steps of the vacancy scale run from cool to warm and grow lighter, so that
their order survives a grey print and all three colour-vision deficiencies;
tests/test_webmap_palette.py computes contrast and distances.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Theme = Literal["light", "dark"]

MIN_CONTRAST: Final = 3.0
"""WCAG 2.1, 1.4.11: graphics needed to understand the content, against their surroundings."""
MIN_DISTANCE: Final = 9.0
"""
CIEDE2000 between any two symbol colours, also under simulated colour-vision deficiency.

2.3 is just noticeable for large patches that touch; symbols are small and lie apart,
so four times that much is asked for.
"""


@dataclass(frozen=True, slots=True)
class Palette:
    """
    Colours of one theme, as ``#rrggbb``.

    Attributes
    ----------
    vacancy
        Symbol colour per vacancy code; symbols stand on any of ``grounds``.
    casing
        Thin edge around a symbol that lifts it off its surroundings.
    ink, paper
        Letters inside a symbol of full colour, and the inside of hollow symbols.
    select, star
        Ring of the selected space, ring of a space on the shortlist.
    """

    vacancy: Mapping[str, str]
    land: str
    built: str
    outside: str
    water: str
    border: str
    district: str
    label: str
    halo: str
    stop: str
    casing: str
    ink: str
    paper: str
    select: str
    star: str

    @property
    def grounds(self) -> tuple[str, ...]:
        """Return every colour that a symbol can stand on."""
        return (self.land, self.built, self.outside, self.water)


LIGHT: Final = Palette(
    vacancy={
        "in_use": "#15206b",
        "interim_use": "#7b3596",
        "partly_vacant": "#b8135c",
        "vacant": "#e0451a",
        "unknown": "#66808c",
        "not_applicable": "#00706a",
        "demolished": "#3d3736",
    },
    land="#f6f4ef",
    built="#eae5da",
    outside="#e9e7e1",
    water="#cfe1ea",
    border="#d9d4c9",
    district="#b3ac9d",
    label="#5a564e",
    halo="#f6f4ef",
    stop="#8b8678",
    casing="#ffffff",
    ink="#ffffff",
    paper="#ffffff",
    select="#101418",
    star="#a86200",
)

DARK: Final = Palette(
    vacancy={
        "in_use": "#6576e6",
        "interim_use": "#bb9ae8",
        "partly_vacant": "#f7a6b8",
        "vacant": "#f2e06a",
        "unknown": "#86898f",
        "not_applicable": "#45b883",
        "demolished": "#fafafa",
    },
    land="#1f242b",
    built="#2a3038",
    outside="#16191e",
    water="#1c3342",
    border="#333a44",
    district="#58616e",
    label="#aab2bd",
    halo="#1f242b",
    stop="#69727e",
    casing="#101317",
    ink="#101317",
    paper="#101317",
    select="#ffffff",
    star="#ffb84d",
)


PALETTES: Final[Mapping[str, Palette]] = {
    "light": LIGHT,
    "dark": DARK,
    # A projector washes out pale tones: white or black land, stronger lines and labels.
    "light-show": dataclasses.replace(
        LIGHT, land="#ffffff", built="#f0ede6", outside="#e6e6e6", water="#cde4f0",
        border="#b9b9b9", district="#6f6f6f", label="#1c1c1c", halo="#ffffff",
    ),
    "dark-show": dataclasses.replace(
        DARK, land="#0c0e11", built="#1a1e24", outside="#000000", water="#12303f", border="#4a525d",
        district="#97a1ad", label="#ffffff", halo="#0c0e11",
    ),
}  # fmt: skip
"""Palette per theme; with ``-show`` the high-contrast variant for projectors."""


@dataclass(frozen=True, slots=True)
class AreaPalette:
    """
    Fills of areas in one theme, as ``#rrggbb``; each mapping is in the order of its legend.

    What was found stands out from the ground; what was not found is pale, and what was
    not tested or observed is paler still, so that it is never taken for a low value.

    Attributes
    ----------
    hotspot, cluster, energy
        Fill per code of a hotspot class, a cluster class and an energy class.
    steps
        Five fills of a classed figure, from low to high: even in lightness, away from
        the ground.
    no_data
        Fill where there is no figure; drawn hatched.
    edge, hatch
        Lines between areas, and the lines that mark what was not tested or has no figure.
    """

    hotspot: Mapping[str, str]
    cluster: Mapping[str, str]
    energy: Mapping[str, str]
    steps: tuple[str, ...]
    no_data: str
    edge: str
    hatch: str


AREAS: Final[Mapping[str, AreaPalette]] = {
    "light": AreaPalette(
        hotspot={"hot": "#b3261e", "cold": "#1f5fa8", "none": "#cdc7ba", "not_tested": "#f4f2ec"},
        cluster={
            "high_high": "#9c1a17",
            "low_low": "#1c4f91",
            "high_low": "#c85a26",
            "low_high": "#3a82b7",
            "none": "#cdc7ba",
            "not_tested": "#f4f2ec",
        },
        energy={
            "room_near_energy": "#6d1560",
            "energy_without_room": "#1b7a8c",
            "room_without_energy": "#c75f10",
            "quiet": "#cdc7ba",
            "not_observed": "#f4f2ec",
        },
        steps=("#efdfb8", "#e0ae72", "#c97846", "#a3422f", "#6a1b1f"),
        no_data="#ffffff",
        edge="#ffffff",
        hatch="#a39c8d",
    ),
    "dark": AreaPalette(
        hotspot={"hot": "#ff8a70", "cold": "#6fb1f0", "none": "#4a515b", "not_tested": "#2a2f36"},
        cluster={
            "high_high": "#ff6f59",
            "low_low": "#5a8ff0",
            "high_low": "#f7c9a0",
            "low_high": "#b5dcf5",
            "none": "#4a515b",
            "not_tested": "#2a2f36",
        },
        energy={
            "room_near_energy": "#d583e8",
            "energy_without_room": "#2f9fb0",
            "room_without_energy": "#f7d488",
            "quiet": "#4a515b",
            "not_observed": "#2a2f36",
        },
        steps=("#5b3b2a", "#8d5230", "#c07a3c", "#e3ad62", "#f7e3ac"),
        no_data="#16191e",
        edge="#101317",
        hatch="#5d6570",
    ),
}
"""Fills of areas per theme."""
PALE: Final = frozenset({"none", "not_tested", "quiet", "not_observed"})
"""Classes that recede: nothing was found, nothing was tested."""
_WHITE, _BLACK = "#ffffff", "#101418"
_MIDDLE: Final = 0.18
"""Relative luminance that has about the same contrast to both."""


def line_over(colour: str) -> str:
    """Return black or white, whichever shows better as hatching over ``colour``."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    # The weights of relative luminance (WCAG 2.1), with a square for the gamma.
    luminance = 0.2126 * red**2 + 0.7152 * green**2 + 0.0722 * blue**2
    return _BLACK if luminance > _MIDDLE else _WHITE

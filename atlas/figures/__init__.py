"""
Figures for print and screen: Altair charts in the style of the atlas, as PNG and SVG.

Nothing is loaded from another host. Altair and its renderer come with the first figure,
not with this package; both belong to the extra ``analysis``.
"""

from atlas.figures.areas import area_map
from atlas.figures.render import to_png, to_svg
from atlas.figures.theme import INK, SERIES, headed, noted, themed

__all__ = ["INK", "SERIES", "area_map", "headed", "noted", "themed", "to_png", "to_svg"]

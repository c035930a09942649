"""The colours of the map; they are defined once for map, files and figures in `atlas.palette`."""

from atlas.palette import DARK, LIGHT, MIN_CONTRAST, MIN_DISTANCE, PALETTES, Palette, Theme

__all__ = ["DARK", "LIGHT", "MIN_CONTRAST", "MIN_DISTANCE", "PALETTES", "Palette", "Theme"]

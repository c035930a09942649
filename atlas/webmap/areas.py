"""
Classed areas as the map paints them below the symbols: hexagons, municipalities, districts.

Whatever colours areas (hotspots, energy classes, figures of an indicator) becomes an
`AreaLayer`; the route sends it as `areas_payload`, and the message to the map carries
only the address of that route (`MapState.areas`). The script is ``assets/map/areas.js``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import shapely

from atlas.geo import WGS84, require_crs
from atlas.palette import line_over
from atlas.webmap.ground import steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd


Pattern = Literal["", "lines", "back", "cross", "level"]
"""
Hatching over the colour, so that classes differ without it too.

``lines`` rise to the right and stand for "no data", "not tested" everywhere; ``back`` rise
to the left, ``level`` lie, ``cross`` are both rising ones.
"""
NO_DATA: Final[Pattern] = "lines"


@dataclass(frozen=True, slots=True)
class AreaClass:
    """
    One class of the legend.

    Attributes
    ----------
    code
        Of the vocabulary, or any key.
    text
        What the legend and the tooltip say, in the language of the page.
    colours
        Fill per theme, as ``#rrggbb``.
    pattern
        See `Pattern`.
    edge
        Whether a strong outline lifts these areas out: what a test has found.
    """

    code: str
    text: str
    colours: Mapping[str, str]
    pattern: Pattern = ""
    edge: bool = False


@dataclass(frozen=True)
class AreaLayer:
    """
    Areas, each in one class, with what is said about it.

    Attributes
    ----------
    title
        Heading of the legend.
    classes
        In the order of the legend, those without an area too.
    areas
        Polygon or MultiPolygon, any CRS; columns ``area_id`` (text, unique, letters and
        digits only), ``class_code`` (a code of ``classes``), ``label`` (text).
    facts
        Label → one text per row of ``areas``, empty where there is nothing to say.
    """

    title: str
    classes: Sequence[AreaClass]
    areas: gpd.GeoDataFrame
    facts: Mapping[str, Sequence[str]]

    def counts(self) -> dict[str, int]:
        """Return class → number of its areas, in the order of the legend."""
        found = self.areas["class_code"].value_counts()
        return {one.code: int(found.get(one.code, 0)) for one in self.classes}


def areas_payload(layer: AreaLayer) -> dict[str, Any]:
    """
    Return the layer, ready for JSON.

    Columns instead of objects; a ring is whole numbers as in `atlas.webmap.ground`. Texts
    stay texts: the script never makes markup of them.

    Raises
    ------
    CrsError
        If the areas have no CRS.
    """
    require_crs(layer.areas, name="areas")
    counts = layer.counts()
    position = {one.code: at for at, one in enumerate(layer.classes)}
    return {
        "title": layer.title,
        "classes": [_class(one, counts[one.code]) for one in layer.classes],
        "id": layer.areas["area_id"].tolist(),
        "class": [position[code] for code in layer.areas["class_code"]],
        "label": layer.areas["label"].tolist(),
        "facts": [[label, list(texts)] for label, texts in layer.facts.items()],
        "rings": [_rings(shape) for shape in layer.areas.geometry.to_crs(WGS84)],
    }


def _class(one: AreaClass, count: int) -> dict[str, Any]:
    return {
        "code": one.code,
        "text": one.text,
        "count": count,
        "colour": dict(one.colours),
        "line": {theme: line_over(colour) for theme, colour in one.colours.items()},
        "pattern": one.pattern,
        "edge": one.edge,
    }


def _rings(shape: shapely.Geometry) -> list[list[int]]:
    # The last vertex repeats the first; the browser closes the ring itself.
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return [steps(shapely.get_coordinates(ring)[:-1]) for ring in rings]

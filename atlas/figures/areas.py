"""A map of classed areas for print: shapes, hatching, legend, scale bar."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from atlas.figures.library import library
from atlas.figures.theme import FRAME, INK, PAPER
from atlas.geo import UTM32, require_crs
from atlas.i18n import number
from atlas.palette import line_over

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt
    from altair import TopLevelMixin

    from atlas.vocabulary import Language

Pattern = Literal["", "lines", "back", "cross", "level"]
"""Over the colour: nothing, lines that rise to the right, to the left, both; lines that lie."""

_WIDTH: Final = 680
_HATCH_PIXELS: Final = 7
_ROW: Final = 22
_SWATCH: Final = 26
_BARS_KM: Final = (50, 20, 10, 5, 2, 1)


def area_map(  # noqa: PLR0913 (each is one part of the map)
    areas: gpd.GeoDataFrame,
    *,
    column: str,
    domain: Sequence[str],
    colours: Mapping[str, str],
    language: Language,
    labels: Mapping[str, str] | None = None,
    patterns: Mapping[str, Pattern] | None = None,
    faint: Collection[str] = (),
    title: str = "",
    subtitle: Sequence[str] = (),
    borders: gpd.GeoDataFrame | None = None,
) -> TopLevelMixin:
    """
    Return a map of ``areas`` in EPSG:25832, north at the top; not yet themed.

    Parameters
    ----------
    areas
        Polygon or MultiPolygon, EPSG:25832; any number of rows, at least one.
    column
        Column of ``areas`` with the class of each row; every value is in ``domain``.
    domain
        Classes in the order of the legend, those without an area too.
    colours, labels, patterns
        Fill as ``#rrggbb``, text of the legend, hatching; by class. Two classes that a
        grey print would not tell apart need different patterns.
    language
        Of the scale bar.
    faint
        Classes with thin grey hatching: what was not tested, mostly the larger part.
    borders
        Polygons, EPSG:25832, drawn as thin lines above the areas.

    Raises
    ------
    CrsError
        If ``areas`` or ``borders`` are not in EPSG:25832.
    ConfigError
        If the extra ``analysis`` is not installed.
    """
    alt = library("altair")
    require_crs(areas, UTM32, name="areas")
    west, south, east, north = (float(edge) for edge in areas.total_bounds)
    metres = (east - west) / _WIDTH  # of one pixel
    layers = [_fills(areas, column, domain, colours)]
    for code in domain:
        shapes = areas.geometry[areas[column] == code]
        if (patterns or {}).get(code) and len(shapes):
            lines = FRAME if code in faint else line_over(colours[code])
            layers.append(_hatching(shapes, (patterns or {})[code], metres, lines))
    if borders is not None:
        require_crs(borders, UTM32, name="borders")
        layers.append(_outlines(borders))
    layers += _scale_bar(west, south, east, metres, language)
    height = round((north - south) / metres + _ROW)
    drawn = alt.layer(*layers).project(type="identity", reflectY=True)
    drawn = drawn.properties(width=_WIDTH, height=height)
    key = _legend(domain, colours, labels or {}, patterns or {})
    joined: TopLevelMixin = alt.vconcat(drawn, key, spacing=8)
    if title:
        joined = joined.properties(title=alt.TitleParams(text=title, subtitle=list(subtitle)))
    return joined


def _features(shapes: Iterable[Any], **properties: Sequence[str]) -> Any:  # noqa: ANN401
    """
    Return data for a chart: GeoJSON features in whole metres.

    As one text: Altair walks through every number of data that it is given as a list,
    which takes longer than drawing them.
    """
    alt = library("altair")
    rounded = shapely.set_precision(np.asarray(shapes, dtype=object), 1, mode="pointwise")
    features = [
        '{"type":"Feature","geometry":' + geometry + ',"properties":'
        + json.dumps({key: values[at] for key, values in properties.items()}) + "}"
        for at, geometry in enumerate(shapely.to_geojson(rounded))
    ]  # fmt: skip
    return alt.Data(values=f"[{','.join(features)}]", format=alt.DataFormat(type="json"))


def _fills(
    areas: gpd.GeoDataFrame, column: str, domain: Sequence[str], colours: Mapping[str, str]
) -> Any:  # noqa: ANN401 (altair comes late)
    alt = library("altair")
    shapes = shapely.orient_polygons(areas.geometry.to_numpy(), exterior_cw=True)
    data = _features(shapes, code=areas[column].astype("str").tolist())
    scale = alt.Scale(domain=list(domain), range=[colours[code] for code in domain])
    return alt.Chart(data).mark_geoshape(stroke=PAPER, strokeWidth=0.5).encode(
        color=alt.Color("properties.code:N", scale=scale, legend=None)
    )  # fmt: skip


def _hatching(shapes: gpd.GeoSeries, pattern: Pattern, metres: float, colour: str) -> Any:  # noqa: ANN401
    alt = library("altair")
    whole = shapes.union_all()
    spacing = _HATCH_PIXELS * metres
    lines = [shapely.intersection(_hatch(whole.bounds, spacing, slope), whole)
             for slope in _slopes(pattern)]  # fmt: skip
    return alt.Chart(_features(lines)).mark_geoshape(
        filled=False, stroke=colour, strokeWidth=0.5 if colour == FRAME else 1
    )


def _slopes(pattern: Pattern) -> tuple[int, ...]:
    return {"": (), "lines": (1,), "back": (-1,), "cross": (1, -1), "level": (0,)}[pattern]


def _hatch(
    bounds: tuple[float, float, float, float], spacing: float, slope: int
) -> shapely.MultiLineString:
    """Return parallel lines of ``slope`` (1, 0, -1), at places fixed for the whole map."""
    west, south, east, north = bounds
    if slope == 0:
        heights = np.arange(np.ceil(south / spacing) * spacing, north, spacing)
        return shapely.MultiLineString([[(west, y), (east, y)] for y in heights])
    reach = north - south
    # Multiples of the spacing: neighbouring areas of one class continue each other's lines.
    first = np.floor((west - (reach if slope > 0 else 0) - slope * south) / spacing) * spacing
    last = east + (reach if slope < 0 else 0) - slope * south
    starts = np.arange(first, last + spacing, spacing) + slope * south
    lines: npt.NDArray[np.float64] = np.stack(
        [
            np.column_stack([starts, np.full(len(starts), south)]),
            np.column_stack([starts + slope * reach, np.full(len(starts), north)]),
        ],
        axis=1,
    )
    return shapely.MultiLineString(list(lines))


def _outlines(borders: gpd.GeoDataFrame) -> Any:  # noqa: ANN401
    alt = library("altair")
    lines = borders.geometry.boundary.to_numpy()
    return alt.Chart(_features(lines)).mark_geoshape(filled=False, stroke=FRAME, strokeWidth=0.8)


def _scale_bar(
    west: float, south: float, east: float, metres: float, language: Language
) -> list[Any]:
    """Return the bar below the map; its length is true in the projection, north is up."""
    alt = library("altair")
    length = next((km for km in _BARS_KM if km * 4000 <= east - west), _BARS_KM[-1])
    base = south - (_ROW - 4) * metres
    bar = shapely.LineString(
        [(west, base + 5 * metres), (west, base), (west + length * 1000, base),
         (west + length * 1000, base + 5 * metres)]
    )  # fmt: skip
    line = alt.Chart(_features([bar])).mark_geoshape(filled=False, stroke=INK, strokeWidth=1.5)
    place = {"lon": west + length * 1000 + 8 * metres, "lat": base + 3 * metres}
    said = f"{number(length, language)} km · ETRS89 / UTM 32N (EPSG:25832) · N ↑"
    text = alt.Chart(alt.Data(values=[place])).mark_text(align="left", fontSize=11).encode(
        longitude="lon:Q", latitude="lat:Q", text=alt.value(said)
    )  # fmt: skip
    return [line, text]


def _legend(
    domain: Sequence[str],
    colours: Mapping[str, str],
    labels: Mapping[str, str],
    patterns: Mapping[str, Pattern],
) -> Any:  # noqa: ANN401
    """Return swatches with their hatching, drawn in pixels: legends of Vega have no hatching."""
    alt = library("altair")
    height = _ROW * len(domain)
    rows = [
        {"left": 0, "right": _SWATCH, "top": row * _ROW + 2, "bottom": (row + 1) * _ROW - 2,
         "code": code, "text": labels.get(code, code)}
        for row, code in enumerate(domain)
    ]  # fmt: skip
    across = alt.Scale(domain=[0, _WIDTH], range=[0, _WIDTH])
    down = alt.Scale(domain=[0, height], range=[0, height])
    x, x2 = alt.X("left:Q", axis=None, scale=across), alt.X2("right:Q")
    y, y2 = alt.Y("top:Q", axis=None, scale=down), alt.Y2("bottom:Q")
    scale = alt.Scale(domain=list(domain), range=[colours[code] for code in domain])
    swatches = alt.Chart(alt.Data(values=rows)).mark_rect(stroke=FRAME, strokeWidth=0.8).encode(
        x=x, x2=x2, y=y, y2=y2, color=alt.Color("code:N", scale=scale, legend=None)
    )  # fmt: skip
    lines = [
        {**line, "colour": line_over(colours[str(row["code"])])}
        for row in rows
        for line in _swatch_lines(row, patterns.get(str(row["code"]), ""))
    ]
    hatching = alt.Chart(alt.Data(values=lines)).mark_rule(strokeWidth=1).encode(
        x=x, x2=x2, y=y, y2=y2, stroke=alt.Stroke("colour:N", scale=None)
    )  # fmt: skip
    texts = alt.Chart(alt.Data(values=rows)).mark_text(
        align="left", baseline="middle", dx=_SWATCH + 8, dy=_ROW / 2 - 2
    ).encode(x=x, y=y, text="text:N")  # fmt: skip
    return alt.layer(swatches, hatching, texts).properties(width=_WIDTH, height=height)


def _swatch_lines(row: Mapping[str, Any], pattern: Pattern) -> list[dict[str, float]]:
    box = (0, row["top"], _SWATCH, row["bottom"])
    frame = shapely.box(*box)
    found = []
    for slope in _slopes(pattern):
        # The axis of the legend points down, that of the map up.
        cut = shapely.intersection(_hatch(box, _HATCH_PIXELS, -slope), frame)
        for part in shapely.get_parts(cut):
            (x, y), (x2, y2) = shapely.get_coordinates(part)[[0, -1]]
            found.append({"left": x, "right": x2, "top": y, "bottom": y2})
    return found

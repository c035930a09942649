"""SLD 1.1 with Symbology Encoding, the style that OGC names for every other program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.export.styles.spec import Category, Label, LayerStyle

_NAMESPACES: Final = {
    "": "http://www.opengis.net/sld",
    "se": "http://www.opengis.net/se",
    "ogc": "http://www.opengis.net/ogc",
}
_SIZE_PX: Final = 10
_INK: Final = "#23272e"


def sld(style: LayerStyle) -> str:
    """
    Write a style as Styled Layer Descriptor; the same input gives the same text.

    It has the colours, shapes and labels of the QML; what is not tested or observed has a
    dashed edge here, since hatching has no name in the standard.
    """
    root = ET.Element("StyledLayerDescriptor", {
        "version": "1.1.0", "xmlns": _NAMESPACES[""], "xmlns:se": _NAMESPACES["se"],
        "xmlns:ogc": _NAMESPACES["ogc"],
    })  # fmt: skip
    named = ET.SubElement(root, "NamedLayer")
    ET.SubElement(named, "se:Name").text = style.layer
    user = ET.SubElement(named, "UserStyle")
    ET.SubElement(user, "se:Name").text = style.name
    _described(user, style.name, style.about)
    drawn = ET.SubElement(user, "se:FeatureTypeStyle")
    for category in style.categories:
        for kind in style.shapes or [""]:
            _rule(drawn, style, category, kind=kind)
    _label(drawn, style.label, is_point=style.is_point)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _rule(drawn: ET.Element, style: LayerStyle, category: Category, *, kind: str) -> None:
    rule = ET.SubElement(drawn, "se:Rule")
    ET.SubElement(rule, "se:Name").text = " / ".join(filter(None, (category.label, kind)))
    _described(rule, category.label)
    filtered = ET.SubElement(rule, "ogc:Filter")
    tests = [(style.column, category.code)] if category.code is not None else []
    tests += [("kind", kind)] if kind else []
    several = len(tests) > 1 or None not in (category.above, category.up_to)
    into = ET.SubElement(filtered, "ogc:And") if several else filtered
    for column, value in tests:
        _compared(into, "ogc:PropertyIsEqualTo", column, value)
    if category.is_missing:
        null = ET.SubElement(into, "ogc:PropertyIsNull")
        ET.SubElement(null, "ogc:PropertyName").text = style.column
    if category.above is not None:
        _compared(into, "ogc:PropertyIsGreaterThan", style.column, repr(category.above))
    if category.up_to is not None:
        _compared(into, "ogc:PropertyIsLessThanOrEqualTo", style.column, repr(category.up_to))
    if style.is_point:
        _point(rule, category, style, style.shapes[kind])
    else:
        _area(rule, category, style)


def _compared(parent: ET.Element, how: str, column: str, value: str) -> None:
    test = ET.SubElement(parent, how)
    ET.SubElement(test, "ogc:PropertyName").text = column
    ET.SubElement(test, "ogc:Literal").text = value


def _point(rule: ET.Element, category: Category, style: LayerStyle, shape: str) -> None:
    graphic = ET.SubElement(ET.SubElement(rule, "se:PointSymbolizer"), "se:Graphic")
    mark = ET.SubElement(graphic, "se:Mark")
    ET.SubElement(mark, "se:WellKnownName").text = shape
    _parameters(mark, "se:Fill", {"fill": category.colour})
    _parameters(mark, "se:Stroke", {"stroke": style.edge, "stroke-width": "1"})
    ET.SubElement(graphic, "se:Size").text = str(_SIZE_PX)


def _area(rule: ET.Element, category: Category, style: LayerStyle) -> None:
    area = ET.SubElement(rule, "se:PolygonSymbolizer")
    _parameters(area, "se:Fill", {"fill": category.colour, "fill-opacity": f"{style.opacity:g}"})
    stroke = {"stroke": style.edge, "stroke-width": "1"}
    dashed = {"stroke": _INK, "stroke-width": "0.5", "stroke-dasharray": "2 3"}
    _parameters(area, "se:Stroke", dashed if category.is_hatched else stroke)


def _label(drawn: ET.Element, label: Label, *, is_point: bool) -> None:
    rule = ET.SubElement(drawn, "se:Rule")
    ET.SubElement(rule, "se:Name").text = label.column
    if label.from_scale:
        ET.SubElement(rule, "se:MaxScaleDenominator").text = str(label.from_scale)
    text = ET.SubElement(rule, "se:TextSymbolizer")
    ET.SubElement(ET.SubElement(text, "se:Label"), "ogc:PropertyName").text = label.column
    _parameters(text, "se:Font", {"font-size": f"{label.size_pt:g}"})
    place = ET.SubElement(ET.SubElement(text, "se:LabelPlacement"), "se:PointPlacement")
    anchor = ET.SubElement(place, "se:AnchorPoint")
    ET.SubElement(anchor, "se:AnchorPointX").text = "0" if is_point else "0.5"
    ET.SubElement(anchor, "se:AnchorPointY").text = "0.5"
    if is_point:
        moved = ET.SubElement(place, "se:Displacement")
        ET.SubElement(moved, "se:DisplacementX").text = str(_SIZE_PX)
        ET.SubElement(moved, "se:DisplacementY").text = "0"
    halo = ET.SubElement(text, "se:Halo")
    ET.SubElement(halo, "se:Radius").text = "2"
    _parameters(halo, "se:Fill", {"fill": "#ffffff", "fill-opacity": "0.85"})
    _parameters(text, "se:Fill", {"fill": _INK})


def _described(parent: ET.Element, title: str, about: str = "") -> None:
    described = ET.SubElement(parent, "se:Description")
    ET.SubElement(described, "se:Title").text = title
    if about:
        ET.SubElement(described, "se:Abstract").text = about


def _parameters(parent: ET.Element, name: str, values: Mapping[str, str]) -> None:
    group = ET.SubElement(parent, name)
    for key, value in values.items():
        ET.SubElement(group, "se:SvgParameter", name=key).text = value

"""QML, the style of QGIS 3: symbols, labels, aliases of the columns, value maps, map tips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from atlas.export.columns import Field
    from atlas.export.styles.spec import Category, Label, LayerStyle
    from atlas.vocabulary import Language

_VERSION: Final = "3.22.0"  # the oldest long-term release that the style was read with
_HEAD: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_POINT_MM: Final = "3"
_EDGE_MM: Final = "0.26"
_HATCH_MM: Final = "1.6"
_INK: Final = "#23272e"
_HATCH: Final = "#a39c8d"
_ALL_SCALES: Final = 100_000_000
_AT_A_POINT, _INSIDE = "6", "4"  # placements: around the point, horizontal in the area


def qml(style: LayerStyle, fields: Iterable[Field], language: Language) -> str:
    """
    Write a style for QGIS.

    Parameters
    ----------
    fields
        The columns of the layer in their order; give aliases and value maps.

    Returns
    -------
    text
        An XML document; the same input gives the same text.
    """
    root = ET.Element(
        "qgis", version=_VERSION, labelsEnabled="1", hasScaleBasedVisibilityFlag="0",
        styleCategories="Symbology|Labeling|Fields|Forms|MapTips|Rendering",
    )  # fmt: skip
    _renderer(root, style)
    _labels(root, style.label, is_point=style.is_point)
    ET.SubElement(root, "blendMode").text = "0"
    ET.SubElement(root, "layerOpacity").text = f"{style.opacity:g}"
    columns = list(fields)
    _fields(root, columns, language)
    ET.SubElement(root, "previewExpression").text = _column(style.label.column)
    by_name = {entry.name: entry for entry in columns}
    ET.SubElement(root, "mapTip").text = _tip([by_name[name] for name in style.tip], language)
    ET.indent(root, " ")
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _renderer(root: ET.Element, style: LayerStyle) -> None:
    common = {"symbollevels": "0", "forceraster": "0", "enableorderby": "0"}
    if all(category.code is not None for category in style.categories):
        renderer = ET.SubElement(
            root, "renderer-v2", common | {"type": "categorizedSymbol", "attr": style.column}
        )
        listed = ET.SubElement(renderer, "categories")
        for at, category in enumerate(style.categories):
            ET.SubElement(listed, "category", value=category.code or "", type="string",
                          symbol=str(at), label=category.label, render="true")  # fmt: skip
    else:
        renderer = ET.SubElement(root, "renderer-v2", common | {"type": "RuleRenderer"})
        rules = ET.SubElement(renderer, "rules", key="all")
        for at, category in enumerate(style.categories):
            ET.SubElement(rules, "rule", key=f"rule-{at}", symbol=str(at), label=category.label,
                          filter=condition(style.column, category))  # fmt: skip
    symbols = ET.SubElement(renderer, "symbols")
    for at, category in enumerate(style.categories):
        _symbol(symbols, str(at), category, style)


def condition(column: str, category: Category) -> str:
    """Return the expression of QGIS that chooses the rows of a category of figures."""
    name = _column(column)
    if category.is_missing:
        return f"{name} IS NULL"
    above = [] if category.above is None else [f"{name} > {category.above!r}"]
    up_to = [] if category.up_to is None else [f"{name} <= {category.up_to!r}"]
    return " AND ".join([*above, *up_to])


def _symbol(symbols: ET.Element, name: str, category: Category, style: LayerStyle) -> None:
    kind = "marker" if style.is_point else "fill"
    symbol = ET.SubElement(symbols, "symbol", type=kind, name=name, alpha="1",
                           clip_to_extent="1", force_rhr="0")  # fmt: skip
    edge = {"outline_color": _rgba(style.edge), "outline_style": "solid",
            "outline_width": _EDGE_MM, "outline_width_unit": "MM"}  # fmt: skip
    if style.is_point:
        layer = _layer(symbol, "SimpleMarker", {
            "color": _rgba(category.colour), "name": "circle", "size": _POINT_MM,
            "size_unit": "MM", **edge,
        })  # fmt: skip
        _defined(layer, "name", _shape_by_kind(style.shapes))
        return
    _layer(symbol, "SimpleFill", {"color": _rgba(category.colour), "style": "solid", **edge})
    if category.is_hatched or style.few:
        lines = _hatch(symbol, name)
        if not category.is_hatched:
            _defined(lines, "enabled", f"coalesce({_column(style.few)}, false)")


def _hatch(symbol: ET.Element, name: str) -> ET.Element:
    lines = _layer(symbol, "LinePatternFill", {
        "angle": "45", "distance": _HATCH_MM, "distance_unit": "MM",
        "color": _rgba(_HATCH), "line_width": _EDGE_MM, "line_width_unit": "MM",
    })  # fmt: skip
    line = ET.SubElement(lines, "symbol", type="line", name=f"@{name}@1", alpha="1",
                         clip_to_extent="1", force_rhr="0")  # fmt: skip
    _layer(line, "SimpleLine", {"line_color": _rgba(_HATCH), "line_style": "solid",
                                "line_width": _EDGE_MM, "line_width_unit": "MM"})  # fmt: skip
    return lines


def _layer(symbol: ET.Element, kind: str, options: Mapping[str, str]) -> ET.Element:
    layer = ET.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
    )
    _options(layer, options)
    return layer


def _shape_by_kind(shapes: Mapping[str, str]) -> str:
    cases = [f'WHEN "kind" = {_text(kind)} THEN {_text(shape)}' for kind, shape in shapes.items()]
    return f"CASE {' '.join(cases)} END"


def _defined(layer: ET.Element, name: str, expression: str) -> None:
    """Let an expression decide a property of a symbol layer."""
    properties = ET.SubElement(layer, "data_defined_properties")
    outer = ET.SubElement(properties, "Option", type="Map")
    ET.SubElement(outer, "Option", name="name", value="", type="QString")
    inner = ET.SubElement(outer, "Option", name="properties", type="Map")
    chosen = ET.SubElement(inner, "Option", name=name, type="Map")
    ET.SubElement(chosen, "Option", name="active", value="true", type="bool")
    ET.SubElement(chosen, "Option", name="expression", value=expression, type="QString")
    ET.SubElement(chosen, "Option", name="type", value="3", type="int")  # 3: an expression
    ET.SubElement(outer, "Option", name="type", value="collection", type="QString")


def _labels(root: ET.Element, label: Label, *, is_point: bool) -> None:
    settings = ET.SubElement(ET.SubElement(root, "labeling", type="simple"), "settings")
    text = ET.SubElement(settings, "text-style", {
        "fieldName": _written(label), "isExpression": "1", "fontSize": f"{label.size_pt:g}",
        "fontSizeUnit": "Point", "textColor": _rgba(_INK), "textOpacity": "1", "allowHtml": "0",
        "namedStyle": "Regular", "fontWeight": "50",
    })  # fmt: skip
    ET.SubElement(text, "text-buffer", {
        "bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM",
        "bufferColor": _rgba("#ffffff"), "bufferOpacity": "0.85", "bufferNoFill": "1",
    })  # fmt: skip
    ET.SubElement(settings, "placement", placement=_AT_A_POINT if is_point else _INSIDE,
                  dist="2.2", distUnits="MM", priority="5")  # fmt: skip
    ET.SubElement(settings, "rendering", {
        "drawLabels": "1", "obstacle": "1", "fontLimitPixelSize": "0",
        "scaleVisibility": str(int(label.from_scale is not None)),
        "scaleMin": "1", "scaleMax": str(label.from_scale or _ALL_SCALES),
    })  # fmt: skip


def _written(label: Label) -> str:
    """Return the expression of a label: nothing where another layer names the feature."""
    name = _column(label.column)
    if not label.unless_kind:
        return name
    return f'CASE WHEN "kind" <> {_text(label.unless_kind)} THEN {name} END'


def _fields(root: ET.Element, columns: list[Field], language: Language) -> None:
    configured = ET.SubElement(root, "fieldConfiguration")
    aliases = ET.SubElement(root, "aliases")
    for at, column in enumerate(columns):
        ET.SubElement(aliases, "alias", field=column.name, index=str(at),
                      name=column.label(language))  # fmt: skip
        if column.codes:
            entry = ET.SubElement(configured, "field", name=column.name)
            widget = ET.SubElement(entry, "editWidget", type="ValueMap")
            options = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
            listed = ET.SubElement(options, "Option", name="map", type="List")
            for code, term in column.codes.items():
                pair = ET.SubElement(listed, "Option", type="Map")
                ET.SubElement(pair, "Option", name=term.label(language), value=code,
                              type="QString")  # fmt: skip


def _tip(columns: list[Field], language: Language) -> str:
    lines = [f"<b>{_shown(column)}</b>" for column in columns[:1]]
    lines += [f"{_label(column, language)}: {_shown(column)}" for column in columns[1:]]
    return "<br/>".join(lines)


def _label(column: Field, language: Language) -> str:
    return column.title(language) if column.is_share else column.label(language)


def _shown(column: Field) -> str:
    """Return an expression for a tip: a tip is HTML, so what is shown in it is escaped."""
    value = _column(column.name)
    if column.codes:
        value = f"represent_value({value})"
    if column.is_share:
        value = f"round(100 * {value}) || ' %'"
    return f"[% replace(coalesce({value}, '–'), map('&', '&amp;', '<', '&lt;')) %]"


def _options(parent: ET.Element, options: Mapping[str, str]) -> None:
    listed = ET.SubElement(parent, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(listed, "Option", name=name, value=value, type="QString")


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _rgba(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"{red},{green},{blue},255"

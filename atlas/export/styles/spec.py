"""
How the layers of the planner's package look: what QML and SLD are both written from.

Colours are those of the map (`atlas.palette`), labels those of the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from atlas import vocabulary as v
from atlas.i18n import marked as _
from atlas.i18n import translator
from atlas.palette import AREAS, LIGHT, PALE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from atlas.vocabulary import Language

Shape = Literal["circle", "square", "triangle"]
"""Well-known names of SLD, which QGIS has, too."""

SHAPES: Final[Mapping[str, Shape]] = {
    "key_property": "square",
    "creative_site": "circle",
    "creative_quarter": "triangle",
}
"""Shape per kind of space, so that colour is not the only thing that tells."""
_COLOURS: Final = AREAS["light"]
_OPAQUE: Final = 1.0
_SEE_THROUGH: Final = 0.75


@dataclass(frozen=True, slots=True)
class Category:
    """
    What is drawn in one way: one code, a range of figures, or what has no figure.

    Attributes
    ----------
    code
        Value of the column; ``None`` where the column holds figures.
    above, up_to
        Figures above the one and up to the other; ``None`` leaves that side open. With
        both open and no code, the category is for rows without a figure.
    is_hatched
        Whether lines are drawn on it: not tested, not observed, no figure.
    """

    label: str
    colour: str
    code: str | None = None
    above: float | None = None
    up_to: float | None = None
    is_hatched: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether the category is for rows without a figure."""
        return self.code is None and self.above is None and self.up_to is None


@dataclass(frozen=True, slots=True)
class Label:
    """
    What is written on a feature: the text of a column.

    Attributes
    ----------
    from_scale
        Denominator of the smallest scale at which it is written; ``None``: at every one.
    unless_kind
        Code of ``kind`` whose features another layer names.
    """

    column: str
    size_pt: float
    from_scale: int | None = None
    unless_kind: str = ""


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """
    One look of one layer.

    Attributes
    ----------
    name
        At most 30 characters: QGIS reserves no more.
    about
        The legend in one sentence.
    column
        What the colour tells.
    shapes
        Shape of the symbol per code of ``kind``; empty for areas.
    few
        Column that says whether a figure rests on few observations: then it is hatched.
    tip
        Columns that are shown when the pointer rests on a feature.
    """

    layer: str
    name: str
    about: str
    column: str
    categories: tuple[Category, ...]
    label: Label
    edge: str
    opacity: float = _OPAQUE
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    tip: tuple[str, ...] = ()
    few: str = ""
    is_default: bool = False

    @property
    def is_point(self) -> bool:
        """Whether the layer has points; otherwise it has areas."""
        return bool(self.shapes)


def coded(terms: Mapping[str, v.Term], colours: Mapping[str, str], language: Language
          ) -> tuple[Category, ...]:  # fmt: skip
    """Return one category per code, in the order of the list."""
    return tuple(
        Category(term.label(language), colours[code], code=code, is_hatched=code in _HATCHED)
        for code, term in terms.items()
    )


_HATCHED: Final = PALE - {"none", "quiet"}


def fixed_styles(language: Language) -> tuple[LayerStyle, ...]:
    """Return the styles that do not depend on the figures: spaces, quarters, hexagons."""
    translate = translator(language)
    spaces = LayerStyle(
        layer="spaces", name=translate(_("Leerstand")),
        about=translate(_("Farbe: Leerstand; Form: Art des Ortes")), column="vacancy",
        categories=coded(v.VACANCY, LIGHT.vacancy, language),
        label=Label("name", 7.5, from_scale=60_000, unless_kind="creative_quarter"),
        edge=LIGHT.casing, shapes=SHAPES,
        tip=("name", "type", "vacancy", "observed_on", "municipality", "publisher"),
        is_default=True,
    )  # fmt: skip
    quarters = LayerStyle(
        layer="quarters", name=translate(_("Programmstand")),
        about=translate(_("Kreise um Ankerpunkte, nicht die Grenze der Quartiere")),
        column="programme_status",
        categories=coded(v.PROGRAMME_STATUS, _QUARTERS, language),
        label=Label("name", 8.5, from_scale=250_000), edge=LIGHT.vacancy["not_applicable"],
        opacity=0.45, tip=("name", "programme_status", "geometry_note"), is_default=True,
    )  # fmt: skip
    return (spaces, quarters, *_hexagons(language))


_QUARTERS: Final = {
    "current": LIGHT.vacancy["not_applicable"],
    "former": "#9fb9b4",
    "private": "#c9a227",
    "planned": "#6f8fc9",
    "unclear": "#b9b2a6",
}


def _hexagons(language: Language) -> tuple[LayerStyle, ...]:
    translate = translator(language)
    looks: tuple[tuple[str, str, str, Mapping[str, v.Term], Mapping[str, str]], ...] = (
        (_("Leerstand und Energie"), _("Leerstand in der Zelle, kreative Orte in ihrer Nähe"),
         "energy_class", v.ENERGY_CLASSES, _COLOURS.energy),
        (_("Hotspots kreativer Orte"), _("Getis-Ord Gi* mit Kontrolle der Falschmeldungen"),
         "creative_hotspot", v.HOTSPOT_CLASSES, _COLOURS.hotspot),
        (_("Hotspots des Leerstands"), _("Getis-Ord Gi* mit Kontrolle der Falschmeldungen"),
         "vacant_hotspot", v.HOTSPOT_CLASSES, _COLOURS.hotspot),
        (_("Cluster kreativer Orte"), _("Lokaler Moran mit Kontrolle der Falschmeldungen"),
         "creative_cluster", v.CLUSTER_CLASSES, _COLOURS.cluster),
        (_("Cluster des Leerstands"), _("Lokaler Moran mit Kontrolle der Falschmeldungen"),
         "vacant_cluster", v.CLUSTER_CLASSES, _COLOURS.cluster),
    )  # fmt: skip
    return tuple(
        LayerStyle(
            layer="hexagons", name=translate(name), about=translate(about), column=column,
            categories=coded(terms, colours, language),
            label=Label("name", 7, from_scale=100_000), edge=_COLOURS.edge, opacity=_SEE_THROUGH,
            tip=("name", column, "creative_count", "vacant_count", "observed"),
            is_default=column == "energy_class",
        )
        for name, about, column, terms, colours in looks
    )  # fmt: skip


def figure_style(  # noqa: PLR0913 - what differs between figures
    column: str,
    breaks: Sequence[tuple[float, float]],
    *,
    name: str,
    about: str,
    written: Callable[[float], str],
    language: Language,
    few: str = "",
    tip: tuple[str, ...] = (),
    is_default: bool = False,
) -> LayerStyle:
    """
    Return the style of municipalities by a figure.

    Parameters
    ----------
    breaks
        Smallest and largest figure of each class, from low to high.
    written
        Writes a figure for the legend.
    """
    colours = _COLOURS.steps
    chosen = [colours[round(at)] for at in _spread(len(breaks), len(colours) - 1)]
    categories = [
        Category(
            written(high) if low == high else f"{written(low)} – {written(high)}",
            colour,
            above=breaks[at - 1][1] if at else None,
            up_to=high,
        )
        for at, ((low, high), colour) in enumerate(zip(breaks, chosen, strict=True))
    ]
    nothing = Category(translator(language)(_("keine Angabe")), _COLOURS.no_data, is_hatched=True)
    return LayerStyle(
        layer="municipalities", name=name, about=about, column=column,
        categories=(*categories, nothing), label=Label("name", 9), edge=LIGHT.district,
        opacity=_SEE_THROUGH, few=few, tip=("name", column, *tip), is_default=is_default,
    )  # fmt: skip


def _spread(count: int, last: int) -> list[float]:
    """Return ``count`` places from 0 to ``last``, evenly; the middle for a single one."""
    return [last / 2] if count == 1 else [at * last / (count - 1) for at in range(count)]

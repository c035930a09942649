"""Hotspots, clusters, density and energy as classed areas of the map, with texts in a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from atlas import vocabulary as v
from atlas.analysis.extra import library
from atlas.i18n import marked as _
from atlas.i18n import number, p_value, translator
from atlas.palette import AREAS
from atlas.webmap.areas import NO_DATA, AreaClass, AreaLayer, Pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from atlas.analysis.asked import Asked
    from atlas.vocabulary import Language

STEPS: Final = 5
"""Classes of a density, from pale to strong."""
MISSING: Final = "no_data"
PATTERNS: Final[Mapping[str, Pattern]] = {
    "cold": "back", "low_low": "back", "high_low": "cross", "low_high": "level",
    "energy_without_room": "back", "room_without_energy": "cross",
    "not_tested": NO_DATA, "not_observed": NO_DATA, MISSING: NO_DATA,
}  # fmt: skip
"""Hatching by class; two classes that are alike in grey never have the same."""
FOUND: Final = frozenset({"hot", "cold", "high_high", "low_low", "high_low", "low_high"})
"""Classes that a test has found: they get an outline."""
TITLES: Final[Mapping[tuple[str, str], str]] = {
    ("creative", "hotspot"): _("Hotspots kreativer Orte"),
    ("creative", "cluster"): _("Nachbarschaften kreativer Orte"),
    ("creative", "density"): _("Dichte kreativer Orte"),
    ("vacant", "hotspot"): _("Hotspots von Leerstand"),
    ("vacant", "cluster"): _("Nachbarschaften von Leerstand"),
    ("vacant", "density"): _("Dichte von Leerstand"),
    ("energy", "energy_class"): _("Raum trifft Energie"),
}
"""Heading by topic and what is shown."""
_TERMS: Final = {
    "hotspot": v.HOTSPOT_CLASSES, "cluster": v.CLUSTER_CLASSES, "energy_class": v.ENERGY_CLASSES,
}  # fmt: skip
_FILLS: Final = {"hotspot": "hotspot", "cluster": "cluster", "energy_class": "energy"}


def title(asked: Asked, language: Language) -> str:
    """Return the heading of an analysis."""
    return translator(language)(TITLES[asked.topic, asked.classed])


def hotspot_layer(areas: gpd.GeoDataFrame, asked: Asked, language: Language) -> AreaLayer:
    """
    Return the areas of an analysis in the classes that are asked for.

    Parameters
    ----------
    areas
        `Hotspots.areas` or `Energy.areas` (EPSG:25832), the answer to ``asked``.
    asked
        Chooses the column that colours the areas.

    Returns
    -------
    layer
        Same rows, order and CRS; the columns of `AreaLayer`.
    """
    if asked.classed == "density":
        classes, codes = _steps(areas["density_per_km2"], language)
    else:
        classes, codes = _terms(asked.classed, language), areas[asked.classed]
    labels = [_label(row, asked, language) for row in areas[["area_id", "name"]].to_numpy()]
    drawn = areas[["area_id", "geometry"]].assign(class_code=codes.astype("str"), label=labels)
    facts = {
        fact.label(language): fact.texts(areas, language)
        for fact in FACTS
        if fact.column in areas and asked.classed in fact.shown and asked.topic in fact.topics
    }
    return AreaLayer(title(asked, language), classes, drawn, facts)


def _terms(classed: str, language: Language) -> list[AreaClass]:
    fills = {theme: getattr(palette, _FILLS[classed]) for theme, palette in AREAS.items()}
    return [
        AreaClass(
            code, term.label(language), {theme: fill[code] for theme, fill in fills.items()},
            PATTERNS.get(code, ""), code in FOUND,
        )
        for code, term in _TERMS[classed].items()
    ]  # fmt: skip


def _steps(density: pd.Series, language: Language) -> tuple[list[AreaClass], pd.Series]:
    """Return equal steps from nothing to the highest density of all areas, and one without."""
    known = density.dropna()
    nothing = _missing(translator(language)("keine Dichte"))
    if known.empty:
        return [nothing], pd.Series(MISSING, index=density.index)
    bins = library("mapclassify").EqualInterval(
        pd.concat([known, pd.Series([0.0])]).to_numpy(), k=STEPS
    ).bins  # fmt: skip
    classes = []
    for at, (low, high) in enumerate(zip([0.0, *bins[:-1]], bins, strict=True)):
        text = f"{_short(low, language)}–{_short(high, language)} {translator(language)('je km²')}"
        colours = {theme: palette.steps[at] for theme, palette in AREAS.items()}
        classes.append(AreaClass(f"step_{at + 1}", text, colours))
    cut = pd.cut(density, [-1.0, *bins[:-1], float("inf")], labels=[one.code for one in classes])
    codes = cut.astype("str").where(density.notna(), MISSING)
    return [*classes, nothing], codes


def _missing(text: str) -> AreaClass:
    return AreaClass(
        MISSING, text, {theme: palette.no_data for theme, palette in AREAS.items()}, NO_DATA
    )


def _short(value: float, language: Language) -> str:
    """Return two digits that count: 0.034, 0.21, 3.4."""
    decimals = 0 if value == 0 else next((n for n in range(1, 5) if value * 10**n >= 10), 5)  # noqa: PLR2004
    return number(value, language, decimals=decimals)


def _label(row: Sequence[str], asked: Asked, language: Language) -> str:
    """Return the name of an area; hexagons of one town differ by what their index ends with."""
    area_id, name = row
    if asked.question.unit == "municipality":
        return name
    # H3 fills the index of a coarse cell up with f.
    return translator(language)("{name}, Zelle {cell}").format(name=name, cell=area_id.rstrip("f"))


@dataclass(frozen=True, slots=True)
class Fact:
    """
    A column of the result, as tooltip, table and files name it.

    Attributes
    ----------
    de
        Message id.
    shown, topics
        What it belongs to: see `Asked.classed` and `Asked.topic`.
    decimals
        Shown after the point.
    is_p
        Whether it is a p-value, which is never written as nothing.
    """

    column: str
    de: str
    shown: frozenset[str]
    decimals: int = 0
    topics: frozenset[str] = frozenset({"creative", "vacant", "energy"})
    is_p: bool = False

    def label(self, language: Language) -> str:
        """Return the name of the column."""
        return translator(language)(self.de)

    def texts(self, areas: pd.DataFrame, language: Language) -> list[str]:
        """Return the values as people write them, empty where there is none."""
        # Thousands of areas share a few hundred values, and writing one takes its time.
        exact = areas[self.column].astype(float)
        rounded = exact if self.is_p else exact.round(self.decimals) + 0.0  # no minus nothing
        texts = {value: self.text(value, language) for value in rounded.unique()}
        return rounded.map(texts).tolist()

    def text(self, value: Any, language: Language) -> str:  # noqa: ANN401 (a cell)
        """Return one value as people write it."""
        if pd.isna(value):
            return ""
        if self.is_p:
            return p_value(float(value), language)
        return number(float(value), language, decimals=self.decimals)


_ALL: Final = frozenset({"hotspot", "cluster", "density"})
_ENERGY: Final = frozenset({"energy_class"})
FACTS: Final = (
    Fact("count", _("Gezählt"), _ALL),
    Fact("observed", _("Leerstand beobachtet"), _ALL, topics=frozenset({"vacant"})),
    Fact("density_per_km2", _("Dichte je km²"), _ALL, 3),
    Fact("gi_z", _("Gi* (z-Wert)"), frozenset({"hotspot"}), 2),
    Fact("gi_p", _("p-Wert"), frozenset({"hotspot"}), is_p=True),
    Fact("gi_q", _("p-Wert, korrigiert"), frozenset({"hotspot"}), is_p=True),
    Fact("lisa_p", _("p-Wert"), frozenset({"cluster"}), is_p=True),
    Fact("lisa_q", _("p-Wert, korrigiert"), frozenset({"cluster"}), is_p=True),
    Fact("creative", _("Kreative Orte hier"), _ENERGY),
    Fact("nearby", _("Kreative Orte hier und ringsum"), _ENERGY),
    Fact("vacant", _("Leer oder teilweise leer"), _ENERGY),
    Fact("observed", _("Leerstand beobachtet"), _ENERGY),
)
"""What is said of an area, in this order."""

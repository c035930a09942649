"""The municipalities in classes of one figure: a layer for the map, and the same as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from atlas import vocabulary as v
from atlas.analysis.classes import NO_DATA, Classes, classes
from atlas.analysis.texts import title, value_text
from atlas.i18n import number, percent, translator
from atlas.palette import AREAS
from atlas.webmap.areas import NO_DATA as HATCHED
from atlas.webmap.areas import AreaClass, AreaLayer

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from atlas.analysis.choice import Choice
    from atlas.vocabulary import Language

MISSING: Final = "no_data"
_FINEST: Final = 4
"""Most decimals of a bound; figures that are still equal then are shown as equal."""


def indicator_layer(
    towns: gpd.GeoDataFrame, tidy: pd.DataFrame, choice: Choice, language: Language
) -> AreaLayer:
    """
    Return the municipalities in the classes of a figure.

    Parameters
    ----------
    towns
        Polygon or MultiPolygon, indexed by ``ags``.
    tidy
        Figures of all municipalities: the classes come from the whole table, so that a
        colour means the same whatever is chosen.
    choice
        Which figure.

    Returns
    -------
    layer
        One row per municipality, ordered by key, CRS of ``towns``. A municipality
        without a figure is in a class of its own.
    """
    translate = translator(language)
    rows = choice.rows(tidy)
    found = classes(rows["value"])
    numbers = found.of(rows["value"])
    codes = [MISSING if at == NO_DATA else _code(at) for at in numbers]
    areas = towns.loc[rows["area_id"], ["geometry"]].reset_index(drop=True)
    areas = areas.assign(area_id=rows["area_id"], class_code=codes, label=rows["area_name"])
    small = translate("kleine Zahl: mit Vorsicht zu lesen")
    facts = {
        title(choice, language): [
            value_text(choice.indicator, value, language) for value in rows["value"]
        ],
        translate("Hinweis"): [small if flag else "" for flag in rows["is_small"]],
    }
    return AreaLayer(title(choice, language), _classes(found, choice, language), areas, facts)


def _code(at: int) -> str:
    return f"class_{at + 1}"


def _classes(found: Classes, choice: Choice, language: Language) -> list[AreaClass]:
    # Few classes take colours from the whole scale, so that the highest is always the darkest.
    steps = {theme: palette.steps for theme, palette in AREAS.items()}
    last = max(len(each) for each in steps.values()) - 1
    places = [round(at) for at in np.linspace(0 if found.count > 1 else last, last, found.count)]
    drawn = [
        AreaClass(_code(at), text, {theme: each[place] for theme, each in steps.items()})
        for at, (place, text) in enumerate(
            zip(places, _texts(found, choice, language), strict=True)
        )
    ]
    nothing = {theme: palette.no_data for theme, palette in AREAS.items()}
    return [*drawn, AreaClass(MISSING, translator(language)("keine Angabe"), nothing, HATCHED)]


def _texts(found: Classes, choice: Choice, language: Language) -> list[str]:
    """Return the bounds of each class, with as many decimals as tell the classes apart."""
    known = v.INDICATORS[choice.indicator]
    bounds = list(zip(found.lower, found.upper, strict=True))
    if known.unit == "%":
        bounds = [(100 * low, 100 * high) for low, high in bounds]
    distinct = {bound for pair in bounds for bound in pair}
    decimals = next(
        (at for at in range(known.decimals, _FINEST)
         if len({number(bound, language, decimals=at) for bound in distinct}) == len(distinct)),
        _FINEST,
    )  # fmt: skip
    sign = percent(0, language).removeprefix("0")  # with a space before it in German
    unit = {"%": sign, "d": f" {translator(language)('Tage')}"}.get(known.unit, "")

    def text(low: float, high: float) -> str:
        first, last = (number(bound, language, decimals=decimals) for bound in (low, high))
        return f"{first}{unit}" if first == last else f"{first}–{last}{unit}"

    return [text(low, high) for low, high in bounds]

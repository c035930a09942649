"""Figures of areas as tables for CSV and XLSX: codes and labels, value, what divides by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd

from atlas import vocabulary as v
from atlas.analysis.texts import group_label
from atlas.export.areas import areas_csv, areas_xlsx
from atlas.export.columns import stored_unit
from atlas.geo import UTM32
from atlas.i18n import marked as _
from atlas.i18n import translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from atlas.export.areas import AreaNotice
    from atlas.vocabulary import Language

LABELS: Final[Mapping[str, str]] = {
    "area_id": _("Schlüssel"),
    "area_name": _("Gebiet"),
    "indicator": _("Kennzahl (Code)"),
    "indicator_label": _("Kennzahl"),
    "group": _("Art oder Typ (Code)"),
    "group_label": _("Art oder Typ"),
    "unit": _("Einheit"),
    "value": _("Wert"),
    "numerator": _("Zähler"),
    "denominator": _("Nenner"),
    "low": _("95 % von"),
    "high": _("95 % bis"),
    "n": _("Beobachtungen"),
    "as_of": _("Stand"),
    "is_small": _("kleine Zahl"),
}
"""Columns, with their heads in XLSX as message ids."""


def labelled(tidy: pd.DataFrame, language: Language) -> gpd.GeoDataFrame:
    """
    Add the labels of indicator and group, and the unit.

    Parameters
    ----------
    tidy
        From `atlas.analysis.indicators.indicators`.

    Returns
    -------
    labelled
        The columns of `LABELS`, without any geometry, same rows and order; ``unit`` of the
        value as it is stored; ``is_small`` as text, ``true`` or ``false``.
    """
    groups = {code: group_label(code, language) for code in tidy["group"].unique()}
    units = {code: stored_unit(one.unit) for code, one in v.INDICATORS.items()}
    table = tidy.assign(
        indicator_label=tidy["indicator"].map(_labels(v.INDICATORS, language)),
        group_label=tidy["group"].map(groups),
        unit=tidy["indicator"].map(units),
        is_small=tidy["is_small"].map({True: "true", False: "false"}),
    )
    return gpd.GeoDataFrame(table[list(LABELS)], geometry=[None] * len(table), crs=UTM32)


def _labels(terms: Mapping[str, v.Term], language: Language) -> dict[str, str]:
    return {code: term.label(language) for code, term in terms.items()}


def figures_csv(tidy: pd.DataFrame, notice: AreaNotice, language: Language) -> bytes:
    """Write figures with licence, attribution, date and question in every row."""
    return areas_csv(labelled(tidy, language), notice)


def figures_xlsx(tidy: pd.DataFrame, notice: AreaNotice, language: Language) -> bytes:
    """Write figures on one sheet, licence and date on a second; no cell is a formula."""
    translate = translator(language)
    flags = {"true": translate("ja"), "false": translate("nein")}
    table = labelled(tidy, language)
    heads = [translate(head) for head in LABELS.values()]
    return areas_xlsx(table.assign(is_small=table["is_small"].map(flags)), notice, heads=heads,
                      language=language)  # fmt: skip

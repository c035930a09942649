"""The table that every format writes: the schema's columns, licence, attribution and date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from atlas.geo import COORDINATE_DECIMALS, WGS84, points_from_lonlat
from atlas.schema import COLUMNS, NAMES
from atlas.schema.contributions import COLUMN as CONTRIBUTIONS
from atlas.schema.contributions import contributors

if TYPE_CHECKING:
    from atlas.provenance import Registry
    from atlas.store import Atlas
    from atlas.vocabulary import Language

EXTRA_COLUMNS: Final = ("coordinate_licence", "attribution", "data_as_of", CONTRIBUTIONS)
"""
Columns behind those of the schema; ``licence`` is the row's without its coordinate, the
contributions (JSON) tell which sources a merged row comes from.
"""

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")
_GUARD: Final = "'"


def guard(text: str) -> str:
    """
    Return ``text`` so that no spreadsheet takes it for a formula.

    A text that begins with ``= + - @``, tab or line break (behind any number of
    apostrophes) gets one apostrophe in front; :func:`unguard` takes it away again.
    """
    return _GUARD + text if _FORMULA.match(text) else text


def guarded(column: pd.Series) -> pd.Series:
    """
    Return a column of texts with :func:`guard` applied to each; missing ones stay missing.

    Returns
    -------
    column
        n rows, index and order of ``column``; new where anything had to be guarded.
    """
    texts = column.astype("str")
    risky = texts.str.match(_FORMULA.pattern, na=False)
    return texts.mask(risky, _GUARD + texts) if risky.any() else texts


def unguard(text: str) -> str:
    """Return the text that :func:`guard` was given."""
    is_guarded = text.startswith(_GUARD) and _FORMULA.match(text)
    return text[1:] if is_guarded else text


def coordinate_licences(spaces: pd.DataFrame, registry: Registry) -> pd.Series:
    """Return the licence of each coordinate; missing where there is none."""
    names = spaces["coordinate_source"].dropna().unique()
    licences = {name: registry.licence_of(name) for name in names}
    return spaces["coordinate_source"].map(licences).astype("str")


def export_table(spaces: gpd.GeoDataFrame, atlas: Atlas, language: Language) -> gpd.GeoDataFrame:
    """
    Return the table as it is published, with attributions in ``language``.

    Returns
    -------
    table
        Points in EPSG:4326 with at most five decimals, ``None`` without coordinate;
        columns of the schema and `EXTRA_COLUMNS`; n rows and order of ``spaces``,
        RangeIndex.
    """
    chosen = pd.DataFrame(spaces).reindex(columns=[*NAMES, CONTRIBUTIONS]).reset_index(drop=True)
    degrees = chosen[["lat", "lon"]].round(COORDINATE_DECIMALS)
    table = chosen.assign(
        **degrees,
        coordinate_licence=coordinate_licences(chosen, atlas.registry),
        attribution=_attributions(chosen, atlas.registry, language),
        data_as_of=pd.Series(atlas.retrieved_on.isoformat(), index=chosen.index, dtype="str"),
    )
    table = table[[*NAMES, *EXTRA_COLUMNS]].astype({CONTRIBUTIONS: "str"})
    points = points_from_lonlat(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84)


def _attributions(spaces: pd.DataFrame, registry: Registry, language: Language) -> pd.Series:
    used = [
        (*dict.fromkeys(source for source, _ref in keys), coordinate)
        for keys, coordinate in zip(contributors(spaces), spaces["coordinate_source"], strict=True)
    ]
    sentences = {sources: "; ".join(registry.attributions(sources, language))
                 for sources in set(used)}  # fmt: skip
    return pd.Series([sentences[sources] for sources in used], index=spaces.index, dtype="str")


TEXT_COLUMNS: Final = (
    *(column.name for column in COLUMNS
      if column.dtype not in ("number", "integer", "boolean")),
    *EXTRA_COLUMNS,
)  # fmt: skip
"""Columns that hold text, whatever it looks like."""

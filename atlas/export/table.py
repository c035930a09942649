"""The table that every format writes: the schema's columns, licence, attribution and date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from atlas.geo import COORDINATE_DECIMALS, WGS84, points_from_lonlat
from atlas.provenance import SHARE_ALIKE
from atlas.schema import COLUMNS, NAMES
from atlas.schema.place import COORDINATE_COLUMNS

if TYPE_CHECKING:
    from atlas.provenance import Registry
    from atlas.store import Atlas

EXTRA_COLUMNS: Final = ("coordinate_licence", "attribution", "data_as_of")
"""Columns behind those of the schema; ``licence`` is the row's without its coordinate."""

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


def unguard(text: str) -> str:
    """Return the text that :func:`guard` was given."""
    is_guarded = text.startswith(_GUARD) and _FORMULA.match(text)
    return text[1:] if is_guarded else text


def open_part(spaces: gpd.GeoDataFrame, registry: Registry) -> gpd.GeoDataFrame:
    """
    Leave out what is under a share-alike licence (ODbL), so that the rest is CC BY 4.0 or freer.

    Parameters
    ----------
    spaces
        Points in EPSG:4326; columns of `atlas.store.load`.

    Returns
    -------
    open
        Copy without the rows under such a licence; where only the coordinate is, its
        columns, ``x``, ``y`` and the point are missing. Index and order kept, the
        number of rows may fall.
    """
    rows = spaces[~spaces["licence"].isin(SHARE_ALIKE)].copy()
    bound = coordinate_licences(rows, registry).isin(SHARE_ALIKE)
    columns = [*COORDINATE_COLUMNS, "x", "y"]
    cleared = rows[columns].mask(bound)
    return rows.assign(**cleared, geometry=rows.geometry.where(~bound, None))


def coordinate_licences(spaces: pd.DataFrame, registry: Registry) -> pd.Series:
    """Return the licence of each coordinate; missing where there is none."""
    names = spaces["coordinate_source"].dropna().unique()
    licences = {name: registry.licence_of(name) for name in names}
    return spaces["coordinate_source"].map(licences).astype("str")


def export_table(spaces: gpd.GeoDataFrame, atlas: Atlas) -> gpd.GeoDataFrame:
    """
    Return the table as it is published.

    Returns
    -------
    table
        Points in EPSG:4326 with at most five decimals, ``None`` without coordinate;
        columns of the schema and `EXTRA_COLUMNS`; n rows and order of ``spaces``,
        RangeIndex.
    """
    chosen = pd.DataFrame(spaces)[list(NAMES)].reset_index(drop=True)
    degrees = chosen[["lat", "lon"]].round(COORDINATE_DECIMALS)
    table = chosen.assign(
        **degrees,
        coordinate_licence=coordinate_licences(chosen, atlas.registry),
        attribution=_attributions(chosen, atlas.registry),
        data_as_of=pd.Series(atlas.retrieved_on.isoformat(), index=chosen.index, dtype="str"),
    )
    points = points_from_lonlat(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84)


def _attributions(spaces: pd.DataFrame, registry: Registry) -> pd.Series:
    used = spaces[["source", "coordinate_source"]]
    sentences = {
        sources: "; ".join(registry.attributions(sources))
        for sources in used.drop_duplicates().itertuples(index=False, name=None)
    }
    pairs = zip(used["source"], used["coordinate_source"], strict=True)
    return pd.Series([sentences[pair] for pair in pairs], index=spaces.index, dtype="str")


TEXT_COLUMNS: Final = (
    *(column.name for column in COLUMNS
      if column.dtype not in ("number", "integer", "boolean")),
    *EXTRA_COLUMNS,
)  # fmt: skip
"""Columns that hold text, whatever it looks like."""

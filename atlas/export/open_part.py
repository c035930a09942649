"""The part of a selection that nobody has to share alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.export.table import coordinate_licences
from atlas.provenance import SHARE_ALIKE
from atlas.schema.contributions import COLUMN, Contribution, read
from atlas.schema.place import COORDINATE_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.provenance import Registry

_UNSAID: Final = {"vacancy": "unknown", "availability": "unknown", "confidence": "inferred"}
"""What a column that every row needs says when nobody says anything."""
_UNION: Final = "same_as"
"""The keys of all contributors: nothing says which of them gave which."""
_DERIVED: Final = ("x", "y", "located_ags")
"""What the table has from the coordinate."""


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
        Copy without the rows that are under such a licence themselves. A row that was
        merged is under the licence of its own record, and loses the values that came from
        share-alike records; where that takes its municipality, the row is left out. Where
        only the coordinate is bound, its columns, ``x``, ``y`` and the point are missing.
        Index and order kept, the number of rows may fall; every row keeps the rules of
        the schema.
    """
    freed = _freed(spaces)
    placed = freed["municipality"].notna() & freed["ags"].notna()
    rows = freed[~freed["licence"].isin(SHARE_ALIKE) & placed].copy()
    bound = coordinate_licences(rows, registry).isin(SHARE_ALIKE) | rows["lat"].isna()
    columns = [*COORDINATE_COLUMNS, *(name for name in _DERIVED if name in rows)]
    cleared = rows[columns].mask(bound)
    return rows.assign(**cleared, geometry=rows.geometry.where(~bound, None))


def _freed(spaces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows without what share-alike contributors gave to a row of somebody else."""
    if COLUMN not in spaces:
        return spaces
    entries = spaces.loc[_touched(spaces[COLUMN]), COLUMN].map(read)
    licences = _own_licences(spaces, entries)
    entries = entries[~licences.isin(SHARE_ALIKE)]
    lost = entries.map(_lost)
    changed = {
        name: spaces[name].mask(
            spaces.index.isin([at for at in lost.index if name in lost[at]]), _unsaid(spaces, name)
        )
        for name in sorted(set().union(*lost) & set(spaces.columns))
    }
    if "observed_on" in changed and "observed_day" in spaces:
        changed["observed_day"] = spaces["observed_day"].mask(changed["observed_on"].isna())
    kept = spaces[COLUMN].copy()
    kept.loc[entries.index] = entries.map(_without_bound)
    licence = spaces["licence"].copy()
    licence.loc[licences.index] = licences
    return spaces.assign(**changed, licence=licence, **{COLUMN: kept})


def _touched(cells: pd.Series) -> pd.Series:
    """Return the rows that may have a share-alike contributor, without reading the JSON."""
    named = [cells.str.contains(licence, regex=False, na=False) for licence in SHARE_ALIKE]
    return pd.concat(named, axis=1).any(axis=1)


def _own_licences(spaces: pd.DataFrame, entries: pd.Series) -> pd.Series:
    """Return the licence of the record that each row is named after."""
    rows = spaces.loc[entries.index, ["source", "source_ref", "licence"]]
    licences = [
        next((entry["licence"] for entry in given
              if (entry["source"], entry["source_ref"]) == (source, ref)), licence)
        for given, (source, ref, licence) in zip(
            entries, rows.itertuples(index=False, name=None), strict=True
        )
    ]  # fmt: skip
    return pd.Series(licences, index=entries.index, dtype="str")


def _unsaid(spaces: pd.DataFrame, name: str) -> object:
    """Return what a column says when nobody says anything."""
    unsaid = _UNSAID.get(name, np.nan)
    if name != "vacancy":
        return unsaid
    # A quarter has no vacancy of its own: that follows from what it is.
    return spaces["kind"].eq("creative_quarter").map({True: "not_applicable", False: unsaid})


def _lost(entries: list[Contribution]) -> set[str]:
    """Return the columns that only share-alike contributors gave, and any list they added to."""
    bound = _fields(entries, share_alike=True)
    return bound - (_fields(entries, share_alike=False) - {_UNION})


def _fields(entries: list[Contribution], *, share_alike: bool) -> set[str]:
    chosen = (entry for entry in entries if (entry["licence"] in SHARE_ALIKE) is share_alike)
    return {name for entry in chosen for name in entry["fields"]}


def _without_bound(entries: list[Contribution]) -> str:
    free = [entry for entry in entries if entry["licence"] not in SHARE_ALIKE]
    return json.dumps(free, ensure_ascii=False)

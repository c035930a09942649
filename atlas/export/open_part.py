"""The part of a selection that nobody has to share alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np

from atlas.export.table import coordinate_licences
from atlas.provenance import SHARE_ALIKE
from atlas.schema.contributions import COLUMN, Contribution, read
from atlas.schema.place import COORDINATE_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.provenance import Registry

_UNSAID: Final = {"vacancy": "unknown", "availability": "unknown", "confidence": "inferred"}
"""What a column that every row needs says when nobody says anything."""


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
        Copy without the rows of such sources. A row that was merged with one of them loses
        the values that came from it; where only the coordinate is bound, its columns, ``x``,
        ``y`` and the point are missing. Index and order kept, the number of rows may fall.
    """
    freed = _freed(spaces, registry)
    rows = freed[~freed["licence"].isin(SHARE_ALIKE)].copy()
    bound = coordinate_licences(rows, registry).isin(SHARE_ALIKE)
    columns = [*COORDINATE_COLUMNS, "x", "y"]
    cleared = rows[columns].mask(bound)
    return rows.assign(**cleared, geometry=rows.geometry.where(~bound, None))


def _freed(spaces: gpd.GeoDataFrame, registry: Registry) -> gpd.GeoDataFrame:
    """Return the rows without what share-alike contributors gave to a row of somebody else."""
    if COLUMN not in spaces:
        return spaces
    own = spaces["source"].map(registry.licence_of)
    merged = spaces["licence"].isin(SHARE_ALIKE) & ~own.isin(SHARE_ALIKE) & spaces[COLUMN].notna()
    entries = spaces.loc[merged, COLUMN].map(read)
    bound = entries.map(lambda given: _fields(given, share_alike=True))
    free = entries.map(lambda given: _fields(given, share_alike=False))
    changed = {}
    for name in sorted(set().union(*bound) & set(spaces.columns)):
        rows = [at for at in bound.index if name in bound[at] and name not in free[at]]
        column = spaces[name].copy()
        column.loc[rows] = _UNSAID.get(name, np.nan)
        changed[name] = column
    licences = spaces["licence"].mask(merged, own)
    kept = spaces[COLUMN].copy()
    kept.loc[merged] = entries.map(_without_bound)
    return spaces.assign(**changed, licence=licences, **{COLUMN: kept})


def _fields(entries: list[Contribution], *, share_alike: bool) -> set[str]:
    chosen = (entry for entry in entries if (entry["licence"] in SHARE_ALIKE) is share_alike)
    return {name for entry in chosen for name in entry["fields"]}


def _without_bound(entries: list[Contribution]) -> str:
    free = [entry for entry in entries if entry["licence"] not in SHARE_ALIKE]
    return json.dumps(free, ensure_ascii=False)

"""
One file per licence, so that what may be mixed freely never sticks to what may not.

Every value goes into the file of its own licence: a row into that of the row, its
coordinate into that of the coordinate. What is in the public domain may stand in any
file. Put together by ``space_id`` the files are the table again, see :func:`joined`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from atlas.export.open_part import open_part
from atlas.export.table import coordinate_licences
from atlas.geo import points_from_lonlat
from atlas.provenance import SHARE_ALIKE
from atlas.schema.columns import NAMES
from atlas.schema.contributions import COLUMN
from atlas.schema.place import COORDINATE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.provenance import Registry

PUBLIC_DOMAIN: Final = frozenset({"CC0-1.0", "dl-de/zero-2-0"})
"""Licences that ask for nothing: their values may stand in a file under any other."""
KEY: Final = "space_id"
_COLUMNS: Final = (*NAMES, COLUMN)
_LOCATION: Final = [KEY, *COORDINATE_COLUMNS]


def per_licence(spaces: gpd.GeoDataFrame, registry: Registry) -> dict[str, gpd.GeoDataFrame]:
    """
    Split a selection by the licence of its values.

    Parameters
    ----------
    spaces
        Points in EPSG:4326; columns of `atlas.store.load`.

    Returns
    -------
    parts
        Rows per SPDX identifier, share-alike last; columns of the schema, contributions
        and the point (EPSG:4326). A part has the rows under its licence, with their
        coordinate where that is under it or in the public domain; and of rows whose home
        is another part only the key and the values that stand under its licence, above
        all the coordinate. A row that is share-alike as a whole stands in that part as it
        is, and what of it is free in the part of its own record. Index and order of
        ``spaces``; no part has a row twice or is empty.
    """
    table = pd.DataFrame(spaces).reindex(columns=list(_COLUMNS))
    free = pd.DataFrame(open_part(spaces, registry)).reindex(columns=list(_COLUMNS))
    is_bound = table["licence"].isin(SHARE_ALIKE)
    bound = table[is_bound]
    located = pd.concat([free, bound[~bound.index.isin(free.index)]])
    located = located[located["lat"].notna()]
    found = [*_homes(free, located, registry), *_homes(bound, located, registry)]
    found += _elsewhere(located, found, registry)
    # One licence is share-alike; a second one would need a rule which of them binds.
    found += [(licence, _bound_values(table[~is_bound], free)) for licence in SHARE_ALIKE]
    parts: dict[str, list[pd.DataFrame]] = {}
    for licence, rows in found:
        if len(rows):
            parts.setdefault(licence, []).append(rows)
    order = sorted(parts, key=lambda name: (name in SHARE_ALIKE, name))
    types = table.dtypes.to_dict()
    return {name: _with_points(pd.concat(parts[name]).astype(types).sort_index()) for name in order}


def joined(parts: Mapping[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """
    Put the parts of a table together again.

    Returns
    -------
    table
        Columns of the schema and contributions, one row per ``space_id``, sorted by it.
        Where two parts state a value, the share-alike one counts: it is what the table
        says, the other what is left of it without share-alike sources.
    """
    order = sorted(parts, key=lambda name: name not in SHARE_ALIKE)
    rows = pd.concat([pd.DataFrame(parts[name])[list(_COLUMNS)] for name in order])
    return rows.groupby(KEY).first().reset_index()[list(_COLUMNS)]


def _homes(
    rows: pd.DataFrame, located: pd.DataFrame, registry: Registry
) -> list[tuple[str, pd.DataFrame]]:
    """Return rows by their licence, without the coordinates that another part can give."""
    licences = coordinate_licences(rows, registry)
    fits = (licences == rows["licence"]) | licences.isin(PUBLIC_DOMAIN)
    fits |= ~rows.index.isin(located.index)
    columns = list(COORDINATE_COLUMNS)
    kept = rows.assign(**rows[columns].where(fits))
    return [(str(licence), home) for licence, home in kept.groupby("licence")]


def _elsewhere(
    located: pd.DataFrame, homes: list[tuple[str, pd.DataFrame]], registry: Registry
) -> list[tuple[str, pd.DataFrame]]:
    """Return key and coordinate of the rows whose home is under another licence."""
    placed = [rows.index[rows["lat"].notna()] for _, rows in homes]
    rows = located[~located.index.isin([at for index in placed for at in index])]
    licences = coordinate_licences(rows, registry)
    points = rows[_LOCATION].reindex(columns=list(_COLUMNS))
    return [(str(licence), found) for licence, found in points.groupby(licences)]


def _bound_values(rows: pd.DataFrame, free: pd.DataFrame) -> pd.DataFrame:
    """Return key and values of rows that their free part is without."""
    left = free.reindex(rows.index)
    same = (rows == left).fillna(value=False).astype(bool) | (rows.isna() & left.isna())
    lost = rows[~same.all(axis=1)]
    return lost.mask(same.loc[lost.index]).assign(**{KEY: lost[KEY]})


def _with_points(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=points_from_lonlat(rows["lon"], rows["lat"]))

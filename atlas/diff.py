"""What changed between two tables: appeared, vanished, merged, moved, renamed, vacancy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from atlas import store, stored
from atlas import vocabulary as v
from atlas.geo import COORDINATE_DECIMALS
from atlas.schema import earliest_day
from atlas.schema.contributions import contributors
from atlas.vocabulary import CHANGES

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import geopandas as gpd

MOVED_M: Final = 25.0
"""A place that lies further from where it lay has moved; nearer is rounding or a better pin."""

CHANGE_COLUMNS: Final = (
    "change", "space_id", "name", "municipality", "before", "after", "distance_m", "lat", "lon",
)  # fmt: skip


@dataclass(frozen=True)
class Since:
    """
    What changed since the table before.

    Attributes
    ----------
    version
        The version of that table, see `atlas.stored.Stored`.
    read_on
        Newest day on which one of its sources was read.
    changes
        From `diff`.
    """

    version: str
    read_on: dt.date
    changes: pd.DataFrame

    def of(self, municipality: str) -> pd.DataFrame:
        """Return the changes in a municipality (its name), RangeIndex."""
        found = self.changes["municipality"] == municipality
        return self.changes[found].reset_index(drop=True)

    def by_municipality(self) -> pd.DataFrame:
        """Count changes per municipality (name, index) and kind of change (columns)."""
        counts = pd.crosstab(self.changes["municipality"], self.changes["change"])
        return counts.reindex(columns=list(CHANGES)).fillna(0).astype("int64")


def since_previous(folder: Path, atlas: store.Atlas) -> Since | None:
    """
    Compare the table with the version that was stored before it.

    Parameters
    ----------
    folder
        Of the stored tables.
    atlas
        The table that counts now.

    Returns
    -------
    since
        ``None`` where only one table exists: nothing was built, or nothing before that.

    Raises
    ------
    SourceFormatError
        If the earlier version is damaged.
    """
    before = stored.find(folder, "previous")
    if before is None or atlas.built is None:
        return None
    rows = pd.DataFrame(before.spaces().drop(columns="geometry"))
    old = store.derive(rows, atlas.municipalities)
    read_on = earliest_day(rows["retrieved_on"]).max().date()
    return Since(before.version, read_on, diff(old, atlas.spaces))


def diff(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Compare two tables by ``space_id``.

    Parameters
    ----------
    old, new
        Columns of the schema, ``x`` and ``y`` (EPSG:25832), perhaps ``contributions``.

    Returns
    -------
    changes
        One row per change, a place may have several; `CHANGE_COLUMNS`, ``distance_m``
        in metres where something moved, the location after the change (before it, for
        what vanished). Ordered as `CHANGES`, then by municipality, name and key.
    """
    before, after = old.set_index("space_id"), new.set_index("space_id")
    both = before.index.intersection(after.index)
    went = _merged_into(before.loc[before.index.difference(both)], new)
    found = [
        _listed("appeared", after.loc[after.index.difference(both)]),
        _listed("vanished", before.loc[before.index.difference(both).difference(went.index)]),
        _listed("merged", before.loc[went.index], before=went.index.to_series(), after=went),
        *_of_both(before.loc[both], after.loc[both]),
    ]
    changes = pd.concat([part for part in found if len(part)] or [_listed("appeared", after[:0])])
    rank = changes["change"].map({code: place for place, code in enumerate(CHANGES)})
    by = ["rank", "municipality", "name", "space_id"]
    ordered = changes.assign(rank=rank).sort_values(by, kind="stable", ignore_index=True)
    return ordered[list(CHANGE_COLUMNS)]


def _of_both(before: pd.DataFrame, after: pd.DataFrame) -> list[pd.DataFrame]:
    found = []
    for change, column in (("renamed", "name"), ("vacancy", "vacancy")):
        was, now = before[column], after[column]
        rows = was.ne(now)
        found.append(_listed(change, after[rows], before=was[rows], after=now[rows]))
    east, north = after["x"] - before["x"], after["y"] - before["y"]
    distance = (east**2 + north**2) ** 0.5
    moved = distance > MOVED_M
    found.append(_listed("moved", after[moved], distance_m=distance[moved].round(0)))
    gained = before["x"].isna() & after["x"].notna()
    lost = before["x"].notna() & after["x"].isna()
    return [*found, _listed("located", after[gained]), _listed("unlocated", before[lost])]


def _merged_into(gone: pd.DataFrame, new: pd.DataFrame) -> pd.Series:
    """Return, for each row that went into another one, the key of that one."""
    owner = {key: space_id
             for space_id, keys in zip(new["space_id"], contributors(new), strict=True)
             for key in keys}  # fmt: skip
    keys = zip(gone["source"], gone["source_ref"], strict=True)
    into = pd.Series([owner.get(key) for key in keys], index=gone.index, dtype="str")
    return into.dropna()


def _listed(change: str, rows: pd.DataFrame, **cells: pd.Series) -> pd.DataFrame:
    listed = rows.reset_index()[["space_id", "name", "municipality", "lat", "lon"]]
    given = {name: cells[name].to_numpy() for name in cells}
    texts = {name: pd.Series(given.get(name), index=listed.index, dtype="str")
             for name in ("before", "after")}  # fmt: skip
    distance = pd.Series(given.get("distance_m", np.nan), index=listed.index, dtype="float64")
    return listed.assign(change=change, **texts, distance_m=distance)


def summary(changes: pd.DataFrame) -> dict[str, int]:
    """Return the number of changes of each kind, 0 included."""
    counts = changes["change"].value_counts()
    return {code: int(counts.get(code, 0)) for code in CHANGES}


def to_json(changes: pd.DataFrame, *, old: str, new: str) -> str:
    """Return the changes as JSON with their sums; ``old`` and ``new`` name the tables."""
    content = {"old": old, "new": new, "summary": summary(changes), "changes": _records(changes)}
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_geojson(changes: pd.DataFrame, *, old: str, new: str) -> str:
    """Return the changes as GeoJSON (RFC 7946): a point per change, none without location."""
    features = [
        {"type": "Feature", "geometry": _point(record), "properties": record}
        for record in _records(changes)
    ]
    head = {"type": "FeatureCollection", "name": "changes", "old": old, "new": new}
    return json.dumps({**head, "features": features}, ensure_ascii=False, allow_nan=False) + "\n"


def _records(changes: pd.DataFrame) -> list[dict[str, Any]]:
    plain = changes.astype(object).where(changes.notna(), None)
    return [{str(key): value for key, value in record.items()}
            for record in plain.to_dict("records")]  # fmt: skip


def _point(record: dict[str, Any]) -> dict[str, Any] | None:
    lon, lat = record.pop("lon"), record.pop("lat")
    if lat is None or lon is None:
        return None
    degrees = [round(lon, COORDINATE_DECIMALS), round(lat, COORDINATE_DECIMALS)]
    return {"type": "Point", "coordinates": degrees}


def shown(changes: pd.DataFrame, language: v.Language) -> pd.DataFrame:
    """Return the changes with labels instead of codes, for people; same rows and order."""
    is_state = changes["change"] == "vacancy"
    labels = {code: term.label(language) for code, term in v.VACANCY.items()}
    states = changes[["before", "after"]].apply(lambda cells: cells.map(labels).fillna(cells))
    texts = changes[["before", "after"]].where(~is_state, states)
    kinds = changes["change"].map({code: term.label(language) for code, term in CHANGES.items()})
    return changes.assign(**texts, change=kinds)

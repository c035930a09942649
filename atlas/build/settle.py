"""Which municipality the rows of a source belong to, and the rows that belong to none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.geo import points_from_lonlat
from atlas.schema import Fault
from atlas.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# "Mülheim/Ruhr", "Wetter (Ruhr)", "Haltern a. See": what follows the name is left out.
_TAIL: Final = r"\s*(?:[(/,]| an d| am\b| a\.).*$"
_STATUS: Final = r"(?i)^(?:stadt|gemeinde|kreisfreie stadt|hansestadt)\s+"


def name_towns(cells: pd.DataFrame, municipalities: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Write key and official name where the source states one of them, however it writes it.

    Parameters
    ----------
    cells
        Columns of the schema as text, see `atlas.schema.Intake`.
    municipalities
        Columns ``ags`` and ``name``.

    Returns
    -------
    named
        n rows, same index and order. A key that is none of the region's stays as it is:
        such a row lies outside, whatever else it says.
    """
    names = _names(municipalities)
    by_name = cells["municipality"].map(_by_name(cells["municipality"], names)).astype("str")
    ags = cells["ags"].fillna(by_name)
    official = ags.map(names).astype("str")
    return cells.assign(ags=ags, municipality=official.fillna(cells["municipality"]))


def settle(
    cells: pd.DataFrame,
    municipalities: gpd.GeoDataFrame,
    *,
    locate: Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame], gpd.GeoDataFrame],
) -> tuple[pd.DataFrame, list[Fault]]:
    """
    Find the municipality of the other rows by location; set aside what lies outside.

    What a source states counts before its coordinate; whether they agree is a rule of
    the schema, checked afterwards.

    Parameters
    ----------
    cells
        From `name_towns`, perhaps with more coordinates.
    municipalities
        Polygons, EPSG:4326; columns ``ags`` and ``name``.
    locate
        As `atlas.locate.assign_municipality`.

    Returns
    -------
    settled
        The rows with ``ags`` and the official ``municipality``; order kept.
    faults
        One for each other row: outside the region, or without any place.
    """
    names = _names(municipalities)
    ags = cells["ags"].fillna(locate(_points(cells), municipalities)["ags"])
    gone = ~ags.isin(list(names))
    settled = cells.assign(ags=ags, municipality=ags.map(names).astype("str"))
    return settled[~gone], _faults(cells[gone])


def _names(municipalities: gpd.GeoDataFrame) -> dict[str, str]:
    return dict(zip(municipalities["ags"], municipalities["name"], strict=True))


def _points(cells: pd.DataFrame) -> gpd.GeoDataFrame:
    lon, lat = (pd.to_numeric(cells[name], errors="coerce") for name in ("lon", "lat"))
    return gpd.GeoDataFrame(geometry=points_from_lonlat(lon.astype(float), lat.astype(float)))


def _by_name(given: pd.Series, names: dict[str, str]) -> dict[str, str]:
    """Return the key of each name that is one of the region's, however it is written."""
    distinct = pd.Series(given.dropna().unique(), dtype="str")
    plain = distinct.str.replace(_STATUS, "", regex=True)
    official = {fold(name): ags for ags, name in names.items()}
    short = {fold(name): ags for ags, name in zip(names, _cut(names.values()), strict=True)}
    keys = [official.get(fold(name)) or short.get(fold(cut))
            for name, cut in zip(plain, _cut(plain), strict=True)]  # fmt: skip
    return {name: key for name, key in zip(distinct, keys, strict=True) if key}


def _cut(names: Iterable[str]) -> list[str]:
    return list(pd.Series(list(names), dtype="str").str.replace(_TAIL, "", regex=True))


def _faults(rows: pd.DataFrame) -> list[Fault]:
    has_place = rows[["ags", "municipality", "lat"]].notna().any(axis=1)
    values = (
        rows["municipality"].fillna(rows["ags"]).fillna(rows["lat"].str.cat(rows["lon"], sep=", "))
    )
    names = rows["name"].fillna(rows["source_ref"])
    cells = zip(rows.index, names, values.replace({np.nan: ""}), has_place, strict=True)
    return [
        Fault(row=int(row), code="outside" if placed else "no_place", name=str(name),
              column="municipality", value=str(value))
        for row, name, value, placed in cells
    ]  # fmt: skip

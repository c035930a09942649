"""
The base map as the browser gets it, from ``data/geo``: areas, waters, names, stops.

Rings and lines are whole numbers (degrees times 100,000), each vertex as the step from
the one before. A layer whose file is missing is left out: the map works without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.geo import WGS84

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from atlas.store import Atlas

RIVERS_FILE: Final = "geo/rivers.geojson"
BUILT_FILE: Final = "geo/settlement.geojson"
LABELS_FILE: Final = "geo/labels.geojson"
STATIONS_FILE: Final = "geo/stations.geojson"
PLACES_FILE: Final = "geo/gazetteer.tsv"
_DEGREES: Final = 100_000
_WIDTHS: Final = {"Rhein": 5.0, "Ruhr": 2.2, "Lippe": 2.0}
"""Width of a water in the overview, in pixels; the others are streams and canals."""
_OTHER_WIDTH: Final = 1.2
_LABEL_ZOOMS: Final = {1: 7.0, 2: 8.25, 3: 8.75, 4: 9.5}
"""Zoom from which a town of this rank is named; towns of one rank still avoid each other."""
_LOCALITY_ZOOM: Final = 12.0
_STATION_ZOOMS: Final = {1: 12.0, 2: 13.0}
_STOP_ZOOM: Final = 13.5


def ground_payload(atlas: Atlas, data_dir: Path) -> dict[str, Any]:
    """
    Return the base map, ready for JSON.

    Parameters
    ----------
    atlas
        For its municipalities and districts (polygons, EPSG:4326).
    data_dir
        Folder with ``geo/``; waters, built-up areas, names and stations are read from there.
    """
    return {
        "version": atlas.version,
        "municipalities": _areas(atlas.municipalities.geometry),
        "districts": _areas(atlas.districts.geometry),
        "built": _areas(_read(data_dir / BUILT_FILE).geometry),
        "waters": _waters(_read(data_dir / RIVERS_FILE)),
        "labels": _labels(_read(data_dir / LABELS_FILE)),
        "stations": _stations(_read(data_dir / STATIONS_FILE)),
    }


def _read(path: Path) -> gpd.GeoDataFrame:
    """Return the layer in EPSG:4326, empty if there is no such file."""
    if not path.is_file():
        return gpd.GeoDataFrame({"geometry": []}, crs=WGS84)
    return gpd.read_file(path).to_crs(WGS84)


def stops_payload(data_dir: Path) -> dict[str, Any]:
    """
    Return the names and places of all stops; the browser asks for them close up only.

    A name is that of the stop without its town: mostly the street or square it lies on.
    """
    places = _read_places(data_dir / PLACES_FILE)
    stops = places[places["kind"] == "stop"]
    return {
        "name": [name.split(",")[0] for name in stops["name"]],
        "at": steps(stops[["lon", "lat"]].to_numpy(dtype=float)),
    }


def steps(line: npt.NDArray[np.float64]) -> list[int]:
    """
    Return x, y of the first vertex and then the step to each next one.

    Parameters
    ----------
    line
        n x 2 degrees (EPSG:4326).

    Returns
    -------
    steps
        2 n whole numbers: degrees times 100,000.
    """
    whole = np.rint(line * _DEGREES).astype(np.int64)
    found: list[int] = (
        np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()
    )
    return found


def _areas(polygons: gpd.GeoSeries) -> list[dict[str, Any]]:
    found = []
    for polygon in polygons:
        lines = [part.exterior for part in shapely.get_parts(polygon)]
        # The last vertex repeats the first; the browser closes the ring itself.
        found.append({"parts": [steps(shapely.get_coordinates(line)[:-1]) for line in lines]})
    return found


def _waters(waters: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    found = []
    for name, line in zip(waters.get("name", []), waters.geometry, strict=True):
        parts = [steps(shapely.get_coordinates(part)) for part in shapely.get_parts(line)]
        found.append({"name": name, "width": _WIDTHS.get(name, _OTHER_WIDTH), "parts": parts})
    return found


def _labels(labels: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.kind, "name": row.name, "rank": int(row.rank),
            "from": _LABEL_ZOOMS.get(row.rank, _LOCALITY_ZOOM) if row.kind == "municipality"
            else _LOCALITY_ZOOM,
            "at": _at(row.geometry.x, row.geometry.y),
        }
        for row in labels.itertuples(index=False)
    ]  # fmt: skip


def _stations(stations: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name, "rank": int(row.importance),
            "from": _STATION_ZOOMS.get(row.importance, _STOP_ZOOM),
            "at": _at(row.geometry.x, row.geometry.y),
        }
        for row in stations.itertuples(index=False)
    ]  # fmt: skip


def _at(lon: float, lat: float) -> list[int]:
    return [round(lon * _DEGREES), round(lat * _DEGREES)]


def _read_places(path: Path) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame({"name": [], "kind": [], "lat": [], "lon": []}).astype({"name": "str"})
    return pd.read_csv(path, sep="\t", usecols=["name", "kind", "lat", "lon"], quoting=3)

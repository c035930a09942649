"""A region of square towns and tables of spaces in it, in EPSG:25832: for the analyses."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from atlas.geo import UTM32

WEST, SOUTH = 360_000, 5_700_000
TOWN_M = 4_000
TOWNS_ACROSS = 6


def region(across: int = TOWNS_ACROSS) -> gpd.GeoDataFrame:
    """Return across x across square towns of 16 km²."""
    cells = [(column, row) for row in range(across) for column in range(across)]
    corners = [(WEST + column * TOWN_M, SOUTH + row * TOWN_M) for column, row in cells]
    return gpd.GeoDataFrame(
        {
            "ags": [f"05{number:06d}" for number in range(len(cells))],
            "name": [f"Ort {number}" for number in range(len(cells))],
        },
        geometry=[box(x, y, x + TOWN_M, y + TOWN_M) for x, y in corners],
        crs=UTM32,
    )


REGION = region()
WIDTH = TOWNS_ACROSS * TOWN_M


def table(
    xy: np.ndarray,
    *,
    kind: str = "creative_site",
    vacancy: str | np.ndarray = "in_use",
    uncertainty_m: float = 25,
    prefix: str = "s",
) -> gpd.GeoDataFrame:
    """Return one row per point; the key is that of the town the point lies in."""
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    column = ((xy[:, 0] - WEST) // TOWN_M).astype(int)
    row = ((xy[:, 1] - SOUTH) // TOWN_M).astype(int)
    return gpd.GeoDataFrame(
        {
            "space_id": [f"{prefix}{number:06d}" for number in range(len(xy))],
            "ags": [f"05{number:06d}" for number in row * TOWNS_ACROSS + column],
            "kind": pd.Series([kind] * len(xy), dtype="str"),
            "vacancy": pd.Series(np.broadcast_to(vacancy, len(xy)), dtype="str"),
            "coordinate_uncertainty_m": pd.Series([float(uncertainty_m)] * len(xy)),
        },
        geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]),
        crs=UTM32,
    )


def joined(*tables: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=UTM32)


def anywhere(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return n points of complete spatial randomness, a metre inside the region."""
    return np.array([WEST, SOUTH]) + rng.uniform(1, WIDTH - 1, (n, 2))


def around(x: float, y: float, n: int, spread_m: float, rng: np.random.Generator) -> np.ndarray:
    """Return n points around (x, y), metres from the south-west corner of the region."""
    return np.array([WEST + x, SOUTH + y]) + rng.uniform(-spread_m, spread_m, (n, 2))

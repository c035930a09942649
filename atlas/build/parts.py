"""A table in parts: neighbours together, each part a GeoParquet file that a worker reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    Positions = npt.NDArray[np.int64]

ROW: Final = "row_of_table"
"""Column of a part: the position of the row in the whole table; ascending."""
_COVERING: Final = "bbox"  # for tools that read a map's section; nobody here needs it


@dataclass(frozen=True)
class Parts:
    """
    Where the rows of a table are.

    Attributes
    ----------
    paths
        One file per part.
    part_of
        The part of every row.
    """

    paths: tuple[Path, ...]
    part_of: Positions

    def __len__(self) -> int:
        return len(self.paths)


def write_parts(rows: gpd.GeoDataFrame, folder: Path, *, size: int) -> Parts:
    """
    Cut a table along the Hilbert curve.

    Parameters
    ----------
    rows
        Points, any CRS; a row without one lies with the others of its ``ags``, if there is
        that column.
    folder
        Empty, exists.
    size
        Rows of a part; the last ones may have one fewer.

    Returns
    -------
    parts
        Each with `ROW` and all columns, in the order of the table.
    """
    count = max(1, -(-len(rows) // size))
    numbered = rows.assign(**{ROW: np.arange(len(rows))})
    part_of = np.empty(len(rows), dtype=np.int64)
    paths = []
    for number, members in enumerate(np.array_split(along_the_curve(rows), count)):
        part_of[members] = number
        paths.append(folder / f"part-{number:05d}.parquet")
        numbered.iloc[np.sort(members)].to_parquet(
            paths[-1], index=False, schema_version="1.1.0", write_covering_bbox=True
        )
    return Parts(tuple(paths), part_of)


def along_the_curve(rows: gpd.GeoDataFrame) -> Positions:
    """Return the positions of the rows in the order of the Hilbert curve through them."""
    has_point = ~(rows.geometry.isna() | rows.geometry.is_empty)
    points = rows.geometry[has_point.to_numpy()]
    distance = pd.Series(np.nan, index=range(len(rows)))
    if len(points):
        distance[has_point.to_numpy()] = points.hilbert_distance().to_numpy(dtype=float)
    if "ags" in rows:
        towns = rows["ags"].set_axis(distance.index)
        distance = distance.fillna(distance.groupby(towns).transform("median"))
    return np.argsort(distance.fillna(0).to_numpy(), kind="stable")


def read_part(path: Path) -> gpd.GeoDataFrame:
    """Return a part as `write_parts` cut it: RangeIndex, column `ROW`."""
    return gpd.read_parquet(path).drop(columns=_COVERING, errors="ignore")

"""In which order the result is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from atlas.query.masks import squared_distance

if TYPE_CHECKING:
    import numpy.typing as npt

    from atlas.query.filters import Near

Order = Literal["name", "distance", "age", "size"]


def order(
    spaces: pd.DataFrame, mask: pd.Series, *, by: Order, near: Near | None = None
) -> list[int]:
    """
    Return the positions of the chosen rows in the order in which they are listed.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`; ``x`` and ``y`` in EPSG:25832.
    mask
        The chosen rows; same length and order as ``spaces``.
    by
        ``distance`` (nearest first; by name if there is no ``near``), ``age`` (newest
        first), ``size`` (largest first) or ``name``. Rows without the value come
        last; ties go by name, then by ``space_id``.

    Returns
    -------
    positions
        Row positions in ``spaces``, as many as ``mask`` has true values.
    """
    positions = np.flatnonzero(mask.to_numpy(dtype=bool))
    chosen = spaces.iloc[positions]
    keys = pa.table(
        {
            "value": pa.array(_values(chosen, by=by, near=near), from_pandas=True),
            "name": collation(chosen["name"]),
            "space_id": pa.array(chosen["space_id"], type=pa.string()),
        }
    )
    ascending = [(name, "ascending") for name in keys.column_names]  # missing values last
    ranked: list[int] = positions[pc.sort_indices(keys, sort_keys=ascending)].tolist()
    return ranked


def collation(names: pd.Series) -> pa.StringArray:
    """Return the texts by which names sort (DIN 5007-1): no case, ä as a, ß as ss, letters only."""
    lower = pc.utf8_normalize(pc.utf8_lower(pa.array(names, type=pa.string())), form="NFKD")
    letters = pc.replace_substring_regex(lower, r"\pM+", "")
    letters = pc.replace_substring(letters, "ß", "ss")
    return pc.utf8_trim(pc.replace_substring_regex(letters, r"[^\pL\pN]+", " "), " ")


def _values(chosen: pd.DataFrame, *, by: Order, near: Near | None) -> npt.NDArray[np.float64]:
    """Return the number to sort by, ascending; NaN where it is not known."""
    if by == "distance" and near is not None:
        return squared_distance(chosen, near)
    if by == "age":
        days = (chosen["observed_day"] - pd.Timestamp(0)).dt.days
        return -_floats(days)  # newest first
    if by == "size":
        return -_floats(chosen["area_m2"])
    return np.zeros(len(chosen))


def _floats(values: pd.Series) -> npt.NDArray[np.float64]:
    floats: npt.NDArray[np.float64] = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return floats


def nearest(spaces: pd.DataFrame, position: int, *, limit: int) -> list[tuple[int, float]]:
    """
    Return the spaces nearest to the one at ``position``.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`; ``x`` and ``y`` in EPSG:25832; RangeIndex.

    Returns
    -------
    neighbours
        Position and distance in metres, nearest first, at most ``limit``; none if the
        space itself has no coordinate.
    """
    if pd.isna(spaces["x"].iloc[position]):
        return []
    xy = spaces[["x", "y"]]
    metres = ((xy - xy.iloc[position]) ** 2).sum(axis=1, skipna=False) ** 0.5
    found = metres.drop(index=spaces.index[position]).dropna().nsmallest(limit)
    return [(int(row), float(value)) for row, value in found.items()]

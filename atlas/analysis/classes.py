"""
Classes of a figure for a choropleth: breaks of the whole table, and one class without figure.

Quantiles, so that every colour is on the map whatever the distribution; ties stay in
one class, and where there are few distinct figures each is a class of its own.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.analysis.extra import library

if TYPE_CHECKING:
    import numpy.typing as npt

K: Final = 5
"""Classes that an eye still tells apart on one scale of colour (Brewer and Pickle 2002)."""
NO_DATA: Final = -1
"""Number of the class of areas without a figure."""


@dataclass(frozen=True, slots=True)
class Classes:
    """
    Classes from low to high, numbered from 0.

    Attributes
    ----------
    lower, upper
        Smallest and largest figure of each class, both inside; empty without any figure.
    """

    lower: tuple[float, ...]
    upper: tuple[float, ...]

    @property
    def count(self) -> int:
        """Number of classes, the one without figure left out."""
        return len(self.upper)

    def of(self, values: pd.Series) -> pd.Series:
        """
        Return the class of each figure, also of figures that made no break.

        Returns
        -------
        classes
            Whole numbers, `NO_DATA` where the figure is missing; n rows, index and order
            of ``values``. Between two classes the upper one counts, outside the nearest.
        """
        given = values.to_numpy(dtype=float, na_value=np.nan)
        if not self.count:
            return pd.Series(NO_DATA, index=values.index)
        found = np.searchsorted(np.array(self.upper), given, side="left")
        inside = np.minimum(found, self.count - 1)
        return pd.Series(np.where(np.isnan(given), NO_DATA, inside), index=values.index)


def classes(values: pd.Series, *, k: int = K) -> Classes:
    """
    Find classes with about as many areas in each.

    Parameters
    ----------
    values
        The figure of every area of the whole table, never of a selection: the colour of
        an area may not change with what is shown beside it. Missing values are left out.
    k
        Most classes.

    Returns
    -------
    classes
        At most ``k``; fewer where figures are equal. The order of ``values`` changes nothing.
    """
    known = np.sort(values.to_numpy(dtype=float, na_value=np.nan))
    known = known[~np.isnan(known)]
    distinct = np.unique(known)
    if len(distinct) <= k:
        return Classes(tuple(distinct.tolist()), tuple(distinct.tolist()))
    members = _members(known, k)
    return Classes(
        lower=tuple(float(known[members == number].min()) for number in np.unique(members)),
        upper=tuple(float(known[members == number].max()) for number in np.unique(members)),
    )


def _members(known: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.intp]:
    """Return the number of the quantile that each figure falls into."""
    mapclassify = library("mapclassify")
    with warnings.catch_warnings():
        # Where ties make two bounds equal there are fewer classes, which is what we want.
        warnings.filterwarnings("ignore", "Not enough unique values", UserWarning)
        members: npt.NDArray[np.intp] = mapclassify.Quantiles(known, k=k).yb
    return members

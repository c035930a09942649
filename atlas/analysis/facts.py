"""What figures are computed from: the rows of each area; and how figures are written down."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas import vocabulary as v
from atlas.query.coverage import coverage

if TYPE_CHECKING:
    import datetime as dt

    import numpy.typing as npt

TYPE: Final = "type_"
"""What the code of a single type begins with: some are called as their group."""
TYPES: Final = tuple(f"{TYPE}{code}" for code in v.TYPES)
GROUPS: Final = ("", *v.KINDS, *v.TYPE_GROUPS, *TYPES)
"""What counts are split by: nothing, kind, type group, type."""
CREATIVE_GROUPS: Final = tuple(code for code in v.TYPE_GROUPS if code != "quarter")
"""Type groups that a creative site can have."""
DEMOLISHED: Final = "demolished"
"""State of what is gone: counted by the indicator of that name and by no other count."""
FIGURE_COLUMNS: Final = (
    "area_id", "area_name", "indicator", "group", "value", "numerator", "denominator", "low",
    "high", "n", "as_of", "is_small",
)  # fmt: skip
"""
``group``: code of kind or type group, or `TYPE` and the code of a type; empty for all.
``value``: NaN where there is no figure. ``low``, ``high``: 95 % interval of a vacancy rate,
else NaN. ``n``: observations behind the figure. ``as_of``: ISO date, or first and
last date with ``/`` between, of the inhabitants (``spaces_per_10000``), of the
observations (``vacancy_rate`` and
``observation_age_days``), else of the reading of the sources; empty if nothing is dated.
``is_small``: too few to lean on, by the bounds of this module. ``denominator`` of a location
quotient is the number of places that the share of the whole region lets expect.
"""

Cells = pd.DataFrame | pd.Series


_CODES: Final = {"kind": tuple(v.KINDS), "type": tuple(v.TYPES), "vacancy": tuple(v.VACANCY),
                 "type_group": tuple(v.TYPE_GROUPS)}  # fmt: skip
_PLAIN: Final = ("x", "observed_day", "observed_on", "retrieved_on")


def lean(spaces: pd.DataFrame) -> pd.DataFrame:
    """
    Return what figures read of the table, codes and keys as categories.

    Whoever computes figures for several kinds of areas hands this over instead of the
    table: turning texts into categories is most of the work.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`; n rows.

    Returns
    -------
    lean
        n rows, same order and index.
    """
    keys = {name: spaces[name].astype("category") for name in ("ags", "district_code")}
    codes = {name: pd.Categorical(spaces[name], categories=codes)
             for name, codes in _CODES.items()}  # fmt: skip
    plain = {name: spaces[name].array for name in _PLAIN}
    return pd.DataFrame({**keys, **codes, **plain}, index=spaces.index)


def narrow(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """
    Return what figures need of the rows of known areas, codes as numbers behind categories.

    Selecting from sixty columns of text would take most of the time of a large table.
    """
    area = pd.Categorical(rows["area_id"], categories=keys)
    codes = {name: pd.Categorical(rows[name], categories=codes) for name, codes in _CODES.items()}
    plain = {name: rows[name].array for name in _PLAIN}
    frame = pd.DataFrame({"area_id": area, **codes, **plain})
    return frame[area.codes >= 0]


@dataclass(frozen=True)
class Facts:
    """
    The rows of all areas and what several figures need of them.

    Attributes
    ----------
    members, reference
        From `narrow`.
    """

    members: pd.DataFrame
    areas: pd.DataFrame
    reference: pd.DataFrame
    today: dt.date

    @cached_property
    def keys(self) -> list[str]:
        """Keys of the areas, in their order."""
        return list(self.areas["area_id"])

    @cached_property
    def surveyed(self) -> pd.Series:
        """Whether the table has a row of the area at all."""
        return self.sizes(self.members) > 0

    @cached_property
    def standing(self) -> pd.DataFrame:
        """Rows that are not demolished."""
        return self.members[self.members["vacancy"] != DEMOLISHED]

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Creative sites that are not demolished."""
        return self.standing[self.standing["kind"] == "creative_site"]

    @cached_property
    def read(self) -> pd.Series:
        """When the sources of each area were read."""
        return self.dates(self.members, "retrieved_on")

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """What `atlas.query.coverage` counts, per area."""
        towns = self.areas.rename(columns={"area_id": "ags", "area_name": "name"})
        rows = self.members.assign(ags=self.members["area_id"])
        counted = coverage(rows, towns.assign(district_name=""), today=self.today)
        return counted.set_index("ags").reindex(self.keys)

    def area(self, column: str) -> pd.Series:
        """Return a column of the areas by their key."""
        return self.areas.set_index("area_id")[column]

    def sizes(self, rows: pd.DataFrame) -> pd.Series:
        """Count rows per area, 0 included."""
        counts = np.bincount(rows["area_id"].cat.codes, minlength=len(self.keys))
        return pd.Series(counts, index=self.keys)

    def table(self, rows: pd.DataFrame, column: str) -> pd.DataFrame:
        """Count rows per area and code of ``column``, 0 included."""
        codes = list(rows[column].cat.categories)
        cells = rows["area_id"].cat.codes.astype("int64") * len(codes) + rows[column].cat.codes
        counts = np.bincount(cells, minlength=len(self.keys) * len(codes))
        return pd.DataFrame(
            counts.reshape(len(self.keys), len(codes)), index=self.keys, columns=codes
        )

    def dates(self, rows: pd.DataFrame, column: str) -> pd.Series:
        """Return first and last date per area, empty where nothing is dated."""
        return interval(rows["area_id"], rows[column]).reindex(self.keys).fillna("")


def interval(keys: pd.Series, dates: pd.Series) -> pd.Series:
    """
    Return first and last date per key, as ISO 8601 writes an interval.

    Parameters
    ----------
    keys, dates
        Same index; dates as text (YYYY, YYYY-MM or YYYY-MM-DD), missing allowed.

    Returns
    -------
    intervals
        Text by key, ``first/last`` or the one date; keys without a date are left out.
    """
    distinct = pd.DataFrame({"key": keys, "date": dates}).drop_duplicates().dropna()
    distinct = distinct.astype("str")
    grouped = distinct.sort_values("date").groupby("key")["date"]
    first, last = grouped.first(), grouped.last()
    return first.where(first == last, first + "/" + last)


def rows_of(indicator: str, groups: tuple[str, ...], **cells: Cells) -> pd.DataFrame:
    """
    Return the rows of one indicator, areas times groups.

    Parameters
    ----------
    cells
        ``value``, ``numerator``, ``denominator``, ``n``, ``as_of``, ``is_small`` and
        perhaps ``low`` and ``high``: a table areas × groups, or one cell per area.
    """
    keys = cells["value"].index
    count = len(groups)

    def column(given: Cells) -> npt.NDArray[np.generic]:
        values = given.to_numpy()
        spread: npt.NDArray[np.generic] = (
            np.repeat(values, count) if values.ndim == 1 else values.ravel()
        )
        return spread

    nothing = pd.Series(np.nan, index=keys)
    given = {"low": nothing, "high": nothing, **cells}
    floats = ("value", "numerator", "denominator", "low", "high")
    return pd.DataFrame(
        {
            "area_id": np.repeat(keys.to_numpy(), count),
            "indicator": indicator,
            "group": np.tile(np.array(groups, dtype=object), len(keys)),
            **{name: column(given[name]).astype(float) for name in floats},
            "n": column(given["n"]).astype("int64"),
            "as_of": column(given["as_of"]),
            "is_small": column(given["is_small"]).astype(bool),
        }
    )


def only(cells: pd.DataFrame, surveyed: pd.Series) -> pd.DataFrame:
    """Blank the areas that nobody looked at."""
    return cells.astype(float).where(surveyed, axis=0)

"""
From the rows of one place to one row, field by field.

What belongs together stays together: a state, a coordinate, an address come whole from one
contributor. Which one, each group decides by its own rule; ties go by precedence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas import vocabulary as v
from atlas.provenance import SHARE_ALIKE
from atlas.schema import NAMES, earliest_day
from atlas.schema.columns import BY_NAME, LIST_SEPARATOR
from atlas.schema.place import COORDINATE_COLUMNS

if TYPE_CHECKING:
    import numpy.typing as npt

    from atlas.conflate.fields import Codes

    Bools = npt.NDArray[np.bool_]

CURATED: Final = "curated"
"""The registry that people of the atlas keep: its rows lead, whoever they quote."""
PRECEDENCE: Final = ("first_party", "government", "press", "crowd", "aggregator")
"""Lineages from the one that is believed first; see docs/conflation.md."""
STATE: Final = (
    "vacancy", "vacant_share_pct", "vacant_since", "confidence", "observed_on",
)  # fmt: skip
AVAILABILITY: Final = ("availability", "available_from", "available_until", "term")
COORDINATE: Final = COORDINATE_COLUMNS
TOWN: Final = ("municipality", "ags")
ADDRESS: Final = ("street", "house_number", "postcode", "locality")
PROGRAMME: Final = ("programmes", "programme_status", "programme_from", "programme_until")
NOTES: Final = ("note_de", "note_en")
AREA: Final = ("area_m2", "area_min_m2")
PRIMARY: Final = (
    "space_id", "source", "source_ref", "publisher", "source_url", "retrieved_on", "licence",
    "lineage",
)  # fmt: skip
IDENTITY: Final = ("name", "kind", "type")
_GROUPED: Final = frozenset(
    (*STATE, "stage", *AVAILABILITY, *COORDINATE, *TOWN, *ADDRESS, *PROGRAMME, *NOTES, *AREA,
     *PRIMARY, *IDENTITY, "same_as")
)  # fmt: skip
ALONE: Final = tuple(name for name in NAMES if name not in _GROUPED)
"""Columns that are taken one by one."""
FIELDS: Final = tuple(name for name in NAMES if name not in PRIMARY)
"""Columns that a contributor can give."""
INFERRED_AGES_DAYS: Final = v.OUTDATED_AFTER_DAYS
"""
An inferred state counts as if it had been observed so much earlier: it overrules what
somebody saw only when that is outdated.
"""
_UNSAID: Final = "unknown"
_LAST: Final = np.int64(2**62)


@dataclass(frozen=True)
class Merged:
    """
    The places.

    Attributes
    ----------
    rows
        One row per cluster with the columns of the input, index: position of its primary
        row in the input.
    given
        For every row of the input and column of `FIELDS`, whether its value stayed.
    """

    rows: pd.DataFrame
    given: Bools


def stated(rows: pd.DataFrame) -> Bools:
    """Return for every row and column of `FIELDS` whether the row says something there."""
    return np.column_stack([_says(rows[name]) for name in FIELDS])


def _says(column: pd.Series) -> Bools:
    said = column.notna().to_numpy(dtype=bool)
    if BY_NAME[str(column.name)].dtype != "code":
        return said
    return said & (column.astype(object) != _UNSAID).to_numpy(dtype=bool)


def merge(rows: pd.DataFrame, places: Codes) -> Merged:
    """
    Make one row of the rows of each place.

    Parameters
    ----------
    rows
        Columns of the schema and any others (coordinates, geometry), RangeIndex.
    places
        Number of the place of each row, from 0 without gaps.

    Returns
    -------
    merged
        One row per place, ordered by place.
    """
    members = _Members(rows.reset_index(drop=True), places)
    givers = _givers(members)
    following = [name for name in rows.columns if name not in NAMES]
    givers |= dict.fromkeys(following, givers["lat"])
    columns = {name: _take(members.rows[name], givers[name]) for name in rows.columns}
    given = np.zeros((len(rows), len(FIELDS)), dtype=bool)
    says = stated(members.rows)
    for at, name in enumerate(FIELDS):
        if name != "same_as":
            taken = givers[name][givers[name] >= 0]
            given[taken, at] = says[taken, at]
    columns["same_as"], given[:, FIELDS.index("same_as")] = _same_as(members)
    columns["licence"] = _licences(members, given, columns["licence"])
    columns["retrieved_on"] = _newest(members, columns["retrieved_on"], givers["vacancy"])
    return Merged(pd.DataFrame(columns).set_axis(members.primary), given)


class _Members:
    """The rows with what decides between them."""

    def __init__(self, rows: pd.DataFrame, places: Codes) -> None:
        self.rows = rows
        self.places = places
        self.count = int(places.max(initial=-1)) + 1
        lineage = rows["lineage"].map({code: at for at, code in enumerate(PRECEDENCE)})
        curated = rows["source"].eq(CURATED).to_numpy()
        self.precedence: Codes = np.where(curated, -1, lineage.fillna(len(PRECEDENCE)))
        self.observed = _days(rows["observed_on"])
        self.retrieved = _days(rows["retrieved_on"])
        self.primary = self.first(np.ones(len(rows), dtype=bool), self.precedence)
        quarter = rows["kind"].eq("creative_quarter").to_numpy()
        # A quarter and a building have different states, even if a person joins them.
        self.akin: Bools = quarter == quarter[self.primary][places]

    def first(self, valid: Bools, *keys: npt.NDArray[np.generic]) -> Codes:
        """Return per place the valid row that comes first by ``keys``, −1 if none."""
        rows = np.flatnonzero(valid)
        order = np.lexsort((rows, *(key[rows] for key in reversed(keys)), self.places[rows]))
        rows = rows[order]
        places, at = np.unique(self.places[rows], return_index=True)
        found = np.full(self.count, -1, dtype=np.int64)
        found[places] = rows[at]
        return found

    def or_primary(self, found: Codes) -> Codes:
        """Return the found rows, the primary one where none was found."""
        return np.where(found >= 0, found, self.primary)

    def has(self, *names: str) -> Bools:
        """Return the rows that say something in one of the columns."""
        said: Bools = np.column_stack([_says(self.rows[name]) for name in names])
        return np.asarray(said.any(axis=1), dtype=bool)


def _givers(members: _Members) -> dict[str, Codes]:
    """Return per column and place the row that gives the value, −1 if none."""
    rows, precedence = members.rows, members.precedence
    newest, fresh = -members.observed, -members.retrieved
    state = _state(members)
    place = members.first(
        rows["lat"].notna().to_numpy(),
        rows["coordinate_uncertainty_m"].to_numpy(dtype=float),
        _rank(rows["coordinate_precision"], tuple(v.PRECISION)),
        precedence,
    )
    others = members.primary[members.places] != np.arange(len(rows))
    address = members.first(members.has(*ADDRESS), -_completeness(rows), precedence, others, fresh)
    offer = members.first(members.has("availability"), newest, precedence)
    groups = (
        (STATE, members.or_primary(state)),
        (("stage",), members.first(members.has("stage"), newest, precedence)),
        (AVAILABILITY, members.or_primary(offer)),
        (COORDINATE, place),
        (TOWN, _town(members, members.or_primary(place))),
        (ADDRESS, address),
        (PROGRAMME, members.first(members.has(*PROGRAMME) & members.akin, precedence, fresh)),
        (NOTES, members.first(members.has(*NOTES), precedence, fresh)),
        (AREA, members.first(members.has(*AREA), precedence, fresh)),
        ((*PRIMARY, *IDENTITY, "same_as"), members.primary),
        *(((name,), members.first(members.has(name), precedence, fresh)) for name in ALONE),
    )
    return {name: giver for names, giver in groups for name in names}


def _state(members: _Members) -> Codes:
    """Return the giver of the state per place: the newest observation, −1 if none."""
    told = members.rows["confidence"]
    valid = members.has("vacancy") & members.akin
    dated = members.observed > -_LAST
    inferred = told.eq("inferred").to_numpy()
    effective = -members.observed + np.where(inferred & dated, INFERRED_AGES_DAYS, 0)
    # Nobody knows when a verified state without a date was seen: no guess outdates it.
    undated = valid & ~dated & told.eq("verified").to_numpy()
    verified = np.zeros(members.count, dtype=bool)
    verified[members.places[undated]] = True
    overruled = inferred & verified[members.places]
    confidence = _rank(told, tuple(v.CONFIDENCE))
    return members.first(valid, overruled, effective, confidence, members.precedence)


def _town(members: _Members, place: Codes) -> Codes:
    """Return the giver of the town: that of the coordinate only where the primary names another."""
    towns = members.rows["ags"].fillna("").to_numpy(dtype=object)
    return np.where(towns[place] == towns[members.primary], members.primary, place)


def _take(column: pd.Series, givers: Codes) -> pd.Series:
    taken: pd.Series = column.reindex(givers).reset_index(drop=True)
    return taken


def _days(dates: pd.Series) -> Codes:
    """Return the first day of partial dates as a number; the least where there is none."""
    days = earliest_day(dates).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), -_LAST, days.astype(np.int64)).astype(np.int64)


def _rank(codes: pd.Series, order: tuple[str, ...]) -> Codes:
    ranks = codes.astype(object).map({code: at for at, code in enumerate(order)})
    return ranks.fillna(len(order)).to_numpy().astype(np.int64)


def _completeness(rows: pd.DataFrame) -> Codes:
    with_street = rows["street"].notna()
    both = with_street & rows["house_number"].notna()
    return (with_street.astype(int) + both.astype(int)).to_numpy().astype(np.int64)


def _same_as(members: _Members) -> tuple[pd.Series, Bools]:
    """Return the keys of all rows of each place, and which rows gave one first."""
    most = BY_NAME["same_as"].max_length
    found: list[list[str]] = [[] for _ in range(members.count)]
    given = np.zeros(len(members.rows), dtype=bool)
    texts = members.rows["same_as"].astype(object).to_numpy()
    for row in np.lexsort((np.arange(len(texts)), members.precedence)):
        if not isinstance(texts[row], str):
            continue
        keys = found[members.places[row]]
        for key in texts[row].split(LIST_SEPARATOR):
            longer = len(LIST_SEPARATOR.join([*keys, key]))
            if key not in keys and longer <= most:
                keys.append(key)
                given[row] = True
    joined = [LIST_SEPARATOR.join(sorted(keys)) if keys else None for keys in found]
    return pd.Series(joined, dtype="str"), given


def _licences(members: _Members, given: Bools, licences: pd.Series) -> pd.Series:
    """Return the licence of each place: share-alike as soon as one value obliges to it."""
    placed = [FIELDS.index(name) for name in COORDINATE]
    others = np.delete(given, placed, axis=1).any(axis=1)
    for licence in sorted(SHARE_ALIKE):
        obliged = others & members.rows["licence"].eq(licence).to_numpy()
        touched = np.zeros(members.count, dtype=bool)
        touched[members.places[obliged]] = True
        licences = licences.mask(touched, licence)
    return licences


def _newest(members: _Members, retrieved: pd.Series, states: Codes) -> pd.Series:
    """Return the day of reading, never before the state that was read."""
    later = members.retrieved[states] > members.retrieved[members.primary]
    return retrieved.mask(later, _take(members.rows["retrieved_on"], states))

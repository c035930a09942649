"""
From a pair of rows to points for and against one place, and to a decision.

Every feature adds points; their sum becomes the score between 0 and 1. The points of each
feature stay in the result, so a person sees what decided (`atlas.conflate.explain`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.conflate.compare import (
    CHAIN_INSIDE,
    NUMBER_LONE,
    NUMBER_PARTLY,
    PART_LOST,
    PART_OTHER,
    NameMatch,
    compare,
)
from atlas.conflate.compat import QUARTER
from atlas.conflate.evidence import (
    Context,
    address_points,
    distance_points,
    houses_contradict,
    id_points,
    points_of_type,
    website_points,
)
from atlas.conflate.table import Table, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from atlas.conflate.fields import Codes, Floats

SAME_FROM: Final = 0.90
REVIEW_FROM: Final = 0.45
"""From here on a person looks at the pair; from `SAME_FROM` on it is one place."""
SAME_PLACE: Final = "same"
REVIEW: Final = "review"
DIFFERENT: Final = "different"
FEATURES: Final = (
    "name", "number", "kind", "part", "inside", "chain", "type", "address", "website", "id",
    "distance",
)  # fmt: skip
"""In the order in which they are told."""
START: Final = -2.0
"""Two rows with something in common are more often two places."""
_PLACE: Final = ("address", "website", "distance")
_NAME_SAYS_SO: Final = 2.0
_MOST_FOR_PLACE: Final = 2.2
_SAME_PART_TYPE: Final = -0.3
_SAME_NAME_TYPE: Final = -1.2
_TELLING: Final = 0.45
_NOTHING: Final = 0.15
"""Less than this is only the name of the town."""
_SAME_STREET: Final = 0.5
_CHUNK: Final = 50_000


def score(spaces: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """
    Score pairs of rows.

    Parameters
    ----------
    spaces
        Typed columns of the schema, ``x`` and ``y`` (EPSG:25832). Words and websites
        are weighed by how common they are in it.
    pairs
        ``i``, ``j`` (positions in ``spaces``) and ``distance_m``, from `candidate_pairs`.

    Returns
    -------
    scored
        i, j, distance_m, one column of points per feature of `FEATURES`, ``score``
        (0 to 1), ``contradicted`` (something in the names, or the house numbers, rules one
        place out), ``decision`` (same, review, different) and ``reason`` (why a pair is for
        review: score, contradicted, houses, same_source, conflated); n rows in the order of
        ``pairs``.
    """
    table = table_of(spaces)
    chunks = list(scored_chunks(table, pairs.reset_index(drop=True), Context.of(table)))
    return pd.concat(chunks).sort_index()


def scored_chunks(table: Table, pairs: pd.DataFrame, context: Context) -> Iterator[pd.DataFrame]:
    """
    Yield the scored pairs in parts, so that memory stays bounded; see `score`.

    The index is that of ``pairs``, their order is by town: neighbours have names in common,
    and a name is read once.
    """
    i = pairs["i"].to_numpy()
    by_town = np.lexsort((table.x[i], table.ags[i]))
    for start in range(0, max(len(pairs), 1), _CHUNK):
        yield _scored(table, pairs.iloc[by_town[start : start + _CHUNK]], context)


def _scored(table: Table, pairs: pd.DataFrame, context: Context) -> pd.DataFrame:
    i, j = pairs["i"].to_numpy(), pairs["j"].to_numpy()
    distance = pairs["distance_m"].to_numpy(dtype=np.float64)
    names = _name_matches(table, i, j, context)
    points = {
        **_name_points(names),
        "type": points_of_type(table, i, j),
        "address": address_points(table, i, j),
        "website": website_points(table, i, j, context),
        "id": id_points(table, i, j),
        "distance": distance_points(table, i, j, distance),
    }
    points["type"] = np.maximum(points["type"], _least_for_type(names, points["type"]))
    points |= _weighed_place(points)
    points["chain"] = _chain_points(names["chain"], points)
    total = START + np.sum([points[feature] for feature in FEATURES], axis=0)
    quarter = points["type"] == QUARTER
    against = (
        (names["number"] <= NUMBER_PARTLY) | (names["part"] < 0) | (names["inside"] > 0) | quarter
    )
    against |= names["chain"] < 0
    # A key in common says that one of the numbers is wrong, not that there are two houses.
    houses = houses_contradict(table, i, j) & (points["id"] <= 0)
    found = pd.DataFrame({"i": i, "j": j, "distance_m": distance}, index=pairs.index)
    found = found.assign(**{feature: points[feature] for feature in FEATURES})
    found = found.assign(score=1 / (1 + np.exp(-total)), contradicted=against | houses)
    return found.assign(**_decided(table, found, of_houses=houses & ~against))


def _decided(
    table: Table, found: pd.DataFrame, *, of_houses: npt.NDArray[np.bool_]
) -> dict[str, npt.NDArray[np.object_]]:
    """Return decision and reason: what may not merge by score alone goes to a person."""
    i, j = found["i"].to_numpy(), found["j"].to_numpy()
    value, against = found["score"].to_numpy(), found["contradicted"].to_numpy()
    shared_id = found["id"].to_numpy() > 0
    one_source = _same_source(table, i, j) & ~shared_id
    conflated = table.conflated[i] & table.conflated[j]
    reason = np.select(
        [conflated, one_source, of_houses, against],
        ["conflated", "same_source", "houses", "contradicted"],
        "score",
    ).astype(object)
    free = ~(against | one_source | conflated)
    decision = np.select(
        [(value >= SAME_FROM) & free, value >= REVIEW_FROM], [SAME_PLACE, REVIEW], DIFFERENT
    ).astype(object)
    return {"decision": decision, "reason": np.where(decision == REVIEW, reason, "")}


def _same_source(table: Table, i: Codes, j: Codes) -> npt.NDArray[np.bool_]:
    shared = [
        not table.sources[a].isdisjoint(table.sources[b])
        for a, b in zip(i.tolist(), j.tolist(), strict=True)
    ]
    return np.array(shared, dtype=bool)


def _name_matches(table: Table, i: Codes, j: Codes, context: Context) -> dict[str, Floats]:
    """Compare every distinct pair of names once; a column of numbers per field."""
    rows = np.unique(np.r_[i, j])
    keys = [(str(table.names[row]), str(table.towns[row])) for row in rows]
    units = {key: context.rarity.unit(*key) for key in dict.fromkeys(keys)}
    unit_of = dict(zip(rows.tolist(), keys, strict=True))
    seen: dict[tuple[tuple[str, str], tuple[str, str]], NameMatch] = {}
    found = []
    for a, b in zip(i.tolist(), j.tolist(), strict=True):
        pair = (unit_of[a], unit_of[b])
        if pair not in seen:
            seen[pair] = compare(units[pair[0]], units[pair[1]])
        found.append(seen[pair])
    columns = np.array(found, dtype=np.float64).reshape(len(found), len(NameMatch._fields))
    return dict(zip(NameMatch._fields, columns.T, strict=True))


def _filled(weight: Floats, scale: float) -> Floats:
    """Return 0 for no weight, near 1 for plenty."""
    filled: Floats = 1 - np.exp(-weight / scale)
    return filled


def _name_points(names: dict[str, Floats]) -> dict[str, Floats]:
    shared, against, extra = names["shared"], names["against"], names["extra"]
    value = 6.0 * _filled(shared, 0.9) - 7.0 * _filled(against, 0.7) - 1.5 * _filled(extra, 1.0)
    value += 1.2 * names["equal"]
    # What only says „a theatre in this town“ is not the theatre of a name of its own.
    bare = np.clip(1 - shared / 0.6, 0, 1)
    value -= 4.0 * bare * _filled(extra, 1.0)
    value = np.where(shared < _NOTHING, -4.0 - against, value)
    numbers, parts = names["number"], names["part"]
    return {
        "name": value,
        "number": np.select(
            [numbers == 1, numbers == NUMBER_LONE, numbers == NUMBER_PARTLY, numbers == -1],
            [0.8, -0.8, -2.5, -12.0],
            0.0,
        ),
        "kind": np.select([names["kind"] == 1, names["kind"] == -1], [0.4, -3.0], 0.0),
        "part": np.select(
            [parts == 1, parts == PART_LOST, parts == -1, parts == PART_OTHER],
            [0.5, -1.0, -2.8, -6.0],
            0.0,
        ),
        "inside": -4.0 * names["inside"],
    }


def _least_for_type(names: dict[str, Floats], points: Floats) -> Floats:
    """Return how little a type can count: sources sort one name under building or use."""
    whole = (names["equal"] > 0) & (names["shared"] >= _TELLING)
    least = np.select([names["part"] > 0, whole], [_SAME_PART_TYPE, _SAME_NAME_TYPE], -np.inf)
    return np.where(points == QUARTER, QUARTER, least)


def _weighed_place(points: dict[str, Floats]) -> dict[str, Floats]:
    """
    Return the points of the place, less where the names do not say that it is one place.

    Two theatres in one building have address, website and coordinate in common.
    """
    place = np.sum([np.maximum(points[feature], 0) for feature in _PLACE], axis=0)
    most = np.where(points["name"] < _NAME_SAYS_SO, _MOST_FOR_PLACE, np.inf)
    share = np.minimum(1.0, most / np.maximum(place, 1e-9))
    return {
        feature: np.where(points[feature] > 0, points[feature] * share, points[feature])
        for feature in _PLACE
    }


def _chain_points(chain: Floats, points: dict[str, Floats]) -> Floats:
    """Return the points of names that many places share: only the place tells them apart."""
    placed = (points["address"] > _SAME_STREET) | (points["distance"] > 1.0) | (points["id"] > 0)
    return np.select(
        [chain == -1, chain == CHAIN_INSIDE, (chain == 1) & ~placed], [-4.0, -3.0, -3.0], 0.0
    )

"""Points of everything but the name: type, address, website, keys, distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from atlas.conflate.compat import LINKED, QUARTER, SAME, type_codes, type_points
from atlas.conflate.fields import WIKIDATA
from atlas.conflate.rarity import Rarity

if TYPE_CHECKING:
    import numpy.typing as npt

    from atlas.conflate.fields import Codes, Floats
    from atlas.conflate.table import Table

_NEXT_DOOR: Final = 6
"""House numbers that are further apart are another part of the street."""


@dataclass(frozen=True)
class Context:
    """What a score needs to know of the table as a whole: how common words and sites are."""

    rarity: Rarity
    rows_per_site: Codes

    @classmethod
    def of(cls, table: Table) -> Context:
        """Count the words and websites of a table."""
        named = {
            pair for pair in zip(table.website.tolist(), table.names, strict=True) if pair[0] >= 0
        }
        sites = np.bincount([site for site, _ in named], minlength=len(table.websites) + 1)
        return cls(Rarity.of(map(str, table.names), map(str, table.towns)), sites)


def points_of_type(table: Table, i: Codes, j: Codes) -> Floats:
    """Return the points of the types; a former use links building and use."""
    first, second = table.type[i], table.type[j]
    points = np.where((first >= 0) & (second >= 0), type_points()[first, second], 0.0)
    codes = list(type_codes())
    unlike = np.flatnonzero((points < LINKED) & (points > QUARTER) & (first >= 0) & (second >= 0))
    linked = [
        f";{codes[first[at]]};" in table.former[j[at]]
        or f";{codes[second[at]]};" in table.former[i[at]]
        for at in unlike
    ]
    points[unlike[np.array(linked, dtype=bool)]] = LINKED
    return np.minimum(points, SAME)


def address_points(table: Table, i: Codes, j: Codes) -> Floats:
    """Return the points of street and house number."""
    street_a, street_b = table.street[i], table.street[j]
    known = (street_a >= 0) & (street_b >= 0)
    same_street = known & (street_a == street_b)
    letters = (table.letter[i] != table.letter[j]) & (table.letter[i] != "")
    letters &= table.letter[j] != ""
    gap = _gap(table, i, j)
    numbered = ~np.isnan(gap)
    return np.select(
        [
            same_street & numbered & (gap <= 0) & ~letters,
            same_street & numbered & (gap <= _NEXT_DOOR),
            same_street & numbered,
            same_street,
            known,
        ],
        [2.0, -0.8, -2.5, 0.7, -0.6],
        0.0,
    )


def houses_contradict(table: Table, i: Codes, j: Codes) -> npt.NDArray[np.bool_]:
    """Return the pairs in one street whose house numbers have none in common."""
    same_street = (table.street[i] >= 0) & (table.street[i] == table.street[j])
    return np.asarray(same_street & (_gap(table, i, j) > 0), dtype=bool)


def _gap(table: Table, i: Codes, j: Codes) -> Floats:
    """Return from the highest of the lower numbers to the lowest of the higher, NaN if none."""
    gap: Floats = np.maximum(table.low[i], table.low[j]) - np.minimum(table.high[i], table.high[j])
    return gap


def website_points(table: Table, i: Codes, j: Codes, context: Context) -> Floats:
    """Return the points of host and path."""
    first, second = table.website[i], table.website[j]
    known = (first >= 0) & (second >= 0)
    # The page of a city or of a programme stands in many rows and says little.
    many = np.maximum(context.rows_per_site[np.maximum(first, 0)], 3)
    same = 2.5 / (1 + np.log2(many / 3))
    same_host = known & (table.host[first] == table.host[second])
    return np.select([known & (first == second), same_host, known], [same, 0.2, -0.6], 0.0)


def id_points(table: Table, i: Codes, j: Codes) -> Floats:
    """Return the points of keys in other registers."""
    points = np.zeros(len(i))
    for at, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        first, second = table.keys[a], table.keys[b]
        if not first.isdisjoint(second):
            points[at] = 9.0
        elif _items(first) and _items(second):
            points[at] = -4.0
    return points


def _items(keys: frozenset[str]) -> list[str]:
    return [key for key in keys if key.startswith(WIKIDATA)]


def distance_points(table: Table, i: Codes, j: Codes, distance: Floats) -> Floats:
    """Return the points of the distance, in the light of how sure both places are."""
    allowed = np.maximum(table.uncertainty[i] + table.uncertainty[j], 60.0)
    within = 2.0 * np.clip(1 - np.log10(allowed / 60.0) / 2, 0.1, 1.0)
    beyond = -np.minimum(2.0 * np.log2(1 + np.maximum(distance - allowed, 0) / 150.0), 7.0)
    both = ~np.isnan(distance)
    same_town = (table.ags[i] == table.ags[j]) | (table.ags[i] < 0) | (table.ags[j] < 0)
    placed = np.where(distance <= allowed, within, beyond)
    return np.where(both, placed, np.where(same_town, 0.3, -4.0))

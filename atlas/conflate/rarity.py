"""What the words of a name weigh in their town: rare ones much, the town's own little."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from atlas.conflate.names import (
    WEIGHT_DISTRICT,
    WEIGHT_OWN_TOWN,
    WEIGHT_PART_OF_TOWN,
    base_weight,
    is_telling,
)
from atlas.conflate.reading import Name, read_name
from atlas.text import words as folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_COMMON_FROM: Final = 4
"""A word in as many names of a town begins to tell less: several sources name one place."""
_LEAST_RARITY: Final = 0.35


class Unit(NamedTuple):
    """A name with the weights of its words in its town, and its words without the town's."""

    name: Name
    weights: Mapping[str, float]
    own: frozenset[str]


@dataclass(frozen=True)
class Rarity:
    """How many names of a town have a word; only words that several names have."""

    counts: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, names: Iterable[str], towns: Iterable[str]) -> Rarity:
        """Count the telling words of all names by town."""
        counts: Counter[tuple[str, str]] = Counter()
        # Each name of a town once: a second source that has it does not make it common.
        for name, town in dict.fromkeys(zip(names, towns, strict=True)):
            counts.update((town, word) for word in read_name(name).words if is_telling(word))
        return cls({key: count for key, count in counts.items() if count >= _COMMON_FROM})

    def factor(self, town: str, word: str) -> float:
        """Return from 1 (rare) down to 0.35 (in very many names of the town)."""
        count = self.counts.get((town, word), 0)
        if count < _COMMON_FROM:
            return 1.0
        return max(_LEAST_RARITY, 1 / (1 + 0.25 * math.log2(count / _COMMON_FROM * 2)))

    def unit(self, name: str, town: str) -> Unit:
        """Return a name with the weight of each word."""
        read = read_name(name)
        own = _town_weights(town, frozenset(read.words)) | _districts(name, town)
        words = {word for variant in (read, *read.variants) for word in variant.words}
        weights = {
            word: own.get(word) or base_weight(word) * self.factor(town, word) for word in words
        }
        return Unit(read, weights, frozenset(read.words) - own.keys())


def _town_weights(town: str, words: frozenset[str]) -> dict[str, float]:
    """Return the weights of the words that only name the town."""
    if "-" not in town:
        return {f"{word}{end}": WEIGHT_OWN_TOWN for word in folded(town) for end in ("", "er")}
    halves = folded(town)
    weight = WEIGHT_OWN_TOWN if words.issuperset(halves) else WEIGHT_PART_OF_TOWN
    return dict.fromkeys(halves, weight)


def _districts(name: str, town: str) -> dict[str, float]:
    """Return the weights of the words that follow the town with a hyphen."""
    main = town.split(" ", 1)[0]
    _, hyphen, rest = name.partition(f"{main}-")
    return dict.fromkeys(folded(rest)[:1], WEIGHT_DISTRICT) if hyphen else {}

"""The word index: how well each place's name and the words of a text cover each other."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from atlas.gazetteer.names import STREET, allowed_typos, name_words, town_names, without_brackets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from atlas.gazetteer.table import Place

    Scores = NDArray[np.float64]

LEAST_WEIGHT: Final = 3.0
"""Of a word that is in every second name: little, but "Kampweg" is not "Kampstraße"."""
TEXT_SHARE: Final = 75
NAME_SHARE: Final = 25
"""Points for how much of the text, and how much of the name, is covered by the other."""
BEGINNING: Final = 0.8
"""Likeness of a word to its beginning: people search while they type."""
TYPO_SCORE: Final = 95
POINTS_PER_TYPO: Final = 5


class WordIndex:
    """Rare words count more than common ones: the weight is the inverse frequency."""

    def __init__(self, places: Sequence[Place]) -> None:
        full = [name_words(place.name) for place in places]
        bare = [_without_town(place) for place in places]
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for i, (place, names) in enumerate(zip(places, full, strict=True)):
            # A station is found as "Unna Bahnhof" although it is only named "Unna".
            implied = ("bahnhof",) if place.kind == "station" else ()
            for word in {*names, *implied}:
                postings[word].append(i)
        self.size = len(places)
        self._vocabulary = sorted(postings)
        self._postings = {word: np.array(ids) for word, ids in postings.items()}
        self._rarest = math.log(max(self.size, 2))
        self._weights = {
            word: max(LEAST_WEIGHT, self._rarest - math.log(len(ids)))
            for word, ids in postings.items()
        }
        self._full_weight = np.array([self._weight(names) for names in full])
        self._bare_weight = np.array([self._weight(names) for names in bare])
        self._joined = ["".join(names) for names in bare]

    def scores(
        self, words: Sequence[str], *, numbers: Sequence[str] = (), with_town: bool = False
    ) -> Scores:
        """
        Return 0 to 100 for each place.

        Parameters
        ----------
        words
            Folded words, at least one.
        numbers
            House numbers and the like: they help a name that has them, and hurt none.
        with_town
            The words name a municipality, so its name counts in the names of places.
        """
        found = np.zeros(self.size)
        wanted = np.full(self.size, self._weight(words))
        for word in dict.fromkeys(words):
            found += self._weight([word]) * self._likeness(word)
        for number in numbers:
            for hits in (ids for ids in [self._postings.get(number)] if ids is not None):
                found[hits] += self._weight([number])
                wanted[hits] += self._weight([number])
        names = self._full_weight if with_town else self._bare_weight
        name_covered = np.divide(found, names, out=(found > 0) * 1.0, where=names > 0)
        scores = TEXT_SHARE * found / wanted + NAME_SHARE * np.minimum(1, name_covered)
        return np.asarray(np.maximum(scores, self._with_typos(words)))

    def as_written(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """
        Return for each place whether its name has all words without a typo.

        A word may be the beginning of one in the name, and blanks may be elsewhere.
        """
        joined = "".join(words)
        found = np.array([name == joined for name in self._joined], dtype=bool)
        within = np.ones(self.size, dtype=bool)
        for word in words:
            begun = np.zeros(self.size, dtype=bool)
            for known in self._beginning_with(word):
                begun[self._postings[known]] = True
            within &= begun
        return found | within

    def _weight(self, names: Iterable[str]) -> float:
        return sum(self._weights.get(word, self._rarest) for word in set(names))

    def _likeness(self, word: str) -> Scores:
        """Return 0 to 1 for each place: 1 if its name has the word, less if it has a like one."""
        likeness = np.zeros(self.size)
        for known, grade in self._like(word):
            ids = self._postings[known]
            likeness[ids] = np.maximum(likeness[ids], grade)
        return likeness

    def _like(self, word: str) -> Iterator[tuple[str, float]]:
        for known in self._beginning_with(word):
            yield known, 1.0 if known == word else BEGINNING
        for known, typos, _ in process.extract(
            word,
            self._vocabulary,
            scorer=OSA.distance,
            score_cutoff=allowed_typos(word),
            limit=None,
        ):
            yield known, 1 - typos / len(word)

    def _beginning_with(self, word: str) -> Iterator[str]:
        start = bisect_left(self._vocabulary, word)
        return takewhile(lambda known: known.startswith(word), self._vocabulary[start:])

    def _with_typos(self, words: Sequence[str]) -> Scores:
        """Return the scores of names that differ by a typo, also in "straße" or a blank."""
        scores = np.zeros(self.size)
        joined = "".join(words)
        # By the longest word: "Platz" behind a name makes it no safer to tell from others.
        allowed = max(allowed_typos(word.replace(STREET, "")) for word in words)
        for _, typos, i in process.extract(
            joined, self._joined, scorer=OSA.distance, score_cutoff=allowed, limit=None
        ):
            scores[i] = TYPO_SCORE - POINTS_PER_TYPO * typos
        return scores


def _without_town(place: Place) -> tuple[str, ...]:
    """Return the words of a place's name that do not repeat its municipality."""
    if place.kind == "municipality":
        return name_words(place.name)
    own = {word for names in town_names(place.municipality) for word in names}
    name = without_brackets(place.name) if place.kind == "station" else place.name
    return tuple(word for word in name_words(name) if word not in own)

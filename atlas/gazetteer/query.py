"""Take a text apart: the words to be found, the municipality, the postcode, the house number."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from atlas.gazetteer.names import ADDITIONS, STREET, name_words, town_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atlas.gazetteer.table import Place

LEAST_LETTERS: Final = 5
"""A shorter word is not taken for a misspelt municipality: "Mars" is not "Marl"."""

_NUMBER = re.compile(r"\d+[a-z]?")
_POSTCODE = re.compile(r"\b\d{5}\b")
_LONGEST_TOWN = 4


@dataclass(frozen=True)
class Query:
    """
    What a text asks for.

    Attributes
    ----------
    words
        To be found in the name of a place.
    numbers
        House numbers and the like.
    towns
        Keys of the only municipalities that count; empty for all.
    near
        The postcode or district that the text names beside the place.
    names_town
        The text is nothing but the name of a municipality, or of several.
    """

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    towns: frozenset[str] = frozenset()
    near: Place | None = None
    names_town: bool = False

    @property
    def is_address(self) -> bool:
        """Whether the text names a street or a house number."""
        return bool(self.words) and (bool(self.numbers) or STREET in self.words)


class QueryReader:
    """Knows the municipalities, postcodes and districts that a text may name."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._postcodes = {place.name: place for place in places if place.kind == "postcode"}
        self._towns = {
            names: place.ags
            for place in places
            if place.kind == "municipality"
            for names in town_names(place.name)
        }
        self._joined_towns = {"".join(names): ags for names, ags in self._towns.items()}
        self._localities: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
        for place in places:
            if place.kind == "locality":
                self._localities[name_words(place.name)].append(place)

    def read(self, text: str, *, ags: str | None = None) -> Query | None:
        """
        Return what ``text`` asks for; ``None`` if its postcode lies outside the region.

        Parameters
        ----------
        text
            ``Name``, ``Name, Gemeinde`` or ``Straße Nr., PLZ Ort``.
        ags
            The municipality that is searched in: another one's name within the
            text is then part of the place's name (Werne in Bochum).
        """
        head, *tail = re.split(r"[,;\n]", _POSTCODE.sub(" ", text))
        head_words, tail_words = name_words(head), name_words(" ".join(tail))
        towns, rest = self._split_towns(tail_words)
        if not towns and (misspelt := self._misspelt("".join(rest))):
            towns, rest = frozenset([misspelt]), ()
        if not towns:
            towns, head_rest = self._split_towns(head_words)
            if ags is not None and towns and ags not in towns:
                towns, head_rest = frozenset(), head_words
        else:
            head_rest = head_words
        codes = _POSTCODE.findall(text)
        postcode = self._postcodes.get(codes[0]) if codes else None
        if codes and postcode is None and not towns:
            return None
        if not codes and towns and not head_rest and not rest:
            return Query(words=(*head_words, *tail_words), towns=towns, names_town=True)
        return self._complete(head_rest, rest, towns, postcode)

    def _complete(
        self,
        head: tuple[str, ...],
        tail: tuple[str, ...],
        towns: frozenset[str],
        postcode: Place | None,
    ) -> Query:
        near = [postcode] if postcode is not None else []
        if head and tail in self._localities:
            districts = [
                place for place in self._localities[tail] if not towns or place.ags in towns
            ]
            near, tail = [*near, *districts], () if districts else tail
        names = [*head, *tail]
        numbers = [word for word in names if _NUMBER.fullmatch(word)]
        return Query(
            # A single letter belongs to the house number: "Str. 2 a".
            words=tuple(word for word in names if word not in numbers and len(word) > 1),
            numbers=tuple(numbers),
            towns=towns or frozenset(place.ags for place in near),
            near=near[0] if near else None,
        )

    def _split_towns(self, words: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the keys of the municipalities among the words, and the other words."""
        found: set[str] = set()
        rest: list[str] = []
        i = 0
        while i < len(words):
            length = self._town_length(words[i:])
            if length:
                found.add(self._towns[words[i : i + length]])
            elif not (found and words[i] in ADDITIONS):
                rest.append(words[i])
            i += length or 1
        return frozenset(found), tuple(rest)

    def _town_length(self, words: tuple[str, ...]) -> int:
        lengths = range(min(_LONGEST_TOWN, len(words)), 0, -1)
        return next((length for length in lengths if words[:length] in self._towns), 0)

    def _misspelt(self, name: str) -> str | None:
        """Return the key of the municipality whose name is one typo away from ``name``."""
        if len(name) < LEAST_LETTERS:
            return None
        best = process.extractOne(
            name, sorted(self._joined_towns), scorer=OSA.distance, score_cutoff=1
        )
        return self._joined_towns[best[0]] if best else None

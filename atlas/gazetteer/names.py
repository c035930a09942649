"""Names as words: what is the same word, and which words a municipality goes by."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from atlas.text import fold, words

ADDITIONS: Final = frozenset({"ruhr", "westf", "westfalen", "rheinland", "rheinl", "niederrhein"})
"""What people and timetables add to a municipality's name to tell it from its namesakes."""

STREET: Final = "strasse"

ONE_TYPO: Final = 4
TWO_TYPOS: Final = 15
"""Letters that a word has at least, for one typo and for two."""

_SHORT_FORMS = {"hbf": "hauptbahnhof", "bf": "bahnhof", "bhf": "bahnhof", "pl": "platz"}
_STREET_ENDING = re.compile(r"str(?:asse)?\b")
_ADDITION = re.compile(r"\s*[(/]|\s+an der\s|\s+am\s")
_BRACKETS = re.compile(r"\([^)]*\)")


@lru_cache(maxsize=20_000)
def name_words(name: str) -> tuple[str, ...]:
    """Return the folded words of a name; ``…straße`` is a word of its own, however written."""
    split = _STREET_ENDING.sub(f" {STREET} ", fold(name))
    return tuple(_SHORT_FORMS.get(word, word) for word in words(split))


def without_brackets(name: str) -> str:
    """Return ``name`` without what stands in brackets."""
    return _BRACKETS.sub(" ", name)


def town_names(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the names of a municipality as words: the full one and the one in daily use."""
    return name_words(name), name_words(_ADDITION.split(name)[0])


def allowed_typos(word: str) -> int:
    """
    Return how many typos a word may have: none up to 3 letters, one up to 14, then two.

    Of the words in names, every second with 8 to 10 letters has another one two typos away,
    every eighth with 14 (Rüttenscheider and Wattenscheider), hardly any longer one.
    """
    return (len(word) >= ONE_TYPO) + (len(word) >= TWO_TYPOS)

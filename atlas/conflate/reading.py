"""Reading a name: its words, what it calls itself, its numbers, its other names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

from atlas.conflate.names import (
    CHAINS,
    KIND_OF,
    LETTERED,
    PART_OF,
    PLACING,
    SMALL_HOUSE,
    STOP_WORDS,
    SYNONYMS,
    is_telling,
    split,
)
from atlas.text import words as folded

_ROMAN: Final = {
    "I": "1", "II": "2", "III": "3", "IV": "4", "V": "5",
    "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10", "XI": "11", "XII": "12",
}  # fmt: skip
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_ASIDE: Final = re.compile(r"\s[–—|/]\s|\s-\s")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['’´`](?=\w)")
_LEGAL: Final = re.compile(r"\be\.\s?V\b\.?|\bg?GmbH\b|\bu\.")
_LETTERS: Final = re.compile(r"\b(\w)\s?[&+]\s?(\w)\b")
_ABBREVIATED: Final = re.compile(r"str(?:\.|\b)", re.IGNORECASE)
_TOWER: Final = re.compile(r"Mala(?:koff|kow)-?\s?turm", re.IGNORECASE)
_GLUED_NUMBER: Final = re.compile(r"(?<=[^\W\d_]{3})(?=\d+\b)")
_NUMBERS: Final = re.compile(r"(?<![\w°])(?:\d+[A-Za-z]?|[IVX]+)(?![\w°])")
_NUMBER_WORD: Final = re.compile(r"\d+[a-z]?")
_PIT: Final = re.compile(r"\bZ(?:che)?\.\s?(?=\w)")


@dataclass(frozen=True, slots=True)
class Name:
    """
    A name, read.

    Attributes
    ----------
    words
        Folded words that say something, in order, each once.
    head
        Those before „im“, „am“, „mit“: what is there, not where it is.
    joined
        Neighbouring words written as one.
    kinds, parts
        What it calls itself (theatre, colliery …), and which part of a site.
    numbers
        Of shafts, halls and houses.
    chains
        Names that many places share.
    letters
        The whole name as one word.
    is_aside
        Whether it stands in brackets, or behind a dash.
    variants
        The name as a whole, without what is in brackets, and each bracket or part between
        dashes on its own, if that is another name and not a remark.
    """

    words: tuple[str, ...]
    head: frozenset[str]
    joined: frozenset[str]
    kinds: frozenset[str]
    parts: frozenset[str]
    numbers: frozenset[str]
    chains: frozenset[str]
    letters: str
    is_aside: bool = False
    variants: tuple[Name, ...] = ()


@lru_cache(maxsize=1 << 15)
def read_name(text: str) -> Name:
    """Read a name."""
    plain = _plain(text)
    whole = _name(plain)
    main = _BRACKETS.sub(" ", plain)
    asides = (*_BRACKETS.findall(plain), *_ASIDE.split(main)[1:])
    aliases = [replace(_name(part), is_aside=True) for part in asides]
    # A bracket such as „Halle 1“ says which part of the place it is: no other name.
    if not aliases or not all(
        alias.chains or any(map(is_telling, alias.words)) for alias in aliases
    ):
        return replace(whole, variants=(whole,))
    variants = (whole, _name(_ASIDE.split(main)[0]), *aliases)
    distinct = {variant.words: variant for variant in variants if variant.words}
    return replace(whole, variants=tuple(distinct.values()))


def _name(plain: str) -> Name:
    tokens = folded(plain)
    found = _words(plain, tokens)
    before = PLACING.split(plain.strip(), maxsplit=1)[0]
    return Name(
        words=found,
        head=frozenset(found if before == plain.strip() else _words(before, folded(before))),
        joined=frozenset(first + second for first, second in pairwise(found)),
        kinds=frozenset(KIND_OF[word] for word in found if word in KIND_OF),
        parts=frozenset(PART_OF[word] for word in found if word in PART_OF),
        numbers=_numbers(plain),
        chains=CHAINS.intersection(found),
        letters="".join(word for word in tokens if word not in STOP_WORDS),
    )


def _plain(text: str) -> str:
    text = _LETTERS.sub(r"\1\2", _LEGAL.sub(" ", _APOSTROPHE.sub("", text)))
    text = _PIT.sub("Zeche ", _GLUED_NUMBER.sub(" ", text))
    text = SMALL_HOUSE.sub(r"\1shaus", _TOWER.sub("Malakowturm", text))
    return _ABBREVIATED.sub("strasse", text)


def _words(text: str, tokens: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for word in tokens:
        if word in STOP_WORDS or _NUMBER_WORD.fullmatch(word):
            continue
        found += split(SYNONYMS.get(word, word))
    roman = {numeral.lower() for numeral in _NUMBERS.findall(text) if numeral in _ROMAN}
    return tuple(word for word in dict.fromkeys(found) if word not in roman)


def _numbers(text: str) -> frozenset[str]:
    found = (_ROMAN.get(number, number.lstrip("0").lower()) for number in _NUMBERS.findall(text))
    lettered = {letter.lower() for letter in LETTERED.findall(text)}
    return frozenset(number for number in found if number[:1].isdigit()) | lettered

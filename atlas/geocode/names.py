"""Street names as people write them, and the words that two spellings of one share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from atlas.gazetteer.names import ADDITIONS, name_words
from atlas.text import fold

MAX_LENGTH: Final = 200
"""Whatever is longer is no part of an address."""

_BESIDE_TOWN = ADDITIONS | {"a", "d", "an", "der", "am", "see", "stadt", "hansestadt", "gemeinde"}
_SPELLED_OUT = {"st": "sankt", "skt": "sankt", "v": "von", "d": "der", "gr": "grosse",
                "kl": "kleine"}  # fmt: skip
_CORNER = re.compile(r"/|\b[Ee]cke\b|\b[Kk]reuzung\b")
_SQUARE = re.compile(r"(?<=[^\W\d_]{3})pl\.", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)")
_GLUED = re.compile(r"(?<=[^\W\d])(\.?)(?=\d)")
_NUMBER = re.compile(r"\d{1,4}[a-z]?(?:[-–/+&]\d{0,4}[a-z]?)*", re.IGNORECASE)
_BESIDE_NUMBER = re.compile(r"[-–/+&]|[a-z]|nr\.?|hausnr\.?|hausnummer|bis|und", re.IGNORECASE)


def without_number(street: str) -> tuple[str, str]:
    """Return street and house number of one line; ``Straße des 17. Juni`` has none."""
    words = _GLUED.sub(r"\1 ", street[:MAX_LENGTH]).split()
    last = len(words)
    while last > 1 and (_NUMBER.fullmatch(words[last - 1]) or _beside_number(words[last - 1])):
        last -= 1
    # "Weg a": a letter alone is no house number.
    if not any(char.isdigit() for word in words[last:] for char in word):
        return " ".join(words), ""
    return " ".join(words[:last]).rstrip(" ,"), " ".join(words[last:])


def _beside_number(word: str) -> bool:
    return _BESIDE_NUMBER.fullmatch(word) is not None


def street_names(street: str) -> tuple[str, ...]:
    """Return the streets that a line names, house numbers left out: one, or those of a corner."""
    names = []
    for part in _CORNER.split(without_number(_BRACKETS.sub(" ", street[:MAX_LENGTH]))[0]):
        name, _ = without_number(" ".join(part.replace(",", " ").split()))
        if name.strip(" .-"):
            names.append(name.strip())
    return tuple(names)


@lru_cache(maxsize=50_000)
def key(name: str) -> tuple[str, ...]:
    """
    Return the words of a name so that two spellings have the same.

    ``Musfeldstr.`` and ``Musfeldstraße`` do, ``St.-Annen-Str.`` and ``Sankt-Annen-Straße``
    too, ``Muehlenweg`` and ``Mühlenweg``, ``Bahnhofs-Platz`` and ``Bahnhofsplatz`` do not.
    """
    whole = _SQUARE.sub("platz ", name[:MAX_LENGTH])
    return tuple(_SPELLED_OUT.get(word, word) for word in name_words(whole))


def bare_town(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a town's name without what is added to tell it from its namesakes."""
    return tuple(word for word in words if word not in _BESIDE_TOWN) or words


def normalised(text: str) -> str:
    """Return ``text`` folded, one blank between words: the same question is asked once."""
    return " ".join(fold(text[:MAX_LENGTH]).split())

"""What an entry of a closed code list is: a code with its two labels, and what it knows besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")


@dataclass(frozen=True, slots=True)
class Term:
    """One code of a closed list with its two labels."""

    code: str
    de: str
    en: str

    def label(self, language: Language) -> str:
        """Return the label in ``language``."""
        return self.en if language == "en" else self.de


@dataclass(frozen=True, slots=True)
class TypeGroup(Term):
    """A group of types for people; ``letter`` is drawn inside the symbol on the map."""

    letter: str


@dataclass(frozen=True, slots=True)
class SpaceType(Term):
    """What a space is, or was built as; ``group`` is the code of its :class:`TypeGroup`."""

    group: str


@dataclass(frozen=True, slots=True)
class Indicator(Term):
    """A figure of an area; ``unit`` as it is written, ``decimals`` as it is shown."""

    unit: str
    decimals: int


TermT = TypeVar("TermT", bound=Term)


def index(*terms: TermT) -> dict[str, TermT]:
    """Return the terms by code, in their order."""
    return {term.code: term for term in terms}

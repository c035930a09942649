"""Which figure of an area is meant: an indicator and, where it is split, a group."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from atlas import vocabulary as v
from atlas.analysis.compare import MOST
from atlas.analysis.facts import CREATIVE_GROUPS, GROUPS
from atlas.analysis.figures import FULLY_VACANT
from atlas.query.url import FIGURE, PLACE, TOWN, Params, clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

GROUPS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(v.INDICATORS, ("",)),
    **dict.fromkeys(("spaces", "spaces_per_10000", "spaces_per_km2"), GROUPS),
    "location_quotient": CREATIVE_GROUPS,
    "vacancy_rate": ("", FULLY_VACANT),
}
"""The groups of each indicator, the usual one first."""
_SEPARATOR: Final = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """
    One figure.

    Attributes
    ----------
    indicator
        Code of `atlas.vocabulary.INDICATORS`.
    group
        One of `GROUPS_OF` the indicator.
    """

    indicator: str = "spaces_per_10000"
    group: str = ""

    @classmethod
    def of(cls, indicator: str, group: str = "") -> Choice:
        """Return the figure; an unknown indicator or group gives the usual one."""
        known = indicator if indicator in GROUPS_OF else cls().indicator
        groups = GROUPS_OF[known]
        return cls(known, group if group in groups else groups[0])

    @classmethod
    def read(cls, text: str) -> Choice:
        """Return the figure that :attr:`param` names; anything else gives the usual one."""
        indicator, _, group = text.partition(_SEPARATOR)
        return cls.of(indicator, group)

    @property
    def param(self) -> str:
        """Name in links and files."""
        return f"{self.indicator}{_SEPARATOR}{self.group}" if self.group else self.indicator

    def rows(self, tidy: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of this figure, one per area, in the order of ``tidy``."""
        chosen = (tidy["indicator"] == self.indicator) & (tidy["group"] == self.group)
        return tidy[chosen].reset_index(drop=True)


_USUAL: Final = Choice()
_KEY: Final = re.compile(r"[0-9a-f]{8,10}")
_NAME_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class PlacesAsked:
    """
    Places to compare and the figure that is drawn of them; hashable.

    Attributes
    ----------
    keys
        Keys as `atlas.analysis.compare.comparable` gives them; up to `MOST`, each once, as
        `from_params` reads them.
    surplus, repeated, unreadable
        Keys of a link beyond `MOST`, those it names more than once, and what has not the form
        of a key, perhaps a name: no part of the question, but whoever answers it says so.
    """

    keys: tuple[str, ...] = ()
    choice: Choice = _USUAL
    surplus: tuple[str, ...] = field(default=(), compare=False)
    repeated: tuple[str, ...] = field(default=(), compare=False)
    unreadable: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]]) -> PlacesAsked:
        """Read a link. Nothing raises."""
        read = Params(params)
        named = read.values(PLACE)
        counts = Counter(key for key in named if _KEY.fullmatch(key))
        keys = tuple(counts)
        repeated = tuple(key for key, count in counts.items() if count > 1)
        unreadable = tuple(dict.fromkeys(filter(None, map(_unreadable, named))))
        choice = Choice.read(_last(read, FIGURE))
        return cls(keys[:MOST], choice, keys[MOST:], repeated, unreadable)

    def to_params(self) -> dict[str, list[str]]:
        """Return what `from_params` reads back; the usual figure is left out."""
        places = {PLACE: list(self.keys)} if self.keys else {}
        return {**places, **_figure(self.choice)}


@dataclass(frozen=True, slots=True)
class TownAsked:
    """
    The municipality of a profile and the figure that colours its map; hashable.

    Attributes
    ----------
    ags
        Key of the municipality, empty for none.
    unreadable
        What the link names instead and has not the form of a key: no part of the question.
    """

    ags: str = ""
    choice: Choice = _USUAL
    unreadable: str = field(default="", compare=False)

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]]) -> TownAsked:
        """Read a link. Nothing raises."""
        read = Params(params)
        ags = _last(read, TOWN)
        key = ags if _KEY.fullmatch(ags) else ""
        return cls(key, Choice.read(_last(read, FIGURE)), _unreadable(ags))

    def to_params(self) -> dict[str, list[str]]:
        """Return what `from_params` reads back; the usual figure is left out."""
        town = {TOWN: [self.ags]} if self.ags else {}
        return {**town, **_figure(self.choice)}


def _unreadable(text: str) -> str:
    """Return a text that is no key, fit to be shown or to be looked up as a name; else empty."""
    return "" if _KEY.fullmatch(text) else clean_text(text, length=_NAME_LENGTH)


def _figure(choice: Choice) -> dict[str, list[str]]:
    return {} if choice == _USUAL else {FIGURE: [choice.param]}


def _last(read: Params, name: str) -> str:
    return next(reversed(read.values(name)), "")

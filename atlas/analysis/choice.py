"""Which figure of an area is meant: an indicator and, where it is split, a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas import vocabulary as v
from atlas.analysis.facts import CREATIVE_GROUPS, GROUPS
from atlas.analysis.figures import FULLY_VACANT

if TYPE_CHECKING:
    from collections.abc import Mapping

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

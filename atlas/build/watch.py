"""Who watches a build: a progress bar, or nobody."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """What a build tells while it works; both calls return at once."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step of ``total`` units, ``None`` if nobody knows how many."""

    def advance(self, units: int) -> None:
        """Tell that ``units`` more of the step are done."""


class Nobody:
    """Watches without showing anything."""

    def step(self, name: str, total: int | None = None) -> None:
        """Do nothing."""

    def advance(self, units: int) -> None:
        """Do nothing."""

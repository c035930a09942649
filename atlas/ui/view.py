"""One run of a page: the table, the question, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from atlas.current import Snapshot
    from atlas.provenance import Registry
    from atlas.query import Filters, Order, WordIndex
    from atlas.settings import Settings
    from atlas.store import Atlas
    from atlas.vocabulary import Language


@dataclass(frozen=True)
class Data:
    """The table and what is built from it once, each part at its first use."""

    snapshot: Snapshot

    @property
    def atlas(self) -> Atlas:
        """Return the table."""
        return self.snapshot.atlas

    @property
    def words(self) -> WordIndex:
        """Return the word index."""
        return self.snapshot.words

    @property
    def registry(self) -> Registry:
        """Return the sources."""
        return self.atlas.registry


@dataclass(frozen=True)
class View:
    """
    One run of a page: the table, the question, and the answer.

    The answer is computed where it is first read: the map filters in the browser, so
    its message leaves before.

    Attributes
    ----------
    space
        Position of the row whose detail is open, or ``None``.
    """

    data: Data
    settings: Settings
    filters: Filters
    language: Language
    today: dt.date
    sort: Order
    space: int | None
    show: bool

    @cached_property
    def mask(self) -> pd.Series:
        """Return which rows match."""
        return self.data.snapshot.mask(self.filters, today=self.today)

    @cached_property
    def rows(self) -> list[int]:
        """Return the positions of the rows that match, in the chosen order."""
        return self.data.snapshot.rows(self.filters, today=self.today, by=self.sort)

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Return per filter how many spaces each option would show."""
        return self.data.snapshot.facets(self.filters, today=self.today)

    @property
    def space_id(self) -> str:
        """Return the key of the open space, empty if none is open."""
        return "" if self.space is None else str(self.atlas.spaces["space_id"].iloc[self.space])

    @property
    def atlas(self) -> Atlas:
        """Return the table."""
        return self.data.atlas

"""The filters of a loaded table, answered by the database that it was loaded from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from atlas.database.derived import rows_digest, words_digest
from atlas.database.filters import where

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from atlas.database.shared import Shared
    from atlas.query import Filters, WordIndex


class Questions:
    """
    Asks the database which rows of a table pass.

    Parameters
    ----------
    shared
        The version that ``spaces`` was loaded from.
    spaces
        The table of `atlas.store.load`.
    districts
        Municipality key → district key, as ``spaces`` has them.
    words
        Returns the word index of ``spaces``; called when a text is searched.
    """

    def __init__(
        self,
        shared: Shared,
        spaces: pd.DataFrame,
        *,
        districts: Mapping[str, str],
        words: Callable[[], WordIndex],
    ) -> None:
        self._shared = shared
        self._spaces = spaces
        self._words = words
        self._districts = districts

    def mask(self, filters: Filters, *, today: dt.date) -> pd.Series | None:
        """
        Return which spaces pass all filters, as `atlas.query.apply` does.

        Returns
        -------
        passes
            bool; n rows, index and order of the table. ``None`` where the database cannot
            tell: the version is deleted by now, or another release of the program wrote it
            and derived other values.

        Raises
        ------
        AtlasError
            As `atlas.database.connect.asked`.
        """
        if not filters.is_active:
            return pd.Series(data=True, index=self._spaces.index)
        has_text = "text" in filters.active_fields
        if not self._agrees or (has_text and not self._words_agree):
            return None
        condition = where(
            filters, version_id=self._shared.id, today=today, words=self._words,
            districts=self._districts,
        )  # fmt: skip
        found = self._shared.positions(condition)
        if found is None:
            return None
        passes = np.zeros(len(self._spaces), dtype=bool)
        passes[found] = True
        return pd.Series(passes, index=self._spaces.index)

    @cached_property
    def _agrees(self) -> bool:
        return rows_digest(self._spaces) == self._shared.rows_digest

    @cached_property
    def _words_agree(self) -> bool:
        return words_digest(self._words()) == self._shared.words_digest

"""
The table as the files are now, shared by pages and routes of one process.

Each question looks at the time and size of the input files (some ten of them), and asks
a shared database which table counts; when that changes, it gets the new table, without a
restart.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar, cast
from weakref import WeakValueDictionary

import numpy as np
import pandas as pd

from atlas.database import shelf
from atlas.query import WordIndex, apply, facets, order
from atlas.store import keep, load
from atlas.stored import POINTER
from atlas.stored.kept import Kept

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable

    import numpy.typing as npt

    from atlas.database.question import Questions
    from atlas.database.shared import Shared
    from atlas.query import Filters, Order
    from atlas.settings import Settings
    from atlas.store import Atlas

MadeT = TypeVar("MadeT")
_ANSWERS: Final = 64  # questions whose answer is kept; sessions ask the same ones


class Snapshot:
    """
    One version of the table with everything computed from it.

    Parameters
    ----------
    atlas
        The table.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._made: dict[str, object] = {}
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        # One lock per question that somebody is answering; gone with the last who waits.
        self._asked: WeakValueDictionary[Hashable, threading.RLock] = WeakValueDictionary()
        self._locks: dict[str, threading.RLock] = {}
        self._lock = threading.Lock()

    def once(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """Return what ``make`` returns, made at the first question for ``name``."""
        with self._lock:
            # One lock per name: who needs the table does not wait for the word index.
            lock = self._locks.setdefault(name, threading.RLock())
        with lock:
            if name not in self._made:
                self._made[name] = make()
            return cast("MadeT", self._made[name])

    def answer(self, question: Hashable, make: Callable[[], MadeT]) -> MadeT:
        """
        Return the answer to ``question``, computed once also if several ask at once.

        Parameters
        ----------
        question
            Names what is computed and from which parameters; equal questions share one
            answer, which nobody may change. The newest `_ANSWERS` are kept.
        make
            Computes the answer. If it fails, who waited computes for himself: a session
            that was closed meanwhile does not spoil the answer of another one.
        """
        with self._lock:
            lock = self._asked.setdefault(question, threading.RLock())
        with lock:
            with self._lock:
                if question in self._answers:
                    self._answers.move_to_end(question)
                    return cast("MadeT", self._answers[question])
            made = make()
            with self._lock:
                self._answers[question] = made
                while len(self._answers) > _ANSWERS:
                    self._answers.popitem(last=False)
            return made

    @property
    def words(self) -> WordIndex:
        """Return the word index of the table."""
        return self.once("words", lambda: WordIndex(self.atlas.spaces))

    def _words_for(self, filters: Filters) -> WordIndex:
        """Return the word index, or an empty one where nothing asks for words."""
        if filters.text:
            return self.words
        return self.once("no words", lambda: WordIndex(self.atlas.spaces.iloc[:0]))

    def mask(self, filters: Filters, *, today: dt.date) -> pd.Series:
        """Return `atlas.query.apply`; sessions share the answer, nobody changes it."""
        return self.answer(
            ("mask", filters, today),
            lambda: self._passing(filters, today=today),
        )

    def _passing(self, filters: Filters, *, today: dt.date) -> pd.Series:
        """Ask the database that the table is from; in memory where there is none."""
        if self.atlas.shared is not None:
            mask = self.once("questions", self._questions).mask(filters, today=today)
            if mask is not None:
                return mask
        return apply(self.atlas.spaces, filters, today=today, words=self._words_for(filters))

    def _questions(self) -> Questions:
        from atlas.database.question import Questions  # noqa: PLC0415 - its libraries are an extra

        atlas = self.atlas
        towns = dict(zip(atlas.municipalities["ags"], atlas.municipalities["district_code"],
                         strict=True))  # fmt: skip
        return Questions(
            cast("Shared", atlas.shared), atlas.spaces, districts=towns, words=lambda: self.words
        )

    def facets(self, filters: Filters, *, today: dt.date) -> dict[str, dict[str, int]]:
        """Return `atlas.query.facets`; sessions share the answer, nobody changes it."""
        return self.answer(
            ("facets", filters, today),
            lambda: facets(self.atlas.spaces, filters, today=today, words=self._words_for(filters)),
        )

    def ranking(self, by: Order) -> npt.NDArray[np.intp]:
        """Return the positions of all rows in an order that no filter changes."""
        everything = pd.Series(data=True, index=self.atlas.spaces.index)
        return self.once(
            f"ranking {by}",
            lambda: np.array(order(self.atlas.spaces, everything, by=by), dtype=np.intp),
        )

    def rows(self, filters: Filters, *, today: dt.date, by: Order) -> list[int]:
        """Return the positions of the rows that pass, as `atlas.query.order` lists them."""
        mask = self.mask(filters, today=today)
        if by == "distance":
            return order(self.atlas.spaces, mask, by=by, near=filters.near)
        ranking = self.ranking(by)
        positions: list[int] = ranking[mask.to_numpy()[ranking]].tolist()
        return positions


class Current:
    """
    The newest snapshot of a data folder; safe to ask from several threads.

    Parameters
    ----------
    settings
        For the folder.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._signature: tuple[object, ...] = ()

    def snapshot(self) -> Snapshot:
        """
        Return the snapshot of the files, or of the database, as they are now.

        Raises
        ------
        AtlasError
            If it cannot be loaded, or the database is away; the next question tries again.
        """
        with self._lock:
            signature = _signature(self.settings)
            if self._snapshot is None or signature != self._signature:
                self._snapshot = Snapshot(load(self.settings, keeping=True))
                self._signature = signature
            return self._snapshot

    def keep(self) -> None:
        """Keep the table for the next start, if the files have not changed since it was read."""
        with self._lock:
            snapshot = self._snapshot
        if snapshot is not None and self.kept(snapshot) is not None:
            keep(snapshot.atlas, self.settings)

    def kept(self, snapshot: Snapshot) -> Kept | None:
        """Return where to keep what follows from ``snapshot``; ``None`` if it may be mixed."""
        with self._lock:
            # The signature was taken before the files were read: they are still the same.
            is_whole = snapshot is self._snapshot and self._signature == _signature(self.settings)
        return Kept(self.settings.cache_dir, snapshot.atlas.version) if is_whole else None


@cache
def current(settings: Settings) -> Current:
    """Return the one `Current` of this process for ``settings``."""
    return Current(settings)


def _signature(settings: Settings) -> tuple[object, ...]:
    folder = settings.data_dir
    pointer = settings.table_folder / POINTER
    files = [*sorted([*folder.glob("*.*"), *folder.glob("geo/*.*")]), pointer]
    stats = [(path, path.stat()) for path in files if path.is_file()]
    seen = ((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
    return (*shelf.mark(settings), *seen)

"""
The table as the files are now, shared by pages and routes of one process.

Each question looks at the time and size of the input files (some ten of them); when
they change, it gets the new table, without a restart.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

from atlas.query import WordIndex
from atlas.store import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from atlas.settings import Settings
    from atlas.store import Atlas

MadeT = TypeVar("MadeT")


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
        self._lock = threading.RLock()

    def once(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """Return what ``make`` returns, made at the first question for ``name``."""
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return cast("MadeT", self._made[name])

    @property
    def words(self) -> WordIndex:
        """Return the word index of the table."""
        return self.once("words", lambda: WordIndex(self.atlas.spaces))


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
        Return the snapshot of the files as they are now.

        Raises
        ------
        AtlasError
            If the files cannot be loaded; the next question tries again.
        """
        with self._lock:
            signature = _signature(self.settings.data_dir)
            if self._snapshot is None or signature != self._signature:
                self._snapshot = Snapshot(load(self.settings))
                self._signature = signature
            return self._snapshot


@cache
def current(settings: Settings) -> Current:
    """Return the one `Current` of this process for ``settings``."""
    return Current(settings)


def _signature(folder: Path) -> tuple[object, ...]:
    files = sorted([*folder.glob("*.*"), *folder.glob("geo/*.*")])
    stats = [(path, path.stat()) for path in files if path.is_file()]
    return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in stats)

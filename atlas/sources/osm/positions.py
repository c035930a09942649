"""Where points lie, by number: two small arrays, on disk if there are very many."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

SCALE: Final = 10_000_000
"""OpenStreetMap keeps degrees as whole numbers of this part."""
ON_DISK: Final = 30_000_000
"""More points than these, some 240 MB, lie in a temporary file."""
_BATCH: Final = 65_536
_UNKNOWN: Final = np.iinfo(np.int32).min


class Positions:
    """
    Positions of a fixed set of points.

    Parameters
    ----------
    numbers
        Their numbers, ascending, each once.
    on_disk
        From how many points on they are kept in a file.
    """

    def __init__(self, numbers: np.ndarray, *, on_disk: int = ON_DISK) -> None:
        self._numbers = numbers
        self._xy = self._room(len(numbers), on_disk)
        self._xy[:] = _UNKNOWN
        self._batch: list[tuple[int, int, int]] = []

    def add(self, number: int, x: int, y: int) -> None:
        """Take in a position in `SCALE` parts of a degree; other points are ignored."""
        self._batch.append((number, x, y))
        if len(self._batch) >= _BATCH:
            self.settle()

    def settle(self) -> None:
        """Sort in what was added; needed once after the last point, in any order of numbers."""
        if not self._batch or not len(self._numbers):
            return
        added = np.array(self._batch, dtype=np.int64)
        self._batch.clear()
        places = np.searchsorted(self._numbers, added[:, 0]).clip(max=len(self._numbers) - 1)
        known = self._numbers[places] == added[:, 0]
        self._xy[places[known]] = added[known, 1:]

    def line(self, numbers: Sequence[int]) -> list[tuple[float, float]]:
        """Return (lon, lat) of the points that are known, in the order of ``numbers``."""
        wanted = np.asarray(numbers, dtype=np.int64)
        if not len(wanted) or not len(self._numbers):
            return []
        places = np.searchsorted(self._numbers, wanted).clip(max=len(self._numbers) - 1)
        found = np.asarray(self._xy[places])
        known = (self._numbers[places] == wanted) & (found[:, 0] != _UNKNOWN)
        return [(x / SCALE, y / SCALE) for x, y in found[known].tolist()]

    def _room(self, count: int, on_disk: int) -> np.ndarray:
        if count < max(on_disk, 1):
            return np.empty((count, 2), dtype=np.int32)
        with tempfile.TemporaryFile() as file:  # the map keeps it open, and nothing else
            return np.memmap(file, dtype=np.int32, mode="w+", shape=(count, 2))

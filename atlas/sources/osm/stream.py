"""The passes over an extract: each streams the file and keeps what is asked for."""

from __future__ import annotations

import datetime as dt
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from atlas.sources.osm.cells import clean
from atlas.sources.osm.outline import NODE_M, Spot, spot_at
from atlas.sources.osm.positions import SCALE, Positions
from atlas.sources.osm.selection import is_selected, keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    import osmium

    Input = osmium.io.File | osmium.io.FileBuffer

_EPOCH: Final = "1970-01-01T00:00:00Z"  # what a file without time stamps says
_KINDS: Final = {"n": "node", "w": "way", "r": "relation"}


class Progress(Protocol):
    """What reading tells: the passes over the file, and the objects kept in each."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a pass."""

    def advance(self, units: int) -> None:
        """Tell that ``units`` more objects were kept."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a relation: node or way."""

    kind: str
    ref: int
    role: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A selected object; its place is not known yet, unless it is a node."""

    kind: str
    number: int
    tags: Mapping[str, str]
    timestamp: str
    spot: Spot | None = None
    points: array[int] = field(default_factory=lambda: array("q"))
    members: tuple[Member, ...] = ()


class Stream:
    """
    The passes over a file.

    Parameters
    ----------
    source
        Opens the file anew for every pass.
    library
        The module ``osmium``.
    """

    def __init__(
        self,
        source: Callable[[], Input],
        library: Any,  # noqa: ANN401 - a module
        progress: Progress | None,
    ) -> None:
        self._open = source
        self._osmium = library
        self._pool = library.io.ThreadPool()
        self._progress = progress
        self.unreadable: list[str] = []

    def day(self) -> dt.date | None:
        """Return the day of the data that the head of the file tells."""
        reader = self._osmium.io.Reader(self._open(), self._osmium.osm.NOTHING, self._pool)
        try:
            stated = reader.header().get("osmosis_replication_timestamp")
        finally:
            reader.close()
        try:
            return dt.date.fromisoformat(stated[:10])
        except ValueError:
            return None

    def selected(self) -> list[StoredObject]:
        """Return the objects that the tables select."""
        keyed = self._osmium.filter.KeyFilter(*sorted(keys()))
        found = []
        for one in self._pass("tags", self._osmium.osm.ALL, keyed):
            kind = _KINDS.get(one.type_str())
            if kind is None or one.deleted:
                continue
            if one.id <= 0:  # drafts of an editor, never part of the map
                self.unreadable.append(f"{kind}/{one.id}")
                continue
            try:
                tags = clean({tag.k: tag.v for tag in one.tags})
                stored = _object(one, kind, tags) if is_selected(tags) else None
            except UnicodeDecodeError:  # one bad text does not spoil the file
                self.unreadable.append(f"{kind}/{one.id}")
                continue
            if stored:
                found.append(stored)
                self._told(1)
        return found

    def lines(self, numbers: set[int]) -> dict[int, array[int]]:
        """Return the points of the ways with these numbers."""
        if not numbers:
            return {}
        wanted = self._osmium.filter.IdFilter(sorted(numbers))
        ways = self._pass("ways", self._osmium.osm.WAY, wanted)
        return {way.id: _refs(way) for way in ways}

    def positions(self, numbers: np.ndarray) -> Positions:
        """Return the positions of the points with these numbers."""
        found = Positions(numbers)
        if len(numbers):
            wanted = self._osmium.filter.IdFilter(map(int, numbers))
            for node in self._pass("nodes", self._osmium.osm.NODE, wanted):
                if node.location.valid():
                    found.add(node.id, node.location.x, node.location.y)
        found.settle()
        return found

    def _pass(self, name: str, entities: Any, chosen: Any) -> Iterator[Any]:  # noqa: ANN401
        if self._progress:
            self._progress.step(name)
        processor = self._osmium.FileProcessor(self._open(), entities, self._pool)
        yield from processor.with_filter(chosen)

    def _told(self, units: int) -> None:
        if self._progress:
            self._progress.advance(units)


def _object(one: Any, kind: str, tags: Mapping[str, str]) -> StoredObject:  # noqa: ANN401 - osmium
    stamp = one.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    known = {"kind": kind, "number": one.id, "tags": tags, "timestamp": stamp}
    if stamp == _EPOCH:
        known["timestamp"] = ""
    if kind == "node":
        location = one.location
        if location.valid():
            known["spot"] = spot_at(location.y / SCALE, location.x / SCALE, NODE_M)
    elif kind == "way":
        known["points"] = _refs(one)
    else:
        known["members"] = tuple(
            Member(member.type, member.ref, member.role)
            for member in one.members if member.type in "nw" and member.ref > 0
        )  # fmt: skip
    return StoredObject(**known)


def _refs(way: Any) -> array[int]:  # noqa: ANN401 - osmium
    return array("q", [node.ref for node in way.nodes if node.ref > 0])

"""
An OpenStreetMap extract made by us, of any size, and how much memory reading it takes.

    python -m benchmarks.build.pbf FILE        reads it, prints the figures as JSON

The mix is that of real extracts: most objects are bare points of lines, one in a hundred is
what the atlas looks for.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import osmium
from osmium.osm import mutable

from atlas.provenance import Registry
from atlas.settings import Settings
from atlas.sources.osm import extract
from benchmarks.core import peak_memory_mb

if TYPE_CHECKING:
    from collections.abc import Iterator

STAMP: Final = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
WAYS: Final = 0.118
RELATIONS: Final = 0.002
POINTS_OF_A_WAY: Final = 5
SHARE: Final = 0.01
_WANTED: Final = (
    {"amenity": "theatre"}, {"shop": "vacant"}, {"tourism": "gallery"}, {"amenity": "arts_centre"},
    {"building": "industrial", "disused": "yes"}, {"amenity": "cinema"}, {"tourism": "museum"},
)  # fmt: skip
_OTHER: Final = ({"natural": "tree"}, {"highway": "crossing"}, {"amenity": "bench"})
_LINES: Final = ({"highway": "residential"}, {"building": "yes"}, {"landuse": "forest"})
_ROOM: Final = (6.4, 51.2, 7.9, 51.7)


def write(path: Path, objects: int, *, wanted: int, seed: int = 3) -> Path:
    """Write an extract with ``objects`` objects, ``wanted`` of them what the atlas looks for."""
    rng = np.random.default_rng(seed)
    ways, relations = round(objects * WAYS), round(objects * RELATIONS)
    nodes = objects - ways - relations
    chosen = np.zeros(objects, dtype=bool)
    chosen[rng.choice(objects, wanted, replace=False)] = True
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2026-11-20T20:15:00Z")
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for node in _nodes(nodes, chosen, rng):
            writer.add_node(node)
        for way in _ways(ways, nodes, chosen[nodes:], rng):
            writer.add_way(way)
        for number in range(relations):
            at = nodes + ways + number
            members = [("w", int(way) + 1, "outer") for way in rng.integers(ways, size=2)]
            writer.add_relation(
                mutable.Relation(id=number + 1, version=1, timestamp=STAMP, members=members,
                                 tags=_tags(number, chosen=bool(chosen[at]), other=_LINES,
                                            kind="multipolygon"))
            )  # fmt: skip
    return path


def _nodes(count: int, chosen: np.ndarray, rng: np.random.Generator) -> Iterator[mutable.Node]:
    west, south, east, north = _ROOM
    places = rng.uniform((west, south), (east, north), (count, 2)).round(7)
    tagged = rng.random(count) < 0.03
    for number in range(count):
        tags = {}
        if chosen[number] or tagged[number]:
            tags = _tags(number, chosen=bool(chosen[number]), other=_OTHER)
        yield mutable.Node(id=number + 1, version=1, timestamp=STAMP, tags=tags,
                           location=tuple(places[number]))  # fmt: skip


def _ways(
    count: int, nodes: int, chosen: np.ndarray, rng: np.random.Generator
) -> Iterator[mutable.Way]:
    starts = rng.integers(1, nodes - POINTS_OF_A_WAY, count)
    for number in range(count):
        first = int(starts[number])
        line = [*range(first, first + POINTS_OF_A_WAY - 1), first]
        tags = _tags(number, chosen=bool(chosen[number]), other=_LINES)
        yield mutable.Way(id=number + 1, version=1, timestamp=STAMP, nodes=line, tags=tags)


def _tags(
    number: int, *, chosen: bool, other: tuple[dict[str, str], ...], kind: str = ""
) -> dict[str, str]:
    tags = dict((_WANTED if chosen else other)[number % len(_WANTED if chosen else other)])
    if chosen:
        tags |= {"name": f"Haus {number}", "addr:street": "Hauptstraße",
                 "addr:housenumber": str(number % 90 + 1)}  # fmt: skip
    return tags | ({"type": kind} if kind else {})


def measure(path: Path) -> dict[str, float]:
    """Read an extract; return seconds, rows and the memory that reading took."""
    source = Registry.load(Settings().data_dir).get("osm_extract")
    before = peak_memory_mb()
    began = time.perf_counter()
    found = extract.read(path, source=source)
    return {
        "seconds": time.perf_counter() - began,
        "rows": len(found.cells),
        "faults": len(found.faults),
        "base_mb": before,
        "peak_mb": peak_memory_mb(),
        "file_mb": path.stat().st_size / 2**20,
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))

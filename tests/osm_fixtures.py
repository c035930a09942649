"""Helpers for tests about OpenStreetMap: a registry entry, an answer of ours, a file from it."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

import osmium
from osmium.osm import mutable

from atlas.provenance import Source

DATA = Path(__file__).resolve().parent / "data" / "osm"
ANSWER = (DATA / "overpass.json").read_bytes()


def registered(source_id: str = "overpass") -> Source:
    """Return a registry entry as the adapters take it."""
    texts = dict.fromkeys(Source.__slots__, "")
    return Source(**{**texts, "id": source_id, "licence_published": "ODbL-1.0",
                     "lineage": "crowd", "role": ("rows",)})  # fmt: skip


def answer(*elements: dict[str, Any], **head: Any) -> bytes:
    """Return an answer of Overpass with these elements."""
    stamp = {"timestamp_osm_base": "2026-11-20T20:15:00Z"}
    return json.dumps({"osm3s": stamp, "elements": list(elements), **head}).encode()


def elements() -> list[dict[str, Any]]:
    """Return the elements of our answer, to be changed."""
    return copy.deepcopy(json.loads(ANSWER)["elements"])


class Extract:
    """
    An extract in the making.

    Points of lines get numbers of their own, one per position.
    """

    def __init__(self) -> None:
        self.nodes: dict[int, mutable.Node] = {}
        self.ways: dict[int, mutable.Way] = {}
        self.relations: dict[int, mutable.Relation] = {}
        self._points: dict[tuple[float, float], int] = {}

    def add(self, element: dict[str, Any]) -> None:
        """Take in an element of an answer of Overpass."""
        stamp = dt.datetime.fromisoformat(element["timestamp"])
        known = {"id": element["id"], "version": 1, "timestamp": stamp, "user": "kartierer",
                 "tags": element["tags"]}  # fmt: skip
        if element["type"] == "node":
            place = (element["lon"], element["lat"])
            self.nodes[element["id"]] = mutable.Node(location=place, **known)
        elif element["type"] == "way":
            self.ways[element["id"]] = mutable.Way(nodes=self._line(element), **known)
        else:
            members = [self._member(member) for member in element["members"]]
            self.relations[element["id"]] = mutable.Relation(members=members, **known)

    def write(self, path: Path, *, stamp: str = "2026-11-20T20:15:00Z") -> Path:
        """Write the file, sorted as extracts are."""
        header = osmium.io.Header()
        if stamp:
            header.set("osmosis_replication_timestamp", stamp)
        writer = osmium.SimpleWriter(str(path), header=header)
        for add, objects in (
            (writer.add_node, self.nodes), (writer.add_way, self.ways),
            (writer.add_relation, self.relations),
        ):  # fmt: skip
            for number in sorted(objects):
                add(objects[number])
        writer.close()
        return path

    def _line(self, element: dict[str, Any]) -> list[int]:
        return [self._point(one["lon"], one["lat"]) for one in element["geometry"]]

    def _point(self, lon: float, lat: float) -> int:
        number = self._points.setdefault((lon, lat), 9_000_000_000 + len(self._points))
        self.nodes.setdefault(number, mutable.Node(id=number, version=1, location=(lon, lat)))
        return number

    def _member(self, member: dict[str, Any]) -> tuple[str, int, str]:
        number = member["ref"]
        if member["type"] == "node":
            point = (member["lon"], member["lat"])
            self.nodes[number] = mutable.Node(id=number, version=1, location=point)
        else:
            self.ways[number] = mutable.Way(id=number, version=1, nodes=self._line(member))
        return member["type"][0], number, member["role"]


def extract_of(path: Path, listed: list[dict[str, Any]], **changes: str) -> Path:
    """Write an extract with the same objects as an answer."""
    made = Extract()
    for element in listed:
        made.add(element)
    return made.write(path, **changes)

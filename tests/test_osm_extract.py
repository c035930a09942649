"""Extracts: the same rows as from Overpass, from a file of any size, or none from a broken one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from osm_fixtures import ANSWER, Extract, answer, elements, extract_of, registered
from osmium.osm import mutable

from atlas.errors import ConfigError, SourceFormatError, SourceUnavailableError
from atlas.sources.osm import extract, overpass
from atlas.sources.osm.positions import Positions

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = registered()


def test_an_extract_gives_the_same_cells_as_overpass(tmp_path: Path) -> None:
    listed = sorted(elements(), key=lambda one: (("node", "way", "relation").index(one["type"]),
                                                 one["id"]))  # fmt: skip
    live = overpass.parse(answer(*listed), source=SOURCE)
    path = extract_of(tmp_path / "a.osm.pbf", listed)
    stored = extract.read(path, source=SOURCE)
    # Overpass tells why an object that was asked for is no row; what no table selects is not
    # read from a file in the first place.
    columns = [name for name in live.cells if name != "space_id"]
    expected = live.cells[columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(stored.cells[columns].reset_index(drop=True), expected)
    assert set(stored.faults["code"]) <= set(live.faults["code"])
    assert len(stored.cells) > 10


def test_bytes_and_file_give_the_same(tmp_path: Path) -> None:
    path = extract_of(tmp_path / "a.osm.pbf", elements())
    stored = extract.read(path, source=SOURCE)
    pd.testing.assert_frame_equal(
        extract.parse(path.read_bytes(), source=SOURCE).cells, stored.cells
    )


def test_a_region_takes_what_lies_in_it(tmp_path: Path) -> None:
    path = extract_of(tmp_path / "a.osm.pbf", elements())
    everything = extract.read(path, source=SOURCE).cells
    box = shapely.box(7.04, 51.48, 7.05, 51.50)
    inside = extract.read(path, source=SOURCE, region=box).cells
    expected = everything[
        everything["lon"].astype(float).between(7.04, 7.05)
        & everything["lat"].astype(float).between(51.48, 51.50)
    ]
    assert 0 < len(inside) < len(everything)
    assert inside["source_ref"].tolist() == expected["source_ref"].tolist()


def test_objects_may_come_in_any_order(tmp_path: Path) -> None:
    made = Extract()
    for element in elements():
        made.add(element)
    path = tmp_path / "a.osm.pbf"
    expected = extract.read(made.write(path), source=SOURCE).cells
    import osmium

    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2026-11-20T20:15:00Z")
    with osmium.SimpleWriter(str(tmp_path / "b.osm.pbf"), header=header) as writer:
        for relation in made.relations.values():
            writer.add_relation(relation)
        for way in made.ways.values():
            writer.add_way(way)
        for node in reversed(made.nodes.values()):
            writer.add_node(node)
    turned = extract.read(tmp_path / "b.osm.pbf", source=SOURCE).cells
    pd.testing.assert_frame_equal(turned, expected)


def test_the_day_comes_from_the_head_of_the_file_or_from_outside(tmp_path: Path) -> None:
    path = extract_of(tmp_path / "a.osm.pbf", elements()[:1], stamp="")
    with pytest.raises(SourceFormatError, match="osmosis_replication_timestamp"):
        extract.read(path, source=SOURCE)
    day = dt.date(2026, 1, 2)
    told = extract.read(path, source=SOURCE, retrieved_on=day).cells["retrieved_on"]
    assert told.tolist() == ["2026-01-02"]


def test_a_line_whose_points_are_missing_has_no_place(tmp_path: Path) -> None:
    made = Extract()
    made.ways[5] = mutable.Way(id=5, version=1, nodes=[1, 2, 3, 1],
                               tags={"amenity": "theatre", "name": "Ohne Punkte"})  # fmt: skip
    made.relations[6] = mutable.Relation(id=6, version=1, members=[("w", 99, "outer")],
                                         tags={"amenity": "cinema", "name": "Leer"})  # fmt: skip
    path = made.write(tmp_path / "a.osm.pbf")
    for region in (None, shapely.box(7, 51, 8, 52)):
        taken = extract.read(path, source=SOURCE, region=region)
        assert taken.faults["code"].tolist() == ["no_place", "no_place"]


def test_a_file_without_time_stamps_gives_undated_rows(tmp_path: Path) -> None:
    made = Extract()
    made.nodes[1] = mutable.Node(id=1, location=(7.1, 51.5),
                                 tags={"amenity": "theatre", "name": "Bühne"})  # fmt: skip
    taken = extract.read(made.write(tmp_path / "a.osm.pbf"), source=SOURCE)
    assert taken.cells["observed_on"].isna().all()


def test_a_file_of_nothing_that_is_asked_for_is_no_error(tmp_path: Path) -> None:
    made = Extract()
    made.nodes[1] = mutable.Node(id=1, version=1, location=(7.1, 51.5), tags={"natural": "tree"})
    assert extract.read(made.write(tmp_path / "a.osm.pbf"), source=SOURCE).read == 0


def test_drafts_and_bad_texts_are_malformed_and_the_rest_is_read(tmp_path: Path) -> None:
    import osmium

    path = tmp_path / "a.osm.pbf"
    target = osmium.io.File(str(path), "pbf,pbf_compression=none")
    with osmium.SimpleWriter(target) as writer:
        for number, name in ((-5, "Entwurf"), (1, "KAPUTT"), (2, "Bühne")):
            tags = {"amenity": "theatre", "name": name}
            writer.add_node(mutable.Node(id=number, location=(7.1, 51.5), tags=tags))
    broken = path.read_bytes().replace(b"KAPUTT", b"\xff\xfeAPUT")
    taken = extract.parse(broken, source=SOURCE, retrieved_on=dt.date(2026, 1, 2))
    assert taken.cells["source_ref"].tolist() == ["node/2"]
    assert taken.faults[["name", "code"]].to_numpy().tolist() == [
        ["node/-5", "malformed"], ["node/1", "malformed"],
    ]  # fmt: skip


def test_deleted_objects_are_not_read(tmp_path: Path) -> None:
    import osmium

    path = tmp_path / "a.osh.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(path), "osh.pbf")) as writer:
        tags = {"amenity": "theatre", "name": "Bühne"}
        writer.add_node(mutable.Node(id=1, location=(7.1, 51.5), tags=tags, visible=False))
        writer.add_node(mutable.Node(id=2, location=(7.1, 51.5), tags=tags, visible=True))
    taken = extract.read(path, source=SOURCE, retrieved_on=dt.date(2026, 1, 2))
    assert taken.cells["source_ref"].tolist() == ["node/2"]


def blocks(data: bytes) -> list[int]:
    """Return where the blocks of a file end."""
    ends, place = [], 0
    while place < len(data):
        head = int.from_bytes(data[place : place + 4], "big")
        header = data[place + 4 : place + 4 + head]
        # The last field of a block's head is the length of its body, as a varint.
        size, shift, at = 0, 0, header.rindex(b"\x18") + 1
        for byte in header[at:]:
            size |= (byte & 0x7F) << shift
            shift += 7
        place += 4 + head + size
        ends.append(place)
    return ends


def test_a_cut_is_noticed_wherever_it_is_not_between_blocks(tmp_path: Path) -> None:
    data = extract_of(tmp_path / "a.osm.pbf", elements()).read_bytes()
    ends = blocks(data)
    assert ends[-1] == len(data)
    for length in range(0, len(data), 37):
        if length in ends:
            continue
        with pytest.raises(SourceFormatError):
            extract.parse(data[:length], source=SOURCE)


@pytest.mark.parametrize("content", [b"", b"kein Auszug", ANSWER, b"\x00" * 1000])
def test_what_is_no_extract_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(SourceFormatError, match="overpass"):
        extract.read(path, source=SOURCE)


def test_a_missing_file_or_library_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceUnavailableError, match="nein"):
        extract.read(tmp_path / "nein.osm.pbf", source=SOURCE)
    monkeypatch.setitem(__import__("sys").modules, "osmium", None)
    with pytest.raises(ConfigError, match=r"raumatlas-ruhr\[osm\]"):
        extract.parse(b"x", source=SOURCE)


class Watched:
    def __init__(self) -> None:
        self.steps: list[str] = []
        self.units = 0

    def step(self, name: str, total: int | None = None) -> None:  # noqa: ARG002
        self.steps.append(name)

    def advance(self, units: int) -> None:
        self.units += units


def test_reading_tells_its_passes(tmp_path: Path) -> None:
    watched = Watched()
    path = extract_of(tmp_path / "a.osm.pbf", elements())
    taken = extract.read(path, source=SOURCE, progress=watched)
    assert watched.steps == ["tags", "ways", "nodes"]
    assert watched.units == taken.read


@settings(deadline=None)  # the machine may be busy
@given(
    st.dictionaries(st.integers(1, 2**60), st.tuples(st.integers(-1_800_000_000, 1_800_000_000),
                                                     st.integers(-900_000_000, 900_000_000)),
                    max_size=40),
    st.randoms(use_true_random=False),
    st.sampled_from([1, 1_000]),
)  # fmt: skip
def test_positions_are_found_in_memory_and_on_disk(
    known: dict[int, tuple[int, int]], order: object, on_disk: int
) -> None:
    numbers = np.array(sorted(known), dtype=np.int64)
    kept = Positions(numbers[::2], on_disk=on_disk)
    added = list(known)
    order.shuffle(added)  # type: ignore[attr-defined]
    for number in added:
        kept.add(number, *known[number])
    kept.settle()
    found = kept.line(list(known))
    wanted = set(numbers[::2].tolist())
    assert found == [(known[n][0] / 1e7, known[n][1] / 1e7) for n in known if n in wanted]

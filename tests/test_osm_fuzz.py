"""No bytes and no structure make the OpenStreetMap adapters stumble: at least 10,000 cases each."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import osmium
from hypothesis import given, settings
from hypothesis import strategies as st
from mutation_fixtures import damaged, twisted
from osm_fixtures import ANSWER, Extract, answer, elements, extract_of, registered
from osmium.osm import mutable

from atlas.errors import SourceError
from atlas.schema import types
from atlas.schema.frame import check_columns
from atlas.sources.osm import extract, overpass
from atlas.sources.osm import tags as t
from atlas.sources.osm.meaning import Meaning, meaning
from atlas.sources.osm.selection import keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from atlas.schema import Intake

SOURCE = registered()
CASES = Counter[str]()
LEAST = 10_000
PLACED_BY_THE_BUILD = {"ags", "municipality"}


def is_sound(taken: Intake) -> None:
    """Assert what holds for every intake: counted, and only complete cells of the right type."""
    assert taken.read == len(taken.cells) + len(taken.faults)
    assert taken.cells[["name", "kind", "type", "vacancy", "source_ref"]].notna().all(axis=None)
    typed, malformed = types.parse(taken.cells.reset_index(drop=True))
    assert malformed.empty, malformed
    found = check_columns(typed, taken.cells.reset_index(drop=True))
    # Of the rules of a column, only the length of a text and the region are left to the build.
    left = found[~found["column"].isin(PLACED_BY_THE_BUILD)]
    assert set(left["code"]) <= {"length", "minimum", "maximum"}, left


def survives(parse: Callable[..., Intake], payload: bytes) -> Intake | None:
    """Return what ``parse`` makes of a payload; None if it refuses it as a whole."""
    try:
        return parse(payload, source=SOURCE)
    except SourceError:
        return None


def encoded(tree: Any) -> bytes:
    return json.dumps(tree).encode("utf-8", "surrogatepass")


def test_overpass_survives_damaged_bytes() -> None:
    dice = random.Random(20261122)  # noqa: S311 - repeatable
    small = answer(*elements()[::6])
    kept = 0
    for _ in range(1_500):
        CASES["overpass"] += 1
        taken = survives(overpass.parse, damaged(small, dice))
        kept += taken is not None
    assert kept > 50  # else only the reader of JSON was tested


def test_overpass_survives_twisted_elements() -> None:
    dice = random.Random(7)  # noqa: S311 - repeatable
    listed = elements()
    for _ in range(9):
        batch = [twisted(dice.choice(listed), dice) for _ in range(900)]
        for number, one in enumerate(batch, start=1):
            # Most keep a number of their own, so that they do not count as repeated.
            if isinstance(one, dict) and "id" in one and dice.random() < 0.9:
                one["id"] = number
        CASES["overpass"] += len(batch)
        taken = overpass.parse(encoded({**json.loads(answer()), "elements": batch}), source=SOURCE)
        is_sound(taken)
        assert len(taken.cells) > 200
        untagged = sum(isinstance(one, dict) and not one.get("tags") for one in batch)
        assert taken.read == len(batch) - untagged


def test_overpass_survives_a_twisted_answer() -> None:
    dice = random.Random(11)  # noqa: S311 - repeatable
    whole = json.loads(answer(*elements()[::5]))
    for _ in range(400):
        CASES["overpass"] += 1
        survives(overpass.parse, encoded(twisted(whole, dice)))


KEYS = st.sampled_from(sorted({*keys(), *t.MAIN_KEYS, "building", "name", "check_date", "wikidata",
                               "addr:street", "website", "opening_hours", "disused"}))  # fmt: skip
KNOWN = sorted({value for table in (t.SITES, t.FORMER, t.BUILDINGS, t.HERITAGE) for rule in table
                for value in rule.values} | t.IDLE_VALUES | {"yes"})  # fmt: skip
VALUES = st.one_of(st.sampled_from(KNOWN), st.text(max_size=12))
TAGS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=6)


@settings(max_examples=15, deadline=None)
@given(st.lists(TAGS, min_size=10, max_size=30))
def test_overpass_survives_any_tags(listed: list[dict[str, str]]) -> None:
    CASES["overpass"] += len(listed)
    batch = [{"type": "node", "id": n, "lat": 51.5, "lon": 7.1, "timestamp": "2025-06-01",
              "tags": tags} for n, tags in enumerate(listed, start=1)]  # fmt: skip
    taken = overpass.parse(encoded({**json.loads(answer()), "elements": batch}), source=SOURCE)
    is_sound(taken)
    assert taken.read == len(batch)


@settings(max_examples=200, deadline=None)
@given(TAGS)
def test_an_emptiness_needs_a_sign_of_it(tags: dict[str, str]) -> None:
    found = meaning(tags)
    if isinstance(found, Meaning) and found.vacancy == "vacant":
        signs = ("disused", "abandoned", "ruins")
        assert any(key.partition(":")[0] in signs for key in tags) or any(
            part.strip().lower() in t.VACANT_VALUES | {"ruins"}
            for value in tags.values() for part in value.split(";")
        )  # fmt: skip


def test_an_extract_survives_damaged_blocks(tmp_path: Path) -> None:
    dice = random.Random(13)  # noqa: S311 - repeatable
    packed = extract_of(tmp_path / "a.osm.pbf", elements()).read_bytes()
    for _ in range(4_300):
        CASES["extract"] += 1
        survives(extract.parse, damaged(packed, dice))


def test_an_extract_survives_damage_inside_its_blocks(tmp_path: Path) -> None:
    # Without compression no checksum stands between the damage and the reader.
    dice = random.Random(17)  # noqa: S311 - repeatable
    path = extract_of(tmp_path / "a.osm.pbf", elements()[::3])
    plain = tmp_path / "plain.osm.pbf"
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2026-11-20T20:15:00Z")
    target = osmium.io.File(str(plain), "pbf,pbf_compression=none")
    with osmium.SimpleWriter(target, header=header) as writer:
        for one in osmium.FileProcessor(str(path)):
            writer.add(one)
    kept = 0
    for _ in range(700):
        CASES["extract"] += 1
        kept += survives(extract.parse, damaged(plain.read_bytes(), dice)) is not None
    assert kept > 50


def test_an_extract_survives_any_objects(tmp_path: Path) -> None:
    dice = random.Random(19)  # noqa: S311 - repeatable
    possible = [*sorted(keys()), *t.MAIN_KEYS, "building", "name", "check_date", "disused", "x"]
    for turn in range(10):
        made = Extract()
        for number in range(1, 501):
            CASES["extract"] += 1
            tags = {dice.choice(possible): dice.choice(KNOWN) for _ in range(dice.randint(1, 5))}
            place = (dice.uniform(-180, 180), dice.uniform(-90, 90))
            refs = [dice.randint(1, 600) for _ in range(dice.randint(0, 6))]
            known = {"id": number, "version": 1, "tags": tags}
            kind = dice.randrange(3)
            if kind == 0:
                made.nodes[number] = mutable.Node(location=place, **known)
            elif kind == 1:
                made.ways[number] = mutable.Way(nodes=refs, **known)
            else:
                members = [(dice.choice("nwr"), ref, dice.choice(["outer", "inner", ""]))
                           for ref in refs]  # fmt: skip
                made.relations[number] = mutable.Relation(members=members, **known)
        is_sound(extract.read(made.write(tmp_path / f"{turn}.osm.pbf"), source=SOURCE))


def test_that_were_at_least_ten_thousand_cases_each() -> None:
    assert min(CASES["overpass"], CASES["extract"]) >= LEAST, CASES


def test_the_damage_is_damage() -> None:
    dice = random.Random(1)  # noqa: S311 - repeatable
    assert sum(damaged(ANSWER, dice) != ANSWER for _ in range(100)) > 95
    tree = json.loads(ANSWER)
    assert sum(encoded(twisted(tree, dice)) != encoded(tree) for _ in range(50)) > 45
    assert tree == json.loads(ANSWER)

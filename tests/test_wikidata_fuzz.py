"""No bytes and no structure make the Wikidata adapter stumble: at least 10,000 cases."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from mutation_fixtures import JUNK, damaged, twisted
from test_wikidata import ANSWER, DAY, SOURCE, answer, solutions

from atlas.errors import SourceError
from atlas.schema import Intake, types
from atlas.schema.frame import check_columns
from atlas.sources import wikidata
from atlas.sources.wikidata.values import address, location

CASES = Counter[str]()
LEAST = 10_000


def is_sound(taken: Intake) -> None:
    """Assert what holds for every intake: counted, and only complete cells of the right type."""
    assert taken.read == len(taken.cells) + len(taken.faults)
    assert taken.cells[["name", "kind", "type", "vacancy", "source_ref"]].notna().all(axis=None)
    cells = taken.cells.reset_index(drop=True)
    typed, malformed = types.parse(cells)
    assert malformed.empty, malformed
    found = check_columns(typed, cells)
    # Of the rules of a column, only the length of a text and the region are left to the build.
    left = found[~found["column"].isin(["ags", "municipality"])]
    assert set(left["code"]) <= {"length", "minimum", "maximum"}, left


def survives(payload: bytes) -> Intake | None:
    try:
        return wikidata.parse(payload, source=SOURCE, retrieved_on=DAY)
    except SourceError:
        return None


def encoded(tree: Any) -> bytes:
    return json.dumps(tree).encode("utf-8", "surrogatepass")


def test_damaged_bytes_are_survived() -> None:
    dice = random.Random(20261122)  # noqa: S311 - repeatable
    small = answer(solutions()[::5])
    kept = 0
    for _ in range(1_500):
        CASES["all"] += 1
        kept += survives(damaged(small, dice)) is not None
    assert kept > 50  # else only the reader of JSON was tested


def test_twisted_solutions_are_survived() -> None:
    dice = random.Random(7)  # noqa: S311 - repeatable
    listed = solutions()
    for _ in range(9):
        batch: list[Any] = []
        for number in range(900):
            one = twisted(dice.choice(listed), dice)
            # Most keep an item of their own, so that they are not folded into one.
            if isinstance(one, dict) and isinstance(one.get("item"), dict) and dice.random() < 0.9:
                uri = f"http://www.wikidata.org/entity/Q{number + 1}"
                one = {**one, "item": {"type": "uri", "value": uri}}
            batch.append(one)
        CASES["all"] += len(batch)
        tree = {"head": {"vars": ["item"]}, "results": {"bindings": batch}}
        taken = wikidata.parse(encoded(tree), source=SOURCE, retrieved_on=DAY)
        is_sound(taken)
        assert len(taken.cells) > 200
        assert taken.read <= len(batch)


def test_a_twisted_answer_is_survived() -> None:
    dice = random.Random(11)  # noqa: S311 - repeatable
    whole = json.loads(ANSWER)
    for _ in range(400):
        CASES["all"] += 1
        survives(encoded(twisted(whole, dice)))


TEXTS = st.one_of(
    st.text(max_size=40), st.sampled_from([one for one in JUNK if isinstance(one, str)])
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=4), st.lists(TEXTS, max_size=4))
def test_any_text_is_an_address_or_none(texts: list[str], codes: list[str]) -> None:
    found = address(texts, codes)
    assert set(found) == {"street", "house_number", "postcode"}
    assert len(found["street"]) <= 100


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-200, 200), st.floats(-100, 100)), max_size=4),
    st.lists(st.one_of(TEXTS, st.floats().map(str)), max_size=3),
)
def test_any_point_is_a_location_on_earth_or_none(
    points: list[tuple[float, float]], precisions: list[str]
) -> None:
    found = location([f"Point({lon} {lat})" for lon, lat in points], precisions)
    if isinstance(found, dict) and found:
        assert -90 <= float(found["lat"]) <= 90
        assert -180 <= float(found["lon"]) <= 180
        assert 100 <= int(found["coordinate_uncertainty_m"]) <= 20_000


def test_that_were_at_least_ten_thousand_cases() -> None:
    assert CASES["all"] >= LEAST, CASES

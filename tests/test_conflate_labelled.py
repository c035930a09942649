"""How well real pairs of the region are told apart, and that the measure can fail."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from conflate_fixtures import labelled, sides

from atlas.conflate import candidate_pairs, compare, score

PRECISION = 0.98
RECALL = 0.95
GROUPS = ("development", "held_out", "all")


class Quality(NamedTuple):
    """Of the pairs that are one place: how many merged are right, how many right are merged."""

    precision: float
    recall: float
    review: float


def measured(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the decision for each labelled pair; one that blocking misses is different."""
    spaces = sides(pairs)
    n = len(pairs)
    wanted = pd.DataFrame({"i": np.arange(n), "j": np.arange(n) + n})
    found = wanted.merge(candidate_pairs(spaces).pairs, how="left", indicator=True)
    scored = score(spaces, found[["i", "j", "distance_m"]])
    decision = scored["decision"].where(found["_merge"].eq("both"), "different")
    return pairs.assign(decision=decision.to_numpy())


def quality(decided: pd.DataFrame) -> Quality:
    same, merged = decided["label"].eq("same"), decided["decision"].eq("same")
    right = (same & merged).sum()
    return Quality(
        right / max(merged.sum(), 1), right / same.sum(), decided["decision"].eq("review").mean()
    )


def of(decided: pd.DataFrame, group: str) -> Quality:
    return quality(decided if group == "all" else decided[decided["set"] == group])


@pytest.fixture(scope="module")
def decided() -> pd.DataFrame:
    return measured(labelled())


def test_there_are_enough_pairs_of_both_kinds() -> None:
    pairs = labelled()
    assert len(pairs) >= 300
    for _, part in pairs.groupby("set"):
        assert part["label"].value_counts(normalize=True).between(0.35, 0.65).all()
    assert pairs["reason"].ne("").all()
    assert not pairs.duplicated().any()


def test_no_pair_is_in_both_sets() -> None:
    pairs = labelled()
    names = pairs.groupby("set").apply(lambda part: set(part["name_a"] + "|" + part["name_b"]))
    assert names["development"].isdisjoint(names["held_out"])


@pytest.mark.parametrize("group", GROUPS)
def test_pairs_are_told_apart(decided: pd.DataFrame, group: str) -> None:
    found = of(decided, group)
    assert found.precision >= PRECISION, found
    assert found.recall >= RECALL, found
    assert found.review <= 0.10, found


def test_no_pair_of_one_place_is_lost_before_it_is_scored() -> None:
    pairs = labelled()
    found = candidate_pairs(sides(pairs)).pairs
    met = set(zip(found["i"], found["j"], strict=True))
    n = len(pairs)
    assert [at for at in np.flatnonzero(pairs["label"] == "same") if (at, at + n) not in met] == []


def test_a_scorer_that_ignores_numbers_falls_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "_numbers", lambda *_: 0.0)
    monkeypatch.setattr(compare, "_lone", lambda *_: 0.0)
    assert of(measured(labelled()), "all").precision < PRECISION


def test_a_scorer_that_ignores_parts_and_places_within_falls_below(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compare, "_parts", lambda *_: 0.0)
    monkeypatch.setattr(compare, "_is_inside", lambda *_: False)
    assert of(measured(labelled()), "all").precision < PRECISION


def test_a_scorer_that_wants_equal_names_falls_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "_likeness", lambda *_: 0.0)
    monkeypatch.setattr(compare, "_WHOLE_FROM", 1000)
    assert of(measured(labelled()), "all").recall < RECALL

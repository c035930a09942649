"""What changed between two tables."""

from __future__ import annotations

import json
from functools import cache
from itertools import product

import pytest
from build_fixtures import NOW, content, table
from core_fixtures import cells, data_dir, located, row
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas import stored
from atlas.diff import (
    CHANGE_COLUMNS,
    diff,
    shown,
    since_previous,
    summary,
    to_geojson,
    to_json,
)
from atlas.geo import metric_xy, points_from_lonlat
from atlas.schema.types import parse
from atlas.store import load
from atlas.vocabulary import CHANGES

AT = located(51.45, 7.05)
REFS = ["w/a", "w/b", "w/c", "w/d"]
NAMES = ["Zeche", "Halle"]
STATES = ["vacant", "in_use"]
PLACES = [{}, AT, located(51.46, 7.06)]
KINDS = list(product(NAMES, STATES, PLACES))
DESCRIBED = st.dictionaries(st.sampled_from(REFS), st.integers(0, len(KINDS) - 1), min_size=1)


@cache
def every_row():
    """Each place in each of its forms, typed once: doing it per example would be slow."""
    texts = cells(*(row(ref, name=name, vacancy=state, **place)
                    for ref, (name, state, place) in product(REFS, KINDS)))  # fmt: skip
    typed, _ = parse(texts.reset_index(drop=True))
    return typed.assign(**metric_xy(points_from_lonlat(typed["lon"], typed["lat"])))


def rows(described):
    positions = [REFS.index(ref) * len(KINDS) + kind for ref, kind in described.items()]
    return every_row().iloc[positions].reset_index(drop=True)


def found(old, new):
    return [(change.change, change.before, change.after) for change in diff(old, new).itertuples()]


def test_equal_tables_have_no_changes():
    spaces = table(row("w/a", **AT), row("w/b"))
    changes = diff(spaces, spaces)
    assert changes.empty
    assert list(changes.columns) == list(CHANGE_COLUMNS)
    assert summary(changes) == dict.fromkeys(CHANGES, 0)


def test_each_kind_of_change_is_found():
    old = table(row("w/gone"), row("w/name"), row("w/state"), row("w/far", **AT), row("w/in"),
                row("w/out", **AT))  # fmt: skip
    new = table(row("w/new"), row("w/name", name="Neue Zeche"), row("w/state", vacancy="in_use"),
                row("w/far", **located(51.46, 7.05)), row("w/in", **AT), row("w/out"))  # fmt: skip
    changes = diff(old, new)
    assert changes["change"].tolist() == [
        "appeared", "vanished", "renamed", "vacancy", "moved", "located", "unlocated",
    ]  # fmt: skip
    by_change = changes.set_index("change")
    assert by_change.loc["renamed", ["before", "after"]].tolist() == ["Alte Zeche", "Neue Zeche"]
    assert by_change.loc["vacancy", ["before", "after"]].tolist() == ["vacant", "in_use"]
    assert by_change.loc["moved", "distance_m"] == pytest.approx(1112, abs=3)


def test_a_better_pin_is_no_move():
    assert not found(table(row(**AT)), table(row(**located(51.4501, 7.0501))))


def test_a_row_that_was_merged_has_not_vanished():
    old = table(row("w/a"), row("w/b"))
    keys = [[("curated", "w/a"), ("curated", "w/b")]]
    new = table(row("w/a"), contributions=keys)
    gone, stays = old["space_id"][1], old["space_id"][0]
    assert found(old, new) == [("merged", gone, stays)]


@given(DESCRIBED, DESCRIBED)
@settings(max_examples=25, deadline=None)
def test_going_back_mirrors_the_changes(before, after):
    there, back = summary(diff(rows(before), rows(after))), summary(diff(rows(after), rows(before)))
    assert there["appeared"] == back["vanished"]
    assert there["located"] == back["unlocated"]
    assert [there[kind] for kind in ("renamed", "vacancy", "moved")] == [
        back[kind] for kind in ("renamed", "vacancy", "moved")
    ]
    assert there["appeared"] - there["vanished"] == len(after) - len(before)


@given(DESCRIBED, DESCRIBED)
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(before, after):
    old, new = rows(before), rows(after)
    turned = old[::-1].reset_index(drop=True), new[::-1].reset_index(drop=True)
    assert diff(old, new).equals(diff(*turned))


def test_the_files_hold_the_same_changes():
    old, new = table(row("w/a", **AT), row("w/b")), table(row("w/a", vacancy="in_use", **AT))
    changes = diff(old, new)
    as_json = json.loads(to_json(changes, old="1", new="2"))
    features = json.loads(to_geojson(changes, old="1", new="2"))["features"]
    assert [entry["change"] for entry in as_json["changes"]] == ["vanished", "vacancy"]
    assert as_json["summary"]["vacancy"] == 1
    assert [feature["geometry"] for feature in features] == [
        None, {"type": "Point", "coordinates": [7.05, 51.45]},
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "state"), [("de", "Leerstand"), ("en", "vacant")])
def test_people_read_labels(language, state):
    changes = diff(table(row()), table(row(vacancy="in_use")))
    assert shown(changes, language)["before"].tolist() == [state]


def test_the_table_before_is_compared_with_the_one_that_counts(tmp_path):
    registry = data_dir(tmp_path / "data", row("w/a", **AT), row("w/b"))
    folder = registry.table_folder
    assert since_previous(folder, load(registry)) is None
    stored.write(folder, content(table(row("w/a", **AT), row("w/b"))), now=NOW)
    assert since_previous(folder, load(registry)) is None
    moved = table(row("w/a", name="Halle", **AT), row("m/c", municipality="Mittelstadt"))
    stored.write(folder, content(moved), now=NOW)
    since = since_previous(folder, load(registry))
    assert since.read_on.isoformat() == "2026-11-22"
    assert list(since.of("Westheim")["change"]) == ["vanished", "renamed"]
    assert since.of("Osthausen").empty
    counts = since.by_municipality()
    assert counts.loc["Mittelstadt", "appeared"] == 1
    assert counts.to_numpy().sum() == len(since.changes) == 3
    assert list(counts.columns) == list(CHANGES)

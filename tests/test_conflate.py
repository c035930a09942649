"""Conflation: what comes together, what stays apart, and that nothing is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from conflate_fixtures import spaces_of
from conflate_made import made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas import vocabulary as v
from atlas.conflate import Verdict, candidate_pairs, conflate, merge, score, scoring
from atlas.conflate.block import _dropped, join
from atlas.conflate.cluster import cluster, implied_by
from atlas.conflate.explain import REASONS, TEXTS, explain
from atlas.conflate.keys import all_postings
from atlas.conflate.reading import read_name
from atlas.conflate.scoring import FEATURES
from atlas.conflate.table import table_of
from atlas.errors import ConfigError
from atlas.schema.crossrules import CROSS_RULES
from atlas.schema.frame import schema

if TYPE_CHECKING:
    import geopandas as gpd

ESSEN = {"municipality": "Essen", "ags": "05113000"}
ZECHE = {
    **ESSEN, "name": "Zeche Carl", "type": "sociocultural_centre", "lat": "51.4953",
    "lon": "7.01194", "street": "Wilhelm-Nieswandt-Allee", "house_number": "100",
}  # fmt: skip
AALTO = {**ESSEN, "name": "Aalto-Theater", "type": "theatre", "lat": "51.44694", "lon": "7.01278"}


def row(source: str, ref: str, base: dict[str, str], **changes: str) -> dict[str, str]:
    return {**base, "source": source, "source_ref": ref, **changes}


def contributors(spaces: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    return [
        (entry["source"], entry["source_ref"])
        for text in spaces["contributions"]
        for entry in json.loads(text)
    ]


def fields_of(text: str) -> dict[str, list[str]]:
    return {entry["source"]: entry["fields"] for entry in json.loads(text)}


def same(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame) -> None:
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))
    assert first.crs == second.crs


@st.composite
def tables(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Draw a made table with some rows turned into near copies of others."""
    spaces = made(draw(st.integers(2, 24)), seed=draw(st.integers(0, 10_000)))
    return spaces.drop(columns="place")


@st.composite
def told(draw: st.DrawFn) -> tuple[gpd.GeoDataFrame, list[Verdict]]:
    """Draw a table and verdicts that do not contradict each other."""
    spaces = draw(tables())
    keys = list(zip(spaces["source"], spaces["source_ref"], strict=True))
    groups = draw(st.lists(st.integers(0, 3), min_size=len(keys), max_size=len(keys)))
    pairs = draw(st.lists(st.tuples(*[st.integers(0, len(keys) - 1)] * 2), max_size=6))
    verdicts = []
    for line, (i, j) in enumerate(pairs, 2):
        if i != j:
            said = "same" if groups[i] == groups[j] else "different"
            verdicts.append(Verdict(*keys[i], *keys[j], said, "drawn", "2026-11-22", line))
    return spaces, verdicts


PROPERTY = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PROPERTY
@given(spaces=tables(), seed=st.integers(0, 1000))
def test_the_order_of_the_rows_does_not_matter(spaces: gpd.GeoDataFrame, seed: int) -> None:
    shuffled = spaces.sample(frac=1, random_state=seed)
    first, second = conflate(spaces), conflate(shuffled)
    same(first.spaces, second.spaces)
    pd.testing.assert_frame_equal(first.review, second.review)


@PROPERTY
@given(spaces=tables())
def test_conflating_again_changes_nothing(spaces: gpd.GeoDataFrame) -> None:
    once = conflate(spaces).spaces
    same(once, conflate(once).spaces)


@PROPERTY
@given(case=told())
def test_every_key_is_in_exactly_one_row_and_verdicts_hold(
    case: tuple[gpd.GeoDataFrame, list[Verdict]],
) -> None:
    spaces, verdicts = case
    result = conflate(spaces, verdicts=verdicts)
    keys = sorted(zip(spaces["source"], spaces["source_ref"], strict=True))
    assert sorted(contributors(result.spaces)) == keys
    assert result.inputs == len(spaces) == len(result.spaces) + result.merged
    home = {
        (entry["source"], entry["source_ref"]): at
        for at, text in enumerate(result.spaces["contributions"])
        for entry in json.loads(text)
    }
    for verdict in verdicts:
        assert (home[verdict.a] == home[verdict.b]) == (verdict.verdict == "same")


@PROPERTY
@given(case=told())
def test_a_merged_row_keeps_the_rules_that_its_rows_keep(
    case: tuple[gpd.GeoDataFrame, list[Verdict]],
) -> None:
    spaces, verdicts = case
    merged = conflate(spaces, verdicts=verdicts).spaces
    columns = [name for name in merged.columns if name in schema().columns]
    checked = merged[columns].drop(columns=["lat", "lon"])
    schema().remove_columns(["lat", "lon"]).validate(pd.DataFrame(checked))
    for rule in CROSS_RULES:
        if rule.code not in {"source", "ags", "coordinate_outside"}:  # these need the towns
            assert not rule.broken(merged, None).any(), rule.code


def test_the_same_place_of_two_sources_becomes_one_row() -> None:
    spaces = spaces_of([
        row("curated", "essen/zeche-carl", ZECHE),
        row("osm", "way/1", ZECHE, name="Kulturzentrum Zeche Carl", lat="51.49535",
            website="https://www.zechecarl.de/", licence="ODbL-1.0", lineage="crowd"),
        row("osm", "way/2", AALTO, licence="ODbL-1.0", lineage="crowd"),
    ])  # fmt: skip
    result = conflate(spaces)
    assert list(result.spaces["name"]) == ["Zeche Carl", "Aalto-Theater"]
    first = result.spaces.iloc[0]
    assert (first["source"], first["website"]) == ("curated", "https://www.zechecarl.de/")
    assert first["licence"] == "ODbL-1.0"
    assert fields_of(first["contributions"])["osm"] == ["website"]
    assert result.merged == 1


def test_a_coordinate_alone_does_not_bring_its_licence() -> None:
    spaces = spaces_of([
        row("curated", "a", ZECHE, coordinate_uncertainty_m="200"),
        row("osm", "way/1", ZECHE, coordinate_uncertainty_m="20", licence="ODbL-1.0",
            lineage="crowd"),
    ])  # fmt: skip
    merged = conflate(spaces).spaces.iloc[0]
    assert (merged["coordinate_uncertainty_m"], merged["coordinate_source"]) == (20, "osm")
    assert merged["licence"] == "CC-BY-4.0"


def merged_state(*rows: dict[str, str]) -> pd.Series:
    result = conflate(spaces_of([row(f"s{n}", "x", ZECHE, **r) for n, r in enumerate(rows)]))
    assert len(result.spaces) == 1
    return result.spaces.iloc[0]


@pytest.mark.parametrize(
    ("rows", "vacancy", "observed_on"),
    [
        ([{"vacancy": "in_use", "observed_on": "2020"},
          {"vacancy": "vacant", "observed_on": "2025-03"}], "vacant", "2025-03"),
        ([{"vacancy": "unknown", "observed_on": "2026"},
          {"vacancy": "vacant", "observed_on": "2015"}], "vacant", "2015"),
        ([{"vacancy": "in_use"}, {"vacancy": "vacant", "observed_on": "2015"}],
         "vacant", "2015"),
        ([{"vacancy": "in_use", "observed_on": "2025", "confidence": "inferred"},
          {"vacancy": "vacant", "observed_on": "2024", "confidence": "verified"}],
         "vacant", "2024"),
        ([{"vacancy": "in_use", "observed_on": "2025-06-01", "confidence": "inferred"},
          {"vacancy": "vacant", "observed_on": "2022-06-03"}], "vacant", "2022-06-03"),
        ([{"vacancy": "in_use", "observed_on": "2025-06-01", "confidence": "inferred"},
          {"vacancy": "vacant", "observed_on": "2022-05-31"}], "in_use", "2025-06-01"),
        ([{"vacancy": "in_use", "observed_on": "2025", "confidence": "inferred"},
          {"vacancy": "vacant", "observed_on": "2015", "confidence": "verified"}],
         "in_use", "2025"),
        ([{"vacancy": "in_use", "observed_on": "2025", "confidence": "inferred"},
          {"vacancy": "vacant", "confidence": "verified"}], "vacant", None),
        ([{"vacancy": "in_use", "observed_on": "2025", "confidence": "inferred"},
          {"vacancy": "vacant", "confidence": "reported"}], "in_use", "2025"),
        ([{"vacancy": "in_use", "observed_on": "2025", "confidence": "inferred"},
          {"vacancy": "vacant", "confidence": "verified"},
          {"vacancy": "partly_vacant", "observed_on": "2015"}], "partly_vacant", "2015"),
        ([{"vacancy": "vacant", "observed_on": "2025", "confidence": "reported"},
          {"vacancy": "in_use", "observed_on": "2025", "confidence": "verified"}],
         "in_use", "2025"),
    ],
    ids=["newest", "unknown never wins", "undated last", "inferred overrules nothing fresh",
         "not within three years", "but after three", "however it was seen",
         "nor what was verified at no date", "but what was only reported so",
         "a dated report comes before both", "verified on the same day"],
)  # fmt: skip
def test_the_state_comes_whole_from_the_newest_observation(
    rows: list[dict[str, str]], vacancy: str, observed_on: str | None
) -> None:
    for order in (rows, rows[::-1]):
        merged = merged_state(*order)
        day = merged["observed_on"] if pd.notna(merged["observed_on"]) else None
        assert (merged["vacancy"], day) == (vacancy, observed_on)


def test_a_smaller_handicap_would_let_a_guess_overrule_a_fresh_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = ({"vacancy": "in_use", "observed_on": "2025", "confidence": "inferred"},
            {"vacancy": "vacant", "observed_on": "2023", "confidence": "verified"})  # fmt: skip
    assert merged_state(*rows)["vacancy"] == "vacant"
    monkeypatch.setattr(merge, "INFERRED_AGES_DAYS", v.RECHECK_AFTER_DAYS)
    assert merged_state(*rows)["vacancy"] == "in_use"


def test_groups_are_not_mixed() -> None:
    merged = merged_state(
        {"locality": "Altenessen", "street": "", "house_number": "", "lineage": "first_party"},
        {"postcode": "45326", "lineage": "crowd"},
    )
    assert merged["house_number"] == "100"
    assert pd.isna(merged["locality"])


def test_between_equal_addresses_that_of_the_primary_row_stays() -> None:
    # Both of one lineage, and both complete; the other one was read later.
    rows = [{"house_number": "100", "retrieved_on": "2026-01-01"},
            {"house_number": "98-102", "retrieved_on": "2026-06-01"}]  # fmt: skip
    for first, second in (rows, rows[::-1]):
        assert merged_state(first, second)["house_number"] == first["house_number"]


def pair(numbers: tuple[str, str], **shared: str) -> gpd.GeoDataFrame:
    """Return one colliery in two sources that give it two house numbers."""
    houses = zip("ab", numbers, strict=True)
    return spaces_of([row(s, "1", ZECHE, house_number=number, **shared) for s, number in houses])


@pytest.mark.parametrize(
    ("numbers", "shared", "merged", "reasons"),
    [
        (("100", "104"), {}, 0, ["houses"]),
        (("100-102", "104-106"), {}, 0, ["houses"]),
        (("100-104", "104"), {}, 1, []),
        (("100", ""), {}, 1, []),
        (("100", "104"), {"same_as": "wikidata:Q1"}, 1, []),
        (("100", "104"), {"street": ""}, 1, []),
    ],
    ids=["two numbers", "two ranges", "ranges overlap", "one without", "one key", "no street"],
)
def test_house_numbers_that_contradict_each_other_go_to_a_person(
    numbers: tuple[str, str], shared: dict[str, str], merged: int, reasons: list[str]
) -> None:
    result = conflate(pair(numbers, **shared))
    assert (result.merged, list(result.review["reason"])) == (merged, reasons)


def test_a_scorer_that_ignores_contradicting_houses_merges_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scoring, "houses_contradict", lambda _table, i, _j: i < 0)
    assert conflate(pair(("100", "104"))).merged == 1


def test_a_third_row_does_not_join_two_house_numbers() -> None:
    both = pair(("100", "104"))
    third = spaces_of([row("c", "1", ZECHE, house_number="")])
    result = conflate(pd.concat([both, third], ignore_index=True))
    assert result.merged == 1
    homes = [set(fields_of(text)) for text in result.spaces["contributions"]]
    assert not any({"a", "b"} <= home for home in homes)


def test_the_keys_of_all_rows_are_kept() -> None:
    merged = merged_state({"same_as": "wikidata:Q1;osm:way/2"}, {"same_as": "wikidata:Q1;x:y"})
    assert merged["same_as"] == "osm:way/2;wikidata:Q1;x:y"


def test_a_state_read_later_moves_the_day_of_reading() -> None:
    merged = merged_state(
        {"retrieved_on": "2026-01-01", "lineage": "first_party"},
        {"retrieved_on": "2026-06-01", "vacancy": "vacant", "observed_on": "2026-05-01"},
    )
    assert merged["retrieved_on"] == "2026-06-01"


def test_two_rows_of_one_source_stay_apart_without_a_verdict() -> None:
    rows = spaces_of([row("osm", "node/1", ZECHE), row("osm", "way/1", ZECHE)])
    result = conflate(rows)
    assert result.merged == 0
    assert list(result.review["reason"]) == ["same_source"]
    verdict = Verdict("osm", "node/1", "osm", "way/1", "same", "one house", "2026-11-22")
    assert conflate(rows, verdicts=[verdict]).merged == 1


def test_two_rows_of_one_source_with_a_common_key_are_one() -> None:
    keyed = {**ZECHE, "same_as": "wikidata:Q1"}
    assert conflate(spaces_of([row("osm", "node/1", keyed), row("osm", "way/1", keyed)])).merged


def test_a_chain_does_not_join_what_is_different() -> None:
    pit = {**ESSEN, "type": "colliery", "lat": "51.4897", "lon": "7.05"}
    spaces = spaces_of([
        row("a", "1", pit, name="Zeche Zollverein Schacht 1/2"),
        row("b", "1", pit, name="Zeche Zollverein", lat="51.48972"),
        row("c", "1", pit, name="Zeche Zollverein Schacht 3/4", lat="51.48968"),
    ])  # fmt: skip
    result = conflate(spaces)
    home = [set(fields_of(text)) for text in result.spaces["contributions"]]
    assert not any({"a", "c"} <= sources for sources in home)


def test_a_refused_link_goes_to_a_person() -> None:
    spaces = spaces_of([
        row("osm", "way/1", ZECHE), row("curated", "x", ZECHE), row("osm", "way/2", ZECHE),
    ])  # fmt: skip
    result = conflate(spaces)
    assert result.merged == 1
    assert set(result.review["reason"]) == {"chain", "same_source"}


def test_links_are_followed_from_the_surest() -> None:
    found = cluster([["a"], ["b"], ["a"]], [(0, 1), (1, 2)])
    assert (list(found.labels), found.refused) == ([0, 0, 2], [(1, 2)])
    other = cluster([["a"], ["b"], ["a"]], [(1, 2), (0, 1)])
    assert (list(other.labels), other.refused) == ([0, 1, 1], [(0, 1)])


def test_a_barrier_holds_through_others() -> None:
    found = cluster([["a"], ["b"], ["c"], ["d"]], [(0, 1), (2, 3), (1, 2)], apart=[(0, 3)])
    assert found.refused == [(1, 2)]


def test_a_key_that_comes_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="mehrmals"):
        conflate(spaces_of([row("osm", "way/1", ZECHE), row("osm", "way/1", AALTO)]))


def test_an_empty_table_stays_empty() -> None:
    result = conflate(spaces_of([row("a", "1", ZECHE)]).iloc[:0])
    assert (len(result.spaces), result.merged, len(result.review)) == (0, 0, 0)


def test_rows_without_coordinates_meet_through_town_and_words() -> None:
    bare = {**ZECHE, "lat": "", "lon": "", "street": "", "house_number": ""}
    pairs = candidate_pairs(spaces_of([row("a", "1", ZECHE), row("b", "1", bare)])).pairs
    assert pairs[["i", "j"]].to_numpy().tolist() == [[0, 1]]


def test_what_the_window_leaves_out_is_counted() -> None:
    crowd = spaces_of([row("a", str(n), ZECHE, name=f"Zeche {n:02d}") for n in range(30)])
    table = table_of(crowd)
    address = next(p for p in all_postings(table) if p.name == "address")
    codes, report = join(table, address, window=4)
    within = sum(30 - step for step in range(1, 5))
    assert len(codes) == within
    assert report["dropped"] == 30 * 29 // 2 - within
    assert candidate_pairs(crowd, window=64).dropped == 0


@given(n=st.integers(2, 12), window=st.integers(1, 12), anchors=st.integers(0, 2**12 - 1))
def test_dropped_pairs_are_counted_exactly(n: int, window: int, anchors: int) -> None:
    flags = np.array([bool(anchors >> at & 1) for at in range(n)])
    counted = _dropped(np.array([n]), np.array([0]), flags, window)
    every = [(i, j) for i in range(n) for j in range(i + 1, n) if flags[i] or flags[j]]
    assert counted == sum(j - i > window for i, j in every)


def test_pairs_are_the_same_in_any_order() -> None:
    spaces = made(300, seed=4).drop(columns="place")

    def named(frame: pd.DataFrame) -> set[frozenset[str]]:
        refs = frame["source_ref"].to_numpy()
        pairs = candidate_pairs(frame).pairs
        return {frozenset((refs[i], refs[j])) for i, j in zip(pairs["i"], pairs["j"], strict=True)}

    assert named(spaces) == named(spaces.sample(frac=1, random_state=1, ignore_index=True))


def test_made_duplicates_are_found() -> None:
    spaces = made(3000, seed=1)
    keys = zip(spaces["source"], spaces["source_ref"], strict=True)
    place = dict(zip(keys, spaces["place"], strict=True))
    result = conflate(spaces.drop(columns="place"))
    mixed = sum(
        len({place[e["source"], e["source_ref"]] for e in json.loads(text)}) > 1
        for text in result.spaces["contributions"]
    )
    truth = spaces["place"].nunique()
    assert mixed <= 0.01 * truth
    assert abs(len(result.spaces) - truth) <= 0.03 * truth


def test_a_score_is_explained_in_both_languages() -> None:
    spaces = spaces_of([row("a", "1", ZECHE), row("b", "1", ZECHE, lat="51.4954")])
    scored = score(spaces, candidate_pairs(spaces).pairs).iloc[0]
    points = {name: float(scored[name]) for name in FEATURES}
    german = explain(points, scored["distance_m"], language="de")
    english = explain(points, scored["distance_m"], language="en")
    assert german[0].text == "Die Namen stimmen überein."
    assert any("11 m" in point.text for point in german)
    assert [g.text == e.text for g, e in zip(german, english, strict=True)].count(True) == 0


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_its_sentences(feature: str) -> None:
    assert f"{feature}-" in TEXTS
    reasons = {"score", "contradicted", "houses", "same_source", "conflated", "chain"}
    assert reasons == set(REASONS)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Zeche Königsborn III/IV", {"3", "4"}), ("Halle A", {"a"}), ("Speicher100", {"100"}),
        ("Messehalle 3B", {"3b"}), ("Kunstverein e. V.", set()), ("Café Z im Wallzentrum", set()),
        ("MARK 51°7", set()), ("Lok-Werkstatt Blumenthal 1/2/6", {"1", "2", "6"}),
    ],
)  # fmt: skip
def test_numbers_of_a_name_are_read(text: str, numbers: set[str]) -> None:
    assert read_name(text).numbers == numbers


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("St.-Antony-Hütte", "Sankt Antony Hütte"), ("Muehle Bönen", "Mühle Boenen"),
        ("Atelierhaus Bochumer Str.", "Atelierhaus Bochumer Straße"),
        ("Z. Nordstern", "Zeche Nordstern"), ("Malakoff-Turm", "Malakowturm"),
        ("Scheidt'sche Hallen", "Scheidtsche Halle"), ("H & M", "H&M"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_read_alike(first: str, second: str) -> None:
    assert read_name(first).words == read_name(second).words


def test_what_follows_from_verdicts_holds_also_within_one_source() -> None:
    """A is b and a is c, so b is c, though one source has two keys for it."""
    assert implied_by([(0, 1), (0, 2), (5, 7)]) == {(0, 1), (0, 2), (1, 2), (5, 7)}
    made = cluster([["city"], ["osm"], ["osm"]], [(0, 1), (0, 2)], apart=[],
                   one_source=sorted(implied_by([(0, 1), (0, 2)])))  # fmt: skip
    assert made.labels.tolist() == [0, 0, 0]
    without = cluster([["city"], ["osm"], ["osm"]], [(0, 1), (0, 2)])
    assert without.labels.tolist() == [0, 0, 2], "the companion: a score alone does not do it"

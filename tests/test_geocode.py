"""Rows get the coordinate that their address tells, and no other row changes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from core_fixtures import cells, located, row
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from atlas import store
from atlas.gazetteer import Gazetteer, Place
from atlas.gazetteer.table import Area
from atlas.geocode import (
    ACCURACY,
    REASONS,
    REPORT_COLUMNS,
    Address,
    Finder,
    Found,
    candidates,
    geocode,
)
from atlas.geocode.index import PlaceIndex
from atlas.i18n import translator
from atlas.provenance import Registry
from atlas.schema.place import COORDINATE_COLUMNS
from atlas.schema.validate import validate

DATA = Path(__file__).resolve().parent.parent / "data"
W, M = "05000001", "05000002"


def place(name: str, kind: str, lat: float, lon: float, **more: object) -> Place:
    ags, radius = more.get("ags", W), more.get("radius", 100)
    town = {W: "Westheim", M: "Mittelstadt"}[ags]
    sources = {"stop": "db_stops", "station": "db_stations", "postcode": "postcodes"}
    return Place(name, kind, ags, town, lat, lon, radius, sources.get(kind, "geonames"))


SMALL = Gazetteer(
    [
        place("Westheim", "municipality", 51.45, 7.05, radius=5000),
        place("Mittelstadt", "municipality", 51.45, 7.15, ags=M, radius=2000),
        # Two postcodes of Westheim; that of Mittelstadt covers all of it.
        place("45001", "postcode", 51.43, 7.03, radius=1500),
        place("45002", "postcode", 51.48, 7.08, radius=1500),
        place("45003", "postcode", 51.45, 7.15, ags=M, radius=2000),
        place("Hörde", "locality", 51.431, 7.031, radius=1000),
        place("Westheim-Süd", "station", 51.41, 7.02),
        place("Westheim-Langern", "station", 51.44, 7.06),
        place("Musfeldstraße", "stop", 51.432, 7.032),
        place("Gartenweg", "stop", 51.482, 7.082),
        # The same name twice, far apart.
        place("Schulstraße", "stop", 51.43, 7.03),
        place("Schulstraße", "stop", 51.48, 7.08),
        # Twice, close together.
        place("Kirchweg", "stop", 51.4300, 7.0300),
        place("Kirchweg", "stop", 51.4301, 7.0301),
        place("Zeche Lohberg / Bergstraße", "stop", 51.433, 7.033),
        place("Bruckhausen Eichenallee", "stop", 51.431, 7.029),
        place("Nur in Mittelstadt", "stop", 51.45, 7.15, ags=M),
    ],
    [
        Area(W, "Westheim", box(7.0, 51.4, 7.1, 51.5)),
        Area(M, "Mittelstadt", box(7.1, 51.4, 7.2, 51.5)),
    ],
)


@pytest.fixture(scope="module")
def region() -> Gazetteer:
    return Gazetteer.load(DATA / "geo")


def find(**address: str) -> Found | str:
    return Finder(SMALL).find(Address(**{"municipality": "Westheim", **address}))


def found(**address: str) -> Found:
    result = find(**address)
    assert isinstance(result, Found), result
    return result


def test_the_stop_named_after_the_street_is_found() -> None:
    result = found(street="Musfeldstr.", house_number="5", postcode="45001")
    assert (result.lat, result.lon, result.precision) == (51.432, 7.032, "street")
    assert (result.method, result.source) == ("stop_in_area", "db_stops")
    assert result.note_de == "Haltestelle Musfeldstraße, Westheim"
    assert result.note_en == "Stop Musfeldstraße, Westheim"


def test_without_a_postcode_the_same_stop_is_less_certain() -> None:
    certain = found(street="Musfeldstr.", postcode="45001")
    assert found(street="Musfeldstr.").uncertainty_m > certain.uncertainty_m


def test_the_municipality_is_a_hard_constraint() -> None:
    assert find(street="Nur in Mittelstadt") == "unknown_street"
    assert found(street="Nur in Mittelstadt", municipality="Mittelstadt").lon == 7.15


@pytest.mark.parametrize(
    "address",
    [{"municipality": "Köln"}, {"municipality": ""}, {"ags": "05315000", "municipality": ""}],
)
def test_a_street_of_no_town_of_the_region_is_not_found(address: dict[str, str]) -> None:
    assert find(street="Musfeldstr.", **address) == "unknown_municipality"


def test_the_key_of_the_municipality_is_enough() -> None:
    assert found(street="Musfeldstr.", municipality="", ags=W).name == "Musfeldstraße"


def test_a_postcode_names_its_municipality() -> None:
    assert found(street="Musfeldstr.", municipality="", postcode="45001").method == "stop_in_area"


def test_a_town_alone_gets_no_pin() -> None:
    assert find() == "municipality_only"


def test_a_postcode_of_the_whole_town_gets_no_pin_either() -> None:
    assert find(postcode="45003", municipality="Mittelstadt") == "area_too_large"


def test_a_district_named_like_the_town_or_like_any_other_gets_no_pin() -> None:
    for locality in ("Westheim", "Mitte", "Innenstadt-Nord", "Süd"):
        assert find(locality=locality) == "unknown_street"


def test_an_unknown_street_falls_back_to_its_postcode() -> None:
    result = found(street="Nirgendweg", postcode="45002")
    assert (result.precision, result.method, result.source) == ("district", "postcode", "postcodes")
    assert result.uncertainty_m == np.ceil(1.45 * 1500 / 50) * 50


def test_a_namesake_in_another_part_of_the_town_is_not_taken() -> None:
    assert found(street="Gartenweg").method == "stop_in_town"
    assert found(street="Gartenweg", postcode="45001").method == "postcode"


def test_of_two_streets_of_one_name_the_postcode_tells_which() -> None:
    assert find(street="Schulstraße") == "ambiguous"
    assert found(street="Schulstraße", postcode="45002").lat == 51.48


def test_two_stops_side_by_side_are_one_place() -> None:
    assert found(street="Kirchweg").method == "stop_in_town"


def test_a_corner_counts_as_its_street() -> None:
    assert found(street="Bergstr.", postcode="45001").method == "stop_in_area"
    assert found(street="Unbekannt / Ecke Musfeldstr.", postcode="45001").name == "Musfeldstraße"


def test_a_name_that_is_only_alike_counts_where_the_postcode_agrees() -> None:
    for street in ("Eichenallee", "Musfeltstraße"):
        result = found(street=street, postcode="45001")
        assert result.method == "similar_stop"
        assert street in result.note_de
        assert find(street=street) == "unknown_street"
        assert found(street=street, postcode="45002").method == "postcode"


def test_a_street_is_not_one_typo_from_a_way() -> None:
    assert found(street="Gartenstraße", postcode="45002").method == "postcode"


def test_a_word_that_every_street_has_finds_none() -> None:
    for street in ("Str.", "Straße 5", "Am", "12"):
        assert find(street=street) == "unknown_street"
        assert found(street=street, postcode="45001").method == "postcode"


def test_a_district_is_found_by_name_and_by_its_station() -> None:
    assert found(locality="Hoerde").method == "locality"
    assert found(locality="Langern (Westheim)").source == "db_stations"


def test_a_district_in_the_place_of_the_street_is_no_street() -> None:
    assert found(street="Hörde").method == "locality"


def test_a_street_with_the_name_of_a_district_is_told_by_its_house_number() -> None:
    places = [*SMALL.places, place("Hörde", "stop", 51.44, 7.04)]
    finder = Finder(Gazetteer(places, []))
    for street, method in (("Hörde", "locality"), ("Hörde 5", "stop_in_town")):
        result = finder.find(Address.of({"street": street, "municipality": "Westheim"}))
        assert isinstance(result, Found)
        assert result.method == method


def test_the_name_of_the_town_before_the_district_does_no_harm() -> None:
    assert found(locality="Westheim-Hörde").method == "locality"
    assert find(locality="Stadt Westheim") == "unknown_street"


def test_a_district_outside_the_stated_postcode_is_no_answer() -> None:
    assert find(street="Nirgendweg", locality="Hörde", postcode="45002") == "ambiguous"


TABLE = cells(
    row("a", street="Musfeldstr. 5", postcode="45001"),
    row("b", street="Musfeldstr.", **located(51.41, 7.01)),
    row("c", street="Nirgendweg"),
    row("d"),
    row("e", street="Gartenweg", postcode="45002"),
    row("f", street="Gartenweg", lat="51.4"),
)


def test_rows_keep_their_number_order_index_and_columns() -> None:
    before = TABLE.copy()
    result = geocode(TABLE, gazetteer=SMALL)
    pd.testing.assert_frame_equal(TABLE, before)
    assert list(result.cells.index) == list(TABLE.index)
    assert list(result.cells.columns) == list(TABLE.columns)
    assert (result.cells.dtypes == TABLE.dtypes).all()
    others = TABLE.columns.difference(list(COORDINATE_COLUMNS))
    pd.testing.assert_frame_equal(result.cells[others], TABLE[others])


def test_a_given_coordinate_is_never_changed_not_even_half_of_one() -> None:
    result = geocode(TABLE, gazetteer=SMALL)
    given = TABLE["lat"].notna() | TABLE["lon"].notna()
    assert given.sum() == 2
    pd.testing.assert_frame_equal(result.cells[given], TABLE[given])
    assert not set(TABLE.index[given]) & set(result.report["row"])


def test_a_result_fills_all_columns_of_the_location() -> None:
    filled = geocode(TABLE, gazetteer=SMALL).cells.loc[2, list(COORDINATE_COLUMNS)]
    assert list(filled) == ["51.43200", "7.03200", "street", "1300", "db_stops",
                            "Haltestelle Musfeldstraße, Westheim",
                            "Stop Musfeldstraße, Westheim"]  # fmt: skip


def test_the_report_has_each_row_that_could_be_asked_for_and_why_it_was_not_found() -> None:
    report = geocode(TABLE, gazetteer=SMALL).report
    assert tuple(report.columns) == REPORT_COLUMNS
    reasons = dict(zip(report["row"], report["reason"].fillna(""), strict=True))
    assert reasons == {2: "", 4: "unknown_street", 5: "municipality_only", 6: ""}
    assert list(report["found"]) == [True, False, False, True]
    assert report["precision"].value_counts().to_dict() == {"street": 2}


def test_what_cannot_be_seen_does_not_get_into_the_trail() -> None:
    rows = cells(row("a", street="\u202eEichen\x00allee", postcode="45001"))
    note = geocode(rows, gazetteer=SMALL).cells.loc[2, "coordinate_note"]
    assert note == "Haltestelle Bruckhausen Eichenallee, Westheim; gesucht war „Eichenallee“"


def test_an_empty_table_stays_empty() -> None:
    result = geocode(TABLE.iloc[:0], gazetteer=SMALL)
    assert len(result.cells) == len(result.report) == 0
    assert tuple(result.report.columns) == REPORT_COLUMNS


def test_every_reason_is_told_in_both_languages() -> None:
    english = translator("en")
    assert all(english(text) != text for text in REASONS.values())


def test_every_source_of_a_location_is_in_the_registry(region: Gazetteer) -> None:
    sources = {place.source for place in region.places} | {"nominatim", "photon"}
    assert sources <= set(Registry.load(DATA).sources)


def test_the_uncertainty_of_every_way_keeps_the_schema() -> None:
    assert all(10 <= accuracy.uncertainty_m <= 20_000 or accuracy.per_radius > 0
               for accuracy in ACCURACY.values())  # fmt: skip


def test_the_shipped_gazetteer_finds_a_known_address(region: Gazetteer) -> None:
    result = candidates("Girondelle 80, 44799 Bochum", gazetteer=region)
    assert [place.name for place in result.places] == ["Girondelle"]
    assert result.reason == ""


@pytest.mark.parametrize(
    ("written", "ags", "district"),
    [
        ("Mülheim/Ruhr", "05117000", ""),
        ("Mülheim a. d. Ruhr", "05117000", ""),
        ("Muelheim an der Ruhr", "05117000", ""),
        ("Stadt Essen", "05113000", ""),
        ("ESSEN", "05113000", ""),
        ("Voerde", "05170044", ""),
        ("Wetter (Ruhr)", "05954032", ""),
        ("Haltern", "05562016", ""),
        ("Castrop-Rauxel", "05562004", ""),
        ("Bochum-Langendreer", "05911000", "Langendreer"),
        ("Köln", "", ""),
        ("Ruhr", "", ""),
        ("", "", ""),
    ],
)
def test_a_town_is_known_by_the_names_that_people_write(
    region: Gazetteer, written: str, ags: str, district: str
) -> None:
    assert PlaceIndex(region).town(written) == (ags, district)


def test_every_town_is_known_by_its_name(region: Gazetteer) -> None:
    index = PlaceIndex(region)
    assert {index.town(name)[0] for name in index.town_names.values()} == set(index.town_names)
    assert len(index.town_names) == 53


def test_a_town_with_its_district_is_both(region: Gazetteer) -> None:
    result = Finder(region).find(Address("Nirgendweg", municipality="Bochum-Langendreer"))
    assert isinstance(result, Found)
    assert result.method == "locality"


def test_the_name_of_a_town_alone_has_no_candidates(region: Gazetteer) -> None:
    assert candidates("Alpen", gazetteer=region).reason == "municipality_only"
    assert candidates("Musterstraße 1, Köln", gazetteer=region).reason == "unknown_municipality"
    assert candidates("", gazetteer=region).places == []


STREETS = ["Musfeldstr. 5", "Schulstraße", "Gartenweg", "Nirgendweg", "Hörde", "Eichenallee", ""]
CODES = ["", "45001", "45002", "45003", "99999"]
ROWS = st.builds(
    lambda street, code, place, town: {
        "street": street, "postcode": code, "municipality": town,
        **(located(51.45, 7.05) if place else {}),
    },
    st.sampled_from(STREETS), st.sampled_from(CODES), st.booleans(),
    st.sampled_from(["Westheim", "Mittelstadt", "Köln"]),
)  # fmt: skip


def table(rows: list[dict[str, str]]) -> pd.DataFrame:
    return cells(*(row(str(i), **values) for i, values in enumerate(rows)))


@settings(max_examples=25, deadline=None)
@given(st.lists(ROWS, max_size=8), st.randoms(use_true_random=False))
def test_the_result_depends_on_no_order_and_does_not_change_when_repeated(rows, random) -> None:
    frame = table(rows)
    once = geocode(frame, gazetteer=SMALL)
    pd.testing.assert_frame_equal(geocode(once.cells, gazetteer=SMALL).cells, once.cells)
    shuffled = list(frame.index)
    random.shuffle(shuffled)
    again = geocode(frame.loc[shuffled], gazetteer=SMALL).cells
    pd.testing.assert_frame_equal(again.loc[frame.index], once.cells)


HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        "\x00",
        "\u202e",
        "\u202eEichenallee",
        "Straße" * 500,
        "/",
        "((",
        "'; DROP TABLE",
        "<b>",
        "45001",
        "\ud800",
        "🏚️ 5",
        "Ecke",
    ]
)
FIELDS = [field.name for field in dataclasses.fields(Address)]


@settings(max_examples=1000, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, HOSTILE)))
def test_no_address_raises_and_every_answer_is_a_place_or_a_known_reason(values) -> None:
    result = FINDER.find(Address.of({"municipality": "Westheim", **values}))
    assert isinstance(result, Found) or result in REASONS
    if isinstance(result, Found):
        assert len(result.note_de) <= 300
        assert result.note_de.isprintable()


FINDER = Finder(SMALL)


@pytest.fixture(scope="module")
def unlocated() -> pd.DataFrame:
    """The shipped registry with every coordinate taken away."""
    rows = pd.read_csv(DATA / "spaces.csv", dtype="str", keep_default_na=False)
    rows = rows.where(rows != "")
    bare = dict.fromkeys(COORDINATE_COLUMNS, pd.Series(index=rows.index, dtype="str"))
    return rows.assign(**bare)


def test_what_is_found_keeps_every_rule_of_the_table(
    region: Gazetteer, unlocated: pd.DataFrame
) -> None:
    towns = store.read_boundaries(DATA / "geo" / "municipalities.geojson")
    result = geocode(unlocated, gazetteer=region)
    assert result.report["found"].sum() > 200
    checked = validate(result.cells, towns, sources=Registry.load(DATA).sources)
    assert list(checked.rejects["code"]) == []


def test_what_breaks_a_rule_would_be_noticed(region: Gazetteer, unlocated: pd.DataFrame) -> None:
    towns = store.read_boundaries(DATA / "geo" / "municipalities.geojson")
    cells = geocode(unlocated, gazetteer=region).cells.assign(lat="51.00001")
    checked = validate(cells, towns, sources=Registry.load(DATA).sources)
    assert len(checked.rejects) > 200

"""The gazetteer: what people type, and the place that they mean."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.errors import SourceFormatError, SourceUnavailableError
from atlas.gazetteer import KINDS, Gazetteer, Place
from atlas.gazetteer.names import allowed_typos, name_words, town_names
from atlas.gazetteer.search import ADDRESS_UNCERTAINTY_M

DATA = Path(__file__).resolve().parent.parent / "data" / "geo"

# Two towns that share the border 7.1° E, each a square of 0.1 degrees.
TOWNS = {"05000001": ("Adorf", 7.0), "05000002": ("Bestadt (Ruhr)", 7.1)}
PLACES = """\
name\tkind\tags\tlat\tlon\tuncertainty_m\tsource\tdetail
Adorf\tmunicipality\t05000001\t51.05\t7.05\t5000\tgeonames\t
Bestadt (Ruhr)\tmunicipality\t05000002\t51.05\t7.15\t5000\tgeonames\t
40001\tpostcode\t05000001\t51.02\t7.05\t1000\tpostcodes\t
40002\tpostcode\t05000002\t51.02\t7.15\t1000\tpostcodes\t
40003\tpostcode\t05000002\t51.09\t7.15\t1000\tpostcodes\t
Bestadt Hbf\tstation\t05000002\t51.05\t7.15\t100\tdb_stations\t
Adorf\tstation\t05000001\t51.05\t7.05\t100\tdb_stations\t
Oberfeld\tlocality\t05000002\t51.09\t7.15\t1000\tgeonames\t
Kirchstraße\tstop\t05000001\t51.06\t7.06\t100\tdb_stops\tbus
Kirchstraße\tstop\t05000002\t51.02\t7.15\t100\tdb_stops\tbus
Kirchstraße\tstop\t05000002\t51.09\t7.15\t100\tdb_stops\tbus
Kirchweg\tstop\t05000002\t51.05\t7.15\t100\tdb_stops\tbus
Mühlenallee\tstop\t05000001\t51.06\t7.05\t100\tdb_stops\ttram+bus
Zeche Anna 2\tstop\t05000001\t51.07\t7.05\t100\tdb_stops\tbus
"""


def square(lon: float) -> dict[str, object]:
    ring = [[lon, 51.0], [lon + 0.1, 51.0], [lon + 0.1, 51.1], [lon, 51.1], [lon, 51.0]]
    return {"type": "Polygon", "coordinates": [ring]}


def write(folder: Path, places: str = PLACES) -> Path:
    features = [
        {"type": "Feature", "properties": {"ags": a, "name": n}, "geometry": square(lon)}
        for a, (n, lon) in TOWNS.items()
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "municipalities.geojson").write_text(json.dumps(collection), "utf-8")
    (folder / "gazetteer.tsv").write_text(places, "utf-8")
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return Gazetteer.load(write(tmp_path_factory.mktemp("geo")))


@pytest.fixture(scope="module")
def ruhr() -> Gazetteer:
    return Gazetteer.load(DATA)


def first(gazetteer: Gazetteer, text: str, **options: str) -> tuple[str, str, str]:
    place = gazetteer.search(text, **options)[0]
    return place.name, place.kind, place.municipality


# --- the words of a name -------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kampstr.", "Kampstraße"),
        ("Kamp-Straße", "Kampstrasse"),
        ("KAMPSTRASSE", "kampstraße"),
        ("Ruettenscheider Str.", "Rüttenscheider Straße"),
        ("Essen Hbf", "Essen Hauptbahnhof"),
    ],
)
def test_spellings_of_one_name_are_the_same_words(one: str, other: str) -> None:
    assert name_words(one) == name_words(other)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Wetter (Ruhr)", ("wetter",)),
        ("Fröndenberg/Ruhr", ("frondenberg",)),
        ("Mülheim an der Ruhr", ("mulheim",)),
        ("Haltern am See", ("haltern",)),
        ("Essen", ("essen",)),
    ],
)
def test_a_municipality_goes_by_its_short_name(name: str, short: tuple[str, ...]) -> None:
    assert town_names(name)[1] == short


def test_short_words_may_have_no_typo_and_only_long_ones_two() -> None:
    words = ("see", "marl", "holzwickede", "ruttenscheider", "kreuzstrassenweg")
    assert [allowed_typos(word) for word in words] == [0, 1, 1, 1, 2]


# --- names ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Adorf", ("Adorf", "municipality", "Adorf")),
        ("Bestadt", ("Bestadt (Ruhr)", "municipality", "Bestadt (Ruhr)")),
        ("Bestadt Ruhr", ("Bestadt (Ruhr)", "municipality", "Bestadt (Ruhr)")),
        ("bestadt hauptbahnhof", ("Bestadt Hbf", "station", "Bestadt (Ruhr)")),
        ("Adorf Bahnhof", ("Adorf", "station", "Adorf")),
        ("Oberfeld", ("Oberfeld", "locality", "Bestadt (Ruhr)")),
        ("Kirchstr., Adorf", ("Kirchstraße", "stop", "Adorf")),
        ("Adorf, Kirchstraße", ("Kirchstraße", "stop", "Adorf")),
        ("Kirchstraße Adorf", ("Kirchstraße", "stop", "Adorf")),
        ("Mühlen", ("Mühlenallee", "stop", "Adorf")),
        ("Muehlenalee", ("Mühlenallee", "stop", "Adorf")),
        ("Kirchstrase Adorf", ("Kirchstraße", "stop", "Adorf")),
        ("Kirchstraße, Adrof", ("Kirchstraße", "stop", "Adorf")),
        ("Zeche Anna 2", ("Zeche Anna 2", "stop", "Adorf")),
        ("Oberfeld, Bestadt", ("Oberfeld", "locality", "Bestadt (Ruhr)")),
    ],
)
def test_a_name_finds_its_place(
    small: Gazetteer, text: str, expected: tuple[str, str, str]
) -> None:
    assert first(small, text) == expected


def test_equal_scores_come_by_kind_then_name_then_municipality(small: Gazetteer) -> None:
    found = small.search("Kirchstraße", limit=3)
    assert [place.score for place in found] == [100, 100, 100]
    assert [place.ags for place in found] == ["05000001", "05000002", "05000002"]
    assert [place.kind for place in small.search("Adorf")][:2] == ["municipality", "station"]


def test_a_full_match_is_worth_more_than_a_typo_and_that_more_than_half_a_name(
    small: Gazetteer,
) -> None:
    full, typo, half = (
        small.search(text)[0].score for text in ("Mühlenallee", "Mühlenalee", "Zeche Anna Berg")
    )
    assert full == 100
    assert full > typo >= 85 > half


def test_the_municipality_of_the_text_is_a_hard_limit(small: Gazetteer) -> None:
    assert {place.municipality for place in small.search("Kirchstraße, Adorf")} == {"Adorf"}


def test_a_road_of_another_ending_is_not_the_road_asked_for(small: Gazetteer) -> None:
    assert all(place.name != "Kirchweg" for place in small.search("Kirchstraße 3, Bestadt"))


def test_two_municipalities_in_one_text_allow_both(small: Gazetteer) -> None:
    found = small.search("Kirchstraße Adorf Bestadt")
    assert {place.municipality for place in found} == {"Adorf", "Bestadt (Ruhr)"}


def test_the_municipality_searched_in_hides_the_others(small: Gazetteer) -> None:
    assert {place.ags for place in small.search("Kirchstraße", ags="05000002")} == {"05000002"}
    assert small.search("Kirchstraße", ags="99999999") == []
    assert small.search("Kirchstraße, Adorf", ags="05000002") == []


def test_another_towns_name_is_an_ordinary_word_inside_a_municipality(small: Gazetteer) -> None:
    assert first(small, "Adorf", ags="05000001")[1] == "municipality"
    assert small.search("Adorf", ags="05000002") == []


# --- addresses and postcodes ---------------------------------------------------------


def test_a_postcode_chooses_among_streets_of_one_name(small: Gazetteer) -> None:
    south = small.search("Kirchstr. 2 a, 40002 Bestadt")[0]
    north = small.search("Kirchstr. 2a, 40003 Bestadt")[0]
    assert (south.lat, north.lat) == (51.02, 51.09)
    assert south.score == north.score == 100


def test_a_postcode_alone_tells_the_municipality(small: Gazetteer) -> None:
    assert first(small, "Kirchstraße 5, 40001") == ("Kirchstraße", "stop", "Adorf")


def test_a_district_chooses_among_streets_of_one_name(small: Gazetteer) -> None:
    assert small.search("Kirchstraße 2, Oberfeld")[0].lat == 51.09
    assert small.search("Kirchstraße 2, Oberfeld, Adorf")[0].municipality == "Adorf"


def test_a_house_number_widens_the_uncertainty(small: Gazetteer) -> None:
    plain, numbered = (
        small.search(text)[0] for text in ("Kirchstraße, Adorf", "Kirchstraße 7, Adorf")
    )
    assert (plain.uncertainty_m, numbered.uncertainty_m) == (100, ADDRESS_UNCERTAINTY_M)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Unbekannter Pfad 3, 40003 Bestadt", [("40003", 50), ("Bestadt (Ruhr)", 40)]),
        ("Unbekannter Pfad, Oberfeld", [("Oberfeld", 50), ("Bestadt (Ruhr)", 40)]),
        ("40002 Bestadt", [("40002", 100), ("Bestadt (Ruhr)", 90)]),
    ],
)
def test_an_unknown_street_falls_back_to_the_area_that_is_named(
    small: Gazetteer, text: str, expected: list[tuple[str, int]]
) -> None:
    assert [(place.name, place.score) for place in small.search(text)] == expected


def test_digits_find_the_postcodes_that_begin_with_them(small: Gazetteer) -> None:
    assert [place.name for place in small.search("4000")] == ["40001", "40002", "40003"]
    assert [(place.name, place.score) for place in small.search("40002")] == [("40002", 100)]


@pytest.mark.parametrize("text", ["Hauptstr. 1, 10115 Berlin", "10115", "Hauptstraße 1, Berlin"])
def test_an_address_outside_the_region_finds_nothing(ruhr: Gazetteer, text: str) -> None:
    assert ruhr.search(text) == []


def test_an_unknown_postcode_beside_a_known_municipality_is_forgiven(small: Gazetteer) -> None:
    assert first(small, "Kirchstraße 1, 40009 Adorf") == ("Kirchstraße", "stop", "Adorf")


# --- coordinates ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "uncertainty_m"),
    [
        ("51.05, 7.15", 556),
        ("51.0512 7.1534", 6),
        ("7.15, 51.05", 556),
        ("51,05 7,15", 556),
        ("51.05,7.15", 556),
        ("51° 3.1' N, 7° 9.2' O", 5560),
    ],
)
def test_coordinates_are_understood_in_either_order(
    small: Gazetteer, text: str, uncertainty_m: int
) -> None:
    (place,) = small.search(text)
    assert (place.kind, place.municipality) == ("coordinate", "Bestadt (Ruhr)")
    assert (place.uncertainty_m, place.source, place.score) == (uncertainty_m, "bkg_vg250", 100)


def test_a_point_on_the_border_belongs_to_the_smaller_key(small: Gazetteer) -> None:
    assert [place.ags for place in small.search("51.05, 7.1")] == ["05000001"]


@pytest.mark.parametrize("text", ["48.1, 11.5", "95.1, 200.2", "1.2.3, 4.5.6", "51.05"])
def test_coordinates_outside_or_broken_find_nothing(small: Gazetteer, text: str) -> None:
    assert small.search(text) == []


# --- limits --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "x", "?!", ",", "7", "qqqqqqqqq", "a" * 5000])
def test_a_text_without_a_meaning_finds_nothing(small: Gazetteer, text: str) -> None:
    assert small.search(text) == []


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (0, 0), (-3, 0)])
def test_the_limit_holds(small: Gazetteer, limit: int, count: int) -> None:
    assert len(small.search("Kirchstraße", limit=limit)) == count


@given(st.text(max_size=40))
def test_no_text_breaks_the_search_and_no_place_lies_outside(text: str) -> None:
    found = SHIPPED.search(text)
    assert {place.ags for place in found} <= KEYS
    assert all(0 < place.score <= 100 for place in found)
    assert found == SHIPPED.search(text)


def test_places_cannot_be_changed(small: Gazetteer) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.search("Adorf")[0].lat = 0.0  # type: ignore[misc]


def test_the_order_of_the_places_does_not_matter() -> None:
    shuffled = Gazetteer(list(reversed(SHIPPED.places)), SHIPPED._areas)
    assert shuffled.search("Kampstraße") == SHIPPED.search("Kampstraße")


# --- files ---------------------------------------------------------------------------


def test_a_missing_file_says_which_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match=r"municipalities\.geojson .*build_geo"):
        Gazetteer.load(tmp_path)


@pytest.mark.parametrize(
    "places",
    [
        "",
        "name\tkind\n",
        PLACES + "X\tvolcano\t05000001\t51\t7\t1\tdb_stops\t\n",
        PLACES + "X\tstop\t99999999\t51\t7\t1\tdb_stops\t\n",
        PLACES + "X\tstop\t05000001\tnorth\t7\t1\tdb_stops\t\n",
    ],
)
def test_a_table_of_another_shape_is_refused(tmp_path: Path, places: str) -> None:
    with pytest.raises(SourceFormatError, match="build_geo"):
        Gazetteer.load(write(tmp_path, places))


# --- the shipped gazetteer -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Essen Hbf", ("Essen Hbf", "station", "Essen")),
        ("44787", ("44787", "postcode", "Bochum")),
        ("Mülheim", ("Mülheim an der Ruhr", "municipality", "Mülheim an der Ruhr")),
        ("Voerde", ("Voerde (Niederrhein)", "municipality", "Voerde (Niederrhein)")),
        ("Bochum-Werne", ("Bochum-Werne", "locality", "Bochum")),
        ("Werne", ("Werne", "municipality", "Werne")),
        ("Ruettenscheider Stern", ("Rüttenscheider Stern", "stop", "Essen")),
        ("Nordmarkt, Dortmund", ("Nordmarkt", "stop", "Dortmund")),
        ("Kampstr. 12, 44137 Dortmund", ("Kampstraße", "stop", "Dortmund")),
        ("Wattenscheid", ("Wattenscheid", "station", "Bochum")),
        ("Jahrhunderthalle", ("Jahrhunderthalle", "stop", "Bochum")),
    ],
)
def test_well_known_places_are_found(
    ruhr: Gazetteer, text: str, expected: tuple[str, str, str]
) -> None:
    assert first(ruhr, text) == expected


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("Ruettenscheid", "Rüttenscheider Markt"),
        ("Rüttenscheid", "Rüttenscheider Markt"),
        ("Rüttenscheider Straße", "Rüttenscheider Markt"),
        ("Düsseldorf", "Düsseldorfer Straße"),
        ("Werde", "Essen-Werden"),  # not Werne
        ("Gelsenkirchn", "Gelsenkirchen"),
    ],
)
def test_a_name_that_begins_like_the_text_comes_before_one_that_only_looks_like_it(
    ruhr: Gazetteer, text: str, best: str
) -> None:
    found = [place.name for place in ruhr.search(text)]
    assert found[0] == best
    assert not {"Wattenscheid", "Wattenscheider Straße", "Kesseldorf"} & set(found)


def test_an_address_in_a_town_is_never_looked_for_in_another(
    ruhr: Gazetteer,
) -> None:
    found = ruhr.search("Kettwiger Straße 20, Essen")
    assert [place.name for place in found] == ["Kettwiger Markt", "Essen"]


def test_no_name_with_a_typo_comes_before_one_that_begins_like_the_text(ruhr: Gazetteer) -> None:
    names = {place.name[:-2] for place in ruhr.places if place.name.isalpha()}
    both = 0
    for text in sorted(names)[::23]:
        (typed,) = name_words(text)
        begins = [
            any(word.startswith(typed) for word in name_words(place.name))
            for place in ruhr.search(text, limit=20)
        ]
        assert begins == sorted(begins, reverse=True), text
        both += len(set(begins)) == 2
    assert both > 10


def test_every_municipality_is_found_by_its_name(ruhr: Gazetteer) -> None:
    names = {place.name for place in ruhr.places if place.kind == "municipality"}
    assert len(names) == 53
    assert {name for name in names if first(ruhr, name) != (name, "municipality", name)} == set()


def test_every_stop_is_found_by_name_and_municipality(ruhr: Gazetteer) -> None:
    sample = [place for place in ruhr.places if place.kind == "stop"][::97]
    missed = [
        place.name
        for place in sample
        if place.name
        not in {found.name for found in ruhr.search(f"{place.name}, {place.municipality}")}
    ]
    assert missed == []


def test_a_stop_in_bochum_that_is_named_after_werne_is_found_there(ruhr: Gazetteer) -> None:
    assert {place.municipality for place in ruhr.search("Werne", ags="05911000")} == {"Bochum"}


@pytest.mark.slow
def test_search_answers_within_the_promised_time(ruhr: Gazetteer) -> None:
    texts = ["Kampstr. 12, 44137 Dortmund", "Universität", "Bochum", "Zeche Zollverein, Essen"]
    ruhr.search("warm")
    start = time.perf_counter()
    for text in texts * 5:
        ruhr.search(text)
    assert (time.perf_counter() - start) / 20 < 0.05


SHIPPED = Gazetteer.load(DATA)
KEYS = {place.ags for place in SHIPPED.places}


def test_kinds_of_the_shipped_places_are_the_documented_ones() -> None:
    assert {place.kind for place in SHIPPED.places} == set(KINDS) - {"coordinate"}
    assert all(isinstance(place, Place) for place in SHIPPED.places)


@pytest.mark.parametrize(
    ("text", "found", "missed"),
    [
        ("Unbekannter Weg 5, Adorf", "Adorf", "Unbekannter Weg 5"),
        ("Nirgendstr. 5a Adorf", "Adorf", "Nirgendstr. 5a"),
        ("Nirgendstr. 5, 40001 Adorf", "40001", "Nirgendstr. 5"),
        ("Xyz-Platz, Oberfeld", "Oberfeld", "Xyz-Platz"),
        ("Kirchstraße 5, Adorf", "Kirchstraße", ""),
        ("Adorf", "Adorf", ""),
        ("40001", "40001", ""),
        ("Mühlen", "Mühlenallee", ""),
        ("51.05, 7.15", "51.05000, 7.15000", ""),
    ],
)
def test_a_place_around_an_unknown_street_says_what_was_missed(
    small: Gazetteer, text: str, found: str, missed: str
) -> None:
    best = small.search(text)[0]
    assert (best.name, best.missed) == (found, missed)


def test_streets_that_only_look_alike_say_so_as_well() -> None:
    real = Gazetteer.load(DATA)
    places = real.search("Viehofer Straße 31, Essen")
    assert [place.missed for place in places] == ["Viehofer Straße 31"] * len(places)


@pytest.mark.parametrize(
    ("kind", "uncertainty_m", "radius_m"),
    [
        ("stop", 1000, 1000), ("station", 100, 1000), ("coordinate", 1, 1000),
        ("locality", 1000, 2000), ("postcode", 1100, 2000), ("postcode", 9000, 5000),
        ("municipality", 3400, 5000), ("municipality", 6800, 7000),
        ("municipality", 12_000, 10_000),
    ],
)  # fmt: skip
def test_the_radius_to_begin_with_follows_the_kind_and_size_of_the_place(
    kind: str, uncertainty_m: int, radius_m: int
) -> None:
    place = Place("Ort", kind, "05000001", "Adorf", 51.05, 7.05, uncertainty_m, "geonames")
    assert place.radius_m == radius_m

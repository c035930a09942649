"""What tags mean: the tables, and how an object is read through them."""

from __future__ import annotations

import itertools

import pytest

from atlas import vocabulary as v
from atlas.sources.osm import cells
from atlas.sources.osm import tags as t
from atlas.sources.osm.meaning import Meaning, meaning
from atlas.sources.osm.selection import Selector, is_selected, keys, selectors

TABLES = {"SITES": t.SITES, "FORMER": t.FORMER, "BUILDINGS": t.BUILDINGS, "HERITAGE": t.HERITAGE}


def tags(text: str) -> dict[str, str]:
    """Return ``a=b c:d=e f`` as tags."""
    return dict(part.partition("=")[::2] for part in text.split())


# fmt: off
VACANT = [
    ("shop=vacant", "shop", ()),
    ("shop=vacant disused:shop=department_store", "department_store", ("department_store",)),
    ("shop=vacant was:amenity=cinema", "cinema", ("cinema",)),
    ("office=vacant", "office", ()),
    ("disused:shop=bakery", "shop", ("shop",)),
    ("disused:amenity=theatre building=yes", "theatre", ("theatre",)),
    ("disused:amenity=cinema;nightclub", "cinema", ("cinema", "club")),
    ("disused:amenity=place_of_worship building=church", "church", ("church",)),
    ("abandoned:railway=station", "station", ("station",)),
    ("ruins:man_made=works", "factory", ("factory",)),
    ("building=industrial disused=yes", "factory", ()),
    ("building=church abandoned=yes", "church", ()),
    ("building=yes disused=yes was:shop=department_store", "department_store",
     ("department_store",)),
    ("disused:building=warehouse", "warehouse", ()),
    ("amenity=theatre disused=yes", "theatre", ("theatre",)),
    ("amenity=school building=school disused=yes", "school", ()),
    ("shop=no disused:shop=mall", "shopping_centre", ("shopping_centre",)),
    ("building=industrial disused=yes tourism=attraction", "factory", ()),
    ("building=industrial disused=yes historic=mine", "factory", ()),
]
USED = [
    ("amenity=theatre", "creative_site", "theatre", ("performing_arts",), ()),
    ("amenity=studio studio=audio", "creative_site", "recording_studio", ("music",), ()),
    ("amenity=studio", "creative_site", "recording_studio", (), ()),
    ("leisure=hackerspace", "creative_site", "hackerspace", (), ()),
    ("leisure=hackerspace hackerspace=fablab", "creative_site", "makerspace", (), ()),
    ("office=coworking", "creative_site", "coworking", (), ()),
    ("amenity=coworking_space", "creative_site", "coworking", (), ()),
    ("tourism=gallery disused:shop=butcher", "creative_site", "gallery", ("art",), ("shop",)),
    ("amenity=arts_centre disused:amenity=place_of_worship", "creative_site", "cultural_venue", (),
     ("church",)),
    ("amenity=arts_centre historic=mine", "creative_site", "cultural_venue", (), ("colliery",)),
    ("amenity=cinema was:amenity=cinema", "creative_site", "cinema", ("film",), ()),
    ("shop=supermarket disused:amenity=cinema", "key_property", "retail_building", (),
     ("cinema",)),
    ("amenity=cafe disused:amenity=cinema", "key_property", "inn", (), ("cinema",)),
    ("amenity=bank building=church was:amenity=place_of_worship", "key_property", "church", (),
     ("church",)),
    ("office=company historic=industrial", "key_property", "factory", (), ("factory",)),
    ("amenity=restaurant;music_venue", "creative_site", "music_venue", ("music",), ()),
]
UNKNOWN = [
    ("historic=mine", "colliery", (), ""),
    ("building=warehouse heritage=4", "warehouse", (), ""),
    ("building=yes was:amenity=cinema", "cinema", ("cinema",), ""),
    ("building=church proposed:amenity=library", "church", (), "planning"),
    ("building=industrial construction:amenity=theatre", "factory", (), "construction"),
    ("historic=industrial tourism=information", "factory", (), ""),
]
REFUSED = [
    ("tourism=artwork", "not_a_space"),
    ("amenity=place_of_worship building=church", "not_a_space"),
    ("building=industrial", "not_a_space"),
    ("building=yes historic=yes", "not_a_space"),
    ("shop=bakery", "not_a_space"),
    ("shop=kiosk disused:shop=bakery", "not_a_space"),
    ("shop=vacant amenity=cafe", "not_a_space"),
    ("amenity=bank disused:amenity=cinema", "not_a_space"),
    ("proposed:amenity=theatre", "not_a_space"),
    ("was:amenity=theatre", "no_type"),
    ("demolished:amenity=theatre", "gone"),
    ("razed:building=church", "gone"),
    ("removed:shop=mall historic=mine", "gone"),
    ("building=yes disused=yes", "no_type"),
    ("disused:amenity=bench", "no_type"),
    ("highway=residential", "no_type"),
    ("", "no_type"),
]
# fmt: on


@pytest.mark.parametrize(("text", "type_", "former"), VACANT)
def test_an_empty_place_is_a_key_property(text: str, type_: str, former: tuple[str, ...]) -> None:
    found = meaning(tags(text))
    assert isinstance(found, Meaning)
    assert (found.kind, found.type, found.vacancy) == ("key_property", type_, "vacant")
    assert found.former_use == former
    assert not found.is_inferred


@pytest.mark.parametrize(("text", "kind", "type_", "sectors", "former"), USED)
def test_a_main_tag_in_use_means_in_use(
    text: str, kind: str, type_: str, sectors: tuple[str, ...], former: tuple[str, ...]
) -> None:
    found = meaning(tags(text))
    assert found == Meaning(kind, type_, "in_use", sectors, former, is_inferred=True)


@pytest.mark.parametrize(("text", "type_", "former", "stage"), UNKNOWN)
def test_what_a_building_was_says_nothing_about_its_use_now(
    text: str, type_: str, former: tuple[str, ...], stage: str
) -> None:
    found = meaning(tags(text))
    assert isinstance(found, Meaning)
    assert (found.type, found.vacancy, found.former_use, found.stage) == (
        type_, "unknown", former, stage,
    )  # fmt: skip


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_is_no_space_says_why(text: str, code: str) -> None:
    assert meaning(tags(text)) == code


@pytest.mark.parametrize("prefix", t.EMPTY_PREFIXES)
def test_the_prefix_tells_the_state_of_repair(prefix: str) -> None:
    found = meaning({f"{prefix}:amenity": "theatre"})
    assert isinstance(found, Meaning)
    assert found.condition == prefix


def test_a_plan_for_an_empty_building_is_a_stage_and_no_vacancy() -> None:
    found = meaning(tags("building=church disused=yes proposed:amenity=library"))
    assert isinstance(found, Meaning)
    assert (found.vacancy, found.stage) == ("vacant", "planning")


@pytest.mark.parametrize("table", TABLES)
def test_tables_hold_codes_of_the_vocabulary(table: str) -> None:
    for rule in TABLES[table]:
        assert rule.type in v.TYPES or (not rule.type and set(rule.values) <= set(v.TYPES)), rule
        assert set(rule.sectors) <= set(v.SECTORS), rule
        assert rule.key.islower()


@pytest.mark.parametrize("table", TABLES)
def test_no_row_of_a_table_hides_a_later_one(table: str) -> None:
    for first, later in itertools.combinations(TABLES[table], 2):
        same = first.key == later.key and not first.also
        hidden = set(later.values) & set(first.values) if first.values else {later.key}
        assert not (same and hidden), (first, later)


def test_sites_and_heritage_are_never_both_for_one_tag() -> None:
    plain = {(r.key, value) for r in t.SITES for value in r.values}
    assert not plain & {(r.key, value) for r in t.HERITAGE for value in r.values}


@pytest.mark.parametrize("selector", selectors(), ids=lambda one: one.query()[:60])
def test_whatever_is_asked_for_has_a_meaning(selector: Selector) -> None:
    choices = [[(key, value) for value in values or ("yes",)] for key, values in selector.tags]
    for chosen in itertools.product(*choices):
        asked = dict(chosen)
        assert is_selected(asked)
        found = meaning(asked)
        # A building of which only "yes" is known may stay without a type.
        assert isinstance(found, Meaning) or "yes" in asked.values(), asked


@pytest.mark.parametrize("text", [case[0] for case in (*VACANT, *USED, *UNKNOWN)])
def test_whatever_has_a_meaning_is_asked_for(text: str) -> None:
    assert is_selected(tags(text))
    assert keys() & set(tags(text))


@pytest.mark.parametrize(
    "text", ["tourism=artwork", "building=industrial", "highway=path", "shop=bakery", ""]
)
def test_what_is_never_a_space_is_not_asked_for(text: str) -> None:
    assert not is_selected(tags(text))


@pytest.mark.parametrize(
    ("stated", "edited", "expected"),
    [
        ({}, "2025-06-01T10:00:00Z", ("", "2025-06-01")),
        ({"check_date": "2025-03-14"}, "2025-06-01T10:00:00Z", ("2025-03-14", "2025-06-01")),
        ({"check_date": "2025-03"}, "2025-06-01", ("2025-03", "2025-06-01")),
        ({"check_date": "2024", "survey:date": "2025-01-02"}, "2025-06-01",
         ("2025-01-02", "2025-06-01")),
        ({"lastcheck": "2025-03-14T08:00:00Z"}, "2025-06-01", ("2025-03-14", "2025-06-01")),
        ({"check_date": "2025-07-01"}, "2025-06-01", ("", "2025-06-01")),
        ({"check_date": "2025-07-01"}, "", ("2025-07-01", "")),
        ({"check_date": "2027-01-01"}, "", ("", "")),
        ({"check_date": "gestern"}, "2027-01-01T00:00:00Z", ("", "")),
        ({"check_date": "2025-02-30"}, "2025-13-01", ("", "")),
        ({"check_date": "0001-01-01"}, "1970-01-01T00:00:00Z", ("", "")),
        ({"opening_hours:check": "2025-01-01"}, "", ("", "")),
    ],
)  # fmt: skip
def test_an_observation_is_never_younger_than_check_edit_or_data(
    stated: dict[str, str], edited: str, expected: tuple[str, str]
) -> None:
    on = cells.edited_on(edited, latest="2026-11-20")
    assert (cells.checked_on(stated, latest=on or "2026-11-20"), on) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example.org/x?y=1", "https://a.example.org/x?y=1"),
        ("a.example.org/x", "https://a.example.org/x"),
        ("https://a.example.org; https://b.example.org", "https://a.example.org"),
        ("javascript:alert(1)", ""),
        ("https://a.example.org/<script>", ""),
        ("siehe unten", ""),
        ("mail@example.org", ""),
        ("https://" + "a" * 600, ""),
    ],
)
def test_a_website_is_an_address_or_nothing(text: str, expected: str) -> None:
    assert cells.website(text) == expected


def test_a_name_falls_back_to_operator_past_and_address() -> None:
    full = {"name": "A", "name:de": "B", "operator": "C", "old_name": "D", "addr:street": "E",
            "addr:housenumber": "1", "addr:city": "F"}  # fmt: skip
    order = []
    for key in ("name", "name:de", "operator", "old_name", "addr:city", "addr:street"):
        order.append(cells.name(full, is_vacant=True))
        del full[key]
    assert order == ["A", "B", "C", "D", "E 1, F", "E 1"]
    assert cells.name(full, is_vacant=True) == ""
    assert cells.name({"old_name": "D"}, is_vacant=False) == ""


def test_invisible_characters_do_not_reach_a_cell() -> None:
    dirty = {"name": "  A\u202eB\x00\ud800C\n\tD ", "empty": " \x00 ", "number": 5, "\ud800x": "y"}
    assert cells.clean(dirty) == {"name": "A B C D", "x": "y"}


def test_hours_are_kept_of_places_in_use_only() -> None:
    stated = {"opening_hours": "Mo-Fr 10:00-18:00", "wheelchair": "limited"}
    assert cells.needs(stated, is_used=True)["opening_hours"] == "Mo-Fr 10:00-18:00"
    assert cells.needs(stated, is_used=False)["opening_hours"] == ""
    assert cells.needs(stated, is_used=True)["is_step_free"] == ""

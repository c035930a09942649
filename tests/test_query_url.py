"""Filters in the address: there and back is the identity, and nothing hostile raises."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qs, urlencode

import pytest
from core_fixtures import TOWNS
from hypothesis import given, settings
from hypothesis import strategies as st
from query_fixtures import SPACES, TODAY, WORDS, filters

from atlas.query import CODE_FIELDS, Filters, Link, Near, Range, apply, facets, read_link

PARAMS = [
    "city", "kreis", "kind", "group", "type", "sector", "programme", "vacancy",
    "stage", "availability", "term", "age", "step",
    "area_min", "area_max", "area_unknown", "rent_min", "rent_max", "rent_unknown",
    "q", "near", "radius", "missed", "pick", "picked",
]  # fmt: skip


@given(filters)
def test_filters_survive_the_url(asked):
    assert Filters.from_params(asked.to_params()) == asked


@given(filters)
def test_filters_survive_a_real_query_string(asked):
    query = urlencode(asked.to_params(), doseq=True)
    assert Filters.from_params(parse_qs(query)) == asked


@given(filters)
def test_the_canonical_url_names_only_what_differs_in_one_order(asked):
    params = asked.to_params()
    assert list(params) == [name for name in PARAMS if name in params]
    assert Filters().to_params() == {}
    assert Filters.from_params(params).to_params() == params


@given(filters)
def test_comma_joined_values_mean_the_same(asked):
    params = asked.to_params()
    coded = {field.param for field in CODE_FIELDS.values()} | {"pick"}
    joined = {key: ",".join(values) if key in coded else values for key, values in params.items()}
    assert Filters.from_params(joined) == asked


nasty = st.sampled_from([
    "nan", "inf", "-inf", "1e999", "-1", "9" * 500, "\x00", "🎨", "\ud800", "'; DROP TABLE--",
    "<script>", ",,,,", "51.45,7.01", "51.45", "nan,nan", "91,181", "0,0", "٣", "1_0", "05113000",
    "true", "1", "0", "../../etc/passwd", "%00", " ", "\u202e", "key_property,key_property",
])  # fmt: skip
values = nasty | st.text(max_size=30)
hostile = st.dictionaries(
    st.sampled_from(PARAMS) | st.text(max_size=10),
    values
    | st.lists(values, max_size=4)
    | st.lists(st.none() | st.integers() | st.binary(max_size=3) | values, max_size=3)
    | st.none() | st.integers() | st.floats() | st.dictionaries(st.text(max_size=3), st.none()),
    max_size=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_no_url_raises_and_what_it_gives_is_canonical(params):
    asked = Filters.from_params(params)
    assert Filters.from_params(asked.to_params()) == asked
    urlencode(asked.to_params(), doseq=True).encode("ascii")


@settings(max_examples=200, deadline=None)
@given(hostile)
def test_a_link_keeps_only_keys_that_the_table_has_and_names_the_others(params):
    link = read_link(params, spaces=SPACES, municipalities=TOWNS)
    assert link.filters.municipalities <= set(TOWNS["ags"])
    assert link.filters.districts <= set(TOWNS["district_code"])
    assert set(link.filters.shortlist) <= set(SPACES["space_id"])
    assert bool(link.filters.shortlist) or not link.filters.only_shortlist
    for texts in link.ignored.values():
        assert 0 < len(texts) <= 3
        assert all(0 < len(text) <= 30 for text in texts)


@given(filters)
def test_a_link_of_known_keys_is_read_as_it_was_written(asked):
    known = dataclasses.replace(
        asked, only_shortlist=asked.only_shortlist and bool(asked.shortlist)
    )
    link = read_link(known.to_params(), spaces=SPACES, municipalities=TOWNS)
    assert link == Link(known, {})


@pytest.mark.parametrize(
    ("params", "ignored"),
    [
        ({"city": "05000000,05000001"}, {"municipalities": ("05000000",)}),
        ({"city": "Essen"}, {"municipalities": ("Essen",)}),
        ({"kreis": "05999"}, {"districts": ("05999",)}),
        ({"vacancy": ["leer", "vacant"]}, {"vacancy": ("leer",)}),
        ({"type": "a,b,c,d,e,a"}, {"types": ("a", "b", "c")}),
        ({"area_min": "viel", "rent_max": "3"}, {"area": ("viel",)}),
        ({"near": "48.1,11.5"}, {"near": ("48.1,11.5",)}),
        ({"pick": "0123456789", "picked": "1"},
         {"shortlist": ("0123456789",), "only_shortlist": ("1",)}),
        ({"picked": "1"}, {"only_shortlist": ("1",)}),
        ({"city": "\x00", "kind": ",,"}, {}),
        ({"utm_source": "mail"}, {}),
    ],
)  # fmt: skip
def test_what_a_link_names_in_vain_is_told(params, ignored):
    assert read_link(params, spaces=SPACES, municipalities=TOWNS).ignored == ignored


@settings(max_examples=30, deadline=None)
@given(hostile)
def test_whatever_a_url_gives_can_be_asked(params):
    asked = Filters.from_params(params)
    assert len(apply(SPACES, asked, today=TODAY, words=WORDS)) == len(SPACES)
    facets(SPACES, asked, today=TODAY, words=WORDS)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"kind": "key_property,castle"}, Filters(kinds=frozenset(["key_property"]))),
        ({"city": ["05113000", "05113000 ", "5113000", "٠٥١١٣٠٠٠"]},
         Filters(municipalities=frozenset(["05113000"]))),
        ({"kreis": "05113"}, Filters(districts=frozenset(["05113"]))),
        ({"area_min": "-5", "area_max": "1e12"}, Filters(area=Range(0.0, 2_000_000.0))),
        ({"area_min": "12,5"}, Filters()),
        ({"area_min": ["x", "3"]}, Filters(area=Range(3.0))),
        ({"area_unknown": "0"}, Filters(area=Range(with_unknown=False))),
        ({"area_unknown": "no"}, Filters()),
        ({"near": "51.45,7.01,Essen, Hbf"}, Filters(near=Near(51.45, 7.01, 1000, "Essen, Hbf"))),
        ({"near": ["nowhere", "51.45,7.01"]}, Filters(near=Near(51.45, 7.01))),
        ({"near": "51.45,7.01", "radius": "99999999"}, Filters(near=Near(51.45, 7.01, 50_000))),
        ({"near": "51.45,7.01", "radius": "0"}, Filters(near=Near(51.45, 7.01, 50))),
        ({"near": "51.45,7.01", "radius": "weit"}, Filters(near=Near(51.45, 7.01))),
        ({"near": "48.1,11.5", "radius": "500"}, Filters()),  # Munich
        ({"near": "51.45"}, Filters()),
        ({"radius": "500"}, Filters()),
        ({"missed": "Musterweg 5"}, Filters()),
        ({"near": "51.45,7.01,Essen", "radius": "8000", "missed": " Musterweg\n5"},
         Filters(near=Near(51.45, 7.01, 8000, "Essen", "Musterweg 5"))),
        ({"q": "  alte\n\tzeche\x00 "}, Filters(text="alte zeche")),
        ({"q": "x" * 500}, Filters(text="x" * 100)),
        ({"pick": ["0123456789,bogus", "abcdefabcd", "0123456789"]},
         Filters(shortlist=("0123456789", "abcdefabcd"))),
        ({"picked": "1"}, Filters(only_shortlist=True)),
        ({"utm_source": "mail"}, Filters()),
    ],
)  # fmt: skip
def test_a_url_means(params, expected):
    assert Filters.from_params(params) == expected


def test_a_shortlist_in_a_link_is_not_endless():
    picks = [f"{number:010x}" for number in range(5000)]
    assert len(Filters.from_params({"pick": picks}).shortlist) == 200


def test_filters_know_what_restricts():
    assert not Filters(shortlist=("0123456789",), text="  ").is_active
    asked = Filters(kinds=frozenset(["key_property"]), area=Range(1), near=Near(51.45, 7.0))
    assert asked.active_fields == ("kinds", "area", "near")
    assert asked.without("area").active_fields == ("kinds", "near")
    assert asked.without("kinds").without("area").without("near") == Filters()
    assert hash(asked) == hash(Filters.from_params(asked.to_params()))

"""Numbers, dates, addresses and web addresses as sources write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.sources import values


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [("1.200", ",", 1200), ("12.5", ",", 12.5), ("1.234.567,89", ",", 1234567.89),
     ("1,200", ".", 1200), ("1'200", ".", 1200), ("-3,5", ",", -3.5), (",5", ",", 0.5),
     ("1e5", ",", None), ("nan", ".", None), ("١٢", ",", 12), ("", ",", None),
     ("9" * 600, ",", None)],
)  # fmt: skip
def test_numbers_are_read_with_their_decimal_sign(text, decimal, expected):
    assert values.number(text, decimal=decimal) == expected


@given(st.floats(0, 1e9))
def test_a_written_number_is_read_back(value):
    text = values.number_text(value, decimals=4)
    assert values.number(text, decimal=".") == pytest.approx(value, abs=1e-4)
    german = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert values.loose_number(german) == pytest.approx(value, abs=0.01)


@given(st.dates(dt.date(1800, 1, 1), dt.date(2099, 12, 31)))
def test_every_way_to_write_a_day_means_the_day(day):
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%dT10:00:00Z"):
        assert values.date(day.strftime(form)) == day.isoformat()
    assert values.date(day.strftime("%m/%Y")) == day.isoformat()[:7]
    assert values.date(day.strftime("%Y")) == day.isoformat()[:4]


@pytest.mark.parametrize("text", ["31.02.2024", "2024-13", "heute", "", "12.12.", "0000"])
def test_what_is_no_day_is_none(text):
    assert values.date(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers(text):
    values.number(text)
    values.loose_number(text)
    values.date(text)
    values.web_address(text)
    street, number = values.street_and_number(text)
    assert values.clean(text).startswith(street)
    assert number in text
    values.postcode_and_town(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Lenneplatz 21", ("Lenneplatz", "21")), ("Heinrichstr. 2 - 4", ("Heinrichstr.", "2 - 4")),
     ("Straße des 17. Juni 135", ("Straße des 17. Juni", "135")), ("Am Markt", ("Am Markt", "")),
     ("Querenburger Str.", ("Querenburger Str.", "")), ("Weg 5 a", ("Weg", "5 a")),
     ("Weg 71a/73", ("Weg", "71a/73")), ("", ("", ""))],
)  # fmt: skip
def test_addresses_are_split_at_the_house_number(text, expected):
    assert values.street_and_number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("www.x.de/a", "https://www.x.de/a"), ("http://x.de", "http://x.de"), ("keine", None),
     ("a@b.de", None), ("javascript:alert(1)", None), ("x.de/<b>", None), ("", None)],
)  # fmt: skip
def test_web_addresses_get_their_scheme(text, expected):
    assert values.web_address(text) == expected


def test_an_observation_is_never_younger_than_its_last_day():
    last = dt.date(2026, 11, 22)
    assert values.not_after("2026-11-22", last) == "2026-11-22"
    assert values.not_after("2026-11-23", last) is None
    assert values.not_after("2026", last) == "2026"
    assert values.not_after(None, last) is None

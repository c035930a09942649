"""The filter message: small, complete, the same for the same question."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas import vocabulary as v
from atlas.query import CODE_FIELDS, Filters, Near, Range
from atlas.query.client import client_spec
from atlas.webmap import MapState, filter_message

TODAY = dt.date(2026, 11, 22)
CLOSED = [name for name, entry in CODE_FIELDS.items() if entry.codes]


def everything() -> Filters:
    """Return filters with every option of every field chosen: the longest message."""
    chosen = {name: frozenset(CODE_FIELDS[name].codes) for name in CLOSED}
    return Filters(
        **chosen,
        municipalities=frozenset(f"05{number:06}" for number in range(53)),
        districts=frozenset(f"05{number:03}" for number in range(15)),
        area=Range(1, 2_000_000, with_unknown=False),
        rent=Range(0, 200),
        text="Atelier in der Viehofer Straße",
        near=Near(51.5, 7.1, 2500, "Essen Hbf"),
        shortlist=tuple(f"{number:010x}" for number in range(50)),
        only_shortlist=True,
    )


def test_no_filter_is_no_restriction() -> None:
    assert client_spec(Filters(), today=TODAY) == {"today": 20779}


def test_the_day_is_counted_from_1970() -> None:
    spec = client_spec(Filters(), today=dt.date(1970, 1, 2))
    assert spec["today"] == 1


def test_the_longest_message_stays_below_five_kilobytes() -> None:
    filters = everything()
    state = MapState("dark", "0" * 10, filters.shortlist, "9" * 12, show=True, version="f" * 16)
    message = filter_message(client_spec(filters, today=TODAY), state)
    assert len(message.text) < 5_000


def test_a_click_on_one_filter_is_a_few_hundred_bytes() -> None:
    filters = Filters(vacancy=frozenset({"vacant"}), districts=frozenset({"05113"}))
    assert len(filter_message(client_spec(filters, today=TODAY)).text) < 200


def test_codes_go_under_their_columns_and_lists_apart() -> None:
    filters = Filters(
        groups=frozenset({"stage"}),
        sectors=frozenset({"music", "art"}),
        ages=frozenset({"undated"}),
        step_free=frozenset({"true"}),
    )
    spec = client_spec(filters, today=TODAY)
    assert spec["codes"] == {"type_group": ["stage"], "is_step_free": ["true"]}
    assert spec["lists"] == {"sectors": ["art", "music"]}
    assert spec["age"] == ["undated"]


def test_a_range_without_bounds_is_left_out() -> None:
    assert "area" not in client_spec(Filters(area=Range(with_unknown=False)), today=TODAY)
    spec = client_spec(Filters(area=Range(10, None, with_unknown=False)), today=TODAY)
    assert spec["area"] == [10, None, False]


def test_the_circle_is_in_whole_decimetres() -> None:
    spec = client_spec(Filters(near=Near(51.45, 7.01, 1500)), today=TODAY)
    assert spec["near"][2] == 15_000
    assert all(isinstance(number, int) for number in spec["near"])
    assert 3_600_000 < spec["near"][0] < 3_650_000


def test_words_are_folded_and_come_once() -> None:
    spec = client_spec(Filters(text="Königs-Straße, königs"), today=TODAY)
    assert spec["words"] == ["konigs", "strasse"]


def test_a_text_without_words_restricts_nothing() -> None:
    assert client_spec(Filters(text="?!"), today=TODAY) == client_spec(Filters(), today=TODAY)


def test_the_shortlist_travels_only_when_it_restricts() -> None:
    assert "only" not in client_spec(Filters(shortlist=("0123456789",)), today=TODAY)


@given(
    name=st.sampled_from(CLOSED),
    text=st.text(max_size=60),
    bounds=st.tuples(st.none() | st.floats(1, 1e6), st.none() | st.floats(1, 1e6)),
)
def test_every_message_is_json_without_markup(
    name: str, text: str, bounds: tuple[float | None, float | None]
) -> None:
    codes = frozenset(CODE_FIELDS[name].codes[:2])
    filters = Filters(**{name: codes}, text=text, area=Range(*bounds))
    sent = filter_message(client_spec(filters, today=TODAY)).text
    assert json.loads(sent)["spec"]["today"] == 20779
    assert sent.isascii()
    assert not set("<>&") & set(sent)


@pytest.mark.parametrize("name", CLOSED)
def test_every_field_of_the_filters_reaches_the_message(name: str) -> None:
    code = CODE_FIELDS[name].codes[0]
    spec = client_spec(Filters(**{name: frozenset({code})}), today=TODAY)
    assert code in json.dumps(spec)


def test_the_vocabulary_fits_the_bytes_of_the_browser() -> None:
    assert max(len(v.TYPES), len(v.SECTORS)) < 255
    assert max(len(v.SECTORS), len(v.PROGRAMMES)) <= 30

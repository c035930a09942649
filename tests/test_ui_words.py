"""Computed sentences, safe markup, and the parameters of the link."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from atlas.query import Filters
from atlas.schema import BY_NAME
from atlas.ui.address import FILTER_PARAMS
from atlas.ui.components.labels import range_label
from atlas.ui.markup import Html, button, el, external, join
from atlas.ui.words import Words, known

TODAY = dt.date(2026, 11, 22)
DE, EN = Words("de"), Words("en")


@pytest.mark.parametrize(
    ("observed", "german", "english"),
    [
        (None, "ohne Datum", "undated"),
        ("2026-11-22", "heute", "today"),
        ("2026-11-21", "vor 1 Tag", "1 day ago"),
        ("2026-09-23", "vor 1 Monat", "1 month ago"),
        ("2026-11", "in diesem Monat", "this month"),
        ("2026-08", "vor 3 Monaten", "3 months ago"),
        ("2024-11", "vor 2 Jahren", "2 years ago"),
        ("2026", "in diesem Jahr", "this year"),
        ("2025", "vor 1 Jahr", "1 year ago"),
        ("2019-12-01", "vor 6 Jahren", "6 years ago"),
    ],
)
def test_an_age_is_no_more_exact_than_its_date(
    observed: str | None, german: str, english: str
) -> None:
    assert DE.age(observed, TODAY) == german
    assert EN.age(observed, TODAY) == english


@pytest.mark.parametrize(
    ("date", "german", "english"),
    [
        ("2024", "2024", "2024"),
        ("2024-03", "März 2024", "March 2024"),
        ("2024-03-05", "05.03.2024", "5 Mar 2024"),
    ],
)
def test_a_date_is_written_as_exactly_as_it_is_known(date: str, german: str, english: str) -> None:
    assert DE.date(date) == german
    assert EN.date(date) == english


@pytest.mark.parametrize(
    ("metres", "german", "english"),
    [(84, "80 m", "80 m"), (1000, "1 km", "1 km"), (1449, "1,4 km", "1.4 km")],
)
def test_distances_are_rounded_for_people(metres: float, german: str, english: str) -> None:
    assert DE.distance(metres) == german
    assert EN.distance(metres) == english


@pytest.mark.parametrize(
    ("count", "total", "unplaced", "sentence"),
    [
        (37, 430, 4, "37 von 430 Orten; 4 ohne Lage auf der Karte"),
        (430, 430, 0, "430 Orte"),
        (1, 1, 0, "1 Ort"),
        (0, 1430, 0, "0 von 1.430 Orten"),
    ],
)
def test_the_result_is_a_sentence(count: int, total: int, unplaced: int, sentence: str) -> None:
    assert DE.result(count, total, unplaced) == sentence


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("area_m2", 1200.0, "1.200 m²"),
        ("rent_eur_per_m2_month", 4.5, "4,50 €/m²/Monat"),
        ("is_step_free", False, "nein"),
        ("former_use", "colliery;shop", "Zeche, Schachtanlage, Ladenlokal"),
        ("programme_from", 2012, "2012"),
        ("vacant_share_pct", 35.0, "35\N{NO-BREAK SPACE}%"),
    ],
)
def test_a_cell_is_written_with_unit_and_labels(column: str, value: object, text: str) -> None:
    assert DE.cell(BY_NAME[column], value) == text


@pytest.mark.parametrize(
    ("share", "german", "english"),
    [(0.96, "96\N{NO-BREAK SPACE}%", "96%"), (0, "0\N{NO-BREAK SPACE}%", "0%"),
     (1, "100\N{NO-BREAK SPACE}%", "100%")],
)  # fmt: skip
def test_a_share_is_written_as_each_language_writes_it(
    share: float, german: str, english: str
) -> None:
    assert DE.percent(share) == german
    assert EN.percent(share) == english
    assert EN.cell(BY_NAME["vacant_share_pct"], 100 * share) == english


def test_missing_values_of_every_kind_are_unknown() -> None:
    missing = [None, pd.NA, pd.NaT, float("nan")]
    assert not any(known(value) for value in missing)
    assert all(known(value) for value in (0, False, "", "x"))


@given(some.text())
def test_no_text_becomes_markup(text: str) -> None:
    html = el("p", text, title=text)
    assert html.count("<") == 2
    assert html.count(">") == 2
    assert html.count('"') == 2


def test_markup_is_kept_and_nothing_is_skipped_but_none() -> None:
    assert el("p", Html("<b>x</b>"), 0, None) == "<p><b>x</b>0</p>"
    assert join(["a&", None, Html("<i>")], "<") == "a&amp;&lt;<i>"
    assert el("input", disabled=True, checked=False, name="a b") == '<input disabled name="a b">'


def test_a_link_outside_tells_the_other_side_nothing() -> None:
    link = external("Seite", 'https://example.org/?a="b')
    assert 'rel="noopener noreferrer"' in link
    assert "&quot;b" in link


def test_a_button_names_its_event() -> None:
    assert 'data-event="open" data-value="7"' in button("Öffnen", "open", 7)


def test_the_link_parameters_are_those_of_the_filters() -> None:
    # every filter at once, so that no parameter is forgotten
    asked = {name: ["1"] for name in FILTER_PARAMS}
    everything = Filters.from_params(
        {**asked, "near": ["51.5,7.2"], "radius": ["300"], "area_unknown": ["0"],
         "rent_unknown": ["0"], "city": ["05911000"], "kreis": ["05911"], "kind": ["key_property"],
         "group": ["stage"], "type": ["theatre"], "sector": ["music"],
         "programme": ["heimatruhr"], "vacancy": ["vacant"], "stage": ["idea"],
         "availability": ["now"], "term": ["hourly"], "age": ["current"], "step": ["true"],
         "pick": ["0123456789"]}
    )  # fmt: skip
    assert set(everything.to_params()) == FILTER_PARAMS


@pytest.mark.parametrize(
    ("link", "german", "english"),
    [
        ({"area_min": ["100"], "area_max": ["500"]},
         "100–500 oder unbekannt", "100–500 or unknown"),
        ({"area_min": ["100"]}, "ab 100 oder unbekannt", "from 100 or unknown"),
        ({"area_max": ["500"], "area_unknown": ["0"]}, "bis 500, nur bekannte",
         "up to 500, known only"),
    ],
)  # fmt: skip
def test_a_range_says_whether_it_holds_what_nobody_knows(
    link: dict[str, list[str]], german: str, english: str
) -> None:
    asked = Filters.from_params(link)
    assert [range_label(asked, "area", say) for say in (DE, EN)] == [german, english]

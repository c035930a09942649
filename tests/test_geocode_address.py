"""Addresses taken apart: what is the street, what the number, and which spellings are one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.geocode import Address, parse
from atlas.geocode.names import key, normalised, street_names, without_number


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Girondelle 80", ("Girondelle", "80")),
        ("Musfeldstr.5a", ("Musfeldstr.", "5a")),
        ("Musfeldstraße5", ("Musfeldstraße", "5")),
        ("Friedenstraße 5-7", ("Friedenstraße", "5-7")),
        ("Friedenstraße 5 - 7 a", ("Friedenstraße", "5 - 7 a")),
        ("Hauptstr. 12 bis 14", ("Hauptstr.", "12 bis 14")),
        ("Hauptstr. Nr. 3", ("Hauptstr.", "Nr. 3")),
        ("Hauptstraße, 3", ("Hauptstraße", "3")),
        ("Straße des 17. Juni", ("Straße des 17. Juni", "")),
        ("Weg a", ("Weg a", "")),
        ("Dellplatz", ("Dellplatz", "")),
        ("5", ("5", "")),
        ("", ("", "")),
    ],
)
def test_the_house_number_is_told_from_the_street(line: str, expected: tuple[str, str]) -> None:
    assert without_number(line) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Musfeldstr.", "Musfeldstraße"),
        ("Musfeld-Str.", "MUSFELD STRASSE"),
        ("St.-Annen-Str.", "Sankt-Annen-Straße"),
        ("Mühlenweg", "Muehlenweg"),
        ("Rathauspl.", "Rathausplatz"),
        ("Alexander-v.-Humboldt-Straße", "Alexander-von-Humboldt-Str."),
    ],
)
def test_two_spellings_of_a_street_are_one(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kampweg", "Kampstraße"), ("Bergstraße", "Burgstraße"), ("Am Markt", "Markt")],
)
def test_different_streets_stay_different(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("street", "expected"),
    [
        ("Kampstr. 1 / Ecke Hansastr.", ("Kampstr.", "Hansastr.")),
        ("Kampstraße Ecke Hansastraße 3", ("Kampstraße", "Hansastraße")),
        ("Hochstraße (Hinterhof) 5/7", ("Hochstraße",)),
        (" / ", ()),
        ("", ()),
    ],
)
def test_a_corner_names_its_streets(street: str, expected: tuple[str, ...]) -> None:
    assert street_names(street) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Girondelle 80, 44799 Bochum", Address("Girondelle", "80", "44799", "", "Bochum")),
        ("Girondelle 80 44799 Bochum", Address("Girondelle", "80", "44799", "", "Bochum")),
        ("Girondelle 80, Bochum", Address("Girondelle", "80", "", "", "Bochum")),
        (
            "Hauptstr. 1, Langendreer, Bochum",
            Address("Hauptstr.", "1", "", "Langendreer", "Bochum"),
        ),
        ("44799 Bochum", Address("", "", "44799", "", "Bochum")),
        ("44799", Address("", "", "44799", "", "")),
        ("Dellplatz", Address("Dellplatz")),
        ("", Address()),
    ],
)
def test_an_address_in_one_line_is_taken_apart(text: str, expected: Address) -> None:
    assert parse(text) == expected


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    parse(text)
    for name in street_names(text):
        key(name)
    assert normalised(normalised(text)) == normalised(text)


def test_a_text_made_to_be_slow_is_not_slow() -> None:
    hostile = ["5 - " * 100_000, "5-" * 100_000 + "x", "((((" * 50_000, " " * 1_000_000 + "5"]
    started = time.perf_counter()
    for text in hostile:
        parse(text)
        street_names(text)
    assert time.perf_counter() - started < 1

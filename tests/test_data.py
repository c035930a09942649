"""Invariants of the shipped registry: what makes it worth trusting."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from atlas.provenance import Registry
from atlas.settings import Settings
from atlas.store import Atlas, load

DATA = Path(__file__).resolve().parent.parent / "data"

# No mail addresses, no telephone numbers (a date or a postcode is no such thing).
PERSONAL = re.compile(r"[\w.]+@[\w-]+\.\w+|(?:\+49|\b0\d{2,4})[\s/-]+\d{3,}")
NOTES_LIMIT = 240
# Web views and archives of newspapers: they may ask for a subscription or not open at all.
WEB_VIEW = r"^https?://(?:app-webview|old)\."
WEB_VIEWS = 113


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load(Settings(data_dir=DATA))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(DATA / "spaces.csv", dtype=str, keep_default_na=False)


def test_no_row_is_rejected(atlas: Atlas) -> None:
    assert atlas.rejects.empty, atlas.rejects.to_string()


def test_there_are_at_least_four_hundred_places(atlas: Atlas) -> None:
    assert len(atlas.spaces) >= 400


def test_at_least_three_hundred_are_located_to_building_or_street(atlas: Atlas) -> None:
    precise = atlas.spaces["coordinate_precision"].isin(["building", "street"])
    assert precise.sum() >= 300


def test_at_least_sixty_key_properties_have_a_dated_vacancy_observation(atlas: Atlas) -> None:
    spaces = atlas.spaces
    observed = ~spaces["vacancy"].isin(["unknown", "not_applicable"])
    dated = spaces["observed_day"].notna()
    assert (spaces["kind"].eq("key_property") & observed & dated).sum() >= 60


def test_every_one_of_the_53_municipalities_has_a_place(atlas: Atlas) -> None:
    missing = set(atlas.municipalities["ags"]) - set(atlas.spaces["ags"])
    assert len(atlas.municipalities) == 53
    assert missing == set()


def test_every_location_names_a_source_of_the_registry(table: pd.DataFrame) -> None:
    known = set(Registry.load(DATA).sources)
    assert set(table["coordinate_source"]) - {""} <= known
    assert set(table["source"]) <= known


def test_the_registry_is_sorted_so_that_changes_are_easy_to_read(table: pd.DataFrame) -> None:
    keys = list(zip(table["ags"], table["source_ref"], strict=True))
    assert keys == sorted(keys)


def test_notes_are_short_and_in_both_languages(table: pd.DataFrame) -> None:
    for column in ("note_de", "note_en"):
        assert table[column].str.len().between(1, NOTES_LIMIT).all()
    assert (table["note_de"] != table["note_en"]).all()


def test_no_mail_address_and_no_telephone_number_is_in_the_registry(table: pd.DataFrame) -> None:
    cells = table.drop(columns=["source_url", "website"]).to_numpy().ravel()
    assert [cell for cell in cells if PERSONAL.search(cell)] == []


@pytest.mark.parametrize("text", ["an info@atlas.example", "Tel. 0231 123456", "+49 231 5022"])
def test_the_guard_sees_mail_addresses_and_telephone_numbers(text: str) -> None:
    assert PERSONAL.search(text)


def test_an_observation_is_never_younger_than_the_day_we_read_the_source(
    table: pd.DataFrame,
) -> None:
    dated = table[table["observed_on"] != ""]
    assert (dated["observed_on"] <= dated["retrieved_on"]).all()


def _says_that_the_year_was_concluded(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    german = table["note_de"].str.contains(r"Jahr .*erschlossen")
    return german, table["note_en"].str.contains("ear concluded")


def test_a_year_that_was_concluded_is_told_in_both_languages(table: pd.DataFrame) -> None:
    german, english = _says_that_the_year_was_concluded(table)
    assert german.any()
    assert table.loc[german != english, "source_ref"].tolist() == []
    assert set(table.loc[german, "confidence"]) == {"inferred"}


def test_a_year_that_is_told_in_one_language_only_is_seen() -> None:
    row = pd.DataFrame({"note_de": ["Jahr aus dem Artikel erschlossen."], "note_en": ["A hall."]})
    german, english = _says_that_the_year_was_concluded(row)
    assert (german != english).all()


def test_addresses_that_may_not_open_for_everyone_get_fewer(table: pd.DataFrame) -> None:
    # A better public page replaces one whenever a row is read again; lower the number then.
    behind = table["source_url"].str.contains(WEB_VIEW)
    assert behind.sum() <= WEB_VIEWS
    assert re.search(WEB_VIEW, "https://app-webview.example.org/a")
    assert re.search(WEB_VIEW, "https://old.example.org/a")
    assert not re.search(WEB_VIEW, "https://www.example.org/old.html")


def test_no_pin_stands_for_a_whole_town(atlas: Atlas) -> None:
    assert not atlas.spaces["coordinate_precision"].eq("municipality").any()
    located = atlas.spaces[atlas.spaces["coordinate_precision"].isin(["building", "street"])]
    same = located.groupby(["lat", "lon"]).size()
    assert same.max() <= 6, same[same > 6]

"""Charts of areas: what they say in words, what is hollow, what is not drawn at all."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from coloraide import Color
from core_fixtures import TOWNS
from indicator_fixtures import TODAY, hand_table

from atlas import vocabulary as v
from atlas.analysis.choice import Choice
from atlas.analysis.indicators import REGION, indicators
from atlas.analysis.texts import interval_text, title, value_text
from atlas.figures import themed, to_svg
from atlas.figures.charts import _bar_data, _segments, figure_bars, state_shares, type_dots
from atlas.figures.theme import PAPER, SERIES

if TYPE_CHECKING:
    from atlas.vocabulary import Language


@pytest.fixture(scope="module")
def tidy() -> pd.DataFrame:
    by = [indicators(hand_table(), TOWNS, by=by, today=TODAY) for by in ("municipality", "region")]
    return pd.concat([by[0], by[1].assign(area_name="Ruhrgebiet")], ignore_index=True)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("choice", [Choice(), Choice("vacancy_rate"), Choice("demolished")])
def test_bars_name_every_area_with_its_number(
    tidy: pd.DataFrame, choice: Choice, language: str
) -> None:
    drawn = to_svg(themed(figure_bars(tidy, choice, language, reference=REGION), language))
    for row in choice.rows(tidy).to_dict("records"):
        missing = "keine Angabe" if language == "de" else "no figure"
        text = value_text(choice.indicator, row["value"], language)
        assert f"{row['area_name']}: {missing if text == '–' else text}" in drawn


def test_small_numbers_are_hollow_and_named_and_the_region_has_another_colour(
    tidy: pd.DataFrame,
) -> None:
    rows = {row["name"]: row for row in _bar_data(Choice().rows(tidy), REGION, "de")}
    assert rows["Westheim"]["fill"] == PAPER
    assert rows["Westheim"]["text"].endswith("kleine Zahl")
    assert rows["Ruhrgebiet"]["stroke"] != rows["Westheim"]["stroke"]
    many = pd.concat([hand_table()] * 3, ignore_index=True)
    full = _bar_data(Choice().rows(indicators(many, TOWNS, by="municipality", today=TODAY)),
                     REGION, "de")  # fmt: skip
    assert full[0]["fill"] != PAPER
    assert "kleine" not in full[0]["text"]


@pytest.mark.parametrize(("language", "half"), [("de", "50\u00a0%"), ("en", "50%")])
def test_axes_write_shares_as_their_language_does(
    tidy: pd.DataFrame, language: Language, half: str
) -> None:
    choice = Choice("vacancy_rate")
    drawn = to_svg(themed(figure_bars(tidy, choice, language, reference=REGION), language))
    assert f">{half}</text>" in drawn


def test_an_area_without_a_figure_has_no_bar(tidy: pd.DataFrame) -> None:
    rows = {row["name"]: row for row in _bar_data(Choice().rows(tidy), REGION, "de")}
    assert rows["Osthausen"]["value"] is None
    assert rows["Osthausen"]["text"] == "keine Angabe"


def test_dots_are_only_of_types_that_there_are(tidy: pd.DataFrame) -> None:
    drawn = to_svg(themed(type_dots(tidy, "de", reference=REGION), "de"))
    assert v.TYPE_GROUPS["studio"].de.replace("&", "&amp;") in drawn
    assert v.TYPE_GROUPS["gallery"].de.replace("&", "&amp;") not in drawn
    assert "Osthausen" not in drawn  # no site, so no share


def test_segments_fill_the_bar_and_leave_out_what_nobody_observed() -> None:
    states = pd.DataFrame(0, index=["A", "B"], columns=list(v.VACANCY))
    states.loc["A", ["in_use", "vacant", "unknown", "demolished"]] = [3, 1, 5, 2]
    labels = {code: code for code in v.VACANCY_SCALE}
    data, names, texts = _segments(states, labels, "de")
    assert [(row["state"], row["start"], row["stop"]) for row in data] == [
        ("in_use", 0, 0.75), ("vacant", 0.75, 1)]  # fmt: skip
    assert names == ["A", "B"]
    assert texts == ["A (5 nicht beobachtet, 2 abgerissen)", "B (0 nicht beobachtet)"]
    assert texts[0] in to_svg(themed(state_shares(states, "de"), "de"))


def test_neighbouring_segments_differ_in_a_grey_print() -> None:
    from atlas.palette import LIGHT

    light = [Color(LIGHT.vacancy[code]).convert("lab")["l"] for code in v.VACANCY_SCALE]
    assert all(after > before for before, after in pairwise(light))
    assert Color(SERIES[0]).contrast(PAPER) > 3


@pytest.mark.parametrize(
    ("indicator", "value", "german", "english"),
    [
        ("spaces", 1234.0, "1.234", "1,234"),
        ("spaces_per_10000", 0.854, "0,85", "0.85"),
        ("spaces_per_km2", 0.0123, "0,012", "0.012"),
        ("vacancy_rate", 0.5, "50\u00a0%", "50%"),
        ("observation_age_days", 1.0, "1 Tag", "1 day"),
        ("observation_age_days", 1974.5, "1.974 Tage", "1,974 days"),
        ("effective_types", 12.94, "12,9", "12.9"),
        ("spaces", math.nan, "–", "–"),
    ],
)
def test_figures_are_written_as_people_do(
    indicator: str, value: float, german: str, english: str
) -> None:
    assert value_text(indicator, value, "de") == german
    assert value_text(indicator, value, "en") == english


def test_an_interval_has_one_unit_and_a_title_its_group() -> None:
    assert interval_text(0.19, 0.81, "de") == "19–81\u00a0%"
    assert interval_text(math.nan, math.nan, "de") == ""
    assert title(Choice("spaces", "stage"), "en") == "Spaces: Stage, music & cinema"

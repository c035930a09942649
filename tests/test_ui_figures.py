"""The pages Compare and Profile: what they say, what stays missing, what the link asks for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from app_fixtures import PAGES, open_app, panels, problems, sent, text
from build_fixtures import content, table
from core_fixtures import data_dir, located, row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indicator_fixtures import EAST, HAND_ROWS, MIDDLE, WEST, property_, site

from atlas import stored
from atlas.analysis.choice import Choice, PlacesAsked
from atlas.schema import space_id
from atlas.ui import state
from atlas.ui.components.compare import toggled
from atlas.ui.components.figure_form import chosen_places
from atlas.ui.components.figure_words import sentence
from atlas.ui.words import Words
from tests.build_fixtures import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from atlas.vocabulary import Language

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
QUARTER = row("w/q", name="Quartier Nord", kind="creative_quarter", type="quarter",
              vacancy="not_applicable", observed_on="", programme_status="current",
              **located(51.45, 7.05, coordinate_precision="district",
                        coordinate_uncertainty_m="900"))  # fmt: skip
SECOND = {**QUARTER, "source_ref": "w/q2", "space_id": space_id("curated", "w/q2"),
          "name": "Quartier Süd"}  # fmt: skip
KEY = space_id("curated", "w/q")
NAUGHTY = property_("w/x", name=HOSTILE, vacancy="vacant", observed_on="2019")


def settle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATA_DIR", str(folder))
    state.settings.clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = (*HAND_ROWS, QUARTER, NAUGHTY)
    return data_dir(tmp_path_factory.mktemp("ui") / "data", *rows).data_dir


@pytest.fixture(autouse=True)
def _data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settle(folder, monkeypatch)
    yield
    state.settings.clear()


def visit(page: str, **params: list[str]) -> AppTest:
    """Follow a link to ``page``: the page before it would take its parameters away."""
    app = open_app()
    app.switch_page(str(PAGES[page]))
    for key, values in params.items():
        app.query_params[key] = values
    return app.run()


def said(app: AppTest, panel: str) -> str:
    return text(panels(app)[panel])


def test_the_comparison_says_what_is_seen_and_what_is_too_small() -> None:
    app = visit("compare", place=[WEST, MIDDLE], figure=["spaces_per_10000"])
    assert problems(app) == []
    told = said(app, "compare_summary")
    assert "am höchsten in Westheim (9.000,00), dann in Mittelstadt (1.000,00)" in told
    assert "Ruhrgebiet: 1.833,33." in told
    assert "Kleine Zahlen: Westheim, Mittelstadt." in told
    assert "um mehr als ein Zehntel" in told


def test_a_difference_that_may_be_chance_is_called_so() -> None:
    west = [property_(f"w/{n}", vacancy="vacant") for n in range(3)]
    middle = [property_(f"m/{n}", vacancy="in_use", municipality="Mittelstadt") for n in range(3)]
    assert "kann Zufall sein" in _compared(west, middle)
    many = [property_(f"w/{n}", vacancy="vacant") for n in range(30)]
    few = [property_(f"m/{n}", vacancy="in_use", municipality="Mittelstadt") for n in range(30)]
    assert "kann Zufall sein" not in _compared(many, few)


def _compared(*parts: list[dict[str, str]]) -> str:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        rows = [each for part in parts for each in part]
        settle(data_dir(Path(place) / "data", *rows).data_dir, patch)
        app = visit("compare", place=[WEST, MIDDLE], figure=["vacancy_rate"])
        return said(app, "compare_summary")


def figures(*values: float, indicator: str = "spaces", spread: float = math.nan) -> pd.DataFrame:
    """Return a figure of the places A, B, C … and nothing else."""
    cells = {"low": [one - spread for one in values], "high": [one + spread for one in values]}
    names = list("ABCD"[: len(values)])
    return pd.DataFrame({"area_id": names, "area_name": names, "indicator": indicator,
                         "group": "", "value": values, "is_small": False, **cells})  # fmt: skip


def ranked(tidy: pd.DataFrame, language: Language = "de") -> str:
    choice = Choice(tidy["indicator"].iloc[0])
    return " ".join(sentence(tidy, choice, Words(language), reference="region"))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((4, 2, 4), "am höchsten in A und C (je 4), dann in B (2)."),
        ((2, 4, 2, 2), "am höchsten in B (4), dann in A, C und D (je 2)."),
        ((3, 2, 1), "am höchsten in A (3), dann in B (2), C (1)."),
        ((2, 2, 2), "ist überall gleich: A, B und C (je 2)."),
    ],
)
def test_equal_places_share_a_rank(values: tuple[float, ...], told: str) -> None:
    assert told in ranked(figures(*values))


def test_what_reads_the_same_is_not_ranked_and_not_called_equal() -> None:
    near = figures(0.121, 0.122, indicator="spaces_per_10000")
    assert "ist überall fast gleich: B und A (je 0,12)." in ranked(near)
    assert "almost the same everywhere: B and A (each 0.12)." in ranked(near, "en")
    some = figures(0.121, 0.5, 0.122, indicator="spaces_per_10000")
    assert "am höchsten in B (0,50), dann in C und A (je 0,12)." in ranked(some)


def test_equal_shares_keep_their_own_intervals_and_differ_by_nothing() -> None:
    half = figures(0.5, 0.5, indicator="vacancy_rate", spread=0.1)
    assert "A und B (je 50\u00a0%, Intervall 40–60\u00a0%)" in ranked(half)
    assert "Zufall" not in ranked(half)
    half.loc[1, ["low", "high"]] = [0.3, 0.7]
    told = "A (50\u00a0%, Intervall 40–60\u00a0%) und B (50\u00a0%, Intervall 30–70\u00a0%)"
    assert told in ranked(half)


def test_a_quarter_is_said_to_be_a_circle_without_inhabitants() -> None:
    app = visit("compare", place=[WEST, KEY])
    told = said(app, "compare_summary")
    assert "Keine Angabe für Quartier Nord." in told
    assert "Quartier Nord: Kreis von 900 m um den Ankerpunkt in Westheim" in told
    assert "keine Angabe" in said(app, "compare_tables")


def test_a_town_without_rows_is_not_surveyed_and_nowhere_zero() -> None:
    app = visit("profile", town=[EAST])
    assert problems(app) == []
    assert "Osthausen ist nicht erhoben" in said(app, "profile_told")
    table_ = panels(app)["profile_tables"]
    assert "nicht erhoben" in text(table_)
    lines = [line for line in table_.split("<tr")[2:] if "Orte je km²" in line]
    assert lines
    for line in lines:
        assert "nicht erhoben" in line.split("</td>")[0]
    assert "chart_types" not in panels(app)


def test_the_profile_says_how_many_how_dense_and_how_empty() -> None:
    told = said(visit("profile", town=[WEST]), "profile_told")
    # One of the ten is demolished: 9 to 10 inhabitants, as in the table.
    assert "Der Atlas kennt hier 9 Orte." in told
    assert "Schlüsselimmobilie: 5" in told
    assert "Das sind 9.000,00 je 10.000 Einwohner" in told
    assert "Dazu kommt 1 abgerissener Ort, der nicht mitzählt." in told
    assert "Rang 1 von 2" in told
    assert "Von 4 beobachteten Schlüsselimmobilien stehen ganz oder teilweise leer: 3" in told
    assert "zu wenige für einen Vergleich" in told


def test_where_nobody_observed_anything_nothing_is_said_about_vacancy() -> None:
    told = said(visit("profile", town=[MIDDLE]), "profile_told")
    assert "lässt sich nichts sagen" in told
    assert "%" not in told


def test_what_was_observed_to_be_demolished_is_not_called_unobserved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [property_("w/1", vacancy="demolished"),
            property_("m/1", municipality="Mittelstadt", vacancy="demolished"),
            property_("m/2", municipality="Mittelstadt", vacancy="demolished"),
            site("m/3", "studio", municipality="Mittelstadt")]  # fmt: skip
    settle(data_dir(tmp_path / "data", *rows).data_dir, monkeypatch)
    west, middle = (said(visit("profile", town=[town]), "profile_told") for town in (WEST, MIDDLE))
    assert "Der Atlas kennt hier 0 Orte. Das sind 0,00 je 10.000 Einwohner" in west
    assert "Beobachtet ist hier nur Abgerissenes (1 Schlüsselimmobilie)" in west
    assert "Der Atlas kennt hier 1 Ort. Ort der Kultur- und Kreativwirtschaft: 1." in middle
    assert "Dazu kommen 2 abgerissene Orte, die nicht mitzählen." in middle
    assert "Beobachtet ist hier nur Abgerissenes (2 Schlüsselimmobilien)" in middle
    assert "niemand beobachtet" not in west + middle
    side = said(visit("compare", place=[WEST, MIDDLE]), "compare_summary")
    assert "0 Orte, dazu 1 abgerissener Ort" in side
    assert "1 Ort, dazu 2 abgerissene Orte" in side


def test_lists_name_what_is_empty_and_what_is_to_be_checked_as_text_only() -> None:
    html = panels(visit("profile", town=[WEST]))["profile_lists"]
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert f'href="./?space={space_id("curated", "w/x")}' in html
    assert "Keine Beobachtung ist älter als ein Jahr." not in html
    assert "Quartier Nord" in html


def test_tables_hold_the_numbers_of_the_charts() -> None:
    app = visit("compare", place=[WEST, MIDDLE], figure=["vacancy_rate"])
    shown = said(app, "compare_tables")
    assert "75 %" in shown
    assert "3 von 4 beobachteten" in shown
    assert "2 von 3 (67 %)" in shown  # studios among the sites of Westheim
    assert "2018" in said(visit("compare"), "compare_tables")  # the inhabitants' date


def test_the_link_keeps_the_question_and_unknown_places_are_told() -> None:
    app = visit(
        "compare", place=[MIDDLE, "05999999", WEST, "Bochum"], figure=["location_quotient-stage"]
    )
    assert app.query_params["place"] == [MIDDLE, WEST]
    assert app.query_params["figure"] == "location_quotient-stage"
    assert "nicht (mehr) kennt: Bochum, 05999999." in said(app, "compare_summary")
    town = visit("profile", town=["05999999"], figure=["nix"])
    assert "unbekannte Gemeinde: 05999999" in said(town, "profile_heading")
    assert town.query_params["town"] == EAST  # the most populous one stands in
    assert "figure" not in town.query_params
    assert "unbekannte Gemeinde: Bochum" in said(
        visit("profile", town=["Bochum"]), "profile_heading"
    )
    alone = visit("compare", place=["Bochum"])  # the usual places stand in
    assert "nicht (mehr) kennt: Bochum." in said(alone, "compare_summary")


def test_a_link_may_name_a_place_as_people_type_it() -> None:
    app = visit("compare", place=[MIDDLE, "westheim", "Bochum", "Quartier Nord"])
    assert app.query_params["place"][:2] == [MIDDLE, WEST]
    assert len(app.query_params["place"]) == 3  # and the quarter
    assert "nicht (mehr) kennt: Bochum." in said(app, "compare_summary")
    town = visit("profile", town=["WESTHEIM"])
    assert town.query_params["town"] == WEST
    assert "unbekannte" not in said(town, "profile_heading")


def test_one_place_alone_asks_for_a_second_one() -> None:
    app = visit("compare", place=[WEST])
    assert problems(app) == []
    assert "braucht es einen zweiten Ort" in said(app, "compare_summary")


def test_a_click_on_the_map_adds_a_town_or_takes_it_out_within_the_bounds() -> None:
    two = PlacesAsked(("a", "b"))
    assert toggled(two, "c").keys == ("a", "b", "c")
    assert toggled(toggled(two, "c"), "a").keys == ("b", "c")
    assert toggled(two, "a") == two
    assert toggled(two, "") == two
    four = PlacesAsked(("05000001", "05000002", "05000003", "05000004"), Choice("demolished"))
    fifth = PlacesAsked.from_params(toggled(four, "05000005").to_params())
    assert fifth == four
    assert fifth.surplus == ("05000005",)


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        (("a", "b", "", ""), ("a", "b")),
        (("a", "a", "", ""), ("a", "b", "a")),  # told, and b is still there
        (("b", "b", "", ""), ("a", "b", "b")),
        (("a", "b", "a", ""), ("a", "b", "a")),
        (("b", "a", "", ""), ("b", "a")),
        (("c", "c", "", ""), ("c", "b", "c")),
        (("a", "b", "c", "d"), ("a", "b", "c", "d")),
    ],
)
def test_a_place_that_is_chosen_again_takes_no_other_ones_room(
    fields: tuple[str, ...], chosen: tuple[str, ...]
) -> None:
    assert chosen_places(("a", "b"), fields) == chosen


def test_places_that_do_not_fit_or_stand_there_already_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(data_dir(tmp_path / "data", *HAND_ROWS, QUARTER, SECOND).data_dir, monkeypatch)
    again = visit("compare", place=[WEST, MIDDLE, WEST])
    assert again.query_params["place"] == [WEST, MIDDLE]
    assert "Schon gewählt: Westheim." in said(again, "compare_summary")
    keys = [WEST, MIDDLE, EAST, KEY, SECOND["space_id"]]
    five = visit("compare", place=["05999999", *keys])
    assert five.query_params["place"] == keys[:4]
    told = said(five, "compare_summary")
    assert "kennt: 05999999." in told
    assert "Mehr als 4 Orte stehen nicht nebeneinander. Nicht dabei: Quartier Süd." in told
    assert "Nicht dabei" not in said(visit("compare", place=[WEST, MIDDLE]), "compare_summary")


def test_downloads_ask_for_exactly_what_is_shown() -> None:
    html = panels(visit("compare", place=[WEST, MIDDLE], figure=["demolished"]))["compare_tables"]
    asked = f"place={WEST}&amp;place={MIDDLE}&amp;figure=demolished&amp;lang=de"
    for name in ("table.csv", "table.xlsx", "layer.gpkg", "map.png", "map.svg"):
        assert f'href="atlas/analysis/compare/{name}?{asked}"' in html


def test_every_choice_of_the_form_is_one_that_can_be_asked() -> None:
    html = sent(visit("compare"))["compare_form"]["html"]
    assert html.count("<select") == 6
    assert f'value="{KEY}"' in html
    only = sent(visit("compare", figure=["demolished"]))["compare_form"]["html"]
    assert only.count("<select") == 5  # nothing to split by


HOSTILE_VALUES = st.sampled_from(
    [
        "",
        "\x00",
        HOSTILE,
        WEST,
        KEY,
        "05999999",
        "spaces-studio",
        "vacancy_rate",
        "9" * 60,
        "region",
    ]
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(["place", "town", "figure"]),
                       st.lists(HOSTILE_VALUES, min_size=1, max_size=5), min_size=1))  # fmt: skip
def test_a_hostile_link_never_raises(params: dict[str, list[str]]) -> None:
    for page in ("compare", "profile"):
        app = visit(page, **params)
        assert problems(app) == []
        assert "<script" not in "".join(panels(app).values()).lower()


def test_with_one_table_only_the_page_says_so() -> None:
    for page, panel in (("profile", "town_changes"), ("data", "all_changes")):
        assert "nur eine Tabelle" in said(visit(page), panel)


def test_what_changed_since_the_table_before_is_listed_per_town(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = data_dir(tmp_path / "data", *HAND_ROWS).data_dir
    old = [property_("w/1", name="Zeche"), property_("w/2", name="Kirche", vacancy="in_use")]
    new = [property_("w/1", name="Alte Zeche"), property_("m/1", municipality="Mittelstadt")]
    for rows in (old, new):
        stored.write(folder / "table", content(table(*rows)), now=NOW)
    settle(folder, monkeypatch)
    told = said(visit("profile", town=[WEST]), "town_changes")
    assert "Seit der Tabelle vom 22.11.2026: weggefallen: 1; umbenannt: 1." in told
    assert "Zeche Alte Zeche" in told
    every = said(visit("data"), "all_changes")
    assert "neu: 1; weggefallen: 1; umbenannt: 1" in every
    assert "Mittelstadt" in every
    quiet = said(visit("profile", town=[EAST]), "town_changes")
    assert "hat sich nichts geändert" in quiet

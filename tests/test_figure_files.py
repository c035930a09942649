"""Files of Compare and Profile: what the page shows, with licence and date, and no formula."""

from __future__ import annotations

import asyncio
import io
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import httpx
import openpyxl
import pandas as pd
import pyogrio
import pytest
from core_fixtures import data_dir, located, row
from indicator_fixtures import HAND_ROWS, MIDDLE, WEST
from starlette.applications import Starlette

from atlas.analysis.choice import Choice
from atlas.api import routes
from atlas.api.indicators import AREAS, FILES
from atlas.clock import today
from atlas.current import current
from atlas.export.columns import SHARE
from atlas.export.figure_files import LABELS, labelled
from atlas.figures.answers import all_figures
from atlas.figures.shown import shown
from atlas.schema import space_id
from atlas.vocabulary import INDICATORS
from atlas.webmap.indicator_areas import indicator_layer

if TYPE_CHECKING:
    from pathlib import Path

    from atlas.settings import Settings

HOSTILE = "=HYPERLINK(1)<script>"
QUARTER = row("w/q", name=HOSTILE, kind="creative_quarter", type="quarter",
              vacancy="not_applicable", observed_on="", programme_status="current",
              **located(51.45, 7.05, coordinate_precision="district",
                        coordinate_uncertainty_m="900"))  # fmt: skip
KEY = space_id("curated", "w/q")
ASKED = f"place={WEST}&place={KEY}&figure=vacancy_rate"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return data_dir(tmp_path_factory.mktemp("figures") / "data", *HAND_ROWS, QUARTER)


@pytest.fixture(scope="module")
def ask(settings: Settings) -> Any:
    app = Starlette(routes=routes(settings))

    async def asking(path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://atlas") as client:
            return await client.get(f"/atlas/analysis/{path}", **options)

    return lambda path, **options: asyncio.run(asking(path, **options))


def table(answer: httpx.Response) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(answer.content), dtype="str", keep_default_na=False)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("page", ["compare", "profile"])
def test_every_file_is_offered_by_both_pages(ask: Any, page: str, name: str) -> None:
    answer = ask(f"{page}/{name}?town={WEST}&{ASKED}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FILES[name][0]
    assert name.partition(".")[0] in answer.headers["content-disposition"]
    assert len(answer.content) > 500


def test_the_table_holds_the_figures_of_the_page_with_licence_and_date(
    ask: Any, settings: Settings
) -> None:
    rows = table(ask(f"compare/table.csv?{ASKED}"))
    now = current(settings).snapshot()
    params = {"place": [WEST, KEY]}
    on_page = shown(now, "compare", params, language="de", today=today()).figures
    assert len(rows) == len(on_page)
    rates = rows[(rows["indicator"] == "vacancy_rate") & (rows["group"] == "")]
    expected = Choice("vacancy_rate").rows(on_page)
    assert list(rates["area_id"]) == list(expected["area_id"]) == [WEST, KEY, "region"]
    assert float(rates["value"].iloc[0]) == pytest.approx(expected["value"].iloc[0])
    assert float(rates["low"].iloc[0]) == pytest.approx(expected["low"].iloc[0])
    assert set(rows["licence"]) == {"CC-BY-4.0 AND CC0-1.0"}
    assert set(rows["data_as_of"]) == {"2026-11-22"}
    assert "place=05000001" in rows["parameters"].iloc[0]


def test_a_figure_that_is_missing_is_an_empty_cell_and_a_zero_is_a_zero(ask: Any) -> None:
    rows = table(ask(f"compare/table.csv?{ASKED}")).set_index(["area_id", "indicator", "group"])
    assert rows.loc[(KEY, "spaces_per_10000", ""), "value"] == ""
    assert rows.loc[(WEST, "spaces", "gallery"), "value"] == "0"


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_workbook_has_labels_a_notice_and_no_formula(ask: Any, language: str) -> None:
    answer = ask(f"compare/table.xlsx?{ASKED}&lang={language}")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}
    figures, notice = book.worksheets
    assert figures.max_column == len(LABELS)
    assert HOSTILE in {cell.value for cell in figures["B"]}
    assert any("CC-BY-4.0" in str(line[1].value) for line in notice.iter_rows())


def test_a_share_has_the_unit_that_its_value_is_written_in(ask: Any) -> None:
    rows = table(ask(f"compare/table.csv?{ASKED}")).set_index("indicator")
    shares = rows[rows.index.isin([code for code, one in INDICATORS.items() if one.unit == "%"])]
    assert set(shares["unit"]) == {SHARE}
    assert pd.to_numeric(shares["value"]).max() <= 1
    assert set(rows.loc["spaces_per_km2", "unit"]) == {INDICATORS["spaces_per_km2"].unit}
    book = openpyxl.load_workbook(io.BytesIO(ask(f"compare/table.xlsx?{ASKED}").content))
    assert "%" not in {cell.value for column in book.worksheets[0].columns for cell in column}


def test_a_text_that_looks_like_a_formula_is_guarded_in_the_table(ask: Any) -> None:
    names = set(table(ask(f"compare/table.csv?{ASKED}"))["area_name"])
    assert f"'{HOSTILE}" in names
    assert HOSTILE not in names


def test_the_layer_has_polygons_in_metres_and_the_figures(ask: Any, tmp_path: Path) -> None:
    path = tmp_path / "figures.gpkg"
    path.write_bytes(ask(f"compare/layer.gpkg?{ASKED}").content)
    layer = pyogrio.read_dataframe(path)
    assert layer.crs == "EPSG:25832"
    assert list(layer["area_id"]) == [WEST, KEY]
    circle = layer.geometry.iloc[1]
    assert circle.area == pytest.approx(3.14159 * 900**2, rel=2e-3)
    assert layer["vacancy_rate"].iloc[0] == pytest.approx(2 / 3)
    assert "CC-BY-4.0" in pyogrio.read_info(path)["layer_metadata"]["LICENCE"]
    path.write_bytes(ask("profile/layer.gpkg").content)
    assert len(pyogrio.read_dataframe(path)) == 3


def test_the_same_question_gives_the_same_bytes(ask: Any) -> None:
    for name in ("table.csv", "layer.gpkg", "figure.svg"):
        assert ask(f"compare/{name}?{ASKED}").content == ask(f"compare/{name}?{ASKED}").content


def test_a_chart_says_its_numbers_and_whom_to_name_and_asks_nobody(ask: Any) -> None:
    drawn = ask(f"compare/figure.svg?{ASKED}").text
    assert "Westheim: 67" in drawn
    assert "CC-BY-4.0" in drawn
    assert "&lt;script&gt;" in drawn
    assert "<script" not in drawn
    english = ask(f"compare/figure.svg?{ASKED}&lang=en").text
    assert "small number" in english


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("types", ["Orte der Kultur- und Kreativwirtschaft nach Typ",
                   "Der graue Strich ist das Ruhrgebiet."]),
        ("states", ["Orte nach Zustand",
                    "Nur Orte, deren Zustand jemand beobachtet hat; die anderen stehen in "
                    "Klammern."]),
        ("figure", ["Leerstand unter beobachteten Schlüsselimmobilien",
                    "Grau das Ruhrgebiet zum Vergleich; hohle Balken sind kleine Zahlen.",
                    "Die schwarzen Striche sind 95-%-Intervalle."]),
    ],
)  # fmt: skip
def test_a_chart_says_what_it_shows_above_its_legend(ask: Any, name: str, told: list[str]) -> None:
    asked = f"place={WEST}&place={MIDDLE}&figure=vacancy_rate"
    drawn = ask(f"compare/{name}.svg?{asked}").text
    # Texts of one line each; groups are moved, so where one stands is the sum of its moves.
    heights = text_heights(drawn)
    assert "Vergleich: Westheim, Mittelstadt" in heights
    head = max(heights[text] for text in ("Vergleich: Westheim, Mittelstadt", *told))
    below = [height for text, height in heights.items() if text.startswith(("Westheim", "genutzt"))]
    assert below
    assert head < min(below)
    english = ask(f"compare/{name}.svg?{asked}&lang=en").text
    assert not any(text in english for text in told)


def text_heights(drawn: str) -> dict[str, float]:
    """Return how far below the upper edge each text of a drawing stands."""
    found: dict[str, float] = {}

    def walk(node: ET.Element, height: float) -> None:
        moved = re.search(r"translate\([-\d.e]+[ ,]+([-\d.e]+)\)", node.get("transform", ""))
        height += float(moved[1]) if moved else 0.0
        if node.tag.endswith(("}text", "}tspan")) and node.text:
            found.setdefault(node.text, height)
        for child in node:
            walk(child, height)

    walk(ET.fromstring(drawn), 0.0)  # noqa: S314 (our own drawing)
    return found


def test_areas_of_the_map_are_classed_by_the_whole_table(ask: Any) -> None:
    one, other = (ask(f"compare/{AREAS}?place={key}&figure=spaces") for key in (WEST, MIDDLE))
    assert one.content == other.content
    found = one.json()
    assert found["id"] == [WEST, MIDDLE, "05000003"]
    assert [each["count"] for each in found["classes"]] == [1, 1, 1]
    missing = found["classes"][-1]
    assert missing["text"] == "keine Angabe"
    assert missing["pattern"] == "lines"
    assert found["class"][2] == len(found["classes"]) - 1
    again = ask(f"compare/{AREAS}?figure=spaces", headers={"if-none-match": one.headers["etag"]})
    assert again.status_code == 304


def test_bounds_of_classes_are_told_apart_and_carry_their_unit(settings: Settings) -> None:
    now = current(settings).snapshot()
    figures = all_figures(now, today=today()).municipality
    towns = now.atlas.municipalities.to_crs("EPSG:25832").set_index("ags")
    for code, unit in (("located_share", "%"), ("observation_age_days", "Tage"), ("spaces", "")):
        layer = indicator_layer(towns, figures, Choice(code), "de")
        texts = [one.text for one in layer.classes]
        assert len(set(texts)) == len(texts)
        assert all(text.endswith(unit) for text in texts[:-1])
    for language, sign in (("de", "\u00a0%"), ("en", "%")):
        layer = indicator_layer(towns, figures, Choice("located_share"), language)
        assert {re.sub(r"[\d–]", "", one.text) for one in layer.classes[:-1]} == {sign}
    close = figures.assign(value=figures["value"].map({}.get).fillna(0.12341))
    close.loc[close.index[0] : close.index[0] + 1, "value"] = 0.12349
    texts = [one.text for one in indicator_layer(towns, close, Choice("spaces"), "de").classes]
    assert "0,1235" in texts


@pytest.mark.parametrize(
    "path",
    ["compare/nix.csv", "nix/table.csv", "compare/../../etc/passwd", "profile/areas.json.bak"],
)
def test_what_is_not_there_is_answered_with_what_there_is(ask: Any, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 404
    assert "error" in answer.json()


@pytest.mark.parametrize(
    "query",
    ["place=%00&place=&figure=%3Cscript%3E", "town=05999999&figure=spaces-nix",
     "place=05999999&place=0123456789", "figure=location_quotient", "lang=xx&town=" + "9" * 99],
)  # fmt: skip
@pytest.mark.parametrize("page", ["compare", "profile"])
def test_a_hostile_question_has_an_answer(ask: Any, page: str, query: str) -> None:
    for name in ("table.csv", "figure.svg", AREAS):
        assert ask(f"{page}/{name}?{query}").status_code == 200


def test_labels_are_those_of_the_language_and_every_row_stays(settings: Settings) -> None:
    tidy = all_figures(current(settings).snapshot(), today=today()).municipality
    for language, label in (("de", "Orte je 10.000 Einwohner"),
                            ("en", "Spaces per 10,000 inhabitants")):  # fmt: skip
        found = labelled(tidy, language)
        assert len(found) == len(tidy)
        assert label in set(found["indicator_label"])
        assert found[["indicator_label", "group_label", "unit"]].notna().all(axis=None)

"""German first, English complete: what is not a message of the catalogue is bilingual, too."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from app_fixtures import open_app, panels, text
from core_fixtures import EDGE_ROWS, data_dir, located, row

from atlas import export
from atlas import vocabulary as v
from atlas.cli import helptexts
from atlas.query import Filters
from atlas.settings import Settings
from atlas.store import load
from atlas.ui import chrome, state
from atlas.ui.components import coverage, labels, near, result_list, results, shortlist, table
from atlas.ui.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMANDS = ("validate", "export", "serve", "build", "diff", "versions", "geocode", "source")
# Words that German needs and no proper name in the registry consists of.
GERMAN = re.compile(
    r"\b(Haltestelle|Anker|Lage|Koordinate|Geodaten|nur|erschlossen|bekannt|liegt|gegenüber|neben"
    r"|nahe|zwischen|Ecke|Ortskern|Ortsteil|Stadtteil|Altstadt|Innenstadt|Spiegel|Seite|gerundet"
    r"|Zechenstandort|Artikel|beim?|vom|laut|führt|Nachbarhaus|Verzeichnis)\b"
)


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    state.settings.clear()
    yield
    state.settings.clear()


@pytest.fixture(scope="module")
def notes() -> list[tuple[str, str]]:
    with (Settings().data_dir / "spaces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["coordinate_note"], row["coordinate_note_en"]) for row in rows]


def test_the_evidence_of_a_location_is_there_in_both_languages(
    notes: list[tuple[str, str]],
) -> None:
    assert sum(bool(german) for german, _ in notes) > 300
    assert [pair for pair in notes if bool(pair[0]) != bool(pair[1])] == []


def test_the_english_evidence_holds_no_german_sentence(notes: list[tuple[str, str]]) -> None:
    assert [english for _, english in notes if GERMAN.search(english)] == []


def test_the_guard_sees_german_evidence(notes: list[tuple[str, str]]) -> None:
    assert sum(bool(GERMAN.search(german)) for german, _ in notes) > 200


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("de", "© OpenStreetMap-Mitwirkende (ODbL)"), ("en", "© OpenStreetMap contributors (ODbL)")],
)
def test_every_file_names_the_sources_in_its_language(
    tmp_path: Path, language: str, sentence: str
) -> None:
    atlas = load(data_dir(tmp_path / "data", *EDGE_ROWS))
    files = {
        name: export.write(atlas.spaces, name, language=language, filters=Filters(), atlas=atlas)
        for name in export.FORMATS
    }
    (tmp_path / "spaces.gpkg").write_bytes(files["gpkg"])
    layer = pyogrio.read_info(tmp_path / "spaces.gpkg", layer="spaces")["layer_metadata"]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    told = {
        "csv": pd.read_csv(io.BytesIO(files["csv"]))["attribution"][1],
        "geojson": json.loads(files["geojson"])["attribution"],
        "gpkg": layer["ATTRIBUTION"],
        "csv-wkt": pd.read_csv(io.BytesIO(files["csv-wkt"]))["attribution"][1],
        "fgb": files["fgb"].decode("utf-8", "replace"),
        "parquet": pq.read_schema(io.BytesIO(files["parquet"])).metadata[
            b"raumatlas:attribution"].decode(),
        "xlsx": " ".join(str(cell.value) for line in book.worksheets[1].iter_rows()
                         for cell in line),
    }  # fmt: skip
    assert set(told) == set(export.FORMATS)
    other = {"de": "contributors", "en": "Mitwirkende"}[language]
    assert [name for name, said in told.items() if sentence not in said or other in said] == []


def helps(words: tuple[str, ...], **environment: str) -> str:
    clean = {
        key: value for key, value in os.environ.items() if key not in helptexts.LOCALE_VARIABLES
    }
    result = subprocess.run(
        [sys.executable, "-m", "atlas", *words, "--help"], capture_output=True, text=True,
        check=True, env={**clean, **environment},
    )  # fmt: skip
    return result.stdout


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS)])
def test_the_help_speaks_the_language_of_the_environment(words: tuple[str, ...]) -> None:
    key = words[0] if words else "atlas"
    german, english = helptexts.HELP[key]
    # The first words only: the help is wrapped to the width of the terminal.
    assert german[:25] in helps(words, LANG="de_DE.UTF-8")
    assert english[:25] in helps(words, LANG="en_GB.UTF-8")


@pytest.mark.parametrize(
    ("environment", "is_english"),
    [({}, False), ({"LANG": "C.UTF-8"}, False), ({"LANG": "en_US.UTF-8"}, True),
     ({"LANG": "en_US.UTF-8", "LC_ALL": "de_DE.UTF-8"}, False), ({"LANGUAGE": "en:de"}, True)],
)  # fmt: skip
def test_german_is_the_language_unless_english_is_asked_for(
    environment: dict[str, str], *, is_english: bool
) -> None:
    assert helptexts.is_english(environment) is is_english


def test_the_about_page_says_the_years_that_the_vocabulary_counts() -> None:
    assert (v.RECHECK_AFTER_DAYS, v.OUTDATED_AFTER_DAYS) == (365, 3 * 365)
    assert "nach einem Jahr" in text(panels(open_app("about"))["about_method"])
    english = text(panels(open_app("about", {"lang": ["en"]}))["about_method"])
    assert "after one year" in english
    assert "after three years" in english


@pytest.fixture
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the evidence of a space as the detail shows it, by language and row."""
    both = row("w/both", name="Beides", **located(51.45, 7.05, coordinate_note="Haltestelle Nord",
                                                  coordinate_note_en="Stop Nord"))  # fmt: skip
    one = row("w/one", name="Nur deutsch", **located(51.45, 7.05, coordinate_note="Haltestelle Süd",
                                                     coordinate_note_en=""))  # fmt: skip
    monkeypatch.setenv("ATLAS_DATA_DIR", str(data_dir(tmp_path / "data", both, one).data_dir))
    return {
        f"{language} {name}": panels(
            open_app("map", {"space": [chosen["space_id"]], "lang": [language]})
        )["detail"]
        for language in ("de", "en")
        for name, chosen in (("both", both), ("one", one))
    }


def test_the_detail_shows_the_evidence_in_the_language_of_the_page(
    evidence: dict[str, str],
) -> None:
    assert "Haltestelle Nord" in evidence["de both"]
    assert "Stop Nord" in evidence["en both"]
    assert "Haltestelle Nord" not in evidence["en both"]
    # Nothing is hidden: what is there in German only is shown and marked as such.
    assert '<span lang="de">Haltestelle Süd</span>' in evidence["en one"]


def test_the_data_page_writes_shares_and_dates_as_each_language_does() -> None:
    german, english = (panels(open_app("data", {"lang": [code]})) for code in ("de", "en"))
    assert re.search(r"\d\N{NO-BREAK SPACE}%", german["coverage"])
    assert re.search(r"\d%", text(english["coverage"]))
    assert not re.search(r"\d\s%", english["coverage"])
    for shown in (german["sources"], english["sources"]):
        assert not re.search(r"\d{4}-\d{2}|CC-BY-4\.0|ODbL-1\.0", text(shown))


def test_the_marker_of_messages_is_defined_once() -> None:
    modules = (coverage, labels, near, result_list, results, shortlist, table)
    assert {vars(module)["_"] for module in modules} == {vars(chrome)["_"]}


def test_what_streamlit_says_has_a_text_in_both_languages() -> None:
    for language in ("de", "en"):
        for filtered in (True, False):
            given = chrome.setup(Words(language), filtered=filtered)
            assert all(given["labels"].values())
            assert all(given["texts"].values())
    german = chrome.setup(Words("de"), filtered=True)
    english = chrome.setup(Words("en"), filtered=True)
    assert german["texts"]["Skip to main content"] == "Zum Inhalt springen"
    assert english["texts"]["Skip to main content"] == "Skip to main content"


def test_a_page_without_filters_promises_none() -> None:
    opener = '[data-testid="stExpandSidebarButton"]'
    for language, word in (("de", "Filter"), ("en", "filters")):
        assert word in chrome.setup(Words(language), filtered=True)["labels"][opener]
        assert word not in chrome.setup(Words(language), filtered=False)["labels"][opener]

"""What a person sees of a build: on the data page, and in the detail of a merged place."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from app_fixtures import open_app, panels, problems, text
from core_fixtures import EDGE_ROWS, data_dir, located
from test_build import CURATED, SECOND, add_second, run, second

from atlas.store import load
from atlas.ui import state

NAME = "Zeche Glückauf"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A table of two sources: one place in both, one record without a place, one file missing."""
    made = data_dir(tmp_path / "data", *EDGE_ROWS)
    add_second(made, second("node/1", name=NAME, website="https://zeche.example/",
                            **located(51.45002, 7.05002, coordinate_source="osm")),
               second("node/2", municipality="", ags=""))  # fmt: skip
    monkeypatch.setenv("ATLAS_DATA_DIR", str(made.data_dir))
    state.settings.clear()  # a process keeps its settings
    yield made
    state.settings.clear()


def build_panel(language="de"):
    app = open_app("data", {"lang": [language]})
    assert problems(app) == []
    return text(panels(app)["build"])


@pytest.mark.parametrize(
    ("language", "sums", "reason", "age"),
    [("de", "8 Einträge gelesen: 6 gespeichert, 1 mit anderen zusammengeführt, 1 zurückgestellt",
      "1 × Der Eintrag nennt einen Ort", r"22\.11\.2026, (heute|vor \d+)"),
     ("en", "8 records read: 6 stored, 1 merged with others, 1 set aside",
      "1 × The record names a place", r"2026, (today|\d+ \w+ ago)")],
)  # fmt: skip
def test_the_data_page_tells_the_build(settings, language, sums, reason, age):
    run(settings, CURATED + SECOND)
    told = build_panel(language)
    assert sums in told
    assert reason in told
    assert re.search(age, told)


def test_a_source_that_failed_is_told_with_its_reason(settings):
    run(settings, CURATED + SECOND)
    (settings.data_dir / "second.csv").unlink()
    run(settings, CURATED + SECOND)
    told = build_panel()
    assert "osm: second.csv: die Datei ist nicht lesbar" in told
    assert "Es gelten die Zeilen der Tabelle davor." in told


def test_a_changed_registry_makes_the_table_outdated(settings):
    run(settings)
    assert "gilt nach dem nächsten Bau" not in build_panel()
    with (settings.data_dir / "spaces.csv").open("a", encoding="utf-8") as registry:
        registry.write("\n")
    assert "gilt nach dem nächsten Bau" in build_panel()


@pytest.mark.usefixtures("settings")
def test_without_a_build_the_page_says_so():
    assert "das handgepflegte Register allein" in build_panel()


def test_a_merged_place_names_its_sources_and_what_they_gave(settings):
    run(settings, CURATED + SECOND)
    spaces = load(settings).spaces.set_index("name")
    detail = text(panels(open_app(params={"space": [spaces.loc[NAME, "space_id"]]}))["detail"])
    assert "Aus mehreren Quellen" in detail
    assert re.search(r"OpenStreetMap: Zeche Glückauf .*Website", detail)
    other = panels(open_app(params={"space": [spaces.loc["Ohne Ort", "space_id"]]}))["detail"]
    assert "Aus mehreren Quellen" not in text(other)


def test_the_day_of_a_build_is_shown(settings):
    run(settings)
    assert dt.date(2026, 11, 22) == dt.datetime.fromisoformat(load(settings).built.built_at).date()
    assert "Gebaut am 22.11.2026" in build_panel()

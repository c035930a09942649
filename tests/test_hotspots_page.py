"""The Hotspots page: every analysis in both languages, its table, its link, its other states."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from atlas.analysis.asked import Asked
from atlas.current import current
from atlas.query.url import ANALYSIS_KEYS
from atlas.settings import Settings
from atlas.ui import state
from atlas.ui.components import hotspot_work
from atlas.ui.components.hotspot_table import FILES, PAGE_SIZE
from atlas.webmap.hotspot_answer import answer
from atlas.webmap.hotspot_areas import FACTS, Fact, hotspot_layer
from benchmarks.synthetic import write_data_dir
from tests.app_fixtures import PAGES, open_app, panels, problems, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = 400
QUICK = {"unit": ["municipality"], "permutations": ["999"]}
HOSTILE = "<script>alert('x')</script>"
PRESETS = {
    "hotspots": {},
    "clusters": {"shown": ["cluster"]},
    "density": {"shown": ["density"], "bandwidth": ["3000"]},
    "vacancy": {"topic": ["vacant"], "alpha": ["0.1"]},
    "energy": {"topic": ["energy"]},
    "hexagons": {"unit": ["hexagon"], "cell": ["6"]},
    "chosen area": {"area": ["05911000"]},
    "hostile": {"area": [HOSTILE], "topic": [HOSTILE], "alpha": ["nan"], "cell": ["-1"]},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data")
    return write_data_dir(path, ROWS, data_dir=Settings().data_dir)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("few")
    return write_data_dir(path, 20, data_dir=Settings().data_dir)


@pytest.fixture(autouse=True)
def data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ATLAS_DATA_DIR", str(folder))
    state.settings.clear()
    yield
    state.settings.clear()


def page(params: dict[str, list[str]] | None = None, **more: list[str]) -> AppTest:
    return open_app("hotspots", {**QUICK, **(params or {}), **more})


def counts(app: AppTest) -> dict[str, int]:
    """Return what the page says of each class beside the table."""
    found = re.findall(r'<li data-class="(\w+)">(.*?)</li>', panels(app)["hotspot_table"])
    return {code: int(re.sub(r"\D", "", re.search(r"<b>(.*?)</b>", html)[1]))
            for code, html in found}  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("preset", PRESETS)
def test_every_analysis_is_drawn_in_both_languages(preset: str, language: str) -> None:
    app = page(PRESETS[preset], lang=[language])
    assert problems(app) == []
    html = "".join(panels(app).values())
    assert "<script" not in html.lower()
    assert html.count('role="status"') >= 1
    if language == "en":
        assert not re.search(r"\b(Fläche|Gezählt|Zufall|Sechseck)", text(html))


def test_the_table_says_what_the_map_shows(folder: Path) -> None:
    now = current(Settings(data_dir=folder)).snapshot()
    for preset in ("hotspots", "energy", "density"):
        asked = Asked.from_params({**QUICK, **PRESETS[preset]})
        layer = hotspot_layer(answer(now, asked).areas, asked, "de")
        app = page(PRESETS[preset])
        assert counts(app) == layer.counts()
        rows = re.findall(r'id="area-(\w+)"', panels(app)["hotspot_table"])
        assert len(rows) == min(PAGE_SIZE, len(layer.areas))
        assert set(rows) <= set(layer.areas["area_id"])


def test_the_values_of_areas_are_written_as_one_alone() -> None:
    fact = Fact("gi_z", "Gi*", frozenset({"hotspot"}), 2)
    values = [1.5, float("nan"), 1234.5678, -0.001, 1.5, -2.25]
    texts = fact.texts(pd.DataFrame({"gi_z": values}), "de")
    assert texts == ["1,50", "", "1.234,57", "0,00", "1,50", "-2,25"]
    assert [fact.text(value, "de") for value in values if value != -0.001] == [
        *texts[:3], *texts[4:]]  # fmt: skip
    assert fact.texts(pd.DataFrame({"gi_z": []}), "de") == []


def test_a_p_value_is_small_and_never_nothing() -> None:
    facts = [fact for fact in FACTS if re.fullmatch(r"(gi|lisa)_[pq]", fact.column)]
    assert len(facts) == 4
    values = [0.0005, 0.00099, 0.001, 0.0114, 1.0, float("nan")]
    for fact in facts:
        texts = fact.texts(pd.DataFrame({fact.column: values}), "de")
        assert texts == ["<\u00a00,001", "<\u00a00,001", "0,001", "0,011", "1,000", ""]
        assert fact.text(0.0005, "en") == "<\u00a00.001"


def test_what_was_found_comes_first_and_what_is_unknown_last() -> None:
    html = panels(page(PRESETS["energy"]))["hotspot_table"]
    firsts = [text(row) for row in re.findall(r'<tr role="row" id=.*?</tr>|<tr id=.*?</tr>', html)]
    order = ["Raum bei Energie", "Energie ohne Raum", "Raum ohne Energie", "ruhig"]
    seen = [next(at for at, name in enumerate([*order, "nicht beobachtet"]) if name in row)
            for row in firsts]  # fmt: skip
    assert seen == sorted(seen)


def test_the_link_says_exactly_what_is_shown() -> None:
    asked = {"topic": ["vacant"], "cell": ["6"], "shown": ["density"], "bandwidth": ["2500"]}
    app = open_app("hotspots", asked)
    assert {key: app.query_params[key] for key in asked} == {k: v[0] for k, v in asked.items()}
    again = open_app("hotspots", {k: [app.query_params[k]] for k in asked})
    assert panels(again)["hotspot_sentence"] == panels(app)["hotspot_sentence"]
    assert 'value="2500" selected' in panels(app)["hotspot_form"]


def test_other_pages_take_the_question_out_of_the_link_and_it_comes_back() -> None:
    app = page(PRESETS["energy"])
    app.switch_page(str(PAGES["data"])).run()
    assert "topic" not in app.query_params
    app.switch_page(str(PAGES["hotspots"])).run()
    assert app.query_params["topic"] == "energy"


def test_a_chosen_area_opens_its_facts_and_leads_to_its_places() -> None:
    html = panels(page(PRESETS["chosen area"]))["hotspot_area"]
    assert "Bochum" in text(html)
    assert 'href="./?city=05911000&amp;kind=creative_site"' in html
    assert "hotspot_area" not in panels(page({"area": ["00000000"]}))


def test_downloads_ask_for_exactly_what_is_shown() -> None:
    html = panels(page(PRESETS["density"]))["hotspot_table"]
    links = dict(re.findall(r'href="atlas/analysis/([\w.]+)\?([^"]+)"', html))
    assert set(links) == {name for name, _ in FILES}
    for query in links.values():
        assert "shown=density" in query
        assert "bandwidth=3000" in query
        assert "unit=municipality" in query


def test_too_few_observations_give_a_sentence_and_no_hotspot(
    few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_DATA_DIR", str(few))
    state.settings.clear()
    app = page()
    assert problems(app) == []
    assert "Zu wenige Beobachtungen für eine Aussage" in text(panels(app)["hotspot_sentence"])
    assert "Zu wenige Beobachtungen" in text(panels(app)["attraction"])
    assert counts(app)["not_tested"] == sum(counts(app).values())


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hotspot_work, "_NEEDED", ("esda_that_is_not_installed",))
    shown = text(panels(page())["error"])
    assert 'pip install "raumatlas-ruhr[analysis]"' in shown.replace("&quot;", '"')


VALUES = st.sampled_from(["", "nan", "-1", "hexagon", "municipality", "energy", "vacant", "density",
                          HOSTILE, "\x00", "6", "05911000", "9" * 50, "0.1", "../.."])  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from([*ANALYSIS_KEYS, "area", "lang"]),
                       st.lists(VALUES, min_size=1, max_size=2), max_size=6))  # fmt: skip
def test_a_hostile_link_never_raises(params: dict[str, list[str]]) -> None:
    assert problems(open_app("hotspots", {"cell": ["6"], "permutations": ["999"], **params})) == []


def slow() -> None:
    """Fail after two seconds of work, so that what was drawn meanwhile stays."""
    import time
    from concurrent.futures import ThreadPoolExecutor

    from atlas.ui.components.hotspot_work import waited
    from atlas.ui.words import Words

    def work() -> None:
        time.sleep(SECONDS)  # noqa: F821 (given below)
        raise RuntimeError("done")

    waited(ThreadPoolExecutor(1).submit(work), [0.4], Words("de"))


@pytest.mark.parametrize(("seconds", "bars"), [(1.6, 1), (0.2, 0)])
def test_a_bar_shows_what_takes_more_than_a_second(seconds: float, bars: int) -> None:
    import inspect

    body = inspect.getsource(slow).replace("SECONDS", str(seconds))
    app = AppTest.from_string(f"{body}\nslow()", default_timeout=20).run()
    assert len(app.exception) == 1
    assert len(app.get("progress")) == bars

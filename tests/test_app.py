"""Every page, driven through the entry script: filters, languages, broken links, broken data."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.current import Snapshot, current
from atlas.export import FORMATS
from atlas.query import Filters, Near, apply, facets, order
from atlas.schema import space_id
from atlas.settings import Settings
from atlas.ui import state
from atlas.ui.address import FILTER_PARAMS
from atlas.ui.components.labels import FIELD_TITLES
from atlas.ui.components.result_list import FIRST_PAGE
from tests.app_fixtures import PAGES, listed, open_app, panels, problems, sent, text
from tests.core_fixtures import EDGE_ROWS, data_dir, located, row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from atlas.query import Order

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"&"
PRESETS = {
    "nothing": {},
    "one town": {"city": ["05000002"]},
    "several codes": {"vacancy": ["vacant", "partly_vacant"], "group": ["industry", "retail"]},
    "comma-joined": {"type": ["colliery,shop"]},
    "text with a typo": {"q": ["Gluckauff"]},
    "near": {"near": ["51.45,7.05,Zeche"], "radius": ["500"], "sort": ["distance"]},
    "ranges": {"area_min": ["100"], "area_max": ["20000"], "rent_max": ["5"],
               "rent_unknown": ["0"]},
    "access": {"step": ["true", "unknown"], "term": ["permanent"]},
    "empty result": {"city": ["05000003"], "vacancy": ["interim_use"]},
    "shortlist": {"pick": [space_id("curated", "w/zeche")], "picked": ["1"]},
    "detail": {"space": [space_id("curated", "w/zeche")]},
    "detail without location": {"space": [space_id("curated", "o/ohne-ort")]},
    "detail of a quarter": {"space": [space_id("curated", "m/quartier")]},
    "show mode": {"view": ["show"], "space": [space_id("curated", "m/atelier")]},
    "hostile link": {"city": ["';DROP TABLE", "05000002\u0000"], "area_min": ["nan", "-1e400"],
                     "near": ["NaN,1e9"], "space": [HOSTILE], "sort": ["__class__"],
                     "view": ["../.."], "q": [HOSTILE], "lang": ["xx"]},
}  # fmt: skip


def settled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATA_DIR", str(folder))
    state.settings.clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    hostile = row("w/hostile", name=HOSTILE, note_de=HOSTILE, street=HOSTILE,
                  publisher=HOSTILE[:90], **located(51.452, 7.052))  # fmt: skip
    return data_dir(tmp_path_factory.mktemp("ui") / "data", *EDGE_ROWS, hostile).data_dir


@pytest.fixture(autouse=True)
def edge_data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settled(folder, monkeypatch)
    yield
    state.settings.clear()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_every_preset_in_both_languages(
    page: str, preset: str, language: str
) -> None:
    app = open_app(page, {"lang": [language], **PRESETS[preset]})
    assert problems(app) == []
    assert "<script" not in "".join(panels(app).values()).lower()
    assert "<img" not in "".join(panels(app).values()).lower()


@pytest.mark.parametrize(
    ("script", "expected"),
    [("raise ValueError('broken')", "raised"), ("import streamlit", "main headings")],
)
def test_the_sweep_sees_a_page_that_raises_and_one_that_draws_nothing(
    tmp_path: Path, script: str, expected: str
) -> None:
    path = tmp_path / "broken.py"
    path.write_text(script, "utf-8")
    assert any(expected in problem for problem in problems(open_app(script=path)))


def heading(app: object) -> str:
    return text(panels(app)["summary"].split("</h1>")[0])


def test_the_heading_counts_the_result_and_what_has_no_location() -> None:
    assert heading(open_app()) == "7 Orte; 1 ohne Lage auf der Karte"
    assert heading(open_app(params={"city": ["05000002"]})) == "2 von 7 Orten"
    assert heading(open_app(params={"lang": ["en"], "city": ["05000002"]})) == "2 of 7 places"


def test_a_hostile_name_is_shown_as_text() -> None:
    key = space_id("curated", "w/hostile")
    for page in ("map", "places"):
        html = "".join(panels(open_app(page, {"space": [key]})).values())
        assert "&lt;script&gt;alert(" in html


def test_an_unknown_permalink_shows_the_list() -> None:
    app = open_app(params={"space": ["0000000000"]})
    assert "detail" not in panels(app)
    assert problems(app) == []


def test_an_empty_result_says_what_to_relax_and_how_much_that_brings() -> None:
    html = panels(open_app(params=PRESETS["empty result"]))["list"]
    shown = text(html)
    assert "Kein Ort passt zu allen Filtern" in shown
    assert "Ohne „Leerstand“ 2 Orte" in shown
    assert 'data-event="relax" data-value="vacancy"' in html


# For each filter that restricts: a link of it and one more that together show nothing.
NOTHING = {
    "municipalities": {"city": ["05000003"], "type": ["studio_house"]},
    "districts": {"kreis": ["05000"], "kind": ["creative_quarter"]},
    "kinds": {"kind": ["creative_site"], "type": ["church"]},
    "groups": {"group": ["studio"], "type": ["church"]},
    "types": {"type": ["church"], "kind": ["creative_quarter"]},
    "sectors": {"sector": ["music"], "type": ["church"]},
    "programmes": {"programme": ["kreativ_quartiere_ruhr"], "type": ["church"]},
    "vacancy": {"vacancy": ["in_use"], "type": ["church"]},
    "stages": {"stage": ["planning"], "type": ["shop"]},
    "availability": {"availability": ["by_arrangement"], "type": ["church"]},
    "terms": {"term": ["permanent"], "type": ["church"]},
    "ages": {"age": ["undated"], "type": ["shop"]},
    "step_free": {"step": ["true"], "type": ["church"]},
    "area": {"area_min": ["1000000"], "area_unknown": ["0"]},
    "rent": {"rent_min": ["100"], "rent_unknown": ["0"]},
    "text": {"q": ["Wolkenkuckucksheim"]},
    "near": {"near": ["51.0,6.5"], "radius": ["50"]},
    "only_shortlist": {"pick": [space_id("curated", "w/zeche")], "picked": ["1"],
                       "type": ["church"]},
}  # fmt: skip


def offers(html: str) -> dict[str, int]:
    """Return how many places each button of the empty state promises, by its fields."""
    found = re.findall(r"<li>.*?</li>", html)
    return {
        re.search(r'data-value="([a-z_,]+)"', item).group(1):
            int(re.search(r"(\d+) Orte?", text(item)).group(1))
        for item in found
    }  # fmt: skip


@pytest.mark.parametrize("field", NOTHING)
def test_an_empty_result_names_each_kind_of_filter_and_what_dropping_it_shows(field: str) -> None:
    app = open_app(params=NOTHING[field])
    promised = offers(panels(app)["list"])
    assert field in promised
    fewer = Filters.from_params(NOTHING[field]).without(field)
    assert heading(open_app(params=fewer.to_params())).startswith(f"{promised[field]} ")
    assert panels(open_app("places", NOTHING[field]))["table"].count('data-event="relax"')


def test_every_kind_of_filter_is_among_them() -> None:
    restricting = {name for params in NOTHING.values()
                   for name in Filters.from_params(params).active_fields}  # fmt: skip
    assert set(NOTHING) == set(FIELD_TITLES) == restricting


def test_where_one_filter_is_not_enough_the_empty_state_names_several() -> None:
    params = {"kind": ["creative_quarter"], "vacancy": ["vacant"], "q": ["Wolkenkuckucksheim"]}
    html = panels(open_app(params=params))["list"]
    assert "wenn mehrere Filter zugleich wegfallen" in text(html)
    assert offers(html)["kinds,text"] >= offers(html)["vacancy,text"] == 1


def test_a_link_with_unknown_keys_shows_the_rest_and_says_what_was_ignored() -> None:
    params = {"city": ["05999999", "05000002"], "vacancy": ["leer"], "near": ["48.1,11.5"]}
    app = open_app(params={**params, "pick": ["0123456789"], "picked": ["1"]})
    summary = panels(app)["summary"]
    assert heading(app) == "2 von 7 Orten"
    for said in (
        "unbekannte Gemeinde: 05999999", "unter „Leerstand“ etwas Unbekanntes: leer",
        "nicht (mehr) kennt: 0123456789", "Merkliste des Links ist leer", "48.1,11.5",
    ):  # fmt: skip
        assert said in text(summary)
    assert summary.count('class="ra-chip"') == 1
    assert app.query_params["city"] == "05000002"
    assert not {"vacancy", "pick", "picked", "near"} & set(app.query_params)


def test_a_search_without_letters_is_explained_and_gives_no_chip() -> None:
    app = open_app(params={"q": ["?!"]})
    summary = panels(app)["summary"]
    assert heading(app).startswith("7 Orte")
    assert "Die Suche braucht Buchstaben oder Ziffern: „?!“" in text(summary)
    assert "ra-chip" not in summary


def test_an_address_outside_the_gazetteer_is_named_beside_what_is_searched() -> None:
    params = {"near": ["51.45,7.05,Westheim"], "radius": ["8000"], "missed": ["Musterweg 5"]}
    app = open_app(params=params)
    said = "„Musterweg 5“ steht nicht im Verzeichnis; gesucht wird um die Gemeinde Westheim."
    assert said in text(panels(app)["summary"])
    assert app.query_params["missed"] == "Musterweg 5"
    assert 'value="8000" selected' in panels(app)["near"]
    stop = open_app(params={**params, "near": ["51.45,7.05,Markt, Westheim"], "lang": ["en"]})
    assert "the search is around “Markt, Westheim”" in text(panels(stop)["summary"])


def test_bounds_the_wrong_way_round_are_explained() -> None:
    app = open_app(params={"area_min": ["500"], "area_max": ["100"], "area_unknown": ["0"]})
    assert "Fläche (m²): „von“ ist größer als „bis“" in text(panels(app)["summary"])


HOSTILE_VALUES = st.sampled_from([
    "", "?!", "\x00", HOSTILE, "nan", "-1", "9" * 60, "05000000", "05000002", "05000", "vacant",
    "church", "51.45,7.05", "91,181", "51.0,6.5,,,", "0123456789", "1", "0", "Gluckauff",
])  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(sorted({*FILTER_PARAMS, "space", "sort", "lang"})),
                       st.lists(HOSTILE_VALUES, min_size=1, max_size=3), max_size=6))  # fmt: skip
def test_a_hostile_link_never_raises_and_never_shows_an_unexplained_empty_map(
    params: dict[str, list[str]],
) -> None:
    app = open_app(params=params)
    assert problems(app) == []
    if heading(app).startswith("0 ") and "detail" not in panels(app):
        assert offers(panels(app)["list"].replace("places", "Orte").replace("place", "Ort"))


def test_pages_without_filters_keep_them_in_the_link() -> None:
    for page in ("data", "about"):
        app = open_app(page, {"city": ["05000002"], "q": ["Atelier"]})
        assert app.query_params["city"] == "05000002"
        assert app.query_params["q"] == "Atelier"


def test_the_detail_shows_state_age_source_and_every_gap() -> None:
    shown = text(panels(open_app(params=PRESETS["detail"]))["detail"])
    assert "Leerstand" in shown
    assert "März 2026" in shown
    assert "WAZ" in shown
    assert "Nachweis auf example.org" in shown
    assert "500 m²" in shown
    assert "Nicht bekannt: Fläche ab, Miete" in shown


def test_the_detail_says_that_a_place_has_no_location_and_offers_no_route() -> None:
    html = panels(open_app(params=PRESETS["detail without location"]))["detail"]
    assert "Lage nicht bekannt" in html
    assert "directions" not in html


def test_table_and_list_have_the_same_rows_in_the_same_order() -> None:
    params = {"sort": ["size"], "city": ["05000001"]}
    rows = [key for key, *_ in listed(open_app("map", params))]
    tabled = re.findall(r'id="line-(\w+)"', panels(open_app("places", params))["table"])
    assert rows == tabled
    assert len(rows) == 3


def test_the_list_says_state_age_and_place_of_every_row_and_marks_the_shortlist() -> None:
    app = open_app(params={"pick": [space_id("curated", "w/zeche")]})
    rows = {key: texts for key, *texts in listed(app)}
    assert sent(app)["rows"]["fill"]["picked"] == [space_id("curated", "w/zeche")]
    name, place, vacancy, *_ = rows[space_id("curated", "w/zeche")]
    assert "Zeche" in name
    assert " · " in place
    assert f'data-state="{vacancy}"' in panels(app)["list"]


def test_a_longer_list_comes_in_steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    many = [row(f"w/{n}", name=f"Ort {n:02}", **located(51.45, 7.05)) for n in range(30)]
    settled(data_dir(tmp_path / "many", *many).data_dir, monkeypatch)
    fill = sent(open_app())["rows"]["fill"]
    assert [texts[1] for texts in fill["rows"]] == [f"Ort {n:02}" for n in range(FIRST_PAGE)]
    assert fill["more"] == f"{30 - FIRST_PAGE} weitere zeigen"


def test_a_filter_changes_the_filling_of_the_form_but_not_its_markup() -> None:
    every, chosen = (open_app(params=params) for params in ({}, {"vacancy": ["vacant"]}))
    assert panels(every)["filters"] == panels(chosen)["filters"]
    assert panels(every)["list"] == panels(chosen)["list"]
    fill = sent(chosen)["filter_state"]["fill"]
    assert fill["chosen"]["vacancy"] == ["vacant"]
    # Each facet with its codes; the browser makes boxes of them (fillOptions in fill.js).
    _, *parts = re.split(r'id="facet-([a-z_]+)"', panels(chosen)["filters"])
    facets = zip(parts[::2], parts[1::2], strict=True)
    options = [
        (name, code) for name, part in facets for code in re.findall(r'data-code="(\w+)"', part)
    ]
    assert len(options) == len(fill["counts"])
    counts = dict(zip(options, fill["counts"], strict=True))
    view_rows = int(heading(chosen).split()[0])
    assert counts["vacancy", "vacant"] == view_rows


def test_what_a_filter_click_changes_is_small() -> None:
    changed = sent(open_app(params={"vacancy": ["vacant"]}))
    for key in ("filter_state", "rows", "summary"):
        assert len(json.dumps(changed[key])) < 3000


@pytest.mark.parametrize("by", ["name", "age", "size", "distance"])
def test_rows_are_those_of_the_query_in_its_order(folder: Path, by: Order) -> None:
    now = current(Settings(data_dir=folder)).snapshot()
    spaces, today = now.atlas.spaces, dt.date(2026, 11, 22)
    for params in PRESETS.values():
        filters = Filters.from_params(params)
        mask = apply(spaces, filters, today=today, words=now.words)
        expected = order(spaces, mask, by=by, near=filters.near)
        assert now.rows(filters, today=today, by=by) == expected
        assert now.facets(filters, today=today) == facets(
            spaces, filters, today=today, words=now.words
        )


def test_sessions_share_answers_and_old_ones_are_let_go(folder: Path) -> None:
    now = Snapshot(current(Settings(data_dir=folder)).snapshot().atlas)
    today = dt.date(2026, 11, 22)
    first = now.facets(Filters(), today=today)
    assert now.facets(Filters(), today=today) is first
    for radius in range(100, 300):
        near = Near(51.45, 7.05, radius_m=radius)
        now.mask(Filters(near=near), today=today)
    assert now.facets(Filters(), today=today) is not first


def test_downloads_ask_for_exactly_the_filtered_rows() -> None:
    html = panels(open_app("places", {"city": ["05000001"], "vacancy": ["vacant"]}))["table"]
    links = re.findall(r'href="(atlas/download/[\w.-]+)\?([^"]+)"', html)
    *formats, split = links
    assert [path.rsplit("/", 1)[1] for path, _ in formats] == list(FORMATS)
    assert {query for _, query in formats} == {"city=05000001&amp;vacancy=vacant&amp;lang=de"}
    assert split == ("atlas/download/gpkg",
                     "city=05000001&amp;vacancy=vacant&amp;per_licence=1&amp;lang=de")  # fmt: skip


def test_a_municipality_without_rows_is_called_not_surveyed_instead_of_zero(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settled(data_dir(tmp_path / "less", EDGE_ROWS[0]).data_dir, monkeypatch)
    shown = text(panels(open_app("data"))["coverage"])
    assert "Städten und Gemeinden erhoben 1 von 3" in shown
    assert shown.count("nicht erhoben") == 2


def test_rejected_rows_are_listed_with_their_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = row("w/broken", name="Kaputt", vacancy="halb leer")
    settled(data_dir(tmp_path / "broken", *EDGE_ROWS, broken).data_dir, monkeypatch)
    shown = text(panels(open_app("data"))["rejects"])
    assert "Zurückgestellte Zeilen: 1" in shown
    assert "halb leer" in shown


def test_a_broken_table_shows_one_sentence_with_a_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(tmp_path / "nowhere", monkeypatch)
    app = open_app()
    assert not app.exception
    shown = text(panels(app)["error"])
    assert "Das hat nicht geklappt" in shown
    assert "fehlt" in shown
    assert "Noch einmal versuchen" in shown


def test_a_new_table_is_shown_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing = data_dir(tmp_path / "changing", *EDGE_ROWS).data_dir
    settled(changing, monkeypatch)
    app = open_app()
    assert heading(app).startswith("6 Orte")
    path = changing / "spaces.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:3]), "utf-8")
    app.run()
    assert heading(app).startswith("2 Orte")


def test_the_imprint_says_that_it_is_not_filled_in_and_shows_it_when_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "Nicht ausgefüllt" in panels(open_app("about"))["about_imprint"]
    monkeypatch.setenv("ATLAS_OPERATOR_NAME", "Verein <b>Raum</b>")
    monkeypatch.setenv("ATLAS_OPERATOR_EMAIL", "post@example.org")
    state.settings.clear()
    imprint = panels(open_app("about"))["about_imprint"]
    assert "Verein &lt;b&gt;Raum&lt;/b&gt;" in imprint
    assert "mailto:post@example.org" in imprint


def test_typing_into_the_search_field_filters() -> None:
    app = open_app()
    app.text_input(key="q").set_value("Kaufhaus").run()
    assert heading(app) == "1 von 7 Orten"

"""The app as people use it: links, keys, a phone, a projector, a screen reader's view."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import ROOT, count_of, go, heading, paint, settle
from playwright.sync_api import expect

from atlas.settings import Settings
from atlas.vocabulary import VACANCY
from tests.core_fixtures import EDGE_ROWS, data_dir, located, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

PATHS = {
    "map": "/",
    "places": "/orte",
    "hotspots": "/hotspots?unit=municipality&area=05911000",
    "data": "/daten",
    "about": "/ueber",
    "compare": "/vergleich?place=05911000&place=05913000&figure=vacancy_rate",
    "profile": "/profil?town=05911000",
    "detail": "/?space={space}",
    "empty": "/?vacancy=vacant&type=theatre&kind=creative_quarter",
    "notices": "/?city=05000000&q=%3F!&near=51.45,7.01,Essen&radius=8000&missed=Musterweg+5",
    "show": "/?view=show&space={space}",
}
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
SERIOUS = {"serious", "critical"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def test_a_link_restores_the_view_and_a_click_updates_the_link(page: Page, address: str) -> None:
    go(page, f"{address}/?city=05913000&vacancy=vacant&q=zeche")
    box = page.locator("#option-vacancy-vacant input")
    expect(box).to_be_checked()
    expect(page.get_by_label("Suchen", exact=True)).to_have_value("zeche")
    box.uncheck()
    expect(page).to_have_url(re.compile(r"\?(?!.*vacancy=).*city=05913000"))
    page.locator("#option-groups-industry input").check()
    page.locator("#option-groups-museum input").check()
    expect(page).to_have_url(re.compile(r"group=museum&group=industry"))
    copy = go(page.context.new_page(), page.url)
    expect(heading(page)).to_have_text(heading(copy).inner_text())
    expect(copy.locator("#option-groups-museum input")).to_be_checked()


def test_back_and_forward_bring_the_earlier_result(page: Page, address: str) -> None:
    go(page, f"{address}/?city=05911000")
    first = heading(page).inner_text()
    page.locator("#option-groups-stage input").check()
    expect(page).to_have_url(re.compile("group=stage"))
    expect(heading(page)).not_to_have_text(first)
    second = heading(page).inner_text()
    page.wait_for_timeout(1200)  # the guard against a click on the way lasts a second
    page.go_back()
    expect(heading(page)).to_have_text(first)
    expect(page.locator("#option-groups-stage input")).not_to_be_checked()
    page.wait_for_timeout(1200)
    page.go_forward()
    expect(heading(page)).to_have_text(second)
    expect(page.locator("#option-groups-stage input")).to_be_checked()


def test_numbers_of_the_link_stay_as_they_are(page: Page, address: str) -> None:
    go(page, f"{address}/?area_min=1234567&near=51.48,7.22&radius=50000")
    page.locator("#option-groups-stage input").check()
    expect(page).to_have_url(re.compile("group=stage"))
    expect(page).to_have_url(re.compile("area_min=1234567"))
    expect(page).to_have_url(re.compile("radius=50000"))


def test_area_bounds_can_be_typed(page: Page, address: str) -> None:
    go(page, address)
    page.get_by_text("Mehr Filter").click()
    field = page.locator("input[name=area_min]")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    assert box["width"] >= 60
    field.fill("500")
    field.press("Tab")
    expect(page).to_have_url(re.compile("area_min=500"))


def test_reset_empties_the_link_and_can_be_undone(page: Page, address: str) -> None:
    go(page, f"{address}/?city=05913000&q=kauf")
    before = heading(page).inner_text()
    page.get_by_role("button", name="Zurücksetzen", exact=True).click()
    expect(page).to_have_url(f"{address}/")
    expect(page.get_by_label("Suchen", exact=True)).to_have_value("")
    page.get_by_role("button", name="Rückgängig").click()
    expect(heading(page)).to_have_text(before)
    expect(page).to_have_url(re.compile("q=kauf"))


def test_the_count_beside_an_option_is_what_choosing_it_shows(page: Page, address: str) -> None:
    go(page, f"{address}/?city=05911000")
    option = page.locator("#option-groups-stage")
    count = count_of(option)
    option.locator("input").check()
    expect(heading(page)).to_contain_text(f"{count} von ")


def test_an_empty_result_is_relaxed_in_one_click(page: Page, address: str) -> None:
    go(page, address + "/?kind=creative_quarter&vacancy=vacant&city=05911000")
    expect(page.get_by_role("heading", name="Kein Ort passt zu allen Filtern")).to_be_visible()
    page.get_by_role("button", name="Filter Leerstand lockern").click()
    expect(page.locator(".ra-row").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?(?!.*vacancy=)"))


def test_near_a_station_sorts_by_distance(page: Page, address: str) -> None:
    go(page, address)
    page.locator("#near-text").fill("Bochum Hbf")
    page.keyboard.press("Enter")
    page.locator(".ra-suggestion").first.click()
    expect(page).to_have_url(re.compile("near=51.*sort=distance"))
    expect(page.locator("#near-radius")).to_have_value("1000")
    expect(page.locator(".ra-row").first).to_contain_text(" m")


def test_an_address_that_nobody_knows_is_searched_around_its_town_and_says_so(
    page: Page, address: str
) -> None:
    go(page, address)
    page.locator("#near-text").fill("Unbekannter Weg 5, Bottrop")
    page.keyboard.press("Enter")
    expect(page.locator("#near")).to_contain_text("„Unbekannter Weg 5“ steht nicht im Verzeichnis")
    page.locator(".ra-suggestion").first.click()
    said = "„Unbekannter Weg 5“ steht nicht im Verzeichnis; gesucht wird um die Gemeinde Bottrop."
    expect(page.locator("#notices")).to_contain_text(said)
    radius = page.locator("#near-radius")
    expect(radius).to_have_value("6000")
    before = heading(page).inner_text()
    radius.select_option("2000")
    expect(page).to_have_url(re.compile("radius=2000.*missed=Unbekannter"))
    expect(heading(page)).not_to_have_text(before)
    copy = go(page.context.new_page(), page.url)
    expect(copy.locator("#notices")).to_contain_text(said)
    copy.get_by_role("button", name="Umkreis aufheben").click()
    expect(copy.locator("#notices")).to_have_count(0)


def test_the_focus_stays_in_the_search_nearby_when_a_place_is_chosen_and_dropped(
    page: Page, address: str
) -> None:
    go(page, address)
    page.locator("#near-text").fill("Essen Hbf")
    page.keyboard.press("Enter")
    expect(page.locator(".ra-suggestion").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".ra-suggestion").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#near-radius")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Umkreis aufheben")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#near-text")).to_be_focused()


def test_a_town_is_found_by_its_spelled_out_umlaut_and_an_unknown_one_is_told(
    page: Page, address: str
) -> None:
    go(page, address)
    towns = page.locator("#facet-municipalities")
    towns.locator("summary").click()
    shown = towns.locator("[data-option]:visible")
    nothing = page.get_by_text("Keine Stadt heißt so.")
    expect(nothing).not_to_be_visible()
    for text in ("Muelheim", "Mülheim", "mulheim"):
        page.locator("#town-search").fill(text)
        expect(shown).to_have_count(1)
        expect(shown).to_contain_text("Mülheim an der Ruhr")
    page.locator("#town-search").fill("Gelsenkirchn")
    expect(nothing).to_be_visible()
    expect(towns.locator(".ra-scroll")).not_to_be_visible()
    page.locator("#town-search").fill("")
    expect(nothing).not_to_be_visible()
    expect(shown).to_have_count(53)


@pytest.mark.parametrize("name", ["Daten", "Über"])
def test_filters_survive_a_reload_of_a_page_without_them(
    page: Page, address: str, name: str
) -> None:
    go(page, f"{address}/?city=05913000&q=zeche")
    before = heading(page).inner_text()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(re.compile(r"/(daten|ueber)\?.*city=05913000.*q=zeche"))
    page.reload()
    settle(page)
    expect(page).to_have_url(re.compile("city=05913000.*q=zeche"))
    page.get_by_role("link", name="Karte", exact=True).click()
    expect(heading(page)).to_have_text(before)
    expect(page).to_have_url(re.compile(r"/\?city=05913000.*q=zeche"))
    expect(page.get_by_label("Suchen", exact=True)).to_have_value("zeche")


def test_a_link_to_a_town_that_is_not_there_shows_all_and_says_why(
    page: Page, address: str
) -> None:
    go(page, f"{address}/?city=05000000")
    expect(page.locator("#notices")).to_contain_text("unbekannte Gemeinde: 05000000")
    expect(heading(page)).not_to_contain_text(" von ")
    expect(page).to_have_url(f"{address}/")


def test_the_shortlist_lives_in_the_link(page: Page, address: str) -> None:
    go(page, address)
    for index in (0, 1):
        page.locator(".ra-row [data-event=pick]").nth(index).click()
        expect(page.locator(".ra-row [data-event=unpick]")).to_have_count(index + 1)
    page.get_by_role("button", name="Merkliste: 2 Orte").click()
    expect(heading(page)).to_contain_text("2 von ")
    copy = go(page.context.new_page(), page.url)
    expect(copy.locator(".ra-row")).to_have_count(2)
    copy.get_by_role("button", name=re.compile("Von der Merkliste nehmen")).first.click()
    expect(copy.locator(".ra-row")).to_have_count(1)
    copy.get_by_role("button", name="Rückgängig").click()
    expect(copy.locator(".ra-row")).to_have_count(2)


def test_the_download_holds_exactly_what_is_filtered(page: Page, address: str) -> None:
    go(page, f"{address}/orte?city=05911000")
    count = int(re.match(r"\d+", heading(page).inner_text()).group())
    link = page.get_by_role("link", name=re.compile("als GeoJSON"))
    answer = page.request.get(link.evaluate("link => link.href"))
    assert answer.ok
    assert len(answer.json()["features"]) == count


# Contrast hangs on the theme and names on the language, neither on the other: two visits see
# each page in both themes and in both languages.
@pytest.mark.parametrize("look", ["light de", "dark en"])
@pytest.mark.parametrize("name", PATHS)
def test_no_page_has_a_serious_barrier_or_asks_another_host(
    open_page: Callable[..., Page], address: str, space: str, name: str, look: str
) -> None:
    theme, language = look.split()
    path = PATHS[name].format(space=space)
    join = "&" if "?" in path else "?"
    # open_page fails on any request that leaves this machine
    page = go(open_page(color_scheme=theme), f"{address}{path}{join}lang={language}")
    if name in {"map", "hotspots", "detail", "show", "compare", "profile"}:
        paint(page)
    if page.locator("#more-filters").count():
        page.locator("#more-filters > summary").click()
    found = Axe().run(page, options=RULES).response["violations"]
    told = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in SERIOUS]
    assert told == []


def test_axe_would_tell(page: Page, address: str) -> None:
    go(page, f"{address}/ueber")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<button></button>')")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [v["id"] for v in found if v["impact"] in SERIOUS] == ["button-name"]


@pytest.mark.parametrize("name", [name for name in PATHS if name != "show"])
def test_a_phone_never_scrolls_sideways(
    open_page: Callable[..., Page], address: str, space: str, name: str
) -> None:
    page = open_page()
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, address + PATHS[name].format(space=space))
    wide = page.evaluate(
        """() => [document.scrollingElement, document.querySelector('[data-testid=stMain]')]
            .map(e => e.scrollWidth - e.clientWidth)"""
    )
    assert wide == [0, 0]


def test_a_phone_shows_the_list_first_and_the_map_after_a_tap(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, address)
    expect(page.locator(".ra-row").first).to_be_visible()
    expect(page.locator(".st-key-map-pane")).not_to_be_visible()
    page.locator("[data-event=pane_map]").click()
    expect(page.locator(".st-key-map-pane iframe")).to_be_visible()
    expect(page.locator(".ra-list")).not_to_be_visible()
    paint(page)


def test_filters_and_list_work_with_the_keyboard_alone(page: Page, address: str) -> None:
    go(page, address)
    page.get_by_label("Suchen", exact=True).focus()
    for _ in range(4):  # near, town, type, its first option
        page.keyboard.press("Tab")
    expect(page.locator("#option-groups-studio input")).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("group=studio"))
    expect(page.locator("#option-groups-studio input")).to_be_focused()
    expect(heading(page)).to_contain_text(" von ")
    expect(page.locator(".ra-row-sub").first).to_contain_text("Atelier")
    first = page.locator(".ra-row-open").first
    first.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator(".ra-row-open").nth(1)
    expect(second).to_be_focused()
    name = second.locator(".ra-row-name").inner_text()
    outline = second.evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#detail-title")).to_have_text(name)
    expect(page.locator("#detail-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(second).to_be_focused()


def test_the_language_switch_reaches_document_title_and_link(page: Page, address: str) -> None:
    go(page, address)
    assert page.evaluate("document.documentElement.lang") == "de"
    page.locator(".st-key-lang button").nth(1).click()
    expect(page).to_have_url(re.compile("lang=en"))
    expect(heading(page)).to_contain_text("places")
    expect(page).to_have_title("Map · Raumatlas Ruhr")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("link", name="Data").click()
    expect(heading(page)).to_have_text("Data")


def test_rows_that_are_drawn_already_change_their_language_too(page: Page, address: str) -> None:
    go(page, f"{address}/?vacancy=vacant&vacancy=in_use")
    states = page.locator(".ra-row .ra-state")
    ages = page.locator(".ra-row .ra-age")
    expect(ages.first).to_contain_text("vor ")
    german = states.all_inner_texts()
    words = {term.de: term.en for term in VACANCY.values()}
    count = page.locator(".ra-row").count()
    page.locator(".st-key-lang button").nth(1).click()
    expect(ages.first).to_contain_text(" ago")
    expect(states).to_have_text([words[said] for said in german])
    expect(page.locator('.ra-row [aria-label^="Add to shortlist"]')).to_have_count(count)
    page.locator(".st-key-lang button").nth(0).click()
    expect(ages.first).to_contain_text("vor ")
    expect(states).to_have_text(german)


def test_a_click_on_the_map_opens_the_detail(page: Page, address: str) -> None:
    go(page, f"{address}/?city=05513000&type=quarter")
    paint(page)
    frame = page.frames[-1]
    point = frame.evaluate(
        """() => {
        const layer = atlasLayer, row = layer.table.rowOf(layer.matches()[0]);
        const at = layer.stage.container(layer.table.wx[row], layer.table.wy[row]);
        return { x: at.x, y: at.y };
        }"""
    )
    page.locator(".st-key-map-pane iframe").click(position=point)
    expect(page.locator("#detail-title")).to_be_visible()
    expect(page).to_have_url(re.compile("space="))


def test_a_new_table_appears_without_restart_and_its_markup_stays_text(
    serve: Callable[..., str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    folder = data_dir(tmp_path / "data", *EDGE_ROWS).data_dir
    shutil.copy(Settings().data_dir / "geo" / "gazetteer.tsv", folder / "geo")
    page = open_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    go(page, serve(ROOT / "app.py", ATLAS_DATA_DIR=str(folder)))
    expect(heading(page)).to_have_text("6 Orte; 1 ohne Lage auf der Karte")
    hostile = row("w/hostile", name=HOSTILE, note_de=HOSTILE, **located(51.452, 7.052))
    other = data_dir(tmp_path / "new", *EDGE_ROWS, hostile).data_dir
    shutil.copy(other / "spaces.csv", folder / "spaces.csv")
    page.locator("#option-vacancy-vacant input").check()
    expect(heading(page)).to_contain_text("von 7 Orten")
    page.get_by_role("button", name="img src=x").first.click()
    expect(page.locator("#detail-title")).to_have_text(HOSTILE)


def test_the_filters_open_and_close_on_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, address)
    page.get_by_role("button", name="Filter öffnen").click()
    expect(page.locator("#option-groups-studio")).to_be_in_viewport()
    page.locator("#option-groups-studio input").check()
    page.locator("#facet-vacancy").scroll_into_view_if_needed()
    closing = page.get_by_role("button", name="Filter schließen")
    expect(closing).to_be_in_viewport()  # it stays while the filters scroll
    closing.click()
    expect(page.locator("#facet-vacancy")).not_to_be_in_viewport()
    expect(heading(page)).to_contain_text(" von ")


def test_a_phone_leaves_the_filters_by_a_button_that_counts_the_result(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, address)
    page.get_by_role("button", name="Filter öffnen").click()
    page.locator("#option-groups-studio input").check()
    count = count_of(page.locator("#option-groups-studio"))
    show = page.get_by_role("button", name=f"{count} Orte zeigen")
    expect(show).to_be_in_viewport()
    show.click()
    expect(show).not_to_be_in_viewport()
    expect(heading(page)).to_contain_text(f"{count} von ")


def test_places_are_chosen_with_the_keyboard_and_the_link_restores_the_page(
    page: Page, address: str
) -> None:
    go(page, f"{address}/vergleich?place=05911000&place=05913000")
    page.locator("#field-place3").focus()
    page.keyboard.type("Essen")
    expect(page).to_have_url(re.compile("place=05911000&place=05913000&place=05113000"))
    page.locator("#field-indicator").select_option("vacancy_rate")
    expect(page).to_have_url(re.compile("figure=vacancy_rate"))
    told = page.locator(".ra-finding")
    expect(told).to_contain_text("Essen")
    copy = go(page.context.new_page(), page.url)
    expect(copy.locator(".ra-finding")).to_have_text(told.inner_text())
    expect(copy.locator("#field-place3")).to_have_value("05113000")
    page.wait_for_timeout(1200)  # the guard against a click on the way lasts a second
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?(?!.*figure=)"))
    expect(page.locator("#field-indicator")).to_have_value("spaces_per_10000")
    link = page.get_by_role("link", name="Kennzahlen als CSV")
    answer = page.request.get(link.evaluate("link => link.href"))
    assert answer.ok
    assert "05113000" in answer.text()


def test_a_place_that_is_chosen_again_is_told_and_the_form_shows_what_is_compared(
    page: Page, address: str
) -> None:
    go(page, f"{address}/vergleich?place=05911000&place=05913000&place=05113000")
    for _ in range(2):  # the second answer has the same markup as the first
        page.locator("#field-place2").select_option("05911000")
        expect(page.locator("#field-place2")).to_have_value("05913000")
        expect(page.locator("#notices")).to_contain_text("Schon gewählt: Bochum.")
    expect(page.locator("#field-place3")).to_have_value("05113000")


@pytest.mark.parametrize("path", ["/orte", "/daten", "/ueber"])
def test_the_first_visitor_of_a_new_server_reaches_every_page(
    serve: Callable[..., str], page: Page, path: str
) -> None:
    # Streamlit once answered "page not found" here, because of a folder called pages
    go(page, serve(ROOT / "app.py") + path)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator('[aria-current="page"]')).to_have_attribute("href", re.compile(f"{path}$"))

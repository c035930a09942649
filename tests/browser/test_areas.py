"""Classed areas below the symbols: painted, said and chosen; and what is said if it fails."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from pages import ROOT, go, until
from playwright.sync_api import expect

from atlas.settings import Settings
from benchmarks.synthetic import write_data_dir
from tests.browser.map_fixtures import map_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Frame, Page, Route

HOSTILE = '<img src=x onerror="window.hacked=1">'
AREAS = "**/atlas/analysis/areas.json*"
QUICK = "permutations=999"
CLASSED = """() => {
  const { areas, stage } = atlasLayer, pen = stage.contexts[areas.index];
  const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const apart = (one, pixel) =>
    rgb(one.colour[areas.theme]).reduce((sum, part, k) => sum + Math.abs(part - pixel[k]), 0);
  const counted = areas.data.classes.map(() => 0);
  for (const { bounds } of areas.shapes) {
    const [x, y] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
    const at = [stage.x(x) * stage.ratio, stage.y(y) * stage.ratio];
    const pixel = pen.getImageData(...at, 1, 1).data;
    const far = areas.data.classes.map((one) => apart(one, pixel));
    if (pixel[3]) counted[far.indexOf(Math.min(...far))]++;
  }
  return Object.fromEntries(areas.data.classes.map((one, at) => [one.code, counted[at]]));
}"""
READY = (
    "window.atlasLayer && atlasLayer.areas.shown && atlasLayer.base && atlasLayer.stats.paints > 2"
)


@pytest.fixture(scope="module")
def address(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = write_data_dir(tmp_path_factory.mktemp("data"), 400, data_dir=Settings().data_dir)
    return serve(ROOT / "app.py", ATLAS_DATA_DIR=str(folder))


def shown(page: Page, url: str) -> Frame:
    """Open the page and wait until its areas are painted."""
    go(page, url)
    frame = map_frame(page)
    until(frame, READY)
    frame.wait_for_timeout(300)
    return frame


def table(page: Page) -> dict[str, int]:
    """Return what the page says of each class beside the table."""
    items = page.locator(".ra-classes li")
    return {
        item.get_attribute("data-class"): int(re.sub(r"\D", "", item.locator("b").inner_text()))
        for item in items.all()
    }


def middle(frame: Frame, area: str) -> dict[str, float]:
    """Return where an area lies in the frame; its middle has no symbol under the pointer."""
    found: dict[str, float] = frame.evaluate(
        """(id) => { const { areas, stage } = atlasLayer;
        const [x0, y0, x1, y1] = areas.shapes[areas.data.id.indexOf(id)].bounds;
        const at = stage.container((x0 + x1) / 2, (y0 + y1) / 2);
        return { x: at.x, y: at.y }; }""",
        area,
    )
    return found


def point(page: Page, at: dict[str, float]) -> tuple[float, float]:
    frame = page.locator("iframe[title*=folium]")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box is not None
    return box["x"] + at["x"], box["y"] + at["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_as_many_areas_of_each_class_are_painted_as_the_table_says(
    open_page: Callable[..., Page], address: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    frame = shown(page, f"{address}/hotspots?cell=6&shown=density&{QUICK}")
    painted = frame.evaluate(CLASSED)
    assert painted == table(page)
    assert sum(1 for count in painted.values() if count) >= 4
    legend = frame.locator(".atlas-areas li b").all_inner_texts()
    assert [int(text) for text in legend] == list(painted.values())


def test_the_measure_sees_areas_that_are_not_painted(page: Page, address: str) -> None:
    frame = shown(page, f"{address}/hotspots?cell=6&shown=density&{QUICK}")
    frame.evaluate("atlasLayer.stage.clear(atlasLayer.areas.index)")
    assert set(frame.evaluate(CLASSED).values()) == {0}


def hostile(route: Route) -> None:
    answer = route.fetch()
    said: dict[str, Any] = answer.json()
    said["title"] = HOSTILE
    said["label"] = [HOSTILE] * len(said["label"])
    said["facts"] = [[HOSTILE, [HOSTILE] * len(said["label"])]]
    said["classes"] = [{**one, "text": HOSTILE} for one in said["classes"]]
    route.fulfill(status=200, content_type="application/json", body=json.dumps(said))


def test_hostile_texts_of_areas_are_shown_as_texts(page: Page, address: str) -> None:
    page.route(AREAS, hostile)
    frame = shown(page, f"{address}/hotspots?unit=municipality&{QUICK}")
    frame.locator("select").select_option("none")
    page.mouse.move(*point(page, middle(frame, "05513000")))
    expect(frame.locator(".atlas-tip strong")).to_have_text(HOSTILE)
    assert frame.locator(".atlas-legend img, .atlas-tip img").count() == 0
    assert frame.evaluate("window.hacked") is None


def test_a_click_opens_the_facts_and_the_link_keeps_them(page: Page, address: str) -> None:
    frame = shown(page, f"{address}/hotspots?unit=municipality&{QUICK}")
    frame.locator("select").select_option("none")
    at = point(page, middle(frame, "05911000"))
    page.mouse.move(*at)
    expect(frame.locator(".atlas-tip strong")).to_have_text("Bochum")
    page.mouse.click(*at)
    expect(page.locator("#area-card h2")).to_have_text("Bochum")
    expect(page).to_have_url(re.compile("area=05911000"))
    link = page.locator("#area-card a").first
    expect(link).to_have_attribute("href", "./?city=05911000&kind=creative_site")
    page.locator("#area-card [data-event=area]").click()
    expect(page.locator("#area-card")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("area="))


def test_the_keyboard_reaches_every_area_of_the_table(page: Page, address: str) -> None:
    frame = shown(page, f"{address}/hotspots?unit=municipality&topic=energy&{QUICK}")
    name = page.locator(".ra-table tbody button").first
    name.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#area-card h2")).to_have_text(name.inner_text())
    until(frame, "atlasLayer.areas.chosen.length === 1")
    expect(page.locator("#area-card h2")).to_be_focused()
    expect(page.locator("#area-card h2")).to_be_in_viewport()


def test_symbols_can_be_switched_off(page: Page, address: str) -> None:
    frame = shown(page, f"{address}/hotspots?unit=municipality&{QUICK}")
    opacity = "getComputedStyle(atlasLayer.stage.canvases[AtlasMap.Stage.SPACES]).opacity"
    assert 0 < float(frame.evaluate(opacity)) < 1
    frame.get_by_label("Orte auf der Karte").select_option("none")
    assert float(frame.evaluate(opacity)) == 0
    assert (
        frame.evaluate("atlasLayer.picker.within(atlasLayer.map.getSize().divideBy(2), 500)") == []
    )
    frame.get_by_label("Orte auf der Karte").select_option("full")
    assert float(frame.evaluate(opacity)) == 1


def test_another_question_repaints_and_the_map_stays(page: Page, address: str) -> None:
    frame = shown(page, f"{address}/hotspots?unit=municipality&{QUICK}")
    frame.evaluate("window.same = true")
    page.locator("label:has(#topic-energy)").click()
    expect(page).to_have_url(re.compile("topic=energy"))
    expect(frame.locator(".atlas-areas h3")).to_have_text("Raum trifft Energie")
    assert frame.evaluate("window.same") is True
    # The map is faster than the table: there are five classes now instead of four.
    expect(page.locator(".ra-classes li")).to_have_count(frame.locator(".atlas-areas li b").count())
    assert list(frame.locator(".atlas-areas li b").all_inner_texts()) == [
        str(count) for count in table(page).values()
    ]


def test_areas_that_do_not_arrive_are_said_on_the_map(page: Page, address: str) -> None:
    page.route(AREAS, lambda route: route.abort())
    go(page, f"{address}/hotspots?unit=municipality&{QUICK}")
    frame = map_frame(page)
    expect(frame.locator(".atlas-notice")).to_contain_text(
        "Die Flächen konnten nicht geladen werden"
    )
    expect(page.locator(".ra-classes li").first).to_be_visible()


def test_a_phone_shows_the_map_and_its_legend(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(has_touch=True, is_mobile=True)
    page.set_viewport_size({"width": 360, "height": 740})
    frame = shown(page, f"{address}/hotspots?unit=municipality&{QUICK}&lang=en")
    frame.locator(".atlas-legend-switch").tap()
    expect(frame.locator(".atlas-areas li")).to_have_count(4)
    frame.locator(".atlas-legend-switch").tap()
    frame.evaluate("atlasLayer.areas.setSymbols('none')")
    page.touchscreen.tap(*point(page, middle(frame, "05911000")))
    expect(page.locator("#area-card h2")).to_have_text("Bochum")


def test_the_charts_have_names_and_white_paper(
    open_page: Callable[..., Page], address: str
) -> None:
    page = open_page(color_scheme="dark")
    go(page, f"{address}/hotspots?unit=municipality&{QUICK}")
    charts = page.locator("[data-testid=stVegaLiteChart][aria-label]")
    expect(charts.first).to_be_attached()
    names = [chart.get_attribute("aria-label") for chart in charts.all()]
    assert any("Hotspot:" in name for name in names if name)
    assert any("kreative Orte im Umkreis" in name for name in names if name)
    paper = page.locator(".st-key-hotspot-bars").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    assert paper == "rgb(255, 255, 255)"


@pytest.mark.parametrize("moved", [False, True])
def test_areas_that_arrive_in_a_small_frame_leave_the_view_alone(
    page: Page, address: str, *, moved: bool
) -> None:
    frame = shown(page, f"{address}/profil?town=05915000")
    small = "node => node.style.cssText = 'width: 110px !important; height: 100px !important'"
    page.locator("iframe[title*=folium]").evaluate(small)
    until(frame, "atlasLayer.map.getSize().x === 110")
    around = frame.evaluate(
        """(moved) => { const { map, view, areas } = atlasLayer;
        view.animate = false;
        view.home();
        if (moved) { view.goal = null; map.setView([51.66, 6.62], 11, { animate: false }); }
        areas.chosen = []; // as if they had just arrived
        areas.choose();
        return Boolean(view.goal && view.goal[0].equals(view.region)); }""",
        moved,
    )
    # The companion: who looks elsewhere is brought to the chosen town.
    assert around == (not moved)

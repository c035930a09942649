"""The map in a real browser: it filters, answers clicks, says what failed, asks no other host."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pages import until
from playwright.sync_api import expect
from pyproj import Transformer

from atlas.webmap.palette import PALETTES
from tests.browser.map_fixtures import (
    HOSTILE,
    WEST_IS_FREE,
    hostile_data,
    load_folder,
    map_frame,
    open_map,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Frame, Page

    from atlas.store import Atlas
    from tests.browser.conftest import Guard

SITE = Path(__file__).parent / "map_site" / "app.py"
ROWS = 1500


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_data(tmp_path_factory.mktemp("data"), ROWS)


@pytest.fixture(scope="module")
def atlas(folder: Path) -> Atlas:
    return load_folder(folder)


@pytest.fixture(scope="module")
def site(serve: Callable[..., str], folder: Path) -> str:
    return serve(SITE, ATLAS_DATA_DIR=str(folder))


BOCHUM = (51.47853, 7.22304)
# Whether what the map shows, and not only what it was told, is a choice of codes.
FILTERED = "Boolean(atlasLayer.evaluated && atlasLayer.evaluated.spec.codes)"


def matches(frame: Frame) -> list[str]:
    return frame.evaluate("atlasLayer.matches()")


def point_of(frame: Frame, space_id: str) -> dict[str, float]:
    """Bring a space to the middle of the map and return where it lies in the frame."""
    return frame.evaluate(
        """(id) => {
        const layer = atlasLayer, row = layer.table.rowOf(id);
        const { x, y } = AtlasMap.origin;
        const world = [layer.table.wx[row] + x, layer.table.wy[row] + y];
        layer.map.setView(layer.map.unproject(world, 0), 16, { animate: false });
        const at = layer.stage.container(layer.table.wx[row], layer.table.wy[row]);
        return { x: at.x, y: at.y };
        }""",
        space_id,
    )


def alone(frame: Frame) -> str:
    """Return a located space that shares its place with no other."""
    return frame.evaluate(
        """() => { const t = atlasLayer.table;
        const key = (i) => t.wx[i].toFixed(5) + t.wy[i].toFixed(5);
        const seen = {}; for (const i of t.order) seen[key(i)] = (seen[key(i)] || 0) + 1;
        return t.ids[t.order.find((i) => seen[key(i)] === 1 && !t.hollow[i])]; }"""
    )


def paints(frame: Frame) -> int:
    return frame.evaluate("atlasLayer.stats.paints")


def test_the_map_paints_every_space_and_says_how_many(page: Page, site: str) -> None:
    frame = open_map(page, site)
    assert len(matches(frame)) == ROWS
    expect(frame.get_by_role("status").first).to_contain_text("1.500 Orte")
    colours = frame.evaluate(
        """() => { const c = atlasLayer.stage.contexts[1];
        const d = c.getImageData(0, 0, c.canvas.width, c.canvas.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }"""
    )
    assert colours > 1000


def test_a_filter_click_keeps_frame_and_view_and_sends_little(page: Page, site: str) -> None:
    frames: list[int] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))),
    )
    frame = open_map(page, site)
    frame.evaluate("window.mark = 1; atlasLayer.map.setView([51.5, 7.4], 12, {animate: false})")
    frames.clear()
    page.get_by_role("button", name="partly_vacant").click()
    until(frame, f"atlasLayer.stats.matched < {ROWS}")
    assert frame.evaluate("window.mark") == 1, "the frame was mounted anew"
    assert frame.evaluate("atlasLayer.map.getZoom()") == 12
    vacancy = frame.evaluate(
        """() => { const t = atlasLayer.table;
        return [...new Set(atlasLayer.matches().map((id) => t.label(t.rowOf(id), "vacancy")))]; }"""
    )
    assert vacancy == ["partly_vacant"]
    assert sum(frames) < 20_000


def test_pan_and_zoom_rerun_nothing(page: Page, site: str) -> None:
    frame = open_map(page, site)
    runs = page.get_by_text("runs=").inner_text()
    before = paints(frame)
    frame.evaluate("atlasLayer.map.setView([51.5, 7.1], 11); atlasLayer.map.panBy([200, 50])")
    until(frame, f"atlasLayer.stats.paints > {before}")
    page.wait_for_timeout(400)  # longer than the 250 ms that streamlit-folium waits
    assert page.get_by_text("runs=").inner_text() == runs


def test_a_click_selects_one_space_and_a_click_beside_it_clears(page: Page, site: str) -> None:
    frame = open_map(page, site)
    wanted = alone(frame)
    at = point_of(frame, wanted)
    frame.locator("#map_div").click(position=at)
    expect(page.get_by_text(f"selected={wanted};")).to_be_visible()
    assert frame.evaluate("atlasLayer.message.selected") == wanted
    clear = frame.evaluate(
        """() => { for (let x = 200; x < 700; x += 25) for (let y = 120; y < 500; y += 25)
        if (!atlasLayer.picker.within(L.point(x, y), 20).length) return { x, y }; }"""
    )
    frame.locator("#map_div").click(position=clear)
    expect(page.get_by_text("selected=;")).to_be_visible()


def test_the_same_space_can_be_selected_twice_in_a_row(page: Page, site: str) -> None:
    frame = open_map(page, site)
    at = point_of(frame, alone(frame))
    frame.locator("#map_div").click(position=at)
    expect(page.get_by_text(re.compile("selected=[0-9a-f]{10};"))).to_be_visible()
    runs = page.get_by_text("runs=").inner_text()
    frame.locator("#map_div").click(position=at)
    expect(page.get_by_text(runs)).not_to_be_visible()


def test_spaces_at_one_place_are_offered_in_a_menu_for_the_keyboard(
    page: Page, site: str, atlas: Atlas
) -> None:
    frame = open_map(page, site)
    ids = atlas.spaces.set_index("name").loc[list(HOSTILE), "space_id"]
    frame.locator("#map_div").click(position=point_of(frame, ids.iloc[0]))
    menu = frame.get_by_role("menu")
    expect(menu.get_by_role("menuitem")).to_have_count(len(HOSTILE))
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    chosen = frame.evaluate("document.activeElement.querySelector('strong').textContent")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"selected={ids[chosen]};")).to_be_visible()
    expect(menu).to_have_count(0)


def test_escape_closes_the_menu_and_gives_the_focus_back(
    page: Page, site: str, atlas: Atlas
) -> None:
    frame = open_map(page, site)
    ids = atlas.spaces.set_index("name").loc[list(HOSTILE), "space_id"]
    frame.locator("#map_div").click(position=point_of(frame, ids.iloc[0]))
    expect(frame.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(frame.get_by_role("menu")).to_have_count(0)
    assert frame.evaluate("document.activeElement.id") == "map_div"


def test_hostile_names_are_shown_as_text_and_never_run(
    page: Page, site: str, atlas: Atlas, guard: Guard
) -> None:
    frame = open_map(page, site)
    ids = atlas.spaces.set_index("name").loc[list(HOSTILE), "space_id"]
    at = point_of(frame, ids.iloc[0])
    frame.locator("#map_div").hover(position=at)
    tip = frame.locator(".atlas-tip")
    expect(tip).to_be_visible()
    shown = tip.locator("strong").all_inner_texts()
    assert set(shown) < set(HOSTILE)
    expect(tip).to_contain_text("und 1 weiterer Ort")
    frame.locator("#map_div").click(position=at)
    offered = frame.get_by_role("menuitem").locator("strong").all_inner_texts()
    assert sorted(offered) == sorted(HOSTILE)
    assert frame.evaluate("window.hacked") is None
    assert frame.locator(".atlas-menu img, .atlas-menu script, .atlas-tip img").count() == 0
    assert guard.errors == []


def test_memory_does_not_grow_over_fifty_filter_changes(page: Page, site: str) -> None:
    frame = open_map(page, site)
    session = page.context.new_cdp_session(page)

    def used() -> float:
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"] / 1e6

    def toggle(times: int) -> None:
        # The map's own filter tells when a click has come through, nothing else does: a map
        # paints for other reasons too, and "running" shows only some 100 ms after a click.
        # Whoever clicks again before takes the first click back: both become one run, the
        # filter is what it was, and there is nothing to paint.
        for turn in range(times):
            page.get_by_role("button", name="interim_use").click()
            until(frame, f"({FILTERED}) === {'true' if turn % 2 == 0 else 'false'}")

    toggle(6)
    start = used()
    toggle(50)
    assert frame.evaluate("window.feature_group.length") == 0
    assert frame.evaluate("Object.keys(atlasLayer.map._layers).length") < 10
    assert used() - start < 4, "MB after 50 changes"


def test_a_tile_service_is_asked_only_after_consent_that_names_the_host(
    open_page: Callable[..., Page], site: str, guard: Guard
) -> None:
    page = open_page()
    page.context.route(re.compile("geodatenzentrum|metropoleruhr"), lambda route: route.abort())
    frame = open_map(page, site)
    frame.get_by_role("button", name="Hintergrund").click()
    frame.get_by_role("radio", name="TopPlusOpen").click()
    dialog = frame.get_by_role("dialog")
    expect(dialog).to_contain_text("sgx.geodatenzentrum.de")
    dialog.get_by_role("button", name="Abbrechen").click()
    assert guard.foreign == []
    expect(frame.get_by_role("radio", name="Eigene Karte")).to_be_checked()
    frame.get_by_role("radio", name="TopPlusOpen").click()
    frame.get_by_role("button", name="Karte laden").click()
    expect(frame.locator(".atlas-notice")).to_contain_text("antwortet nicht")
    assert {url.split("/")[2] for url in guard.foreign} == {"sgx.geodatenzentrum.de"}
    guard.foreign.clear()  # asked for, after consent; nothing left this machine


def test_the_guard_notices_a_request_to_another_host(
    open_page: Callable[..., Page], guard: Guard
) -> None:
    page = open_page()
    page.context.route("**/*", lambda route: route.abort())
    page.set_content('<img src="https://example.org/x.png">')
    until(page, "document.images[0].complete")
    assert guard.foreign == ["https://example.org/x.png"]
    guard.foreign.clear()


@pytest.mark.parametrize(
    ("pattern", "answer", "said"),
    [
        ("**/map/spaces.json", {"status": 404}, "Antwort 404"),
        ("**/map/spaces.json", {"status": 500}, "Antwort 500"),
        ("**/map/spaces.json", {"status": 200, "body": '{"n": 3'}, "beschädigt"),
        ("**/map/spaces.json", {"status": 200, "body": "{}"}, "beschädigt"),
        ("**/map/spaces.json", None, "antwortet nicht"),
        ("**/leaflet/leaflet.js", {"status": 404}, "konnte nicht geladen werden"),
        ("**/map/map.js*", None, "konnte nicht geladen werden"),
        ("**/map/config.json*", {"status": 500}, "konnte nicht geladen werden"),
    ],
)
def test_a_failure_is_a_sentence_with_a_next_step(
    page: Page, site: str, pattern: str, answer: dict[str, object] | None, said: str
) -> None:
    page.route(pattern, lambda route: route.fulfill(**answer) if answer else route.abort())
    page.goto(site)
    alert = map_frame(page).get_by_role("alert")
    expect(alert).to_contain_text(said)
    expect(alert).to_contain_text("neu laden")
    expect(alert.get_by_role("button")).to_be_visible()


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        ("HTMLCanvasElement.prototype.getContext = () => null", "kann die Karte nicht zeichnen"),
        ("CanvasRenderingContext2D.prototype.fill = () => { throw new Error('x') }", "Fehler"),
    ],
)
def test_a_browser_that_cannot_draw_is_told(
    page: Page, site: str, break_it: str, said: str
) -> None:
    page.add_init_script(break_it)
    page.goto(site)
    expect(map_frame(page).get_by_role("alert")).to_contain_text(said)


def test_the_spaces_are_there_even_without_the_base_map(page: Page, site: str) -> None:
    page.route("**/map/base.json", lambda route: route.fulfill(status=500))
    page.goto(site)
    frame = map_frame(page)
    until(frame, "window.atlasLayer && atlasLayer.stats.painted > 0")
    expect(frame.locator(".atlas-notice")).to_contain_text("Die Hintergrundkarte fehlt")


def test_the_first_view_is_the_whole_region_even_without_the_styles(page: Page, site: str) -> None:
    # Regression: measured before its styles were there, the legend pushed the zoom to 15.
    page.route("**/map/map.css*", lambda route: route.abort())
    frame = open_map(page, site)
    assert 8 <= frame.evaluate("atlasLayer.map.getZoom()") <= 10


def test_the_view_is_remembered(open_page: Callable[..., Page], site: str) -> None:
    page = open_page()
    frame = open_map(page, site)
    frame.evaluate("atlasLayer.map.setView([51.6, 7.3], 13, {animate: false})")
    frame = open_map(page, site)
    assert frame.evaluate("atlasLayer.map.getZoom()") == 13


def test_a_new_fit_moves_the_view_to_the_result(page: Page, site: str) -> None:
    frame = open_map(page, f"{site}/?city=05978004&fit=1")
    until(frame, "atlasLayer.map.getZoom() > 11 && atlasLayer.stats.painted > 0")
    assert frame.evaluate("atlasLayer.stats.matched") < ROWS
    assert frame.evaluate("atlasLayer.stats.inView") > 0


def corners(frame: Frame) -> list[list[float]]:
    """Return longitude and latitude of the corners of the circle that the map draws."""
    return frame.evaluate(
        "atlasLayer.near.corners.map(([x, y]) => atlasLayer.view.at(x, y))"
        ".map(({ lat, lng }) => [lng, lat])"
    )


# What is painted over the spaces: at an arm of the cross, at the circle's north, far outside.
MARKS = """() => { const { near, stage } = atlasLayer, context = stage.contexts[3];
    const look = (x, y) => [...context.getImageData(Math.round(x * stage.ratio), Math.round(y * stage.ratio), 1, 1).data];
    const [x, y] = [stage.x(near.centre[0]), stage.y(near.centre[1])];
    const top = stage.y(near.corners[0][1]);
    return [look(x, y - 9), look(x, top), look(x, top - 20)]; }"""  # noqa: E501


@pytest.mark.parametrize(
    ("theme", "said", "drop"),
    [
        ("light", "Umkreis 1 km um Bochum Hbf", "1 km: Bochum Hbf entfernen"),
        ("dark", "Within 1 km of Bochum Hbf", "Remove 1 km: Bochum Hbf"),
    ],
)
def test_a_search_nearby_shows_circle_and_centre_until_it_is_dropped(
    open_page: Callable[..., Page], address: str, theme: str, said: str, drop: str
) -> None:
    page = open_page(color_scheme=theme)
    lat, lon = BOCHUM
    frame = open_map(
        page, f"{address}/?lang={'en' if theme == 'dark' else 'de'}&near={lat},{lon},Bochum Hbf"
    )
    until(frame, "atlasLayer.near.shown && !atlasLayer.map._animatingZoom")
    line = frame.locator(".atlas-near")
    expect(line).to_have_text(said)
    expect(line).to_be_visible()
    until(frame, "atlasLayer.map.getZoom() > 13")
    edge = corners(frame)
    inside = "(edge) => edge.every(([lng, lat]) => atlasLayer.map.getBounds().contains([lat, lng]))"
    assert frame.evaluate(inside, edge)
    cross, circle, outside = frame.evaluate(MARKS)
    colour = PALETTES[theme].select
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert cross == circle == [*wanted, 255]
    assert outside[3] == 0
    page.get_by_role("button", name=drop).click()
    until(frame, "!atlasLayer.near.shown")
    expect(line).to_be_hidden()
    until(frame, "atlasLayer.map.getZoom() < 11 && !atlasLayer.map._animatingZoom")
    assert not any(pixel[3] for pixel in frame.evaluate(MARKS))


@pytest.mark.parametrize("radius", [250, 5000, 50_000])
def test_the_circle_is_as_wide_as_the_filter_measures(page: Page, site: str, radius: int) -> None:
    lat, lon = BOCHUM
    frame = open_map(page, f"{site}/?near={lat},{lon},Bochum Hbf&radius={radius}&fit=1")
    until(frame, "atlasLayer.near.shown")
    to_metres = Transformer.from_crs(4326, 25832, always_xy=True).transform
    x0, y0 = to_metres(lon, lat)
    drawn = [math.dist((x0, y0), to_metres(*corner)) for corner in corners(frame)]
    assert len(drawn) > 90
    assert all(distance == pytest.approx(radius, rel=0.001) for distance in drawn)


def test_the_theme_follows_the_message_and_else_the_browser(
    open_page: Callable[..., Page], site: str
) -> None:
    dark = open_page(color_scheme="dark")
    assert not open_map(dark, f"{site}/?theme=light").evaluate("atlasLayer.dark")
    assert open_map(dark, f"{site}/?theme=dark").evaluate("atlasLayer.dark")
    assert open_map(dark, f"{site}/?theme=auto").evaluate("atlasLayer.dark")


def test_in_show_mode_the_arrow_keys_step_through_the_result(page: Page, site: str) -> None:
    frame = open_map(page, f"{site}/?show=1")
    until(frame, "atlasLayer.message.show")
    page.locator("body").press("ArrowRight")
    expect(page.get_by_text("step=1;")).to_be_visible()
    for _ in range(3):
        frame.locator("#map_div").press("ArrowLeft")
    expect(page.get_by_text("step=-2;")).to_be_visible()  # the sum: none is overtaken


def test_in_show_mode_a_chosen_place_comes_close_and_nothing_of_it_is_remembered(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page()
    frame = open_map(page, f"{site}/?show=1")
    until(frame, "atlasLayer.message.show")
    wanted = alone(frame)
    at = point_of(frame, wanted)
    frame.evaluate("atlasLayer.map.setZoom(12, {animate: false})")
    at = frame.evaluate(
        """(id) => { const l = atlasLayer, row = l.table.rowOf(id);
        l.picker.click(l.stage.container(l.table.wx[row], l.table.wy[row]), {});
        return l.table.label(row, "coordinate_precision"); }""",
        wanted,
    )
    assert at in {"building", "street"}
    expect(page.get_by_text(re.compile("selected=[0-9a-f]{10};"))).to_be_visible()
    until(frame, "atlasLayer.map.getZoom() === 14 && !atlasLayer.map._animatingZoom")
    assert frame.evaluate("localStorage.getItem('atlas.view')") in {None, "null"}


def test_the_first_view_fits_again_when_the_frame_grows_until_somebody_moves_the_map(
    page: Page, site: str
) -> None:
    frame = open_map(page, site)
    frame.evaluate("atlasLayer.view.resized()")  # on a busy machine the styles come after the fit
    first = frame.evaluate("atlasLayer.map.getZoom()")
    inside = "atlasLayer.map.getBounds().contains(atlasLayer.view.region)"
    assert frame.evaluate(inside)
    shell = page.locator("iframe[title*=folium]")
    shell.evaluate("frame => { frame.style.height = '260px' }")
    until(frame, f"atlasLayer.map.getZoom() < {first}")
    assert frame.evaluate(inside)
    shell.evaluate("frame => { frame.style.height = '560px' }")
    until(frame, f"atlasLayer.map.getZoom() === {first}")
    frame.evaluate("atlasLayer.map.setView([51.5, 7.4], 12, {animate: false})")
    shell.evaluate("frame => { frame.style.height = '400px' }")
    until(frame, "atlasLayer.map.getSize().y === 400")
    assert frame.evaluate("atlasLayer.map.getZoom()") == 12
    assert abs(frame.evaluate("atlasLayer.map.getCenter().lng") - 7.4) < 0.01


def test_a_fit_that_cuts_another_short_still_follows_the_frame(page: Page, site: str) -> None:
    frame = open_map(page, site)
    goal = frame.evaluate(
        """async () => { const { view, map } = atlasLayer;
        const box = (lng) => L.latLngBounds([51.45, lng], [51.55, lng + 0.1]);
        view.fit(box(7.0), 20, 12);
        await new Promise((done) => setTimeout(done, 600));
        view.animate = true;
        view.fit(box(7.05), 20, 12);
        const panned = Boolean(map._panAnim && map._panAnim._inProgress);
        view.fit(box(7.1), 20, 12);
        return [panned, view.goal !== null]; }"""
    )
    assert goal == [True, True]


@pytest.mark.parametrize(("width", "open_at_once"), [(1400, "true"), (620, "false")])
def test_the_legend_is_open_where_there_is_room_however_late_the_frame_grows(
    page: Page, site: str, width: int, open_at_once: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    frame = open_map(page, site)
    legend = frame.get_by_role("button", name="Legende")
    expect(legend).to_have_attribute("aria-expanded", open_at_once)
    shell = page.locator("iframe[title*=folium]")
    for size, expected in (("300px", "false"), ("560px", open_at_once)):
        shell.evaluate("(frame, size) => { frame.style.height = size }", size)
        expect(legend).to_have_attribute("aria-expanded", expected)
    if open_at_once == "true":
        legend.click()
        shell.evaluate("frame => { frame.style.height = '300px' }")
        until(frame, "atlasLayer.map.getSize().y === 300")
        shell.evaluate("frame => { frame.style.height = '560px' }")
        until(frame, "atlasLayer.map.getSize().y === 560")
        expect(legend).to_have_attribute("aria-expanded", "false")


def test_several_spaces_at_one_point_carry_their_number_close_up_only(
    page: Page, site: str, atlas: Atlas
) -> None:
    frame = open_map(page, site)
    assert frame.evaluate("atlasLayer.points.stacks.length") == 0
    ids = list(atlas.spaces.set_index("name").loc[list(HOSTILE), "space_id"])
    point_of(frame, ids[0])
    piles = frame.evaluate(
        "atlasLayer.points.stacks.map((pile) => pile.rows.map((row) => atlasLayer.table.ids[row]))"
    )
    assert sorted(ids) in [sorted(pile) for pile in piles]


def test_a_quarter_is_painted_on_top_of_every_other_space(page: Page, site: str) -> None:
    frame = open_map(page, site)
    kinds = frame.evaluate(
        "Array.from(atlasLayer.table.order, (row) => atlasLayer.table.label(row, 'kind'))"
    )
    quarters = kinds.count("creative_quarter")
    assert quarters > 0
    assert set(kinds[:quarters]) == {"creative_quarter"}  # first in the order is painted last


def test_full_screen_shows_the_map_alone_and_goes_back(page: Page, site: str) -> None:
    frame = open_map(page, site)
    button = frame.get_by_role("button", name="Vollbild")
    button.click()
    until(frame, "document.fullscreenElement && document.fullscreenElement.id === 'map_div'")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    until(frame, "!document.fullscreenElement")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_where_full_screen_is_forbidden_the_map_covers_the_window(page: Page, site: str) -> None:
    page.add_init_script("Element.prototype.requestFullscreen = () => Promise.reject(new Error())")
    frame = open_map(page, site)
    button = frame.get_by_role("button", name="Vollbild")
    size = "[window.innerWidth, window.innerHeight].join()"
    before = frame.evaluate(size)
    button.click()
    until(frame, f"{size} === '{page.evaluate(size)}'")
    expect(button).to_have_attribute("aria-pressed", "true")
    frame.locator("#map_div").press("Escape")
    until(frame, f"{size} === '{before}'")


def test_english_is_english(page: Page, site: str) -> None:
    frame = open_map(page, f"{site}/?lang=en")
    assert frame.evaluate("document.documentElement.lang") == "en"
    assert frame.evaluate("atlasLayer.config.labels.vacancy.vacant") == "vacant"


def test_a_phone_has_the_legend_folded_and_nothing_wider_than_the_screen(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(has_touch=True, is_mobile=True)
    page.set_viewport_size({"width": 360, "height": 740})
    frame = open_map(page, site)
    expect(frame.get_by_role("button", name="Legende")).to_have_attribute("aria-expanded", "false")
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert frame.evaluate(WEST_IS_FREE)
    frame.evaluate("atlasLayer.map.setView([51.5, 6.9], 11, { animate: false })")
    assert not frame.evaluate(WEST_IS_FREE), "buttons over the region go unnoticed"
    at = point_of(frame, alone(frame))
    page.locator("iframe[title*=folium]").evaluate("frame => frame.scrollIntoView({block: 'end'})")
    box = page.locator("iframe[title*=folium]").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + at["x"], box["y"] + at["y"])
    expect(page.get_by_text(re.compile("selected=[0-9a-f]{10};"))).to_be_visible()


def test_a_changed_table_is_loaded_when_the_message_names_its_version(
    page: Page, site: str
) -> None:
    frame = open_map(page, f"{site}/?version=another")
    until(frame, "atlasLayer.asked === 'another'")
    assert len(matches(frame)) == ROWS

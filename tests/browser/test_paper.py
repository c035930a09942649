"""A sheet of paper says what the screen says: nothing lies over it, and the map is whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from map_fixtures import open_map
from pages import go, until
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Frame, Page

MARGIN = dict.fromkeys(("top", "right", "bottom", "left"), "1cm")
STATE = """() => { const { map, legend, dark, view } = atlasLayer;
  const { x, y } = map.getSize();
  const { lat, lng } = map.getCenter();
  return { x, y, dark, open: legend.open, at: [lat, lng, map.getZoom()],
           goal: Boolean(view.goal), canvas: document.querySelector(".atlas-canvas").width }; }"""
# Heard after the map's own listener, which is older.
LISTEN = f"() => addEventListener('beforeprint', () => {{ window.onSheet = ({STATE})(); }})"


# The buttons stand in a column once they have their style; a fit before that is another one.
SETTLED = """(() => { const { bar, map, view } = atlasLayer;
  if (bar.offsetHeight <= bar.offsetWidth) return false;
  const before = map.getCenter();
  view.resized();
  return map.getCenter().distanceTo(before) < 1; })()"""


def printed(page: Page, frame: Frame) -> tuple[dict[str, Any], bytes]:
    """Print the page; return the state of the map meanwhile, and the file."""
    frame.evaluate(LISTEN)
    content = page.pdf(format="A4", margin=MARGIN)  # type: ignore[arg-type]
    return frame.evaluate("() => onSheet"), content


def pictures(content: bytes, width: int) -> int:
    """Count the pictures of a PDF that are ``width`` pixels wide."""
    return len(re.findall(rb"/Subtype /Image\s+/Width %d\b" % width, content))


@pytest.mark.parametrize(("path", "by_hand"), [("/", False), ("/", True), ("/profil", False)])
def test_a_map_is_printed_whole_and_light_and_is_then_as_before(
    open_page: Callable[..., Page], address: str, path: str, *, by_hand: bool
) -> None:
    page = open_page(color_scheme="dark")
    frame = open_map(page, address + path)
    if path != "/":
        until(frame, "Boolean(atlasLayer.areas.shown)")
    until(frame, SETTLED)
    if by_hand:
        frame.evaluate("() => atlasLayer.map.setView([51.48, 7.22], 13, { animate: false })")
    before = frame.evaluate(STATE)
    during, content = printed(page, frame)
    assert before["dark"]
    assert before["goal"] is not by_hand
    assert (during["x"], during["y"]) == (703, 472)  # 18.6 cm x 12.5 cm
    assert during["open"]
    assert not during["dark"]
    assert pictures(content, during["canvas"]) >= 3  # ground, spaces and names
    until(frame, f"({STATE})().x === {before['x']}")
    assert frame.evaluate(STATE) == {**before, "at": pytest.approx(before["at"], abs=2e-3)}


def test_a_canvas_that_is_not_drawn_before_the_sheet_is_missed(page: Page, address: str) -> None:
    """The companion: without reading a pixel the sheet has the legend alone."""
    frame = open_map(page, address)
    frame.evaluate("() => { CanvasRenderingContext2D.prototype.getImageData = () => {}; }")
    during, content = printed(page, frame)
    assert pictures(content, during["canvas"]) == 0


@pytest.mark.parametrize("width", [390, 1400])
def test_a_sheet_has_map_and_list_whatever_the_screen_shows(
    page: Page, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_map(page, address)
    page.emulate_media(media="print")
    expect(page.locator(".st-key-map-pane iframe")).to_be_visible()
    expect(page.locator(".ra-row").first).to_be_visible()
    for gone in (".ra-pane-switch", ".ra-sort", ".ra-row .ra-icon-button", ".ra-panel .ra-button"):
        expect(page.locator(f"{gone}:visible")).to_have_count(0)


def test_an_open_place_is_printed_whole_on_a_wide_sheet(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1300, "height": 500})
    open_map(page, address)
    page.locator(".ra-row-open").first.click()
    expect(page.locator(".ra-detail")).to_be_visible()
    hidden = "node => node.scrollHeight - node.clientHeight"
    page.emulate_media(media="print")
    side = page.locator(".st-key-side-pane")
    assert side.evaluate("node => getComputedStyle(node).overflowY") == "visible"
    assert side.evaluate(hidden) == 0


def test_paper_is_white_in_the_dark_as_well(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(color_scheme="dark")
    open_map(page, address)
    ink = "node => getComputedStyle(node).color"
    ground = "node => getComputedStyle(node).backgroundColor"
    heading, app = page.locator("h1").first, page.locator(".stApp")
    dark = heading.evaluate(ink)
    page.emulate_media(media="print", color_scheme="dark")
    assert app.evaluate(ground) == "rgb(255, 255, 255)"
    assert heading.evaluate(ink) == "rgb(26, 34, 38)" != dark


@pytest.mark.parametrize("media", ["screen", "print"])
def test_on_paper_nothing_lies_over_the_text_and_charts_stay_whole(
    page: Page, address: str, media: str
) -> None:
    open_map(page, f"{address}/profil")
    page.emulate_media(media=media)  # type: ignore[arg-type]
    style = "(node, name) => getComputedStyle(node)[name]"
    brand, form = page.locator(".st-key-panel_brand"), page.locator(".ra-form")
    on_paper = media == "print"
    assert brand.evaluate(style, "position") == ("absolute" if on_paper else "fixed")
    assert form.is_visible() is not on_paper
    for name in ("figure", "types", "states"):
        section = page.locator(f".st-key-{name}-section")
        expect(section.locator("h2")).to_have_count(1)
        expect(section.locator(f".st-key-{name}-chart")).to_have_count(1)
        assert section.evaluate(style, "breakInside") == ("avoid" if on_paper else "auto")


def test_no_heading_stands_on_paper_without_what_it_is_of(page: Page, address: str) -> None:
    go(page, f"{address}/daten")
    heading = page.get_by_role("heading", name="Alles herunterladen")
    expect(heading).to_be_visible()
    page.emulate_media(media="print")
    expect(heading).not_to_be_visible()
    expect(page.locator(".st-key-panel_package")).to_contain_text("Fassung ")

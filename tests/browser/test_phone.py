"""Narrow screens and the ways between their parts: drawer, list, map, place, filters, tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pages
import pytest
from pages import until
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

MOBILE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)
AS_CARDS = re.compile(r"\bra-as-cards\b")
SIDEBAR = '[data-testid="stSidebar"]'
OPENED, CLOSED = f'{SIDEBAR}[data-collapsed="false"]', f'{SIDEBAR}[data-collapsed="true"]'
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('stSidebarCollapsed-'))"

FIRST_MATCH = """
() => {
  const layer = window.atlasLayer;
  if (!layer?.stats.paints) return {};
  const row = layer.table.rowOf(layer.matches()[0]);
  const { x, y } = layer.stage.container(layer.table.wx[row], layer.table.wy[row]);
  const rests = window.seenAt === `${x} ${y}`;
  window.seenAt = `${x} ${y}`;
  return { x, y, rests };
}
"""


def go(page: Page, url: str, *, width: int = 360, height: int = 740) -> Page:
    page.set_viewport_size({"width": width, "height": height})
    return pages.go(page, url)


def go_back(page: Page) -> None:
    page.wait_for_timeout(1200)  # the guard against a click on the way lasts a second
    page.go_back()


def open_drawer(page: Page) -> None:
    page.locator('[data-testid="stExpandSidebarButton"]').click()
    expect(page.locator(OPENED)).to_have_count(1)


@pytest.mark.parametrize("browser_name", ["", MOBILE])
def test_the_drawer_closes_when_it_has_led_to_a_page(
    open_page: Callable[..., Page], address: str, browser_name: str
) -> None:
    """Streamlit closes it only for browsers that call themselves mobile."""
    page = go(open_page(**({"user_agent": browser_name} if browser_name else {})), address)
    for name, path in (("Daten", "/daten"), ("Orte", "/orte"), ("Karte", "/")):
        open_drawer(page)
        page.locator('[data-testid="stSidebarNav"]').get_by_role("link", name=name).click()
        expect(page).to_have_url(f"{address}{path}")
        expect(page.locator(CLOSED)).to_have_count(1)
        expect(page.locator("h1").first).to_be_in_viewport()


def test_a_page_on_a_phone_opens_with_the_drawer_closed(page: Page, address: str) -> None:
    go(page, f"{address}/orte")
    open_drawer(page)
    assert page.evaluate(KEPT) == []
    copy = go(page.context.new_page(), address)
    expect(copy.locator(CLOSED)).to_have_count(1)
    page.reload()
    expect(page.locator(CLOSED)).to_have_count(1)
    # What a wide window left behind does not count either.
    page.evaluate("localStorage.setItem('stSidebarCollapsed-', 'false')")
    page.reload()
    expect(page.locator(CLOSED)).to_have_count(1)
    open_drawer(page)  # and what was closed once opens again


def test_a_wide_window_remembers_its_sidebar(page: Page, address: str) -> None:
    go(page, address, width=1400)
    page.locator('[data-testid="stSidebarCollapseButton"] button').click()
    expect(page.locator(CLOSED)).to_have_count(1)
    page.reload()
    pages.settle(page)
    expect(page.locator(CLOSED)).to_have_count(1)
    page.locator('[data-testid="stExpandSidebarButton"]').click()
    page.locator('[data-testid="stTopNav"]').get_by_role("link", name="Orte").click()
    expect(page).to_have_url(f"{address}/orte")
    expect(page.locator(OPENED)).to_have_count(1)


@pytest.mark.parametrize("way", ["button", "Escape", "Back"])
def test_every_way_from_a_place_leads_to_its_row(page: Page, address: str, way: str) -> None:
    go(page, f"{address}/?group=museum", width=390)
    page.locator("#result-list > [data-event=more]").click()
    rows = page.locator(".ra-row-open")
    expect(rows).to_have_count(52)
    row = rows.nth(40)
    name = row.locator(".ra-row-name").inner_text()
    row.click()
    expect(page.locator("#detail-title")).to_have_text(name)
    expect(page).to_have_url(re.compile("space="))
    if way == "button":
        page.locator(".ra-detail [data-event=close]").click()
    elif way == "Escape":
        page.keyboard.press("Escape")
    else:
        go_back(page)
    expect(page).not_to_have_url(re.compile("space="))
    expect(rows).to_have_count(52)
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()


def test_back_to_another_result_starts_its_list_anew(page: Page, address: str) -> None:
    go(page, address, width=1280)
    option = page.locator("#option-groups-museum input")
    option.check()
    expect(page).to_have_url(re.compile("group=museum"))
    page.locator("#result-list > [data-event=more]").click()
    expect(page.locator(".ra-row")).to_have_count(52)
    go_back(page)
    expect(option).not_to_be_checked()
    expect(page.locator(".ra-row")).to_have_count(12)


def tap_a_marker(page: Page) -> None:
    """Tap the first match on the map, once it lies where it stays."""
    frame = page.frames[-1]
    until(frame, f"({FIRST_MATCH})().rests")
    point = frame.evaluate(FIRST_MATCH)
    page.locator(".st-key-map-pane iframe").click(position={"x": point["x"], "y": point["y"]})


def test_a_marker_on_a_phone_shows_its_place_and_the_way_back_to_the_map(
    page: Page, address: str
) -> None:
    go(page, f"{address}/?city=05913000&vacancy=vacant")
    page.locator("[data-event=pane_map]").click()
    pane = page.locator(".st-key-map-pane")
    expect(pane.locator("iframe")).to_be_in_viewport()
    tap_a_marker(page)
    title = page.locator("#detail-title")
    expect(title).to_be_in_viewport()
    until(page, "document.querySelector('#detail-title').getBoundingClientRect().bottom < 370")
    header = page.locator('[data-testid="stHeader"]').bounding_box()
    back = page.get_by_role("button", name="Zur Karte")
    box = back.bounding_box()
    assert header is not None
    assert box is not None
    assert box["y"] >= header["height"]
    expect(page.get_by_role("button", name="Zur Liste")).to_have_count(0)
    back.click()
    expect(title).to_have_count(0)
    expect(pane.locator("iframe")).to_be_in_viewport()
    page.locator("[data-event=pane_list]").click()
    page.locator(".ra-row-open").first.click()
    expect(page.get_by_role("button", name="Zur Liste")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Zur Karte")).to_have_count(0)


def test_a_neighbour_of_a_place_begins_at_its_name(page: Page, address: str) -> None:
    go(page, f"{address}/?city=05913000&vacancy=vacant")
    page.locator(".ra-row-open").first.click()
    near = page.locator(".ra-detail .ra-suggestion").first
    name = near.locator(".ra-option-label").inner_text()
    near.click()
    expect(page.locator("#detail-title")).to_have_text(name)
    expect(page.locator("#detail-title")).to_be_in_viewport()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/orte", "/hotspots"])
def test_the_next_page_of_a_table_begins_at_its_top(
    page: Page, address: str, path: str, width: int
) -> None:
    go(page, address + path, width=width)
    first = page.locator(".ra-table tbody tr").first
    before = first.inner_text()
    pages = page.locator(".ra-pages")
    pages.get_by_role("button", name="Nächste Seite").click()
    expect(pages).to_contain_text("Seite 2 von")
    expect(first).not_to_have_text(before)
    expect(page.locator(".ra-table-box").first).to_be_focused()
    expect(first).to_be_in_viewport()


def test_no_filter_reached_by_the_keyboard_lies_below_the_foot_of_the_panel(
    page: Page, address: str
) -> None:
    go(page, address)
    open_drawer(page)
    more = page.locator("#more-filters > summary")
    more.click()
    foot = page.locator(".ra-filter-foot")
    expect(foot).to_be_in_viewport()
    for _ in range(12):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => [document.activeElement, document.querySelector(".ra-filter-foot")]
                .map((node) => node.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom])
            """
        )
        (_, end), (begin, _) = found
        assert end <= begin, page.evaluate("document.activeElement.outerHTML")


CUT = """() => [document.querySelector("[data-testid=stMain]"),
  ...document.querySelectorAll(".ra-table-box")].filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => box.className)"""


@pytest.mark.parametrize(
    "path",
    ["/orte", "/orte?sort=size", "/orte?lang=en", "/daten", "/hotspots", "/vergleich", "/profil"],
)
def test_every_column_of_a_table_is_in_sight_at_any_width(
    page: Page, address: str, path: str
) -> None:
    go(page, address + path, width=1400, height=900)
    boxes = page.locator(".ra-table-box")
    expect(boxes.first).to_be_visible()
    page.locator("details:has(.ra-table-box)").evaluate_all(
        "(folded) => folded.forEach((one) => { one.open = true; })"
    )
    assert page.evaluate(CUT) == []
    sizes = page.locator(".ra-table th, .ra-table td").evaluate_all(
        "(cells) => cells.map((cell) => parseFloat(getComputedStyle(cell).fontSize))"
    )
    assert min(sizes) >= 12
    if path.startswith("/orte"):
        page.locator(".ra-pages button").last.click()
        expect(page.locator(".ra-pages > span")).to_have_text(re.compile(" 2 "))
        assert page.evaluate(CUT) == []
        expect(boxes).not_to_have_class(AS_CARDS)  # eleven columns, a few pixels to spare
    for width in (1366, 1280, 1140, 1024, 821, 360):
        page.set_viewport_size({"width": width, "height": 900})
        until(page, f"({CUT})().length === 0")
    expect(boxes.first).to_have_class(AS_CARDS)
    page.set_viewport_size({"width": 1400, "height": 900})
    expect(boxes.first).not_to_have_class(AS_CARDS)
    assert page.evaluate(CUT) == []


def test_a_table_that_is_no_card_is_cut_on_a_tablet(page: Page, address: str) -> None:
    """The companion: what the test before looks for is there without the cards."""
    go(page, f"{address}/orte", width=1024)
    box = page.locator(".ra-table-box")
    expect(box).to_have_class(AS_CARDS)
    box.evaluate("(box) => { box.classList.remove('ra-as-cards'); }")
    assert "ra-table-box ra-dense" in page.evaluate(CUT)


def test_cards_are_sorted_like_the_table(page: Page, address: str) -> None:
    go(page, f"{address}/orte")
    expect(page.locator(".ra-table-box")).to_have_class(AS_CARDS)
    heads = page.locator(".ra-table thead button")
    expect(heads).to_have_text([re.compile(text) for text in ("Name", "Beobachtet", "Fläche")])
    heads.last.click()
    expect(page).to_have_url(re.compile("sort=size"))
    expect(page.locator("th[aria-sort=descending] button")).to_contain_text("Fläche")

"""What Streamlit says itself is in the language of the page, and the page stands clear of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pages import go
from playwright.sync_api import expect

from atlas.ui import chrome
from atlas.ui.words import Words

if TYPE_CHECKING:
    from playwright.sync_api import Page

LANGUAGE = ".st-key-lang"
PADDING = 4  # of a button, around what is seen of it
# Every text and name outside our own panels, the map and the words that Streamlit is given.
CHROME = """
() => {
  const said = [];
  const ours = ".ra-panel, iframe, style, script, noscript, [data-testid=stIconMaterial]";
  for (const node of document.querySelectorAll("body *")) {
    if (node.closest(ours)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      if (node.getAttribute(name)) said.push(node.getAttribute(name).trim());
    for (const child of node.childNodes)
      if (child.nodeType === Node.TEXT_NODE && child.nodeValue.trim())
        said.push(child.nodeValue.trim());
  }
  return said;
}
"""
ENGLISH = re.compile(
    r"\b(skip|content|main|menu|app|pages|light|dark|print|record|screen|made|with|copy|press|to"
    r"|the|not|found|dismiss|close|this|your|any|also|start|running|open|sidebar|more)\b",
    re.IGNORECASE,
)


def english(page: Page) -> list[str]:
    return [said for said in page.evaluate(CHROME) if ENGLISH.search(said)]


def open_menu(page: Page) -> None:
    page.click('[data-testid="stMainMenu"] button')
    page.wait_for_selector('[data-testid="stMainMenuPopover"]')


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_a_german_page_says_nothing_in_english(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    go(page, address)
    expect(page.get_by_text("Zum Inhalt springen")).to_have_count(1)
    assert english(page) == []
    open_menu(page)
    expect(page.get_by_text("Bildschirm aufnehmen")).to_be_visible()
    assert english(page) == []


def test_the_check_sees_what_streamlit_says_without_our_texts(page: Page, address: str) -> None:
    go(page, f"{address}/?lang=en")
    assert "Skip to main content" in english(page)
    open_menu(page)
    assert "Record screen" in english(page)


def test_dialogs_are_german_too(page: Page, address: str) -> None:
    go(page, f"{address}/gibt-es-nicht")
    expect(page.get_by_text("Diese Seite gibt es nicht")).to_be_visible()
    assert english(page) == []


def test_a_change_of_language_changes_what_streamlit_says_and_back(
    page: Page, address: str
) -> None:
    go(page, address)
    skip = page.locator('[data-testid="stSkipToContent"]')
    for code, text in (("en", "Skip to main content"), ("de", "Zum Inhalt springen")):
        page.click(f'.st-key-lang button:has-text("{code}")')
        expect(skip).to_have_text(text)
        name = page.locator('[data-testid="stTopNav"]')
        expect(name).to_have_attribute("aria-label", Words(code)("Seiten"))


def test_a_text_that_streamlit_puts_back_is_said_again(page: Page, address: str) -> None:
    """React rewrites a text when its own value changes; ours must follow."""
    go(page, address)
    skip = page.locator('[data-testid="stSkipToContent"]')
    expect(skip).to_have_text("Zum Inhalt springen")
    skip.evaluate("(node) => { node.firstChild.nodeValue = 'Skip to main content'; }")
    expect(skip).to_have_text("Zum Inhalt springen")
    skip.evaluate("(node) => { node.firstChild.nodeValue = 'Something new'; }")
    expect(skip).to_have_text("Something new")


def test_a_name_from_outside_is_never_taken_for_a_text_of_streamlit(
    page: Page, address: str
) -> None:
    go(page, address)
    page.evaluate(
        "document.querySelector('.ra-panel').append(Object.assign("
        "document.createElement('p'), { id: 'probe', textContent: 'Print' }))"
    )
    page.wait_for_timeout(300)
    assert "Print" in chrome.TEXTS
    expect(page.locator("#probe")).to_have_text("Print")


@pytest.mark.parametrize("path", ["/", "/daten", "/ueber", "/orte"])
def test_the_headline_stands_clear_of_the_header_on_a_phone(
    page: Page, address: str, path: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, address + path)
    header = page.locator('[data-testid="stHeader"]').bounding_box()
    headline = page.locator("h1").first.bounding_box()
    assert header is not None
    assert headline is not None
    gap = headline["y"] - header["y"] - header["height"]
    assert 14 <= gap <= 40, gap


@pytest.mark.parametrize("width", [360, 767, 768, 820, 821, 1140])
def test_the_name_of_the_atlas_lies_over_nothing(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    go(page, f"{address}/hotspots")
    name = page.locator(".ra-name").bounding_box()
    assert name is not None
    header = page.locator('[data-testid="stHeader"]')
    parts = [*header.locator("a").all(), *header.locator("button").all(), page.locator(LANGUAGE)]
    boxes = [box for part in parts if part.is_visible() and (box := part.bounding_box())]
    assert len(boxes) >= 3
    first, last = name["x"] + PADDING, name["x"] + name["width"] - PADDING
    assert [box for box in boxes if box["x"] < last and first < box["x"] + box["width"]] == []


@pytest.mark.parametrize("width", [830, 1024, 1140, 1280])
def test_the_map_is_never_a_strip(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    go(page, address)
    box = page.locator(".st-key-map-pane").bounding_box()
    assert box is not None
    assert box["width"] >= 400, box

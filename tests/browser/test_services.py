"""The pages of the services in a real browser: no other host, no barrier, no sideways scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PATHS = (
    "/ogc", "/ogc/openapi", "/ogc/conformance", "/ogc/collections", "/ogc/collections/spaces",
    "/ogc/collections/spaces/queryables", "/ogc/collections/spaces/items?limit=30",
    "/ogc/collections/spaces/items/{space}", "/ogc/collections/hexagons/items?limit=5",
    "/ogc/collections/spaces/items?vacancy=nonsense", "/ogc/nothing", "/atlas/space/{space}",
    "/atlas/space/nothing",
)  # fmt: skip
PHONE = {"width": 360, "height": 740}
SERIOUS = {"serious", "critical"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def shown(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator("h1")).to_be_visible()
    return page


def joined(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize("look", ["light de", "dark en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_no_barrier_and_asks_no_other_host(
    open_page: Callable[..., Page], address: str, space: str, path: str, look: str
) -> None:
    theme, language = look.split()
    # A request to another host fails the test when the page is closed (conftest.open_page).
    page = shown(
        open_page(color_scheme=theme), address + joined(path.format(space=space), language)
    )
    found = Axe().run(page, options=RULES).response["violations"]
    told = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in SERIOUS]
    assert told == []
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


@pytest.mark.parametrize("path", ["/ogc/collections/spaces/items", "/atlas/space/{space}"])
def test_a_page_works_without_scripts(
    open_page: Callable[..., Page], address: str, space: str, path: str
) -> None:
    page = open_page(java_script_enabled=False, locale="de-DE")
    page.goto(address + path.format(space=space))
    expect(page.locator("h1")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_from_the_collections_to_a_space_on_the_map(page: Page, address: str) -> None:
    shown(page, f"{address}/ogc?lang=de")
    page.get_by_role("link", name="Sammlungen").click()
    page.get_by_role("link", name="Räume").click()
    page.get_by_role("link", name="Einträge").click()
    page.get_by_role("link", name="Nächste Seite").click()
    page.locator("tbody th a").first.click()
    name = page.locator("h1").inner_text()
    page.get_by_role("link", name="Seite dieses Ortes").click()
    expect(page.locator("h1")).to_have_text(name)
    page.get_by_role("link", name="Auf der Karte zeigen").click()
    expect(page.locator("#detail-title")).to_have_text(name, timeout=60_000)
    link = page.get_by_role("link", name="Seite zum Drucken und Verlinken")
    expect(link).to_have_attribute("href", "atlas/space/" + page.url.split("space=")[1][:10]
                                   + "?lang=de")  # fmt: skip
    link.click()
    expect(page.locator("h1")).to_have_text(name)


def test_the_data_page_names_the_address(page: Page, address: str) -> None:
    page.goto(f"{address}/daten")
    block = page.locator("section", has=page.get_by_role("heading", name="Für GIS und Programme"))
    expect(block.get_by_text(f"{address}/ogc", exact=True)).to_be_visible(timeout=60_000)
    button = block.get_by_role("button", name="Adresse kopieren")
    expect(button).to_have_attribute("data-copy", f"{address}/ogc")
    for name in ("Turtle", "JSON-LD", "RDF/XML"):
        href = block.get_by_role("link", name=name).get_attribute("href")
        assert page.request.get(f"{address}/{href}").ok

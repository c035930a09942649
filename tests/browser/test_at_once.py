"""The map answers a click at once: as the server will, never against a later click."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pages import settle, until
from playwright.sync_api import expect

from atlas.query import CODE_FIELDS, RANGE_FIELDS
from tests.browser.map_fixtures import open_map

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Frame, Page

BOUNDS = ("120", "3000.5", "", "1e9", "-4", "0")
# What the server says from now on, beside what the map shows.
LISTEN = """() => {
    window.told = [];
    const receive = AtlasMap.receive;
    AtlasMap.receive = (message) => { told.push(message); receive(message); };
}"""
# Changes one control and returns, in the same task, what the map shows before any answer.
CHANGE = """([selector, value]) => {
    const node = document.querySelector(selector);
    if (value === null) node.click();
    else { node.value = value; node.dispatchEvent(new Event("change", { bubbles: true })); }
    const { AtlasMap, atlasLayer } = document.querySelector("iframe[title*=folium]").contentWindow;
    return [AtlasMap.canonical(atlasLayer.evaluated.spec), atlasLayer.stats.matched, atlasLayer.ahead.at];
}"""  # noqa: E501
ANSWER = """(at) => {
    const message = told.find((one) => one.at === at);
    return [AtlasMap.canonical(message.spec), atlasLayer.stats.matched];
}"""
COUNTED = """() => { const counts = [...document.querySelectorAll("#filter-form .ra-count")];
    return counts.length > 0 && counts.every((count) => count.textContent); }"""


@pytest.fixture
def listening(page: Page, address: str) -> Callable[..., Frame]:
    def opened(query: str = "") -> Frame:
        frame = open_map(page, f"{address}/{query}")
        until(page, COUNTED)
        settle(page)
        until(frame, "atlasLayer.message.spec && (!atlasLayer.message.spec.words"
                                " || atlasLayer.evaluated.spec.words)")  # fmt: skip
        frame.evaluate(LISTEN)
        return frame

    return opened


def compare(page: Page, frame: Frame, selector: str, value: str | None = None) -> list[Any]:
    """Change a control; return filter and number at once, then as the server says them."""
    *at_once, at = page.evaluate(CHANGE, [selector, value])
    until(frame, f"told.some((one) => one.at === {at}) && atlasLayer.message.at === {at}"
                            " && atlasLayer.evaluated === atlasLayer.message")  # fmt: skip
    return [at_once, frame.evaluate(ANSWER, at)]


def options(page: Page, name: str) -> list[str]:
    """Return the first and the last option of a field, as selectors."""
    every = page.evaluate(
        "(param) => [...document.querySelectorAll(`#filter-form [name=${param}]`)]"
        ".map((node) => `#filter-form [name=${param}][value='${node.value}']`)",
        CODE_FIELDS[name].param,
    )
    return [every[0], every[-1]]


@pytest.mark.parametrize("query", ["", "?q=zeche&near=51.48,7.22,Bochum&radius=20000"])
def test_each_field_of_codes_gives_what_the_server_gives(
    page: Page, listening: Callable[..., Frame], query: str
) -> None:
    frame = listening(query)
    seen = set()
    for name in CODE_FIELDS:
        chosen = options(page, name)[: 1 if query else 2]
        for selector in [*chosen, chosen[0]]:  # the last one back, so that not all becomes nothing
            at_once, answer = compare(page, frame, selector)
            assert at_once == answer, (name, selector)
            seen.add(at_once[0])
    assert len(seen) > len(CODE_FIELDS)  # nearly every click asked something else
    if query:
        assert all('"words"' in text and '"near"' in text for text in seen)


@pytest.mark.parametrize("name", list(RANGE_FIELDS))
def test_each_range_gives_what_the_server_gives(
    page: Page, listening: Callable[..., Frame], name: str
) -> None:
    frame = listening()
    found = {}
    for part in ("min", "max"):
        for value in BOUNDS:
            for _ in range(2):  # with and without what is unknown
                unknown = f"#filter-form [name={name}_unknown]"
                changes = ((f"#filter-form [name={name}_{part}]", value), (unknown, None))
                for selector, given in changes:
                    at_once, answer = compare(page, frame, selector, given)
                    assert at_once == answer, (selector, given)
                    found[at_once[0]] = at_once[1]
    assert len(found) > 12
    assert len(set(found.values())) > 3


def test_the_comparison_notices_a_form_that_becomes_another_filter(
    page: Page, listening: Callable[..., Frame]
) -> None:
    frame = listening()
    page.evaluate(
        """() => { const form = document.getElementById("filter-form");
        const places = JSON.parse(form.dataset.places);
        places.codes.vacancy = ["codes", "stage"];
        form.dataset.places = JSON.stringify(places); }"""
    )
    at_once, answer = compare(page, frame, "#option-vacancy-vacant input")
    assert at_once != answer
    # The server corrects what the map showed too early.
    assert frame.evaluate("Object.keys(atlasLayer.evaluated.spec.codes)") == ["vacancy"]


def test_a_text_and_a_radius_are_not_guessed(page: Page, listening: Callable[..., Frame]) -> None:
    frame = listening("?near=51.48,7.22,Bochum&radius=20000")
    before = frame.evaluate("AtlasMap.canonical(atlasLayer.message.spec)")
    ahead = page.evaluate(
        """() => { const radius = document.querySelector("[name=radius]");
        radius.value = "5000";
        radius.dispatchEvent(new Event("change", { bubbles: true }));
        const { AtlasMap, atlasLayer } =
            document.querySelector("iframe[title*=folium]").contentWindow;
        return AtlasMap.canonical(atlasLayer.message.spec); }"""
    )
    assert ahead == before
    until(frame, "atlasLayer.evaluated.spec.near[2] === 50000")
    page.get_by_label("Suchen", exact=True).fill("zeche")
    page.keyboard.press("Enter")
    until(frame, "atlasLayer.evaluated.spec.words")


def test_quick_clicks_only_ever_add_up(page: Page, listening: Callable[..., Frame]) -> None:
    frame = listening()
    frame.evaluate(
        """() => { window.shown = [];
        window.addEventListener("atlas:painted", () => {
            const { codes } = atlasLayer.evaluated.spec;
            const count = codes ? codes.type_group.length : 0;
            if (shown.at(-1) !== count) shown.push(count);
        }); }"""
    )
    page.evaluate(
        """async () => { for (const box of [...document.querySelectorAll("[name=group]")].slice(0, 6)) {
        box.click(); await new Promise((go) => setTimeout(go, 40)); } }"""  # noqa: E501
    )
    until(frame, "atlasLayer.message.at === atlasLayer.ahead.at")
    expect(page).to_have_url(re.compile("(group=[a-z]+&?){6}"))
    shown = frame.evaluate("shown")  # two clicks between two pictures make one of them
    assert shown == sorted(shown), "an answer took a click back"
    assert shown[-1] == 6
    assert len(shown) > 1


def test_a_late_answer_does_not_undo_a_later_click_but_the_server_leads_in_the_end(
    listening: Callable[..., Frame],
) -> None:
    frame = listening()
    said = frame.evaluate(
        """async () => {
        AtlasMap.Ahead.PATIENCE_MS = 50;
        const spec = (...vacancy) => ({ ...atlasLayer.message.spec, codes: { vacancy } });
        const shown = () => atlasLayer.evaluated.spec.codes.vacancy.join();
        const found = [];
        const now = Date.now() + 1e6;
        AtlasMap.goAhead(() => spec("vacant"), now);
        found.push(shown());
        AtlasMap.receive({ ...atlasLayer.message, spec: spec("in_use"), at: now - 1 });
        found.push(shown());
        AtlasMap.receive({ ...atlasLayer.message, spec: spec("unknown"), at: now });
        found.push(shown());
        AtlasMap.goAhead(() => spec("vacant"), now + 5);
        AtlasMap.receive({ ...atlasLayer.message, spec: spec("in_use"), at: 0 });
        found.push(shown());
        await new Promise((go) => setTimeout(go, 200)); // a server that never heard of it
        found.push(shown());
        return found; }"""
    )
    assert said == ["vacant", "vacant", "unknown", "vacant", "in_use"]

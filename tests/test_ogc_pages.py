"""What people read on the pages of the service: labels, names and percent, no codes."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import httpx
import pytest
from core_fixtures import data_dir, located, row
from starlette.applications import Starlette

from atlas.api import routes
from atlas.i18n import percent
from atlas.settings import Settings

if TYPE_CHECKING:
    from atlas.vocabulary import Language

TOWNS = "/ogc/collections/municipalities"
SPACES = "/ogc/collections/spaces"


class Client:
    """Asks the routes in this process, without a socket."""

    def __init__(self, settings: Settings) -> None:
        self._app = Starlette(routes=routes(settings))

    async def _ask(self, path: str, params: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://atlas:81") as client:
            return await client.get(path, params=params)

    def get(self, path: str, **params: str) -> httpx.Response:
        return asyncio.run(self._ask(path, params))

    def page(self, path: str, **params: str) -> str:
        return self.get(path, f="html", **params).text


@pytest.fixture(scope="module")
def shipped() -> Client:
    return Client(Settings())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """Return a client of two spaces that say a lot."""
    ruin = row("w/a", sectors="art;music", former_use="sociocultural_centre;brewery",
               vacancy="partly_vacant", vacant_share_pct="40", **located(51.45, 7.05))  # fmt: skip
    quarter = row("w/b", kind="creative_quarter", type="quarter", vacancy="not_applicable",
                  observed_on="", programmes="kreativ_quartiere_ruhr", programme_from="2012",
                  programme_status="current", **located(51.46, 7.06))  # fmt: skip
    return Client(data_dir(tmp_path_factory.mktemp("data") / "data", ruin, quarter))


def cells(page: str) -> list[str]:
    """Return the texts of a page's table cells and facts."""
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<(?:td|dd)[^>]*>(.*?)</", page)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_share_is_read_in_percent(shipped: Client, language: Language) -> None:
    towns = shipped.get(f"{TOWNS}/items", limit="53").json()["features"]
    rates = {one["id"]: one["properties"]["vacancy_rate"] for one in towns}
    expected = [percent(rate, language) for rate in rates.values() if rate is not None]
    page = shipped.page(f"{TOWNS}/items", limit="53", lang=language)
    assert len(expected) > 5
    assert [cell for cell in cells(page) if "%" in cell] == expected
    one = shipped.page(f"{TOWNS}/items/{max(rates, key=lambda town: rates[town] or 0)}")
    assert "0–1" not in page + one
    assert len([cell for cell in cells(one) if "%" in cell]) >= 3  # the rate and its bounds


@pytest.mark.parametrize(
    ("language", "expected"),
    [("de", ["Soziokulturelles Zentrum, Brauerei", "40\u00a0%", "Register", "CC BY 4.0", "2012"]),
     ("en", ["Socio-cultural centre, Brewery", "40%", "Registry", "CC BY 4.0", "2012"])],
)  # fmt: skip
def test_a_space_is_told_in_labels(small: Client, language: Language, expected: list[str]) -> None:
    found: set[str] = set()
    for feature in small.get(f"{SPACES}/items").json()["features"]:
        found |= set(cells(small.page(f"{SPACES}/items/{feature['id']}", lang=language)))
    assert [text for text in expected if text not in found] == []
    codes = {"art;music", "kreativ_quartiere_ruhr", "sociocultural_centre;brewery", "wikidata",
             "curated", "CC-BY-4.0"}  # fmt: skip
    assert codes & found == set()


@pytest.mark.parametrize(
    ("kind", "last"),
    [("queryables", "Wonach gefiltert werden kann"), ("schema", "Felder"), ("items", "Einträge")],
)
def test_no_crumb_repeats_the_one_before(shipped: Client, kind: str, last: str) -> None:
    page = shipped.page(f"{SPACES}/{kind}", lang="de")
    [trail] = re.findall(r"<ol.*?</ol>", page, re.DOTALL)
    steps = [re.sub(r"<[^>]+>", "", step) for step in re.findall(r"<li.*?</li>", trail)]
    assert steps == ["OGC API – Features", "Sammlungen", "Räume", last]

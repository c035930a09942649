"""Pages and routes over a database: the table is shown, an outage is told, and is over."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest
from app_fixtures import listed, open_app, panels, problems, text
from core_fixtures import EDGE_ROWS, located, row, write_csv
from starlette.applications import Starlette

from atlas.api import routes
from atlas.database import shelf
from atlas.ui import state


@pytest.fixture
def office(shared, built, monkeypatch):
    """Return settings whose table is in the database; pages use them."""
    built(shared)
    monkeypatch.setenv("ATLAS_DATA_DIR", str(shared.data_dir))
    monkeypatch.setenv("ATLAS_DATABASE_URL", shared.database_url.get_secret_value())
    monkeypatch.setattr(shelf, "_REST_S", 0.1)
    state.settings.clear()
    yield shared
    state.settings.clear()


def health(settings) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=routes(settings)))
        async with httpx.AsyncClient(transport=transport, base_url="http://atlas") as client:
            return await client.get("/atlas/health")

    return asyncio.run(ask())


@pytest.mark.parametrize("page", ["map", "data"])
def test_a_page_shows_the_table_of_the_database(office, page):
    app = open_app(page, {"q": ["kaufhaus"], "near": ["51.45,7.05"]})
    assert problems(app) == []
    assert health(office).json()["spaces"] == len(EDGE_ROWS)


def test_an_outage_is_told_in_the_language_of_the_page_and_is_over(office, cluster):
    app = open_app("map", {"lang": ["en"]})
    assert problems(app) == []
    cluster.stop()
    try:
        app.run()
        told = text(panels(app)["error"])
        assert "the database does not answer" in told
        assert "without a restart" in told
        assert "geheim" not in str(panels(app))
        answer = health(office)
        assert answer.status_code == 503
        assert "geheim" not in answer.text
    finally:
        cluster.start()
    time.sleep(0.2)
    app.run()
    assert problems(app) == []
    assert health(office).status_code == 200


def test_a_new_table_is_on_the_page_at_the_next_click(office, built):
    app = open_app("map")
    assert len(listed(app)) == len(EDGE_ROWS)
    new = row("w/neu", name="Neue Halle", **located(51.45, 7.05))
    write_csv(office.data_dir / "spaces.csv", *EDGE_ROWS, new)
    built(office)
    app.run()
    assert "Neue Halle" in str(listed(app))

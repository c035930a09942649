"""Addresses of the pages: the map's from any other's, and one for each page."""

from __future__ import annotations

import pytest

from atlas.ui import address
from tests.app_fixtures import PAGES


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8501", "http://localhost:8501/"),
        ("http://localhost:8501/?space=1#top", "http://localhost:8501/"),
        ("http://localhost:8501/orte?space=1", "http://localhost:8501/"),
        ("https://ruhr.example/atlas/profil/", "https://ruhr.example/atlas/"),
        ("https://ruhr.example/atlas", "https://ruhr.example/atlas/"),
        ("https://ruhr.example/vororte", "https://ruhr.example/vororte/"),
        ("", "/"),
    ],
)
def test_the_map_page_is_found_from_any_page(url: str, expected: str) -> None:
    assert address.map_page(url) == expected


def test_every_page_but_the_map_has_an_address_of_its_own() -> None:
    assert set(address.PATHS) == set(PAGES) - {"map"}
    assert len(set(address.PATHS.values())) == len(address.PATHS)

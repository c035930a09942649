"""The radius search: what it says about the places that it offers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from atlas.gazetteer import Gazetteer
from atlas.ui.components import near
from atlas.ui.words import Words

DATA = Path(__file__).resolve().parent.parent / "data" / "geo"
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def ruhr() -> Gazetteer:
    return Gazetteer.load(DATA)


def said(ruhr: Gazetteer, text: str, language: str = "de") -> str:
    """Return the words of the suggestions for ``text``."""
    html = near._suggestions(ruhr.search(text, limit=6), text, Words(language))
    return " ".join(TAG.sub(" ", str(html)).split())


def test_names_that_are_only_alike_are_not_said_to_lie_around(ruhr: Gazetteer) -> None:
    assert said(ruhr, "Kettwiger Straße 20, Essen") == (
        "2 Vorschläge „Kettwiger Straße 20“ steht nicht im Verzeichnis. "
        "Ähnliche Namen: Kettwiger Markt, Essen Haltestelle In der Umgebung: Essen Gemeinde"
    )
    assert said(ruhr, "Rüttenscheider Straße").startswith(
        "2 Vorschläge „Rüttenscheider Straße“ steht nicht im Verzeichnis. "
        "Ähnliche Namen: Rüttenscheider Markt, Essen Haltestelle"
    )
    assert "Similar names: Kettwiger Markt" in said(ruhr, "Kettwiger Straße 20, Essen", "en")


def test_a_town_around_an_unknown_street_is_no_similar_name(ruhr: Gazetteer) -> None:
    assert said(ruhr, "Unbekannter Weg 5, Bottrop") == (
        "1 Vorschlag „Unbekannter Weg 5“ steht nicht im Verzeichnis. "
        "In der Umgebung: Bottrop Gemeinde"
    )


def test_a_place_that_is_found_needs_no_title(ruhr: Gazetteer) -> None:
    for text in ("Essen Hbf", "447", "Duisburg Marxloh"):
        assert ":" not in said(ruhr, text)


def test_every_button_picks_the_place_it_names(ruhr: Gazetteer) -> None:
    text = "Rüttenscheider Str. 5, 45130 Essen"
    places = ruhr.search(text, limit=6)
    html = str(near._suggestions(places, text, Words("de")))
    buttons = re.findall(r"<button[^>]*data-value=\"(\d+)\"[^>]*><span>([^<]*)", html)
    assert [(int(index), name) for index, name in buttons] == [
        (index, near._title(place)) for index, place in enumerate(places)
    ]

"""The colours hold what they promise: contrast, distance under colour-vision deficiency, order."""

from __future__ import annotations

import dataclasses
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from coloraide import Color

from atlas.vocabulary import VACANCY, VACANCY_SCALE
from atlas.webmap.palette import MIN_CONTRAST, MIN_DISTANCE, PALETTES, Palette

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGHTS = ("normal", "protan", "deutan", "tritan")
EVERY_PALETTE = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())


def contrasts(palette: Palette) -> Iterator[tuple[str, str, float]]:
    for code, colour in palette.vacancy.items():
        for ground in palette.grounds:
            yield code, ground, Color(colour).contrast(Color(ground), method="wcag21")


def distances(palette: Palette) -> Iterator[tuple[str, str, str, float]]:
    for sight in SIGHTS:
        seen = {code: as_seen(colour, sight) for code, colour in palette.vacancy.items()}
        for one, other in combinations(seen, 2):
            yield sight, one, other, seen[one].delta_e(seen[other], method="2000")


def as_seen(colour: str, sight: str) -> Color:
    return Color(colour) if sight == "normal" else Color(colour).filter(sight)


def too_weak(palette: Palette) -> list[tuple[str, str, float]]:
    return [found for found in contrasts(palette) if found[2] < MIN_CONTRAST]


def too_close(palette: Palette) -> list[tuple[str, str, str, float]]:
    return [found for found in distances(palette) if found[3] < MIN_DISTANCE]


def lightness(palette: Palette) -> list[float]:
    return [Color(palette.vacancy[code]).convert("lch")["lightness"] for code in VACANCY_SCALE]


@EVERY_PALETTE
def test_every_vacancy_has_a_colour(palette: Palette) -> None:
    assert list(palette.vacancy) == list(VACANCY)


@EVERY_PALETTE
def test_symbols_stand_out_from_land_water_and_built_up_areas(palette: Palette) -> None:
    assert too_weak(palette) == []


@EVERY_PALETTE
def test_colours_differ_for_every_colour_vision(palette: Palette) -> None:
    assert too_close(palette) == []


@EVERY_PALETTE
def test_the_scale_grows_lighter_step_by_step(palette: Palette) -> None:
    assert all(later - earlier > 4 for earlier, later in pairwise(lightness(palette)))


@EVERY_PALETTE
def test_names_on_the_map_are_readable(palette: Palette) -> None:
    for ground in palette.grounds[:3]:
        assert Color(palette.label).contrast(Color(ground), method="wcag21") >= 4.5


@EVERY_PALETTE
def test_the_letter_in_a_symbol_is_readable(palette: Palette) -> None:
    for colour in palette.vacancy.values():
        assert Color(palette.ink).contrast(Color(colour), method="wcag21") >= MIN_CONTRAST


def test_a_traffic_light_is_found_to_be_a_bad_palette() -> None:
    bad = dataclasses.replace(
        PALETTES["light"],
        vacancy={**PALETTES["light"].vacancy, "in_use": "#2e9e3f", "vacant": "#d9534f",
                 "interim_use": "#f7d774"},
    )  # fmt: skip
    assert too_weak(bad)
    assert too_close(bad)
    assert not all(later > earlier for earlier, later in pairwise(lightness(bad)))

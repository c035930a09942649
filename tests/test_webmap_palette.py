"""The colours hold what they promise: contrast, distance under colour-vision deficiency, order."""

from __future__ import annotations

import dataclasses
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from coloraide import Color

from atlas.palette import AREAS, PALE, AreaPalette
from atlas.vocabulary import VACANCY, VACANCY_SCALE
from atlas.webmap.palette import MIN_CONTRAST, MIN_DISTANCE, PALETTES, Palette

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


EVERY_THEME = pytest.mark.parametrize("theme", AREAS)


def scales(areas: AreaPalette) -> dict[str, Mapping[str, str]]:
    steps = {str(step): colour for step, colour in enumerate(areas.steps)}
    return {
        "hotspot": areas.hotspot,
        "cluster": areas.cluster,
        "energy": areas.energy,
        "steps": steps | {"no_data": areas.no_data},
    }


def areas_too_close(areas: AreaPalette) -> list[tuple[str, str, str, str, float]]:
    return [
        (name, sight, one, other, distance)
        for name, scale in scales(areas).items()
        for sight in SIGHTS
        for one, other in combinations(scale, 2)
        if (distance := as_seen(scale[one], sight).delta_e(as_seen(scale[other], sight),
                                                          method="2000")) < MIN_DISTANCE
    ]  # fmt: skip


def found_too_weak(areas: AreaPalette, ground: Palette) -> list[tuple[str, str]]:
    return [
        (name, code)
        for name in ("hotspot", "cluster", "energy")
        for code, colour in scales(areas)[name].items()
        for below in ground.grounds
        if code not in PALE and Color(colour).contrast(Color(below), method="wcag21") < MIN_CONTRAST
    ]


@EVERY_THEME
def test_classes_of_areas_differ_for_every_colour_vision(theme: str) -> None:
    assert areas_too_close(AREAS[theme]) == []


@EVERY_THEME
def test_what_was_found_stands_out_from_the_ground(theme: str) -> None:
    assert found_too_weak(AREAS[theme], PALETTES[theme]) == []


@EVERY_THEME
def test_what_was_not_found_is_paler_than_what_was(theme: str) -> None:
    land = Color(PALETTES[theme].land)
    for scale in (AREAS[theme].hotspot, AREAS[theme].cluster, AREAS[theme].energy):
        contrast = {code: Color(c).contrast(land, method="wcag21") for code, c in scale.items()}
        pale = [contrast[code] for code in scale if code in PALE]
        assert max(pale) < min(contrast[code] for code in scale if code not in PALE)


@EVERY_THEME
def test_the_steps_of_a_figure_lead_away_from_the_ground(theme: str) -> None:
    light = [Color(colour).convert("lch")["lightness"] for colour in AREAS[theme].steps]
    ordered = sorted(light, reverse=theme == "light")
    assert light == ordered
    assert all(abs(later - earlier) > 8 for earlier, later in pairwise(light))


def test_red_and_green_areas_are_found_to_be_a_bad_palette() -> None:
    bad = dataclasses.replace(
        AREAS["light"],
        hotspot={"hot": "#c9504a", "cold": "#6f9450", "none": "#cdc7ba", "not_tested": "#d0cabd"},
    )
    assert {name for name, *_ in areas_too_close(bad)} == {"hotspot"}
    pale = dataclasses.replace(AREAS["light"], energy={"room_near_energy": "#e8c9e0"})
    assert found_too_weak(pale, PALETTES["light"])

"""Figures: numbers as people write them, hatching, scale, hostile names, no request."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations
from typing import Any

import altair as alt
import geopandas as gpd
import pytest
import shapely
from coloraide import Color

from atlas.errors import ConfigError, CrsError
from atlas.figures import SERIES, area_map, noted, themed, to_png, to_svg
from atlas.figures.library import library
from atlas.figures.theme import MUTED, PAPER

HOSTILE = "<script>alert('x')</script>&"
COLOURS = {"hot": "#b8135c", "cold": "#4a6fd0", "none": "#e3e0d9"}


def bars(language: str = "de", name: str = "Zeche") -> alt.TopLevelMixin:
    rows = alt.Data(values=[{"name": name, "value": 12345.5}, {"name": "Halle", "value": -4000}])
    chart = alt.Chart(rows, title="Orte").mark_bar().encode(
        x=alt.X("value:Q", axis=alt.Axis(format=",.1f")), y="name:N"
    )  # fmt: skip
    return themed(chart, language)


def towns(*codes: str, crs: str = "EPSG:25832") -> gpd.GeoDataFrame:
    """Return squares of 10 km in a row, one per class."""
    squares = [shapely.box(x, 5_700_000, x + 10_000, 5_710_000)
               for x in range(350_000, 350_000 + 10_000 * len(codes), 10_000)]  # fmt: skip
    return gpd.GeoDataFrame({"code": list(codes)}, geometry=squares, crs=crs)


def mapped(*codes: str, **options: Any) -> str:
    chart = area_map(
        towns(*codes), column="code", domain=list(COLOURS), colours=COLOURS,
        **{"language": "de", "title": "Hotspots", **options},
    )  # fmt: skip
    return to_svg(themed(noted(chart, ["Quelle: RVR", "Stand 22.11.2026"]), "de"))


def texts(svg: str) -> list[str]:
    return re.findall(r">([^<]+)</(?:text|tspan)>", svg)


@pytest.mark.parametrize(
    ("language", "shown"), [("de", ["10.000,0", "−4.000,0"]), ("en", ["10,000.0", "−4,000.0"])]
)
def test_numbers_are_written_in_the_language(language: str, shown: list[str]) -> None:
    assert set(shown) <= set(texts(to_svg(bars(language))))


def test_a_png_has_the_asked_scale() -> None:
    def size(picture: bytes) -> tuple[int, int]:
        assert picture.startswith(b"\x89PNG")
        return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")

    once, twice = size(to_png(bars(), scale=1)), size(to_png(bars()))
    assert [2 * side for side in once] == pytest.approx(list(twice), abs=2)


def test_a_hostile_name_is_text() -> None:
    svg = to_svg(bars(name=HOSTILE))
    assert "<script" not in svg
    assert "&lt;script" in svg


def test_the_map_shows_each_class_with_its_colour_its_text_and_the_notes() -> None:
    svg = mapped("hot", "none", "hot", labels={"hot": "Hotspot", "cold": HOSTILE})
    assert svg.count(f'fill="{COLOURS["hot"]}"') == 2 + 1  # areas and legend
    assert svg.count(f'fill="{COLOURS["cold"]}"') == 1
    assert {"Hotspots", "Hotspot", "none", "Quelle: RVR", "Stand 22.11.2026"} <= set(texts(svg))
    assert "<script" not in svg


def hatching(svg: str) -> int:
    """Return how much is said of lines that are one pixel wide: the hatching of the areas."""
    paths = re.findall(r'<path[^>]* stroke-width="1"[^>]*>', svg)
    return sum(len(path) for path in paths)


def test_hatching_is_drawn_in_the_areas_of_its_class_only() -> None:
    assert hatching(mapped("hot", "cold")) == 0
    assert hatching(mapped("hot", "cold", patterns={"cold": "cross"})) > 1000
    assert hatching(mapped("hot", "none", patterns={"cold": "cross"})) == 0


def test_faint_hatching_is_grey_and_hatching_shows_on_its_fill() -> None:
    lines = mapped("hot", "cold", patterns={"hot": "level", "cold": "lines"}, faint=["cold"])
    assert 'stroke="#ffffff" stroke-width="1"' in lines  # on dark red
    assert 'stroke="#8b8678" stroke-width="0.5"' in lines


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    svg = mapped("hot", "cold", "none", "hot")
    assert any(text.startswith("10 km") for text in texts(svg))
    bar = re.search(r'd="M(?P<left>[-\d.]+),[-\d.]+L[^"]*L(?P<right>[\d.]+),[-\d.]+"[^>]*'
                    r'stroke-width="1.5"', svg)  # fmt: skip
    assert bar
    area = re.search(r'd="M([-\d.]+),[-\d.]+L([-\d.]+),[-\d.]+L([-\d.]+)[^"]*"[^>]*fill="#b8135c"',
                     svg)  # fmt: skip
    assert area
    xs = [float(x) for x in area.groups()]
    side = max(xs) - min(xs)
    assert float(bar["right"]) - float(bar["left"]) == pytest.approx(side, abs=0.5)


def test_another_crs_is_refused() -> None:
    areas = towns("hot", crs="EPSG:4326")
    with pytest.raises(CrsError):
        area_map(areas, column="code", domain=["hot"], colours=COLOURS, language="de")


def test_a_chart_cannot_fetch_anything() -> None:
    chart = alt.Chart("http://127.0.0.1:9/data.json").mark_point().encode(x="a:Q")
    with pytest.raises(ValueError, match=r"(?i)denied|not allowed|allowed base url"):
        to_svg(themed(chart, "de"))


def test_series_and_notes_are_readable_in_a_grey_print() -> None:
    light = [Color(colour).convert("lch")["lightness"] for colour in SERIES]
    assert all(Color(c).contrast(Color(PAPER), method="wcag21") >= 3 for c in (*SERIES, MUTED))
    # The last two are alike in grey and differ in shape where both are used.
    assert all(abs(one - other) > 9 for one, other in combinations(light[:3], 2))


def test_a_missing_extra_is_named() -> None:
    with pytest.raises(ConfigError) as raised:
        library("altair_that_is_not_installed")
    assert "raumatlas-ruhr[analysis]" in raised.value.hint


def test_the_libraries_come_with_the_first_figure_only() -> None:
    script = "import sys, atlas.figures\nprint({'altair', 'vl_convert'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert done.stdout.strip() == "set()"

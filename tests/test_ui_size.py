"""The size of a space in list and table: the whole, or from its smallest part to the whole."""

from __future__ import annotations

import pytest

from atlas.ui.components.result_list import size
from atlas.ui.words import Words

NO = float("nan")


@pytest.mark.parametrize(
    ("least", "whole", "german", "english"),
    [
        (80, 500, "80–500 m²", "80–500 m²"),
        (1200, 24_000, "1.200–24.000 m²", "1,200–24,000 m²"),
        (500, 500, "500 m²", "500 m²"),
        (NO, 1500, "1.500 m²", "1,500 m²"),
        (80, NO, "ab 80 m²", "from 80 m²"),
        (NO, NO, "", ""),
    ],
)
def test_the_size_runs_from_the_smallest_part_to_the_whole(
    least: float, whole: float, german: str, english: str
) -> None:
    row = {"area_min_m2": least, "area_m2": whole}
    assert size(row, Words("de")) == german
    assert size(row, Words("en")) == english

"""Classes of a choropleth: breaks of the whole table, ties, few figures, none."""

from __future__ import annotations

import math
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.classes import NO_DATA, Classes, classes

FIGURES = st.lists(st.sampled_from([math.nan, 0.0, 0.5, 1.0, 2.0, 3.5, 7.0, 80.0]), max_size=60)


def test_each_class_holds_about_as_many_areas() -> None:
    values = pd.Series(np.arange(50.0) ** 3)
    found = classes(values)
    assert found.of(values).value_counts().to_dict() == dict.fromkeys(range(5), 10)
    assert found.lower[0] == 0
    assert found.upper[-1] == 49**3


def test_few_distinct_figures_are_a_class_each() -> None:
    values = pd.Series([1.0, 0.0, 1.0, 2.5])
    assert classes(values) == Classes((0.0, 1.0, 2.5), (0.0, 1.0, 2.5))
    assert list(classes(values).of(values)) == [1, 0, 1, 2]


def test_many_equal_figures_stay_in_one_class() -> None:
    values = pd.Series([0.0] * 40 + [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    found = classes(values)
    assert (found.of(values)[:40] == 0).all()
    assert found.count < 5
    assert found.upper[0] == 0


def test_no_figure_is_a_class_of_its_own_and_moves_no_break() -> None:
    values = pd.Series([1.0, 2.0, math.nan, 3.0], index=["a", "b", "c", "d"])
    found = classes(values)
    assert found.of(values).to_dict() == {"a": 0, "b": 1, "c": NO_DATA, "d": 2}
    assert found == classes(values.dropna())
    nothing = pd.Series([math.nan, math.nan])
    assert classes(nothing) == Classes((), ())
    assert list(classes(nothing).of(nothing)) == [NO_DATA, NO_DATA]
    assert list(classes(nothing).of(pd.Series([1.0]))) == [NO_DATA]


def test_a_selection_keeps_the_class_that_the_whole_table_gives() -> None:
    values = pd.Series(np.arange(100.0))
    found = classes(values)
    chosen = values[90:]
    assert list(found.of(chosen)) == list(found.of(values)[90:])
    # the mistake that this is about: breaks of the selection give other classes
    assert list(classes(chosen).of(chosen)) != list(found.of(chosen))


def test_figures_outside_the_breaks_fall_into_the_nearest_class() -> None:
    found = classes(pd.Series([1.0, 2.0, 3.0]))
    assert list(found.of(pd.Series([-5.0, 1.5, 99.0]))) == [0, 1, 2]


@given(FIGURES, st.integers(1, 6))
def test_classes_are_ordered_cover_every_figure_and_ignore_the_order(
    figures: list[float], k: int
) -> None:
    values = pd.Series(figures, dtype=float)
    found = classes(values, k=k)
    assert found.count <= k
    assert all(low <= high for low, high in zip(found.lower, found.upper, strict=True))
    assert all(a < b for a, b in zip(found.upper, found.lower[1:], strict=False))
    numbers = found.of(values)
    assert ((numbers == NO_DATA) == values.isna()).all()
    for number in range(found.count):
        members = values[numbers == number]
        assert (members.min(), members.max()) == (found.lower[number], found.upper[number])
    shuffled = figures.copy()
    random.Random(0).shuffle(shuffled)  # noqa: S311 - any order will do
    assert classes(pd.Series(shuffled, dtype=float), k=k) == found


def test_a_whole_number_column_with_gaps_is_taken_too() -> None:
    values = pd.Series([1, None, 3], dtype="Int64")
    assert list(classes(values).of(values)) == pytest.approx([0, NO_DATA, 1])

"""Somebody who goes back is told from a link that is merely late."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from atlas.ui import history

if TYPE_CHECKING:
    from collections.abc import Callable

Params = dict[str, list[str]]


def link(step: int) -> Params:
    return {"space": [f"s{step}"]}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return how to let time pass; a session begins, without Streamlit around it."""
    now = [100.0]
    session = SimpleNamespace(session_state={}, context=SimpleNamespace(url="http://x/"))
    monkeypatch.setattr(history, "st", session)
    monkeypatch.setattr(history, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def step_to(*steps: int) -> None:
    for step in steps:
        history.acted()
        history.wrote(link(step))


@pytest.mark.parametrize("late", [1, 2, 3, 4])
def test_after_quick_steps_no_earlier_link_is_a_way_back(
    clock: Callable[[float], None], late: int
) -> None:
    """A run without a click of ours carries what the browser knew when it asked."""
    for step in range(1, 6):
        clock(0.1)
        step_to(step)
    assert not history.went_back(link(late))
    assert history.went_back({"space": ["never shown here"]})  # the companion


def test_a_moment_later_it_is(clock: Callable[[float], None]) -> None:
    step_to(1, 2)
    clock(1.5)
    assert not history.went_back(link(2))
    assert history.went_back(link(1))


def test_show_mode_gives_a_weak_laptop_more_time(clock: Callable[[float], None]) -> None:
    step_to(1, 2)
    history.st.session_state["show"] = True
    clock(1.5)
    assert not history.went_back(link(1))
    clock(5)
    assert history.went_back(link(1))


def test_a_click_of_ours_is_no_way_back(clock: Callable[[float], None]) -> None:
    step_to(1, 2)
    clock(10)
    history.acted()
    assert not history.went_back(link(1))

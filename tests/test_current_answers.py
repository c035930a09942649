"""Answers of a snapshot: shared, computed once also by sessions that ask at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from atlas.current import Snapshot, current
from atlas.settings import Settings
from tests.core_fixtures import EDGE_ROWS, data_dir

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def now(tmp_path: Path) -> Snapshot:
    folder = data_dir(tmp_path / "data", *EDGE_ROWS).data_dir
    return Snapshot(current(Settings(data_dir=folder)).snapshot().atlas)


class Counted:
    """Answers after everybody who may ask at once has had the time to ask."""

    def __init__(self, wait: float = 0.2) -> None:
        self.wait = wait
        self.times = 0
        self.begun = threading.Event()

    def __call__(self) -> object:
        self.times += 1
        self.begun.set()
        threading.Event().wait(self.wait)
        return object()


def test_sessions_that_ask_the_same_at_once_wait_for_one_answer(now: Snapshot) -> None:
    make = Counted()
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: now.answer(("hotspots", 7), make), range(6)))
    assert make.times == 1
    assert len({id(answer) for answer in found}) == 1
    assert not now._asked


def test_another_question_does_not_wait(now: Snapshot) -> None:
    slow = Counted(wait=5)
    with ThreadPoolExecutor(2) as pool:
        pool.submit(now.answer, "slow", slow)
        slow.begun.wait(5)
        assert now.answer("quick", lambda: "at once") == "at once"
        assert "slow" not in now._answers
        slow.wait = 0


def test_a_question_within_a_question_is_answered(now: Snapshot) -> None:
    assert now.answer("outer", lambda: now.answer("inner", lambda: 1) + 1) == 2


def test_who_waited_for_somebody_who_failed_computes_for_himself(now: Snapshot) -> None:
    begun = threading.Event()

    def fail() -> object:
        begun.set()
        threading.Event().wait(0.2)
        raise RuntimeError("closed")

    with ThreadPoolExecutor(2) as pool:
        failing = pool.submit(now.answer, "question", fail)
        begun.wait(5)
        assert now.answer("question", lambda: "answer") == "answer"
        with pytest.raises(RuntimeError, match="closed"):
            failing.result()
    assert now.answer("question", fail) == "answer"

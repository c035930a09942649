"""A build on the terminal: the step, a bar where its length is known, and the rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from atlas.cli.console import console

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.progress import Task, TaskID
    from rich.text import Text


class Bars:
    """
    Shows every step of a build, on the stream for errors.

    Use as a context manager.
    """

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            _Rate(), TimeElapsedColumn(), console=console(stderr=True),
        )  # fmt: skip
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()
        self._progress.stop()

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step; the one before is over."""
        self._end()
        self._task = self._progress.add_task(name, total=total)

    def advance(self, units: int) -> None:
        """Move the bar of the step."""
        if self._task is not None:
            self._progress.advance(self._task, units)

    def _end(self) -> None:
        if self._task is None:
            return
        task = self._progress.tasks[-1]
        done = task.total or task.completed or 1  # a step that is over is whole
        self._progress.update(self._task, total=done, completed=done)
        self._progress.stop_task(self._task)


class _Rate(TextColumn):
    """Units per second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        """Return the rate of ``task``."""
        speed = task.finished_speed or task.speed
        text = "" if not speed else f"{speed:,.0f}/s"
        return super().render(task).append(text)

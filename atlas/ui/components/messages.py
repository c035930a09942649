"""Errors in one place: a sentence and the next step."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from atlas.errors import AtlasError, SchemaError
from atlas.ui import state
from atlas.ui.markup import Html, button, el, icon, join
from atlas.ui.panel import panel
from atlas.ui.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def boundary() -> Iterator[None]:
    """Show an :class:`AtlasError` to people; everything else is a bug and stays visible."""
    try:
        yield
    except AtlasError as error:
        show(error)


def show(error: AtlasError) -> None:
    """Draw the designed error state."""
    say = Words(state.language())
    html = el(
        "section",
        el("h1", icon("error"), say("Das hat nicht geklappt"), class_="ra-title"),
        el("p", error.localized(say), class_="ra-lead"),
        _problems(error, say),
        button(join([icon("refresh"), say("Noch einmal versuchen")]), "retry", kind="primary"),
        class_="ra-error", role="alert",
    )  # fmt: skip
    panel("error", html, on_event=lambda _name, _value: None)


def _problems(error: AtlasError, say: Words) -> Html | None:
    if not isinstance(error, SchemaError) or error.failure_cases.empty:
        return None
    count = len(error.failure_cases)
    return el("p", say.count("{n} Verstoß in der Tabelle.", "{n} Verstöße in der Tabelle.", count))

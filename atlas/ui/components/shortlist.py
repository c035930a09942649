"""The shortlist: it lives in the link (``pick``), nowhere else."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from atlas.i18n import marked as _
from atlas.ui import state
from atlas.ui.components import downloads
from atlas.ui.markup import Html, button, el, icon, join

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.ui.words import Words


def event(name: str, value: str) -> None:
    """Act on a click that changes the shortlist (a callback)."""
    asked = state.filters()
    if name == "pick" and value not in asked.shortlist:
        state.set_filters(
            dataclasses.replace(asked, shortlist=(*asked.shortlist, value)), fit=False
        )
    elif name == "unpick":
        _set(tuple(key for key in asked.shortlist if key != value),
             undo=_("Von der Merkliste entfernt."))  # fmt: skip
    elif name == "unpick_all":
        _set((), undo=_("Merkliste geleert."))
    elif name == "picked":
        state.set_filters(dataclasses.replace(asked, only_shortlist=not asked.only_shortlist))


def _set(keys: tuple[str, ...], *, undo: str) -> None:
    asked = state.filters()
    only = asked.only_shortlist and bool(keys)
    state.set_filters(
        dataclasses.replace(asked, shortlist=keys, only_shortlist=only), undo=undo, fit=False
    )


def star_label(say: Words, *, picked: bool) -> str:
    """Return what the button of a space does."""
    return say("Von der Merkliste nehmen") if picked else say("Auf die Merkliste")


def star(row: Any, say: Words, *, picked: bool, wide: bool = False) -> Html:  # noqa: ANN401 (a row)
    """Return the button that puts a space on the shortlist or takes it off."""
    text = star_label(say, picked=picked)
    return el(
        "button",
        icon("bookmark_added" if picked else "bookmark_add"),
        el("span", text) if wide else None,
        type="button",
        class_="ra-button ra-button-plain" if wide else "ra-icon-button",
        data_event="unpick" if picked else "pick",
        data_value=row["space_id"],
        aria_pressed=str(picked).lower(),
        aria_label=f"{text}: {row['name']}",
    )


def tools(view: View, say: Words) -> Html | None:
    """Return what can be done with the shortlist while it is shown alone."""
    if not view.filters.only_shortlist:
        return None
    return el(
        "div",
        el("p", say("Die Merkliste steht im Link: Wer ihn bekommt, sieht dieselben Orte."),
           class_="ra-muted"),
        downloads.links(view, say),
        button(join([icon("delete"), say("Merkliste leeren")]), "unpick_all", kind="link"),
        class_="ra-shortlist",
    )  # fmt: skip

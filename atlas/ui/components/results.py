"""The result: a sentence, the active filters as chips, and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.i18n import marked as _
from atlas.query import CODE_FIELDS, RANGE_FIELDS, Filters
from atlas.ui import state
from atlas.ui.components import shortlist
from atlas.ui.components.labels import FIELD_TITLES, option_label, range_label
from atlas.ui.components.notices import notices
from atlas.ui.markup import Html, button, el, icon, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.ui.view import View
    from atlas.ui.words import Words

PAGE_SIZE: Final = 40


def event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    """Act on a click in the result (a callback)."""
    if name == "open":
        state.put(space=str(value), focus=str(value), opened=str(value))
    elif name == "drop":
        _drop(*str(value).split(":", 1))
    elif name == "reset":
        kept = Filters(shortlist=state.filters().shortlist)
        state.set_filters(kept, undo=_("Filter zurückgesetzt."))
    elif name == "relax":
        _relax(str(value).split(","))
    elif name == "sort" and value in state.SORTS:
        state.put(sort=value, shown=0)
    elif name == "more":
        state.put(shown=state.recall("shown", 0) + PAGE_SIZE)
    elif name == "undo":
        state.undo()
    elif name == "show":
        state.put(show=True)
    else:
        shortlist.event(name, str(value))


def _drop(field: str, code: str = "") -> None:
    asked = state.filters()
    if code and field in asked.active_fields and field in CODE_FIELDS:
        params = asked.to_params()
        param = CODE_FIELDS[field].param
        asked = Filters.from_params({**params, param: [c for c in params[param] if c != code]})
    elif field in asked.active_fields:
        asked = asked.without(field)
    state.set_filters(asked)


def _relax(fields: list[str]) -> None:
    asked = state.filters()
    for field in fields:
        if field in asked.active_fields:
            asked = asked.without(field)
    state.set_filters(asked)


def unplaced(view: View) -> int:
    """Return how many rows of the result have no coordinate."""
    return int(view.atlas.spaces["x"].iloc[view.rows].isna().sum())


def summary(view: View, say: Words, *, live: bool = False) -> None:
    """
    Draw the sentence, the chips and what can be undone.

    Parameters
    ----------
    live
        Whether a change of the sentence is read aloud; beside the map it is the
        map that says it.
    """
    text = say.result(len(view.rows), len(view.atlas.spaces), unplaced(view))
    head = el(
        "div",
        el("h1", text, class_="ra-result", aria_live="polite" if live else None),
        el("div", *_actions(view, say), class_="ra-actions"),
        class_="ra-head",
    )
    parts = [head, _undo(say), notices(view, say), chips(view, say)]
    panel("summary", join(parts), on_event=event,
          setup={"keys": {"p": "show"}})  # fmt: skip


def _actions(view: View, say: Words) -> list[Html]:
    count = len(view.filters.shortlist)
    listed = button(
        join([icon("bookmarks"), say.count("Merkliste: {n} Ort", "Merkliste: {n} Orte", count)]),
        "picked", kind="quiet", aria_pressed=str(view.filters.only_shortlist).lower(),
    ) if count else None  # fmt: skip
    return [
        item for item in (
            listed,
            button(join([icon("link"), el("span", say("Link kopieren"), data_note=True)]), "copied",
                   kind="quiet", data_copy="", data_done=say("Link kopiert")),
            button(join([icon("slideshow"), say("Vorführen")]), "show", kind="quiet",
                   aria_keyshortcuts="p", title=say("Taste P")),
        ) if item is not None
    ]  # fmt: skip


def _undo(say: Words) -> Html | None:
    kept = state.recall("undo")
    if not kept or not kept[0]:
        return None
    return el(
        "div", el("span", say(kept[0])), button(say("Rückgängig"), "undo", kind="link"),
        class_="ra-undo", role="status",
    )  # fmt: skip


def chips(view: View, say: Words, *, reset: bool = True) -> Html | None:
    """Return the active filters, each with a button that removes it."""
    drawn = [chip for field in view.filters.active_fields for chip in _chips(field, view, say)]
    if not drawn:
        return None
    end = [el("li", button(say("Zurücksetzen"), "reset", kind="link"))] if reset else []
    return el("ul", *(el("li", chip) for chip in drawn), *end, class_="ra-chips",
              aria_label=say("Aktive Filter"))  # fmt: skip


def _chips(field: str, view: View, say: Words) -> list[Html]:
    title = say(FIELD_TITLES[field])
    asked = view.filters
    if field in CODE_FIELDS:
        labels = {
            f"{field}:{code}": option_label(field, code, atlas=view.atlas, say=say)
            for code in sorted(asked.codes(field))
        }
        return [_chip(key, title, label, say) for key, label in labels.items()]
    if field in RANGE_FIELDS:
        return [_chip(field, title, f"{title}: {range_label(asked, field, say)}", say)]
    if field == "text":
        return [_chip(field, title, f"„{asked.text}“", say)]
    if field == "near" and asked.near is not None:
        text = f"{say.distance(asked.near.radius_m)}: {asked.near.label or title}"
        return [_chip(field, title, text, say)]
    return [_chip(field, title, title, say)]


def _chip(key: str, title: str, label: str, say: Words) -> Html:
    return el(
        "button", el("span", label), icon("close"), type="button", class_="ra-chip",
        data_event="drop", data_value=key, title=title,
        aria_label=say("{label} entfernen", label=label),
    )  # fmt: skip

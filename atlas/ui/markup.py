"""
HTML from Python: every text is escaped unless it is :class:`Html` already.

The only way to make an :class:`Html` is :func:`el` and its friends, so a name from
outside cannot become markup by being forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from atlas.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID: Final = frozenset({"input", "br", "hr", "img", "link", "path", "circle", "wbr"})


class Html(str):
    """Markup that is safe to insert."""

    __slots__ = ()


Child = Html | str | int | None


def join(children: Iterable[Child], separator: str = "") -> Html:
    """Join children, escaping all that are not markup; ``None`` is skipped."""
    parts = [
        child if isinstance(child, Html) else escape(str(child))
        for child in children
        if child is not None
    ]
    return Html(escape(separator).join(parts))


def _attributes(attributes: dict[str, object]) -> str:
    """Render attributes: ``class_`` and ``data_event`` spell class and data-event."""
    rendered = []
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        rendered.append(f" {key}" if value is True else f' {key}="{escape(str(value))}"')
    return "".join(rendered)


def el(tag: str, *children: Child, **attributes: object) -> Html:
    """
    Build an element.

    Parameters
    ----------
    tag
        Name of the element.
    children
        Texts (escaped) and markup (kept).
    attributes
        ``False`` and ``None`` leave an attribute out, ``True`` gives a bare one;
        a trailing underscore is dropped, inner ones become hyphens.
    """
    opened = f"<{tag}{_attributes(attributes)}>"
    if tag in _VOID:
        return Html(opened)
    return Html(f"{opened}{join(children)}</{tag}>")


def icon(name: str) -> Html:
    """Return a Material symbol (its font is part of Streamlit), hidden from screen readers."""
    return el("span", name, class_="ra-icon", aria_hidden="true", translate="no")


def button(
    label: Child, event: str, value: object = "", *, kind: str = "plain", **extra: object
) -> Html:
    """Return a button that sends ``event`` with ``value`` to Python."""
    return el(
        "button",
        label,
        type="button",
        class_=f"ra-button ra-button-{kind}",
        data_event=event,
        data_value=value,
        **extra,
    )


def external(label: Child, url: str, **extra: object) -> Html:
    """Return a link that opens in a new tab and tells the other side nothing about us."""
    return el("a", label, href=url, target="_blank", rel="noopener noreferrer", **extra)

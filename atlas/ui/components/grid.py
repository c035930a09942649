"""A table for eyes, keyboard and screen reader; on a phone each row becomes a card."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from atlas.ui.markup import Child, Html, button, el

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from atlas.ui.words import Words


@dataclass(frozen=True, slots=True)
class Head:
    """
    The head of a column.

    Attributes
    ----------
    label
        Text that names a cell where the head is not visible.
    content
        What the head shows; the label if missing.
    attributes
        Further attributes of the cell.
    """

    label: str
    content: Child = None
    attributes: Mapping[str, object] = field(default_factory=dict)

    def cell(self) -> Html:
        """Return the head cell."""
        shown = self.label if self.content is None else self.content
        return el("th", shown, scope="col", role="columnheader", **self.attributes)


def line(heads: Sequence[Head], name: Child, cells: Iterable[Child], **attributes: object) -> Html:
    """Return a row: its name, then one cell per further head."""
    # The explicit roles keep it a table where the style turns rows into cards.
    drawn = [
        el("td", cell, role="cell", data_label=head.label)
        for head, cell in zip(heads[1:], cells, strict=True)
    ]
    return el("tr", el("th", name, scope="row", role="rowheader"), *drawn, role="row", **attributes)


def gap_line(heads: Sequence[Head], name: Child, gap: Child) -> Html:
    """Return a row of which nothing but the name is known."""
    cell = el("td", gap, role="cell", colspan=len(heads) - 1, class_="ra-unknown")
    return el("tr", el("th", name, scope="row", role="rowheader"), cell, role="row",
              class_="ra-gap-line")  # fmt: skip


def grid(
    caption: str, heads: Sequence[Head], lines: Iterable[Html], *, dense: bool = False
) -> Html:
    """
    Return the table in a box that scrolls on its own.

    Parameters
    ----------
    dense
        Whether the columns move together where the box is not wide enough for them.
    """
    table = el(
        "table",
        el("caption", caption, class_="ra-sr"),
        el("thead", el("tr", *(head.cell() for head in heads), role="row"), role="rowgroup"),
        el("tbody", *lines, role="rowgroup"),
        class_="ra-table",
        role="table",
    )
    return el("div", table, class_="ra-table-box ra-dense" if dense else "ra-table-box",
              tabindex="0", role="region", aria_label=caption)  # fmt: skip


def pager(event: str, page: int, last: int, say: Words) -> Html | None:
    """Return the buttons that send ``event`` with a page, ``None`` for a single page."""
    if not last:
        return None
    return el(
        "nav",
        button(say("Vorige Seite"), event, page - 1, disabled=page == 0),
        el("span", say("Seite {page} von {pages}", page=say.number(page + 1),
                       pages=say.number(last + 1))),
        button(say("Nächste Seite"), event, page + 1, disabled=page == last),
        class_="ra-pages", aria_label=say("Seiten der Tabelle"),
    )  # fmt: skip

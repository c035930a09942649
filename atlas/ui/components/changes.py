"""What changed since the table that was stored before: in one municipality, and in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.diff import shown, summary
from atlas.figures.answers import changed
from atlas.i18n import day
from atlas.i18n import marked as _
from atlas.text import fold
from atlas.ui.components.grid import Head, grid, line
from atlas.ui.components.hotspot_work import waited, workers
from atlas.ui.markup import Child, Html, el
from atlas.ui.panel import panel
from atlas.ui.words import known
from atlas.vocabulary import CHANGES

if TYPE_CHECKING:
    import pandas as pd

    from atlas.diff import Since
    from atlas.ui.view import View
    from atlas.ui.words import Words

_MOST: Final = 50
"""Changes that are listed; the file of `atlas diff` has all."""
_HEADS: Final = (_("Ort"), _("Änderung"), _("vorher"), _("nachher"))


def town_changes(view: View, name: str, say: Words) -> None:
    """Draw what changed in a municipality."""
    since = _since(view, say)
    if since is None:
        body: list[Child] = [_nothing_before(say)]
    else:
        found = since.of(name)
        body = [el("p", _lead(since, found, say)), _listed(found, view, say)]
    _draw("town_changes", body, say)


def all_changes(view: View, say: Words) -> None:
    """Draw how much changed in every municipality."""
    since = _since(view, say)
    if since is None:
        body: list[Child] = [_nothing_before(say)]
    else:
        body = [el("p", _lead(since, since.changes, say)), _by_town(since, say)]
    _draw("all_changes", body, say)


def _since(view: View, say: Words) -> Since | None:
    now, folder = view.data.snapshot, view.settings.table_folder
    return waited(workers().submit(lambda: changed(now, folder)), [0.0], say)


def _draw(key: str, body: list[Child], say: Words) -> None:
    panel(key, el("section", el("h2", say("Was sich geändert hat"), class_="ra-h2"), *body,
                  class_="ra-section"))  # fmt: skip


def _nothing_before(say: Words) -> Html:
    return el("p", say("Bisher gibt es nur eine Tabelle, also nichts, womit sie sich vergleichen "
                       "ließe. Ab dem zweiten Bau mit „atlas build“ steht hier, was neu, "
                       "weggefallen, verlegt oder im Leerstand geändert ist."),
              class_="ra-muted")  # fmt: skip


def _lead(since: Since, changes: pd.DataFrame, say: Words) -> str:
    counts = {code: count for code, count in summary(changes).items() if count}
    when = day(since.read_on, say.language)
    if not counts:
        return say("Seit der Tabelle vom {date} hat sich nichts geändert.", date=when)
    parts = [f"{say.label(CHANGES, code)}: {say.number(count)}" for code, count in counts.items()]
    return say("Seit der Tabelle vom {date}: {changes}.", date=when, changes="; ".join(parts))


def _listed(found: pd.DataFrame, view: View, say: Words) -> Html | None:
    if found.empty:
        return None
    heads = [Head(say(text)) for text in _HEADS]
    rows = shown(found.head(_MOST), view.language).to_dict("records")
    table = grid(say("Was sich geändert hat"), heads, (_line(row, heads, say) for row in rows))
    rest = len(found) - _MOST
    more = el("p", say.count("und {n} weitere Änderung", "und {n} weitere Änderungen", rest),
              class_="ra-muted") if rest > 0 else None  # fmt: skip
    return el("div", table, more)


def _line(row: Any, heads: list[Head], say: Words) -> Html:  # noqa: ANN401 (a row)
    before, after = (str(row[name]) if known(row[name]) else "–" for name in ("before", "after"))
    if known(row["distance_m"]):
        after = say("{distance} entfernt", distance=say.distance(row["distance_m"]))
    return line(heads, str(row["name"]), [str(row["change"]), before, after])


def _by_town(since: Since, say: Words) -> Html | None:
    counts = since.by_municipality()
    if counts.empty:
        return None
    counts = counts.loc[:, counts.sum() > 0].sort_index(key=lambda names: names.map(fold))
    heads = [Head(say("Stadt oder Gemeinde")),
             *(Head(say.label(CHANGES, code)) for code in counts)]  # fmt: skip
    lines = [
        line(heads, str(name), [say.number(int(row[code])) for code in counts])
        for name, row in zip(counts.index, counts.to_dict("records"), strict=True)
    ]
    return grid(say("Was sich geändert hat"), heads, lines)

"""How the table was built: per source what was read, set aside, merged and stored, and its age."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from atlas.i18n import day
from atlas.i18n import marked as _
from atlas.schema.validate import all_rules
from atlas.ui.components.grid import Head, grid, line
from atlas.ui.markup import Child, Html, el, icon, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.report import SourceReport
    from atlas.store import Built
    from atlas.ui.view import View
    from atlas.ui.words import Words

_HEADS: Final = (
    _("Quelle"), _("gelesen"), _("zurückgestellt"), _("zusammengeführt"), _("gespeichert"),
    _("verortet"), _("zuletzt gelesen"),
)  # fmt: skip


def report(view: View, say: Words) -> None:
    """Draw what the last build did; for the registry alone, say that nothing was built."""
    built = view.atlas.built
    body = join(_body(built, view, say)) if built else el(
        "p", say("Die Tabelle ist das handgepflegte Register allein; weitere Quellen bindet "
                 "„atlas build“ ein.")
    )  # fmt: skip
    html = el("section", el("h2", say("Wie die Tabelle entstand"), class_="ra-h2"), body,
              class_="ra-section")  # fmt: skip
    panel("build", html)


def _body(built: Built, view: View, say: Words) -> list[Child]:
    heads = [Head(say(text)) for text in _HEADS]
    lines = (_source(source, heads, view, say) for source in built.report.sources)
    when = day(dt.datetime.fromisoformat(built.built_at).date(), say.language)
    sums = {name: say.number(built.report.total(name))
            for name in ("read", "stored", "merged", "rejected")}  # fmt: skip
    review = built.report.review
    return [
        el("p", say("Gebaut am {date}. {read} Einträge gelesen: {stored} gespeichert, {merged} "
                    "mit anderen zusammengeführt, {rejected} zurückgestellt.", date=when, **sums)),
        el("p", icon("history"), say("Das Register ist seitdem geändert worden; die Änderung "
                                     "gilt nach dem nächsten Bau."), class_="ra-warning")
        if built.is_outdated else None,
        grid(say("Einträge je Quelle"), heads, lines),
        *(_failure(source, say) for source in built.report.sources if source.status != "read"),
        el("p", say.count("{n} unsicheres Paar wartet auf eine Entscheidung.",
                          "{n} unsichere Paare warten auf eine Entscheidung.", review),
           class_="ra-muted") if review else None,
        *(_reasons(source, view, say) for source in built.report.sources if source.reasons),
    ]  # fmt: skip


def _source(source: SourceReport, heads: list[Head], view: View, say: Words) -> Html:
    counts = (source.read, source.rejected, source.merged, source.stored,
              sum(source.geocoded.values()))  # fmt: skip
    read = "–"
    if source.newest:
        age = say.age(source.newest, view.today)
        read = say("{date}, {age}", date=say.date(source.newest), age=age)
    return line(heads, _name(source, view, say), [*(say.number(count) for count in counts), read])


def _name(source: SourceReport, view: View, say: Words) -> str:
    entry = view.atlas.registry.sources.get(source.id)
    return entry.label(say.language) if entry else source.id


def _failure(source: SourceReport, say: Words) -> Html:
    told = source.error.get(say.language, "")
    kept = say("Es gelten die Zeilen der Tabelle davor.") if source.status == "kept" else ""
    return el("p", icon("warning"), el("b", f"{source.id}:"), f" {told} {kept}".rstrip(),
              class_="ra-warning")  # fmt: skip


def _reasons(source: SourceReport, view: View, say: Words) -> Html:
    rules = all_rules()
    items = [
        el("li", f"{say.number(count)} × {say(rules[code].sentence).format_map(_Gaps())}")
        for code, count in sorted(source.reasons.items(), key=lambda item: -item[1])
        if code in rules
    ]
    title = say("Verletzte Regeln: {source}", source=_name(source, view, say))
    return el("details", el("summary", title), el("ul", *items, class_="ra-bullets"))


class _Gaps(dict[str, str]):
    """A rule in general: what depends on the column is left open."""

    def __missing__(self, key: str) -> str:
        return "…"

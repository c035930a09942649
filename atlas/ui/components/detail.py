"""The detail of one space: everything known, everything unknown, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from atlas import vocabulary as v
from atlas.provenance import LICENCES
from atlas.query import nearest
from atlas.schema import BY_NAME, COLUMNS
from atlas.ui import state
from atlas.ui.components import contributions, results, share, shortlist
from atlas.ui.components.swatch import group_mark, vacancy_mark
from atlas.ui.markup import Child, Html, button, el, external, icon, join
from atlas.ui.panel import panel
from atlas.ui.words import known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atlas.ui.view import View
    from atlas.ui.words import Words

_NEIGHBOURS: Final = 5
_STATE: Final = ("vacant_share_pct", "vacant_since", "stage", "confidence")
_OFFER: Final = tuple(
    column.name for column in COLUMNS if column.section == "needs" and column.name != "website"
)
_IDENTITY: Final = (
    "kind", "sectors", "programmes", "programme_status", "programme_from", "programme_until",
    "former_use",
)  # fmt: skip
_OUTDATED: Final = {"recheck", "outdated"}


def event(name: str, value: Any) -> None:  # noqa: ANN401 (from the browser)
    """Act on a click in the detail (a callback)."""
    if name == "close":
        state.put(space="", left=state.recall("space", ""))
    else:
        results.event(name, value)


def card(view: View, say: Words) -> None:
    """Draw the detail of ``view.space``."""
    if view.space is None:
        return
    row = view.atlas.spaces.iloc[view.space]
    sections = [
        _head(row, view, say), _state(row, view, say), _offer(row, say), _place(row, view, say),
        _about(row, say), _source(row, say), contributions.block(row, view, say),
        _neighbours(view, say),
        share.block(row, view, say),
    ]  # fmt: skip
    html = el("article", join(sections), class_="ra-detail", aria_labelledby="detail-title",
              id=f"detail-{row['space_id']}")  # fmt: skip
    panel("detail", html, on_event=event,
          setup={**_sight(view), "top": True, "keys": {"Escape": "close"}})  # fmt: skip


def _sight(view: View) -> dict[str, str]:
    """Return what to focus and to scroll to after a click; nothing when a link opened the page."""
    detail = f"#detail-{view.space_id}"
    return {
        "focus": f"{detail} .ra-title" if state.recall("focus") == view.space_id else "",
        "reveal": detail if state.recall("opened") == view.space_id else "",
    }


def _head(row: Any, view: View, say: Words) -> Html:  # noqa: ANN401 (a row)
    # Where a phone shows the map alone, closing leads back to it; the style tells which is shown.
    ways = [el("span", say("Zur Liste"), class_="ra-to-list"),
            el("span", say("Zur Karte"), class_="ra-to-map")]  # fmt: skip
    back = button(join([icon("arrow_back"), *ways]), "close", kind="link")
    picked = row["space_id"] in view.filters.shortlist
    note = row[f"note_{view.language}"]
    return el(
        "header",
        el("div", back, shortlist.star(row, say, picked=picked, wide=True), class_="ra-bar"),
        el("h2", row["name"], class_="ra-title", id="detail-title", tabindex="-1"),
        el("p", group_mark(row["type_group"]), f"{say.label(v.TYPES, row['type'])} · ",
           say.address(row), class_="ra-lead"),
        el("p", note, class_="ra-note") if known(note) else None,
    )  # fmt: skip


def _section(title: str, *children: Child) -> Html:
    return el("section", el("h3", title, class_="ra-h3"), *children, class_="ra-section")


def _facts(row: Any, names: Iterable[str], say: Words, *, gaps: bool = True) -> Html | None:  # noqa: ANN401
    """Return columns as a list of terms; what nobody knows is named in one line."""
    names = list(names)
    given = [name for name in names if known(row[name])]
    missing = [say.column(BY_NAME[name]) for name in names if name not in given]
    pairs = [
        part
        for name in given
        for part in (el("dt", say.column(BY_NAME[name])), el("dd", say.cell(BY_NAME[name],
                     row[name])))
    ]  # fmt: skip
    return join([
        el("dl", *pairs, class_="ra-facts") if pairs else None,
        el("p", el("b", say("Nicht bekannt:")), " ", ", ".join(missing), class_="ra-gap")
        if gaps and missing else None,
    ])  # fmt: skip


def _state(row: Any, view: View, say: Words) -> Html:  # noqa: ANN401 (a row)
    observed = (
        say("Beobachtet {date}, {age}", date=say.date(row["observed_on"]),
            age=say.age(row["observed_on"], view.today))
        if known(row["observed_on"])
        else say("Beobachtung ohne Datum")
    )  # fmt: skip
    if row["vacancy"] in ("unknown", "not_applicable"):
        observed = say("Stand {date}", date=say.date(row["retrieved_on"]))
    says = f"{say.label(v.CONFIDENCE, row['confidence'])}: {row['publisher']}"
    free = el("p", icon("key"), el("b", say("Verfügbarkeit:")), " ", say.availability(row),
              f" ({say.label(v.TERMS, row['term'])})" if known(row["term"]) else None,
              class_="ra-free-line")  # fmt: skip
    return _section(
        say("Zustand"),
        el("p", vacancy_mark(row["vacancy"]), el("b", say.label(v.VACANCY, row["vacancy"])),
           class_="ra-big-state"),
        el("p", f"{observed} · {says}", class_="ra-muted"),
        _warning(row, view, say),
        free,
        _facts(row, _STATE[:-1], say),
    )  # fmt: skip


def _warning(row: Any, view: View, say: Words) -> Html | None:  # noqa: ANN401 (a row)
    if not known(row["observed_day"]) or row["vacancy"] in ("unknown", "not_applicable"):
        return None
    days = (view.today - row["observed_day"].date()).days
    if days <= v.RECHECK_AFTER_DAYS:
        return None
    old = days > v.OUTDATED_AFTER_DAYS
    text = (
        say("Über drei Jahre alt: Der Zustand kann heute ein anderer sein.")
        if old
        else say("Über ein Jahr alt: vor Ort nachprüfen.")
    )
    return el("p", icon("history"), text, class_="ra-warning")


def _offer(row: Any, say: Words) -> Html:  # noqa: ANN401 (a row)
    return _section(say("Was der Raum bietet"), _facts(row, _OFFER, say))


def _place(row: Any, view: View, say: Words) -> Html:  # noqa: ANN401 (a row)
    town = say("{town}, {district}", town=row["municipality"], district=row["district_name"])
    if row["municipality"] == row["district_name"]:
        town = str(row["municipality"])
    if not known(row["x"]):
        where: Child = el("p", say("Lage nicht bekannt: Der Ort steht in der Liste, aber nicht "
                                   "auf der Karte."), class_="ra-warning")  # fmt: skip
    else:
        precision = say.label(v.PRECISION, row["coordinate_precision"])
        metres = row["coordinate_uncertainty_m"]
        text = say("Genauigkeit: {precision}", precision=precision)
        if known(metres):
            text = say("{text}, auf etwa {metres} genau", text=text, metres=say.distance(metres))
        where = join([
            el("p", text, class_="ra-muted"),
            _coordinate_source(row, view, say),
        ])  # fmt: skip
    return _section(say("Lage"), el("p", say.address(row) or town), where)


def _coordinate_source(row: Any, view: View, say: Words) -> Html | None:  # noqa: ANN401 (a row)
    source = view.data.registry.sources.get(str(row["coordinate_source"]))
    if source is None:
        return None
    text = say("Koordinate: {source}", source=source.label(view.language))
    licence = licence_name(source.licence_published, say)
    return join([el("p", f"{text}, {licence}", class_="ra-muted ra-break"), _evidence(row, say)])


def _evidence(row: Any, say: Words) -> Html | None:  # noqa: ANN401 (a row)
    """Return the trail of a coordinate; a German one is marked as such in an English page."""
    note, language = row["coordinate_note_en"], None
    if say.language != "en" or not known(note):
        note, language = row["coordinate_note"], "de"
    if not known(note):
        return None
    return el("p", say("Nachweis:"), " ", el("span", note, lang=language),
              class_="ra-muted ra-break")  # fmt: skip


def _about(row: Any, say: Words) -> Html:  # noqa: ANN401 (a row)
    quarter = row["kind"] == "creative_quarter"
    names = [name for name in _IDENTITY if quarter or not name.startswith("programme_")]
    site = row["website"]
    link = el("p", external(host(site), site)) if known(site) else None
    return _section(say("Art und Geschichte"), _facts(row, names, say), link)


def host(url: object) -> str:
    """Return the host of a link, the part that tells a person where it leads."""
    return urlsplit(str(url)).netloc.removeprefix("www.")


def licence_name(code: object, say: Words) -> str:
    """Return what people call a licence, or the code itself if the registry does not know it."""
    known_ = LICENCES.get(str(code))
    return known_.label(say.language) if known_ else str(code)


def licence_link(code: object, say: Words) -> Child:
    """Return the name of a licence, as a link to its text if it has one."""
    known_ = LICENCES.get(str(code))
    name = licence_name(code, say)
    return external(name, known_.url) if known_ and known_.url else name


def _source(row: Any, say: Words) -> Html:  # noqa: ANN401 (a row)
    return _section(
        say("Wer sagt das?"),
        el("p", el("b", row["publisher"]), f" ({say.label(v.LINEAGE, row['lineage'])})"),
        el("p", external(say("Nachweis auf {host}", host=host(row["source_url"])),
                         str(row["source_url"]), class_="ra-break")),
        el("p", say("Gelesen am {date}", date=say.date(row["retrieved_on"])), " · ",
           licence_link(row["licence"], say),
           class_="ra-muted"),
    )  # fmt: skip


def _neighbours(view: View, say: Words) -> Html | None:
    spaces = view.atlas.spaces
    near = [] if view.space is None else nearest(spaces, view.space, limit=_NEIGHBOURS)
    if view.space is None or not near:
        return None
    unsure = spaces["coordinate_uncertainty_m"]
    items = [
        el("li", el(
            "button", vacancy_mark(row["vacancy"]),
            el("span", row["name"], class_="ra-option-label"),
            el("span", _apart(metres, unsure.iloc[at] + unsure.iloc[view.space], say),
               class_="ra-count"),
            type="button", class_="ra-suggestion", data_event="open", data_value=row["space_id"],
        ))
        for at, row, metres in ((at, spaces.iloc[at], metres) for at, metres in near)
    ]  # fmt: skip
    return _section(say("In der Nähe"), el("ul", *items, class_="ra-suggestions"))


def _apart(metres: float, uncertainty_m: float, say: Words) -> str:
    """Return a distance no more exact than the two locations are."""
    if metres < uncertainty_m:
        return say("unter {distance}", distance=say.distance(max(uncertainty_m, 50.0)))
    return say("etwa {distance}", distance=say.distance(metres))

"""The page of one space, without Streamlit and without a script, and the same as JSON-LD."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool

from atlas import vocabulary as v
from atlas.api.body import Body
from atlas.api.plain import Around, facts, frame
from atlas.api.responses import fail, language_of, respond
from atlas.geo import COORDINATE_DECIMALS
from atlas.linked.place import place, script
from atlas.schema import COLUMNS, Column
from atlas.ui.components.detail import host, licence_link
from atlas.ui.markup import Child, Html, el, external
from atlas.ui.words import Words, known
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from atlas.current import Current, Snapshot
    from atlas.vocabulary import Language

LINKED_DATA: Final = "application/ld+json"
_ENDING: Final = ".jsonld"
_PREFIX: Final = "/atlas/space/"
_SHOWN_ELSEWHERE: Final = frozenset({
    "name", "type", "note_de", "note_en", "street", "house_number", "postcode", "locality",
    "municipality", "lat", "lon", "coordinate_source", "coordinate_note", "coordinate_note_en",
    "source", "vacancy", "observed_on", "retrieved_on", "source_url", "publisher", "lineage",
    "licence", "website",
})  # fmt: skip
"""Columns that the page says in words of its own."""


async def space(table: Current, request: Request) -> Response:
    """Return the page of a space, or its JSON-LD if the ending or the client asks for it."""
    key, dot, _rest = request.path_params["space_id"].partition(_ENDING)
    linked = bool(dot) or request.headers.get("accept", "").startswith(LINKED_DATA)
    language = language_of(request)
    base = base_of(table, request)

    def make() -> Body | None:
        now = table.snapshot()
        at = now.once("space positions", lambda: _positions(now)).get(key)
        if at is None:
            return None
        row = now.atlas.spaces.iloc[at]
        described = place(row, now.atlas, page=f"{base}{_PREFIX}{key}", language=language)
        if linked:
            return Body.of(json.dumps(described, ensure_ascii=False, indent=1).encode())
        return Body.of(_page(row, now, described, base=base, language=language).encode())

    body = await run_in_threadpool(make)
    if body is None:
        return fail(
            request, 404, "Den Ort „{key}“ gibt es nicht.",
            hint="Vielleicht wurde er zusammengeführt: Auf der Karte nach dem Namen suchen.",
            key=key,
        )  # fmt: skip
    media_type = LINKED_DATA if linked else "text/html; charset=utf-8"
    response = respond(request, body, media_type=media_type)
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return response


def base_of(table: Current, request: Request) -> str:
    """Return the address of the instance: the operator's, else the one of the request."""
    base = table.settings.public_url
    if not base:
        # The routes are mounted: the base of the request already ends in their prefix.
        url = request.url
        base = f"{url.scheme}://{url.netloc}{request.scope.get('app_root_path', '')}"
    return base.rstrip("/")


def _positions(now: Snapshot) -> dict[str, int]:
    return {key: at for at, key in enumerate(now.atlas.spaces["space_id"])}


def _page(
    row: Any,  # noqa: ANN401 (a row)
    now: Snapshot,
    described: dict[str, Any],
    *,
    base: str,
    language: Language,
) -> str:
    say = Words(language)
    own = f"{base}{_PREFIX}{row['space_id']}"
    head = (
        el("link", rel="alternate", type=LINKED_DATA, href=f"{own}{_ENDING}?lang={language}"),
        el("link", rel="canonical", href=own),
        el("script", Html(script(described)), type=LINKED_DATA),
    )
    on_the_map = f"{base}/?space={row['space_id']}" + ("" if language == "de" else "&lang=en")
    around = Around(
        language=language, home=f"{base}/", head=head,
        translations={code: f"{own}?lang={code}" for code in LANGUAGES},
    )  # fmt: skip
    return frame(
        str(row["name"]),
        el("h1", row["name"]),
        el("p", f"{say.label(v.TYPES, row['type'])} · {say.address(row)}", class_="lead"),
        _note(row, language),
        el("p", el("a", say("Auf der Karte zeigen"), href=on_the_map)),
        *_state(row, say),
        *_place(row, now, say),
        *_section(say("Art und Geschichte"), row, "identity", say),
        *_section(say("Was der Raum bietet"), row, "needs", say),
        *_source(row, now, say),
        around=around,
    )


def _note(row: Any, language: Language) -> Html | None:  # noqa: ANN401 (a row)
    note = row[f"note_{language}"]
    return el("p", note) if known(note) else None


def _columns(section: str) -> list[Column]:
    return [one for one in COLUMNS if one.section == section and one.name not in _SHOWN_ELSEWHERE]


def _section(title: str, row: Any, section: str, say: Words) -> Sequence[Child]:  # noqa: ANN401
    columns = _columns(section)
    given = [one for one in columns if known(row[one.name])]
    missing = [say.column(one) for one in columns if one not in given]
    return (
        el("h2", title),
        facts([(say.column(one), say.cell(one, row[one.name])) for one in given]),
        el("p", el("b", say("Nicht bekannt:")), " ", ", ".join(missing), class_="unknown")
        if missing else None,
    )  # fmt: skip


def _state(row: Any, say: Words) -> Sequence[Child]:  # noqa: ANN401 (a row)
    dated = known(row["observed_on"])
    when = (say("Beobachtet {date}", date=say.date(row["observed_on"])) if dated
            else say("Beobachtung ohne Datum"))  # fmt: skip
    return (
        *_section(say("Zustand"), row, "state", say)[:1],
        el("p", say.label(v.VACANCY, row["vacancy"]), class_="big"),
        el("p", f"{when} · {row['publisher']}", class_="muted"),
        *_section("", row, "state", say)[1:],
    )


def _place(row: Any, now: Snapshot, say: Words) -> Sequence[Child]:  # noqa: ANN401 (a row)
    title, *rest = _section(say("Lage"), row, "place", say)
    where = None
    if not known(row["x"]):
        where = el("p", say("Lage nicht bekannt: Der Ort steht in der Liste, aber nicht "
                            "auf der Karte."), class_="warning")  # fmt: skip
    return (title, el("p", say.address(row)), where, *rest, *_coordinate(row, now, say))


def _coordinate(row: Any, now: Snapshot, say: Words) -> Sequence[Child]:  # noqa: ANN401 (a row)
    """Return the coordinate as programs write it, who it is from, and its trail."""
    source = now.atlas.registry.sources.get(str(row["coordinate_source"]))
    if not known(row["lat"]) or source is None:
        return ()
    note, language = row["coordinate_note_en"], None
    if say.language != "en" or not known(note):
        note, language = row["coordinate_note"], "de"
    degrees = f"{row['lat']:.{COORDINATE_DECIMALS}f}, {row['lon']:.{COORDINATE_DECIMALS}f}"
    return (
        el("p", el("code", degrees), " (EPSG:4326)"),
        el("p", say("Koordinate: {source}", source=source.label(say.language)), " · ",
           source.sentence(say.language), class_="muted"),
        el("p", say("Nachweis:"), " ", el("span", note, lang=language), class_="muted")
        if known(note) else None,
    )  # fmt: skip


def _source(row: Any, now: Snapshot, say: Words) -> Sequence[Child]:  # noqa: ANN401 (a row)
    website = row["website"]
    registered = now.atlas.registry.sources.get(str(row["source"]))
    return (
        el("h2", say("Wer sagt das?")),
        el("p", el("b", row["publisher"]), f" ({say.label(v.LINEAGE, row['lineage'])})"),
        el("p", external(say("Nachweis auf {host}", host=host(row["source_url"])),
                         str(row["source_url"]))),
        el("p", say("Gelesen am {date}", date=say.date(row["retrieved_on"])), " · ",
           licence_link(row["licence"], say), class_="muted"),
        el("p", registered.label(say.language), " · ", registered.sentence(say.language),
           class_="muted") if registered else None,
        el("p", external(host(website), str(website))) if known(website) else None,
        *_section(say("Herkunft der Angaben"), row, "provenance", say)[1:],
    )  # fmt: skip

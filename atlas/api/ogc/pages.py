"""The answers of the service as pages for people: lists and tables, no map from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from atlas.api.ogc.links import by_rel, with_parameter
from atlas.api.plain import Around, Crumb, facts, frame, table
from atlas.i18n import marked as _
from atlas.i18n import translator
from atlas.provenance import LICENCES
from atlas.schema import BY_NAME
from atlas.ui.markup import Child, Html, el
from atlas.ui.words import Words
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from atlas.api.ogc.layers import Layer
    from atlas.api.ogc.service import Call
    from atlas.export.columns import Field as Column
    from atlas.vocabulary import Language

_SHOWN: Final = 8  # columns of a table of features; the rest is on the page of each
_LONG: Final = 120
_SOURCES: Final = ("source", "coordinate_source")
_LICENCES: Final = ("licence", "coordinate_licence")
_LAST_CRUMBS: Final = {
    "items": _("Einträge"),
    "queryables": _("Wonach gefiltert werden kann"),
    "schema": _("Felder"),
    "geojson": _("Felder"),
}


def page(call: Call, said: Mapping[str, Any]) -> str:
    """Return the page of an answer."""
    say = Words(call.asked.language)
    title, *body = _BODIES[call.kind](call, said, say)
    return frame(
        str(title),
        el("h1", title),
        *body,
        el("p", el("a", say("Diese Seite als JSON"), href=_own(call, f="json"),
                   rel="alternate", type="application/json")),
        around=Around(
            language=call.asked.language,
            home=_home(call.url),
            translations={language: _own(call, lang=language) for language in LANGUAGES},
            crumbs=_crumbs(call, str(title), say),
        ),
    )  # fmt: skip


def refusal(text: str, *, language: Language, url: str) -> str:
    """Return the page of an error."""
    say = translator(language)
    title = say("Das hat nicht geklappt")
    back = el("p", el("a", say("Zur Startseite des Dienstes"), href=f"{url}?f=html"))
    return frame(title, el("h1", title), el("p", text), back,
                 around=Around(language=language, home=_home(url)))  # fmt: skip


def _home(url: str) -> str:
    return url.removesuffix("/ogc") + "/"


def _own(call: Call, **changed: str) -> str:
    # Only path and parameters: the host is whatever the client calls us.
    path = call.request.url.path
    query = call.request.url.query
    return with_parameter(f"{path}?{query}" if query else path, **changed)


def _page(address: str, language: Language) -> str:
    return with_parameter(address, f="html", lang=language)


def _crumbs(call: Call, title: str, say: Words) -> list[Crumb]:
    steps = [Crumb("OGC API – Features", _page(call.url, say.language))]
    if call.kind == "landing":
        return []
    if call.kind in ("openapi", "conformance", "collections"):
        return [*steps, Crumb(title)]
    collections = f"{call.url}/collections"
    steps.append(Crumb(say("Sammlungen"), _page(collections, say.language)))
    if call.layer is not None and call.kind != "collection":
        own = f"{collections}/{call.layer.name}"
        steps.append(Crumb(say(call.layer.title), _page(own, say.language)))
        if call.kind == "item":
            steps.append(Crumb(say("Einträge"), _page(f"{own}/items", say.language)))
        if call.kind in _LAST_CRUMBS:  # their heading is the collection's, a step further up
            return [*steps, Crumb(say(_LAST_CRUMBS[call.kind]))]
    return [*steps, Crumb(title)]


Body = tuple[Child, ...]


def _landing(call: Call, said: Mapping[str, Any], say: Words) -> Body:
    links = [
        (say("Sammlungen"), f"{call.url}/collections"),
        (say("Beschreibung der Schnittstelle (OpenAPI)"), f"{call.url}/openapi"),
        (say("Konformität"), f"{call.url}/conformance"),
    ]
    items = [el("li", el("a", text, href=_page(href, say.language))) for text, href in links]
    return (
        said["title"],
        el("p", said["description"], class_="lead"),
        el("ul", *items),
        el("p", say("Adresse für QGIS und andere Programme:"), " ", el("code", call.url)),
        el("p", say("Diese Seiten fragen keinen anderen Server."), class_="muted"),
    )


def _collections(call: Call, said: Mapping[str, Any], say: Words) -> Body:
    parts = [
        el("section",
           el("h2", el("a", one["title"],
                       href=_page(f"{call.url}/collections/{one['id']}", say.language))),
           el("p", one["description"]),
           el("p", one["attribution"], class_="muted"))
        for one in said["collections"]
    ]  # fmt: skip
    return (say("Sammlungen"), *parts)


def _collection(call: Call, said: Mapping[str, Any], say: Words) -> Body:
    own = f"{call.url}/collections/{said['id']}"
    links = [
        (say("Einträge"), f"{own}/items"),
        (say("Wonach gefiltert werden kann"), f"{own}/queryables"),
        (say("Felder"), f"{own}/schema"),
    ]
    licences = [el("a", link["title"], href=link["href"]) for link in said["links"]
                if link["rel"] == "license"]  # fmt: skip
    return (
        said["title"],
        el("p", said["description"], class_="lead"),
        el("ul", *(el("li", el("a", text, href=_page(href, say.language)))
                   for text, href in links)),
        facts([
            (say("Kennung der Sammlung"), el("code", said["id"])),
            (say("Namensnennung"), said["attribution"]),
            (say("Lizenzen"), _listed(licences)),
            (say("Koordinatensysteme"), _listed(el("code", uri) for uri in said["crs"])),
        ]),
    )  # fmt: skip


def _listed(parts: Iterable[Child]) -> Html:
    return el("span", *(el("span", part, " ") for part in parts))


def _feature(call: Call, said: Mapping[str, Any], say: Words) -> Body:
    return _fields(
        call, {**said, "properties": said["properties"]["properties"]["properties"]}, say
    )


def _fields(_call: Call, said: Mapping[str, Any], say: Words) -> Body:
    rows = [
        (el("code", name), one.get("title", ""), one.get("type", "geometry"),
         one.get("description", ""))
        for name, one in said["properties"].items()
    ]  # fmt: skip
    heads = (say("Feld"), say("Name"), say("Typ"), say("Beschreibung"))
    return (said["title"], table(say("Felder"), heads, rows))


def _items(call: Call, said: Mapping[str, Any], say: Words) -> Body:
    layer = call.layer
    title = say(layer.title) if layer else ""
    matched = said["numberMatched"]
    found = say.count("{n} Eintrag", "{n} Einträge", matched)
    before, after = (by_rel(said["links"], rel) for rel in ("prev", "next"))
    pages = [
        el("a", text, href=with_parameter(href, f="html"), rel=rel)
        for rel, text, href in (("prev", say("Vorige Seite"), before),
                                ("next", say("Nächste Seite"), after))
        if href
    ]  # fmt: skip
    shown = _table(call, layer, said["features"], say) if layer and said["features"] else None
    turn = el("nav", *pages, class_="pages", aria_label=say("Seiten")) if pages else None
    return (title, el("p", found, class_="lead"), turn, shown)


def _table(call: Call, layer: Layer, features: Sequence[Mapping[str, Any]], say: Words) -> Html:
    sent = features[0]["properties"]
    if "properties" in call.request.query_params:
        names = [name for name in sent if name != layer.title_field][:_SHOWN]
    else:
        names = [name for name in layer.shown if name in sent]
    heads = [say("Name"), *(layer.fields[name].title(say.language) for name in names)]
    rows = [
        (el("a", one["properties"].get(layer.title_field) or one["id"],
            href=_page(f"{call.url}/collections/{layer.name}/items/{one['id']}", say.language)),
         *(_cell(layer, name, one["properties"][name], say) for name in names))
        for one in features
    ]  # fmt: skip
    return table(say("Einträge"), heads, rows)


def _cell(layer: Layer, name: str, value: object, say: Words) -> str:
    text = _whole(layer, name, value, say)
    return text if len(text) <= _LONG else text[:_LONG] + "…"


def _whole(layer: Layer, name: str, value: object, say: Words) -> str:
    """Return a value as people read it: names for codes and keys, percent for shares."""
    if value is None:
        return "–"
    if name in _SOURCES:
        source = layer.atlas.registry.sources.get(str(value))
        return source.label(say.language) if source else str(value)
    if name in _LICENCES:
        licence = LICENCES.get(str(value))
        return licence.label(say.language) if licence else str(value)
    if layer.name == "spaces" and name in BY_NAME:
        return say.cell(BY_NAME[name], value)
    return _of_areas(layer.fields[name].column, value, say)


def _of_areas(column: Column, value: object, say: Words) -> str:
    if isinstance(value, bool):
        return say("ja") if value else say("nein")
    if isinstance(value, float | int):
        decimals = 0 if value == int(value) else 2
        written = f"{say.number(value, decimals=decimals)} {column.unit}".strip()
        return say.percent(value) if column.is_share else written
    return say.label(column.codes, value)


def _item(call: Call, said: Mapping[str, Any], say: Words) -> Body:
    layer = call.layer
    if layer is None:
        return ("",)
    given = said["properties"]
    known = [name for name in given if given[name] is not None]
    missing = [layer.fields[name].title(say.language) for name in given if name not in known]
    places = el("code", str(said["geometry"]["coordinates"])[:_LONG]) if said["geometry"] else "–"
    pairs = [(layer.fields[name].title(say.language), _whole(layer, name, given[name], say))
             for name in known]  # fmt: skip
    leads = []
    if layer.name == "spaces":
        own = f"{_home(call.url)}atlas/space/{said['id']}?lang={say.language}"
        leads = [el("p", el("a", say("Seite dieses Ortes"), href=own))]
    return (
        given.get(layer.title_field) or said["id"],
        *leads,
        facts([*pairs, (say("Geometrie"), places)]),
        el("p", el("b", say("Nicht bekannt:")), " ", ", ".join(missing), class_="unknown")
        if missing else None,
    )  # fmt: skip


def _conformance(_call: Call, said: Mapping[str, Any], say: Words) -> Body:
    return (say("Konformität"),
            el("ul", *(el("li", el("code", uri)) for uri in said["conformsTo"])))  # fmt: skip


def _openapi(_call: Call, said: Mapping[str, Any], say: Words) -> Body:
    rows = [
        (el("code", path), one["get"]["summary"],
         _listed(el("code", parameter.get("name") or parameter["$ref"].rsplit("/", 1)[-1])
                 for parameter in one["get"]["parameters"]))
        for path, one in said["paths"].items()
    ]  # fmt: skip
    heads = (say("Adresse"), say("Beschreibung"), say("Parameter"))
    title = say("Beschreibung der Schnittstelle (OpenAPI)")
    return (title, table(title, heads, rows))


_BODIES: Final = {
    "landing": _landing, "collections": _collections, "collection": _collection,
    "schema": _fields, "queryables": _fields, "geojson": _feature, "items": _items, "item": _item,
    "conformance": _conformance, "openapi": _openapi,
}  # fmt: skip

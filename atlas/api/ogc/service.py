"""One request to the service: checked, answered by pygeoapi, finished as JSON or as a page."""

from __future__ import annotations

import gzip
import json
import logging
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from atlas.api.ogc import engine, pages
from atlas.api.ogc.asked import (
    DEFAULT_ITEMS,
    MOST_ITEMS,
    OURS,
    Asked,
    asked,
    language_of,
    wants_html,
)
from atlas.api.ogc.document import document, feature_schema
from atlas.api.ogc.layers import layers
from atlas.api.ogc.links import Window, described_by, kept, licensed, of_page
from atlas.api.responses import SAFE_HEADERS
from atlas.errors import AtlasError, RequestError
from atlas.i18n import translator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Message

    from atlas.api.ogc.layers import Layer
    from atlas.current import Current, Snapshot

PREFIX: Final = "/ogc"
_LOG: Final = logging.getLogger(__name__)
_LOCAL: Final = ("openapi", "geojson")
"""What pygeoapi does not make."""
_OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
_GEOJSON: Final = "application/geo+json"
_NOT_OFFERED: Final = frozenset({
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
})  # fmt: skip
_CQL: Final = (
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
)
_OF_PAGE: Final = ("self", "alternate", "prev", "next")
_SMALL: Final = 1_000  # bytes below which packing costs more than it saves
_PACKED: Final = 4


@dataclass(frozen=True)
class Call:
    """One request, and everything that answers it."""

    request: Request
    now: Snapshot
    asked: Asked
    url: str
    kind: str
    layer: Layer | None = None
    key: str = ""


class Service:
    """
    Answers what lies under ``/ogc``.

    Parameters
    ----------
    table
        Whose newest snapshot counts for each request.
    """

    def __init__(self, table: Current) -> None:
        self.table = table

    async def answer(self, request: Request, kind: str) -> Response:
        """
        Answer a request.

        Parameters
        ----------
        kind
            What is asked for: a key of ``_FUNCTIONS``, or ``missing``.
        """
        try:
            return await self._answer(request, kind)
        except RequestError as error:
            return self.refuse(request, 400, "InvalidParameterValue", error)
        except AtlasError as error:
            return self.refuse(request, 503, "NoApplicableCode", error)
        except Exception:  # noqa: BLE001 - whatever pygeoapi meets; a client gets no trace
            _LOG.exception("%s", request.url.path)
            broken = AtlasError("Das ist ein Fehler des Dienstes, nicht der Anfrage.")
            return self.refuse(request, 500, "NoApplicableCode", broken)

    async def _answer(self, request: Request, kind: str) -> Response:
        call = await run_in_threadpool(self._call, request, kind)
        name = request.path_params.get("collection")
        if kind == "missing" or (name and call.layer is None):
            error = AtlasError(
                "Unter dieser Adresse gibt es nichts: {path}.",
                hint="Vorhanden sind zum Beispiel {known}.",
                path=request.url.path,
                known=f"{PREFIX}, {PREFIX}/collections",
            )
            return self.refuse(request, 404, "NotFound", error)
        if kind in _LOCAL:
            made = await run_in_threadpool(self._made_here, call)
            return await run_in_threadpool(_response, call, 200, _language(call), made)
        module = await run_in_threadpool(engine.starlette_app)
        own = await run_in_threadpool(
            partial(engine.api, call.now, self.table.settings, url=call.url, asked=call.asked)
        )
        answered = await module.execute_from_starlette(
            _function(module, kind), _plain(request, call), *_arguments(call), alternative_api=own
        )
        return await run_in_threadpool(_finish, call, answered)

    def _call(self, request: Request, kind: str) -> Call:
        now = self.table.snapshot()
        name = request.path_params.get("collection", "")
        layer = layers(now).get(name)
        about = layer if kind in ("items", "item") else None
        said = asked(request.query_params, request.headers, layer=about, item=kind == "item")
        key = request.path_params.get("item", "")
        return Call(request, now, said, self.address(request), kind, layer, key)

    def address(self, request: Request) -> str:
        """Return the address of the service: the operator's, else the one of the request."""
        base = self.table.settings.public_url or str(request.base_url)
        return base.rstrip("/") + PREFIX

    def _made_here(self, call: Call) -> dict[str, Any]:
        if call.kind == "geojson" and call.layer is not None:
            address = f"{call.url}/collections/{call.layer.name}/geojson-schema"
            return feature_schema(call.layer, call.asked.language, address=address)

        def make() -> dict[str, Any]:
            own = engine.api(call.now, self.table.settings, url="", asked=call.asked)
            return document(own.config, layers(call.now), call.asked.language)

        made = call.now.once(f"ogc document {call.asked.language}", make)
        return {**made, "servers": [{"url": call.url}]}

    def refuse(self, request: Request, status: int, code: str, error: AtlasError) -> Response:
        """Return an exception as the standard writes it, or as a page."""
        params, headers = request.query_params, request.headers
        language = language_of(params, headers)
        text = error.localized(translator(language))
        if wants_html(params, headers):
            page = pages.refusal(text, language=language, url=self.address(request))
            return _html(page, status, {})
        said = {"code": code, "type": code, "description": text}
        return _json(said, status, {}, media_type="application/json")


def _function(module: Any, kind: str) -> Callable[..., Any]:  # noqa: ANN401 (pygeoapi's module)
    functions: Mapping[str, Callable[..., Any]] = {
        "landing": module.core_api.landing_page,
        "conformance": module.core_api.conformance,
        "collections": module.core_api.describe_collections,
        "collection": module.core_api.describe_collections,
        "schema": module.core_api.get_collection_schema,
        "queryables": module.itemtypes_api.get_collection_queryables,
        "items": module.itemtypes_api.get_collection_items,
        "item": module.itemtypes_api.get_collection_item,
    }
    return functions[kind]


def _arguments(call: Call) -> tuple[str, ...]:
    name = (call.layer.name,) if call.layer else ()
    return (*name, call.key) if call.kind == "item" else name


def _plain(request: Request, call: Call) -> Request:
    """Return the request as pygeoapi reads it well: JSON, a plain language, no body."""
    own = {b"accept", b"accept-language", b"accept-encoding"}
    headers = [pair for pair in request.scope["headers"] if pair[0] not in own]
    headers += [(b"accept", b"application/json"),
                (b"accept-language", call.asked.language.encode())]  # fmt: skip
    fields = call.layer.fields if call.layer else {}
    given = request.query_params.multi_items()
    rest = [pair for pair in given if pair[0] not in OURS and pair[0] not in fields]
    query = urlencode(rest).encode()
    return Request({**request.scope, "headers": headers, "query_string": query}, _no_body)


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _finish(call: Call, answered: Response) -> Response:
    said = json.loads(bytes(answered.body))
    headers = _language(call)
    if "content-crs" in answered.headers and answered.status_code == HTTPStatus.OK:
        headers["Content-Crs"] = answered.headers["content-crs"]
    if answered.status_code != HTTPStatus.OK:
        if call.asked.is_html:
            page = pages.refusal(said["description"], language=call.asked.language, url=call.url)
            return _html(page, answered.status_code, headers)
        return _json(said, answered.status_code, headers, media_type="application/json")
    return _response(call, answered.status_code, headers, _completed(call, said))


def _language(call: Call) -> dict[str, str]:
    return {"Content-Language": call.asked.language}


def _response(call: Call, status: int, headers: dict[str, str], said: dict[str, Any]) -> Response:
    if call.asked.is_html:
        return _html(pages.page(call, said), status, headers)
    media_type = {"items": _GEOJSON, "item": _GEOJSON, "openapi": _OPENAPI,
                  "schema": "application/schema+json", "queryables": "application/schema+json",
                  "geojson": "application/schema+json",
                  }.get(call.kind, "application/json")  # fmt: skip
    packs = "gzip" in call.request.headers.get("accept-encoding", "")
    return _json(said, status, headers, media_type=media_type, packs=packs)


def _completed(call: Call, said: dict[str, Any]) -> dict[str, Any]:
    """Return pygeoapi's answer with what it lacks and without what is not there."""
    if call.kind == "conformance":
        said["conformsTo"] = sorted({*said["conformsTo"], *_CQL} - _NOT_OFFERED)
    if call.kind == "collections":
        known = layers(call.now)
        said["collections"] = [_described(call, one, known[one["id"]])
                               for one in said["collections"]]  # fmt: skip
    if call.layer is not None and call.kind == "collection":
        said = _described(call, said, call.layer)
    if call.layer is not None and call.kind in ("queryables", "schema"):
        own = {name: field.schema(call.asked.language) for name, field in call.layer.fields.items()}
        said["properties"] = {
            name: {**described, **own.get(name, {})}
            for name, described in said["properties"].items()
        }
    if "links" in said:
        said["links"] = kept(said["links"], url=call.url, is_html=call.asked.is_html)
    if call.layer is not None and call.kind in ("items", "item"):
        said["links"] += licensed(call.layer.licences)
    if call.layer is not None and call.kind == "items":
        others = [link for link in said["links"] if link["rel"] not in _OF_PAGE]
        said["links"] = [*_page_links(call, call.layer, said["numberMatched"]), *others]
    return said


def _described(call: Call, one: dict[str, Any], layer: Layer) -> dict[str, Any]:
    registry, language = call.now.atlas.registry, call.asked.language
    one["attribution"] = "; ".join(registry.attributions(layer.source_ids, language))
    one["links"] = kept(one["links"], url=call.url, is_html=call.asked.is_html)
    one["links"].append(described_by(f"{call.url}/collections/{layer.name}/geojson-schema"))
    return one


def _page_links(call: Call, layer: Layer, matched: int) -> list[dict[str, Any]]:
    params = call.request.query_params
    window = Window(
        offset=int(params.get("offset", 0)),
        limit=min(int(params.get("limit", DEFAULT_ITEMS)), MOST_ITEMS),
        matched=matched,
    )
    address = f"{call.url}/collections/{layer.name}/items"
    return of_page(address, params.multi_items(), window, is_html=call.asked.is_html)


def _json(
    said: dict[str, Any],
    status: int,
    headers: dict[str, str],
    *,
    media_type: str,
    packs: bool = False,
) -> Response:
    content = json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    all_headers = {**SAFE_HEADERS, "Cache-Control": "no-cache",
                   "Vary": "Accept, Accept-Language, Accept-Encoding", **headers}  # fmt: skip
    if packs and len(content) > _SMALL:
        content = gzip.compress(content, _PACKED, mtime=0)
        all_headers["Content-Encoding"] = "gzip"
    return Response(content, status, all_headers, media_type)


def _html(page: str, status: int, headers: dict[str, str]) -> Response:
    fixed = {**SAFE_HEADERS, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language"}
    return Response(page, status, {**fixed, **headers}, "text/html; charset=utf-8")

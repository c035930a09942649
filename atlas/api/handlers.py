"""What answers under ``/atlas/``: map data, assets, downloads, data package, health."""

from __future__ import annotations

from contextlib import suppress
from functools import partial, wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import xstatic.pkg.leaflet
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from atlas.api import warming
from atlas.api.body import FOR_EVER, REVALIDATE, Body
from atlas.api.responses import SAFE_HEADERS, fail, fail_with, language_of, respond
from atlas.api.routes import PREFIX
from atlas.current import current
from atlas.errors import AtlasError, ConfigError
from atlas.provenance import datapackage
from atlas.webmap.assets import bundle
from atlas.webmap.ground import ground_payload, stops_payload
from atlas.webmap.payload import spaces_payload, words_payload
from atlas.webmap.texts import config_payload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from atlas.current import Current, Snapshot
    from atlas.settings import Settings

    Handler = Callable[[Request], Awaitable[Response]]
    Find = Callable[[Snapshot, Request], tuple[str, Callable[[], object]]]

_LEAFLET: Final = Path(xstatic.pkg.leaflet.BASE_DIR)
_LEAFLET_FILES: Final = {
    "leaflet.js": "text/javascript",
    "leaflet.css": "text/css",
    "images/layers.png": "image/png",
    "images/layers-2x.png": "image/png",
    "images/marker-icon.png": "image/png",
    "images/marker-icon-2x.png": "image/png",
    "images/marker-shadow.png": "image/png",
}
_KEPT: Final = "spaces.json"
"""Follows from the table and the code alone, see `atlas.stored.kept`."""
_ASSET_TYPES: Final = {"map.js": "text/javascript", "map.css": "text/css"}


def handlers(settings: Settings) -> dict[str, Handler]:
    """Return what answers each path of `atlas.api.routes.PATHS`."""
    table = current(settings)
    data_dir = settings.data_dir
    payloads: dict[str, Find] = {
        "/map/spaces.json": lambda now, _: (
            _KEPT, lambda: spaces_payload(now.atlas.spaces, version=now.atlas.version)),
        "/map/words.json": lambda now, _: (
            "words", lambda: words_payload(now.words, version=now.atlas.version)),
        "/map/base.json": lambda now, _: ("base", lambda: ground_payload(now.atlas, data_dir)),
        "/map/stops.json": lambda _now, _: ("stops", lambda: stops_payload(data_dir)),
        "/map/config.json": lambda now, request: (
            f"config-{language_of(request)}",
            lambda: config_payload(now.atlas, language_of(request))),
        "/datapackage.json": lambda now, _: ("datapackage", lambda: _package(now)),
    }  # fmt: skip
    found: dict[str, Handler] = {
        path: partial(_payload, table, find) for path, find in payloads.items()
    }
    found["/map/spaces.json"] = partial(_spaces, table, payloads["/map/spaces.json"])
    found |= {f"/map/{name}": partial(_asset, name) for name in _ASSET_TYPES}
    found |= {
        "/leaflet/{path:path}": _leaflet,
        "/download/{format}": _later("atlas.api.download", "download", table),
        "/catalog.{ending}": partial(_catalogue, table),
        "/space/{space_id}": _later("atlas.api.space", "space", table),
        "/analysis/{name}": _later("atlas.api.analysis", "analysis", table),
        "/analysis/{page}/{name}": _later("atlas.api.indicators", "indicators", table),
        "/health": partial(_health, table),
        "/{path:path}": _missing,
    }
    return {path: _guarded(handler) for path, handler in found.items()}


def warm(settings: Settings) -> None:
    """Load the table; a fault is told by the first request that needs it."""
    with suppress(AtlasError):
        current(settings).snapshot()


def warm_answers(settings: Settings) -> None:
    """Compute what the first list stands on."""
    with suppress(AtlasError):
        _ = current(settings).snapshot().ranking("name")


def _warm_the_rest(table: Current) -> None:
    """Compute what the first text search stands on; keep what the next start needs."""
    with suppress(AtlasError):
        now = table.snapshot()
        _ = now.words
        table.keep()
        warming.begin(now)


def _guarded(handler: Handler) -> Handler:
    """Turn the errors of the atlas into answers that say what to do."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except AtlasError as error:
            return fail_with(request, 503, error)

    return answer


async def _payload(
    table: Current,
    find: Find,
    request: Request,
) -> Response:
    def make() -> Body:
        now = table.snapshot()
        name, build = find(now, request)
        return now.once(f"body {name}", lambda: _body(table, now, name, build))

    body = await run_in_threadpool(make)
    return respond(request, body, media_type="application/json")


async def _spaces(table: Current, find: Find, request: Request) -> Response:
    answer = await _payload(table, find, request)
    # The first map has what it needs: what comes later takes no time from it any more.
    answer.background = BackgroundTask(_warm_the_rest, table)
    return answer


def _body(table: Current, now: Snapshot, name: str, build: Callable[[], object]) -> Body:
    """Return the body ``name``; the one that takes longest is kept for the next start."""
    kept = table.kept(now) if name == _KEPT else None
    if kept is not None and (packed := kept.read(name)) is not None:
        return Body.of_packed(packed)
    body = Body.of_json(build())
    if kept is not None:
        kept.write(name, body.packed)
    return body


_FILES: dict[str, Body] = {}


def _file(name: str, read: Callable[[], bytes]) -> Body:
    if name not in _FILES:
        _FILES[name] = Body.of(read())
    return _FILES[name]


async def _asset(name: str, request: Request) -> Response:
    code = bundle(name)
    body = _file(name, code.text.encode)
    keep = FOR_EVER if request.query_params.get("v") == code.version else REVALIDATE
    return respond(request, body, media_type=_ASSET_TYPES[name], keep=keep)


async def _leaflet(request: Request) -> Response:
    # A closed list, not a folder: nothing else of the disk can be asked for.
    name = request.path_params["path"]
    if name not in _LEAFLET_FILES:
        return await _missing(request)
    body = _file(f"leaflet/{name}", (_LEAFLET / name).read_bytes)
    return respond(request, body, media_type=_LEAFLET_FILES[name], keep="public, max-age=86400")


async def _catalogue(table: Current, request: Request) -> Response:
    try:
        module = await run_in_threadpool(import_module, "atlas.api.catalogue")
    except ModuleNotFoundError as error:
        raise ConfigError(
            "Für die Katalogbeschreibung fehlt das Paket {package}.",
            hint='Mit pip install ".[service]" installieren.',
            package=error.name or "rdflib",
        ) from error
    answer: Response = await module.catalogue(table, request)
    return answer


def _later(module: str, name: str, table: Current) -> Handler:
    """
    Return what answers with a function of a module that is imported at the first request.

    Statistics, writers of files and pages without scripts bring libraries that the first
    map does not wait for.
    """

    async def answer(request: Request) -> Response:
        found = await run_in_threadpool(import_module, module)
        answered: Response = await getattr(found, name)(table, request)
        return answered

    return answer


async def _health(table: Current, _request: Request) -> Response:
    now = await run_in_threadpool(table.snapshot)
    said: dict[str, Any] = {
        "status": "ok",
        "version": now.atlas.version,
        "spaces": len(now.atlas.spaces),
        "rejects": len(now.atlas.rejects),
        "retrieved_on": now.atlas.retrieved_on.isoformat(),
        "prepared": warming.is_over(now),
    }
    return JSONResponse(said, headers={**SAFE_HEADERS, "Cache-Control": "no-store"})


def _package(now: Snapshot) -> dict[str, Any]:
    atlas = now.atlas
    return datapackage(
        atlas.registry, rows=len(atlas.spaces), retrieved_on=atlas.retrieved_on.isoformat()
    )


async def _missing(request: Request) -> Response:
    known: Sequence[str] = ("datapackage.json", "health", "download/csv")
    return fail(
        request,
        404,
        "Unter dieser Adresse gibt es nichts: {path}.",
        hint="Vorhanden sind zum Beispiel {known}.",
        path=request.url.path,
        known=", ".join(f"{PREFIX}/{name}" for name in known),
    )

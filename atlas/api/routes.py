"""
The routes under ``/atlas/``, ready before the table is.

Importing GeoPandas and reading the table takes longer than everything else at a start.
So the routes know only their paths; a thread prepares what answers them while the
server starts and the first browser loads the page.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount, Route

from atlas.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from concurrent.futures import Future

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from atlas.settings import Settings

    Handler = Callable[[Request], Awaitable[Response]]

PREFIX: Final = "/atlas"
PATHS: Final = (
    "/map/spaces.json",
    "/map/words.json",
    "/map/base.json",
    "/map/stops.json",
    "/map/config.json",
    "/map/map.js",
    "/map/map.css",
    "/datapackage.json",
    "/leaflet/{path:path}",
    "/download/{format}",
    "/catalog.{ending}",
    "/space/{space_id}",
    "/analysis/{name}",
    "/analysis/{page}/{name}",
    "/health",
    "/{path:path}",
)
"""Every path, the first that fits answers."""
OGC_PREFIX: Final = "/ogc"
_COLLECTION: Final = "/collections/{collection}"
OGC_PATHS: Final = {
    "": "landing",
    "/": "landing",
    "/openapi": "openapi",
    "/conformance": "conformance",
    "/collections": "collections",
    _COLLECTION: "collection",
    f"{_COLLECTION}/schema": "schema",
    f"{_COLLECTION}/queryables": "queryables",
    f"{_COLLECTION}/geojson-schema": "geojson",
    f"{_COLLECTION}/items": "items",
    f"{_COLLECTION}/items/{{item}}": "item",
    "/{path:path}": "missing",
}
"""Path under ``/ogc`` → what it asks for; pygeoapi is imported when the first is."""
_LOG: Final = logging.getLogger(__name__)
_CATCH_ALL: Final = "/{path:path}"


def routes(
    settings: Settings, *, modules: Sequence[str] = (), prepared: Callable[[], object] = bool
) -> list[BaseRoute]:
    """
    Return the routes for ``st.App(routes=…)``; begins to load the table of ``settings``.

    Parameters
    ----------
    modules
        Imported in the same thread, in this order: what the first page would wait for.
    prepared
        Called when everything is imported and the table is loaded, also after a failure.
    """
    with_one_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atlas-prepare")
    begun = with_one_thread.submit(_prepare, settings, modules, prepared)
    with_one_thread.submit(_warm_answers, settings)
    with_one_thread.shutdown(wait=False)
    served = [
        Route(
            path,
            _later(begun, settings, path),
            methods=["GET", "HEAD", "POST"] if path == _CATCH_ALL else ["GET", "HEAD"],
        )
        for path in PATHS
    ]
    return [Mount(PREFIX, routes=served), *_ogc_routes(begun, settings)]


def _ogc_routes(begun: Future[None], settings: Settings) -> list[BaseRoute]:
    return [
        Route(OGC_PREFIX + path, _ogc(begun, settings, kind), methods=["GET", "HEAD"])
        for path, kind in OGC_PATHS.items()
    ]


def _prepare(settings: Settings, modules: Sequence[str], prepared: Callable[[], object]) -> None:
    try:
        handlers = import_module("atlas.api.handlers")
        for name in modules:
            import_module(name)
        handlers.warm(settings)
    except Exception:  # noqa: BLE001 - an import can fail with anything
        # Whoever needs what failed tries again, meets the same error and shows it.
        _LOG.exception("not prepared")
    finally:
        prepared()


def _warm_answers(settings: Settings) -> None:
    import_module("atlas.api.handlers").warm_answers(settings)


@cache
def _handlers(settings: Settings) -> dict[str, Handler]:
    found: dict[str, Handler] = import_module("atlas.api.handlers").handlers(settings)
    return found


@cache
def _ogc_service(settings: Settings) -> Any:  # noqa: ANN401 (imported late)
    current = import_module("atlas.current").current(settings)
    return import_module("atlas.api.ogc").Service(current)


def _ogc(begun: Future[None], settings: Settings, kind: str) -> Handler:
    async def answer(request: Request) -> Response:
        await asyncio.wrap_future(begun)
        # In a thread: the import takes seconds, and the map must not wait for it.
        try:
            service = await run_in_threadpool(_ogc_service, settings)
        except ModuleNotFoundError as error:
            # What answers with sentences brings translations, which a start does not wait for.
            fail_with = import_module("atlas.api.responses").fail_with
            missing = ConfigError(
                "Für OGC API – Features fehlt das Paket {package}.",
                hint='Mit pip install ".[service]" installieren.',
                package=error.name or "pygeoapi",
            )
            told: Response = fail_with(request, 503, missing)
            return told
        answered: Response = await service.answer(request, kind)
        return answered

    return answer


def _later(begun: Future[None], settings: Settings, path: str) -> Handler:
    async def answer(request: Request) -> Response:
        await asyncio.wrap_future(begun)
        return await _handlers(settings)[path](request)

    return answer

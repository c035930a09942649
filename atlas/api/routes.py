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
from typing import TYPE_CHECKING, Final

from starlette.routing import Mount, Route

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
    "/analysis/{name}",
    "/analysis/{page}/{name}",
    "/health",
    "/{path:path}",
)
"""Every path, the first that fits answers."""
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
    return [Mount(PREFIX, routes=served)]


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


def _later(begun: Future[None], settings: Settings, path: str) -> Handler:
    async def answer(request: Request) -> Response:
        await asyncio.wrap_future(begun)
        return await _handlers(settings)[path](request)

    return answer

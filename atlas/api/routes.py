"""
The routes under ``/atlas/``, ready before the table is.

Importing GeoPandas and reading the table takes longer than everything else at a start.
So the routes know only their paths; a thread prepares what answers them while the
server starts and the first browser loads the page.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
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
    "/health",
    "/{path:path}",
)
"""Every path, the first that fits answers."""
_CATCH_ALL: Final = "/{path:path}"


def routes(
    settings: Settings, *, modules: Sequence[str] = (), imported: Callable[[], object] = bool
) -> list[BaseRoute]:
    """
    Return the routes for ``st.App(routes=…)``; begins to load the table of ``settings``.

    Parameters
    ----------
    modules
        Imported in the same thread: what the first page would wait for.
    imported
        Called when nothing is imported any more, also after a failure.
    """
    with_one_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="atlas-prepare")
    with_one_thread.submit(_import, ("atlas.api.handlers", *modules), imported)
    prepared = with_one_thread.submit(_prepare, settings)
    with_one_thread.submit(_warm_answers, settings)
    with_one_thread.shutdown(wait=False)
    served = [
        Route(
            path,
            _later(prepared, path),
            methods=["GET", "HEAD", "POST"] if path == _CATCH_ALL else ["GET", "HEAD"],
        )
        for path in PATHS
    ]
    return [Mount(PREFIX, routes=served)]


def _prepare(settings: Settings) -> dict[str, Handler]:
    module = import_module("atlas.api.handlers")
    module.warm(settings)
    found: dict[str, Handler] = module.handlers(settings)
    return found


def _import(modules: Sequence[str], imported: Callable[[], object]) -> None:
    try:
        for name in modules:
            import_module(name)
    finally:
        imported()  # whoever needs what failed meets the same error and shows it


def _warm_answers(settings: Settings) -> None:
    import_module("atlas.api.handlers").warm_answers(settings)


def _later(prepared: Future[dict[str, Handler]], path: str) -> Handler:
    async def answer(request: Request) -> Response:
        handlers = await asyncio.wrap_future(prepared)
        return await handlers[path](request)

    return answer

"""The catalogue entry under ``/atlas/catalog``, in three notations of RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from atlas.api.body import Body
from atlas.api.responses import fail, respond
from atlas.api.space import base_of
from atlas.linked.catalogue import SERIALIZATIONS, serialized
from atlas.linked.catalogue import catalogue as written

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from atlas.current import Current


async def catalogue(table: Current, request: Request) -> Response:
    """Return the catalogue entry in the notation of the ending."""
    ending = request.path_params["ending"]
    if ending not in SERIALIZATIONS:
        return fail(
            request, 404, "Das Format „{format}“ gibt es nicht.", hint="Möglich sind: {known}.",
            format=ending, known=", ".join(SERIALIZATIONS),
        )  # fmt: skip
    base = base_of(table, request)

    def make() -> Body:
        now = table.snapshot()
        # Not kept: the address is the client's, and writing takes a fraction of a second.
        return Body.of(serialized(written(now.atlas, table.settings, base=base), ending))

    body = await run_in_threadpool(make)
    return respond(request, body, media_type=SERIALIZATIONS[ending][1])

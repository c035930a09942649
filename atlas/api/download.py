"""Downloads of exactly what is filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from atlas.api.responses import SAFE_HEADERS, fail, language_of
from atlas.clock import today
from atlas.export import FORMATS, filename, write
from atlas.query import Filters, Order

if TYPE_CHECKING:
    from starlette.requests import Request

    from atlas.current import Current
    from atlas.export.files import FormatName


async def download(table: Current, request: Request) -> Response:
    """Return the spaces that the query parameters leave, in the order of the list."""
    asked = request.path_params["format"]
    if asked not in FORMATS:
        return fail(
            request,
            404,
            "Das Format „{format}“ gibt es nicht.",
            hint="Möglich sind: {known}.",
            format=asked,
            known=", ".join(FORMATS),
        )
    name = cast("FormatName", asked)
    content, file = await run_in_threadpool(_content, table, request, name)
    headers = {
        **SAFE_HEADERS,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{file}"',
    }
    return Response(content, media_type=FORMATS[name].media_type, headers=headers)


def _content(table: Current, request: Request, name: FormatName) -> tuple[bytes, str]:
    now = table.snapshot()
    params = {key: request.query_params.getlist(key) for key in request.query_params}
    filters = Filters.from_params(params)
    asked = request.query_params.get("sort", "")
    by: Order = next((order for order in get_args(Order) if order == asked), "name")
    rows = now.rows(filters, today=today(), by=by)
    language = language_of(request)
    content = write(
        now.atlas.spaces.iloc[rows], name, language=language, filters=filters, atlas=now.atlas
    )
    return content, filename(name, atlas=now.atlas)

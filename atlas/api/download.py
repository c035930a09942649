"""Downloads of exactly what is filtered, and of the package for planners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast, get_args

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from atlas.api.body import Body
from atlas.api.responses import SAFE_HEADERS, fail, language_of, respond
from atlas.clock import today
from atlas.export import FORMATS, filename, write
from atlas.export.bundle import ZIP_TYPE, files_per_licence, zipped
from atlas.export.planner import FILE, MEDIA_TYPE, planner_package
from atlas.query import Filters, Order

if TYPE_CHECKING:
    from starlette.requests import Request

    from atlas.current import Current
    from atlas.export.files import FormatName

_PER_LICENCE: Final = "per_licence"


async def download(table: Current, request: Request) -> Response:
    """Return the spaces that the query parameters leave, in the order of the list."""
    asked = request.path_params["format"]
    if asked == FILE:
        body = await run_in_threadpool(_planner, table, request)
        answer = respond(request, body, media_type=MEDIA_TYPE)
        answer.headers["Content-Disposition"] = _named(FILE)
        return answer
    if asked not in FORMATS:
        return fail(
            request,
            404,
            "Das Format „{format}“ gibt es nicht.",
            hint="Möglich sind: {known}.",
            format=asked,
            known=", ".join([*FORMATS, FILE]),
        )
    name = cast("FormatName", asked)
    content, file, media_type = await run_in_threadpool(_content, table, request, name)
    headers = {
        **SAFE_HEADERS,
        "Cache-Control": "no-cache",
        "Content-Disposition": _named(file),
    }
    return Response(content, media_type=media_type, headers=headers)


def _named(file: str) -> str:
    return f'attachment; filename="{file}"'


def _planner(table: Current, request: Request) -> Body:
    """Return the package, made once per table, language and day."""
    now, day, language = table.snapshot(), today(), language_of(request)

    def make() -> Body:
        return Body.of(planner_package(now.atlas, today=day, language=language))

    return now.answer((FILE, language, day), make)


def _content(table: Current, request: Request, name: FormatName) -> tuple[bytes, str, str]:
    now = table.snapshot()
    params = {key: request.query_params.getlist(key) for key in request.query_params}
    filters = Filters.from_params(params)
    asked = request.query_params.get("sort", "")
    by: Order = next((order for order in get_args(Order) if order == asked), "name")
    rows = now.atlas.spaces.iloc[now.rows(filters, today=today(), by=by)]
    language = language_of(request)
    file = filename(name, atlas=now.atlas)
    if _PER_LICENCE in request.query_params:
        parts = files_per_licence(rows, name, language=language, filters=filters, atlas=now.atlas)
        return zipped(parts, day=now.atlas.retrieved_on), f"{file}.zip", ZIP_TYPE
    content = write(rows, name, language=language, filters=filters, atlas=now.atlas)
    return content, file, FORMATS[name].media_type

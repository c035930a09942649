"""What the Hotspots page shows on its map and offers as files, under ``/atlas/analysis/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from atlas.analysis.asked import Asked
from atlas.api.body import Body
from atlas.api.figures import attraction_figure, map_figure
from atlas.api.responses import SAFE_HEADERS, fail, language_of, respond
from atlas.export.areas import AreaNotice, areas_csv, areas_gpkg, areas_xlsx
from atlas.webmap.areas import areas_payload
from atlas.webmap.hotspot_answer import answer, layer
from atlas.webmap.hotspot_words import Said, heads

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from atlas.current import Current, Snapshot
    from atlas.vocabulary import Language

AREAS: Final = "areas.json"
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def analysis(table: Current, request: Request) -> Response:
    """
    Return areas for the map, or a file: figure, table or layer of what the link asks.

    The parameters are those of the page, see `atlas.analysis.asked`; none of them fails.
    Everything is computed in a thread, once per question and version of the table.
    """
    name = request.path_params["name"]
    asked = Asked.from_params({key: request.query_params.getlist(key)
                               for key in request.query_params})  # fmt: skip
    language = language_of(request)
    if name == AREAS:
        body = await run_in_threadpool(_areas, table.snapshot, asked, language)
        return respond(request, body, media_type="application/json")
    if name not in FILES:
        return fail(
            request, 404, "Die Datei „{name}“ gibt es nicht.", hint="Möglich sind: {known}.",
            name=name, known=", ".join((AREAS, *FILES)),
        )  # fmt: skip
    media_type, write = FILES[name]
    content, date = await run_in_threadpool(_written, table.snapshot, write, asked, language)
    topic = "_".join(dict.fromkeys((asked.topic, asked.classed.removesuffix("_class"))))
    stem, _, ending = name.partition(".")
    offered = f"raumatlas-ruhr_{topic}_{stem}_{date}.{ending}"
    headers = {
        **SAFE_HEADERS,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{offered}"',
    }
    return Response(content, media_type=media_type, headers=headers)


def _areas(snapshot: Callable[[], Snapshot], asked: Asked, language: Language) -> Body:
    now = snapshot()

    def make() -> Body:
        return Body.of_json(areas_payload(layer(now, asked, language)))

    return now.answer(("areas.json", asked, language), make)


def _written(
    snapshot: Callable[[], Snapshot],
    write: Callable[[Snapshot, Asked, Language], bytes],
    asked: Asked,
    language: Language,
) -> tuple[bytes, str]:
    now = snapshot()
    return write(now, asked, language), now.atlas.retrieved_on.isoformat()


def _notice(now: Snapshot, asked: Asked, language: Language) -> AreaNotice:
    said = Said(asked, answer(now, asked), language)
    return AreaNotice.of(
        now.atlas, title=said.title, parameters=said.parameters(), language=language
    )


def _csv(now: Snapshot, asked: Asked, language: Language) -> bytes:
    return areas_csv(answer(now, asked).areas, _notice(now, asked, language))


def _xlsx(now: Snapshot, asked: Asked, language: Language) -> bytes:
    areas = answer(now, asked).areas
    return areas_xlsx(
        areas, _notice(now, asked, language), heads=heads(areas, language), language=language
    )


def _gpkg(now: Snapshot, asked: Asked, language: Language) -> bytes:
    notice = _notice(now, asked, language)
    return areas_gpkg(
        answer(now, asked).areas, notice, layer=asked.question.unit, language=language
    )


FILES: Final[dict[str, tuple[str, Callable[[Snapshot, Asked, Language], bytes]]]] = {
    "figure.png": ("image/png", lambda *given: map_figure(*given, kind="png")),
    "figure.svg": ("image/svg+xml", lambda *given: map_figure(*given, kind="svg")),
    "attraction.png": ("image/png", lambda *given: attraction_figure(*given, kind="png")),
    "attraction.svg": ("image/svg+xml", lambda *given: attraction_figure(*given, kind="svg")),
    "table.csv": ("text/csv; charset=utf-8", _csv),
    "table.xlsx": (_EXCEL, _xlsx),
    "layer.gpkg": ("application/geopackage+sqlite3", _gpkg),
}
"""Files by name: media type and what writes them."""

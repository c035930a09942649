"""What the pages Compare and Profile show on their map and offer as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast, get_args
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from atlas.analysis.texts import title
from atlas.api.body import Body
from atlas.api.figures import figure_file, layer_map
from atlas.api.responses import SAFE_HEADERS, fail, language_of, respond
from atlas.clock import today
from atlas.export.areas import AreaNotice, areas_gpkg
from atlas.export.figure_files import figures_csv, figures_xlsx
from atlas.figures import headed
from atlas.figures.answers import all_figures, metric_towns
from atlas.figures.notes import heading, notes
from atlas.figures.shown import CHARTS, PageName, Shown, shown
from atlas.i18n import translator
from atlas.webmap.areas import areas_payload
from atlas.webmap.indicator_areas import indicator_layer

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from atlas.analysis.choice import Choice
    from atlas.api.figures import Kind
    from atlas.current import Current, Snapshot
    from atlas.vocabulary import Language
    from atlas.webmap.areas import AreaLayer

    Write = Callable[[Snapshot, Shown, Language], bytes]

AREAS: Final = "areas.json"
_PAGES: Final = get_args(PageName)
_WIDTH: Final = 680
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def indicators(table: Current, request: Request) -> Response:
    """
    Return areas for the map, or a file: figure, table or layer of what the link asks.

    The parameters are those of the page, see `atlas.figures.shown`; none of them fails.
    """
    page, name = request.path_params["page"], request.path_params["name"]
    if page not in _PAGES or (name != AREAS and name not in FILES):
        return fail(
            request, 404, "Die Datei „{name}“ gibt es nicht.", hint="Möglich sind: {known}.",
            name=f"{page}/{name}",
            known=", ".join(f"{each}/{file}" for each in _PAGES for file in (AREAS, *FILES)),
        )  # fmt: skip
    params = {key: request.query_params.getlist(key) for key in request.query_params}
    language = language_of(request)

    def ask() -> tuple[Snapshot, Shown]:
        now = table.snapshot()
        asked = cast("PageName", page)
        return now, shown(now, asked, params, language=language, today=today())

    if name == AREAS:
        body = await run_in_threadpool(lambda: _areas(*ask(), language))
        return respond(request, body, media_type="application/json")
    media_type, write = FILES[name]

    def written() -> tuple[bytes, str]:
        now, asked = ask()
        return write(now, asked, language), now.atlas.retrieved_on.isoformat()

    content, date = await run_in_threadpool(written)
    stem, _, ending = name.partition(".")
    headers = {
        **SAFE_HEADERS,
        "Cache-Control": "no-cache",
        "Content-Disposition":
            f'attachment; filename="raumatlas-ruhr_{page}_{stem}_{date}.{ending}"',
    }  # fmt: skip
    return Response(content, media_type=media_type, headers=headers)


def _layer(now: Snapshot, choice: Choice, language: Language) -> AreaLayer:
    figures = all_figures(now, today=today()).municipality
    return indicator_layer(metric_towns(now), figures, choice, language)


def _areas(now: Snapshot, asked: Shown, language: Language) -> Body:
    # The same for all places: classes and colours come from the whole table.
    return now.answer(
        ("indicator areas", asked.choice, language, today()),
        lambda: Body.of_json(areas_payload(_layer(now, asked.choice, language))),
    )


def _notice(now: Snapshot, asked: Shown, language: Language) -> AreaNotice:
    question = urlencode(asked.params, doseq=True)
    parameters = [(translator(language)("Auswahl"), question)] if question else []
    return AreaNotice.of(now.atlas, title=asked.title, parameters=parameters, language=language)


def _chart(name: str, kind: Kind) -> Write:
    def write(now: Snapshot, asked: Shown, language: Language) -> bytes:
        drawn = asked.chart(name, language).properties(width=_WIDTH)
        told = [asked.title, *notes(name, asked.choice, language)]
        chart = headed(drawn, heading(name, asked.choice, language), told)
        return figure_file(chart, _notice(now, asked, language), language, kind)

    return write


def _map(kind: Kind) -> Write:
    def write(now: Snapshot, asked: Shown, language: Language) -> bytes:
        layer = _layer(now, asked.choice, language)
        chart = layer_map(layer, title=title(asked.choice, language), language=language)
        return figure_file(chart, _notice(now, asked, language), language, kind)

    return write


def _csv(now: Snapshot, asked: Shown, language: Language) -> bytes:
    return figures_csv(asked.figures, _notice(now, asked, language), language)


def _xlsx(now: Snapshot, asked: Shown, language: Language) -> bytes:
    return figures_xlsx(asked.figures, _notice(now, asked, language), language)


def _gpkg(now: Snapshot, asked: Shown, language: Language) -> bytes:
    notice = _notice(now, asked, language)
    return areas_gpkg(asked.layer(), notice, layer="figures", language=language)


FILES: Final[dict[str, tuple[str, Write]]] = {
    **{f"{name}.png": ("image/png", _chart(name, "png")) for name in CHARTS},
    **{f"{name}.svg": ("image/svg+xml", _chart(name, "svg")) for name in CHARTS},
    "map.png": ("image/png", _map("png")),
    "map.svg": ("image/svg+xml", _map("svg")),
    "table.csv": ("text/csv; charset=utf-8", _csv),
    "table.xlsx": (_EXCEL, _xlsx),
    "layer.gpkg": ("application/geopackage+sqlite3", _gpkg),
}
"""Files by name: media type and what writes them."""

"""How the routes answer: headers, ETag and compression, errors with a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.responses import HTMLResponse, JSONResponse, Response

from atlas.api.body import REVALIDATE
from atlas.errors import AtlasError
from atlas.i18n import translator
from atlas.text import escape
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from atlas.api.body import Body
    from atlas.vocabulary import Language

SAFE_HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def language_of(request: Request) -> Language:
    """Return the language asked for with ``lang``; German otherwise."""
    asked = request.query_params.get("lang", "")
    return next((language for language in LANGUAGES if language == asked), "de")


def respond(request: Request, body: Body, *, media_type: str, keep: str = REVALIDATE) -> Response:
    """Return ``body``, compressed if the client can, or 304 if it has it already."""
    headers = {**SAFE_HEADERS, "ETag": body.etag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if _has(request, body.etag):
        return Response(status_code=304, headers=headers)
    content = body.plain
    if "gzip" in request.headers.get("accept-encoding", "") and len(body.packed) < len(content):
        content = body.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)


def _has(request: Request, etag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    known = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return etag in known or "*" in known


def fail(
    request: Request, status: int, message: str, *, hint: str = "", **params: object
) -> Response:
    """
    Return an error that a person or a program can act on.

    Parameters
    ----------
    message, hint
        German message ids, see `atlas.errors.AtlasError`.
    """
    return fail_with(request, status, AtlasError(message, hint=hint, **params))


def fail_with(request: Request, status: int, error: AtlasError) -> Response:
    """Return ``error`` as a small page if the client asks for HTML, else as JSON."""
    language = language_of(request)
    translate = translator(language)
    headers = {**SAFE_HEADERS, "Cache-Control": "no-store"}
    if "text/html" in request.headers.get("accept", ""):
        page = _PAGE.format(
            language=language,
            title=escape(translate("Das hat nicht geklappt")),
            text=escape(error.localized(translate)),
            back=escape(translate("Zurück zum Raumatlas")),
        )
        return HTMLResponse(page, status_code=status, headers=headers)
    said: dict[str, Any] = {"error": translate(error.message).format(**error.params)}
    if error.hint:
        said["hint"] = translate(error.hint).format(**error.params)
    return JSONResponse(said, status_code=status, headers=headers)


_PAGE: Final = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title>'
    '<body style="font:17px/1.5 system-ui,sans-serif;max-width:36rem;margin:10vh auto;'
    'padding:0 1rem"><h1 style="font-size:1.4rem">{title}</h1><p>{text}</p>'
    '<p><a href="../..">{back}</a></p></body></html>'
)

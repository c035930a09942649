"""
Streamlit's own page and scripts, answered without its file server.

A visit asks for some hundred small files. Streamlit's file server hands each one to threads
several times, and each time waits for whatever else runs, which at a start are the imports.
The names of these files carry a hash of their content, so they are answered here as they
lie on the disk. The page also names at once the scripts that ours will ask for later.
"""

from __future__ import annotations

import mimetypes
from functools import cache
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from atlas.api.body import FOR_EVER, REVALIDATE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

LATER: Final = (
    "Html", "purify.es", "BidiComponent", "_arrayReduce", "serialization", "recordbatch",
    "ButtonGroup", "WidgetLabel", "styled-components", "WidgetLabelHelpIconInline",
    "useBasicWidgetState", "ComponentInstance", "IFrameUtil", "urls", "withCalculatedWidth",
    "TextInput", "Input", "TextField", "Autocomplete", "useFormValidation", "useTextField",
    "useField", "useFormReset", "ErrorOutline.esm", "Cancel.esm", "WidgetLabelHelpIcon",
    "InputInstructions", "inputUtils", "useDebouncedCallback", "requiredField",
    "useUpdateUiValue",
)  # fmt: skip
"""Scripts of Streamlit that it loads when the first message names their element."""
_TYPES: Final = {".woff2": "font/woff2", ".js": "text/javascript", ".css": "text/css"}
_CONDITIONAL: Final = frozenset({b"range", b"if-none-match", b"if-modified-since"})


@cache
def _files(folder: Path) -> Mapping[str, Path]:
    """Return address → file; a closed list, so nothing else of the disk can be asked for."""
    found = (folder / "static").rglob("*.*")
    return {f"/{path.relative_to(folder).as_posix()}": path for path in found}


class Shell:
    """
    Middleware for ``st.App``: answers the scripts, styles and fonts of Streamlit.

    Parameters
    ----------
    app
        Answers everything else, also what is asked for in part.
    folder
        Where Streamlit's ``index.html`` lies.
    """

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self.app = app
        self.folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        file = self._asked(scope)
        if file is None:
            await self.app(scope, receive, send)
            return
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        # A read from the page cache takes less time than handing it to a thread.
        answer = Response(file.read_bytes(), media_type=kind, headers={"Cache-Control": FOR_EVER})
        await answer(scope, receive, send)

    def _asked(self, scope: Scope) -> Path | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        if any(name in _CONDITIONAL for name, _ in scope["headers"]):
            return None
        return _files(self.folder).get(scope["path"])


@cache
def _page(folder: Path) -> str:
    page = (folder / "index.html").read_text("utf-8")
    names = sorted(
        path.name
        for path in (folder / "static" / "js").glob("*.js")
        if path.name.rsplit(".", 2)[0] in LATER and f"/{path.name}" not in page
    )
    # Low: what Streamlit asks for before its first message must not queue behind them.
    link = '<link rel="modulepreload" fetchpriority="low" crossorigin href="./static/js/{}">'
    links = "".join(map(link.format, names))
    return page.replace("</head>", f"{links}</head>", 1)


def first_page(folder: Path) -> Route:
    """Return the route of the map page: Streamlit's, which names the later scripts at once."""

    async def answer(_request: Request) -> Response:
        return HTMLResponse(_page(folder), headers={"Cache-Control": REVALIDATE})

    return Route("/", answer, methods=["GET"])

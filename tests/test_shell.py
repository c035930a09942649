"""Streamlit's page and scripts as we answer them, and connections that answer at once."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import httpx
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.protocols.websockets import websockets_sansio_impl

from atlas.api import Shell, first_page, quick_connections
from atlas.api.shell import LATER

STATIC = Path(st.__file__).parent / "static"
SCRIPT = next((STATIC / "static" / "js").glob("index.*.js"))


def get(path: str, **headers: str) -> httpx.Response:
    """Ask an app that answers "theirs" to everything that the shell hands on."""
    rest = Route("/{path:path}", lambda _request: PlainTextResponse("theirs"))
    app = Starlette(
        routes=[first_page(STATIC), rest], middleware=[Middleware(Shell, folder=STATIC)]
    )

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://atlas") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def test_a_script_of_streamlit_is_served_whole_and_kept_for_ever() -> None:
    answer = get(f"/static/js/{SCRIPT.name}")
    assert answer.content == SCRIPT.read_bytes()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("kind", ["css", "woff2"])
def test_styles_and_fonts_have_their_type(kind: str) -> None:
    file = next(STATIC.rglob(f"*.{kind}"))
    answer = get(f"/{file.relative_to(STATIC).as_posix()}")
    assert answer.headers["content-type"].split(";")[0] in {"text/css", "font/woff2"}


@pytest.mark.parametrize(
    "path",
    ["/static/js/unknown.js", "/static/../index.html", "/static/%2e%2e/index.html", "/static/",
     "/index.html", "/orte"],
)  # fmt: skip
def test_nothing_but_the_scripts_of_streamlit_is_read_from_the_disk(path: str) -> None:
    assert get(path).text == "theirs"


@pytest.mark.parametrize("header", ["Range", "If-None-Match", "If-Modified-Since"])
def test_who_asks_for_a_part_or_a_change_is_answered_by_streamlit(header: str) -> None:
    assert get(f"/static/js/{SCRIPT.name}", **{header: "bytes=0-1"}).text == "theirs"


def test_the_first_page_is_streamlits_and_names_the_later_scripts() -> None:
    answer = get("/")
    assert answer.headers["cache-control"] == "no-cache"
    theirs = (STATIC / "index.html").read_text("utf-8")
    added = [line for line in answer.text.splitlines() if line not in theirs.splitlines()]
    assert len(added) == 1
    assert answer.text.replace(added[0], "  </head>") == theirs
    names = [part.split('"')[0] for part in added[0].split("./static/js/")[1:]]
    assert all((STATIC / "static" / "js" / name).is_file() for name in names)
    assert "ComponentInstance" in {name.split(".")[0] for name in names}
    # Streamlit's own first questions must not wait for them.
    assert added[0].count("<link") == added[0].count('fetchpriority="low"') == len(names)


def test_every_later_script_still_exists_in_this_streamlit() -> None:
    there = {path.name.rsplit(".", 2)[0] for path in (STATIC / "static" / "js").glob("*.js")}
    assert set(LATER) <= there


async def _nagle_is_off(*, hook: bool) -> bool:
    """Accept a connection on a socket made as Streamlit makes it."""
    found: list[bool] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        found.append(bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    async def serve() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = await asyncio.start_server(accept, sock=listening)
            async with server:
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                await reader.read()
                writer.close()
                await writer.wait_closed()

    if hook:
        async with quick_connections(None):
            await serve()
    else:
        await serve()
    return found == [True]


@pytest.mark.enable_socket
def test_answers_leave_at_once() -> None:
    assert asyncio.run(_nagle_is_off(hook=True))


@pytest.mark.enable_socket
def test_without_us_they_would_wait() -> None:
    # When this fails, Streamlit's way of making a socket has become harmless here.
    assert not asyncio.run(_nagle_is_off(hook=False))


def _window() -> int:
    """Return what uvicorn offers for a new connection, asked as uvicorn asks."""
    factory = websockets_sansio_impl.ServerPerMessageDeflateFactory(
        server_max_window_bits=12, client_max_window_bits=12, compress_settings={"memLevel": 5}
    )
    return factory.server_max_window_bits


def test_a_connection_remembers_more_than_one_click() -> None:
    async def inside() -> int:
        async with quick_connections(None):
            return _window()

    assert asyncio.run(inside()) == 15
    assert _window() == 12, "the companion: without us it forgets"

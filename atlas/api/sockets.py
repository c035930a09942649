"""
Answers leave at once, and a connection remembers what it has sent.

Streamlit binds its socket itself and asyncio switches Nagle's algorithm off only for
sockets that it made from an address (uvicorn issue 3149). With it each small file waits
some 40 ms for the browser's delayed acknowledgement, and a page asks for a hundred.

uvicorn lets the compression of a websocket look back 4 kB (RFC 7692), less than one
filter click of the app: each click repeats what the one before it said. With 32 kB a
click is a third as long (docs/performance.md); a connection needs some 120 kB more memory.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.websockets import websockets_sansio_impl as websockets

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

WINDOW_BITS: Final = 15
"""The largest that RFC 7692 allows."""
_FACTORY: Final = "ServerPerMessageDeflateFactory"


@asynccontextmanager
async def quick_connections(_app: object) -> AsyncGenerator[None, None]:
    """Serve ``st.App(lifespan=…)`` with Nagle's algorithm off and the largest window."""
    loop = asyncio.get_running_loop()
    create = loop.create_server
    compression = getattr(websockets, _FACTORY)

    def wide_compression(**options: object) -> object:
        return compression(**{**options, "server_max_window_bits": WINDOW_BITS})

    async def create_server(*args: Any, **options: Any) -> asyncio.Server:  # noqa: ANN401
        _switch_off(options.get("sock"))
        return await create(*args, **options)

    # Of this loop alone. The server is created after the lifespan has begun.
    loop.create_server = create_server  # type: ignore[method-assign]
    setattr(websockets, _FACTORY, wide_compression)
    try:
        yield
    finally:
        setattr(websockets, _FACTORY, compression)


def _switch_off(listening: socket.socket | None) -> None:
    """Set the option on the listening socket: accepted ones inherit it."""
    if listening is not None and listening.family in {socket.AF_INET, socket.AF_INET6}:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

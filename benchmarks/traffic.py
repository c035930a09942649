"""
Counts what travels between browser and server: bytes on the wire, both ways.

The browser's own tools tell the length of a message before compression, so a proxy in
between counts instead: compressed frames, their headers, and HTTP as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 65_536


class Proxy:
    """Passes every connection on to a port of this machine; ``total`` is what it has passed."""

    def __init__(self, port: int) -> None:
        self.total = 0
        self.port = 0
        self._target = port

    async def serve(self, ready: threading.Event) -> None:
        """Listen on a free port until cancelled."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await asyncio.Event().wait()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(CHUNK):
                self.total += len(chunk)
                writer.write(chunk)
                await writer.drain()
        writer.close()


@contextlib.contextmanager
def proxy(port: int) -> Iterator[Proxy]:
    """Run a proxy before ``port`` in a thread of its own."""
    counting = Proxy(port)
    ready = threading.Event()
    loop = asyncio.new_event_loop()

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        for rest in asyncio.all_tasks(loop):  # connections that a browser left open
            rest.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                loop.run_until_complete(rest)
        loop.close()

    task = loop.create_task(counting.serve(ready))
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield counting
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()

"""The service in a process of its own, for clients that hold the interpreter while they wait."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SERVER = """
import sys
import uvicorn
from starlette.applications import Starlette
from atlas.api import routes
from atlas.settings import Settings

app = Starlette(routes=routes(Settings()))
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""
PATIENCE_S = 60


@contextlib.contextmanager
def served(data_dir: Path, log: Path) -> Iterator[str]:
    """Serve the routes over ``data_dir`` on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "ATLAS_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)}
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(port)],
            stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=ROOT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/ogc/collections", server, log)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            with urllib.request.urlopen(url, timeout=10):  # noqa: S310 - http, built above
                return
        except OSError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.05)
    raise TimeoutError(log.read_text())

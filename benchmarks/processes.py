"""The processes of a measurement: a server on a free port, and where the browser is."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SERVER = ROOT / "benchmarks" / "variants" / "server.py"
APP = ROOT / "app.py"


def chromium() -> str:
    """Return the path of the browser."""
    found = os.environ.get("ATLAS_CHROMIUM") or shutil.which("chromium")
    if not found:
        sys.exit("No Chromium: install it or set ATLAS_CHROMIUM.")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(
    variant: str, data_dir: Path, app: Path = SERVER, *, cache: Path | None = None
) -> Iterator[tuple[str, float]]:
    """Run the app; yield its address and the time at which the process was started."""
    port = free_port()
    env = {**os.environ, "BENCH_VARIANT": variant, "ATLAS_DATA_DIR": str(data_dir)}
    if cache is not None:
        env["ATLAS_CACHE_DIR"] = str(cache)
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless", "true"]
    command += ["--server.port", str(port), "--browser.gatherUsageStats", "false"]
    command += ["--client.showErrorDetails", "full"]
    started = time.time()
    process = subprocess.Popen(
        command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/_stcore/health")
        yield address, started
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url: str, limit_s: float = 60) -> None:
    """Ask ``url`` until it answers."""
    end = time.monotonic() + limit_s
    while True:
        try:
            urllib.request.urlopen(url, timeout=2)  # noqa: S310 (loopback)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return

"""Starting the app: the real server, the right file, and a clear word when something is missing."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from atlas import cli, serving
from atlas.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(url: str, *, limit_s: float = 60) -> str:
    end = time.monotonic() + limit_s
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as response:  # noqa: S310 (loopback)
                return response.read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.mark.slow
def test_serve_serves_pages_and_data_from_any_folder(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "atlas", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        try:
            assert '"status":"ok"' in answer(f"http://localhost:{port}/atlas/health")
            assert "<html" in answer(f"http://localhost:{port}/orte")
        finally:
            process.terminate()
    with pytest.raises(OSError, match="refused"):
        answer(f"http://localhost:{port}/atlas/health", limit_s=0)


def test_everything_the_app_needs_is_installed_here() -> None:
    assert serving.missing() == []


def test_a_missing_package_is_named_with_the_command_that_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "_NEEDED", ("streamlit", "no_such_package"))
    monkeypatch.setattr(serving, "may_install", lambda: False)
    assert serving.missing() == ["no_such_package"]
    with pytest.raises(ConfigError, match=r"no_such_package.*--require-hashes"):
        serving.install()
    result = CliRunner().invoke(cli.app, ["serve"])
    assert result.exit_code == cli.USAGE
    assert "no_such_package" in result.output


def test_what_is_installed_is_the_locked_set_with_hashes() -> None:
    command = serving.install_command()
    assert "--require-hashes" in command
    assert Path(command[-1]) == ROOT / "requirements-app.lock"
    assert "streamlit==" in Path(command[-1]).read_text("utf-8")


def test_the_app_is_found_in_the_checkout_else_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert serving.app_file() == ROOT / "app.py"
    monkeypatch.setattr(serving, "PACKAGE", tmp_path / "site" / "atlas")
    assert serving.app_file() == tmp_path / "site" / "atlas" / "app.py"

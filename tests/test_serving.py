"""Starting the app: the real server, the right file, and a clear word when something is missing."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from atlas import cli, serving
from atlas.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands that would have been run: this process must not become a server."""
    commands: list[list[str]] = []

    def serve(*words: object, **_options: object) -> None:
        commands.append(words[-1])
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", serve)
    monkeypatch.setattr(subprocess, "run", serve)  # where no process can become another
    return commands


@pytest.mark.parametrize(
    "host", ["999.1.1.1", "nix.invalid", "192.0.2.17", "2001:db8::17", "a..b", "unix:///tmp/x"]
)
def test_an_address_that_is_not_here_is_told_with_the_next_step(
    asked: list[list[str]], host: str
) -> None:
    result = CliRunner().invoke(cli.app, ["serve", "--host", host, "--port", str(free_port())])
    assert asked == []
    assert result.exit_code == cli.USAGE, result.exception
    assert f"„{host}“ ist keine Adresse dieses Rechners." in result.output
    assert "--host 0.0.0.0" in result.output


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_told_with_another(asked: list[list[str]], taken: int) -> None:
    result = CliRunner().invoke(cli.app, ["serve", "--port", str(taken)])
    assert asked == []
    assert result.exit_code == cli.USAGE
    assert f"Port {taken} ist belegt" in result.output
    assert f"--port {taken + 1}" in result.output


@pytest.mark.parametrize(("language", "said"), [("en_GB", "is taken"), ("de_DE", "ist belegt")])
def test_the_command_speaks_the_language_of_the_environment(
    taken: int, language: str, said: str
) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "atlas", "serve", f"--port={taken}"], check=False,
        capture_output=True, text=True, env={**os.environ, "LANGUAGE": language},
    )  # fmt: skip
    assert result.returncode == cli.USAGE
    assert f"Port {taken} {said}" in result.stderr


@pytest.mark.parametrize(
    ("error", "expected"),
    [(PermissionError(errno.EACCES, "x"), "--port 8501"),
     (OSError(errno.ENOSPC, "x"), "kein Platz"),
     (OSError(errno.EADDRINUSE, "x"), "--port 1024")],
)  # fmt: skip
def test_what_else_can_be_wrong_with_an_address_is_told(
    monkeypatch: pytest.MonkeyPatch, error: OSError, expected: str
) -> None:
    def refuse(*_words: object) -> None:
        raise error

    monkeypatch.setattr(serving.socket.socket, "listen", refuse)
    with pytest.raises(ConfigError, match=expected):
        serving.check_address(port=65535, host="127.0.0.1")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0.0.0.0"])  # noqa: S104 (a moment)
def test_a_free_address_is_served(asked: list[list[str]], host: str) -> None:
    """The companion: the check holds on to nothing and refuses nothing that works."""
    port = free_port()
    for _ in range(2):
        serving.check_address(port=port, host=host)
    CliRunner().invoke(cli.app, ["serve", "--host", host, "--port", str(port)])
    assert [command[4] for command in asked] == [str(serving.app_file())]

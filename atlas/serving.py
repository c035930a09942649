"""Starting the app: which file, which command, and what it needs installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError
from atlas.settings import PACKAGE, Settings

if TYPE_CHECKING:
    from pathlib import Path

LOCK_FILE: Final = "requirements-app.lock"
_NEEDED: Final = ("streamlit", "streamlit_folium", "folium", "xstatic")


def _of_this_installation(name: str) -> Path:
    """Return a file of the checkout, else its copy that travels in the wheel."""
    checkout = PACKAGE.parent
    is_checkout = (checkout / name).is_file() and (checkout / "pyproject.toml").is_file()
    return (checkout if is_checkout else PACKAGE) / name


def app_file() -> Path:
    """Return ``app.py`` of the checkout, else the copy that travels in the wheel."""
    return _of_this_installation("app.py")


def serve_command(file: Path, *, port: int, host: str) -> list[str]:
    """Return the command that serves ``file``."""
    return [
        sys.executable, "-m", "streamlit", "run", str(file),
        "--server.port", str(port), "--server.address", host,
        "--browser.gatherUsageStats", "false",
    ]  # fmt: skip


def settings() -> Settings:
    """Return the settings of a server, or end this process with a sentence: nobody sees a page."""
    try:
        return Settings()
    except ConfigError as error:
        raise SystemExit(str(error)) from error


def missing() -> list[str]:
    """Return the packages of the extra ``app`` that are not installed."""
    return [name for name in _NEEDED if importlib.util.find_spec(name) is None]


def may_install() -> bool:
    """Return whether this Python is a virtual environment, where we may add packages."""
    return sys.prefix != sys.base_prefix


def install_command() -> list[str]:
    """Return the command that installs the locked packages of the app, each with its hash."""
    lock = _of_this_installation(LOCK_FILE)
    return [sys.executable, "-m", "pip", "install", "--require-hashes", "-r", str(lock)]


def install() -> None:
    """
    Install what the app needs.

    Raises
    ------
    ConfigError
        If it cannot be installed here; says what to do instead.
    """
    # Both commands are our own: this interpreter and a file of this installation.
    if not may_install() or subprocess.run(install_command(), check=False).returncode:  # noqa: S603
        raise ConfigError(
            "Es fehlt: {packages}.",
            hint="In einer virtuellen Umgebung ausführen: {command}",
            packages=", ".join(missing()),
            command=" ".join(install_command()),
        )


def serve(*, port: int, host: str) -> int:
    """Serve the app until it is stopped; return its exit code."""
    command = serve_command(app_file(), port=port, host=host)
    if os.name == "posix":
        # Become the server instead of starting it: whoever stops us stops it.
        os.execv(command[0], command)  # noqa: S606 - see install
    return subprocess.run(command, check=False).returncode  # noqa: S603 - see install

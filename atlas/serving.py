"""Starting the app: which file, which command, and what it needs installed."""

from __future__ import annotations

import errno
import importlib.util
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError, why
from atlas.settings import PACKAGE, Settings

if TYPE_CHECKING:
    from pathlib import Path

LOCK_FILE: Final = "requirements-app.lock"
_LAST_PORT: Final = 65535
_OPEN_PORTS: Final = 1024  # those below are for the administrator
_NOT_OURS: Final = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
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


def check_address(*, port: int, host: str) -> None:
    """
    Listen for a moment where the server is going to, in the way it does.

    Raises
    ------
    ConfigError
        If nobody can listen there; says where to instead.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            if os.name == "posix":  # elsewhere it would share the port with whoever has it
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except (OSError, UnicodeError) as error:  # the second: a name that cannot be one
        raise _refused(error, port=port, host=host) from error


def _refused(error: Exception, *, port: int, host: str) -> ConfigError:
    reason = error.errno if isinstance(error, OSError) else None
    if reason == errno.EADDRINUSE:
        return ConfigError(
            "Port {port} ist belegt: dort antwortet schon ein Programm.",
            hint="Jenes beenden oder einen anderen nehmen: --port {other}",
            port=port,
            other=port + 1 if port < _LAST_PORT else _OPEN_PORTS,
        )
    if reason == errno.EACCES:
        return ConfigError(
            "Port {port} darf nur belegen, wer diesen Rechner verwaltet.",
            hint="Einen ab {first} nehmen, zum Beispiel --port 8501",
            port=port,
            first=_OPEN_PORTS,
        )
    if isinstance(error, (socket.gaierror, UnicodeError)) or reason in _NOT_OURS:
        return ConfigError(
            "„{host}“ ist keine Adresse dieses Rechners.",
            hint="Mit --host localhost nur von hier erreichbar, mit --host 0.0.0.0 im ganzen Netz.",
            host=host,
        )
    return ConfigError(
        "Auf {host}, Port {port}, lässt sich nicht hören ({reason}).",
        hint="Mit --host und --port etwas anderes angeben.",
        host=host,
        port=port,
        reason=why(error) if isinstance(error, OSError) else error,
    )


def serve(*, port: int, host: str) -> int:
    """
    Serve the app until it is stopped; return its exit code.

    Raises
    ------
    ConfigError
        If nobody can listen at that address.
    """
    check_address(port=port, host=host)
    command = serve_command(app_file(), port=port, host=host)
    if os.name == "posix":
        # Become the server instead of starting it: whoever stops us stops it.
        os.execv(command[0], command)  # noqa: S606 - see install
    return subprocess.run(command, check=False).returncode  # noqa: S603 - see install

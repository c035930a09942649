"""Versions of the stored table: which one counts, and what is in its files."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import geopandas as gpd
import pandas as pd

from atlas.errors import ConfigError, SourceFormatError
from atlas.report import BuildReport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

ReadT = TypeVar("ReadT")


class _Named(Protocol):
    @property
    def version(self) -> str: ...


NamedT = TypeVar("NamedT", bound=_Named)

POINTER: Final = "current.json"
TABLE: Final = "spaces.parquet"
GEOPACKAGE: Final = "spaces.gpkg"
REJECTS: Final = "rejects.parquet"
REVIEW: Final = "review.csv"
REPORT: Final = "report.json"
SOURCES: Final = "sources"


@dataclass(frozen=True)
class Stored:
    """
    A version of the stored table.

    Attributes
    ----------
    folder
        Where its files lie.
    version
        Sixteen hexadecimal digits that follow from the content.
    built_at
        When it became the current one (ISO, UTC), empty for an earlier version.
    previous
        The version that counted before; empty where nobody knows.
    """

    folder: Path
    version: str
    built_at: str = ""
    previous: str = ""

    @property
    def written(self) -> dt.datetime:
        """When the version was written last (UTC)."""
        return dt.datetime.fromtimestamp(self.folder.stat().st_mtime, dt.UTC)

    @property
    def is_whole(self) -> bool:
        """Whether every source of the version was read."""
        try:
            return self.report().is_whole
        except SourceFormatError:
            return False

    def spaces(self) -> gpd.GeoDataFrame:
        """
        Read the table.

        Returns
        -------
        spaces
            Points in EPSG:4326, ``None`` without coordinate; the schema's columns and
            ``contributions``; RangeIndex, ordered by ags, source and source_ref.

        Raises
        ------
        SourceFormatError
            If the file is damaged.
        """
        return self._read(TABLE, gpd.read_parquet).drop(columns="bbox", errors="ignore")

    def rejects(self) -> pd.DataFrame:
        """Return the problems of the rows set aside, with ``source``; errors as `spaces`."""
        return self._read(REJECTS, pd.read_parquet)

    def review(self) -> pd.DataFrame:
        """Return the pairs that a person has to judge; errors as `spaces`."""
        return self._read(REVIEW, lambda path: pd.read_csv(path, dtype="str"))

    def report(self) -> BuildReport:
        """Return the report; errors as `spaces`."""
        return self._read(REPORT, lambda path: BuildReport.from_json(path.read_text("utf-8")))

    def source(self, source_id: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """Return the checked rows and the rejects of one source, ``None`` if it had none."""
        if not (self.folder / SOURCES / f"{source_id}.parquet").is_file():
            return None
        rows = self._read(f"{SOURCES}/{source_id}.parquet", pd.read_parquet)
        rejects = self.rejects()
        return rows, rejects[rejects["source"] == source_id].reset_index(drop=True)

    def _read(self, name: str, read: Callable[[Path], ReadT]) -> ReadT:
        try:
            return read(self.folder / name)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SourceFormatError(
                "{source}: die Datei der gespeicherten Tabelle ist beschädigt oder fehlt "
                "({reason}).",
                source=f"{self.version}/{name}",
                hint="„atlas build“ noch einmal ausführen, oder den Ordner {folder} löschen; "
                "dann gilt wieder das Register.",
                folder=self.folder,
                reason=error,
            ) from error


def current(folder: Path) -> Stored | None:
    """
    Return the version that counts in ``folder``, ``None`` if nothing was built there.

    Raises
    ------
    SourceFormatError
        If the pointer is damaged or names a version that is not there.
    """
    pointer = folder / POINTER
    try:
        content = json.loads(pointer.read_text("utf-8"))
        version, built_at = content["version"], content["built_at"]
        dt.datetime.fromisoformat(built_at)
        stored = Stored(folder / version, version, built_at, content.get("previous", ""))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(pointer, error) from error
    if not (stored.folder / REPORT).is_file():
        raise _damaged(pointer, stored.version)
    return stored


def versions(folder: Path) -> list[Stored]:
    """Return the versions in ``folder``, the newest first."""
    found = [
        path.parent for path in folder.glob(f"*/{REPORT}") if not path.parent.name.startswith(".")
    ]
    newest = sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return [Stored(path, path.name) for path in newest]


def find(folder: Path, name: str) -> Stored | None:
    """
    Return a version by its name or the beginning of it, ``current`` or ``previous``.

    Returns
    -------
    stored
        ``None`` if there is none, or several begin so.
    """
    if name == "current":
        return current(folder)
    found = versions(folder)
    if name == "previous":
        counts = current(folder)
        before = [one for one in found if counts and one.version == counts.previous]
        return before[0] if before else None
    return one_of(found, name)


def one_of(found: Sequence[NamedT], name: str) -> NamedT | None:
    """Return the version that begins with ``name``; ``None`` if there is none, or several."""
    matching = [one for one in found if name and one.version.startswith(name)]
    return matching[0] if len(matching) == 1 else None


def no_version(name: str) -> ConfigError:
    """Return the error for a name that no version has, or several."""
    return ConfigError(
        "Mit {name} beginnt keine gespeicherte Tabelle, oder mehrere.",
        hint="„atlas versions“ zählt sie auf.",
        name=name,
    )


def _damaged(pointer: Path, reason: object) -> SourceFormatError:
    return SourceFormatError(
        "{source}: der Zeiger auf die gespeicherte Tabelle ist beschädigt ({reason}).",
        source=pointer.name,
        hint="„atlas build“ noch einmal ausführen, oder den Ordner {folder} löschen; dann gilt "
        "wieder das Register.",
        folder=pointer.parent,
        reason=reason,
    )

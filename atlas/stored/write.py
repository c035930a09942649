"""Storing a table: whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from atlas.errors import ExportError, SourceFormatError, why
from atlas.stored.versions import (
    GEOPACKAGE,
    POINTER,
    REJECTS,
    REPORT,
    REVIEW,
    SOURCES,
    TABLE,
    Stored,
    current,
    no_version,
    one_of,
    versions,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    import pandas as pd

    from atlas.report import BuildReport

KEPT_VERSIONS: Final = 6
"""Versions that stay on the disk, the current one included: for `atlas diff` and as an undo."""
_VERSION_LENGTH: Final = 16
_NEW: Final = ".new-"
_ABANDONED_S: Final = 3600
_ROW_GROUP: Final = 65_536


@dataclass(frozen=True)
class Content:
    """
    What a build hands over to be stored.

    Attributes
    ----------
    spaces
        As `Stored.spaces` returns them.
    geopackage
        The same as a file for GIS.
    rejects, review, report
        As `Stored` returns them.
    sources
        Registry id → checked rows of that source, before they were merged.
    """

    spaces: gpd.GeoDataFrame
    geopackage: bytes
    rejects: pd.DataFrame
    review: pd.DataFrame
    report: BuildReport
    sources: Mapping[str, pd.DataFrame]


def write(folder: Path, content: Content, *, now: dt.datetime) -> Stored:
    """
    Store a table and make it the current one.

    Equal content gives equal bytes and the same version. Older versions than the last
    `KEPT_VERSIONS` are deleted, after the new one counts.

    Raises
    ------
    ExportError
        If the folder cannot be written; the old table still counts.
    """
    with _refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        stored = _place(folder, content, built_at=now.isoformat(timespec="seconds"))
        _point_at(folder, stored)
        _tidy(folder, stored)
    return stored


@contextmanager
def _refused(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into an error of ours."""
    try:
        yield
    except OSError as error:
        raise ExportError(
            "{path}: die Tabelle ließ sich nicht speichern ({reason}); die alte gilt weiter.",
            hint="Ordner, Schreibrechte und freien Platz prüfen.",
            path=folder,
            reason=why(error),
        ) from error


def _before(folder: Path, version: str) -> str:
    """Return the version that counted before ``version``, empty if nobody knows."""
    try:
        found = current(folder)
    except SourceFormatError:
        return ""
    if found is None:
        return ""
    return found.previous if found.version == version else found.version


def _place(folder: Path, content: Content, *, built_at: str) -> Stored:
    part = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder))
    try:
        _write_files(part, content)
        version = _digest(part)
        target = folder / version
        # What lies there under this name may be damaged: only its content counts.
        if target.is_dir() and _digest(target) == version:
            os.utime(target)  # the same content again: it is the newest now
        else:
            shutil.rmtree(target, ignore_errors=True)
            part.chmod(0o755)  # mkdtemp's is private; the app may run as somebody else
            part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Stored(target, version, built_at)


def _write_files(folder: Path, content: Content) -> None:
    content.spaces.to_parquet(
        folder / TABLE, index=False, schema_version="1.1.0", write_covering_bbox=True,
        compression="zstd", row_group_size=_ROW_GROUP,
    )  # fmt: skip
    (folder / GEOPACKAGE).write_bytes(content.geopackage)
    content.rejects.to_parquet(folder / REJECTS, index=False)
    content.review.to_csv(folder / REVIEW, index=False, lineterminator="\n")
    (folder / SOURCES).mkdir()
    for source_id, rows in content.sources.items():
        rows.to_parquet(folder / SOURCES / f"{source_id}.parquet", index=False)
    # The report comes last: a folder with one is complete.
    (folder / REPORT).write_text(content.report.to_json(), "utf-8")
    for path in folder.rglob("*"):
        if path.is_file():
            _flush(path)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:_VERSION_LENGTH]


def _point_at(folder: Path, stored: Stored) -> None:
    content = {
        "version": stored.version,
        "built_at": stored.built_at,
        "previous": _before(folder, stored.version),
    }
    # A name of its own: two builds at once must not write into one file.
    handle, name = tempfile.mkstemp(prefix=_NEW, dir=folder)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(folder / POINTER)
    finally:
        part.unlink(missing_ok=True)


def _tidy(folder: Path, stored: Stored) -> None:
    found = [stored, *(one for one in versions(folder) if one.version != stored.version)]
    # Failed sources make versions too; the last good one is what they fall back on.
    good = next((one for one in found if one.is_whole), stored)
    for old in found[KEPT_VERSIONS:]:
        if old != good:
            shutil.rmtree(old.folder, ignore_errors=True)
    for left_over in folder.glob(f"{_NEW}*"):
        # Of a build that was killed; a younger one may be another build at work.
        if time.time() - left_over.stat().st_mtime > _ABANDONED_S:
            _remove(left_over)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def use(folder: Path, name: str, *, now: dt.datetime) -> Stored:
    """
    Make an earlier version the current one again; also where the pointer is damaged.

    Raises
    ------
    ConfigError
        If there is no such version, or several begin so.
    ExportError
        If the folder cannot be written.
    """
    found = one_of(versions(folder), name)
    if found is None:
        raise no_version(name)
    stored = Stored(found.folder, found.version, now.isoformat(timespec="seconds"))
    with _refused(folder):
        _point_at(folder, stored)
    return stored

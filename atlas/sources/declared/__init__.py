"""
Open data of others, read through a declared mapping: one TOML file per source.

``fetch`` touches the network, `parse` nothing, `read` the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.errors import ConfigError, SourceUnavailableError, why
from atlas.sources.declared.mapping import Mapping, load
from atlas.sources.declared.parse import Parsed, parse, registered

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from atlas.http import Client, Response
    from atlas.provenance import Registry

__all__ = [
    "Mapping",
    "Parsed",
    "fetch",
    "file_of",
    "is_there",
    "load",
    "parse",
    "read",
    "registered",
]


def fetch(mapping: Mapping, client: Client) -> Response:
    """
    Return the answer of a mapping's address: the file, and when it was retrieved.

    Raises
    ------
    ConfigError
        If the mapping names no address.
    SourceUnavailableError
        If it does not answer.
    """
    if not mapping.file.url:
        raise ConfigError(
            "Mapping „{source}“: es ist keine Adresse genannt.",
            hint="Mit [file] url die Adresse der Datei eintragen.",
            source=mapping.source,
        )
    return client.get(mapping.file.url, source=mapping.source)


def is_there(mapping: Mapping) -> bool:
    """Return whether a file that the mapping names lies in its folder."""
    path = mapping.file.path
    return bool(path) and any(found.is_file() for found in mapping.folder.glob(path))


def file_of(mapping: Mapping) -> Path:
    """
    Return the one file that a mapping means; the last by name if ``*`` fits several.

    Raises
    ------
    ConfigError
        If the mapping names no file.
    SourceUnavailableError
        If there is none of that name.
    """
    path = mapping.file.path
    if not path:
        raise ConfigError(
            "Mapping „{source}“: es ist keine Datei genannt.",
            hint="Mit [file] path die Datei nennen, oder sie beim Aufruf angeben.",
            source=mapping.source,
        )
    files = sorted(mapping.folder.glob(path)) if "*" in path else [mapping.folder / path]
    if not files:
        raise SourceUnavailableError(
            "{source}: keine Datei heißt {path}.", source=mapping.source,
            hint="Die Datei abrufen und dort ablegen: {url}", path=path,
            url=mapping.file.url or "–",
        )  # fmt: skip
    return files[-1]


def read(
    mapping: Mapping, *, registry: Registry, retrieved_on: dt.date, path: Path | None = None
) -> Parsed:
    """
    Read the file of a mapping.

    Parameters
    ----------
    path
        Another file than the mapping names.

    Raises
    ------
    ConfigError
        If registry and mapping do not agree.
    SourceUnavailableError
        If the file is missing or not readable.
    SourceFormatError
        If the file is not what the mapping says.
    """
    source = registered(mapping, registry)
    file = path or file_of(mapping)
    try:
        payload = file.read_bytes()
    except OSError as error:
        is_to_fetch = isinstance(error, FileNotFoundError) and path is None and mapping.file.url
        raise SourceUnavailableError(
            "{source}: die Datei {file} ist nicht lesbar ({reason}).", source=mapping.source,
            hint="Die Datei abrufen und dort ablegen: {url}" if is_to_fetch
            else "Pfad und Leserechte prüfen.",
            file=file.name or str(file), reason=why(error), url=mapping.file.url,
        ) from error  # fmt: skip
    return parse(payload, mapping=mapping, source=source, retrieved_on=retrieved_on)

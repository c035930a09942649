"""From an entry of the configuration to the module that reads it."""
# ruff: noqa: PLC0415 - a source's libraries are imported when it is built, and only then

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.clock import today
from atlas.errors import ConfigError, SourceUnavailableError
from atlas.schema import Intake

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import shapely

    from atlas.build.config import BuildConfig, SourceEntry
    from atlas.build.watch import Watch
    from atlas.http import Client
    from atlas.provenance import Source
    from atlas.settings import Settings
    from atlas.store import Base


@dataclass(frozen=True)
class Context:
    """
    What adapters may need besides their entry.

    Attributes
    ----------
    base
        Boundaries and sources.
    offline
        Whether sources are read from the cache only.
    accept_shrink
        Whether a source may have far fewer records than in the table before.
    """

    config: BuildConfig
    settings: Settings
    base: Base
    offline: bool
    watch: Watch
    accept_shrink: bool = False

    @property
    def region(self) -> shapely.Geometry:
        """The municipalities as one area, EPSG:4326."""
        region: shapely.Geometry = self.base.municipalities.union_all()
        return region

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the region, EPSG:4326."""
        west, south, east, north = self.base.municipalities.total_bounds
        return float(west), float(south), float(east), float(north)

    def client(self) -> Client:
        """Return a client for what has to be fetched; a context manager."""
        from atlas.http import Client

        return Client(self.settings, offline=self.offline, progress=self.watch)

    def file(self, entry: SourceEntry) -> Path:
        """Return the one file of ``entry``; raise `ConfigError` if it names several."""
        files = self.config.files(entry)
        if len(files) != 1:
            raise ConfigError(
                "Quelle „{source}“: {path} meint {n} Dateien, erwartet wird eine.",
                hint="In der Bauanleitung eine Datei nennen.",
                source=entry.id,
                path=entry.path,
                n=len(files),
            )
        return files[0]


def read(entry: SourceEntry, context: Context) -> Intake:
    """
    Read the records of a source.

    Raises
    ------
    SourceError
        If the source cannot be used as a whole.
    ConfigError
        If the entry is wrong, or a library of its adapter is not installed.
    """
    context.base.registry.get(entry.id)
    context.watch.step(entry.id)
    try:
        return _ADAPTERS[entry.adapter](entry, context)
    except ModuleNotFoundError as error:
        raise ConfigError(
            "Quelle „{source}“: die Bibliothek {module} ist nicht installiert.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[sources,osm]".',
            source=entry.id,
            module=error.name,
        ) from error


def origin(entry: SourceEntry, context: Context) -> str:
    """Return where a source comes from, without the folders of this machine."""
    source = context.base.registry.sources.get(entry.id)
    return entry.path or entry.url or (source.homepage if source else "")


def _source(entry: SourceEntry, context: Context) -> Source:
    """Return the registry entry, with the licence that was agreed for this delivery."""
    source = context.base.registry.get(entry.id)
    return dataclasses.replace(source, licence_published=entry.licence) if entry.licence else source


def _curated(entry: SourceEntry, context: Context) -> Intake:
    from atlas.sources import curated

    cells, faults = curated.read(context.file(entry))
    return Intake(cells=cells, faults=faults.assign(name="", column=""))


def _overpass(entry: SourceEntry, context: Context) -> Intake:
    from atlas.sources.osm import overpass

    source = _source(entry, context)
    if entry.path:
        return overpass.read(context.file(entry), source=source)
    with context.client() as client:
        url = entry.url or context.settings.overpass_url
        payload = overpass.fetch(client, context.region, url=url, source_id=entry.id)
    return overpass.parse(payload, source=source)


def _osm_extract(entry: SourceEntry, context: Context) -> Intake:
    from atlas.sources.osm import extract

    return extract.read(
        context.file(entry), source=_source(entry, context), region=context.region,
        progress=context.watch,
    )  # fmt: skip


def _wikidata(entry: SourceEntry, context: Context) -> Intake:
    from atlas.sources import wikidata

    source = _source(entry, context)
    if entry.path:
        path = context.file(entry)
        return wikidata.read(path, source=source, retrieved_on=_written_on(path, entry))
    with context.client() as client:
        answer = wikidata.fetch(
            client, context.bounds, context.base.municipalities["ags"],
            url=entry.url or context.settings.wikidata_url, source_id=entry.id,
        )  # fmt: skip
    day = answer.retrieved_at.astimezone().date()
    return wikidata.parse(answer.content, source=source, retrieved_on=day)


def _declared(entry: SourceEntry, context: Context) -> Intake:
    from atlas.sources import declared

    mapping = declared.load(context.file(entry))
    registry = context.base.registry
    # A file that lies there comes first: whoever put it there wants it to be read.
    if not mapping.file.url or declared.is_there(mapping):
        path = declared.file_of(mapping)
        return declared.read(
            mapping, registry=registry, retrieved_on=_written_on(path, entry), path=path
        ).intake
    with context.client() as client:
        answer = declared.fetch(mapping, client)
    return declared.parse(
        answer.content, mapping=mapping, source=declared.registered(mapping, registry),
        retrieved_on=answer.retrieved_at.astimezone().date(),
    ).intake  # fmt: skip


def _openimmo(entry: SourceEntry, context: Context) -> Intake:
    from atlas.sources import openimmo

    paths = context.config.files(entry)
    if not paths:
        raise SourceUnavailableError(
            "{source}: keine Datei heißt {path}.", source=entry.id, path=entry.path,
            hint="Die Datei ablegen oder path in der Bauanleitung berichtigen.",
        )  # fmt: skip
    return openimmo.read(
        paths, source=_source(entry, context), retrieved_on=_written_on(paths[-1], entry)
    )


def _reports(entry: SourceEntry, context: Context) -> Intake:
    from atlas.sources import reports

    path = context.file(entry)
    return reports.read(
        path, source=_source(entry, context), retrieved_on=_written_on(path, entry),
        default_type=entry.default_type,
    )  # fmt: skip


def _written_on(path: Path, entry: SourceEntry) -> dt.date:
    """Return when a file was retrieved: as the entry says, else when it was put there."""
    if entry.retrieved_on is not None:
        return entry.retrieved_on
    try:
        return dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()
    except OSError:
        return today()  # the adapter says what is wrong with the file


_ADAPTERS: Final[dict[str, Callable[[SourceEntry, Context], Intake]]] = {
    "curated": _curated,
    "overpass": _overpass,
    "osm_extract": _osm_extract,
    "wikidata": _wikidata,
    "declared": _declared,
    "openimmo": _openimmo,
    "reports": _reports,
}

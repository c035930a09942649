"""
OpenStreetMap, from an extract (``.osm.pbf``) of any size.

The file is streamed up to three times, and only what the tables of tags select is kept: what
has one of their keys, then the ways that belong to selected relations, then the positions of
the points of selected lines. Memory grows with what is selected, not with the file.

A file that is cut off exactly between two blocks is a valid file to every reader: only its
size tells. Other damage is found, and then nothing of the file is used.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from atlas.errors import ConfigError, SourceFormatError
from atlas.schema import Fault, Intake
from atlas.sources.files import unreadable
from atlas.sources.osm.outline import spot_of_lines
from atlas.sources.osm.rows import OSM_TYPES, Feature, intake
from atlas.sources.osm.stream import Stream

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from atlas.provenance import Source
    from atlas.sources.osm.outline import Spot
    from atlas.sources.osm.positions import Positions
    from atlas.sources.osm.stream import Progress, StoredObject

_WITHOUT_DAY: Final = (
    "{source}: die Datei nennt keinen Stand der Daten (osmosis_replication_timestamp)."
)


def read(
    path: Path,
    *,
    source: Source,
    region: shapely.Geometry | None = None,
    retrieved_on: dt.date | None = None,
    progress: Progress | None = None,
) -> Intake:
    """
    Read an extract.

    Parameters
    ----------
    path
        ``.osm.pbf``.
    source
        Entry of the registry.
    region
        Polygon or multipolygon, EPSG:4326: what lies elsewhere is no record. None takes all.
    retrieved_on
        Day of the data if the file does not tell it.

    Returns
    -------
    intake
        One row or fault per selected object, nodes before ways before relations, by number:
        the same cells as `atlas.sources.osm.overpass.parse` gives for the same objects.

    Raises
    ------
    SourceUnavailableError
        If the file cannot be read.
    SourceFormatError
        If it is damaged anywhere, no extract, or tells no date and none is given.
    ConfigError
        If pyosmium is not installed.
    """
    try:
        with path.open("rb") as file:
            is_empty = not file.read(1)
    except OSError as error:
        raise unreadable(path, error) from error
    if is_empty:
        raise _damaged(source.id, "leer")
    library = _library()
    stream = Stream(lambda: library.io.File(str(path), "pbf"), library, progress)
    return _intake(stream, source, region, retrieved_on)


def parse(
    payload: bytes,
    *,
    source: Source,
    region: shapely.Geometry | None = None,
    retrieved_on: dt.date | None = None,
) -> Intake:
    """Turn the bytes of an extract into rows; otherwise as `read`."""
    if not payload:
        raise _damaged(source.id, "leer")
    library = _library()
    stream = Stream(lambda: library.io.FileBuffer(payload, "pbf"), library, None)
    return _intake(stream, source, region, retrieved_on)


def _library() -> Any:  # noqa: ANN401 - a module
    try:
        import osmium  # noqa: PLC0415 - the extra is optional
    except ModuleNotFoundError as error:
        raise ConfigError(
            "Für Auszüge aus OpenStreetMap fehlt die Bibliothek {module}.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[osm]".',
            module=error.name,
        ) from error
    return osmium


def _damaged(source_id: str, reason: object) -> SourceFormatError:
    return SourceFormatError(
        "{source}: der Auszug ist beschädigt oder keine .osm.pbf-Datei ({reason}).",
        source=source_id,
        hint="Die Datei neu herunterladen und ihre Prüfsumme vergleichen.",
        reason=reason,
    )


def _intake(
    stream: Stream,
    source: Source,
    region: shapely.Geometry | None,
    retrieved_on: dt.date | None,
) -> Intake:
    try:
        day = stream.day() or retrieved_on
        objects = stream.selected()
        features = _located(objects, stream)
    except (RuntimeError, ValueError, OSError, MemoryError) as error:  # how pyosmium fails
        raise _damaged(source.id, error) from error
    if day is None:
        raise SourceFormatError(
            _WITHOUT_DAY, source=source.id, hint="Den Tag angeben, an dem der Auszug entstand."
        )
    ordered = sorted(features, key=lambda one: (OSM_TYPES.index(one.osm_type), one.osm_id))
    kept = ordered if region is None else [one for one in ordered if _touches(region, one)]
    faults = [Fault(len(kept) + place, "malformed", name)
              for place, name in enumerate(stream.unreadable, start=1)]  # fmt: skip
    return intake(enumerate(kept, start=1), faults, source=source, retrieved_on=day)


def _touches(region: shapely.Geometry, feature: Feature) -> bool:
    # What has no place cannot be told to lie elsewhere: it stays and becomes a fault.
    spot = feature.spot
    return spot is None or bool(shapely.intersects_xy(region, spot.lon, spot.lat))


def _located(objects: list[StoredObject], stream: Stream) -> list[Feature]:
    members = [member for one in objects for member in one.members]
    lines = stream.lines({member.ref for member in members if member.kind == "w"})
    refs = [*(one.points for one in objects), *lines.values(),
            array("q", [member.ref for member in members if member.kind == "n"])]  # fmt: skip
    numbers = np.unique(np.concatenate([np.frombuffer(part, dtype=np.int64) for part in refs]))
    positions = stream.positions(numbers)
    return [
        Feature(one.kind, one.number, one.tags, one.timestamp, _spot(one, lines, positions))
        for one in objects
    ]


def _spot(one: StoredObject, lines: Mapping[int, array[int]], positions: Positions) -> Spot | None:
    if one.kind == "node":
        return one.spot
    if one.kind == "way":
        return spot_of_lines([positions.line(one.points)])
    ways = [(member.role, positions.line(lines.get(member.ref, array("q"))))
            for member in one.members if member.kind == "w"]  # fmt: skip
    nodes = array("q", [member.ref for member in one.members if member.kind == "n"])
    inner = [line for role, line in ways if role == "inner"]
    outer = [line for role, line in ways if role != "inner"]
    return spot_of_lines(outer, inner, points=positions.line(nodes))

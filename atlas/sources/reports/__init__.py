"""
Vacancy reports of citizens, in the shape that Leerstandsmelder publishes.

GeoJSON of a layer, or CSV with the same names. Owners and reporters, and every text or
picture that somebody wrote or took, are never read: a row is made of named facts only.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from atlas.errors import SourceFormatError
from atlas.schema import Fault, Intake, intake_of
from atlas.schema.problems import shown
from atlas.sources import geojson, values
from atlas.sources.ending import cut_off, ends_in_a_line, open_quote
from atlas.sources.files import read_bytes
from atlas.sources.reports.row import Reading, Row, row_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from atlas.http import Client
    from atlas.provenance import Source

__all__ = ["Reading", "collect", "fetch", "parse", "read"]


def fetch(url: str, client: Client, *, source: Source) -> bytes:
    """
    Return a published layer.

    Raises
    ------
    SourceUnavailableError
        If the address does not answer.
    """
    content: bytes = client.get(url, source=source.id).content
    return content


def read(path: Path, *, source: Source, retrieved_on: dt.date, default_type: str = "") -> Intake:
    """
    Read a file of reports; otherwise as `parse`.

    Raises
    ------
    SourceUnavailableError
        If the file is missing or not readable.
    """
    payload = read_bytes(path)
    return parse(payload, source=source, retrieved_on=retrieved_on, default_type=default_type)


def parse(
    payload: bytes, *, source: Source, retrieved_on: dt.date, default_type: str = ""
) -> Intake:
    """
    Turn reports into rows.

    Parameters
    ----------
    payload
        GeoJSON FeatureCollection or CSV, UTF-8.
    default_type
        Type of a report that does not tell what the building is; without it such a
        report is a fault.

    Returns
    -------
    intake
        One row or fault per report, in the order of the file.

    Raises
    ------
    SourceFormatError
        If it is neither, or cut off.
    """
    rows, faults = collect(payload, Reading(source.id, retrieved_on, default_type))
    return intake_of(rows, faults, constants=values.constants(source, retrieved_on))


def collect(payload: bytes, reading: Reading) -> tuple[dict[int, Row], list[Fault]]:
    """Return what `parse` returns, before it becomes a table; raises the same errors."""
    is_json = payload.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    records = (_features if is_json else _lines)(payload, reading.source)
    rows: dict[int, Row] = {}
    faults: list[Fault] = []
    for position, record in enumerate(records, start=1):
        made = row_of(position, record, reading)
        if isinstance(made, Fault):
            faults.append(made)
        else:
            rows[position] = made
    return rows, [*faults, *_drop_repeated(rows)]


def _drop_repeated(rows: dict[int, Row]) -> list[Fault]:
    """Keep the youngest report of each key, the last of equally old ones."""
    oldest_first = sorted(rows, key=lambda at: (rows[at]["observed_on"] or "", at))
    stays = {rows[position]["source_ref"]: position for position in oldest_first}
    dropped = {position: rows.pop(position) for position in set(rows) - set(stays.values())}
    return [Fault(position, "repeated", row["name"] or "", "id", row["source_ref"] or "")
            for position, row in dropped.items()]  # fmt: skip


def _features(payload: bytes, source: str) -> Iterator[dict[str, str] | None]:
    for feature in geojson.feature_collection(payload, source=source)["features"]:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            yield None
            continue
        record = {name: values.text_of(value) for name, value in properties.items()}
        geometry = feature.get("geometry")
        pair = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if isinstance(pair, list) and len(pair) > 1:
            record |= {"lon": values.text_of(pair[0]), "lat": values.text_of(pair[1])}
        yield record


def _lines(payload: bytes, source: str) -> Iterator[dict[str, str] | None]:
    try:
        text = payload.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text),
                                strict=True))  # fmt: skip
    except (UnicodeDecodeError, csv.Error) as error:
        if "unexpected end of data" in str(error):
            raise open_quote(source) from error
        raise SourceFormatError(
            "{source}: die Datei ist kein vollständiges CSV in UTF-8 ({reason}).", source=source,
            hint="Die Datei noch einmal abrufen.", reason=shown(str(error)),
        ) from error  # fmt: skip
    header = [name.strip() for name in lines[0]] if lines else []
    if "id" not in header and "uuid" not in header:
        raise SourceFormatError(
            "{source}: die Spalte {column} fehlt in der Datei.", source=source,
            hint="Meldungen als GeoJSON oder CSV mit einer Spalte id abrufen.", column="id",
        )  # fmt: skip
    if len(lines) > 1 and len(lines[-1]) != len(header) and ends_in_a_line(text):
        raise cut_off(source)
    for cells in lines[1:]:
        if any(cells):
            is_whole = len(cells) == len(header)
            yield dict(zip(header, cells, strict=True)) if is_whole else None


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)

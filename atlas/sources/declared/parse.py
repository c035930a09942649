"""From the bytes of a file to what the source hands over, and what its mapping left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError, SourceFormatError
from atlas.schema import Fault, Intake, intake_of
from atlas.schema.problems import shown
from atlas.sources import values
from atlas.sources.declared import cells, features, place, table
from atlas.sources.declared.problems import close_to

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from atlas.provenance import Registry, Source
    from atlas.sources.declared.mapping import Mapping
    from atlas.sources.declared.table import Table

_READERS: Final[dict[str, Callable[[bytes, Mapping], Table]]] = {
    "csv": table.read_csv,
    "xlsx": table.read_xlsx,
    "geojson": features.read_geojson,
    "gpkg": features.read_vector,
    "shp": features.read_vector,
    "gml": features.read_vector,
}
_A_KEY: Final = 0.5  # a column that repeats more often than this is no key


Row = dict[str, str | None]


@dataclass(frozen=True)
class Mapped:
    """Rows and faults of a file by position, and what its mapping left behind."""

    rows: dict[int, Row]
    faults: list[Fault]
    notes: cells.Notes
    unused: tuple[str, ...]
    crs: str


@dataclass(frozen=True)
class Parsed:
    """
    A source that was read.

    Attributes
    ----------
    intake
        Its rows and faults.
    notes
        Values that could not be used.
    unused
        Columns of the source that the mapping does not read.
    crs
        System of its coordinates.
    """

    intake: Intake
    notes: cells.Notes = field(default_factory=cells.Notes)
    unused: tuple[str, ...] = ()
    crs: str = ""


def registered(mapping: Mapping, registry: Registry) -> Source:
    """
    Return the registry entry of a mapping.

    Raises
    ------
    ConfigError
        If there is none, it does not deliver rows, or licence and attribution differ.
    """
    source = registry.get(mapping.source)
    stated = (
        ("licence", mapping.licence, source.licence_received),
        ("attribution", mapping.attribution, source.attribution),
        ("role", "rows", "rows" if "rows" in source.role else ", ".join(source.role)),
    )
    for key, here, there in stated:
        if here != there:
            raise ConfigError(
                "Mapping „{source}“: {key} ist „{here}“, im Quellenregister steht „{there}“.",
                hint="Beide Stellen angleichen: das Mapping und data/sources.toml.",
                source=mapping.source, key=key, here=here, there=there,
            )  # fmt: skip
    return source


def parse(payload: bytes, *, mapping: Mapping, source: Source, retrieved_on: dt.date) -> Parsed:
    """
    Map the records of a file.

    Parameters
    ----------
    payload
        The whole file.
    source
        Registry entry, from `registered`.

    Returns
    -------
    parsed
        One row or fault per record, in the order of the file.

    Raises
    ------
    SourceFormatError
        If the file as a whole is not what the mapping says: form, encoding, columns,
        coordinates, key.
    """
    found = mapped(payload, mapping, retrieved_on)
    intake = intake_of(
        found.rows, found.faults,
        constants=values.constants(source, retrieved_on) | {"publisher": mapping.publisher},
    )  # fmt: skip
    return Parsed(intake, found.notes, found.unused, found.crs)


def mapped(payload: bytes, mapping: Mapping, retrieved_on: dt.date) -> Mapped:
    """Return what `parse` returns, before it becomes a table; raises the same errors."""
    read = _READERS[mapping.file.format](payload, mapping)
    _check_columns(read, mapping)
    places = place.locate(read, mapping)
    notes = cells.Notes()
    faults = {fault.row: fault for fault in (*read.faults, *places.faults)}
    rows: dict[int, Row] = {}
    for position, record in read.records.items():
        made = _map(position, record, mapping, notes, retrieved_on)
        # What does not belong into the table need not have a good coordinate.
        if isinstance(made, Fault):
            faults[position] = made
        elif position not in faults:
            rows[position] = made | places.columns.get(position, {})
    _set_aside(rows, faults)
    _drop_repeated(rows, faults, mapping)
    unused = tuple(name for name in read.header if name and name not in mapping.origins)
    return Mapped(rows, list(faults.values()), notes, unused, places.crs)


def _check_columns(read: Table, mapping: Mapping) -> None:
    # Features without a property leave the key out; a file without features has none at all.
    if not read.records and not read.header:
        return
    missing = sorted(mapping.origins - set(read.header))
    if missing:
        raise SourceFormatError(
            "{source}: die Spalte {column} fehlt in der Datei.", source=mapping.source,
            hint="Im Mapping eine dieser Spalten nennen: {known}.",
            column=", ".join(map(shown, missing)),
            known=close_to(missing[0], [shown(name) for name in read.header]),
        )  # fmt: skip


def _map(
    position: int,
    record: dict[str, str],
    mapping: Mapping,
    notes: cells.Notes,
    retrieved_on: dt.date,
) -> Row | Fault:
    """Return the row of a record without its coordinate, or why it is none."""
    key = values.clean(mapping.key.text(record))
    try:
        row = cells.row(record, mapping, notes)
    except cells.NotASpaceError as error:
        return Fault(position, "not_a_space", key, error.column, error.value)
    name = row.get("name") or ""
    if not key:
        return Fault(position, "malformed", name, mapping.key.origins[0])
    if not name:
        return Fault(position, "no_name", key, ", ".join(mapping.columns["name"].origins))
    if not row.get("type"):
        rule = mapping.columns["type"]
        return Fault(position, "no_type", name, rule.origins[0], rule.text(record))
    row.setdefault("kind", values.kind_of(str(row["type"])))
    if row["kind"] == "creative_quarter":
        row["vacancy"] = "not_applicable"
    row["observed_on"] = values.not_after(row.get("observed_on"), retrieved_on)
    page = mapping.page_of(record)
    return row | {"source_ref": key, "source_url": values.web_address(page) if page else None}


def _set_aside(rows: dict[int, Row], faults: dict[int, Fault]) -> None:
    """Make faults of the rows that name no place at all."""
    for position, row in list(rows.items()):
        if not any(row.get(name) for name in ("lat", "street", "postcode", "municipality", "ags")):
            del rows[position]
            faults[position] = Fault(position, "no_place", row["name"] or "")


def _drop_repeated(rows: dict[int, Row], faults: dict[int, Fault], mapping: Mapping) -> None:
    """Keep the youngest record of each key, the last of equally old ones."""
    order = _age_order(rows)
    by_key = {rows[position]["source_ref"]: position for position in order}
    repeated = set(rows) - set(by_key.values())
    if len(repeated) > _A_KEY * len(rows):
        raise SourceFormatError(
            "{source}: {column} ist kein Schlüssel; {n} Einträge haben einen, den es schon gibt.",
            source=mapping.source,
            hint="Im Mapping mit key eine Spalte nennen, die jeden Ort eindeutig benennt.",
            column=", ".join(mapping.key.origins),
            n=len(repeated),
        )
    for position in repeated:
        row = rows.pop(position)
        faults[position] = Fault(
            position, "repeated", row["name"] or "", mapping.key.origins[0],
            row["source_ref"] or "",
        )  # fmt: skip


def _age_order(rows: dict[int, Row]) -> list[int]:
    """Return the positions from the oldest observation to the youngest."""
    return sorted(rows, key=lambda position: (rows[position]["observed_on"] or "", position))

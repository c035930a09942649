"""From objects of OpenStreetMap to what a source hands over; the same for every way of reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.i18n import translator
from atlas.schema import Fault, Intake, intake_of
from atlas.sources.osm import cells
from atlas.sources.osm.meaning import Meaning, meaning

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from atlas.provenance import Source
    from atlas.sources.osm.outline import Spot

OSM_TYPES: Final = ("node", "way", "relation")
_PAGE: Final = "https://www.openstreetmap.org/"
_PRECISIONS: Final = ((300.0, "building"), (1000.0, "street"), (3000.0, "district"))
"""A coordinate with an uncertainty of at most so many metres stands for that."""
TEXTS: Final = {
    "abandoned": "Laut OpenStreetMap leer und sanierungsbedürftig.",
    "ruins": "Laut OpenStreetMap eine Ruine.",
    "construction": "Laut OpenStreetMap im Umbau.",
    "planning": "Laut OpenStreetMap ist eine neue Nutzung geplant.",
}
"""What the table has no code for, as a sentence of ours."""


@dataclass(frozen=True, slots=True)
class Feature:
    """
    An object as a source delivers it.

    Attributes
    ----------
    tags
        Through `atlas.sources.osm.cells.clean`.
    timestamp
        Last edit, ISO 8601; empty if unknown.
    spot
        Where it lies; None if the source does not say.
    """

    osm_type: str
    osm_id: int
    tags: Mapping[str, str]
    timestamp: str
    spot: Spot | None

    @property
    def ref(self) -> str:
        """Key in OpenStreetMap: ``way/123``."""
        return f"{self.osm_type}/{self.osm_id}"


def intake(
    features: Iterable[tuple[int, Feature]],
    faults: Sequence[Fault],
    *,
    source: Source,
    retrieved_on: dt.date,
) -> Intake:
    """
    Build what OpenStreetMap hands over.

    Parameters
    ----------
    features
        Position in the source, from 1, and object.
    faults
        Records that are no object.
    source
        Entry of the registry, for licence and lineage.
    retrieved_on
        Day of the data.

    Returns
    -------
    intake
        One row or one fault per object; of several versions of an object the last edited
        one is a row.
    """
    listed = list(features)
    newest = _newest(listed)
    rows: dict[int, Mapping[str, str]] = {}
    found = list(faults)
    for position, feature in listed:
        if newest[feature.ref] != position:
            found.append(Fault(position, "repeated", feature.ref))
            continue
        row = _row(feature, source.id, retrieved_on.isoformat())
        if isinstance(row, str):
            found.append(
                Fault(position, row, feature.tags.get("name", feature.ref), *_why(feature))
            )
        else:
            rows[position] = row
    constants = {
        "source": source.id,
        "publisher": "OpenStreetMap",
        "retrieved_on": retrieved_on.isoformat(),
        "licence": source.licence_published,
        "lineage": source.lineage,
        "availability": "unknown",
    }
    return intake_of(rows, found, constants=constants)


def _newest(listed: Sequence[tuple[int, Feature]]) -> dict[str, int]:
    ordered = sorted(listed, key=lambda item: (item[1].timestamp, -item[0]))
    return {feature.ref: position for position, feature in ordered}


def _row(feature: Feature, source_id: str, day: str) -> dict[str, str] | str:
    """Return the cells of an object, or the code that says why it is no row."""
    told = meaning(feature.tags)
    if isinstance(told, str):
        return told
    if feature.spot is None:
        return "no_place"
    name = cells.name(feature.tags, is_vacant=told.vacancy == "vacant")
    if not name:
        return "no_name"
    return {
        "name": name,
        **_state(feature, told, day),
        **_location(feature, feature.spot, source_id),
        **cells.place(feature.tags),
        **cells.needs(feature.tags, is_used=told.vacancy == "in_use"),
        "same_as": cells.same_as(feature.tags, feature.ref),
        "source_ref": feature.ref,
        "source_url": _PAGE + feature.ref,
    }


def _state(feature: Feature, told: Meaning, day: str) -> dict[str, str]:
    edited = cells.edited_on(feature.timestamp, latest=day)
    # A check is entered by an edit, so one that is younger than the edit is a typing error.
    checked = cells.checked_on(feature.tags, latest=edited or day)
    notes = [TEXTS[key] for key in (told.condition, told.stage) if key in TEXTS]
    return {
        "kind": told.kind,
        "type": told.type,
        "sectors": ";".join(told.sectors),
        "former_use": ";".join(told.former_use),
        "vacancy": told.vacancy,
        "stage": told.stage,
        "confidence": "inferred" if told.is_inferred and not checked else "reported",
        "observed_on": "" if told.vacancy == "unknown" else checked or edited,
        "note_de": " ".join(notes),
        "note_en": " ".join(translator("en")(note) for note in notes),
    }


def _location(feature: Feature, spot: Spot, source_id: str) -> dict[str, str]:
    reached = (code for limit, code in _PRECISIONS if spot.uncertainty_m <= limit)
    trail = f"OpenStreetMap {feature.ref}"
    return {
        "lat": f"{spot.lat:.5f}",
        "lon": f"{spot.lon:.5f}",
        "coordinate_precision": next(reached, "municipality"),
        "coordinate_uncertainty_m": f"{spot.uncertainty_m:.0f}",
        "coordinate_source": source_id,
        "coordinate_note": trail,
        "coordinate_note_en": trail,
    }


def _why(feature: Feature) -> tuple[str, str]:
    """Return the tag that decides about an object, for the list of what is no row."""
    leading = ("amenity", "shop", "tourism", "leisure", "office", "craft", "historic", "building")
    keys = (*leading, *(key for key in feature.tags if ":" in key), *feature.tags)
    key = next((key for key in keys if key in feature.tags), "")
    return ("type", f"{key}={feature.tags[key]}") if key else ("", "")

"""From the answer of Wikidata to what a source hands over: one record per item."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from atlas.schema import Fault, Intake, intake_of
from atlas.schema.problems import shown
from atlas.sources.files import read_bytes
from atlas.sources.wikidata.classes import CLASSES, DEMOLISHED, RANK, PlaceClass
from atlas.sources.wikidata.results import bindings
from atlas.sources.wikidata.values import (
    address,
    is_past,
    key_of,
    label,
    location,
    relation,
    website,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from atlas.provenance import Source
    from atlas.sources.wikidata.results import Terms

_ITEM: Final = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9]\d{0,11})")
_PAGE: Final = "https://www.wikidata.org/wiki/"
_NAMELESS: Final = re.compile(r"Q\d+")

Values = dict[str, list[str]]
"""Variable → its different values over all solutions of an item, sorted."""


def read(path: Path, *, source: Source, retrieved_on: dt.date) -> Intake:
    """Read a stored answer; as `parse`, and SourceUnavailableError if it cannot be read."""
    payload = read_bytes(path)
    return parse(payload, source=source, retrieved_on=retrieved_on)


def parse(payload: bytes, *, source: Source, retrieved_on: dt.date) -> Intake:
    """
    Turn an answer into rows.

    An item with several values comes as several solutions; they are one record. What is
    chosen among several values does not depend on their order.

    Parameters
    ----------
    source
        Entry of the registry.
    retrieved_on
        When the answer was given; it does not tell itself.

    Returns
    -------
    intake
        One row or fault per item, in the order in which items first occur. A solution without
        an item is a record of its own, and malformed. ``ags`` is what Wikidata says, empty if
        it says several; ``municipality`` is empty: the build compares with the location.

    Raises
    ------
    SourceFormatError
        If the payload is no whole answer.
    """
    items: dict[str, dict[str, set[str]]] = {}
    broken: dict[int, str] = {}
    order: dict[str, int] = {}
    for terms in bindings(payload, source.id):
        item = _item(terms)
        if item is None:
            broken[len(order) + len(broken) + 1] = shown(repr(terms)[:200])
            continue
        order.setdefault(item, len(order) + len(broken) + 1)
        known = items.setdefault(item, {})
        for name, (kind, value) in terms.items():
            known.setdefault(name, set()).add(value if kind != "bnode" else "")
    faults = [Fault(place, "malformed", column="item", value=text)
              for place, text in broken.items()]  # fmt: skip
    rows: dict[int, Mapping[str, str]] = {}
    for item, position in order.items():
        values = {name: sorted(stated) for name, stated in items[item].items()}
        row = _row(item, values, source.id, retrieved_on)
        if isinstance(row, Fault):
            faults.append(Fault(position, row.code, row.name or item, row.column, row.value))
        else:
            rows[position] = row
    return intake_of(rows, faults, constants=_constants(source, retrieved_on))


def _constants(source: Source, retrieved_on: dt.date) -> dict[str, str]:
    return {
        "source": source.id,
        "publisher": "Wikidata",
        "retrieved_on": retrieved_on.isoformat(),
        "licence": source.licence_published,
        "lineage": source.lineage,
        "vacancy": "unknown",
        "availability": "unknown",
        "confidence": "inferred",  # an item says what a place is, nothing about its use
    }


def _item(terms: Terms) -> str | None:
    kind, value = terms.get("item", ("", ""))
    found = _ITEM.fullmatch(value) if kind == "uri" else None
    return found[1] if found else None


def _row(item: str, values: Values, source_id: str, day: dt.date) -> dict[str, str] | Fault:
    """Return the cells of an item, or a fault (of row 0) that says why it is no row."""
    name = label(_labels(values, "de")) or label(_labels(values, "en"))
    what = _class(values)
    where = location(values.get("coordinate", []), values.get("precision", []))
    said = address(values.get("address", []), values.get("postcode", []))
    key = key_of(values.get("ags", []))
    if ended := _ended(values, day):
        return Fault(0, "gone", name, *ended)
    if what is None:
        return Fault(0, "no_type", name, "type", "; ".join(values.get("class", ())))
    if isinstance(where, str):
        return Fault(0, "bad_coordinate", name, "lat", where)
    if not where and not said["street"] and not key:
        return Fault(0, "no_place", name)
    called = name or " ".join(filter(None, (said["street"], said["house_number"])))
    if not called:
        return Fault(0, "no_name", item)
    return {
        "name": called,
        **_told(what),
        **_placed(where, item, source_id),
        **said,
        "ags": key,
        "website": website(values.get("website", [])),
        "same_as": ";".join([f"wikidata:{item}", *relation(values.get("relation", []))]),
        "source_ref": item,
        "source_url": _PAGE + item,
    }


def _labels(values: Values, language: str) -> list[str]:
    # An item without a label is shown under its id, which is no name.
    return [text for text in values.get(language, []) if not _NAMELESS.fullmatch(text)]


def _ended(values: Values, day: dt.date) -> tuple[str, str] | None:
    """Return which statement says that the place is gone, and its value."""
    for when in values.get("dissolved", []):
        if is_past(when, day):
            return "dissolved", when
    is_demolished = any(uri.endswith(f"/{DEMOLISHED}") for uri in values.get("state", []))
    return ("state", DEMOLISHED) if is_demolished else None


def _class(values: Values) -> PlaceClass | None:
    known = [
        RANK[item] for uri in values.get("class", ()) if (item := uri.rpartition("/")[2]) in RANK
    ]
    return CLASSES[min(known)] if known else None


def _told(what: PlaceClass) -> dict[str, str]:
    return {"kind": what.kind, "type": what.type, "sectors": ";".join(what.sectors)}


def _placed(where: Mapping[str, str], item: str, source_id: str) -> dict[str, str]:
    if not where:
        return {}
    trail = f"Wikidata {item}"
    return {
        **where,
        "coordinate_source": source_id,
        "coordinate_note": trail,
        "coordinate_note_en": trail,
    }

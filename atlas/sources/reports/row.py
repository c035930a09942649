"""One report becomes one row: state, place and type told apart, people left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.i18n import translator
from atlas.schema import Fault
from atlas.sources import values
from atlas.text import fold, words

if TYPE_CHECKING:
    import datetime as dt

_TRUE: Final = frozenset({"true", "1", "t", "yes", "ja"})
_FALSE: Final = frozenset({"false", "0", "f", "no", "nein"})
_RADIUS_M: Final = 100.0
"""How far the platform moves the coordinate of a sensitive report, unless it says otherwise."""
_UNCERTAINTY_M: Final = 30.0  # a report is placed by hand on a building
_NOTE_LENGTH: Final = 200
_STREET_M: Final = 250.0  # beyond that a moved coordinate stands for its surroundings only

# Words are folded (atlas.text.fold), so that "büro" and "buero" are one.
_DEGREES: Final = {
    "partial": "partly_vacant", "teilweise": "partly_vacant", "teilleerstand": "partly_vacant",
    "complete": "vacant", "vollstandig": "vacant", "komplett": "vacant", "": "vacant",
}  # fmt: skip
# Only words that name one of our types; what else a report says is told as it stands.
_BUILDING_TYPES: Final = {
    "kirche": "church", "church": "church", "bahnhof": "station", "station": "station",
    "schule": "school", "school": "school", "fabrik": "factory", "factory": "factory",
    "industrie": "factory", "industry": "factory", "industrial": "factory",
    "lager": "warehouse", "warehouse": "warehouse", "halle": "workshop_hall",
    "hall": "workshop_hall", "werkstatt": "workshop_hall", "laden": "shop",
    "ladenlokal": "shop", "shop": "shop", "store": "shop", "geschaftshaus": "retail_building",
    "kaufhaus": "department_store", "warenhaus": "department_store", "buro": "office",
    "burogebaude": "office", "office": "office", "hotel": "inn", "gaststatte": "inn",
    "gastronomie": "inn", "restaurant": "inn", "kino": "cinema", "theater": "theatre",
    "krankenhaus": "hospital", "hospital": "hospital", "schwimmbad": "swimming_pool",
    "bunker": "bunker", "zeche": "colliery", "verwaltung": "administration",
    "villa": "dwelling", "wohnhaus": "dwelling", "mehrfamilienhaus": "dwelling",
    "einfamilienhaus": "dwelling", "residential": "dwelling",
}  # fmt: skip
_USAGES: Final = {
    "gewerbeflache": "retail_building", "gewerbe": "retail_building",
    "commercial": "retail_building", "business": "retail_building",
    "wohnflache": "dwelling", "wohnen": "dwelling", "living": "dwelling",
    "residential": "dwelling",
}  # fmt: skip
# "mehr als 12 Monate", "3-6 Monate": how long before the observation the begin lies.
_BAND: Final = re.compile(r"(?P<word>[^\d]*)(?P<n>\d{1,3})(?:\s*[-–]\s*(?P<m>\d{1,3}))?\s*"
                          r"(?P<unit>monat|month|jahr|year)\w*\+?")  # fmt: skip
_LESS: Final = ("unter", "weniger", "<", "bis", "less", "under")
TEXTS: Final = {"since": "Laut Meldung leer seit mindestens {since}."}
"""What the table has no column for, as a sentence of ours."""


Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What all reports of a file share: registry id, day of retrieval, type if none is told."""

    source: str
    retrieved_on: dt.date
    default_type: str


def row_of(position: int, record: dict[str, str] | None, reading: Reading) -> Row | Fault:
    """
    Return the row of a report, or why it is none.

    Parameters
    ----------
    position
        Of the report in its file, from 1.
    record
        Name of the field → text; None if the report has no fields at all.
    """
    if record is None:
        return Fault(position, "malformed")
    key = values.clean(record.get("id") or record.get("uuid") or "")
    space_type, stated = _type(record)
    refused = _refused(position, record, key)
    if refused is not None:
        return refused
    space_type = space_type or reading.default_type
    if not space_type:
        return Fault(position, "no_type", key, "building_type, building_usage", stated)
    address = _address(record)
    problem, located = _location(record, reading.source, key)
    if problem:
        return Fault(position, problem, key, "lat, lon", _pair(record))
    if not located and not any(address.values()):
        return Fault(position, "no_place", key)
    return {
        "source_ref": key, "name": _name(record, space_type, address), "type": space_type,
        "kind": values.kind_of(space_type),
    } | address | _state(record, reading.retrieved_on) | located  # fmt: skip


def _refused(position: int, record: dict[str, str], key: str) -> Fault | None:
    """Return why a report is no row, if it is none."""
    if not key:
        return Fault(position, "malformed", column="id")
    if _flag(record, "demolished"):
        return Fault(position, "gone", key, "demolished", record["demolished"])
    for name, counts in (("hidden", False), ("published", True), ("active", True)):
        if _flag(record, name) is (not counts):
            return Fault(position, "withdrawn", key, name, record[name])
    return None


def _flag(record: dict[str, str], name: str) -> bool | None:
    """Return a yes or no, None where the report does not say."""
    text = record.get(name, "").strip().casefold()
    return True if text in _TRUE else False if text in _FALSE else None


def _type(record: dict[str, str]) -> tuple[str, str]:
    """Return the type that building, title or usage name; else what they say instead."""
    building = _words(record, "building_type", "buildingType", "buildingtype")
    usage = _words(record, "building_usage", "buildingUsage")
    for said, table in (
        (building, _BUILDING_TYPES), (words(_title(record)), _BUILDING_TYPES), (usage, _USAGES),
    ):  # fmt: skip
        found = next((table[fold(word)] for word in said if fold(word) in table), "")
        if found:
            return found, ""
    return "", ", ".join((*building, *usage))


def _words(record: dict[str, str], *names: str) -> list[str]:
    """Return the entries of list fields, in whatever way the file writes a list."""
    parts = (part for name in names for part in re.split(r"[,;|\[\]\"']", record.get(name, "")))
    return [part.strip() for part in parts if part.strip()]


def _title(record: dict[str, str]) -> str:
    return values.clean(record.get("name") or record.get("title") or "")


def _name(record: dict[str, str], space_type: str, address: Row) -> str:
    """Return the title of a report, unless it could tell what the report hides."""
    title = _title(record)
    if title and not _flag(record, "sensitive") and not values.has_email(title):
        return title
    street = " ".join(filter(None, (address["street"], address["house_number"])))
    place = street or address["locality"] or address["municipality"]
    return values.name_of(space_type, place)


def _state(record: dict[str, str], retrieved_on: dt.date) -> Row:
    stamps = (record.get(name, "") for name in ("updated_at", "updated", "created_at", "created"))
    days = (values.not_after(values.date(stamp), retrieved_on) for stamp in stamps)
    observed = next(filter(None, days), None)
    degree = record.get("degree", "").strip()
    # Hearsay counts less than what somebody saw, and so does what nobody said at all.
    is_inferred = _flag(record, "rumor") or not degree
    return {
        "vacancy": _DEGREES.get(fold(degree), "unknown"),
        "observed_on": observed,
        "confidence": "inferred" if is_inferred else "reported",
    } | _since(record, observed, retrieved_on.isoformat())


def _since(record: dict[str, str], observed: str | None, retrieved: str) -> Row:
    """Return the begin of a vacancy as far as it is certain; what a band leaves open is a note."""
    last = observed or retrieved
    names = ("vacant_since", "emptySince", "emptysince")
    text = next((record[name].strip() for name in names if record.get(name, "").strip()), "")
    stated = values.date(text)
    if stated is not None:
        return {"vacant_since": stated if stated[: len(last)] <= last[: len(stated)] else None}
    band = _BAND.fullmatch(text[:60].casefold())
    if band is None or any(word in band["word"] for word in _LESS):
        return {"vacant_since": None}
    months = 12 if band["unit"] in ("jahr", "year") else 1
    latest = _month(last, 12) - int(band["n"]) * months
    # Without a day of observation, or an upper bound, nobody knows how much earlier it began.
    earliest = _month(observed, 1) - int(band["m"]) * months if observed and band["m"] else None
    certain = f"{latest // 12:04d}" if earliest and earliest // 12 == latest // 12 else None
    # A band is vague: never told more exactly than its unit.
    year = f"{latest // 12:04d}"
    told = year if months > 1 else f"{latest % 12 + 1:02d}/{year}"
    note = TEXTS["since"]
    return {
        "vacant_since": certain,
        "note_de": note.format(since=told),
        "note_en": translator("en")(note).format(since=told),
    }


def _month(day: str, unknown: int) -> int:
    """Return the number of the month of a partial date; ``unknown`` where it names none."""
    return int(day[:4]) * 12 + int(day[5:7] or unknown) - 1


def _address(record: dict[str, str]) -> Row:
    stated = record.get("road") or record.get("address") or record.get("street") or ""
    street, house = values.street_and_number(stated.partition(",")[0])
    house = values.clean(record.get("house_number", "")) or house
    postcode, town = values.postcode_and_town(record.get("zip") or record.get("postcode") or "")
    hides = bool(_flag(record, "sensitive"))  # its address would undo the moved coordinate
    return {
        "street": None if hides else street,
        "house_number": None if hides else house,
        "postcode": postcode,
        "locality": values.clean(record.get("suburb") or record.get("borough") or ""),
        "municipality": values.clean(record.get("city", "")) or town,
    }


def _pair(record: dict[str, str]) -> str:
    return f"{record.get('lat', '')} | {record.get('lon', '')}"


def _location(record: dict[str, str], source: str, key: str) -> tuple[str, Row]:
    """Return the code of a fault, or the columns of the coordinate, none if there is none."""
    texts = [record.get(name, "").strip() for name in ("lat", "lon")]
    lat, lon = (values.loose_number(text) for text in texts)
    if not any(texts) or (lat == 0 and lon == 0):
        return "", {}
    if lat is None or lon is None or values.in_region(lon, lat):  # no number, or swapped
        return "bad_coordinate", {}
    if not values.in_region(lat, lon):
        return "outside", {}
    note = f"Leerstandsmelder {key}"[:_NOTE_LENGTH]
    if not _flag(record, "sensitive"):
        return "", values.placed((lat, lon), precision="building", source=source, note=note,
                                 uncertainty_m=_UNCERTAINTY_M)  # fmt: skip
    stated = values.number(record.get("sensitive_radius", ""), decimal=".") or _RADIUS_M
    radius = max(stated, _RADIUS_M)
    return "", values.placed(
        (lat, lon), precision="street" if radius <= _STREET_M else "district", source=source,
        note=f"{note}, ± {values.number_text(radius, decimals=0)} m", uncertainty_m=radius,
    )  # fmt: skip

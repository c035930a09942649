"""One offer becomes one row: place as far as it may be told, area, rent, availability."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.schema import Fault
from atlas.sources import values
from atlas.sources.openimmo import terms

if TYPE_CHECKING:
    import datetime as dt

    from atlas.sources.openimmo.transfer import Facts

_AREAS: Final = (
    "nutzflaeche", "vermietbare_flaeche", "gesamtflaeche", "bueroflaeche", "ladenflaeche",
    "verkaufsflaeche", "lagerflaeche", "gastroflaeche", "bueroteilflaeche", "flaechebis",
)  # fmt: skip
_UNCERTAINTY_M: Final = 50.0  # a coordinate set by the provider, mostly from the address
_DAY: Final = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}|\d{2}[./]\d{4}")
_YES: Final = frozenset({"true", "1"})

Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What all offers share: registry id, day of retrieval."""

    source: str
    retrieved_on: dt.date


def row_of(position: int, facts: Facts, *, key: str, sent_on: str, reading: Reading) -> Row | Fault:
    """
    Return the row of an offer, or why it is none.

    Parameters
    ----------
    position
        Of the object among all of all files, from 1.
    key
        What identifies it.
    sent_on
        Time stamp of the file, where the object does not say when it was updated.
    """
    space_type, stated = _type(facts)
    if space_type == terms.NOT_A_SPACE:
        return Fault(position, "not_a_space", key, "objektart", stated)
    if not space_type:
        return Fault(position, "no_type", key, "objektart", stated)
    ended = _ended(facts, reading.retrieved_on)
    if ended:
        return Fault(position, "withdrawn", key, "aktiv_bis, bisdatum", ended)
    address = _address(facts)
    problem, located = _location(facts, reading.source, key)
    if problem:
        return Fault(position, problem, key, "geokoordinaten", _pair(facts))
    if not located and not any(address.values()):
        return Fault(position, "no_place", key, "geo")
    row = _state(facts, sent_on, reading.retrieved_on) | _size(facts)
    return {
        "source_ref": key, "type": space_type, "kind": values.kind_of(space_type),
        "name": _name(space_type, address),
        "stage": terms.STAGES.get(facts.get("zustand_angaben/zustand@zustand_art", "").upper()),
    } | address | located | row  # fmt: skip


def _ended(facts: Facts, retrieved_on: dt.date) -> str:
    """Return the day on which the offer itself says that it is over; empty if it is not."""
    today = retrieved_on.isoformat()
    for path in ("verwaltung_techn/aktiv_bis", "verwaltung_objekt/bisdatum"):
        day = values.date(facts.get(path, ""))
        if day is not None and day < today[: len(day)]:
            return day
    return ""


def _type(facts: Facts) -> tuple[str, str]:
    """Return the type, and the words that it was taken from."""
    prefix = "objektkategorie/objektart/"
    kinds = {path.removeprefix(prefix).partition("/")[0].partition("@")[0]: None
             for path in facts if path.startswith(prefix)}  # fmt: skip
    kind = next((name for name in kinds if name in terms.KINDS), next(iter(kinds), ""))
    if kind not in terms.KINDS:
        return (terms.NOT_A_SPACE if kind in terms.RESIDENTIAL else ""), kind
    if _yes(facts, "objektkategorie/nutzungsart@WOHNEN") and not _yes(
        facts, "objektkategorie/nutzungsart@GEWERBE"
    ):
        return terms.NOT_A_SPACE, "WOHNEN"
    attribute, default = terms.KINDS[kind]
    code = facts.get(f"{prefix}{kind}@{attribute}", "").upper()
    return terms.TYPES.get(code, default), f"{kind} {code}".strip()


def _yes(facts: Facts, path: str) -> bool:
    return facts.get(path, "").lower() in _YES


def _address(facts: Facts) -> Row:
    """Return the address, without street and number unless the provider released them."""
    geo = {name: facts.get(f"geo/{name}", "") for name in ("plz", "ort", "strasse", "hausnummer")}
    code = facts.get("geo/gemeindecode", "")
    released = _is_released(facts)
    postcode = values.postcode_and_town(geo["plz"])[0]
    return {
        "street": geo["strasse"] if released else None,
        "house_number": geo["hausnummer"] if released else None,
        "postcode": postcode,
        "municipality": geo["ort"],
        "locality": facts.get("geo/regionaler_zusatz", ""),
        "ags": code if re.fullmatch(r"05\d{6}", code) else None,
    }


def _is_released(facts: Facts) -> bool:
    # What is not said is not allowed.
    return _yes(facts, "verwaltung_objekt/objektadresse_freigeben")


def _pair(facts: Facts) -> str:
    names = ("breitengrad", "laengengrad")
    return " | ".join(facts.get(f"geo/geokoordinaten@{name}", "") for name in names)


def _location(facts: Facts, source: str, key: str) -> tuple[str, Row]:
    """Return the code of a fault, or the columns of the coordinate, none if there is none."""
    if not _is_released(facts):
        return "", {}
    texts = _pair(facts).split(" | ")
    lat, lon = (values.loose_number(text) for text in texts)
    if not any(texts) or lat == 0 or lon == 0:  # 0.0 is how programs write "not known"
        return "", {}
    if lat is None or lon is None or values.in_region(lon, lat):
        return "bad_coordinate", {}
    if not values.in_region(lat, lon):
        return "outside", {}
    return "", values.placed(
        (lat, lon), precision="building", uncertainty_m=_UNCERTAINTY_M, source=source,
        note=f"OpenImmo {key}"[:200],
    )  # fmt: skip


def _name(space_type: str, address: Row) -> str:
    """Return a name made of facts: the title of an offer is the provider's prose."""
    street = " ".join(filter(None, (address["street"], address["house_number"])))
    town = " ".join(filter(None, (address["postcode"], address["municipality"])))
    return values.name_of(space_type, street or town)


def _size(facts: Facts) -> Row:
    areas = (_number(facts, f"flaechen/{name}") for name in _AREAS)
    area = next((found for value in areas if (found := values.in_range("area_m2", value))), None)
    parts = (_number(facts, f"flaechen/{name}") for name in ("teilbar_ab", "flaechevon"))
    part = next(
        (found for value in parts if (found := values.in_range("area_min_m2", value))), None
    )
    if part is not None and (area is None or part >= area):
        part = None
    rent = values.in_range("rent_eur_per_m2_month", _rent(facts, area))
    return {
        "area_m2": None if area is None else values.number_text(area),
        "area_min_m2": None if part is None else values.number_text(part),
        "rent_eur_per_m2_month": values.number_text(rent) if rent else None,
    }


def _number(facts: Facts, path: str) -> float | None:
    return values.loose_number(facts.get(path, ""))


def _rent(facts: Facts, area: float | None) -> float | None:
    """Return the net rent in euro per square metre and month; None if it cannot be told."""
    months = terms.MONTHS.get(facts.get("preise/preis_zeiteinheit@zeiteinheit", "").upper())
    currency = facts.get("preise/waehrung@iso_waehrung") or facts.get("preise/waehrung") or "EUR"
    if months is None or currency.upper() != "EUR":
        return None
    for name in ("mietpreis_pro_qm", "nettomieteprom2von"):
        per_m2 = _number(facts, f"preise/{name}")
        if per_m2:
            return per_m2 / months
    whole = _number(facts, "preise/nettokaltmiete")
    return whole / area / months if whole and area else None


def _state(facts: Facts, sent_on: str, retrieved_on: dt.date) -> Row:
    stamps = (facts.get("verwaltung_techn/stand_vom", ""), sent_on)
    days = (values.not_after(values.date(stamp), retrieved_on) for stamp in stamps)
    offered = _availability(facts, retrieved_on)
    let = _yes(facts, "verwaltung_objekt/vermietet")
    # On offer is not empty: only what can be had at once stands empty.
    free = offered["availability"] == "now"
    return offered | {
        "vacancy": "in_use" if let else "vacant" if free else "unknown",
        # Nobody says that it stands empty: that is concluded from what can be had at once.
        "confidence": "inferred" if free and not let else "reported",
        "observed_on": next(filter(None, days), None),
        "term": _term(facts),
    }


def _availability(facts: Facts, retrieved_on: dt.date) -> Row:
    text = facts.get("verwaltung_objekt/verfuegbar_ab", "").casefold()
    status = facts.get("zustand_angaben/verkaufstatus@stand", "").upper()
    if status in terms.TAKEN or _yes(facts, "verwaltung_objekt/vermietet"):
        return {"availability": "not_offered"}
    begin = _begin(facts, text)
    until = values.date(facts.get("verwaltung_objekt/bisdatum", ""))
    later = begin is not None and begin > retrieved_on.isoformat()[: len(begin)]
    if until is not None:
        return {"availability": "interim_until", "available_until": until,
                "available_from": begin if begin and begin < until else None}  # fmt: skip
    if later:
        return {"availability": "from_date", "available_from": begin}
    if begin is not None or any(word in text for word in terms.AT_ONCE):
        return {"availability": "now"}
    agreed = any(word in text for word in terms.ON_AGREEMENT)
    return {"availability": "by_arrangement" if agreed else "unknown"}


def _begin(facts: Facts, text: str) -> str | None:
    """Return the first day: its own field, else a date in the free text."""
    stated = values.date(facts.get("verwaltung_objekt/abdatum", ""))
    found = _DAY.search(text)
    return stated or (values.date(found[0]) if found else None)


def _term(facts: Facts) -> str | None:
    unit = facts.get("verwaltung_objekt/min_mietdauer@min_dauer", "").upper()
    if unit == "TAG":
        return "hourly"
    return "interim" if facts.get("verwaltung_objekt/max_mietdauer") else None

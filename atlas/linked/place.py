"""One space as JSON-LD in the words of schema.org: what is known, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from atlas.i18n import translator
from atlas.linked.types import schema_type
from atlas.provenance import LICENCE_URLS
from atlas.schema import BY_NAME, LIST_SEPARATOR
from atlas.schema.contributions import COLUMN as CONTRIBUTIONS
from atlas.schema.contributions import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.schema import Column
    from atlas.store import Atlas
    from atlas.vocabulary import Language

CONTEXT: Final = {"@vocab": "https://schema.org/"}
"""Given in place, so that nobody has to fetch the context of schema.org."""
EXACT: Final = "building"
_REGISTERS: Final = {
    "wikidata": "https://www.wikidata.org/entity/{key}",
    "osm": "https://www.openstreetmap.org/{key}",
}
"""Registers whose keys have an address, see the column ``same_as``."""
_AMENITIES: Final = (
    "is_step_free", "has_water", "has_power_400v", "is_heated", "noise_tolerated",
    "has_goods_access",
)  # fmt: skip
_QUANTITIES: Final = {
    # UN/CEFACT Recommendation 20, as schema.org's unitCode wants it.
    "area_m2": "MTK",
    "area_min_m2": "MTK",
    "ceiling_height_m": "MTR",
    "vacant_share_pct": "P1",
}
_STATES: Final = ("vacancy", "availability")
_SAID_NOTHING: Final = frozenset({"unknown", "not_applicable"})


def known(value: Any) -> bool:  # noqa: ANN401 (any cell)
    """Return whether a cell holds a value."""
    return not bool(pd.isna(value))


def place(row: Mapping[str, Any], atlas: Atlas, *, page: str, language: Language) -> dict[str, Any]:
    """
    Describe a space.

    Parameters
    ----------
    row
        Of ``atlas.spaces``: a point in EPSG:4326, which may be missing.
    page
        Address of the page of the space.
    language
        Of names of properties and codes; the texts of the row come in every language.

    Returns
    -------
    described
        JSON-LD with its context inside. What is not known is not there; a place that is
        not known to the building is a circle with its radius, or has no geometry.
    """
    described = {
        "@context": CONTEXT,
        "@id": f"{page}#place",
        "@type": schema_type(row["kind"], row["type"]),
        "name": row["name"],
        "identifier": row["space_id"],
        "url": row["website"] if known(row["website"]) else page,
        "description": _texts(row),
        "address": _address(row),
        "containedInPlace": _town(row),
        "geo": _geo(row),
        "sameAs": _same_as(row),
        "amenityFeature": _amenities(row, language),
        "additionalProperty": [*_quantities(row, language), *_states(row, language)],
        "mainEntityOfPage": _page(row, atlas, page, language),
        "subjectOf": _evidence(row),
    }
    return {key: value for key, value in described.items() if value not in (None, [], "")}


def script(described: Mapping[str, Any]) -> str:
    """Return JSON that may stand in a ``<script>``: no text of it can end the element."""
    text = json.dumps(described, ensure_ascii=False, allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _texts(row: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"@value": row[f"note_{language}"], "@language": language}
        for language in ("de", "en")
        if known(row[f"note_{language}"])
    ]


def _address(row: Mapping[str, Any]) -> dict[str, str]:
    street = " ".join(str(row[key]) for key in ("street", "house_number") if known(row[key]))
    described = {
        "@type": "PostalAddress",
        "streetAddress": street if known(row["street"]) else "",
        "postalCode": row["postcode"] if known(row["postcode"]) else "",
        "addressLocality": row["municipality"],
        "addressCountry": "DE",
    }
    return {key: value for key, value in described.items() if value}


def _town(row: Mapping[str, Any]) -> dict[str, Any]:
    key = {"@type": "PropertyValue", "propertyID": "AGS", "value": row["ags"]}
    return {"@type": "AdministrativeArea", "name": row["municipality"], "identifier": key}


def _geo(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if not known(row["lat"]) or not known(row["lon"]):
        return None
    point = {"@type": "GeoCoordinates", "latitude": float(row["lat"]),
             "longitude": float(row["lon"])}  # fmt: skip
    if row["coordinate_precision"] == EXACT:
        return point
    radius = row["coordinate_uncertainty_m"]
    if not known(radius):
        return None
    return {"@type": "GeoCircle", "geoMidpoint": point, "geoRadius": float(radius)}


def _same_as(row: Mapping[str, Any]) -> list[str]:
    keys = str(row["same_as"]).split(LIST_SEPARATOR) if known(row["same_as"]) else []
    pairs = (key.partition(":")[::2] for key in keys)
    return [_REGISTERS[name].format(key=key) for name, key in pairs if name in _REGISTERS]


def _amenities(row: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    return [
        {"@type": "LocationFeatureSpecification", "name": _label(BY_NAME[name], language),
         "value": bool(row[name])}
        for name in _AMENITIES
        if known(row[name])
    ]  # fmt: skip


def _quantities(row: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    return [
        {"@type": "PropertyValue", "propertyID": name, "name": _label(BY_NAME[name], language),
         "value": float(row[name]), "unitCode": unit}
        for name, unit in _QUANTITIES.items()
        if known(row[name])
    ]  # fmt: skip


def _states(row: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    """Return what was observed, with its date; what nobody observed is left out."""
    say = translator(language)
    date = row["observed_on"] if known(row["observed_on"]) else say("ohne Datum")
    observed = say("Beobachtet {date}").format(date=date)
    return [
        {"@type": "PropertyValue", "propertyID": name, "name": _label(BY_NAME[name], language),
         "value": BY_NAME[name].codes[row[name]].label(language), "description": observed}
        for name in _STATES
        if row[name] not in _SAID_NOTHING
    ]  # fmt: skip


def _label(column: Column, language: Language) -> str:
    return column.en if language == "en" else column.de


def _page(row: Mapping[str, Any], atlas: Atlas, page: str, language: Language) -> dict[str, Any]:
    merged = [entry["source"] for entry in read(row.get(CONTRIBUTIONS))]
    sources = [*(merged or [row["source"]]), row["coordinate_source"]]
    said = atlas.registry.attributions([name for name in sources if known(name)], language)
    return {
        "@type": "WebPage",
        "@id": page,
        "license": LICENCE_URLS.get(row["licence"], row["licence"]),
        "creditText": "; ".join(said),
        "dateModified": row["retrieved_on"],
    }


def _evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": row["publisher"]}
    return {"@type": "WebPage", "url": row["source_url"], "publisher": publisher}

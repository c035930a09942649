"""Find an address in the gazetteer: the stop named after its street, else its district."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from atlas.gazetteer.names import STREET
from atlas.geocode.accuracy import ACCURACY
from atlas.geocode.index import PlaceIndex
from atlas.geocode.names import key, street_names
from atlas.schema.problems import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atlas.gazetteer import Gazetteer
    from atlas.geocode.accuracy import Precision
    from atlas.geocode.address import Address
    from atlas.geocode.index import Key, Spot

SAME_PLACE_M: Final = 1000.0
"""Stops of one name that lie further apart are two places; which one is meant, nobody knows."""
IN_AREA: Final = 1.5
"""A stop belongs to an area up to so many of its radii from its centre; beyond, it is a
namesake of the street in another part of the town."""
LARGEST_SHARE: Final = 0.7
"""A postcode with a larger share of the town's radius says little more than the town."""
FEWEST_STOPS: Final = 2
WIDEST_DISTRICT_M: Final = 1000.0
"""Stops with a district in their name place it if four of five lie within this distance."""
STEP_M: Final = 50.0

# Districts called so exist in every town, and stops called so all over it.
_VAGUE: Final = frozenset({
    "mitte", "innenstadt", "stadtmitte", "stadtkern", "ortskern", "ortsmitte", "zentrum", "city",
    "altstadt", "neustadt", "nord", "sud", "ost", "west", "nordost", "nordwest", "sudost",
    "sudwest", "markt", "bahnhof", "hafen",
})  # fmt: skip

REASONS: Final = {
    "municipality_only": "Nur die Gemeinde ist genannt; ein Punkt in ihrer Mitte wäre erfunden.",
    "unknown_municipality": "Die Gemeinde ist keine der 53, oder sie fehlt.",
    "unknown_street": "Weder die Straße noch ein Ortsteil oder eine Postleitzahl ist bekannt.",
    "ambiguous": "Mehrere Orte passen gleich gut und liegen weit auseinander.",
    "area_too_large": "Nur die Postleitzahl ist bekannt, und sie gilt für fast die ganze Gemeinde.",
    "outside_municipality": "Der Geocoder nennt einen Ort außerhalb der Gemeinde.",
    "too_vague": "Der Geocoder kennt nur die Gemeinde oder einen größeren Raum.",
    "no_answer": "Der Geocoder kennt die Anschrift nicht.",
}
"""Why an address has no coordinate; German message ids."""


@dataclass(frozen=True, slots=True)
class Found:
    """
    Where an address lies.

    Attributes
    ----------
    lat, lon
        EPSG:4326, 5 decimals.
    method
        Of `ACCURACY`.
    source
        Registry entry that the coordinate comes from.
    name
        What was found.
    note_de, note_en
        The trail, for ``coordinate_note`` and ``coordinate_note_en``.
    """

    lat: float
    lon: float
    method: str
    uncertainty_m: float
    source: str
    name: str
    note_de: str
    note_en: str

    @property
    def precision(self) -> Precision:
        """What the coordinate stands for."""
        return ACCURACY[self.method].precision


@dataclass(frozen=True, slots=True)
class _Area:
    """A part of a town: centre and radius in metres (EPSG:25832)."""

    spot: Spot
    radius_m: float

    def has(self, spot: Spot) -> bool:
        return self.spot.distance_m(spot.x, spot.y) <= IN_AREA * self.radius_m


class Finder:
    """
    Finds addresses without a network.

    Parameters
    ----------
    gazetteer
        The places of the region.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._index = PlaceIndex(gazetteer)
        self._known: dict[Address, Found | str] = {}

    def find(self, address: Address) -> Found | str:
        """Return where ``address`` lies, else the code of `REASONS` why it is not known."""
        if address not in self._known:
            self._known[address] = self._search(address)
        return self._known[address]

    def municipality(self, address: Address) -> str:
        """Return the key of the municipality that the address names; empty if there is none."""
        return self._resolved(address).ags

    def town(self, ags: str) -> str:
        """Return the name of a municipality of the region."""
        return self._index.town_names[ags]

    def _resolved(self, address: Address) -> Address:
        """Return the address with the key of its municipality, empty if it is none of the 53."""
        if address.ags in self._index.town_names:
            return address
        ags, district = self._index.town(address.municipality)
        if not (address.ags or address.municipality) and address.postcode in self._index.postcodes:
            ags = self._index.postcodes[address.postcode].place.ags
        return replace(address, ags=ags, locality=address.locality or district)

    def _search(self, address: Address) -> Found | str:
        resolved = self._resolved(address)
        if not resolved.ags:
            return "unknown_municipality"
        if not (resolved.street or resolved.postcode or resolved.locality):
            return "municipality_only"
        return self._within(resolved, resolved.ags)

    def _within(self, address: Address, ags: str) -> Found | str:
        postcode, locality = self._postcode(address, ags), self._locality(address, ags)
        areas = [area for area in (postcode, locality) if area is not None]
        if postcode and locality and not postcode.has(locality.spot):
            # The source contradicts itself, or the district is a namesake.
            return "ambiguous"
        street = self._street(address, ags, areas[0] if areas else None)
        if not isinstance(street, str):
            return street
        if areas:
            districts = [_in_postcode(postcode)] if postcode else []
            districts += [_at_locality(locality)] if locality else []
            return min(districts, key=lambda found: found.uncertainty_m)
        if street == "unknown_street" and address.postcode in self._index.postcodes:
            return "area_too_large"
        return street

    def _street(self, address: Address, ags: str, area: _Area | None) -> Found | str:
        reason = "unknown_street"
        if self._instead(address, ags):
            return reason
        for name in street_names(address.street):
            method, spots = self._stops(ags, key(name), area)
            if spots and _are_one_place(spots):
                return _at_stop(spots, method, name)
            if spots:
                reason = "ambiguous"
        return reason

    def _stops(self, ags: str, words: Key, area: _Area | None) -> tuple[str, Sequence[Spot]]:
        """Return how a street was found, and the stops that stand for it."""
        if not _is_name(words):
            return "", ()
        named = self._index.named(ags, words)
        if area is None:
            return "stop_in_town", named
        # A name that is only alike is believed where the postcode or district agrees:
        # without it, half of those streets lie in another part of the town.
        ways = (
            ("stop_in_area", named),
            ("similar_stop", self._index.with_words(ags, words)),
            ("similar_stop", self._index.like(ags, words)),
        )
        inside = ((way, [spot for spot in spots if area.has(spot)]) for way, spots in ways)
        return next(((way, spots) for way, spots in inside if spots), ("", ()))

    def _postcode(self, address: Address, ags: str) -> _Area | None:
        spot = self._index.postcodes.get(address.postcode)
        if spot is None or spot.place.ags != ags:
            return None
        share = spot.place.uncertainty_m / self._index.town_radius[ags]
        return _Area(spot, spot.place.uncertainty_m) if share <= LARGEST_SHARE else None

    def _locality(self, address: Address, ags: str) -> _Area | None:
        locality = address.locality.split("(")[0]
        spots = self._district(ags, locality) if locality else self._instead(address, ags)
        radius = ACCURACY["locality"].uncertainty_m
        return _Area(spots[0], radius) if len(spots) == 1 else None

    def _instead(self, address: Address, ags: str) -> Sequence[Spot]:
        """Return the district that stands in place of the street: "Langendreer, Bochum"."""
        return () if address.house_number else self._index.district(ags, key(address.street))

    def _district(self, ags: str, locality: str) -> Sequence[Spot]:
        town, district = self._index.town(locality)
        if town == ags and not district:
            return ()
        words = key(district if town == ags else locality)
        if not _is_name(words):
            return ()
        spots = self._index.district(ags, words)
        return spots if len(spots) == 1 else _middle(self._index.with_words(ags, words))


@lru_cache(maxsize=4)
def finder_of(gazetteer: Gazetteer) -> Finder:
    """Return the finder of a gazetteer, the same each time: every source of a build needs it."""
    return Finder(gazetteer)


def _is_name(words: Key) -> bool:
    """Return whether the words tell one street or district from another."""
    telling = [word for word in words if len(word) > 2 and word not in _VAGUE]  # noqa: PLR2004
    return telling not in ([], [STREET])


def _are_one_place(spots: Sequence[Spot]) -> bool:
    return all(spot.distance_m(spots[0].x, spots[0].y) <= SAME_PLACE_M for spot in spots)


def _middle(spots: Sequence[Spot]) -> list[Spot]:
    """Return the stop in the middle of a district, if its stops lie close together."""
    if len(spots) < FEWEST_STOPS:
        return []
    x, y = np.median([(spot.x, spot.y) for spot in spots], axis=0)
    distances = [spot.distance_m(x, y) for spot in spots]
    if np.quantile(distances, 0.8) > WIDEST_DISTRICT_M:
        return []
    return [spots[int(np.argmin(distances))]]


def _at_stop(spots: Sequence[Spot], method: str, street: str) -> Found:
    # Of stops that are one place, the first in the order of the gazetteer.
    name = f"{spots[0].place.name}, {spots[0].place.municipality}"
    de, en = f"Haltestelle {name}", f"Stop {name}"
    if key(spots[0].place.name) != key(street):
        asked = shown(street)
        de, en = f"{de}; gesucht war „{asked}“", f"{en}; looked for “{asked}”"
    return _found(spots[0], method, de=de, en=en)


def _in_postcode(area: _Area) -> Found:
    name = f"{area.spot.place.name} {area.spot.place.municipality}"
    return _found(
        area.spot, "postcode",
        de=f"Mitte des Postleitzahlgebiets {name}", en=f"Centre of the postcode area {name}",
    )  # fmt: skip


def _at_locality(area: _Area) -> Found:
    place = area.spot.place
    de, en = {"locality": ("Ortsteil", "District"), "station": ("Bahnhof", "Station"),
              "stop": ("Haltestelle inmitten des Ortsteils",
                       "Stop amid the district")}[place.kind]  # fmt: skip
    name = f"{place.name}, {place.municipality}"
    return _found(area.spot, "locality", de=f"{de} {name}", en=f"{en} {name}")


def _found(spot: Spot, method: str, *, de: str, en: str) -> Found:
    place, accuracy = spot.place, ACCURACY[method]
    radius = accuracy.uncertainty_m + accuracy.per_radius * place.uncertainty_m
    return Found(
        lat=round(place.lat, 5),
        lon=round(place.lon, 5),
        method=method,
        uncertainty_m=float(np.ceil(radius / STEP_M) * STEP_M),
        source=place.source,
        name=place.name,
        note_de=de,
        note_en=en,
    )

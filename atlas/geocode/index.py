"""What the gazetteer knows, by municipality and by the words of a name."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from atlas.gazetteer.names import STREET, town_names, without_brackets
from atlas.geo import metric_xy, points_from_lonlat
from atlas.geocode.names import bare_town, key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from atlas.gazetteer import Gazetteer, Place

Key = tuple[str, ...]

LETTERS_PER_TYPO: Final = 7
MOST_TYPOS: Final = 2
MEANS_STREET: Final = "|s"
"""Ends the joined words of a street, so that "Kampweg" is not one typo from "Kampstraße"."""

_CORNER = re.compile(r"[/,()]|\bEcke\b")
_BESIDE_DISTRICT = frozenset({"bahnhof", "hauptbahnhof", "mitte"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the gazetteer with its position in metres (EPSG:25832)."""

    place: Place
    x: float
    y: float

    def distance_m(self, x: float, y: float) -> float:
        """Return the distance to a point."""
        return float(((self.x - x) ** 2 + (self.y - y) ** 2) ** 0.5)


class PlaceIndex:
    """
    What the gazetteer knows, ready to be asked for an exact name within a municipality.

    Attributes
    ----------
    towns
        Words of the name of a municipality, additions left out → its key.
    town_names
        Key of a municipality → its name.
    town_radius
        Key of a municipality → radius of the circle of its size, in metres.
    postcodes
        Postcode → its centre.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        spots = list(_spots(gazetteer.places))
        self.towns: dict[Key, str] = {}
        self.town_names: dict[str, str] = {}
        self.town_radius: dict[str, float] = {}
        self.postcodes = {s.place.name: s for s in spots if s.place.kind == "postcode"}
        self._names: defaultdict[str, defaultdict[Key, list[Spot]]] = _nested()
        self._parts: defaultdict[str, defaultdict[Key, list[Spot]]] = _nested()
        self._within: defaultdict[str, defaultdict[Key, list[Spot]]] = _nested()
        self._districts: defaultdict[str, defaultdict[Key, list[Spot]]] = _nested()
        self._joined: dict[str, list[tuple[str, Key]]] = {}
        for spot in spots:
            self._enter(spot)
        for ags, names in self._names.items():
            self._joined[ags] = sorted((_join(words), words) for words in names)

    def _enter(self, spot: Spot) -> None:
        place = spot.place
        if place.kind == "municipality":
            self.town_names[place.ags] = place.name
            self.town_radius[place.ags] = place.uncertainty_m
            for name in town_names(place.name):
                self.towns[bare_town(name)] = place.ags
        elif place.kind == "stop":
            self._enter_stop(spot)
        elif place.kind == "locality":
            self._districts[place.ags][key(place.name)].append(spot)
        elif place.kind == "station":
            name = _district_of_station(place)
            if name:
                self._districts[place.ags][name].append(spot)

    def _enter_stop(self, spot: Spot) -> None:
        ags, words = spot.place.ags, key(spot.place.name)
        self._names[ags][words].append(spot)
        for part in {key(part) for part in _CORNER.split(spot.place.name)} - {words, ()}:
            self._parts[ags][part].append(spot)
        for run in _runs(words):
            self._within[ags][run].append(spot)

    def town(self, name: str) -> tuple[str, str]:
        """
        Return the key of the municipality that ``name`` means, and the district in it.

        ``Mülheim/Ruhr`` and ``Stadt Mülheim a. d. Ruhr`` are Mülheim; ``Bochum-Langendreer``
        is Langendreer in Bochum, ``Castrop-Rauxel`` no district of Castrop. Both are empty if
        it is none.
        """
        ags = self.towns.get(bare_town(key(name)))
        if ags is not None:
            return ags, ""
        town, _, district = name.partition("-")
        return self.towns.get(bare_town(key(town)), ""), district.strip()

    def named(self, ags: str, words: Key) -> Sequence[Spot]:
        """Return the stops of that name, else those on a corner of that street."""
        return self._names[ags].get(words, ()) or self._parts[ags].get(words, ())

    def with_words(self, ags: str, words: Key) -> Sequence[Spot]:
        """Return the stops whose name has these words in a row beside others."""
        return self._within[ags].get(words, ())

    def like(self, ags: str, words: Key) -> Sequence[Spot]:
        """Return the stops of the name that is one typo away, from 14 letters on two."""
        joined = _join(words)
        allowed = min(MOST_TYPOS, (len(joined) - len(MEANS_STREET)) // LETTERS_PER_TYPO)
        names = self._joined.get(ags, [])
        if allowed < 1 or not names:
            return ()
        found = process.extract(
            joined, [name for name, _ in names], scorer=OSA.distance, score_cutoff=allowed
        )
        same = [(typos, i) for name, typos, i in found if name[-1] == joined[-1]]
        return self._names[ags][names[min(same)[1]][1]] if same else ()

    def district(self, ags: str, words: Key) -> Sequence[Spot]:
        """Return the districts of that name, a station named after it if there are none."""
        spots = self._districts[ags].get(words, ())
        return [spot for spot in spots if spot.place.kind == "locality"] or list(spots)


def _nested() -> defaultdict[str, defaultdict[Key, list[Spot]]]:
    return defaultdict(lambda: defaultdict(list))


def _spots(places: Sequence[Place]) -> Iterator[Spot]:
    lat = pd.Series([place.lat for place in places], dtype=float)
    lon = pd.Series([place.lon for place in places], dtype=float)
    xy = metric_xy(points_from_lonlat(lon, lat))
    for place, x, y in zip(places, xy["x"], xy["y"], strict=True):
        yield Spot(place, float(x), float(y))


def _runs(words: Key) -> set[Key]:
    """Return the runs of words within a name, the whole name left out."""
    ends = range(1, len(words) + 1)
    return {words[i:j] for j in ends for i in range(j)} - {words}


def _join(words: Key) -> str:
    """Return the words as one, with a mark whether they name a street."""
    return "".join(word for word in words if word != STREET) + (
        MEANS_STREET if STREET in words else "|-"
    )


def _district_of_station(place: Place) -> Key:
    own = {word for names in town_names(place.municipality) for word in names}
    words = key(without_brackets(place.name))
    return tuple(word for word in words if word not in own | _BESIDE_DISTRICT)

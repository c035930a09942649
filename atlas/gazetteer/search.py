"""The gazetteer itself: one question, a short list of places."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from geopy.point import Point
from shapely.geometry import Point as PointShape

from atlas.gazetteer import table
from atlas.gazetteer.index import WordIndex
from atlas.gazetteer.names import name_words
from atlas.gazetteer.query import Query, QueryReader
from atlas.gazetteer.table import KINDS, MIN_SCORE, Area, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MAX_LENGTH: Final = 200
MOST_SCORE: Final = 100.0
ALL_FOUND: Final = 85.0
"""Below it a word of the text is missing in the name of the place."""
GOOD_SCORE: Final = 90.0
"""From it on the text is understood, and the area around needs not be offered."""
ADDRESS_UNCERTAINTY_M: Final = 2100
"""A stop named after a street: 95 % of the addresses lie nearer (docs/geocoding.md)."""
KM_PER_DEGREE: Final = 111.2
POINTS_PER_KM: Final = 3.0
MOST_POINTS: Final = 15.0
"""What a place loses for lying away from the postcode or district of the text."""
POINTS_PER_DIGIT: Final = 20.0
MOST_DEGREES: Final = 90.0
"""No degree, minute or second of a point in the region is larger."""

_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_COORDINATES = re.compile(r"[\d\s.,;°'\"′″NESWO+-]*\d[.,]\d[\d\s.,;°'\"′″NESWO+-]*")
_KIND_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Gazetteer:
    """
    The named points of the region.

    Parameters
    ----------
    places
        Points with the municipality they belong to; any order.
    areas
        The municipalities.
    """

    def __init__(self, places: Sequence[Place], areas: Sequence[Area]) -> None:
        self.places = sorted(
            places, key=lambda place: (_KIND_RANK[place.kind], place.name, place.ags, place.lat)
        )
        self._areas = sorted(areas, key=lambda area: area.ags)
        self._towns = {place.ags: place for place in self.places if place.kind == "municipality"}
        self._codes = np.array([place.ags for place in self.places], dtype="U8")
        self._latlon = np.array([(place.lat, place.lon) for place in self.places]).reshape(-1, 2)
        self._reader = QueryReader(self.places)
        self._index = WordIndex(self.places)

    @classmethod
    def load(cls, folder: Path) -> Gazetteer:
        """
        Read the gazetteer from ``folder`` (``data/geo``).

        Raises
        ------
        SourceError
            If a file is missing or not in the promised shape.
        """
        return cls(*table.read(folder))

    def search(self, text: str, *, ags: str | None = None, limit: int = 8) -> list[Place]:
        """
        Return the places that ``text`` may mean, best first.

        Parameters
        ----------
        text
            A name, ``Name, Gemeinde``, ``Straße Nr., PLZ Ort``, a postcode or its
            beginning, or coordinates (``51.48, 7.21``).
        ags
            Only places of this municipality.
        limit
            At most so many places.

        Returns
        -------
        places
            First those whose names have all words as written, or beginning with them,
            then those with a typo or only some of the words; each ordered by score,
            then kind, then name. Empty if nothing fits or the text points out of the
            region.
        """
        text = text[:MAX_LENGTH].strip()
        if _COORDINATES.fullmatch(text):
            found = self._at(text)
        elif text.isdecimal():
            found = self._postcodes(text)
        else:
            found = self._named(text, ags, limit)
        chosen = [place for place in found if ags in (None, place.ags)]
        return chosen[: max(limit, 0)]

    def _named(self, text: str, ags: str | None, limit: int) -> list[Place]:
        query = self._reader.read(text, ags=ags)
        if query is None:
            return []
        places = list(self._best(query, ags, limit)) if query.words else []
        if not places or places[0].score < GOOD_SCORE:
            places += self._last_resort(query)
        if query.is_address or not places or places[0].score < MIN_SCORE:
            missed = _asked(text, query)
            places = [
                replace(place, missed=missed) if place.score < ALL_FOUND else place
                for place in places
            ]
        return places

    def _best(self, query: Query, ags: str | None, limit: int) -> Iterator[Place]:
        scores = self._scores(query)
        if ags is not None:
            scores[self._codes != ags] = 0
        # The town that a text names has all its points, whatever it is called in full.
        written = self._index.as_written(query.words) | (scores == MOST_SCORE)
        # Stable on the sorted places: ties come by kind, then name.
        best = np.lexsort((-scores, ~written))
        best = best[scores[best] >= MIN_SCORE][: max(limit, 0)]
        for i in best:
            place = self.places[i]
            radius = place.uncertainty_m
            if query.numbers and place.kind in {"stop", "station"}:
                radius = max(radius, ADDRESS_UNCERTAINTY_M)
            yield replace(place, score=float(scores[i]), uncertainty_m=radius)

    def _scores(self, query: Query) -> NDArray[np.float64]:
        scores = self._index.scores(query.words, numbers=query.numbers, with_town=query.names_town)
        if query.near is not None:
            beyond_km = self._distance_km(query.near) - query.near.uncertainty_m / 1000
            scores -= np.clip(POINTS_PER_KM * beyond_km, 0, MOST_POINTS)
        if query.towns:
            scores[~np.isin(self._codes, sorted(query.towns))] = 0
        if query.names_town and len(query.towns) == 1:
            (code,) = query.towns
            scores[self.places.index(self._towns[code])] = MOST_SCORE
        return scores.round(1)

    def _distance_km(self, place: Place) -> NDArray[np.float64]:
        per_degree = KM_PER_DEGREE * np.array([1, math.cos(math.radians(place.lat))])
        north, east = ((self._latlon - (place.lat, place.lon)) * per_degree).T
        return np.asarray(np.hypot(north, east))

    def _last_resort(self, query: Query) -> Iterator[Place]:
        """Yield what the text names besides a place: postcode or district, municipality."""
        drop = 50.0 if query.words else 0.0
        if query.near is not None:
            yield replace(query.near, score=100.0 - drop)
        if not query.names_town:
            for code in sorted(query.towns):
                yield replace(self._towns[code], score=90.0 - drop)

    def _postcodes(self, digits: str) -> list[Place]:
        return [
            replace(place, score=POINTS_PER_DIGIT * len(digits))
            for place in self.places
            if place.kind == "postcode" and place.name.startswith(digits)
        ]

    def _at(self, text: str) -> list[Place]:
        """Return the point given in degrees, latitude first or last, if in the region."""
        # Beside points, a comma parts the two numbers; without points it is a decimal comma.
        with_points = (
            text.replace(",", " ") if "." in text else re.sub(r"(\d),(?=\d)", r"\1.", text)
        ).replace("O", "E")
        if max(float(number) for number in _DECIMAL.findall(with_points)) > MOST_DEGREES:
            return []
        try:
            point = Point.from_string(with_points)
        except ValueError:
            return []
        decimals = max(len(digits) for digits in re.findall(r"[.,](\d+)", text))
        radius = math.ceil(KM_PER_DEGREE * 500 / 10**decimals)
        for lat, lon in ((point.latitude, point.longitude), (point.longitude, point.latitude)):
            area = self._area_at(lat, lon)
            if area is not None:
                name = f"{lat:.5f}, {lon:.5f}"
                place = Place(
                    name, "coordinate", area.ags, area.name, lat, lon, radius, "bkg_vg250"
                )
                return [replace(place, score=100.0)]
        return []

    def _area_at(self, lat: float, lon: float) -> Area | None:
        """Return the municipality with the smallest key that has the point."""
        point = PointShape(lon, lat)
        return next((area for area in self._areas if area.polygon.intersects(point)), None)


def _asked(text: str, query: Query) -> str:
    """Return the words of ``text``, as given, that the name of a place should have."""
    wanted = {*query.words, *query.numbers}
    parts = re.split(r"[\s,;]+", text)
    return " ".join(part for part in parts if not wanted.isdisjoint(name_words(part)))

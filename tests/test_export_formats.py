"""Every format: the rows in their order, nothing invented, licence and date inside."""

from __future__ import annotations

import copy
import io
import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from core_fixtures import EDGE_ROWS, data_dir, located, row

from atlas import export
from atlas.errors import ExportError
from atlas.export.delimited import WKT_COLUMN
from atlas.query import Filters
from atlas.store import load

HOSTILE = (
    *EDGE_ROWS,
    row("w/xml", name="<b>&\"'</b> ]]> „Ü“", street="Ætherstraße", **located(51.45, 7.05)),
    row("w/reserved", name="Zeile\u2028Absatz", municipality="Osthausen", **located(51.45, 7.25)),
)
GIS = ("csv-wkt", "fgb", "geojson", "gpkg", "parquet")


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return load(data_dir(tmp_path_factory.mktemp("formats") / "data", *HOSTILE))


@pytest.fixture(scope="module")
def files(atlas, tmp_path_factory):
    """Return the path of each format, written in an order that is not that of the table."""
    folder = tmp_path_factory.mktemp("files")
    rows = atlas.spaces.iloc[::-1]
    paths = {}
    for name, entry in export.FORMATS.items():
        paths[name] = folder / f"spaces.{entry.extension}"
        content = export.write(rows, name, language="de", filters=Filters(), atlas=atlas)
        paths[name].write_bytes(content)
    return paths


def opened(path):
    """Return the rows as a GIS reads them."""
    return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)


@pytest.mark.parametrize("name", GIS)
def test_a_gis_reads_every_row_in_its_order_and_no_point_that_is_not_there(name, files, atlas):
    rows = opened(files[name])
    expected = atlas.spaces.iloc[::-1].reset_index(drop=True)
    assert rows["space_id"].tolist() == expected["space_id"].tolist()
    names = [export.unguard(text) for text in rows["name"]]
    assert names == expected["name"].tolist()
    is_missing = rows.geometry.isna() | rows.geometry.is_empty
    assert is_missing.tolist() == expected["lat"].isna().tolist()
    assert is_missing.any(), "or this test shows nothing"
    metric = rows[~is_missing].to_crs(25832)
    truth = expected[~is_missing.to_numpy()]
    # Five decimals of a degree are a metre.
    assert np.allclose(metric.geometry.x, truth["x"], atol=1.2)
    assert np.allclose(metric.geometry.y, truth["y"], atol=1.2)


@pytest.mark.parametrize(
    ("name", "code"),
    [("csv-wkt", 25832), ("fgb", 4326), ("geojson", 4326), ("gpkg", 25832), ("parquet", 4326)],
)
def test_every_file_says_its_reference_system(name, code, files):
    assert opened(files[name]).crs.to_epsg() == code


@pytest.mark.parametrize("name", [name for name in export.FORMATS if name != "xlsx"])
def test_every_file_carries_licence_attribution_and_date(name, files):
    content = files[name].read_bytes()
    for said in ("ODbL-1.0", "OpenStreetMap-Mitwirkende", "2026-11-22"):
        assert said.encode() in content, said


@pytest.mark.parametrize("name", ["fgb", "parquet"])
def test_flags_and_numbers_keep_their_type(name, files, atlas):
    rows = opened(files[name])
    flags = [None if pd.isna(flag) else bool(flag) for flag in rows["is_step_free"]]
    expected = [None if pd.isna(flag) else bool(flag) for flag in atlas.spaces["is_step_free"]]
    assert flags == expected[::-1]
    assert rows["area_m2"].dropna().tolist() == [80, 12000, 500]
    assert rows["ags"].str.startswith("05").all()


def test_wkt_stands_in_a_column_that_names_its_reference_system(files, atlas):
    rows = pd.read_csv(files["csv-wkt"], dtype=str, encoding="utf-8-sig").iloc[::-1]
    assert rows.columns[0] == WKT_COLUMN == "_WKT_EPSG_25832"
    first = atlas.spaces.iloc[0]
    assert rows[WKT_COLUMN].iloc[0] == f"POINT ({first['x']:.1f} {first['y']:.1f})"
    assert pd.isna(rows[WKT_COLUMN].iloc[4])


def test_geoparquet_has_a_box_per_row_and_the_notice(files):
    schema = pq.read_schema(files["parquet"])
    geo = json.loads(schema.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert geo["columns"]["geometry"]["geometry_types"] == ["Point"]
    said = {key.decode(): text.decode() for key, text in schema.metadata.items()}
    assert said["raumatlas:licence"] == "CC-BY-4.0 AND CC0-1.0 AND ODbL-1.0"
    assert said["raumatlas:data_as_of"] == "2026-11-22"
    boxes = pq.read_table(files["parquet"], columns=["bbox", "lon"]).to_pandas()
    missing = [math.isnan(lon) for lon in boxes["lon"]]
    assert [box is None or box["xmin"] is None for box in boxes["bbox"]] == missing


def test_flatgeobuf_has_the_notice_in_its_header(files):
    metadata = pyogrio.read_info(files["fgb"], layer="spaces")["layer_metadata"]
    assert metadata["LICENCE"] == "CC-BY-4.0 AND CC0-1.0 AND ODbL-1.0"
    assert metadata["TITLE"] == "Raumatlas Ruhr"
    assert "OpenStreetMap" in metadata["DESCRIPTION"]


@pytest.mark.parametrize("name", export.FORMATS)
def test_a_table_without_any_location_is_written(name, atlas, tmp_path):
    nowhere = atlas.spaces[atlas.spaces["lat"].isna()]
    assert len(nowhere)
    content = export.write(nowhere, name, language="de", filters=Filters(), atlas=atlas)
    path = tmp_path / f"spaces.{export.FORMATS[name].extension}"
    path.write_bytes(content)
    if name in GIS:
        assert len(opened(path)) == len(nowhere)


FOREIGN_FORBIDDEN = {"coordinates", "geometries", "geometry", "properties"}


def rfc7946_faults(text: str) -> list[str]:
    """Say what RFC 7946 forbids in a collection of points."""
    found = json.loads(text.removeprefix("\ufeff"), parse_constant=lambda name: f"not JSON: {name}")
    faults = []
    if "not JSON" in json.dumps(found):
        faults.append("4: a number that JSON does not have")
    if text.startswith("\ufeff"):
        faults.append("11.1: byte-order mark")
    if found.get("type") != "FeatureCollection" or not isinstance(found.get("features"), list):
        faults.append("3.3: no feature collection")
    if FOREIGN_FORBIDDEN & set(found):
        faults.append("7.1: member that belongs elsewhere")
    if "crs" in found:
        faults.append("4: crs")
    for feature in found.get("features", []):
        faults += feature_faults(feature)
    return faults


def feature_faults(feature: dict) -> list[str]:
    faults = []
    if feature.get("type") != "Feature" or not {"geometry", "properties"} <= set(feature):
        return ["3.2: no feature"]
    if {"coordinates", "geometries", "features"} & set(feature):
        faults.append("7.1: member that belongs elsewhere")
    if not isinstance(feature.get("id", ""), str | int | float):
        faults.append("3.2: id")
    if not isinstance(feature["properties"], dict | None):
        faults.append("3.2: properties")
    geometry = feature["geometry"]
    if geometry is None:
        return faults
    if geometry.get("type") != "Point" or {"features", "geometry"} & set(geometry):
        return [*faults, "3.1: no point"]
    place = geometry["coordinates"]
    if not (isinstance(place, list) and 2 <= len(place) <= 3):
        return [*faults, "3.1.1: position"]
    if not (-180 <= place[0] <= 180 and -90 <= place[1] <= 90 and 5 < place[0] < 9):
        faults.append("4: longitude before latitude, in degrees")
    if any(round(number, 6) != number for number in place):
        faults.append("11.2: more precise than six decimals")
    return faults


def test_geojson_keeps_every_rule_of_its_standard(files):
    assert rfc7946_faults(files["geojson"].read_text("utf-8")) == []


def test_the_check_of_the_standard_sees_what_it_forbids(files):
    good = json.loads(files["geojson"].read_text("utf-8"))
    spoiled = {
        "4: crs": lambda bad: bad.update(crs={"type": "name"}),
        "3.3": lambda bad: bad.update(type="Features"),
        "7.1": lambda bad: bad.update(properties={}),
        "4: a number": lambda bad: bad.update(count=math.nan),
        "3.2: no feature": lambda bad: bad["features"][0].pop("geometry"),
        "3.2: id": lambda bad: bad["features"][0].update(id=None),
        "4: longitude": lambda bad: bad["features"][0]["geometry"]["coordinates"].reverse(),
        "11.2": lambda bad: bad["features"][0]["geometry"].update(coordinates=[7.05000001, 51.4]),
        "3.1": lambda bad: bad["features"][0]["geometry"].update(type="Place"),
    }
    for fault, spoil in spoiled.items():
        bad = copy.deepcopy(good)
        spoil(bad)
        assert any(found.startswith(fault) for found in rfc7946_faults(json.dumps(bad))), fault
    assert rfc7946_faults("\ufeff" + json.dumps(good)) == ["11.1: byte-order mark"]


@pytest.mark.parametrize(
    ("name", "found"),
    [("a.csv", "csv"), ("A.CSV", "csv"), ("a.wkt.csv", "csv-wkt"), ("b.wkt", None),
     ("ruhr.geojson", "geojson"), ("ruhr.json", "geojson"), ("x.geoparquet", "parquet"),
     ("x.y.fgb", "fgb"), ("gpkg", None), ("noending", None)],
)  # fmt: skip
def test_the_ending_of_a_name_says_the_format(name, found):
    if found is None:
        with pytest.raises(ExportError, match="Endungen"):
            export.format_of(name)
    else:
        assert export.format_of(name) == found


def test_every_format_is_found_by_its_own_ending():
    for name, entry in export.FORMATS.items():
        assert export.format_of(f"ruhr.{entry.extension}") == name


def test_the_same_rows_give_the_same_bytes_whatever_was_written_before(files, atlas):
    for name, path in reversed(files.items()):
        content = export.write(
            atlas.spaces.iloc[::-1], name, language="de", filters=Filters(), atlas=atlas
        )
        assert content == path.read_bytes(), name


def test_an_excel_sheet_of_a_hostile_table_opens(files):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].read_bytes()))
    names = {cell.value for cell in book.worksheets[0]["B"]}
    assert "<b>&\"'</b> ]]> „Ü“" in names

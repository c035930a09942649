"""
Files of a selection: what is inside, what a spreadsheet makes of it, and that bytes repeat.

The golden files are refreshed with ``ATLAS_REFRESH_GOLDEN=1 pytest tests/test_export.py``;
read the diff before committing it.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import time
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from core_fixtures import EDGE_ROWS, data_dir
from hypothesis import given
from hypothesis import strategies as st

from atlas import export
from atlas.errors import ExportError
from atlas.export import geopackage, open_part
from atlas.export.notice import Notice
from atlas.export.table import export_table
from atlas.query import Filters
from atlas.schema import BY_NAME, NAMES
from atlas.store import load

GOLDEN = Path(__file__).parent / "golden"
ASKED = Filters(text="zeche", kinds=frozenset(["key_property"]))
FORMULA = "=SUM(A1)"


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return load(data_dir(tmp_path_factory.mktemp("export") / "data", *EDGE_ROWS))


@pytest.fixture(scope="module")
def write(atlas):
    """Return a function that writes rows of the atlas."""

    def written(name, spaces=None, *, language="de"):
        rows = atlas.spaces if spaces is None else spaces
        return export.write(rows, name, language=language, filters=ASKED, atlas=atlas)

    return written


def sheets(content):
    """Return both sheets as lists of rows."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[list(row) for row in sheet.iter_rows()] for sheet in book.worksheets]


def test_the_same_selection_gives_the_same_bytes_later(write):
    first = {name: write(name) for name in export.FORMATS}
    time.sleep(1.1)  # the clocks inside the formats count seconds
    for name, content in first.items():
        assert write(name) == content, name


@pytest.mark.parametrize("name", ["csv", "geojson"])
def test_text_files_equal_the_golden_ones(write, atlas, name):
    path = GOLDEN / f"spaces.{name}"
    content = write(name).replace(atlas.version.encode(), b"VERSION")
    if os.environ.get("ATLAS_REFRESH_GOLDEN"):
        path.write_bytes(content)
    assert content.decode() == path.read_bytes().decode()


def test_csv_reads_into_the_same_table(write, atlas):
    read = pd.read_csv(io.BytesIO(write("csv")), dtype=str, encoding="utf-8-sig")
    assert list(read.columns) == [*NAMES, *export.EXTRA_COLUMNS]
    assert read["space_id"].tolist() == atlas.spaces["space_id"].tolist()
    assert read["ags"].str.startswith("05").all()
    assert read["area_m2"].tolist()[:2] == ["500", "12000"]
    assert read["is_step_free"].tolist()[:3:2] == ["true", "false"]
    assert read["name"].map(export.unguard).tolist() == atlas.spaces["name"].tolist()
    assert set(read["data_as_of"]) == {"2026-11-22"}
    assert read["coordinate_licence"].tolist()[:2] == ["CC0-1.0", "ODbL-1.0"]
    assert "OpenStreetMap" in read["attribution"][1]
    assert "OpenStreetMap" not in read["attribution"][0]


def test_csv_begins_with_a_byte_order_mark_and_holds_no_formula(write):
    content = write("csv").decode()
    assert content.startswith("\ufeffspace_id,")
    rows = pd.read_csv(io.StringIO(content), dtype=str).fillna("")
    starts = {cell[:1] for name in rows for cell in rows[name]}
    assert not starts & set("=+-@\t\r")
    assert rows["name"].tolist()[-1] == "'" + FORMULA
    assert rows["note_en"].tolist()[-1] == "''=quoted"
    assert rows["note_de"].tolist()[-1] == "'-1+1"


@given(st.text(max_size=10) | st.text("=+-@'\t a", max_size=6))
def test_the_guard_of_formulas_is_reversible(text):
    assert export.unguard(export.guard(text)) == text
    assert export.guard(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_geojson_is_what_the_standard_says(write):
    content = json.loads(write("geojson"))
    assert content["type"] == "FeatureCollection"
    assert content["licence"] == "CC-BY-4.0 AND CC0-1.0 AND ODbL-1.0"
    assert "OpenStreetMap" in content["attribution"]
    assert content["data_as_of"] == "2026-11-22"
    assert content["selection"] == "kind=key_property&q=zeche"
    first, nowhere = content["features"][0], content["features"][4]
    assert first["geometry"] == {"type": "Point", "coordinates": [7.05, 51.45]}
    assert first["id"] == first["properties"]["space_id"]
    assert first["properties"]["area_m2"] == 500
    assert first["properties"]["is_step_free"] is True
    assert nowhere["geometry"] is None
    assert nowhere["properties"]["area_m2"] is None
    assert "crs" not in content  # RFC 7946: always WGS 84


def test_geojson_coordinates_have_at_most_five_decimals(write, atlas):
    exact = atlas.spaces.assign(lat=51.123456789, lon=7.123456789)
    content = json.loads(write("geojson", exact))
    assert content["features"][0]["geometry"]["coordinates"] == [7.12346, 51.12346]


def test_geopackage_is_metric_and_carries_its_licence(write, atlas, tmp_path):
    path = tmp_path / "spaces.gpkg"
    path.write_bytes(write("gpkg"))
    layer = gpd.read_file(path, layer="spaces")
    assert layer.crs.to_epsg() == 25832
    assert len(layer) == len(EDGE_ROWS)
    assert layer.geometry.iloc[0].x == atlas.spaces["x"].iloc[0]
    assert layer.geometry.iloc[4] is None
    assert layer["ags"].iloc[0] == "05000001"
    info = pyogrio.read_info(path)
    types = dict(zip(info["fields"], info["ogr_subtypes"], strict=True))
    assert types["is_step_free"] == "OFSTBoolean"
    flags = [None if pd.isna(flag) else bool(flag) for flag in layer["is_step_free"]]
    assert flags[:3] == [True, None, False]
    metadata = pyogrio.read_info(path, layer="spaces")["layer_metadata"]
    assert metadata["LICENCE"] == "CC-BY-4.0 AND CC0-1.0 AND ODbL-1.0"
    assert "OpenStreetMap" in metadata["ATTRIBUTION"]
    assert metadata["DATA_AS_OF"] == "2026-11-22"
    assert metadata["SELECTION"] == "kind=key_property&q=zeche"


def test_writing_a_geopackage_leaves_no_clock_behind(write):
    write("gpkg")
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_a_refusal_of_gdal_is_told(write, monkeypatch):
    class FullDisk:
        def __init__(self):
            self.name = "/nonexistent/folder"

        def __enter__(self):
            return self.name

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(geopackage.tempfile, "TemporaryDirectory", FullDisk)
    with pytest.raises(ExportError, match="GeoPackage"):
        write("gpkg")
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_workbook_holds_no_formula_and_no_link(write, atlas):
    spaces, notice = sheets(write("xlsx"))
    cells = [cell for row in (*spaces, *notice) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    names = [row[1].value for row in spaces[1:]]
    assert names == atlas.spaces["name"].tolist()
    assert FORMULA in names


@pytest.mark.parametrize(
    ("language", "label", "vacancy"),
    [("de", "Leerstand", "Teilleerstand"), ("en", "Vacancy", "partly vacant")],
)
def test_workbook_speaks_the_language_of_the_reader(write, language, label, vacancy):
    spaces, _ = sheets(write("xlsx", language=language))
    header = [cell.value for cell in spaces[0]]
    assert spaces[2][header.index(label)].value == vacancy
    assert len(header) == len(NAMES) + len(export.EXTRA_COLUMNS)


def test_workbook_has_numbers_labels_and_a_second_sheet_with_licence_and_date(write):
    spaces, notice = sheets(write("xlsx"))
    header = [cell.value for cell in spaces[0]]
    assert spaces[1][header.index("Stufenlos")].value == "ja"
    assert spaces[1][header.index("Fläche (m²)")].value == 500
    assert spaces[1][header.index("Teilmärkte")].value == "Musikwirtschaft, Kunstmarkt"
    labels = {row[0].value for row in notice}
    assert {"Lizenz", "Namensnennung", "Stand der Daten", "Auswahl"} <= labels
    assert "22.11.2026" in {row[1].value for row in notice}


def test_a_cell_longer_than_the_format_allows_is_cut(write, atlas):
    long = atlas.spaces.assign(note_de="x" * 40_000)
    spaces, _ = sheets(write("xlsx", long))
    column = list(NAMES).index("note_de")
    assert len(spaces[1][column].value) == 32_767


@pytest.mark.parametrize("name", export.FORMATS)
def test_an_empty_selection_gives_a_file_with_its_header(write, atlas, name, tmp_path):
    content = write(name, atlas.spaces.iloc[:0])
    path = tmp_path / f"spaces.{name}"
    path.write_bytes(content)
    if name == "csv":
        assert content.decode("utf-8-sig").strip() == ",".join([*NAMES, *export.EXTRA_COLUMNS])
    elif name == "xlsx":
        spaces, notice = sheets(content)
        assert len(spaces) == 1
        assert "ODbL-1.0" in str([row[1].value for row in notice])
    else:
        assert len(gpd.read_file(path)) == 0
        assert b"ODbL-1.0" in content


def test_the_open_part_leaves_out_share_alike_rows_and_coordinates(atlas, write):
    before = atlas.spaces.copy()
    part = open_part(atlas.spaces, atlas.registry)
    assert part["source_ref"].tolist() == ["w/zeche", "w/kaufhaus", "m/atelier", "m/quartier",
                                           "o/formel"]  # fmt: skip
    bound = part.iloc[1]
    assert bound.geometry is None
    assert bound[["lat", "lon", "coordinate_source", "coordinate_note", "x"]].isna().all()
    assert part.iloc[0].geometry is not None
    assert json.loads(write("geojson", part))["licence"] == "CC-BY-4.0 AND CC0-1.0"
    pd.testing.assert_frame_equal(atlas.spaces, before)


def test_an_unknown_format_is_told(write):
    with pytest.raises(ExportError, match="csv, geojson, gpkg, xlsx"):
        write("pdf")


@pytest.mark.parametrize("name", export.FORMATS)
def test_a_file_is_named_after_the_date_of_its_data(atlas, name):
    assert export.filename(name, atlas=atlas) == f"raumatlas-ruhr_2026-11-22.{name}"


def test_the_notice_warns_of_share_alike_only_where_it_applies(atlas):
    whole = Notice.of(export_table(atlas.spaces, atlas, "de"), atlas, Filters(), "de")
    part = open_part(atlas.spaces, atlas.registry)
    free = Notice.of(export_table(part, atlas, "de"), atlas, Filters(), "de")
    assert "ODbL" in str(whole.lines("de"))
    assert "ODbL" not in str(free.lines("de"))
    assert ("Auswahl", "alle Orte") in whole.lines("de")
    assert whole.as_of == dt.date(2026, 11, 22)


def test_every_column_that_is_no_number_is_written_as_text():
    from atlas.export.table import TEXT_COLUMNS

    numeric = {name for name, column in BY_NAME.items()
               if column.dtype in ("number", "integer", "boolean")}  # fmt: skip
    assert set(TEXT_COLUMNS) == set(NAMES) - numeric | set(export.EXTRA_COLUMNS)

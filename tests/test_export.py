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
import sys
import time
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from core_fixtures import EDGE_ROWS, data_dir, located, row, write_csv
from hypothesis import given
from hypothesis import strategies as st

from atlas import export
from atlas.build import BuildConfig, build
from atlas.build.cells import texts
from atlas.errors import ExportError
from atlas.export import geopackage, open_part
from atlas.export.notice import Notice
from atlas.export.table import export_table
from atlas.provenance import SHARE_ALIKE
from atlas.query import Filters
from atlas.schema import BY_NAME, NAMES
from atlas.schema.contributions import COLUMN, read
from atlas.schema.validate import validate
from atlas.settings import Settings
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


@pytest.mark.parametrize("name", ["csv", "geojson", "csv-wkt"])
def test_text_files_equal_the_golden_ones(write, atlas, name):
    path = GOLDEN / f"spaces.{export.FORMATS[name].extension}"
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
    path = tmp_path / f"spaces.{export.FORMATS[name].extension}"
    path.write_bytes(content)
    if name == "csv":
        assert content.decode("utf-8-sig").strip() == ",".join([*NAMES, *export.EXTRA_COLUMNS])
    elif name == "xlsx":
        spaces, notice = sheets(content)
        assert len(spaces) == 1
        assert "ODbL-1.0" in str([row[1].value for row in notice])
    elif name == "parquet":
        assert len(gpd.read_parquet(path)) == 0
        assert b"ODbL-1.0" in content
    else:
        assert len(gpd.read_file(path)) == 0
        # A CSV has the licence in its rows: without rows, there is no place for it.
        assert name == "csv-wkt" or b"ODbL-1.0" in content


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


def built(settings, *given):
    """Return the atlas of a folder after a build of its registry and perhaps a second file."""
    config = '[[source]]\nid = "curated"\nadapter = "curated"\npath = "spaces.csv"\n'
    if given:
        write_csv(settings.data_dir / "second.csv", *given)
        config += '[[source]]\nid = "osm"\nadapter = "curated"\npath = "second.csv"\n'
    (settings.data_dir / "build.toml").write_text(config, "utf-8")
    plan = BuildConfig.load(settings.data_dir / "build.toml")
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    build(plan, settings, now=now, geocode=lambda cells: (cells, {}))
    return load(settings)


def broken(part, atlas):
    """Return the rules of the schema that rows of a part break."""
    checked = validate(texts(part), atlas.municipalities, sources=atlas.registry.sources)
    return checked.rejects["rule"].tolist()


def open_rows(atlas):
    part = open_part(atlas.spaces, atlas.registry)
    part = part.sort_values("space_id", ignore_index=True).drop(columns=COLUMN, errors="ignore")
    return pd.DataFrame(part)


def test_the_open_part_of_the_shipped_data_is_the_same_before_and_after_a_build(tmp_path):
    shipped = Settings().data_dir
    for name in ("spaces.csv", "sources.toml", "geo"):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).symlink_to(shipped / name)
    settings = Settings(data_dir=tmp_path / "data", table_dir=tmp_path / "table")
    before = load(settings)
    after = built(settings)
    bound = before.spaces["licence"].isin(SHARE_ALIKE)
    assert bound.any(), "the registry has rows under ODbL, or this test shows nothing"
    assert set(after.spaces[COLUMN].map(read).map(len)) == {1}
    pd.testing.assert_frame_equal(open_rows(before), open_rows(after))
    assert len(open_rows(after)) == (~bound).sum()
    assert broken(open_part(after.spaces, after.registry), after) == []


def test_a_share_alike_row_is_not_freed_by_the_licence_of_its_source(tmp_path):
    atlas = built(data_dir(tmp_path / "data", row("w/odbl", licence="ODbL-1.0"), row("w/free")))
    assert open_part(atlas.spaces, atlas.registry)["source_ref"].tolist() == ["w/free"]
    # The registry would have said otherwise: this is what told the two apart.
    assert atlas.registry.licence_of("curated") == "CC-BY-4.0"


def test_the_open_part_of_nothing_is_nothing(tmp_path):
    atlas = built(data_dir(tmp_path / "data", row("w/odbl", licence="ODbL-1.0")))
    assert open_part(atlas.spaces, atlas.registry).empty
    assert open_part(atlas.spaces.iloc[:0], atlas.registry).empty


def test_the_comparison_with_a_build_can_fail(tmp_path, monkeypatch):
    given = (row("w/odbl", licence="ODbL-1.0"), row("w/free"))
    before = load(data_dir(tmp_path / "one", *given))
    after = built(data_dir(tmp_path / "two", *given))
    pd.testing.assert_frame_equal(open_rows(before), open_rows(after))
    # As it was once: by the licence of the source that delivered the row.
    module = sys.modules[open_part.__module__]
    source = {"curated": after.registry.licence_of("curated")}
    monkeypatch.setattr(
        module, "_own_licences", lambda rows, given: rows.loc[given.index, "source"].map(source)
    )
    monkeypatch.setattr(module, "_lost", lambda _entries: set())
    assert len(open_rows(before)) < len(open_rows(after))


OSM = {"source": "osm", "licence": "ODbL-1.0", "lineage": "crowd", "publisher": "OSM"}
AT = located(51.45, 7.05)


def merged_with_osm(tmp_path, own, theirs):
    """Return the atlas in which a row of the registry was merged with one of OpenStreetMap."""
    same = {"name": "Zeche Glückauf", "same_as": "wikidata:Q1"} | AT
    mine = row("w/own", **(same | own))
    other = row("node/1", **(same | OSM | theirs))
    atlas = built(data_dir(tmp_path / "data", mine, row("w/free")), other)
    assert len(atlas.spaces) == 2
    return atlas


def test_what_openstreetmap_gave_leaves_no_trace_in_the_open_part(tmp_path):
    atlas = merged_with_osm(
        tmp_path,
        {"vacancy": "unknown", "observed_on": "", "coordinate_uncertainty_m": "90"},
        {"vacancy": "in_use", "availability": "from_date", "available_from": "2027-01",
         "website": "https://zeche.example/", "same_as": "wikidata:Q1;osm:way/7",
         "coordinate_uncertainty_m": "20", "coordinate_source": "osm"},
    )  # fmt: skip
    whole = atlas.spaces.set_index("source_ref").loc["w/own"]
    assert (whole["vacancy"], whole["licence"], whole["coordinate_source"]) == (
        "in_use", "ODbL-1.0", "osm")  # fmt: skip
    part = open_part(atlas.spaces, atlas.registry)
    freed = part.set_index("source_ref").loc["w/own"]
    assert (freed["vacancy"], freed["availability"], freed["licence"]) == (
        "unknown", "unknown", "CC-BY-4.0")  # fmt: skip
    gone = ["website", "observed_on", "observed_day", "available_from", "same_as", "lat", "x"]
    assert freed[gone].isna().all()
    assert freed.geometry is None, "no point either"
    assert [entry["source"] for entry in read(freed[COLUMN])] == ["curated"]
    assert broken(part, atlas) == []


def test_a_quarter_keeps_its_rule_without_the_state_of_openstreetmap(tmp_path):
    quarter = {"kind": "creative_quarter", "type": "quarter", "vacancy": "not_applicable"}
    atlas = merged_with_osm(tmp_path, quarter | {"observed_on": "2020"},
                            quarter | {"observed_on": "2026-01"})  # fmt: skip
    assert atlas.spaces["observed_on"].eq("2026-01").any()
    part = open_part(atlas.spaces, atlas.registry)
    assert part.set_index("source_ref").loc["w/own", "vacancy"] == "not_applicable"
    assert broken(part, atlas) == []
    assert broken(part.assign(vacancy="unknown"), atlas), "the check can fail"


def test_a_row_whose_town_came_from_openstreetmap_is_left_out(atlas):
    entry = {"licence": "CC-BY-4.0", "fields": ["name"]} | dict.fromkeys(
        ("source", "source_ref", "publisher", "source_url", "retrieved_on", "observed_on",
         "lineage", "name"), "")  # fmt: skip
    first = atlas.spaces.iloc[:1]
    own = entry | {"source": "curated", "source_ref": first["source_ref"].iloc[0]}
    theirs = entry | {"source": "osm", "licence": "ODbL-1.0"}
    for fields, left in ((["website"], 1), (["municipality", "ags"], 0)):
        cell = json.dumps([own, theirs | {"fields": fields}])
        assert len(open_part(first.assign(**{COLUMN: cell}), atlas.registry)) == left


def test_an_unknown_format_is_told(write):
    with pytest.raises(ExportError, match="csv, geojson, gpkg, xlsx"):
        write("pdf")


@pytest.mark.parametrize("name", export.FORMATS)
def test_a_file_is_named_after_the_date_of_its_data(atlas, name):
    ending = export.FORMATS[name].extension
    assert export.filename(name, atlas=atlas) == f"raumatlas-ruhr_2026-11-22.{ending}"


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

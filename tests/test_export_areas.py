"""Tables of areas as files: no formulas, licence and parameters inside, metres in the layer."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from atlas.errors import CrsError
from atlas.export.areas import AreaNotice, areas_csv, areas_gpkg, areas_xlsx
from atlas.export.table import unguard

if TYPE_CHECKING:
    from pathlib import Path

FORMULA = "=HYPERLINK(1)"
NOTICE = AreaNotice(
    title="Hotspots kreativer Orte",
    parameters=(("Flächen", "Gemeinden"), ("Permutationen", "999")),
    licences=("CC-BY-4.0", "ODbL-1.0"),
    attribution=("Raumatlas Ruhr (CC BY 4.0)", "© OpenStreetMap-Mitwirkende (ODbL)"),
    as_of=dt.date(2026, 11, 22),
    version="abc",
)
HEADS = ("Kennung", "Stadt", "Gezählt", "p-Wert")


def areas(crs: str = "EPSG:25832") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"area_id": ["05911000", "05913000"], "name": [FORMULA, "Dortmund"],
         "count": pd.array([4, 0], dtype="Int64"), "gi_p": [0.0012345, float("nan")]},
        geometry=[shapely.box(0.123, 0, 10, 10), shapely.box(10, 0, 20, 10)], crs=crs,
    )  # fmt: skip


def test_csv_has_guarded_texts_and_the_notice() -> None:
    table = pd.read_csv(io.BytesIO(areas_csv(areas(), NOTICE)), dtype="str", keep_default_na=False)
    assert table["name"][0] != FORMULA
    assert unguard(table["name"][0]) == FORMULA
    assert list(table["area_id"]) == ["05911000", "05913000"]
    assert list(table["data_as_of"]) == ["2026-11-22"] * 2
    assert list(table["licence"]) == ["CC-BY-4.0 AND ODbL-1.0"] * 2
    assert "OpenStreetMap" in table["attribution"][0]
    assert "Permutationen: 999" in table["parameters"][0]
    assert table["gi_p"][1] == ""


def test_xlsx_has_numbers_texts_and_a_sheet_about_itself() -> None:
    content = areas_xlsx(areas(), NOTICE, heads=HEADS, language="de")
    book = openpyxl.load_workbook(io.BytesIO(content))
    first, about = book.worksheets
    assert [cell.value for cell in first[1]] == list(HEADS)
    assert [cell.value for cell in first[2]] == ["05911000", FORMULA, 4, pytest.approx(0.0012345)]
    assert first["B2"].data_type == "s"
    assert first["D3"].value is None
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["Permutationen"] == "999"
    assert said["Stand der Daten"] == "22.11.2026"
    assert content == areas_xlsx(areas(), NOTICE, heads=HEADS, language="de")


def test_the_layer_is_metric_and_tells_its_licence(tmp_path: Path) -> None:
    content = areas_gpkg(areas(), NOTICE, layer="municipality", language="de")
    path = tmp_path / "layer.gpkg"
    path.write_bytes(content)
    read = gpd.read_file(path)
    assert read.crs == "EPSG:25832"
    assert set(read.geom_type) == {"MultiPolygon"}
    assert read.geometry.iloc[0].bounds[0] == pytest.approx(0.1)
    meta = pyogrio.read_info(path)["layer_metadata"]
    assert meta["LICENCE"] == "CC-BY-4.0 AND ODbL-1.0"
    assert "Permutationen: 999" in meta["PARAMETERS"]
    assert content == areas_gpkg(areas(), NOTICE, layer="municipality", language="de")


def test_degrees_are_refused() -> None:
    with pytest.raises(CrsError):
        areas_gpkg(areas("EPSG:4326"), NOTICE, layer="x", language="de")

"""Open data through a declared mapping: every form, every encoding, every system of coordinates."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyproj
import pytest
import shapely
from source_fixtures import DATA, REGISTRY, TODAY, assert_sound, problems_of, source, zipped

from atlas.errors import ConfigError, SourceFormatError, SourceUnavailableError
from atlas.settings import Settings
from atlas.sources import declared
from atlas.sources.declared import check
from atlas.store import MUNICIPALITIES_FILE, read_boundaries

ROOT = Path(__file__).resolve().parent.parent
LON, LAT = 7.46530, 51.51360
SYSTEMS = ["EPSG:25832", "EPSG:31466", "EPSG:31467", "EPSG:4647", "EPSG:3857", "EPSG:4326"]


def mapping(folder: Path, **parts: str) -> declared.Mapping:
    """Return a mapping; each part replaces a section or top-level lines."""
    sections = {
        "head": 'source = "city"\npublisher = "Stadt Beispiel"\nlicence = "CC0-1.0"\n'
                'attribution = "Stadt Beispiel"\nkey = "nr"',
        "file": 'format = "csv"',
        "place": 'crs = "EPSG:25832"\nx = "x"\ny = "y"',
        "columns": 'name = "name"',
        "constants": 'type = "theatre"\nmunicipality = "Dortmund"',
    } | parts  # fmt: skip
    text = sections.pop("head") + "\n"
    text += "".join(f"[{name}]\n{body}\n" for name, body in sections.items())
    (folder / "city.toml").write_text(text, "utf-8")
    return declared.load(folder / "city.toml")


def parse(payload: bytes | str, made: declared.Mapping) -> declared.Parsed:
    payload = payload.encode() if isinstance(payload, str) else payload
    parsed = declared.parse(payload, mapping=made, source=source(), retrieved_on=TODAY)
    assert_sound(parsed.intake)
    return parsed


def at(crs: str) -> tuple[float, float]:
    return pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(LON, LAT)


def one_point(x: object, y: object) -> str:
    return f'nr;name;x;y\n1;Bühne;"{x}";"{y}"\n'


@pytest.mark.parametrize("name", ["bochum_schools", "essen_meeting_places"])
def test_the_real_mappings_read_the_published_shape(name):
    made = declared.load(ROOT / "data" / "sources" / f"{name}.toml")
    path = DATA / "declared" / made.file.path
    parsed = declared.read(made, registry=REGISTRY, retrieved_on=TODAY, path=path)
    assert_sound(parsed.intake)
    assert len(parsed.intake.cells) >= 2
    towns = read_boundaries(Settings().data_dir / MUNICIPALITIES_FILE)
    assert problems_of(parsed.intake, towns) == []
    assert not parsed.notes.untranslated


def test_contacts_of_the_source_reach_nothing():
    made = declared.load(ROOT / "data" / "sources" / "essen_meeting_places.toml")
    path = DATA / "declared" / made.file.path
    parsed = declared.read(made, registry=REGISTRY, retrieved_on=TODAY, path=path)
    text = parsed.intake.cells.to_csv()
    assert "0201 000000" in path.read_text("utf-8")
    assert "0201 000000" not in text
    assert "haus@example.org" not in text


def test_a_facility_listed_under_two_categories_becomes_one_row():
    made = declared.load(ROOT / "data" / "sources" / "bochum_schools.toml")
    path = DATA / "declared" / made.file.path
    parsed = declared.read(made, registry=REGISTRY, retrieved_on=TODAY, path=path)
    assert parsed.intake.cells["source_ref"].tolist() == ["900001", "900002", "900004"]
    assert parsed.intake.faults[["row", "code"]].to_numpy().tolist() == [
        [3, "not_a_space"], [4, "not_a_space"],
    ]  # fmt: skip
    assert parsed.intake.cells.loc[2, "house_number"] == "2 - 6"


@pytest.mark.parametrize("crs", SYSTEMS)
def test_every_system_leads_to_the_same_degrees(tmp_path, crs):
    x, y = at(crs)
    made = mapping(tmp_path, place=f'crs = "{crs}"\nx = "x"\ny = "y"')
    row = parse(one_point(x, y), made).intake.cells.iloc[0]
    assert float(row["lon"]) == pytest.approx(LON, abs=2e-5)
    assert float(row["lat"]) == pytest.approx(LAT, abs=2e-5)


@pytest.mark.parametrize("declared_crs", SYSTEMS)
@pytest.mark.parametrize("real", SYSTEMS)
def test_a_wrong_system_is_found_and_the_right_one_named(tmp_path, declared_crs, real):
    made = mapping(tmp_path, place=f'crs = "{declared_crs}"\nx = "x"\ny = "y"')
    text = one_point(*at(real))
    if real == declared_crs:
        assert len(parse(text, made).intake.cells) == 1
        return
    with pytest.raises(SourceFormatError, match=f'crs = "{real}"'):
        parse(text, made)


@pytest.mark.parametrize("crs", SYSTEMS)
def test_swapped_axes_are_found_and_named_with_what_to_write(tmp_path, crs):
    x, y = at(crs)
    made = mapping(tmp_path, place=f'crs = "{crs}"\nx = "x"\ny = "y"')
    with pytest.raises(SourceFormatError, match="die Achsen sind vertauscht") as caught:
        parse(one_point(y, x), made)
    assert f'crs = "{crs}", x = "y", y = "x"' in str(caught.value)
    fixed = mapping(tmp_path, place=f'crs = "{crs}"\nx = "y"\ny = "x"')
    assert len(parse(one_point(y, x), fixed).intake.cells) == 1


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("393506,84", "5708058,19"), ("393.506,84", "5.708.058,19"), ("393506.84", "5708058.19"),
        ("393,506.84", "5,708,058.19"),
    ],
)  # fmt: skip
def test_coordinates_may_be_written_as_people_write_numbers(tmp_path, x, y):
    row = parse(one_point(x, y), mapping(tmp_path)).intake.cells.iloc[0]
    assert row[["lat", "lon"]].tolist() == [f"{LAT:.5f}", f"{LON:.5f}"]


@pytest.mark.parametrize(
    ("text", "axes"),
    [("51.5136, 7.4653", "yx"), ("51,5136; 7,4653", "yx"), ("7.4653,51.5136", "xy"),
     ("POINT (7.4653 51.5136)", "xy")],
)  # fmt: skip
def test_a_point_in_one_column_is_read_in_the_order_stated(tmp_path, text, axes):
    made = mapping(tmp_path, place=f'crs = "EPSG:4326"\npoint = "p"\naxes = "{axes}"')
    row = parse(f'nr;name;p\n1;Bühne;"{text}"\n', made).intake.cells.iloc[0]
    assert row[["lat", "lon"]].tolist() == ["51.51360", "7.46530"]
    other = {"xy": "yx", "yx": "xy"}[axes]
    made = mapping(tmp_path, place=f'crs = "EPSG:4326"\npoint = "p"\naxes = "{other}"')
    with pytest.raises(SourceFormatError, match=f'axes = "{axes}"'):
        parse(f'nr;name;p\n1;Bühne;"{text}"\n', made)


def test_single_broken_coordinates_are_faults_and_the_others_stay(tmp_path):
    x, y = at("EPSG:25832")
    lines = [
        f"1;gut;{x};{y}", f"2;vertauscht;{y};{x}", "3;kein Wort;abc;5708058",
        "4;Berlin;797000;5827000", "5;ohne;;", "6;null;0;0", f"7;halb;{x};",
        *(f"{n};auch gut;{x};{y}" for n in range(8, 16)),
    ]  # fmt: skip
    parsed = parse("nr;name;x;y\n" + "\n".join(lines), mapping(tmp_path))
    assert dict(parsed.intake.faults[["row", "code"]].to_numpy()) == {
        2: "bad_coordinate", 3: "bad_coordinate", 4: "outside", 7: "bad_coordinate",
    }  # fmt: skip
    assert parsed.intake.cells["lat"].isna().sum() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path, encoding, delimiter):
    text = "nr;name;x;y\r\n1;Bühne – „Süd“;393506;5708058\r\n".replace(";", delimiter)
    row = parse(text.encode(encoding), mapping(tmp_path)).intake.cells.iloc[0]
    assert row["name"] == "Bühne – „Süd“"


def test_a_stated_encoding_that_does_not_fit_is_told(tmp_path):
    made = mapping(tmp_path, file='format = "csv"\nencoding = "utf-8"')
    with pytest.raises(SourceFormatError, match="nicht utf-8"):
        parse("nr;name;x;y\n1;Bühne;1;2\n".encode("cp1252"), made)


@pytest.mark.parametrize(
    ("stated", "used", "named"), [(";", "\t", "„tab“"), (",", ";", "„;“"), ("tab", "|", "„|“")]
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_another_delimiter_than_the_stated_one_is_told(tmp_path, stated, used, named, quote):
    made = mapping(tmp_path, file=f'format = "csv"\ndelimiter = "{stated}"')
    text = used.join(f"{quote}{name}{quote}" for name in ("nr", "name", "x", "y")) + "\n"
    with pytest.raises(SourceFormatError, match=f"Trennzeichen ist {named}".replace("|", r"\|")):
        parse(text + f"1{used}Bühne{used}{used}\n", made)


@pytest.mark.parametrize("quote", ["", '"'])
def test_the_stated_delimiter_is_taken_although_names_hold_others(tmp_path, quote):
    made = mapping(tmp_path, file='format = "csv"\ndelimiter = ";"')
    text = f"nr;name;{quote}Art, Form, Größe{quote};x;y\n1;Bühne;a;393506;5708058\n"
    assert parse(text, made).intake.cells["name"].tolist() == ["Bühne"]


def test_lines_with_other_numbers_of_cells_are_faults(tmp_path):
    text = 'nr;name;x;y\n1;A;;\n2;B\n3;C;;;\n\n4;"D\nE";;\n5;"F"G;;\n6;H;;\n'
    parsed = parse(text, mapping(tmp_path))
    assert parsed.intake.faults[["row", "code"]].to_numpy().tolist() == [
        [2, "malformed"], [3, "malformed"], [5, "malformed"],
    ]  # fmt: skip
    assert parsed.intake.cells["name"].tolist() == ["A", "D E", "H"]


def test_a_file_that_ends_inside_a_cell_is_refused_as_a_whole(tmp_path):
    with pytest.raises(SourceFormatError, match="endet mitten in einer Zelle"):
        parse('nr;name;x;y\n1;A;;\n2;"B', mapping(tmp_path))


def test_codes_are_translated_and_what_is_not_is_counted(tmp_path):
    made = mapping(
        tmp_path, columns='name = "name"\n[columns.type]\ncolumn = "art"\n'
        'codes = { "Bühne" = "theatre", "Amt" = "-" }\n'
        '[columns.sectors]\ncolumn = "sparte"\nseparator = ","\ncodes = { "Musik" = "music", '
        '"Kunst" = "art" }\n[columns.is_step_free]\ncolumn = "frei"', constants="",
        place='crs = "EPSG:25832"',
    )  # fmt: skip
    text = ("nr;name;art;sparte;frei;ort\n1;A;bühne;Musik, Kunst,Musik;ja;x\n2;B;Amt;;;x\n"
            "3;C;Kiosk;;;x\n4;D;Bühne;Tanz;vielleicht;x\n")  # fmt: skip
    made = made.model_copy(update={"constants": {"municipality": "Dortmund"}})
    parsed = parse(text, made)
    assert parsed.intake.cells["sectors"].tolist()[0] == "music;art"
    assert parsed.intake.cells["is_step_free"].tolist()[0] == "true"
    assert parsed.intake.faults[["row", "code", "value"]].to_numpy().tolist() == [
        [2, "not_a_space", "Amt"], [3, "no_type", "Kiosk"],
    ]  # fmt: skip
    assert dict(parsed.notes.untranslated) == {
        ("type", "Kiosk"): 1, ("sectors", "Tanz"): 1, ("is_step_free", "vielleicht"): 1,
    }  # fmt: skip
    assert parsed.unused == ("ort",)


def test_a_default_counts_only_where_it_is_written(tmp_path):
    codes = 'column = "art"\ncodes = { "Amt" = "-", "*" = "cultural_venue" }'
    made = mapping(tmp_path, columns=f'name = "name"\n[columns.type]\n{codes}',
                   place="", constants='municipality = "Dortmund"')  # fmt: skip
    parsed = parse("nr;name;art\n1;A;irgendwas\n2;B;Amt\n3;C;\n", made)
    assert parsed.intake.cells["type"].tolist() == ["cultural_venue"]
    assert parsed.intake.faults["code"].tolist() == ["not_a_space", "no_type"]


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [("1.200", ",", "1200"), ("1.200,5 m²", ",", "1200.5"), ("12.5", ",", "12.5"),
     ("1,200.5", ".", "1200.5"), ("85", ",", "85"), ("ca. 80", ",", None), ("0", ",", None),
     ("", ",", None)],
)  # fmt: skip
def test_areas_are_read_as_the_source_writes_decimals(tmp_path, text, decimal, expected):
    made = mapping(tmp_path, columns='name = "name"\narea_m2 = "m2"', place="")
    made = made.model_copy(update={"decimal": decimal})
    parsed = parse(f'nr;name;m2\n1;A;"{text}"\n', made)
    cell = parsed.intake.cells["area_m2"].iloc[0]
    assert (cell if pd.notna(cell) else None) == expected
    assert bool(parsed.notes.unread) == (text in ("ca. 80", "0"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("31.12.2023", "2023-12-31"), ("12/2023", "2023-12"), ("2023", "2023"),
     ("2023-05-06T10:00:00Z", "2023-05-06"), ("23_06_2021", "2021-06-23"),
     ("2030-01-01", None), ("bald", None)],
)  # fmt: skip
def test_dates_are_as_exact_as_the_source_and_never_younger(tmp_path, text, expected):
    made = mapping(tmp_path, columns='name = "name"\nobserved_on = "am"', place="")
    made = made.model_copy(update={"dates": ("%d_%m_%Y",)})
    cell = parse(f"nr;name;am\n1;A;{text}\n", made).intake.cells["observed_on"].iloc[0]
    assert (cell if pd.notna(cell) else None) == expected


def test_columns_are_joined_and_split_and_filled_into_texts(tmp_path):
    made = mapping(
        tmp_path, place="",
        columns='name = "Bühne {name}"\nlocality = { columns = ["a", "b"], join = "-" }\n'
        'street = { column = "adr", part = "street" }\n'
        'house_number = { column = "adr", part = "house_number" }\n'
        'postcode = { column = "ort", part = "postcode" }\nwebsite = "web"',
    )  # fmt: skip
    made = made.model_copy(update={"page": "https://example.org/{nr}/{name}"})
    text = "nr;name;a;b;adr;ort;web\n1;Süd ß;X;Y;Straße des 17. Juni 135 a;44135 Dortmund;x.de\n"
    row = parse(text, made).intake.cells.iloc[0]
    assert row[["name", "locality", "street", "house_number", "postcode", "website"]].tolist() == [
        "Bühne Süd ß", "X-Y", "Straße des 17. Juni", "135 a", "44135", "https://x.de",
    ]  # fmt: skip
    assert row["source_url"] == "https://example.org/1/S%C3%BCd%20%C3%9F"


def test_a_cell_in_another_form_does_not_cost_the_row(tmp_path):
    made = mapping(tmp_path, place="", columns='name = "name"\npostcode = "plz"')
    parsed = parse("nr;name;plz\n1;A;4413\n2;B;44135\n", made)
    assert parsed.intake.cells["postcode"].tolist()[1] == "44135"
    assert pd.isna(parsed.intake.cells["postcode"].iloc[0])
    assert dict(parsed.notes.unread) == {("postcode", "4413"): 1}


def test_a_repeated_key_keeps_the_youngest_record(tmp_path):
    made = mapping(tmp_path, columns='name = "name"\nobserved_on = "am"', place="")
    text = "nr;name;am\n1;alt;2019\n1;neu;2024\n2;B;\n3;C;\n4;D;\n"
    parsed = parse(text, made)
    assert parsed.intake.cells["name"].tolist() == ["neu", "B", "C", "D"]
    assert parsed.intake.faults[["row", "code"]].to_numpy().tolist() == [[1, "repeated"]]


def test_a_column_that_is_no_key_is_told(tmp_path):
    made = mapping(tmp_path, place="")
    with pytest.raises(SourceFormatError, match="nr ist kein Schlüssel; 2 Einträge"):
        parse("nr;name\n1;A\n1;B\n1;C\n", made)


@pytest.mark.parametrize(
    ("line", "code"), [(";A", "malformed"), ("1;", "no_name"), ("1;a@b.de", "no_name")]
)
def test_records_without_key_or_name_are_faults(tmp_path, line, code):
    parsed = parse(f"nr;name\n{line}\n2;B\n", mapping(tmp_path, place=""))
    assert parsed.intake.faults["code"].tolist() == [code]


def test_a_record_without_any_place_is_a_fault(tmp_path):
    made = mapping(tmp_path, place="", constants='type = "theatre"')
    assert parse("nr;name\n1;A\n", made).intake.faults["code"].tolist() == ["no_place"]


def test_a_missing_column_is_told_with_those_that_are_there(tmp_path):
    with pytest.raises(SourceFormatError, match=r"die Spalte name fehlt .*Name"):
        parse("nr;Name;x;y\n1;A;1;2\n", mapping(tmp_path))


def frame() -> gpd.GeoDataFrame:
    square = shapely.box(393_400, 5_708_000, 393_600, 5_708_150)
    return gpd.GeoDataFrame(
        {"nr": [1, 2, 3], "name": ["Punkt", "Fläche", "nirgends"], "m2": [80.5, None, 3.0]},
        geometry=[shapely.Point(393_506.84, 5_708_058.19), square, None], crs="EPSG:25832",
    )  # fmt: skip


def written(form: str, folder: Path, crs: str = "EPSG:25832") -> bytes:
    drivers = {"gpkg": "GPKG", "gml": "GML", "geojson": "GeoJSON", "shp": "ESRI Shapefile"}
    path = folder / f"city.{form}"
    rows = frame()
    if form == "shp":  # holds one kind of geometry
        rows.geometry = [shape and shape.buffer(1) for shape in rows.geometry]
    rows = rows.to_crs(crs)
    rows.to_file(path, driver=drivers[form])
    if form != "shp":
        return path.read_bytes()
    parts = sorted(folder.glob("city.*"))
    return zipped(**{p.name.replace(".", "__"): p.read_bytes() for p in parts if p.suffix in
                     (".shp", ".shx", ".dbf", ".prj", ".cpg")})  # fmt: skip


def test_a_damaged_geopackage_leaves_no_database_open(tmp_path, monkeypatch):
    whole = written("gpkg", tmp_path)
    opened = []
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *a, **k: opened.append(connect(*a, **k)) or opened[-1]
    )
    made = mapping(tmp_path, file='format = "gpkg"', place="")
    with pytest.raises(SourceFormatError):
        parse(whole[:100] + bytes(400) + whole[500:], made)
    assert len(opened) == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


@pytest.mark.parametrize("form", ["gpkg", "gml", "shp", "geojson"])
@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:4326", "EPSG:31467"])
def test_features_are_placed_in_the_system_of_their_file(tmp_path, form, crs):
    if form == "geojson":
        crs = "EPSG:4326"
    made = mapping(tmp_path, file=f'format = "{form}"', place="uncertainty_m = 20",
                   columns='name = "name"\narea_m2 = "m2"')  # fmt: skip
    cells = parse(written(form, tmp_path, crs), made).intake.cells
    assert cells["name"].tolist() == ["Punkt", "Fläche", "nirgends"]
    assert float(cells["lat"].iloc[0]) == pytest.approx(LAT, abs=2e-5)
    assert float(cells["lon"].iloc[0]) == pytest.approx(LON, abs=2e-5)
    # Half the diagonal of 200 m by 150 m.
    assert float(cells["coordinate_uncertainty_m"].iloc[1]) == pytest.approx(125, abs=4)
    assert cells["coordinate_uncertainty_m"].iloc[0] == "20"
    assert cells["lat"].isna().tolist() == [False, False, True]
    assert cells["area_m2"].iloc[0] == "80.5"


def test_a_file_of_several_layers_names_them(tmp_path):
    for layer in ("Bühnen", "Säle"):
        frame().to_file(tmp_path / "city.gpkg", layer=layer)
    payload = (tmp_path / "city.gpkg").read_bytes()
    with pytest.raises(SourceFormatError, match="mehrere Ebenen: Bühnen, Säle"):
        parse(payload, mapping(tmp_path, file='format = "gpkg"', place=""))
    made = mapping(tmp_path, file='format = "gpkg"\nlayer = "Säle"', place="")
    assert len(parse(payload, made).intake.cells) == 3


@pytest.mark.parametrize("form", ["gpkg", "gml", "shp", "geojson"])
def test_no_part_of_a_cut_off_file_is_read(tmp_path, form):
    made = mapping(tmp_path, file=f'format = "{form}"', place="")
    whole = written(form, tmp_path, "EPSG:4326")
    for share in (0.2, 0.6, 0.9, 0.98):
        with pytest.raises(SourceFormatError):
            parse(whole[: int(len(whole) * share)], made)


def test_geojson_in_metres_is_found_and_named(tmp_path):
    made = mapping(tmp_path, file='format = "geojson"', place="")
    feature = {"type": "Feature", "properties": {"nr": 1, "name": "A"},
               "geometry": {"type": "Point", "coordinates": at("EPSG:25832")}}  # fmt: skip
    payload = json.dumps({"type": "FeatureCollection", "features": [feature]})
    with pytest.raises(SourceFormatError, match='crs = "EPSG:25832", axes = "xy"'):
        parse(payload, made)


def test_geojson_with_latitude_first_is_found_and_can_be_declared(tmp_path):
    feature = {"type": "Feature", "properties": {"nr": 1, "name": "A"},
               "geometry": {"type": "Point", "coordinates": [LAT, LON]}}  # fmt: skip
    payload = json.dumps({"type": "FeatureCollection", "features": [feature]})
    with pytest.raises(SourceFormatError, match=r'vertauscht.*axes = "yx"'):
        parse(payload, mapping(tmp_path, file='format = "geojson"', place=""))
    made = mapping(tmp_path, file='format = "geojson"', place='axes = "yx"')
    assert parse(payload, made).intake.cells["lat"].tolist() == [f"{LAT:.5f}"]


def collection(*features: object, **members: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members})


def feature(geometry: object, **properties: object) -> dict[str, object]:
    facts = {"nr": 1, "name": "A", **properties}
    return {"type": "Feature", "properties": facts, "geometry": geometry}


def test_features_that_are_none_are_faults_and_the_others_stay(tmp_path):
    made = mapping(tmp_path, file='format = "geojson"', place="")
    point = {"type": "Point", "coordinates": [LON, LAT]}
    payload = collection(
        feature(point), {"type": "Nonsense"},
        feature({"type": "Point", "coordinates": ["x"]}, nr=3),
        {"type": "Feature", "properties": [1], "geometry": point}, feature(None, nr=5),
        feature({"type": "Point", "coordinates": []}, nr=6),
    )  # fmt: skip
    parsed = parse(payload, made)
    assert dict(parsed.intake.faults[["row", "code"]].to_numpy()) == {
        2: "malformed", 3: "bad_coordinate", 4: "malformed",
    }  # fmt: skip
    assert parsed.intake.cells["lat"].notna().tolist() == [True, False, False]


def test_a_system_stated_in_geojson_is_used(tmp_path):
    made = mapping(tmp_path, file='format = "geojson"', place="")
    point = {"type": "Point", "coordinates": at("EPSG:25832")}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    assert parse(collection(feature(point), crs=crs), made).crs == "EPSG:25832"


def test_a_polygon_that_crosses_itself_still_has_a_place(tmp_path):
    made = mapping(tmp_path, file='format = "geojson"', place="")
    bow = [[7.46, 51.51], [7.47, 51.52], [7.47, 51.51], [7.46, 51.52], [7.46, 51.51]]
    payload = collection(feature({"type": "Polygon", "coordinates": [bow]}))
    row = parse(payload, made).intake.cells.iloc[0]
    assert 51.51 <= float(row["lat"]) <= 51.52
    assert float(row["coordinate_uncertainty_m"]) > 600


def test_a_system_that_nobody_knows_is_told_with_those_that_are(tmp_path):
    made = mapping(tmp_path, file='format = "geojson"', place="")
    crs = {"type": "name", "properties": {"name": "EPSG:999999"}}
    payload = collection(feature({"type": "Point", "coordinates": [1, 2]}), crs=crs)
    with pytest.raises(SourceFormatError, match="EPSG:31466"):
        parse(payload, made)


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "die Datei ist leer"), (" \n\n", "die Datei ist leer"),
     ("\n1;2;3\n", "die Kopfzeile fehlt"),
     ("nr;name;name;x;y\n1;A;B;;\n", "die Spalte name kommt mehrmals vor")],
)  # fmt: skip
def test_a_header_that_cannot_be_meant_is_told(tmp_path, text, told):
    with pytest.raises(SourceFormatError, match=told):
        parse(text, mapping(tmp_path))


def test_a_workbook_with_a_doctype_is_refused(tmp_path):
    payload = zipped(**{"[Content_Types]__xml": b"<a/>", "a__xml": b"<!DOCTYPE a []><a/>"})
    with pytest.raises(SourceFormatError, match="Dokumenttyp"):
        parse(payload, mapping(tmp_path, file='format = "xlsx"'))


def test_the_file_of_a_mapping_is_read_from_beside_it(tmp_path):
    made = declared.load(ROOT / "data" / "sources" / "bochum_schools.toml")
    beside = made.model_copy(update={"folder": DATA / "declared"})
    parsed = declared.read(beside, registry=REGISTRY, retrieved_on=TODAY)
    assert len(parsed.intake.cells) == 3
    nowhere = made.model_copy(update={"folder": tmp_path})
    with pytest.raises(SourceUnavailableError, match=r"raw.githubusercontent"):
        declared.read(nowhere, registry=REGISTRY, retrieved_on=TODAY)


@pytest.mark.parametrize(
    "extra", [{"numberMatched": 5}, {"totalFeatures": 5}, {"exceededTransferLimit": True}]
)
def test_a_page_of_a_longer_answer_is_refused(tmp_path, extra):
    made = mapping(tmp_path, file='format = "geojson"', place="")
    with pytest.raises(SourceFormatError, match="nicht vollständig"):
        parse(json.dumps({"type": "FeatureCollection", "features": [], **extra}), made)


def test_the_refusal_of_a_service_is_no_data(tmp_path):
    made = mapping(tmp_path, file='format = "gml"', place="")
    text = (
        '<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://x"><a/></ows:ExceptionReport>'
    )
    with pytest.raises(SourceFormatError, match="Fehlermeldung"):
        parse(text, made)
    with pytest.raises(SourceFormatError, match="DOCTYPE"):
        parse('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', made)


def workbook(*rows: list[object], title: str = "Orte") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_workbooks_are_read_with_their_sheet_and_header(tmp_path):
    made = mapping(tmp_path, file='format = "xlsx"\nsheet = "Orte"\nheader = 2')
    x, y = at("EPSG:25832")
    payload = workbook(["Stand 2026"], ["nr", "name", "x", "y"], [1, "Bühne", x, y], [None],
                       [2.0, "Saal", None, None])  # fmt: skip
    cells = parse(payload, made).intake.cells
    assert cells["source_ref"].tolist() == ["1", "2"]
    assert cells["lat"].iloc[0] == f"{LAT:.5f}"
    with pytest.raises(SourceFormatError, match="Tabellenblatt"):
        parse(workbook(["nr"], title="Anders"), made)


@pytest.mark.parametrize("payload", [b"", b"PK", b"nr;name", zipped(a__xml=b"<a/>")])
def test_what_is_no_workbook_is_told(tmp_path, payload):
    with pytest.raises(SourceFormatError):
        parse(payload, mapping(tmp_path, file='format = "xlsx"'))


def test_check_shows_rows_codes_columns_and_coordinates(tmp_path):
    made = mapping(tmp_path, columns='name = "name"\n[columns.type]\ncolumn = "art"\n'
                   'codes = { "Bühne" = "theatre" }', constants='municipality = "Dortmund"',
                   place="")  # fmt: skip
    lines = "".join(f"{n};Ort {n};Bühne;x\n" for n in range(1, 15))
    parsed = parse("nr;name;art;tel\n" + lines + "20;Y;Kiosk;\n21;Z;Kiosk;\n", made)
    assert len(check.first_rows(parsed)) == 10
    assert "16 Einträge gelesen: 14 Zeilen, 2 zurückgestellt" in check.summary(parsed, "de")
    assert "16 records read" in check.summary(parsed, "en")
    told = {finding.sentence: finding.details for finding in check.findings(parsed, "de")}
    assert ("type: Kiosk (2)",) in told.values()
    assert ("art: Kiosk (2)",) in told.values()
    assert told["Spalten der Quelle, die das Mapping nicht liest:"] == ("tel",)


def test_check_tells_what_the_build_would_reject(tmp_path):
    made = mapping(tmp_path, place="", columns='name = "name"\nhouse_number = "hnr"')
    parsed = parse("nr;name;hnr\n1;A;12\n2;B;" + "9" * 30 + "\n", made)
    told = [(found.sentence, found.details) for found in check.findings(parsed, "de")]
    assert len(told) == 1
    assert told[0][0].startswith("1 × house_number: Der Text hat höchstens 20 Zeichen.")
    assert told[0][1] == ("house_number: " + "9" * 30 + " (1)",)


def test_the_registry_and_the_mapping_have_to_agree():
    made = declared.load(ROOT / "data" / "sources" / "bochum_schools.toml")
    assert declared.registered(made, REGISTRY).id == "bochum_schools"
    for change in ({"source": "nowhere"}, {"licence": "CC-BY-4.0"}, {"attribution": "x"},
                   {"source": "postcodes"}):  # fmt: skip
        with pytest.raises(ConfigError):
            declared.registered(made.model_copy(update=change), REGISTRY)


def test_files_are_found_beside_the_mapping(tmp_path):
    made = mapping(tmp_path, file='format = "csv"\npath = "city_*.csv"\nurl = "https://x.de/y"')
    with pytest.raises(SourceUnavailableError, match=r"https://x\.de/y"):
        declared.file_of(made)
    for name in ("city_2024.csv", "city_2025.csv"):
        (tmp_path / name).write_text("", "utf-8")
    assert declared.file_of(made).name == "city_2025.csv"
    with pytest.raises(ConfigError, match="keine Datei genannt"):
        declared.file_of(mapping(tmp_path))


@pytest.mark.parametrize("last", ["2;Halle", '2;"Hal', '2;"Hal"le;1;2', "2;Halle;1;2;3"])
def test_a_broken_last_line_without_an_end_means_that_the_file_is_cut_off(tmp_path, last):
    made = mapping(tmp_path)
    x, y = at("EPSG:25832")
    whole = f"nr;name;x;y\n1;Bühne;{x};{y}\n"
    with pytest.raises(SourceFormatError, match="ist abgeschnitten"):
        parse(whole + last, made)
    for sound in (f"2;Halle;{x};{y}", ";;;", " "):
        assert parse(whole + sound, made).intake.faults.empty
    if last != '2;"Hal':
        assert parse(f"{whole}{last}\n", made).intake.faults["code"].tolist() == ["malformed"]


def test_what_is_no_archive_is_no_workbook(tmp_path):
    with pytest.raises(SourceFormatError, match=r"keine XLSX-Datei.*format ändern"):
        parse(b"nr;name\n1;A\n", mapping(tmp_path, file='format = "xlsx"'))


@pytest.mark.parametrize("form", ["gpkg", "gml", "shp"])
def test_the_advice_is_about_the_format_of_the_mapping(tmp_path, form):
    with pytest.raises(SourceFormatError) as caught:
        parse(b"PK\x05\x06" + bytes(18), mapping(tmp_path, file=f'format = "{form}"', place=""))
    assert ("Shapefile" in str(caught.value)) == (form == "shp")


def test_axes_are_not_advised_where_columns_are_named(tmp_path):
    made = mapping(tmp_path, place='crs = "EPSG:31466"\nx = "x"\ny = "y"')
    with pytest.raises(SourceFormatError, match='crs = "EPSG:25832", x = "x", y = "y"') as caught:
        parse(one_point(*at("EPSG:25832")), made)
    assert "axes" not in str(caught.value)

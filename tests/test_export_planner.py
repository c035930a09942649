"""The planner's package: a GeoPackage as QGIS expects it, coloured, labelled, attributed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import sqlite3
import time
from contextlib import closing
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from core_fixtures import EDGE_ROWS, data_dir, located, row

from atlas import vocabulary as v
from atlas.analysis.hotspots import HotspotQuestion
from atlas.export.columns import LAYERS, Field
from atlas.export.layers import hexagon_layer, municipality_layer
from atlas.export.notice import Notice
from atlas.export.planner import planner_package, quarter_layer
from atlas.export.styles.metadata import metadata
from atlas.export.styles.qml import condition, qml
from atlas.export.styles.sld import sld
from atlas.export.styles.spec import Category, Label, LayerStyle, figure_style, fixed_styles
from atlas.export.styles.store import COLUMNS
from atlas.export.table import export_table
from atlas.palette import AREAS, LIGHT
from atlas.schema import NAMES
from atlas.store import load

TODAY = dt.date(2026, 11, 28)
EVIL = "<script>&\"'</script> ]]> „Ü“"
ROWS = (
    *EDGE_ROWS,
    row("m/nirgends", name=EVIL, kind="creative_quarter", type="quarter",
        municipality="Mittelstadt", vacancy="not_applicable", observed_on=""),
)  # fmt: skip


def parsed(text):
    return ET.fromstring(text)  # noqa: S314 - the project wrote it


SE = "{http://www.opengis.net/se}"
OGC = "{http://www.opengis.net/ogc}"


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return load(data_dir(tmp_path_factory.mktemp("planner") / "data", *ROWS))


@pytest.fixture(scope="module")
def content(atlas):
    return planner_package(atlas, today=TODAY, language="de")


@pytest.fixture(scope="module")
def package(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("package") / "planner.gpkg"
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def ask(package):
    """Return a function that answers an SQL question as a list of rows."""

    def asked(sql, *values):
        with closing(sqlite3.connect(package)) as file:
            return file.execute(sql, values).fetchall()

    return asked


@pytest.fixture(scope="module")
def styles(ask):
    """Return the stored styles as dictionaries."""
    rows = ask("SELECT * FROM layer_styles ORDER BY id")
    return [dict(zip(COLUMNS, found[1:], strict=True)) for found in rows]


@pytest.mark.parametrize(
    ("name", "geometry", "rows"),
    [("spaces", "Point", len(ROWS)), ("quarters", "Polygon", 2),
     ("municipalities", "MultiPolygon", 3), ("hexagons", "Polygon", None)],
)  # fmt: skip
def test_every_layer_is_metric_and_has_the_columns_that_are_documented(
    package, atlas, name, geometry, rows
):
    info = pyogrio.read_info(package, layer=name)
    assert info["crs"] == "EPSG:25832"
    assert info["geometry_type"] == geometry
    assert list(info["fields"]) == [entry.name for entry in LAYERS[name]]
    layer = gpd.read_file(package, layer=name)
    assert len(layer) == (rows or len(hexagon_layer(atlas)))
    assert layer.geometry.dropna().is_valid.all()


def test_the_package_has_no_layer_that_is_not_documented(package):
    found = {name for name, _geometry in pyogrio.list_layers(package)}
    assert found == {*LAYERS, "layer_styles"}


def test_the_file_is_a_geopackage_that_keeps_its_own_rules(ask):
    assert ask("PRAGMA application_id") == [(0x47504B47,)]  # "GPKG"
    assert ask("PRAGMA user_version") == [(10300,)]
    assert ask("PRAGMA integrity_check") == [("ok",)]
    assert ask("PRAGMA foreign_key_check") == []
    contents = dict(ask("SELECT table_name, data_type FROM gpkg_contents"))
    assert contents == dict.fromkeys(LAYERS, "features") | {"layer_styles": "attributes"}
    tables = {name for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(contents) <= tables
    systems = ask("SELECT DISTINCT srs_id FROM gpkg_geometry_columns")
    assert systems == [(25832,)]
    counted = dict(ask("SELECT table_name, feature_count FROM gpkg_ogr_contents"))
    for name in contents:
        rows = f"SELECT count(*) FROM {name}"  # noqa: S608 - a name of ours
        assert ask(rows) == [(counted[name],)]


def test_a_broken_reference_would_be_noticed(package, tmp_path):
    copy = tmp_path / "broken.gpkg"
    copy.write_bytes(package.read_bytes())
    with closing(sqlite3.connect(copy)) as file, file:
        file.execute("INSERT INTO gpkg_metadata_reference VALUES "
                     "('table', 'spaces', NULL, NULL, '2026-01-01', 999, NULL)")  # fmt: skip
        assert file.execute("PRAGMA foreign_key_check").fetchall()


def test_quarters_are_circles_with_the_honest_radius_and_say_so(package, atlas):
    quarters = gpd.read_file(package, layer="quarters")
    drawn, nowhere = quarters.iloc[0], quarters.iloc[1]
    assert drawn["radius_m"] == 500
    assert abs(drawn.geometry.area / (math.pi * 500**2) - 1) < 0.01
    anchor = atlas.spaces.set_index("source_ref").loc["m/quartier"]
    centre = drawn.geometry.centroid
    assert (round(centre.x, 1), round(centre.y, 1)) == (anchor["x"], anchor["y"])
    assert quarters["is_approximate"].astype(bool).all()
    assert quarters["geometry_note"].str.startswith("Kreis um einen Ankerpunkt").all()
    assert nowhere.geometry is None
    assert nowhere["name"] == EVIL
    assert drawn["space_id"] in set(gpd.read_file(package, layer="spaces")["space_id"])


def test_a_table_without_quarters_has_an_empty_layer(atlas):
    table = export_table(atlas.spaces[atlas.spaces["kind"] != "creative_quarter"], atlas, "de")
    quarters = quarter_layer(table, "de")
    assert quarters.empty
    assert quarters.crs.to_epsg() == 25832
    assert list(quarters.columns) == [*(entry.name for entry in LAYERS["quarters"]), "geometry"]


def test_municipalities_say_what_is_not_known(atlas):
    towns = municipality_layer(atlas, today=TODAY)
    assert towns["ags"].tolist() == ["05000001", "05000002", "05000003"]
    assert towns["population_as_of"].tolist() == ["2018-12-31"] * 3
    west, middle = towns.iloc[0], towns.iloc[1]
    assert west["spaces"] == 2
    assert west["vacancy_rate"] == 1
    assert bool(west["vacancy_rate_is_small"])
    assert west["vacancy_rate_as_of"] == "2022/2026-03"
    assert np.isnan(middle["vacancy_rate"]), "nobody observed a key property there"
    later = municipality_layer(atlas, today=TODAY + dt.timedelta(days=100))
    assert later["observation_age_days"].iloc[0] == west["observation_age_days"] + 100


def test_a_few_spaces_are_not_tested_for_hotspots(atlas):
    hexagons = hexagon_layer(atlas)
    for subject in ("creative", "vacant"):
        assert set(hexagons[f"{subject}_hotspot"]) == {"not_tested"}
    assert hexagons["area_id"].is_monotonic_increasing
    assert hexagons["vacant_count"].sum() == 3
    assert set(hexagons["energy_class"]) <= set(v.ENERGY_CLASSES)
    coarse = hexagon_layer(atlas, resolution=6)
    assert 0 < len(coarse) < len(hexagons)


def test_the_question_reaches_the_hexagons(atlas, tmp_path):
    asked = HotspotQuestion(resolution=6)
    path = tmp_path / "coarse.gpkg"
    path.write_bytes(planner_package(atlas, today=TODAY, language="de", question=asked))
    assert len(gpd.read_file(path, layer="hexagons")) == len(hexagon_layer(atlas, resolution=6))


def test_equal_input_gives_equal_bytes_later(atlas, content):
    time.sleep(1.1)  # the clocks inside count seconds
    assert planner_package(atlas, today=TODAY, language="de") == content
    assert planner_package(atlas, today=TODAY, language="en") != content


def test_nothing_at_all_is_still_a_package(atlas, tmp_path):
    nothing = dataclasses.replace(atlas, spaces=atlas.spaces.iloc[:0])
    path = tmp_path / "empty.gpkg"
    path.write_bytes(planner_package(nothing, today=TODAY, language="de"))
    assert len(gpd.read_file(path, layer="spaces")) == 0
    assert len(gpd.read_file(path, layer="municipalities")) == 3


@pytest.mark.parametrize("name", LAYERS)
def test_licence_attribution_and_date_are_in_the_metadata(package, ask, name):
    said = pyogrio.read_info(package, layer=name)["layer_metadata"]
    assert "ODbL-1.0" in said["LICENCE"]
    assert "OpenStreetMap" in said["ATTRIBUTION"]
    assert said["DATA_AS_OF"] == "2026-11-22"
    [(text,)] = ask(
        "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id "
        "WHERE md_standard_uri = 'http://mrcc.com/qgis.dtd' AND table_name = ?", name,
    )  # fmt: skip
    root = parsed(text)
    assert "© OpenStreetMap-Mitwirkende (ODbL)" in [part.text for part in root.iter("rights")]
    assert any("odbl" in (part.text or "") for part in root.iter("license"))


def test_boundaries_and_inhabitants_are_named_where_they_are_used(tmp_path):
    from atlas.settings import Settings

    atlas = load(Settings())
    # A tenth of the table is enough to see whom the layers name.
    small = dataclasses.replace(atlas, spaces=atlas.spaces.iloc[:50].reset_index(drop=True))
    path = tmp_path / "planner.gpkg"
    path.write_bytes(planner_package(small, today=TODAY, language="en"))
    said = {name: pyogrio.read_info(path, layer=name)["layer_metadata"] for name in LAYERS}
    assert "GeoBasis-DE / BKG" in said["hexagons"]["ATTRIBUTION"]
    assert "Destatis" in said["municipalities"]["ATTRIBUTION"]
    assert "GeoNutzV" in said["municipalities"]["LICENCE"]
    assert "BKG" not in said["spaces"]["ATTRIBUTION"]


# --- styles --------------------------------------------------------------------------------------


def test_the_table_of_styles_is_the_one_that_qgis_makes(ask):
    columns = {name: kind for _, name, kind, *_ in ask("PRAGMA table_info(layer_styles)")}
    assert list(columns) == ["id", *COLUMNS]
    assert columns["styleName"] == "TEXT(30)"
    assert columns["useAsDefault"] == "BOOLEAN"
    # Who saves a style in QGIS gets a stamp from the table itself.
    assert any(name == "update_time" and "strftime" in (default or "")
               for _, name, _, _, default, _ in ask("PRAGMA table_info(layer_styles)"))  # fmt: skip


def test_every_layer_has_one_default_style_and_names_that_fit(styles):
    defaults = [style["f_table_name"] for style in styles if style["useAsDefault"]]
    assert sorted(defaults) == sorted(LAYERS)
    for style in styles:
        assert 0 < len(style["styleName"]) <= 30
        assert style["f_geometry_column"] == "geom"
        assert (style["f_table_catalog"], style["f_table_schema"]) == ("", "")
    named = [(style["f_table_name"], style["styleName"]) for style in styles]
    assert len(set(named)) == len(named)


def categories(text):
    root = parsed(text)
    return {part.get("value"): part for part in root.find("renderer-v2").iter("category")}


CODED = {
    "spaces": {"Leerstand": v.VACANCY},
    "quarters": {"Programmstand": v.PROGRAMME_STATUS},
    "hexagons": {
        "Leerstand und Energie": v.ENERGY_CLASSES,
        "Hotspots kreativer Orte": v.HOTSPOT_CLASSES,
        "Hotspots des Leerstands": v.HOTSPOT_CLASSES,
        "Cluster kreativer Orte": v.CLUSTER_CLASSES,
        "Cluster des Leerstands": v.CLUSTER_CLASSES,
    },
}
EVERY_CODED = [(layer, name, codes) for layer, looks in CODED.items()
               for name, codes in looks.items()]  # fmt: skip


@pytest.mark.parametrize(("layer", "name", "codes"), EVERY_CODED)
def test_categories_cover_every_code_in_qml_and_sld(styles, layer, name, codes):
    [style] = [one for one in styles
               if (one["f_table_name"], one["styleName"]) == (layer, name)]  # fmt: skip
    found = categories(style["styleQML"])
    assert list(found) == list(codes)
    assert [part.get("label") for part in found.values()] == [t.de for t in codes.values()]
    root = parsed(style["styleQML"])
    symbols = {part.get("name") for part in root.find("renderer-v2/symbols")}
    assert {part.get("symbol") for part in found.values()} == symbols
    literals = {part.text for part in parsed(style["styleSLD"]).iter(f"{OGC}Literal")}
    assert set(codes) <= literals


def test_figures_have_a_class_for_every_value_and_one_for_none(styles, atlas):
    towns = municipality_layer(atlas, today=TODAY)
    looks = [style for style in styles if style["f_table_name"] == "municipalities"]
    assert len(looks) == 3
    for style in looks:
        rules = parsed(style["styleQML"]).findall("renderer-v2/rules/rule")
        *ranges, missing = [rule.get("filter") for rule in rules]
        assert missing.endswith("IS NULL")
        column = missing.split('"')[1]
        for value in towns[column]:
            fitting = [test for test in ranges if holds(test, value)]
            assert len(fitting) == (0 if np.isnan(value) else 1), (column, value)


def holds(test, value):
    """Evaluate the few operators that our conditions have."""
    name, *_ = test.split(" ")
    return not np.isnan(value) and all(
        value > float(part.split("> ")[1]) if "> " in part else value <= float(part.split("<= ")[1])
        for part in test.replace(name, "x").split(" AND ")
    )


@pytest.mark.parametrize("written", ["styleQML", "styleSLD"])
def test_styles_name_only_columns_that_the_layer_has(styles, written):
    for style in styles:
        root = parsed(style[written])
        known = {entry.name for entry in LAYERS[style["f_table_name"]]}
        named = {part.text for part in root.iter(f"{OGC}PropertyName")}
        named |= {part.get("field") for part in root.iter("alias")}
        named |= {part.get("attr") for part in root.iter("renderer-v2")} - {None}
        named |= {part.get("name") for part in root.iter("field")}
        assert named <= known
        assert named


def test_columns_have_german_aliases_and_codes_have_their_words(styles):
    by_layer = {style["f_table_name"]: style for style in styles}
    for layer, fields in LAYERS.items():
        root = parsed(by_layer[layer]["styleQML"])
        aliases = {part.get("field"): part.get("name") for part in root.iter("alias")}
        assert aliases == {entry.name: entry.label("de") for entry in fields}
        for entry in fields:
            maps = root.findall(f"fieldConfiguration/field[@name='{entry.name}']//Option[@value]")
            said = {part.get("value"): part.get("name") for part in maps}
            assert said == {code: term.de for code, term in entry.codes.items()}
    assert LAYERS["spaces"][0].label("de") == "Kennung"


def test_every_layer_is_labelled_with_its_name(styles):
    for style in styles:
        settings = parsed(style["styleQML"]).find("labeling/settings")
        assert '"name"' in settings.find("text-style").get("fieldName")
        labels = parsed(style["styleSLD"]).findall(f".//{SE}Label/{OGC}PropertyName")
        assert [part.text for part in labels] == ["name"]


def test_colours_are_those_of_the_map(styles):
    vacancy = next(style for style in styles if style["f_table_name"] == "spaces")
    fills = [part.text for part in parsed(vacancy["styleSLD"]).iter(f"{SE}SvgParameter")
             if part.get("name") == "fill"]  # fmt: skip
    assert set(LIGHT.vacancy.values()) <= set(fills)
    energy = next(style for style in styles if style["styleName"] == "Leerstand und Energie")
    red, green, blue = bytes.fromhex(AREAS["light"].energy["room_near_energy"][1:])
    assert f'value="{red},{green},{blue},255"' in energy["styleQML"]


def test_the_layers_speak_english_where_asked():
    spaces, *_ = fixed_styles("en")
    text = qml(spaces, LAYERS["spaces"], "en")
    assert "partly vacant" in text
    assert "Teilleerstand" not in text


def hostile_style():
    return LayerStyle(
        layer="spaces", name=EVIL[:30], about=EVIL, column='a"b',
        categories=(Category(EVIL, "#112233", code=EVIL), Category("x", "#445566", code="x")),
        label=Label('a"b', 8), edge="#000000", tip=('a"b',),
        shapes={"it's": "circle"},
    )  # fmt: skip


def test_hostile_texts_stay_texts_in_every_style():
    field = Field('a"b', EVIL, EVIL, "", codes={"x": v.Term("x", EVIL, EVIL)})
    text = qml(hostile_style(), [field], "de")
    root = parsed(text)
    assert root.find("renderer-v2/categories/category").get("value") == EVIL
    assert root.find("aliases/alias").get("name") == EVIL
    assert root.find("fieldConfiguration//Option[@value='x']").get("name") == EVIL
    assert root.find("labeling/settings/text-style").get("fieldName") == '"a""b"'
    assert not list(root.iter("script"))
    assert "'it''s'" in "".join(part.get("value", "") for part in root.iter("Option"))
    other = parsed(sld(hostile_style()))
    assert EVIL in {part.text for part in other.iter(f"{OGC}Literal")}
    assert not list(other.iter("script"))


def test_a_tip_escapes_what_it_shows():
    # A tip is HTML; what comes from the table may not become markup in it.
    tip = parsed(qml(hostile_style(), [Field('a"b', "n", "n", "")], "de")).find("mapTip")
    assert "'<', '&lt;'" in tip.text
    assert "'&', '&amp;'" in tip.text


def test_metadata_keeps_hostile_attribution_as_text():
    notice = Notice(("CC-BY-4.0",), (EVIL,), TODAY, "v", "", 1)
    root = parsed(metadata(EVIL, notice, "de"))
    assert root.find("rights").text == EVIL


def test_one_class_and_no_class_are_drawn():
    def style(breaks):
        return figure_style("x", breaks, name="n", about="a", written=str, language="de")

    one = style([(0.5, 0.5)])
    assert [category.label for category in one.categories] == ["0.5", "keine Angabe"]
    assert condition("x", one.categories[0]) == '"x" <= 0.5'
    nothing = style([])
    assert [category.is_missing for category in nothing.categories] == [True]
    two = style([(0, 1), (2, 3)])
    assert condition("x", two.categories[1]) == '"x" > 1 AND "x" <= 3'
    assert two.categories[0].colour != two.categories[1].colour


def test_the_columns_of_spaces_are_those_of_the_schema():
    assert [entry.name for entry in LAYERS["spaces"]][: len(NAMES)] == list(NAMES)
    assert all(entry.de and entry.en and entry.about for rows in LAYERS.values() for entry in rows)


def test_located_quarters_need_their_coordinate(atlas):
    moved = atlas.spaces.assign(coordinate_uncertainty_m=np.nan)
    quarters = quarter_layer(export_table(moved, atlas, "de"), "de")
    assert quarters.geometry.isna().all()
    assert located(51.4, 7.0)["coordinate_uncertainty_m"] == "50"

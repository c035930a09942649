"""Every rule of the table: what keeps it, what breaks it, and how that is told."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from core_fixtures import EDGE_ROWS, TOWNS, cells, located, row
from hypothesis import given
from hypothesis import strategies as st

from atlas import schema
from atlas.errors import CrsError
from atlas.schema import COLUMNS, earliest_day, latest_day, problems, space_id, split_codes
from atlas.schema.intake import INTAKE_RULES
from atlas.schema.validate import Checked, all_rules, localize, validate

SOURCES = ("curated", "osm", "wikidata")


def check(*rows: dict[str, str]) -> Checked:
    return validate(cells(*rows), TOWNS, sources=SOURCES)


def broken(*rows: dict[str, str]) -> set[str]:
    """Return the rules that the rows break."""
    return set(check(*rows).rejects["code"])


def test_rows_that_keep_every_rule_all_stay_in_order():
    checked = check(*EDGE_ROWS)
    assert checked.rejects.empty
    assert checked.rows == len(EDGE_ROWS)
    assert checked.rejected_rows == 0
    assert checked.spaces["name"].tolist() == [given["name"] for given in EDGE_ROWS]
    assert list(checked.spaces.columns) == list(schema.NAMES)


def test_columns_have_the_promised_types():
    typed = check(*EDGE_ROWS).spaces.dtypes.astype(str)
    expected = {"number": "float64", "integer": "Int64", "boolean": "boolean"}
    for column in COLUMNS:
        assert typed[column.name] == expected.get(column.dtype, "str"), column.name


QUARTER = {"kind": "creative_quarter", "type": "quarter", "vacancy": "not_applicable"}
TOO_LONG = "x" * 161

ONE_BROKEN = [
    ("name", {"name": ""}, "required"),
    ("kind", {"kind": "castle"}, "code"),
    ("sectors", {"sectors": "music;dance"}, "codes"),
    ("sectors", {"sectors": "music;music"}, "codes"),
    ("sectors", {"sectors": "music;"}, "codes"),
    ("name", {"name": TOO_LONG}, "length"),
    ("name", {"name": "Alte\x07Zeche"}, "visible"),
    ("name", {"name": "Alte\u2028Zeche"}, "visible"),
    ("name", {"name": "Alte \u202eehceZ"}, "visible"),
    ("postcode", {"postcode": "4512"}, "pattern"),
    ("website", {"website": "javascript:alert(1)"}, "pattern"),
    ("source_url", {"source_url": "www.example.org"}, "pattern"),
    ("licence", {"licence": "all rights reserved"}, "pattern"),
    ("area_m2", {"area_m2": "12,5"}, "number"),
    ("area_m2", {"area_m2": "1.200"}, "number"),  # twelve hundred in German
    ("area_m2", {"area_m2": "1e5"}, "number"),
    ("area_m2", {"area_m2": "nan"}, "number"),
    ("area_m2", {"area_m2": "120 m²"}, "number"),
    ("area_m2", {"area_m2": "0"}, "minimum"),
    ("area_m2", {"area_m2": "3000000"}, "maximum"),
    ("vacant_share_pct", {"vacant_share_pct": "101"}, "maximum"),
    ("is_step_free", {"is_step_free": "ja"}, "boolean"),
    ("observed_on", {"observed_on": "22.11.2026"}, "date"),
    ("observed_on", {"observed_on": "2023-02-29"}, "date"),
    ("observed_on", {"observed_on": "2023-13"}, "date"),
    ("retrieved_on", {"retrieved_on": "gestern"}, "date"),
    ("programme_from", QUARTER | {"programme_from": "2012.5"}, "integer"),
    ("programme_from", QUARTER | {"programme_from": "1912"}, "minimum"),
    ("lat", located(53.0, 7.05), "maximum"),
]


@pytest.mark.parametrize(("column", "values", "code"), ONE_BROKEN)
def test_one_wrong_cell_is_one_problem(column, values, code):
    rejects = check(row(**values)).rejects
    assert rejects[["row", "column", "code"]].to_numpy().tolist() == [[2, column, code]]
    assert values[column][:20].replace("\x07", "�").replace("\u2028", "�") in rejects["value"][0]


CROSS_BROKEN = [
    ({"source_url": ""}, {"evidence", "required"}),
    ({"vacancy": "unknown", "publisher": ""}, {"evidence", "required"}),
    ({"kind": "creative_quarter"}, {"quarter"}),
    ({"type": "quarter"}, {"quarter"}),
    ({"vacancy": "not_applicable"}, {"quarter"}),
    ({"programme_status": "current"}, {"programme"}),
    ({"programme_until": "2012"}, {"programme"}),
    (QUARTER | {"programme_from": "2015", "programme_until": "2012"}, {"programme_years"}),
    ({"lat": "51.45", "lon": "7.05"}, {"coordinate_complete"}),
    ({"coordinate_precision": "building"}, {"coordinate_complete"}),
    (located(7.05, 51.45), {"coordinate_swapped"}),
    (located(51.45, 7.15), {"coordinate_outside"}),
    ({"municipality": "Mittelstadt", "ags": "05000001"}, {"ags"}),
    ({"municipality": "Atlantis"}, {"ags"}),
    ({"space_id": "0123456789"}, {"space_id"}),
    ({"source": "somewhere"}, {"source"}),
    (located(51.45, 7.05, coordinate_source="somewhere"), {"source"}),
    ({"observed_on": "2026-12"}, {"observed_after_retrieved"}),
    ({"vacant_since": "2027", "retrieved_on": "2028-01-01"}, {"vacant_after_observed"}),
    ({"area_min_m2": "200", "area_m2": "100"}, {"area_order"}),
    ({"availability": "from_date"}, {"available_from"}),
    ({"availability": "interim_until"}, {"available_until"}),
    ({"available_from": "2027-02", "available_until": "2027-01"}, {"available_order"}),
]


@pytest.mark.parametrize(("values", "codes"), CROSS_BROKEN)
def test_columns_that_contradict_each_other_are_told(values, codes):
    assert broken(row(**values)) == codes


def test_every_rule_about_a_row_has_a_row_that_breaks_it():
    """The companion: a rule that no example breaks could be dead."""
    tried = {code for *_, code in ONE_BROKEN} | {
        code for _, codes in CROSS_BROKEN for code in codes
    }
    lines = {"cells", "quotes", "nul", "line_length"}  # tests/test_curated.py
    records = set(INTAKE_RULES)  # each source's tests, tests/test_build_settle.py
    assert tried | lines | records | {"duplicate"} == set(all_rules())


STILL_FINE = [
    {"observed_on": "2026", "retrieved_on": "2026-11-22"},
    {"vacant_since": "2026-05", "observed_on": "2026"},
    {"vacant_since": "2024"},
    {"vacancy": "unknown", "observed_on": ""},
    {"availability": "from_date", "available_from": "2027-01"},
    {"area_min_m2": "100", "area_m2": "100"},
    {"area_min_m2": "100"},
    {"area_m2": "12.5"},
    QUARTER | {"programme_status": "former", "programme_from": "2012", "programme_until": "2012"},
    located(51.45, 7.1),  # on the border
    located(51.45, 7.1013),  # 90 m over the border: the boundary is no better known
    located(51.45, 7.11, coordinate_uncertainty_m="800"),  # 694 m over, but 800 m uncertain
    {"source_ref": "äöü | =\u200b"},
    {"name": "Straße “typographisch” 🎨"},
]


@pytest.mark.parametrize("values", STILL_FINE)
def test_what_is_consistent_stays(values):
    assert broken(row(**values)) == set()


def test_the_tolerance_at_the_border_ends_at_a_hundred_metres():
    assert broken(row(**located(51.45, 7.1016))) == {"coordinate_outside"}  # 111 m
    far = located(51.45, 7.11, coordinate_uncertainty_m="600")
    assert broken(row(**far)) == {"coordinate_outside"}  # 694 m


def test_swapped_coordinates_are_said_as_such_and_nothing_else():
    rejects = check(row(**located(7.05, 51.45))).rejects
    assert rejects["code"].tolist() == ["coordinate_swapped"]
    assert "vertauscht" in rejects["hint"][0]
    assert rejects["value"][0] == "7.05 | 51.45"


def test_a_broken_row_is_set_aside_with_all_its_reasons_and_the_others_stay():
    checked = check(row("w/a"), row("w/b", name="", area_m2="viel", kind="castle"), row("w/c"))
    assert checked.spaces["source_ref"].tolist() == ["w/a", "w/c"]
    assert checked.spaces.index.tolist() == [0, 1]
    assert set(checked.rejects["column"]) == {"name", "area_m2", "kind"}
    assert set(checked.rejects["row"]) == {3}
    assert (checked.rows, checked.rejected_rows) == (3, 1)


def test_the_first_of_two_equal_ids_stays():
    checked = check(row("w/a", name="first"), row("w/b"), row("w/a", name="second"))
    assert checked.spaces["name"].tolist() == ["first", "Alte Zeche"]
    assert checked.rejects[["row", "code", "name"]].to_numpy().tolist() == [
        [4, "duplicate", "second"]
    ]


def test_a_missing_required_value_is_not_told_twice():
    rejects = check(row(retrieved_on="gestern")).rejects
    assert rejects["code"].tolist() == ["date"]


def test_faulty_lines_join_the_problems_in_the_order_of_the_file():
    faults = pd.DataFrame({"row": [3], "value": ["x,y"], "code": ["cells"]})
    checked = validate(cells(row("w/a", name=""), row("w/b", name="")), TOWNS, sources=SOURCES,
                       faults=faults)  # fmt: skip
    assert checked.rejects["row"].tolist() == [2, 3, 3]
    assert checked.rows == 3
    assert checked.rejects["rule"].notna().all()


def test_an_empty_table_is_checked_too():
    checked = check()
    assert (len(checked.spaces), len(checked.rejects), checked.rows) == (0, 0, 0)


def test_the_argument_is_not_changed():
    given_cells = cells(*EDGE_ROWS)
    before = given_cells.copy(deep=True)
    validate(given_cells, TOWNS, sources=SOURCES)
    pd.testing.assert_frame_equal(given_cells, before)


def test_municipalities_without_crs_are_refused():
    with pytest.raises(CrsError):
        validate(cells(row()), gpd.GeoDataFrame(TOWNS.drop(columns="geometry"),
                 geometry=TOWNS.geometry.to_numpy()), sources=SOURCES)  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_rule_reads_as_a_sentence_without_open_placeholders(language):
    named = [(code, column.name) for code in all_rules() for column in COLUMNS]
    rejects = pd.DataFrame(named, columns=["code", "column"])
    for name in problems.REJECT_COLUMNS:
        rejects = rejects.assign(**({} if name in rejects else {name: ""}))
    told = localize(rejects, language=language)
    for texts in (told["rule"], told["hint"]):
        assert texts.str.len().gt(10).all()
        assert not texts.str.contains(r"\{[a-z_]*\}").any()


def test_rules_name_the_bounds_of_their_column():
    rejects = check(row(area_m2="0"), row("w/b", programme_from="1900", **QUARTER)).rejects
    assert rejects["rule"].tolist()[0] == "Der Wert ist mindestens 1 m²."
    assert "1980" in rejects["rule"].tolist()[1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (1.5, "1.5"),
        ("a\nb\x00", "a�b�"),
        ("x" * 99, "x" * 80 + "…"),
    ],
)
def test_values_are_shown_on_one_visible_line(value, text):
    assert problems.shown(value) == text


def test_the_id_depends_on_source_and_reference_only():
    assert space_id("curated", "essen/a") == space_id("curated", "essen/a")
    assert space_id("curated", "essen/a") != space_id("osm", "essen/a")
    assert len(space_id("osm", "")) == 10


@given(st.lists(st.sampled_from(["music", "music;art", "film", None])))
def test_list_cells_split_into_codes_in_order(cell_values):
    series = pd.Series(cell_values, dtype="str")
    expected = [() if cell is None else tuple(cell.split(";")) for cell in cell_values]
    assert split_codes(series) == expected


DAYS = [
    ("2024", "2024-01-01", "2024-12-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2024-02-15", "2024-02-15", "2024-02-15"),
    ("2023-02-29", None, None),
    ("1024", None, None),
    ("2024-1", None, None),
    ("٢٠٢٤", None, None),
    ("2024-02-1", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("date", "first", "last"), DAYS)
def test_partial_dates_have_a_first_and_a_last_day(date, first, last):
    series = pd.Series([date, "2020"], dtype="str", index=[7, 3])
    days, ends = earliest_day(series), latest_day(series)
    assert days.index.tolist() == [7, 3]
    assert [days[7], ends[7]] == [pd.Timestamp(first), pd.Timestamp(last)] or days[7] is pd.NaT
    assert pd.isna(days[7]) == (first is None)
    assert pd.isna(ends[7]) == (last is None)
    assert str(days.dtype) == "datetime64[us]"


@given(st.dates(min_value=pd.Timestamp("1800-01-01").date(),
                max_value=pd.Timestamp("2099-12-31").date()))  # fmt: skip
def test_a_whole_date_is_its_own_first_and_last_day(date):
    series = pd.Series([date.isoformat()], dtype="str")
    assert earliest_day(series)[0].date() == latest_day(series)[0].date() == date

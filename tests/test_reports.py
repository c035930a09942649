"""Vacancy reports: the facts of a report, and nobody who wrote, owns or took a picture of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from source_fixtures import DATA, REGISTRY, TODAY, assert_sound, problems_of, text_of

from atlas.errors import SourceFormatError, SourceUnavailableError
from atlas.settings import Settings
from atlas.sources import reports
from atlas.store import MUNICIPALITIES_FILE, read_boundaries

if TYPE_CHECKING:
    from atlas.schema import Intake

SOURCE = REGISTRY.get("vacancy_reports")
LAYER = DATA / "reports" / "layer.geojson"


def parse(payload: bytes | str, **options: str) -> Intake:
    payload = payload.encode() if isinstance(payload, str) else payload
    intake = reports.parse(payload, source=SOURCE, retrieved_on=TODAY, **options)
    assert_sound(intake)
    return intake


def layer(*properties: dict[str, object], at: object = (7.4653, 51.5136)) -> str:
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": at},
         "properties": {"id": n, "building_type": "fabrik", "city": "Dortmund", **facts}}
        for n, facts in enumerate(properties, start=1)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features})


def cell(column: str, **facts: object) -> str | None:
    value = parse(layer(facts)).cells[column].iloc[0]
    return value if pd.notna(value) else None


@pytest.mark.parametrize("name", ["layer.geojson", "places.csv"])
def test_published_files_become_rows_that_keep_every_rule(name):
    intake = reports.read(DATA / "reports" / name, source=SOURCE, retrieved_on=TODAY)
    assert_sound(intake)
    towns = read_boundaries(Settings().data_dir / MUNICIPALITIES_FILE)
    assert problems_of(intake, towns) == []


def test_owners_reporters_texts_and_pictures_reach_nothing():
    everything = LAYER.read_text("utf-8")
    told = text_of(parse(everything))
    for private in ("Mustermann", "0231 000000", "Erika Muster", "Geheim AG", "geheim.example",
                    "melderin42", "Ein Text", "gewerblich"):  # fmt: skip
        assert private in everything
        assert private not in told


def test_annotations_of_people_in_a_csv_reach_nothing():
    payload = (DATA / "reports" / "places.csv").read_bytes()
    assert "nebenan" in payload.decode()
    assert "nebenan" not in text_of(parse(payload))


def test_the_grep_sees_what_is_there():
    assert "Kaufhaus Beispiel" in text_of(parse(LAYER.read_bytes()))


def test_a_sensitive_report_keeps_its_moved_coordinate_and_no_address():
    cells = parse(LAYER.read_bytes()).cells
    row = cells[cells["source_ref"] == "12"].iloc[0]
    assert row["coordinate_precision"] == "district"
    assert row["coordinate_uncertainty_m"] == "300"
    assert pd.isna(row["street"])
    assert pd.isna(row["house_number"])
    assert "Verstecktweg" not in " ".join(row.dropna())
    assert "Vertraulich" not in " ".join(row.dropna())
    assert row["municipality"] == "Bochum"


@pytest.mark.parametrize(
    ("radius", "precision", "metres"),
    [(None, "street", "100"), (20, "street", "100"), (250, "street", "250"),
     (900, "district", "900")],
)  # fmt: skip
def test_the_radius_of_a_sensitive_report_is_its_uncertainty(radius, precision, metres):
    facts = {"sensitive": True, "sensitive_radius": radius}
    assert cell("coordinate_precision", **facts) == precision
    assert cell("coordinate_uncertainty_m", **facts) == metres


def test_a_rumour_is_worth_less_than_a_sighting():
    assert cell("confidence", rumor=True, degree="vollständig") == "inferred"
    assert cell("confidence", rumor=False, degree="vollständig") == "reported"
    assert cell("vacancy", rumor=True) == "vacant"


@pytest.mark.parametrize(
    ("degree", "vacancy"),
    [("vollständig", "vacant"), ("complete", "vacant"), ("teilweise", "partly_vacant"),
     ("partial", "partly_vacant"), (None, "vacant"), ("weiß nicht", "unknown")],
)  # fmt: skip
def test_the_degree_is_the_state(degree, vacancy):
    assert cell("vacancy", degree=degree) == vacancy


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"hidden": True}, "withdrawn"), ({"published": False}, "withdrawn"),
     ({"active": False}, "withdrawn"), ({"demolished": True}, "gone"),
     ({"active": False, "demolished": True}, "gone"), ({"id": ""}, "malformed"),
     ({"building_type": "anderes"}, "no_type")],
)  # fmt: skip
def test_what_no_longer_counts_is_set_aside_with_its_reason(facts, code):
    assert parse(layer(facts)).faults["code"].tolist() == [code]


@pytest.mark.parametrize(
    ("since", "expected"),
    [("2019-05-01", "2019-05-01"), ("2019", "2019"), ("2025-01-01", None),
     ("mehr als 5 Jahre", None), ("> 12 Monate", None), ("6-12 Monate", None),
     ("3 – 6 Monate", "2024"), ("weniger als 3 Monate", None), ("schon ewig", None)],
)  # fmt: skip
def test_the_begin_of_a_vacancy_is_told_as_far_as_it_is_certain(since, expected):
    assert cell("vacant_since", vacant_since=since, updated_at="2024-08-15T10:00Z") == expected


@pytest.mark.parametrize(
    ("since", "observed", "latest"),
    [("mehr als 5 Jahre", "2024-08-15", "2019"), ("> 12 Monate", "2024-08-15", "08/2023"),
     ("6-12 Monate", "2024-08-15", "02/2024"), ("3 – 6 Monate", "2024-01-15", "10/2023"),
     ("mehr als 5 Jahre", None, "2021"), ("2019", "2024-08-15", None)],
)  # fmt: skip
def test_what_a_band_of_time_leaves_open_is_a_note(since, observed, latest):
    facts = {"vacant_since": since, "updated_at": observed}
    german, english = cell("note_de", **facts), cell("note_en", **facts)
    if latest is None:
        assert (german, english) == (None, None)
        return
    assert german == f"Laut Meldung leer seit mindestens {latest}."
    assert english == f"According to a report empty since {latest} at the latest."


def test_a_degree_that_nobody_stated_is_an_assumption():
    assert (cell("vacancy"), cell("confidence")) == ("vacant", "inferred")
    assert cell("confidence", degree="vollständig") == "reported"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [({"building_type": "Kirche"}, "church"), ({"building_type": ["anderes", "Büro"]}, "office"),
     ({"building_type": "", "building_usage": ["Gewerbefläche"]}, "retail_building"),
     ({"building_type": "", "building_usage": "Wohnflaeche"}, "dwelling"),
     ({"building_type": None, "name": "Alte Zeche Nord", "building_usage": "Andere"}, "colliery")],
)  # fmt: skip
def test_building_and_usage_are_the_type(facts, expected):
    assert cell("type", **facts) == expected


def test_an_operator_may_say_what_untold_buildings_are():
    untold = layer({"building_type": ""})
    assert parse(untold).faults["code"].tolist() == ["no_type"]
    assert parse(untold, default_type="retail_building").cells["type"].tolist() == [
        "retail_building"
    ]


@pytest.mark.parametrize(
    ("at", "code"),
    [((51.5136, 7.4653), "bad_coordinate"), ((13.4, 52.5), "outside"),
     (("x", "y"), "bad_coordinate")],
)  # fmt: skip
def test_coordinates_that_cannot_be_meant_are_faults(at, code):
    assert parse(layer({}, at=at)).faults["code"].tolist() == [code]


def test_zero_is_no_coordinate():
    assert pd.isna(parse(layer({}, at=(0.0, 0.0))).cells["lat"].iloc[0])


def test_the_same_report_twice_counts_once_and_the_younger_stays():
    intake = parse(
        layer({"id": 5, "updated_at": "2024-01-01"}, {"id": 5, "updated_at": "2022-01-01"})
    )
    assert intake.cells["observed_on"].tolist() == ["2024-01-01"]
    assert intake.faults[["row", "code"]].to_numpy().tolist() == [[2, "repeated"]]


def test_an_observation_is_never_younger_than_its_retrieval():
    assert cell("observed_on", updated_at="2031-01-01") is None


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b'{"type": "FeatureCollection"}', b"a,b\n1,2\n", b"\xff\xfe", b'id\n"1',
     LAYER.read_bytes()[:-3], b'{"type":"FeatureCollection","features":[],"numberMatched":9}'],
)  # fmt: skip
def test_what_is_no_whole_file_is_refused(payload):
    with pytest.raises(SourceFormatError):
        parse(payload)


@pytest.mark.parametrize("last", ["2,Halle", '2,"Hal', "2,Halle,51.5136,7.4653,"])
def test_a_broken_last_line_without_an_end_means_that_the_file_is_cut_off(last):
    whole = "id,name,lat,lon\n1,Alte Fabrik,51.5136,7.4653\n"
    with pytest.raises(SourceFormatError, match="ist abgeschnitten"):
        parse(whole + last)
    assert len(parse(whole + "2,Alte Halle,51.5136,7.4653").cells) == 2
    if '"' not in last:
        assert parse(f"{whole}{last}\n").faults["code"].tolist() == ["malformed"]


def test_a_missing_file_is_unavailable(tmp_path):
    with pytest.raises(SourceUnavailableError):
        reports.read(tmp_path / "none.csv", source=SOURCE, retrieved_on=TODAY)

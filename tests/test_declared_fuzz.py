"""Whatever arrives under a declared mapping becomes rows, faults, or one clear error."""

from __future__ import annotations

import json

import pytest
from fuzzing import CASES, assert_whole, damaged, survives
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from source_fixtures import DATA, REGISTRY, ROOT, TODAY, assert_sound

from atlas.errors import SourceFormatError
from atlas.schema import Fault
from atlas.sources import declared
from atlas.sources.declared.parse import Row, mapped

BOCHUM = declared.load(ROOT / "data" / "sources" / "bochum_schools.toml")
ESSEN = declared.load(ROOT / "data" / "sources" / "essen_meeting_places.toml")
CSV = (DATA / "declared" / BOCHUM.file.path).read_bytes()
GEOJSON = (DATA / "declared" / ESSEN.file.path).read_bytes()
# Found without being told, so that the finding is tried, too.
LOOSE = BOCHUM.model_copy(
    update={"file": BOCHUM.file.model_copy(update={"encoding": "auto", "delimiter": "auto"})}
)
STRUCTURES = 300


def collect(made: declared.Mapping):
    def run(payload: bytes) -> tuple[dict[int, Row], list[Fault]]:
        found = mapped(payload, made, TODAY)
        return found.rows, found.faults

    return run


@pytest.mark.slow
def test_damaged_csv_never_gets_past_the_errors_of_the_atlas():
    first = CSV.partition(b"\n")
    # Half of the files keep their header: otherwise little but the header is tried.
    whole = damaged([CSV, CSV.replace(b";", b"\t"), CSV.decode().encode("utf-16")], CASES // 2)
    below = (first[0] + b"\n" + body for body in damaged([first[2]], CASES // 2))
    cases, read = survives(whole, collect(LOOSE))
    more, more_read = survives(below, collect(LOOSE))
    assert cases + more >= CASES
    assert more_read > CASES // 4
    assert read > 100


@pytest.mark.slow
def test_damaged_geojson_never_gets_past_the_errors_of_the_atlas():
    cases, read = survives(damaged([GEOJSON], CASES), collect(ESSEN))
    assert cases >= CASES
    assert read > CASES // 50


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)  # fmt: skip
geometries = values | st.fixed_dictionaries(
    {"type": st.sampled_from(["Point", "Polygon", "MultiPoint", "LineString", "Nonsense"])
     | values, "coordinates": values | st.lists(st.floats(), min_size=2, max_size=3)
     | st.lists(st.lists(st.lists(st.floats(5, 60), min_size=2, max_size=2), max_size=6),
                max_size=2)}
)  # fmt: skip
features = values | st.fixed_dictionaries({
    "type": st.just("Feature") | values, "id": values, "geometry": geometries,
    "properties": values | st.fixed_dictionaries(
        dict.fromkeys(("EINRICHTUN", "STRASSE", "PLZ", "STADTTEIL", "INTERNET"), values)),
})  # fmt: skip


@pytest.mark.slow
@settings(max_examples=STRUCTURES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(features, max_size=4))
def test_no_structure_of_geojson_gets_past_the_errors_of_the_atlas(listed):
    payload = json.dumps({"type": "FeatureCollection", "features": listed}).encode()
    try:
        found = mapped(payload, ESSEN, TODAY)
    except SourceFormatError:
        return
    assert_whole(found.rows, found.faults)
    assert len(found.rows) + len(found.faults) == len(listed)


cells = st.text(max_size=12) | st.sampled_from(
    ["Musikschulen", "375848", "5705096", "44787 Bochum", "900001", "7.2", "51.5", "1e5", "-"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=STRUCTURES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(cells, min_size=16, max_size=19), max_size=4), st.sampled_from(";,\t|"))
def test_no_table_gets_past_the_errors_of_the_atlas(rows, delimiter):
    header = CSV.partition(b"\n")[0].decode().replace(";", delimiter)
    text = "\n".join([header, *(delimiter.join(row) for row in rows)])
    try:
        payload = text.encode()
        found = mapped(payload, LOOSE, TODAY)
    except (SourceFormatError, UnicodeEncodeError):
        return
    assert_whole(found.rows, found.faults)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["gpkg", "gml", "shp", "xlsx"])
def test_damaged_binary_files_never_get_past_the_errors_of_the_atlas(form, tmp_path):
    from test_declared import mapping, workbook, written

    made = mapping(tmp_path, file=f'format = "{form}"', place="")
    if form == "xlsx":
        whole = workbook(["nr", "name", "x", "y"], [1, "Bühne", 393506, 5708058])
    else:
        whole = written(form, tmp_path)
    count = 300
    cases, _ = survives(damaged([whole], count), collect(made))
    assert cases == count


def test_the_fixtures_are_read_before_they_are_damaged():
    for made, payload in ((LOOSE, CSV), (ESSEN, GEOJSON)):
        source = REGISTRY.get(made.source)
        parsed = declared.parse(payload, mapping=made, source=source, retrieved_on=TODAY)
        assert_sound(parsed.intake)
        assert not parsed.intake.cells.empty


def test_the_harness_sees_a_lost_record_and_another_error():
    with pytest.raises(AssertionError):
        assert_whole({1: {"name": "A"}}, [Fault(3, "gone")])

    def breaks(payload: bytes):
        raise KeyError(payload)

    with pytest.raises(KeyError):
        survives(iter([b"x"]), breaks)

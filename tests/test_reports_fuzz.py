"""Whatever arrives as vacancy reports becomes rows, faults, or one clear error."""

from __future__ import annotations

import json

import pytest
from fuzzing import CASES, assert_whole, damaged, survives
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from source_fixtures import DATA, TODAY

from atlas.sources import reports

READING = reports.Reading("vacancy_reports", TODAY, "retail_building")
FILES = [path.read_bytes() for path in sorted((DATA / "reports").iterdir())]
STRUCTURES = 300
FIELDS = [
    "id", "name", "title", "address", "city", "zip", "sensitive", "sensitive_radius",
    "rumor", "degree", "vacant_since", "emptySince", "building_type", "building_usage",
    "active", "hidden", "demolished", "published", "updated_at", "lat", "lon",
    "house_number",
]  # fmt: skip


def collect(payload: bytes):
    return reports.collect(payload, READING)


@pytest.mark.slow
def test_damaged_reports_never_get_past_the_errors_of_the_atlas():
    cases, read = survives(damaged(FILES, CASES), collect)
    assert cases >= CASES
    assert read > CASES // 10


facts = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=14) | st.lists(
    st.text(max_size=6), max_size=3
) | st.sampled_from(["true", "2024-05-06", "mehr als 5 Jahre", "999 Jahre", "0-0 Monate", "7.4",
                     "51.5", "Kirche", "teilweise"])  # fmt: skip
properties = st.dictionaries(st.sampled_from(FIELDS), facts) | facts
places = facts | st.fixed_dictionaries({"type": st.just("Point"), "coordinates": st.lists(
    st.floats() | st.floats(6, 8) | st.floats(51, 52) | facts, max_size=3)})  # fmt: skip


@pytest.mark.slow
@settings(max_examples=STRUCTURES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.fixed_dictionaries({"geometry": places, "properties": properties}), max_size=4))
def test_no_structure_gets_past_the_errors_of_the_atlas(features):
    document = {"type": "FeatureCollection", "features": features}
    payload = json.dumps(document)
    if "NaN" in payload or "Infinity" in payload:
        payload = payload.replace("-Infinity", "0").replace("Infinity", "0").replace("NaN", "0")
    rows, faults = collect(payload.encode())
    assert_whole(rows, faults)
    assert len(rows) + len(faults) == len(features)

"""One file per licence: each pure, and together the whole table, whatever was merged."""

from __future__ import annotations

import io
import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from core_fixtures import EDGE_ROWS, data_dir, located, row
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.export import bundle
from atlas.export.per_licence import PUBLIC_DOMAIN, joined, per_licence
from atlas.export.table import coordinate_licences
from atlas.geo import points_from_lonlat
from atlas.provenance import SHARE_ALIKE
from atlas.query import Filters
from atlas.schema.columns import NAMES
from atlas.schema.contributions import COLUMN, read
from atlas.schema.place import COORDINATE_COLUMNS
from atlas.store import load

COLUMNS = [*NAMES, COLUMN]
LICENCES = ("CC-BY-4.0", "CC0-1.0", "ODbL-1.0", "dl-de/by-2-0", "dl-de/zero-2-0")
BESIDE = ("website", "vacancy", "observed_on", "street", "area_m2")


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    more = (row("w/neu", **located(51.45, 7.05, coordinate_source="curated")),)
    return load(data_dir(tmp_path_factory.mktemp("licences") / "data", *EDGE_ROWS, *more))


def contribution(source, ref, licence, fields):
    """Return one entry of the contributions of a row."""
    rest = dict.fromkeys(("publisher", "source_url", "retrieved_on", "observed_on", "lineage",
                          "name"), "x")  # fmt: skip
    return {"source": source, "source_ref": ref, "licence": licence, "fields": fields} | rest


@st.composite
def merges(draw, count):
    """Draw for each row: own licence, source of the coordinate, what OpenStreetMap gave."""
    return [
        (
            draw(st.sampled_from(LICENCES)),
            draw(st.sampled_from(["wikidata", "osm", "curated"])),
            draw(st.none() | st.sets(st.sampled_from([*BESIDE, "same_as"]))),
            draw(st.booleans()),
        )
        for _ in range(count)
    ]


def merged(spaces, drawn):
    """Return the table as a build would have left it, after the rule of `atlas.conflate`."""
    rows = spaces.copy()
    for at, (licence, place, theirs, gave_place) in zip(rows.index, drawn, strict=True):
        said = rows.loc[at]
        own = [name for name in NAMES if pd.notna(said[name]) and name != "licence"]
        cell = None
        rows.loc[at, "licence"] = licence
        if theirs is not None:
            given = [name for name in [*theirs] if name in own]
            bound = [*given, *(["lat", "lon"] if gave_place and place == "osm" else [])]
            kept = [name for name in own if name not in bound]
            cell = json.dumps([
                contribution("curated", said["source_ref"], licence, kept),
                contribution("osm", f"node/{at}", "ODbL-1.0", sorted(bound)),
            ])  # fmt: skip
            if given:
                rows.loc[at, "licence"] = "ODbL-1.0"
        if pd.notna(said["lat"]):
            rows.loc[at, "coordinate_source"] = place
        rows.loc[at, COLUMN] = cell
    return gpd.GeoDataFrame(rows, geometry=points_from_lonlat(rows["lon"], rows["lat"]))


def impure(parts, registry):
    """Return what stands in a part under a licence that is not its own."""
    found = []
    for name, part in parts.items():
        licences = {*part["licence"].dropna(), *coordinate_licences(part, registry).dropna()}
        wrong = licences - {name, *PUBLIC_DOMAIN}
        if name not in SHARE_ALIKE:
            entries = [entry for cell in part[COLUMN] for entry in read(cell)]
            wrong |= {entry["licence"] for entry in entries} & SHARE_ALIKE
        found += [(name, licence) for licence in sorted(wrong)]
    return found


def whole(rows):
    return pd.DataFrame(rows).reindex(columns=COLUMNS).sort_values("space_id", ignore_index=True)


@settings(max_examples=50, deadline=None)
@given(drawn=merges(count=len(EDGE_ROWS) + 1))
def test_each_part_is_pure_and_together_they_are_the_table(atlas, drawn):
    spaces = merged(atlas.spaces.assign(**{COLUMN: pd.Series(None, dtype="str")}), drawn)
    before = spaces.copy()
    parts = per_licence(spaces, atlas.registry)
    assert impure(parts, atlas.registry) == []
    assert all(part["space_id"].is_unique and len(part) for part in parts.values())
    pd.testing.assert_frame_equal(joined(parts), whole(spaces))
    pd.testing.assert_frame_equal(spaces, before)
    for part in parts.values():
        assert part.geometry.isna().equals(part["lat"].isna())
        assert part.index.is_monotonic_increasing


def test_the_checks_of_the_parts_can_fail(atlas):
    parts = per_licence(atlas.spaces, atlas.registry)
    spoiled = parts | {"CC0-1.0": atlas.spaces.assign(**{COLUMN: None})}
    assert ("CC0-1.0", "ODbL-1.0") in impure(spoiled, atlas.registry)
    less = {name: part for name, part in parts.items() if name != "ODbL-1.0"}
    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(joined(less), whole(atlas.spaces))


def test_a_coordinate_under_the_odbl_stands_alone_with_its_key(atlas):
    parts = per_licence(atlas.spaces, atlas.registry)
    at = atlas.spaces.index[atlas.spaces["source_ref"] == "w/kaufhaus"]
    free, bound = parts["CC-BY-4.0"].loc[at], parts["ODbL-1.0"].loc[at]
    assert free["name"].item() == "Kaufhaus Müller"
    assert free[list(COORDINATE_COLUMNS)].isna().all(axis=None)
    kept = bound[COLUMNS].dropna(axis=1).columns
    assert set(kept) == {"space_id", *COORDINATE_COLUMNS}
    assert bound.geometry.notna().all()


def test_what_is_in_the_public_domain_stays_with_its_row(atlas):
    parts = per_licence(atlas.spaces, atlas.registry)
    first = parts["CC-BY-4.0"].loc[0]
    assert first["coordinate_source"] == "wikidata"
    assert "CC0-1.0" not in parts


def test_nothing_selected_has_no_parts(atlas):
    assert per_licence(atlas.spaces.iloc[:0], atlas.registry) == {}
    files = bundle.files_per_licence(
        atlas.spaces.iloc[:0], "csv", language="de", filters=Filters(), atlas=atlas
    )
    assert list(files) == ["LIESMICH.txt"]


@pytest.mark.parametrize(
    ("language", "note", "said"),
    [("de", "LIESMICH.txt", "Datei unter ODbL"), ("en", "README.txt", "file under ODbL")],
)
def test_the_zip_says_what_is_in_it_and_repeats_its_bytes(atlas, language, note, said):
    def packed():
        files = bundle.files_per_licence(
            atlas.spaces, "geojson", language=language, filters=Filters(), atlas=atlas
        )
        return bundle.zipped(files, day=atlas.retrieved_on)

    content = packed()
    assert packed() == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == [
            note,
            "raumatlas-ruhr_2026-11-22_CC-BY-4.0.geojson",
            "raumatlas-ruhr_2026-11-22_ODbL-1.0.geojson",
        ]
        text = archive.read(note).decode()
        assert said in text
        assert all(name in text for name in names[1:])
        free, bound = (json.loads(archive.read(name)) for name in names[1:])
        assert free["licence"] == "CC-BY-4.0 AND CC0-1.0"
        assert bound["licence"] == "ODbL-1.0"
        assert "OpenStreetMap" not in free["attribution"]


def test_a_licence_with_a_slash_makes_no_folder(atlas):
    spaces = atlas.spaces.assign(licence="dl-de/by-2-0")
    files = bundle.files_per_licence(spaces, "csv", language="de", filters=Filters(), atlas=atlas)
    assert not [name for name in files if "/" in name]
    assert "raumatlas-ruhr_2026-11-22_dl-de-by-2-0.csv" in files

"""Building the table: from several sources into one, with nothing lost on the way."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from core_fixtures import EDGE_ROWS, data_dir, located, row, write_csv
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from atlas import stored
from atlas.build import BuildConfig, build
from atlas.build.cells import texts
from atlas.errors import BuildError, ConfigError
from atlas.export import open_part
from atlas.export.table import export_table
from atlas.schema.contributions import COLUMN, contributors, read
from atlas.schema.types import parse
from atlas.store import load

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
CURATED = '[[source]]\nid = "curated"\nadapter = "curated"\npath = "spaces.csv"\n'
SECOND = '[[source]]\nid = "osm"\nadapter = "curated"\npath = "second.csv"\n'


def by_hand(cells):
    """Geocode nothing; the step itself is tested in test_geocode.py."""
    return cells, {}


@pytest.fixture
def settings(tmp_path):
    return data_dir(tmp_path / "data", *EDGE_ROWS)


def run(settings, config=CURATED, **options):
    path = settings.data_dir / "build.toml"
    path.write_text(config, encoding="utf-8")
    plan = BuildConfig.load(path)
    return build(plan, settings, now=NOW, **{"geocode": by_hand, **options})


def second(ref, **values):
    """Return a row of another source."""
    given = {"source": "osm", "licence": "ODbL-1.0", "lineage": "crowd", "publisher": "OSM"}
    return row(ref, **(given | values))


def add_second(settings, *rows):
    write_csv(settings.data_dir / "second.csv", *rows)


def test_one_source_is_stored_as_it_is(settings):
    table = run(settings)
    spaces = table.spaces()
    assert sorted(spaces["name"]) == sorted(given["name"] for given in EDGE_ROWS)
    counts = {name: table.report().total(name) for name in ("read", "stored", "merged", "rejected")}
    assert counts == {"read": 6, "stored": 6, "merged": 0, "rejected": 0}
    assert spaces["ags"].is_monotonic_increasing


def test_the_same_place_in_two_sources_is_one_row_that_names_both(settings):
    add_second(settings, second("node/1", name="Zeche Glückauf", street="Schachtstr.",
                                website="https://zeche.example/",
                                **located(51.45002, 7.05002, coordinate_source="osm")))  # fmt: skip
    table = run(settings, CURATED + SECOND)
    report = {source.id: source for source in table.report().sources}
    assert (report["curated"].stored, report["osm"].stored, report["osm"].merged) == (6, 0, 1)
    merged = table.spaces().set_index("source_ref").loc["w/zeche"]
    told = {entry["source"]: entry["fields"] for entry in read(merged[COLUMN])}
    assert set(told) == {"curated", "osm"}
    assert told["osm"] == ["website"] or "website" in told["osm"]
    assert merged["website"] == "https://zeche.example/"
    assert merged["licence"] == "ODbL-1.0", "a value under ODbL makes the row ODbL"


def test_the_open_part_of_a_merged_row_keeps_what_is_not_bound(settings):
    add_second(settings, second("node/1", name="Zeche Glückauf", street="Schachtstr.",
                                website="https://zeche.example/",
                                **located(51.45002, 7.05002, coordinate_source="osm")))  # fmt: skip
    run(settings, CURATED + SECOND)
    atlas = load(settings)
    part = open_part(atlas.spaces, atlas.registry).set_index("source_ref")
    freed = part.loc["w/zeche"]
    assert (freed["name"], freed["licence"]) == ("Zeche Glückauf", "CC-BY-4.0")
    assert freed["vacancy"] == "vacant"
    assert pd.isna(freed["website"]), "it came from OpenStreetMap"
    assert [entry["source"] for entry in read(freed[COLUMN])] == ["curated"]
    whole = export_table(atlas.spaces, atlas, "de").set_index("source_ref").loc["w/zeche"]
    assert "OpenStreetMap" in whole["attribution"]


def test_every_record_is_stored_merged_or_rejected_with_its_reason(settings):
    add_second(settings, second("node/1", municipality="Osthausen", **located(51.45, 7.25)),
               second("node/2", name=""),
               second("node/3", municipality="", ags="", **located(51.6, 7.05)),
               second("node/4", municipality="", ags=""))  # fmt: skip
    table = run(settings, CURATED + SECOND)
    osm = table.report().sources[1]
    assert osm.read == osm.stored + osm.merged + osm.rejected == 4
    assert osm.reasons == {"no_place": 1, "outside": 1, "required": 1}
    rejects = table.rejects().set_index("row")
    assert rejects.loc[4, "code"] == "outside"
    assert set(rejects["source"]) == {"osm"}


def test_a_source_that_fails_is_told_and_the_others_go_on(settings):
    table = run(settings, CURATED + SECOND)  # second.csv is missing
    curated, osm = table.report().sources
    assert (curated.status, curated.stored) == ("read", 6)
    assert (osm.status, osm.read) == ("failed", 0)
    assert "second.csv" in osm.error["de"]
    assert "cannot be read" in osm.error["en"]


def test_the_rows_of_a_failed_source_stand_in_from_the_table_before(settings):
    add_second(
        settings,
        second(
            "node/1", name="Halle Ost", municipality="Osthausen", **located(51.45, 7.25)
        ),  # fmt: skip
    )
    before = run(settings, CURATED + SECOND)
    (settings.data_dir / "second.csv").unlink()
    after = run(settings, CURATED + SECOND)
    osm = after.report().sources[1]
    assert (osm.status, osm.stored) == ("kept", 1)
    assert set(after.spaces()["name"]) == set(before.spaces()["name"])
    (settings.data_dir / "second.csv").write_bytes(b"\xff\xfe broken")
    assert run(settings, CURATED + SECOND).report().sources[1].status == "kept"


def test_without_any_row_the_old_table_stays(settings):
    before = run(settings)
    (settings.data_dir / "spaces.csv").rename(settings.data_dir / "away.csv")
    shutil.rmtree(before.folder / "sources")
    with pytest.raises(BuildError, match="alte Tabelle gilt weiter"):
        run(settings)
    assert stored.current(settings.table_folder).version == before.version


def test_equal_input_gives_equal_bytes(settings, tmp_path):
    first = run(settings)
    other = settings.model_copy(update={"table_dir": tmp_path / "other"})
    again = run(other)
    assert again.version == first.version
    for path in first.folder.rglob("*.*"):
        assert path.read_bytes() == (again.folder / path.relative_to(first.folder)).read_bytes()


def test_other_input_gives_another_table(settings):
    """The companion: the version follows the input."""
    first = run(settings)
    write_csv(settings.data_dir / "spaces.csv", *EDGE_ROWS[:-1])
    assert run(settings).version != first.version


def test_the_app_reads_the_stored_table_and_knows_when_it_is_outdated(settings):
    assert load(settings).built is None
    run(settings)
    atlas = load(settings)
    assert atlas.built.built_at == "2026-11-22T12:00:00+00:00"
    assert not atlas.built.is_outdated
    assert len(atlas.spaces) == len(EDGE_ROWS)
    write_csv(settings.data_dir / "spaces.csv", *EDGE_ROWS[:-1])
    outdated = load(settings)
    assert outdated.built.is_outdated
    assert len(outdated.spaces) == len(EDGE_ROWS), "the registry counts after the next build"


def test_the_stored_table_and_the_registry_give_the_same_atlas(settings):
    registry = load(settings).spaces.set_index("space_id").sort_index()
    run(settings)
    table = load(settings).spaces.set_index("space_id").sort_index()
    shared = [name for name in registry.columns if name != "geometry"]
    assert table[shared].astype(object).where(table[shared].notna(), None).equals(
        registry[shared].astype(object).where(registry[shared].notna(), None))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "source"), ("[[source]]\nid = 'a'", "adapter"), ("[[source", "nicht lesbar"),
     ("[[source]]\nid = 'a'\nadapter = 'curated'", "path fehlt"), (CURATED * 2, "mehrmals"),
     ("[[source]]\nid = 'a'\nadapter = 'nothing'\npath = 'x'", "adapter"),
     (CURATED + "typo = 1", "typo")],
)  # fmt: skip
def test_a_wrong_configuration_says_where(tmp_path, text, said):
    path = tmp_path / "build.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        BuildConfig.load(path)


def test_a_missing_configuration_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"build\.toml"):
        BuildConfig.load(tmp_path / "build.toml")


def test_a_source_that_nobody_registered_is_a_mistake_of_the_configuration(settings):
    with pytest.raises(ConfigError, match="unknown"):
        run(settings, CURATED.replace('id = "curated"', 'id = "unknown"'))


def test_the_shipped_configuration_takes_the_registry():
    data = Path("data")
    plan = BuildConfig.load(data / "build.toml")
    assert [entry.id for entry in plan.source] == ["curated"]
    assert plan.files(plan.source[0]) == [data / "spaces.csv"]


def test_typed_rows_become_the_same_texts_again(settings):
    spaces = load(settings).spaces
    typed, found = parse(texts(spaces).reset_index(drop=True))
    assert found.empty
    for name in typed.columns:
        assert typed[name].equals(spaces[name]), name


REFS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)
NAMES = st.sampled_from(["Zeche Glückauf", "Halle", "Atelierhaus Mitte", ""])
SPOTS = st.sampled_from([(51.45, 7.05), (51.4501, 7.0501), (51.45, 7.15), (51.6, 7.05), None])


@given(st.data())
@examples(max_examples=8, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_the_equation_holds_whatever_comes_in(tmp_path, data):
    """Read = stored + merged + rejected, and every stored key occurs once."""
    settings = data_dir(tmp_path / str(len(list(tmp_path.iterdir()))), *EDGE_ROWS[:2])
    rows = []
    for ref in data.draw(REFS):
        spot = data.draw(SPOTS)
        place = located(*spot, coordinate_source="osm") if spot else {}
        rows.append(second(ref, name=data.draw(NAMES), municipality="", ags="", **place))
    add_second(
        settings, *rows, second("one-that-stays", municipality="Osthausen", **located(51.45, 7.25))
    )
    table = run(settings, CURATED + SECOND)
    report = table.report()
    report.require_complete()
    keys = [key for row in contributors(table.spaces()) for key in row]
    assert len(keys) == len(set(keys)) == report.total("stored") + report.total("merged")


def test_the_report_is_json_with_its_sums(settings):
    table = run(settings)
    content = json.loads((table.folder / stored.REPORT).read_text("utf-8"))
    assert content["totals"] == {"read": 6, "stored": 6, "merged": 0, "rejected": 0}
    assert content["sources"][0]["newest"] == "2026-11-22"

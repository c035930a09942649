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
from atlas.errors import BuildError, ConfigError, SourceFormatError
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
        second("node/1", name="Halle Ost", municipality="Osthausen", **located(51.45, 7.25)),
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
    with pytest.raises(BuildError, match=r"alte Tabelle gilt weiter.*spaces\.csv"):
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
     ("[[source]]\nid = 'a'\nadapter = 'curated'", "path is missing"),
     (CURATED * 2, "several times"),
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


def test_a_source_that_nobody_registered_fails_and_the_others_go_on(settings):
    unknown = SECOND.replace('id = "osm"', 'id = "unknown"')
    curated, other = run(settings, CURATED + unknown).report().sources
    assert (curated.status, other.status) == ("read", "failed")
    assert "Quellenregister" in other.error["de"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [('adapter = "declared"\npath = "mapping.toml"', "mapping.toml"),
     ('adapter = "declared"\npath = "none.toml"', "none.toml"),
     ('adapter = "curated"\npath = "none*.csv"', "0 Dateien"),
     ('adapter = "openimmo"\npath = "none*.xml"\nlicence = "CC0-1.0"', "keine Datei")],
)  # fmt: skip
def test_a_mistake_in_one_source_does_not_stop_the_others(settings, entry, said):
    (settings.data_dir / "mapping.toml").write_text("source = 'osm'\ntypo = 1\n", "utf-8")
    entry = f'[[source]]\nid = "osm"\n{entry}\n'
    curated, osm = run(settings, CURATED + entry).report().sources
    assert (curated.status, curated.stored) == ("read", 6)
    assert osm.status == "failed"
    assert said in osm.error["de"]


def test_a_source_that_lost_half_of_its_records_is_taken_for_cut_off(settings):
    run(settings)
    write_csv(settings.data_dir / "spaces.csv", *EDGE_ROWS[:2])
    cut = run(settings).report().sources[0]
    assert (cut.status, cut.stored) == ("kept", 6)
    assert "nur noch 2 Einträge, zuletzt waren es 6" in cut.error["de"]
    wanted = run(settings, accept_shrink=True).report().sources[0]
    assert (wanted.status, wanted.stored) == ("read", 2)


def test_a_source_that_lost_a_few_records_is_read(settings):
    """The companion: places do close."""
    run(settings)
    write_csv(settings.data_dir / "spaces.csv", *EDGE_ROWS[:4])
    assert run(settings).report().sources[0].status == "read"


def test_a_row_of_another_source_is_set_aside_and_the_equation_holds(settings):
    write_csv(settings.data_dir / "spaces.csv", *EDGE_ROWS, row("w/foreign", source="osm"))
    curated = run(settings).report().sources[0]
    assert (curated.read, curated.stored, curated.reasons) == (7, 6, {"wrong_source": 1})


def test_a_damaged_table_is_mended_by_building_again(settings):
    """What the message says to do has to help."""
    table = run(settings)
    for path in sorted(table.folder.rglob("*.*")):
        path.write_bytes(path.read_bytes()[:-7])
        assert run(settings).version == table.version
        assert len(load(settings).spaces) == len(EDGE_ROWS), path.name
    (settings.table_folder / stored.POINTER).write_text("{")
    with pytest.raises(SourceFormatError, match="atlas build"):
        load(settings)
    run(settings)
    assert len(load(settings).spaces) == len(EDGE_ROWS)


def test_rows_that_were_kept_and_are_damaged_make_the_source_fail(settings):
    add_second(settings, second("node/1", **located(51.45, 7.05)))
    table = run(settings, CURATED + SECOND)
    (table.folder / "sources" / "osm.parquet").write_bytes(b"")
    (settings.data_dir / "second.csv").unlink()
    assert run(settings, CURATED + SECOND).report().sources[1].status == "failed"


def test_previous_is_the_table_that_counted_before(settings):
    first = run(settings)
    write_csv(settings.data_dir / "spaces.csv", *EDGE_ROWS[:-1])
    second_version = run(settings)
    assert stored.find(settings.table_folder, "previous").version == first.version
    stored.use(settings.table_folder, first.version[:6], now=NOW)
    write_csv(settings.data_dir / "spaces.csv", *EDGE_ROWS[1:])
    third = run(settings)
    assert len({first.version, second_version.version, third.version}) == 3
    assert stored.find(settings.table_folder, "previous").version == first.version


def test_the_pointer_can_be_mended_by_choosing_a_version(settings):
    table = run(settings)
    (settings.table_folder / stored.POINTER).write_text("nonsense")
    stored.use(settings.table_folder, table.version, now=NOW)
    assert stored.current(settings.table_folder).version == table.version


def test_feeds_need_a_licence_and_a_file_may_say_when_it_was_retrieved(tmp_path):
    feed = '[[source]]\nid = "property_feed"\nadapter = "openimmo"\npath = "a.xml"\n'
    path = tmp_path / "build.toml"
    path.write_text(feed, "utf-8")
    with pytest.raises(ConfigError, match="licence is missing"):
        BuildConfig.load(path)
    path.write_text(feed + 'licence = "CC-BY-4.0"\nretrieved_on = 2026-11-01\n', "utf-8")
    (entry,) = BuildConfig.load(path).source
    assert (entry.licence, entry.retrieved_on) == ("CC-BY-4.0", dt.date(2026, 11, 1))
    path.write_text(feed + 'licence = "my own"\n', "utf-8")
    with pytest.raises(ConfigError, match="my own"):
        BuildConfig.load(path)


def test_an_absolute_path_with_a_star_finds_its_files(tmp_path):
    (tmp_path / "b.csv").write_text("")
    (tmp_path / "a.csv").write_text("")
    (tmp_path / "folder.csv").mkdir()
    path = tmp_path / "build.toml"
    path.write_text(CURATED.replace("spaces.csv", f"{tmp_path}/*.csv"), "utf-8")
    plan = BuildConfig.load(path)
    assert [found.name for found in plan.files(plan.source[0])] == ["a.csv", "b.csv"]


def test_verdicts_about_records_that_nobody_has_are_counted(settings):
    (settings.data_dir / "decisions.csv").write_text(
        "source_a,ref_a,source_b,ref_b,verdict,reason,decided_on\n"
        "curated,w/zeche,osm,node/77,same,typo,2026-11-22\n", "utf-8")  # fmt: skip
    assert run(settings).report().idle == 1
    assert not load(settings).built.is_outdated
    (settings.data_dir / "decisions.csv").unlink()
    assert load(settings).built.is_outdated, "a verdict counts only after the next build"


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

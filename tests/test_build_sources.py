"""All kinds of sources in one build, on the real boundaries: nothing is lost, no person named."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from atlas import cli, stored
from atlas.build import BuildConfig, build
from atlas.build.geocoding import geocoding
from atlas.schema.contributions import contributors
from atlas.settings import Settings
from atlas.store import Base, load

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
RECORDED = Path("tests/data")
ENTRIES = {
    "curated": ("curated", "spaces.csv"),
    "overpass": ("overpass", "osm/overpass.json"),
    "wikidata_query": ("wikidata", "wikidata/answer.json"),
    "essen_meeting_places": ("declared", "sources/essen_meeting_places.toml"),
    "bochum_schools": ("declared", "sources/bochum_schools.toml"),
    "property_feed": ("openimmo", "openimmo/*.xml"),
    "vacancy_reports": ("reports", "reports/layer.geojson"),
}
PRIVATE = re.compile(r"[\w.]+@[\w-]+\.\w|\+49|kontaktperson|owner_\w+", re.IGNORECASE)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """A data folder with the shipped registry and a recorded input of every kind beside it."""
    folder = tmp_path_factory.mktemp("all") / "data"
    shutil.copytree("data", folder, ignore=shutil.ignore_patterns("table"))
    for family in ("osm", "wikidata", "openimmo", "reports"):
        shutil.copytree(RECORDED / family, folder / family)
    for path in (RECORDED / "declared").iterdir():
        shutil.copy(path, folder / "sources")
    agreed = {"openimmo", "reports"}
    lines = [f'[[source]]\nid = "{name}"\nadapter = "{adapter}"\npath = "{path}"\n'
             + ('licence = "CC-BY-4.0"\n' if adapter in agreed else "")
             for name, (adapter, path) in ENTRIES.items()]  # fmt: skip
    (folder / "build.toml").write_text("\n".join(lines), encoding="utf-8")
    return Settings(data_dir=folder)


@pytest.fixture(scope="module")
def table(settings):
    told = []
    geocode = geocoding(settings, Base.load(settings.data_dir), offline=True, tell=told.append)
    plan = BuildConfig.load(settings.data_dir / "build.toml")
    made = build(plan, settings, now=NOW, geocode=geocode, offline=True)
    assert told == []
    return made


def test_every_source_is_read_and_gives_rows(table):
    report = table.report()
    assert [source.id for source in report.sources] == list(ENTRIES)
    for source in report.sources:
        assert source.status == "read", source.error
        assert source.stored + source.merged > 0, source


def test_every_record_is_somewhere(table):
    report = table.report()
    report.require_complete()
    keys = [key for row in contributors(table.spaces()) for key in row]
    assert len(set(keys)) == len(keys) == report.total("stored") + report.total("merged")
    rejects = table.rejects()
    for source in report.sources:
        assert rejects.loc[rejects["source"] == source.id, "row"].nunique() == source.rejected
        assert sum(source.reasons.values()) == source.rejected


def test_the_registry_loses_no_row_to_another_source(table):
    curated = table.report().sources[0]
    assert curated.stored + curated.merged == curated.read
    assert curated.stored >= 495


def test_no_person_and_no_contact_is_in_any_file(table):
    for path in (table.folder / stored.TABLE, table.folder / stored.REPORT):
        text = (
            path.read_text("utf-8") if path.suffix == ".json"
            else table.spaces().drop(columns=["geometry", "website", "source_url"]).to_csv()
        )  # fmt: skip
        assert PRIVATE.findall(text) == []


def test_the_check_for_persons_would_find_one():
    assert PRIVATE.search("kontakt@example.org")
    assert PRIVATE.search("owner_company")


def test_the_app_reads_it(settings, table):
    atlas = load(settings)
    assert len(atlas.spaces) == table.report().total("stored")
    assert atlas.built.report == table.report()
    assert not atlas.built.is_outdated


@pytest.mark.usefixtures("table")
def test_the_command_builds_lists_compares_and_goes_back(settings, monkeypatch):
    monkeypatch.setenv("ATLAS_DATA_DIR", str(settings.data_dir))
    run = CliRunner().invoke
    first = stored.current(settings.table_folder).version
    spaces = settings.data_dir / "spaces.csv"
    kept = spaces.read_text("utf-8")
    lines = kept.splitlines(keepends=True)
    spaces.write_text("".join(lines[:-1]), "utf-8")
    built = run(cli.app, ["build", "--offline"])
    assert built.exit_code == 0, built.output
    assert "499" in built.output
    changed = run(cli.app, ["diff"])
    assert "weggefallen" in changed.output
    listed = run(cli.app, ["versions", "--use", first])
    assert f"Es gilt {first}." in listed.output
    assert stored.current(settings.table_folder).version == first
    spaces.write_text(kept, "utf-8")
    assert run(cli.app, ["diff", "no-such-table"]).exit_code == 2
    as_json = run(cli.app, ["diff", "previous", "current", "--format", "json"])
    assert '"appeared": 1' in as_json.output

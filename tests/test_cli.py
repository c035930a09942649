"""The command line: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import zipfile

import pandas as pd
import pyogrio
import pytest
from core_fixtures import EDGE_ROWS, data_dir, located, row, write_csv
from typer.testing import CliRunner

from atlas import cli, serving
from atlas.build import BuildConfig, build
from atlas.cli import registry
from atlas.errors import ConfigError
from atlas.settings import Settings

DONE, DATA_PROBLEM, USAGE = 0, 1, 2


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs the command on a small data folder."""
    settings = data_dir(tmp_path / "data", *EDGE_ROWS)
    monkeypatch.setenv("ATLAS_DATA_DIR", str(settings.data_dir))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(cli.app, [str(word) for word in words])


def test_a_clean_registry_ends_with_zero(run):
    result = run("validate")
    assert result.exit_code == DONE
    assert result.output.strip() == "Zeilen geprüft: 6; zurückgestellt: 0; Verstöße: 0."


def test_problems_are_one_table_that_ends_with_one(run, tmp_path):
    path = write_csv(tmp_path / "mine.csv", row("w/a"), row("w/b", **located(7.05, 51.45)),
                     row("w/c", name="[red]bold[/red] \x1b[31m" + "x" * 200))  # fmt: skip
    result = run("validate", path)
    assert result.exit_code == DATA_PROBLEM
    for expected in ("Zeile", "Spalte", "Wert", "Regel", "Was tun", "vertauscht", "7.05 | 51.45",
                     "Zeilen geprüft: 3; zurückgestellt: 2; Verstöße: 3."):  # fmt: skip
        assert expected in result.output
    assert result.output.count("Was tun") == 1
    assert "[red]bold[/red]" in result.output.replace("\n", "")
    assert "\x1b" not in result.output


def test_a_thousand_problems_are_cut_in_the_table_and_whole_in_the_file(run, tmp_path):
    path = write_csv(tmp_path / "mine.csv", *[row(f"w/{n}", name="") for n in range(250)])
    rejects = tmp_path / "spaces.rejects.csv"
    result = run("validate", path, "--rejects", rejects)
    assert result.exit_code == DATA_PROBLEM
    assert "und 50 weitere" in result.output
    written = pd.read_csv(rejects)
    assert len(written) == 250
    assert list(written.columns) == ["row", "space_id", "name", "column", "value", "rule", "hint",
                                     "code"]  # fmt: skip


def test_rejects_are_written_only_when_asked_for(run, tmp_path):
    before = set(tmp_path.rglob("*"))
    run("validate")
    assert set(tmp_path.rglob("*")) == before


def test_a_missing_file_is_a_problem_of_the_call(run):
    result = run("validate", "missing.csv")
    assert result.exit_code == USAGE
    assert "missing.csv" in result.output


def test_a_file_that_is_no_registry_is_a_problem_of_the_data(run, tmp_path):
    (tmp_path / "bad.csv").write_text("a;b\n1;2\n")
    result = run("validate", tmp_path / "bad.csv")
    assert result.exit_code == DATA_PROBLEM
    assert "Trennzeichen" in result.output


@pytest.mark.parametrize("words", [("validate", "--colour"), ("export", "pdf", "x"), ("fly",)])
def test_a_wrong_call_ends_with_two(run, words):
    assert run(*words).exit_code == USAGE


def test_export_writes_what_the_filters_choose(run, tmp_path):
    result = run("export", "csv", tmp_path / "out.csv", "--where", "vacancy=vacant",
                 "--where", "q=glükauf")  # fmt: skip
    assert result.exit_code == DONE, result.output
    assert pd.read_csv(tmp_path / "out.csv")["name"].tolist() == ["Zeche Glückauf"]
    assert ": 1 Zeile, " in result.output
    assert not list(tmp_path.glob("*.part"))


def test_export_takes_the_address_of_the_map(run, tmp_path):
    address = "http://localhost:8501/?city=05000002&kind=creative_site&kind=creative_quarter"
    assert run("export", "csv", tmp_path / "out.csv", "--url", address).exit_code == DONE
    assert len(pd.read_csv(tmp_path / "out.csv")) == 2


@pytest.mark.parametrize(
    "address", ["http://localhost:8501/", "http://localhost:8501", "localhost:8501/", "/", "?",
                "https://example.org/atlas/?lang=en&space=0123456789&sort=age#karte"]
)  # fmt: skip
def test_an_address_without_filters_is_the_whole_table(run, tmp_path, address):
    result = run("export", tmp_path / "out.csv", "--url", address)
    assert result.exit_code == DONE, result.output
    assert len(pd.read_csv(tmp_path / "out.csv")) == len(EDGE_ROWS)


@pytest.mark.parametrize(
    "address", ["vacancy=vacant", "?vacancy=vacant", "/orte?vacancy=vacant&view=show",
                "localhost:8501/?vacancy=vacant", "example.org?vacancy=vacant"]
)  # fmt: skip
def test_the_filters_are_found_in_every_form_of_an_address(run, tmp_path, address):
    assert run("export", tmp_path / "a.csv", "--url", address).exit_code == DONE
    assert run("export", tmp_path / "b.csv", "--where", "vacancy=vacant").exit_code == DONE
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.mark.parametrize("address", ["vacancy", "http://localhost/?vacany=vacant", "http://[::1"])
def test_a_misspelt_address_is_no_silent_everything(run, tmp_path, address):
    assert run("export", tmp_path / "out.csv", "--url", address).exit_code == USAGE
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [(("ruhr.gpkg.zip",), "--per-licence ergänzen oder ruhr.gpkg schreiben."),
     (("csv", "ruhr.csv.zip"), "--per-licence ergänzen oder ruhr.csv schreiben."),
     (("planner.gpkg.zip",), "ZIP"), (("ruhr.gpkg.zip", "--layers", "planner"), "ZIP"),
     (("xlsx", "c.csv"), "auf .xlsx enden"), (("planner", "c.csv"), "auf .gpkg enden"),
     (("csv-wkt", "c.GPKG"), "auf .wkt.csv enden"),
     (("gpkg", "c.csv.zip", "--per-licence"), "auf .gpkg enden")],
)  # fmt: skip
def test_a_name_that_says_something_else_than_the_content_is_refused(
    run, tmp_path, words, expected
):
    before = set(tmp_path.rglob("*"))
    result = run("export", *words)
    assert result.exit_code == USAGE
    assert expected in result.output
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "words", [("csv-wkt", "c.csv"), ("geojson", "c.json"), ("csv", "c.txt"), ("csv", "c")]
)
def test_a_format_may_have_any_name_that_says_nothing_else(run, tmp_path, words):
    """The companion: what was clear stays allowed."""
    assert run("export", *words).exit_code == DONE
    assert (tmp_path / words[-1]).is_file()


def test_the_name_of_a_file_says_the_format(run, tmp_path):
    result = run("export", tmp_path / "ruhr.geojson", "--where", "vacancy=vacant")
    assert result.exit_code == DONE, result.output
    assert json.loads((tmp_path / "ruhr.geojson").read_text("utf-8"))["type"] == "FeatureCollection"
    assert run("export", tmp_path / "ruhr.wkt.csv").exit_code == DONE
    assert (tmp_path / "ruhr.wkt.csv").read_text("utf-8-sig").startswith("_WKT_EPSG_25832,")


@pytest.mark.parametrize("name", ["ruhr.pdf", "ruhr", "csv"])
def test_a_name_without_a_known_ending_is_told(run, tmp_path, name):
    result = run("export", tmp_path / name)
    assert result.exit_code == USAGE
    assert ".gpkg" in result.output


def layers(path):
    return {name for name, _geometry in pyogrio.list_layers(path)}


PLANNER = {"spaces", "quarters", "municipalities", "hexagons", "layer_styles"}


@pytest.mark.parametrize(
    ("words", "found"),
    [(("planner.gpkg",), PLANNER),
     (("amt.gpkg", "--layers", "planner"), PLANNER),
     (("planner", "amt.gpkg"), PLANNER),
     (("planner.gpkg", "--layers", "spaces"), {"spaces"}),
     (("gpkg", "planner.gpkg"), {"spaces"})],
)  # fmt: skip
def test_the_package_for_planners_is_asked_for_by_name_or_option(run, tmp_path, words, found):
    result = run("export", *words)
    assert result.exit_code == DONE, result.output
    file = next(word for word in words if word.endswith(".gpkg"))
    assert layers(tmp_path / file) == found


@pytest.mark.parametrize(
    "words",
    [("planner.gpkg", "--where", "vacancy=vacant"), ("planner.gpkg", "--per-licence"),
     ("planner.csv", "--layers", "planner"), ("planner.gpkg", "--url", "?city=05000001")],
)  # fmt: skip
def test_what_the_package_cannot_be_is_told(run, tmp_path, words):
    result = run("export", *words)
    assert result.exit_code == USAGE
    assert "Planungspaket" in result.output
    assert not (tmp_path / words[0]).exists()


def test_the_package_can_leave_out_what_is_share_alike(run, tmp_path):
    assert run("export", "planner.gpkg", "--open-only").exit_code == DONE
    spaces = pyogrio.read_dataframe(tmp_path / "planner.gpkg", layer="spaces")
    assert set(spaces["licence"]) == {"CC-BY-4.0"}
    assert b"ODbL" not in (tmp_path / "planner.gpkg").read_bytes()


def test_one_file_per_licence_goes_into_a_zip_or_a_folder(run, tmp_path):
    assert run("export", "ruhr.gpkg.zip", "--per-licence").exit_code == DONE
    with zipfile.ZipFile(tmp_path / "ruhr.gpkg.zip") as archive:
        inside = archive.namelist()
    assert [name.rpartition("_")[2] for name in inside[1:]] == ["CC-BY-4.0.gpkg", "ODbL-1.0.gpkg"]
    (tmp_path / "folder").mkdir()
    assert run("export", "gpkg", "folder", "--per-licence").exit_code == DONE
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == sorted(inside)
    result = run("export", "ruhr.gpkg", "--per-licence")
    assert result.exit_code == USAGE
    assert "ruhr.gpkg.zip" in result.output


def test_a_filter_does_not_see_what_the_open_part_leaves_out(run, tmp_path):
    assert run("export", "all.csv", "--where", "city=05000003").exit_code == DONE
    assert run("export", "open.csv", "--where", "city=05000003", "--open-only").exit_code == DONE
    assert len(pd.read_csv(tmp_path / "all.csv")) == 2
    assert pd.read_csv(tmp_path / "open.csv")["source_ref"].tolist() == ["o/formel"]


def test_an_open_part_of_nothing_is_a_file_with_its_header(tmp_path, monkeypatch):
    settings = data_dir(tmp_path / "data", row("w/odbl", licence="ODbL-1.0"))
    monkeypatch.setenv("ATLAS_DATA_DIR", str(settings.data_dir))
    out = tmp_path / "open.geojson"
    assert CliRunner().invoke(cli.app, ["export", str(out), "--open-only"]).exit_code == DONE
    assert json.loads(out.read_text("utf-8"))["features"] == []


def test_export_into_a_folder_names_the_file_itself(run, tmp_path):
    assert run("export", "xlsx", tmp_path).exit_code == DONE
    assert (tmp_path / "raumatlas-ruhr_2026-11-22.xlsx").is_file()


def test_export_can_leave_out_what_is_share_alike(run, tmp_path):
    assert run("export", "csv", tmp_path / "out.csv", "--open-only").exit_code == DONE
    assert "ODbL" not in (tmp_path / "out.csv").read_text("utf-8")


def test_the_open_part_is_the_same_before_and_after_a_build(run, tmp_path):
    plan = tmp_path / "data" / "build.toml"
    plan.write_text(
        '[[source]]\nid = "curated"\nadapter = "curated"\npath = "spaces.csv"\n', "utf-8"
    )
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    tables = []
    for name in ("before.csv", "after.csv"):
        assert run("export", "csv", tmp_path / name, "--open-only").exit_code == DONE
        table = pd.read_csv(tmp_path / name, dtype=str).set_index("space_id").sort_index()
        tables.append(table.drop(columns="contributions"))
        # Not by the command, which geocodes: this is about licences.
        settings = Settings(data_dir=tmp_path / "data")
        build(BuildConfig.load(plan), settings, now=now, geocode=lambda cells: (cells, {}))
    assert len(tables[0]) == sum(given["licence"] != "ODbL-1.0" for given in EDGE_ROWS)
    pd.testing.assert_frame_equal(*tables)


@pytest.mark.parametrize(
    ("where", "german", "english"),
    [("vacany=vacant", "Den Filter „vacany“ gibt es nicht. Möglich sind: city,", "There is no"),
     ("area=abc", "Den Filter „area“ gibt es nicht.", "There is no filter “area”."),
     ("vacancy=leer", "vacancy: „leer“ gibt es nicht. Möglich sind: in_use,", "Possible are:"),
     ("vacancy=vacant,leer", "„leer“ gibt es nicht", "there is no “leer”"),
     ("vacancy", "vacancy: es fehlt der Wert. Möglich sind: in_use,", "the value is missing"),
     ("city=1", "city: „1“ gibt es nicht. Möglich sind: Mittelstadt, Osthausen,", "Possible are"),
     ("near=moon", "So schreiben: near=51.4818,7.2162", "Write it like this: near=")],
)  # fmt: skip
def test_a_misspelt_filter_is_no_silent_everything(run, tmp_path, where, german, english):
    for language, expected in (("de", german), ("en", english)):
        words = ("csv", tmp_path / "out.csv", "--where", where, "--lang", language)
        result = run("export", *words)
        assert result.exit_code == USAGE, result.exception
        assert expected in result.output
    assert not (tmp_path / "out.csv").exists()


def test_a_town_may_be_named(run, tmp_path):
    assert run("export", tmp_path / "a.csv", "--where", "city=osthausen").exit_code == DONE
    assert run("export", tmp_path / "b.csv", "--where", "city=05000003").exit_code == DONE
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert len(pd.read_csv(tmp_path / "a.csv")) == 2


def test_a_target_that_cannot_be_written_is_told(run, tmp_path):
    (tmp_path / "out.csv.part").mkdir()
    result = run("export", "csv", tmp_path / "out.csv")
    assert result.exit_code == USAGE
    assert "Schreibrechte" in result.output


@pytest.mark.parametrize(
    "words",
    [("export", "no/out.csv"), ("validate", "--rejects", "no/out.csv"),
     ("diff", "data/spaces.csv", "data/spaces.csv", "--format", "json", "--out", "no/out.json")],
)  # fmt: skip
def test_a_target_in_a_folder_that_is_not_there_names_the_folder(run, words):
    result = run(*words)
    assert result.exit_code == USAGE, result.output
    assert "den Ordner no gibt es nicht. Den Ordner anlegen" in result.output
    assert "es gibt sie nicht" not in result.output


@pytest.mark.parametrize("words", [("validate",), ("export", "a.csv"), ("build",), ("serve",)])
def test_a_data_folder_that_is_not_there_is_named_with_its_variable(
    run, tmp_path, monkeypatch, words
):
    monkeypatch.setattr(serving, "serve", lambda **_: DONE)
    monkeypatch.setenv("ATLAS_DATA_DIR", str(tmp_path / "nowhere"))
    result = run(*words)
    assert result.exit_code == USAGE
    # In a report the path may be cut in two lines.
    told = result.output.replace("\n", "")
    assert f"Den Datenordner {tmp_path / 'nowhere'} gibt es nicht." in told
    assert "ATLAS_DATA_DIR auf einen Ordner" in " ".join(result.output.split())


def test_a_data_folder_without_boundaries_is_named_with_its_variable(run, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("ATLAS_DATA_DIR", str(tmp_path / "empty"))
    result = run("validate")
    assert result.exit_code == USAGE
    told = " ".join(result.output.split())
    assert str(tmp_path / "empty" / "geo" / "municipalities.geojson") in told.replace(" ", "")
    assert "Zeigt ATLAS_DATA_DIR auf den richtigen Ordner?" in told


@pytest.mark.parametrize(
    ("lang", "verb"), [("de", "berechnet ihn aus"), ("en", "computes it from")]
)
def test_a_key_that_can_be_computed_says_by_what(run, tmp_path, lang, verb):
    path = write_csv(tmp_path / "mine.csv", row("w/a", space_id="", ags="", name=""))
    result = run("validate", path, "--lang", lang, "--rejects", tmp_path / "r.csv")
    assert result.exit_code == DATA_PROBLEM
    hints = pd.read_csv(tmp_path / "r.csv").set_index("column")["hint"]
    assert hints["space_id"] == f"atlas validate --fill {verb} source " + (
        "und source_ref." if lang == "de" else "and source_ref."
    )
    assert hints["ags"] == f"atlas validate --fill {verb} municipality."
    assert "--fill" not in hints["name"]
    run("validate", path, "--fill", "--rejects", tmp_path / "r.csv")
    assert pd.read_csv(tmp_path / "r.csv")["column"].tolist() == ["name"]


def test_help_needs_nothing_heavy():
    code = (
        "import sys, atlas.cli;"
        "print([m for m in ('pandas', 'geopandas', 'streamlit', 'pandera') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_command_itself_answers():
    words = [sys.executable, "-m", "atlas", "--help"]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    assert result.returncode == DONE
    assert "validate" in result.stdout


def test_an_error_that_is_not_ours_is_not_hidden(run, monkeypatch):
    """The companion: only errors that a person can act on become a sentence."""
    monkeypatch.setattr(registry, "settings", lambda: 1 / 0)
    assert isinstance(run("validate").exception, ZeroDivisionError)
    monkeypatch.setattr(registry, "settings", lambda: (_ for _ in ()).throw(ConfigError("Nein.")))
    assert run("validate").exit_code == USAGE

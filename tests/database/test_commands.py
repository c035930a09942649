"""The command line with a database: set up, build, push, versions, diff, export, state."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from build_fixtures import NOW, content, table
from core_fixtures import EDGE_ROWS, row, write_csv
from pydantic import SecretStr
from typer.testing import CliRunner

from atlas import cli, stored
from atlas.cli import tables
from atlas.database import connect, shelf
from atlas.errors import ExportError, SourceUnavailableError
from atlas.i18n import translator

DONE, DATA_PROBLEM, USAGE = 0, 1, 2


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Return a function that runs the command with the settings of a database."""

    def command(settings, *words):
        monkeypatch.setenv("ATLAS_DATA_DIR", str(settings.data_dir))
        monkeypatch.setenv("ATLAS_DATABASE_URL", settings.database_url.get_secret_value())
        monkeypatch.chdir(tmp_path)
        result = CliRunner().invoke(cli.app, [str(word) for word in words])
        assert "geheim" not in result.output
        return result

    return command


DATA = Path(__file__).resolve().parents[2] / "data"


def office(settings, tmp_path):
    """Return the same settings with a copy of the data that are shipped: a build needs them."""
    folder = tmp_path / "checkout"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("table"))
    return settings.model_copy(update={"data_dir": folder})


def test_an_office_is_set_up_in_three_commands(database, run, tmp_path):
    settings = office(database(empty=True), tmp_path)
    early = run(settings, "build", "--offline")
    assert early.exit_code == USAGE
    assert "atlas database upgrade" in early.output
    assert "auf dem Stand dieses Programms" in run(settings, "database", "upgrade").output
    assert "Noch keine Tabelle" in run(settings, "database", "status").output
    done = run(settings, "build", "--offline")
    assert done.exit_code == DONE, done.output
    assert "In der Datenbank 127.0.0.1" in done.output
    assert shelf.current(settings).rows == len(pd.read_csv(DATA / "spaces.csv"))
    status = run(settings, "database", "status", "--lang", "en")
    assert status.exit_code == DONE
    assert "PostGIS 3." in status.output
    assert shelf.current(settings).version in status.output


def test_push_writes_what_the_folder_has(shared, run):
    none = run(shared, "database", "push")
    assert none.exit_code == USAGE
    assert "atlas build" in none.output
    version = stored.write(shared.table_folder, content(table(*EDGE_ROWS)), now=NOW)
    pushed = run(shared, "database", "push", "--lang", "en")
    assert pushed.exit_code == DONE, pushed.output
    assert version.version in pushed.output
    assert shelf.current(shared).version == version.version
    assert run(shared, "database", "push", "nothing").exit_code == USAGE


def test_versions_diff_review_and_export_read_the_database(shared, run, tmp_path):
    for minute, rows in enumerate([EDGE_ROWS[:2], EDGE_ROWS[:4]]):
        version = stored.write(tmp_path / "elsewhere", content(table(*rows)), now=NOW)
        shelf.publish(shared, version, now=NOW.replace(minute=minute))
    names = [one.version for one in shelf.versions(shared)]
    listed = run(shared, "versions")
    assert [name in listed.output for name in names] == [True, True]
    assert "4 Zeilen" in listed.output
    changed = run(shared, "diff", "--format", "json")
    assert '"appeared": 2' in changed.output
    exported = run(shared, "export", "csv", tmp_path / "out.csv", "--where", "q=kaufhaus")
    assert exported.exit_code == DONE, exported.output
    assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) == 2
    back = run(shared, "versions", "--use", names[1][:8])
    assert f"Es gilt {names[1]}" in back.output
    assert not shared.table_folder.exists()


def test_a_build_in_a_folder_of_its_own_leaves_the_database_alone(shared, tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_DATABASE_URL", shared.database_url.get_secret_value())
    assert shelf.is_shared(tables.settings())
    apart = tables._apart(tmp_path / "trial")
    assert not shelf.is_shared(apart)
    assert apart.table_folder == tmp_path / "trial"


def test_a_source_that_fails_keeps_its_rows_from_the_database(shared, built):
    """Another machine built the table before: its folder is not here."""
    built(shared)
    shutil.rmtree(shared.table_folder)
    (shared.data_dir / "spaces.csv").write_text("broken")
    kept = built(shared)
    assert [source.status for source in kept.report().sources] == ["kept"]
    assert shelf.current(shared).rows == len(EDGE_ROWS)
    assert shelf.current(shared).report() == kept.report()


def test_a_build_asks_the_database_before_it_works(shared, built):
    away = shared.model_copy(update={"database_url": SecretStr("postgresql://a@127.0.0.1:1/x")})
    with pytest.raises(SourceUnavailableError):
        built(away)
    assert not shared.table_folder.exists()


def test_a_table_that_was_not_published_can_be_pushed_later(shared, run, built):
    built(shared)
    write_csv(shared.data_dir / "spaces.csv", *EDGE_ROWS, row("w/new"))
    pool = connect.engine(shared)
    with connect.writing(pool) as connection:
        connection.exec_driver_sql("ALTER TABLE raumatlas.word RENAME TO away")
    with pytest.raises(ExportError) as failed:
        built(shared)
    with connect.writing(pool) as connection:
        connection.exec_driver_sql("ALTER TABLE raumatlas.away RENAME TO word")
    english = failed.value.localized(translator("en"))
    assert "where the old one still counts" in english
    assert "brings them up to date" in english
    assert "“atlas database push”" in english
    assert shelf.current(shared).rows == len(EDGE_ROWS)
    assert run(shared, "database", "push").exit_code == DONE
    assert shelf.current(shared).rows == len(EDGE_ROWS) + 1


@pytest.mark.parametrize("command", ["upgrade", "status", "push"])
def test_without_an_address_every_command_says_what_to_set(shared, run, command):
    none = shared.model_copy(update={"database_url": SecretStr("")})
    result = run(none, "database", command)
    assert result.exit_code == USAGE
    assert "ATLAS_DATABASE_URL" in result.output

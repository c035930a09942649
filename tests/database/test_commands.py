"""The command line with a database: set up, build, push, versions, diff, export, state."""

from __future__ import annotations

import pytest
from build_fixtures import NOW, content, table
from core_fixtures import EDGE_ROWS, row, write_csv
from typer.testing import CliRunner

from atlas import cli, stored
from atlas.database import connect, shelf

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


def build_file(settings):
    text = '[[source]]\nid = "curated"\nadapter = "curated"\npath = "spaces.csv"\n'
    (settings.data_dir / "build.toml").write_text(text, "utf-8")


def test_an_office_is_set_up_in_three_commands(database, run):
    settings = database(empty=True)
    build_file(settings)
    early = run(settings, "build", "--offline")
    assert early.exit_code == USAGE
    assert "atlas database upgrade" in early.output
    assert "auf dem Stand dieses Programms" in run(settings, "database", "upgrade").output
    assert "Noch keine Tabelle" in run(settings, "database", "status").output
    built = run(settings, "build", "--offline")
    assert built.exit_code == DONE, built.output
    assert "In der Datenbank 127.0.0.1" in built.output
    assert shelf.current(settings).rows == len(EDGE_ROWS)
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


def test_a_build_in_a_folder_of_its_own_leaves_the_database_alone(shared, run, tmp_path):
    build_file(shared)
    built = run(shared, "build", "--offline", "--out", tmp_path / "trial")
    assert built.exit_code == DONE, built.output
    assert "Datenbank" not in built.output
    assert shelf.current(shared) is None


def test_a_source_that_fails_keeps_its_rows_from_the_database(shared, run):
    """Another machine built the table before: its folder is not here."""
    build_file(shared)
    assert run(shared, "build", "--offline").exit_code == DONE
    for path in sorted(shared.table_folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    write_csv(shared.data_dir / "spaces.csv", *EDGE_ROWS)
    (shared.data_dir / "spaces.csv").write_text("broken")
    kept = run(shared, "build", "--offline")
    assert kept.exit_code == DATA_PROBLEM
    assert "Es gelten die Zeilen der Tabelle davor" in kept.output
    assert shelf.current(shared).rows == len(EDGE_ROWS)
    assert shelf.current(shared).report().sources[0].status == "kept"


def test_a_build_asks_the_database_before_it_works(shared, run):
    build_file(shared)
    url = shared.database_url.get_secret_value().replace("@127.0.0.1:", "@127.0.0.1:1")
    away = shared.model_copy(update={"database_url": type(shared.database_url)(url)})
    result = run(away, "build", "--offline")
    assert result.exit_code == USAGE
    assert not shared.table_folder.exists()


def test_a_table_that_was_not_published_can_be_pushed_later(shared, run):
    build_file(shared)
    assert run(shared, "build", "--offline").exit_code == DONE
    write_csv(shared.data_dir / "spaces.csv", *EDGE_ROWS, row("w/new"))
    with connect.writing(connect.engine(shared)) as connection:
        connection.exec_driver_sql("ALTER TABLE raumatlas.word RENAME TO away")
    failed = run(shared, "build", "--offline", "--lang", "en")
    assert failed.exit_code == USAGE
    assert "atlas database push" in failed.output
    assert "the old one still counts" in failed.output
    with connect.writing(connect.engine(shared)) as connection:
        connection.exec_driver_sql("ALTER TABLE raumatlas.away RENAME TO word")
    assert shelf.current(shared).rows == len(EDGE_ROWS)
    assert run(shared, "database", "push").exit_code == DONE
    assert shelf.current(shared).rows == len(EDGE_ROWS) + 1


@pytest.mark.parametrize("command", ["upgrade", "status", "push"])
def test_without_an_address_every_command_says_what_to_set(shared, run, command, monkeypatch):
    none = shared.model_copy(update={"database_url": type(shared.database_url)("")})
    result = run(none, "database", command)
    assert result.exit_code == USAGE
    assert "ATLAS_DATABASE_URL" in result.output

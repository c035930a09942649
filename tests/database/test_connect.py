"""Addresses and errors: what is wrong is said, what is secret is not."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from typing import TYPE_CHECKING

import pytest
from core_fixtures import EDGE_ROWS, data_dir
from postgis import PASSWORD, URL_PASSWORD
from pydantic import SecretStr

from atlas.database import connect, shelf
from atlas.errors import AtlasError, ConfigError, SourceFormatError, SourceUnavailableError

if TYPE_CHECKING:
    from atlas.settings import Settings


def with_url(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(url)})


@pytest.fixture
def settings(tmp_path):
    return data_dir(tmp_path / "data", *EDGE_ROWS)


WRONG = [
    "geheim", "mysql://atlas:geheim@127.0.0.1/x", "postgresql+psycopg://atlas:geheim@127.0.0.1",
    "postgresql+psycopg://atlas:geheim@127.0.0.1:port/x", "://geheim", "sqlite:///geheim",
    "postgresql+asyncpg://atlas:geheim@127.0.0.1/x", "postgresql+psycopg://atlas:geheim@[::1/x",
]  # fmt: skip


@pytest.mark.parametrize("url", WRONG)
def test_an_address_that_is_none_is_refused_without_repeating_it(settings, url):
    with pytest.raises(ConfigError, match="ATLAS_DATABASE_URL") as caught:
        shelf.current(with_url(settings, url))
    assert "geheim" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("driver", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_usual_forms_of_an_address_are_taken(settings, driver):
    url = connect.address(with_url(settings, f"{driver}://atlas:x@db.example.org/atlas"))
    assert url.drivername == connect.DRIVER
    assert connect.place(url) == "db.example.org:5432/atlas"


def test_settings_show_stars(settings):
    chosen = with_url(settings, "postgresql://atlas:geheim@127.0.0.1/x")
    for text in (repr(chosen), str(chosen), str(chosen.model_dump()), chosen.model_dump_json()):
        assert "geheim" not in text


def secret_free(text: str) -> bool:
    return not any(secret in text for secret in (PASSWORD, URL_PASSWORD, "geheim"))


NOBODY_LISTENS = f"{connect.DRIVER}://a:{URL_PASSWORD}@127.0.0.1:1/x"
UNREACHABLE = {
    "port": lambda _url: NOBODY_LISTENS,
    "password": lambda url: url.replace(URL_PASSWORD, "geheim-falsch"),
    "database": lambda url: url.replace("/shared", "/no_such_database"),
    "role": lambda url: url.replace("://atlas:", "://nobody:"),
}


@pytest.mark.parametrize("what", UNREACHABLE)
def test_a_database_that_cannot_be_reached_is_told_without_the_password(shared, what, caplog):
    caplog.set_level(logging.DEBUG)
    chosen = with_url(shared, UNREACHABLE[what](shared.database_url.get_secret_value()))
    with pytest.raises(SourceUnavailableError, match="antwortet nicht") as caught:
        shelf.current(chosen)
    assert secret_free("".join(traceback.format_exception(caught.value)))
    assert secret_free(str(caught.value.params))
    assert secret_free(caplog.text)
    assert "ATLAS_DATABASE_URL" in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


@pytest.mark.parametrize("name", ["password", "sslpassword"])
def test_a_password_behind_the_question_mark_is_a_secret_too(settings, name):
    url = f"{connect.DRIVER}://atlas@127.0.0.1:1/x?{name}=geheim&sslmode=geheim"
    with pytest.raises(AtlasError) as caught:
        shelf.current(with_url(settings, url))
    assert secret_free(str(caught.value))


def test_masking_is_what_hides_it():
    """The companion: a driver that repeats the password would be noticed."""
    import sqlalchemy as sa

    url = sa.make_url(f"{connect.DRIVER}://atlas:{URL_PASSWORD}@127.0.0.1/x")
    told = connect._reason(f'invalid value "{PASSWORD}"\nsecond line', url)
    assert told == 'invalid value "***"'
    assert not secret_free(f'invalid value "{PASSWORD}"')


def test_what_is_asked_is_not_in_the_error(shared):
    pool, typed = connect.engine(shared), "".join(["ge", "heim"])
    refused = pytest.raises(SourceFormatError, match=r"abgelehnt \(division by zero\)")
    with refused as caught, connect.reading(pool) as connection:
        connection.exec_driver_sql("SELECT 1 / %s, %s", (0, typed))
    assert "parameters hidden" in str(caught.value.__cause__)
    assert secret_free("".join(traceback.format_exception(caught.value)))


@pytest.mark.parametrize("module", ["psycopg", "sqlalchemy", "alembic", "geoalchemy2"])
def test_a_missing_library_names_the_extra(settings, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    chosen = with_url(settings, "postgresql://atlas@127.0.0.1:1/x")
    with pytest.raises(ConfigError, match=r"raumatlas-ruhr\[database\]"):
        shelf.current(chosen)


def test_without_an_address_nothing_of_it_is_imported(settings):
    code = (
        "import sys; from atlas import store, current; from atlas.settings import Settings; "
        "from pathlib import Path; s = Settings(data_dir=Path(sys.argv[1])); "
        "current.current(s).snapshot(); "
        "heavy = {'sqlalchemy', 'psycopg', 'alembic', 'geoalchemy2'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(settings.data_dir)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_a_command_without_an_address_says_how_to_set_it(settings):
    with pytest.raises(ConfigError, match="ATLAS_DATABASE_URL"):
        shelf.pool(settings)
    assert shelf.mark(settings) == ()

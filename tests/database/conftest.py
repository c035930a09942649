"""
A real PostgreSQL with PostGIS for the database tests, started on loopback for the session.

Without the server's packages the tests are skipped with a sentence; with ``CI=true`` that
is a failure.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
from typing import TYPE_CHECKING

import psycopg
import pytest
from core_fixtures import EDGE_ROWS, data_dir
from postgis import NO_SERVER, Cluster, server_folder

from atlas.build import BuildConfig, build
from atlas.database import connect, upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from atlas import stored
    from atlas.settings import Settings

TEMPLATE = "template_atlas"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Start a server; it ends with the session, and with the process if that is killed."""
    folder = server_folder()
    if folder is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_SERVER)
        pytest.skip(NO_SERVER)
    # Below the system's folder: another user has to reach it, and a socket's path is short.
    with Cluster.begin(folder) as running:
        running.create(TEMPLATE)
        with psycopg.connect(running.url(TEMPLATE, driver="postgresql")) as connection:
            for extension in upgrade.EXTENSIONS:
                connection.execute(f"CREATE EXTENSION {extension}")
        yield running


@pytest.fixture(scope="session")
def _upgraded(cluster: Cluster) -> str:
    """Return the name of a database with our tables, to be copied."""
    name = "template_tables"
    cluster.create(name, template=TEMPLATE)
    with cluster.settings_for(name) as settings:
        upgrade.upgrade(connect.engine(settings))
    return name


_NUMBERS = itertools.count()


@pytest.fixture
def database(cluster: Cluster, _upgraded: str, tmp_path: Path) -> Iterator[Callable[..., Settings]]:
    """Return a function that makes a database of its own and the settings that use it."""
    with contextlib.ExitStack() as stack:

        def make(*, empty: bool = False, rows: tuple[dict[str, str], ...] = EDGE_ROWS) -> Settings:
            name = f"atlas_{next(_NUMBERS)}"
            cluster.create(name, template=TEMPLATE if empty else _upgraded)
            settings = data_dir(tmp_path / name, *rows)
            return stack.enter_context(cluster.settings_for(name, settings))

        yield make


@pytest.fixture(scope="session")
def _one_for_all(cluster: Cluster, _upgraded: str) -> Iterator[Settings]:
    cluster.create("shared", template=_upgraded)
    with cluster.settings_for("shared") as settings:
        yield settings


@pytest.fixture
def shared(_one_for_all: Settings, tmp_path: Path) -> Settings:
    """Return settings with a database that has our tables and nothing in them."""
    with connect.writing(connect.engine(_one_for_all)) as connection:
        connection.exec_driver_sql("TRUNCATE raumatlas.version CASCADE")
    url = {"database_url": _one_for_all.database_url}
    return data_dir(tmp_path / "office", *EDGE_ROWS).model_copy(update=url)


@pytest.fixture
def built() -> Callable[[Settings], stored.Stored]:
    """Return what builds as the command does, but for geocoding, which takes long."""

    def run(settings: Settings) -> stored.Stored:
        plan = settings.data_dir / "build.toml"
        text = '[[source]]\nid = "curated"\nadapter = "curated"\npath = "spaces.csv"\n'
        plan.write_text(text, "utf-8")
        now = dt.datetime.now(dt.UTC)
        return build(BuildConfig.load(plan), settings, now=now, geocode=lambda cells: (cells, {}))

    return run

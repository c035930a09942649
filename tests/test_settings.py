"""Settings that are wrong: one sentence, wherever they are read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from atlas import cli, serving
from atlas.errors import ConfigError
from atlas.i18n import translator
from atlas.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SENTENCE = "ATLAS_GEOCODER: „foo“ gibt es nicht. Möglich sind: none, nominatim, photon."


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_GEOCODER", "foo")


@pytest.mark.usefixtures("wrong")
def test_a_wrong_setting_names_its_variable_and_what_is_allowed() -> None:
    with pytest.raises(ConfigError) as caught:
        Settings()
    assert str(caught.value) == SENTENCE
    assert "there is no “foo”" in caught.value.localized(translator("en"))


@pytest.mark.usefixtures("wrong")
@pytest.mark.parametrize(
    "words",
    [("serve",), ("validate",), ("export", "x.csv"), ("build",), ("diff",), ("versions",),
     ("review",), ("geocode", "Bochum"), ("database", "status")],
)  # fmt: skip
def test_every_command_says_it_in_one_sentence_and_ends_with_two(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    # This process must not become a server if the check is missing.
    monkeypatch.setattr(serving, "serve", lambda **_: 0)
    result = CliRunner().invoke(cli.app, [*words])
    assert result.exit_code == cli.USAGE, result.exception
    assert result.output.strip() == SENTENCE


def test_a_value_that_does_not_fit_is_not_repeated() -> None:
    with pytest.raises(ConfigError, match=r"^ATLAS_DATABASE_URL: .*docs/settings\.md") as caught:
        Settings(database_url=["hunter2"])  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_server_ends_with_the_sentence_and_nothing_else() -> None:
    environment = {**os.environ, "ATLAS_GEOCODER": "foo"}
    ended = subprocess.run(
        [sys.executable, "-c", "import app"], cwd=ROOT, env=environment, capture_output=True,
        text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ended.returncode != 0
    assert ended.stderr.strip() == SENTENCE


def test_what_is_right_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The companion: nothing else is refused."""
    monkeypatch.setenv("ATLAS_GEOCODER", "photon")
    assert Settings().geocoder == "photon"


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = [f"ATLAS_{name.upper()}" for name in Settings.model_fields]
    for variable in variables:
        monkeypatch.delenv(variable, raising=False)
    usual = Settings()
    for variable in variables:
        monkeypatch.setenv(variable, "")
    assert Settings() == usual

"""Filling in keys: computes what is empty, changes nothing else, loses nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from atlas import store
from atlas.cli import app
from atlas.errors import SourceFormatError
from atlas.fill import fill_text

DATA = Path(__file__).resolve().parent.parent / "data"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return Path(shutil.copy(DATA / "spaces.csv", tmp_path))


def test_filling_the_shipped_registry_changes_not_one_byte(registry: Path) -> None:
    towns = store.read_boundaries(DATA / "geo" / "municipalities.geojson")
    content, count = fill_text(registry, towns)
    assert count == 0
    assert content == (DATA / "spaces.csv").read_bytes()


def test_emptied_keys_come_back(registry: Path) -> None:
    table = pd.read_csv(registry, dtype=str, keep_default_na=False)
    table.loc[:4, ["space_id", "ags"]] = ""
    table.iloc[::-1].to_csv(registry, index=False, lineterminator="\n")
    result = CliRunner().invoke(app, ["validate", str(registry), "--fill"])
    assert result.exit_code == 0, result.output
    assert "10 Zellen ausgefüllt" in result.output
    assert registry.read_bytes() == (DATA / "spaces.csv").read_bytes()


def test_a_line_that_is_no_row_is_never_written_away(registry: Path) -> None:
    before = registry.read_bytes() + b"half a line\n"
    registry.write_bytes(before)
    towns = store.read_boundaries(DATA / "geo" / "municipalities.geojson")
    with pytest.raises(SourceFormatError, match="bleibt unverändert"):
        fill_text(registry, towns)
    assert CliRunner().invoke(app, ["validate", str(registry), "--fill"]).exit_code == 1
    assert registry.read_bytes() == before

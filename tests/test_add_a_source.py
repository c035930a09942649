"""docs/add-a-source.md works as written: its files are written, its commands are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from source_fixtures import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (ROOT / "docs" / "add-a-source.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
CSV, REGISTRY, MAPPING, CHECK, CODES, BUILD_SOURCE, BUILD, TEST = (block for _, block in BLOCKS)


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the page as a person would, in a copy of the data folder."""
    program, *arguments = command.split()
    assert program == "atlas"
    return subprocess.run(
        [sys.executable, "-m", "atlas", *arguments], cwd=folder, capture_output=True,
        text=True, check=False, env={**os.environ, "ATLAS_DATA_DIR": str(folder / "data")},
    )  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    """Return a folder after the first three steps of the page."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("table"))
    with (folder / "data" / "sources.toml").open("a", encoding="utf-8") as registry:
        registry.write("\n" + REGISTRY)
    sources = folder / "data" / "sources"
    (sources / "kulturorte.toml").write_text(MAPPING, "utf-8")
    (sources / "kulturorte.csv").write_bytes(CSV.encode("cp1252"))
    return folder


@pytest.mark.slow
def test_the_check_says_what_the_page_says(city):
    result = run(city, CHECK.strip())
    assert "5 Einträge gelesen: 3 Zeilen, 2 zurückgestellt" in result.stdout, result.stderr
    for told in ("Art: Leerstand", "Art: Amt", "Telefon", "Bühne am Volkspark", "Eilper Str.",
                 "71 a", "2025-12-31", "1200", "450.5"):  # fmt: skip
        assert told in result.stdout
    assert "02331" not in result.stdout


@pytest.mark.slow
def test_the_translation_of_the_page_mends_it(city):
    path = city / "data" / "sources" / "kulturorte.toml"
    old = next(line for line in MAPPING.splitlines() if line.startswith("codes") and "Amt" in line)
    path.write_text(MAPPING.replace(old, CODES.strip()), "utf-8")
    result = run(city, CHECK.strip())
    assert "5 Einträge gelesen: 4 Zeilen, 1 zurückgestellt" in result.stdout, result.stderr
    for told in ("Alte Druckerei", "2026-03", "vacant"):
        assert told in result.stdout


@pytest.mark.slow
def test_swapped_axes_are_told_in_the_words_of_the_page(city):
    path = city / "data" / "sources" / "swapped.toml"
    # The page shows a file whose columns are named right and filled the wrong way round.
    (city / "data" / "sources" / "kulturorte_s.csv").write_bytes(
        CSV.replace("Rechtswert;Hochwert", "Hochwert;Rechtswert").encode("cp1252")
    )
    path.write_text(MAPPING.replace("kulturorte.csv", "kulturorte_s.csv"), "utf-8")
    result = run(city, "atlas source check data/sources/swapped.toml")
    said = " ".join(result.stderr.split())
    quoted = " ".join(line.strip("> ") for line in TEXT.splitlines() if line.startswith(">"))
    assert result.returncode != 0
    assert said == quoted


@pytest.mark.slow
def test_the_build_of_the_page_stores_the_city(city):
    with (city / "data" / "build.toml").open("a", encoding="utf-8") as build:
        build.write("\n" + BUILD_SOURCE)
    result = run(city, BUILD.strip())
    assert result.returncode == 0, result.stdout + result.stderr
    assert "kulturorte" in result.stdout


def test_every_key_of_a_mapping_is_explained():
    from atlas.sources.declared.mapping import FileSpec, Mapping, PlaceSpec, Rule

    table = TEXT.partition("## All keys of a mapping")[2]
    models = (Mapping, FileSpec, PlaceSpec, Rule)
    names = {name for model in models for name in model.model_fields} - {"folder", "file", "place"}
    assert [name for name in sorted(names) if name not in table] == []


def test_the_files_of_the_last_step_are_there():
    commands = TEST.strip().splitlines()
    assert [command.split()[-2] for command in commands if "pytest" in command] == [
        "tests/test_declared.py"
    ]
    assert (ROOT / "scripts" / "render.py").is_file()

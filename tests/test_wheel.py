"""The wheel carries data, assets and app, and works from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel without a network and unpack it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("ATLAS_")}
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**env, "PYTHONPATH": str(site)},
    )


@pytest.mark.parametrize(
    "name",
    [
        "atlas/app.py",
        "atlas/.streamlit/config.toml",
        "atlas/data/spaces.csv",
        "atlas/data/sources.toml",
        "atlas/data/geo/municipalities.geojson",
        "atlas/assets/locale/en/atlas.po",
        "atlas/assets/locale/en/database.po",
        "atlas/database/migrations/env.py",
        "atlas/database/migrations/versions/r001_tables.py",
        "atlas/py.typed",
    ],
)
def test_the_wheel_carries(unpacked: Path, name: str) -> None:
    assert (unpacked / name).is_file()


def test_the_packaged_data_is_used_from_any_folder(unpacked: Path, tmp_path: Path) -> None:
    code = "from atlas.settings import Settings; print(Settings().data_dir)"
    result = run(unpacked, "-c", code, cwd=tmp_path)
    assert result.stdout.strip() == str(unpacked / "atlas" / "data"), result.stderr


def test_the_packaged_registry_is_clean(unpacked: Path, tmp_path: Path) -> None:
    result = run(unpacked, "-m", "atlas", "validate", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_without_the_data_the_command_says_so(unpacked: Path, tmp_path: Path) -> None:
    result = run(unpacked, "-m", "atlas", "validate", str(tmp_path / "none.csv"), cwd=tmp_path)
    assert result.returncode == 2

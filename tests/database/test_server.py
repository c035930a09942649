"""Which server the tests take: the newest release that has PostGIS, and none without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postgis import server_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def installed(root: Path, release: str, *, postgis: bool) -> Path:
    folder = root / "lib" / "postgresql" / release
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "initdb").touch()
    (folder / "lib").mkdir()
    if postgis:
        (folder / "lib" / "postgis-3.so").touch()
    return folder / "bin"


def test_the_newest_release_with_postgis_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATLAS_POSTGRES", raising=False)
    assert server_folder(tmp_path) is None
    installed(tmp_path, "17", postgis=False)
    assert server_folder(tmp_path) is None
    older, newer = (installed(tmp_path, release, postgis=True) for release in ("9", "15"))
    assert server_folder(tmp_path) == newer
    (newer / "initdb").unlink()
    assert server_folder(tmp_path) == older

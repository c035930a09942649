"""The files of a data folder that a person edits and a build reads."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SPACES_FILE: Final = "spaces.csv"
DECISIONS_FILE: Final = "decisions.csv"
BUILD_FILE: Final = "build.toml"
_VERSION_LENGTH: Final = 16


def build_inputs(folder: Path) -> list[Path]:
    """Return the files of a data folder that a person edits and a build reads."""
    names = (SPACES_FILE, DECISIONS_FILE, BUILD_FILE)
    return [folder / name for name in names if (folder / name).is_file()]


def digest(paths: Iterable[Path], *, start: str = "") -> str:
    """Return sixteen hexadecimal digits that follow from ``start`` and the files' content."""
    content = hashlib.sha256(start.encode())
    for path in paths:
        content.update(path.read_bytes())
    return content.hexdigest()[:_VERSION_LENGTH]

"""The registry, damaged in every way that a byte can be: rows, faults or a clear error."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest
from core_fixtures import EDGE_ROWS, write_csv
from fuzzing import CASES, damaged

from atlas.errors import SourceError
from atlas.schema import NAMES
from atlas.schema.validate import LINE_RULES
from atlas.sources import curated

if TYPE_CHECKING:
    from pathlib import Path

LINES_PER_FILE = 100


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "spaces.csv", *EDGE_ROWS)


def read(path: Path, payload: bytes) -> set[str] | None:
    """Return the keys that were read, ``None`` if the file as a whole was refused."""
    path.write_bytes(payload)
    try:
        cells, faults = curated.read(path)
    except SourceError:
        return None
    assert list(cells.columns) == list(NAMES)
    assert not set(cells.index) & set(faults["row"])
    assert set(faults["code"]) <= set(LINE_RULES)
    return set(cells["source_ref"].dropna())


def test_ten_thousand_damaged_lines_never_crash_and_never_take_a_good_one_along(path):
    header, *lines = path.read_bytes().splitlines(keepends=True)
    *broken, good = lines
    cases = whole = 0
    stream = damaged([line.rstrip(b"\n") for line in broken], CASES)
    while batch := list(islice(stream, LINES_PER_FILE)):
        cases += len(batch)
        readable = [line for line in batch if _is_text(line)]
        found = read(path, header + b"".join(line + b"\n" for line in readable) + good)
        assert found is not None
        assert "o/formel" in found
        whole += len(readable)
    assert cases == CASES >= 10_000
    assert whole / cases > 0.5


def test_a_thousand_damaged_files_never_crash(path):
    originals = [path.read_bytes(), path.read_bytes().replace(b"\n", b"\r\n")]
    found = [read(path, payload) for payload in damaged(originals, 1000)]
    refused = found.count(None)
    assert 50 < refused < 950, "damage that always or never shows would test nothing"


def _is_text(line: bytes) -> bool:
    # A byte that is no UTF-8 makes the whole file unreadable; the other test has those.
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True

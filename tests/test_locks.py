"""The lock files: every package once, with hashes, no host, and every extra that a package asks."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements-app.lock", "requirements-test.lock")
PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[(?P<extras>[\w,.-]+)\])?==\S+.*\\$", re.MULTILINE)


def pinned(lock: str) -> dict[str, set[str]]:
    """Return the packages of a lock file and the extras that it names."""
    found: dict[str, set[str]] = {}
    for pin in PIN.finditer(lock):
        extras = {canonicalize_name(name) for name in (pin["extras"] or "").split(",") if name}
        found.setdefault(canonicalize_name(pin["name"]), set()).update(extras)
    return found


def asked() -> list[tuple[str, Requirement]]:
    """Return who asks for which package with which extra, of everything installed here."""
    found = []
    for distribution in distributions():
        for line in distribution.requires or ():
            wanted = Requirement(line)
            holds = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
            if wanted.extras and holds:
                found.append((canonicalize_name(distribution.name), wanted))
    return found


def unnamed(lock: str, questions: list[tuple[str, Requirement]]) -> list[str]:
    """Say which extras a package of the lock asks for without the lock naming them."""
    names = pinned(lock)
    return [
        f"{who} asks for {wanted}"
        for who, wanted in questions
        if who in names
        and not {canonicalize_name(extra) for extra in wanted.extras}
        <= names.get(canonicalize_name(wanted.name), set())
    ]


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_every_extra_that_a_package_asks_for(name: str) -> None:
    """
    Without the extra, pip looks for the newest release and refuses it, having no hash.

    The set-up of a fresh clone then breaks on the day of that release.
    """
    lock = (ROOT / name).read_text("utf-8")
    assert len(pinned(lock)) > 50
    assert unnamed(lock, asked()) == []


def test_an_extra_that_the_lock_does_not_name_is_noticed() -> None:
    lock = "pytest-cov==7.1.0 \\\n    --hash=sha256:00\ncoverage==7.17.3 \\\n    --hash=sha256:00\n"
    assert unnamed(lock, asked()) == ["pytest-cov asks for coverage[toml]>=7.10.6"]
    assert unnamed(lock.replace("coverage==", "coverage[toml]=="), asked()) == []


def faults(lock: str) -> list[str]:
    """Return the lines of a lock file that pin nothing, pin without a hash, or name a host."""
    entries = re.sub(r" \\\n\s+", " ", lock).splitlines()
    return [
        line
        for line in entries
        if "://" in line or "==" not in line or "--hash=sha256:" not in line
    ]


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_hashes_and_names_no_host(name: str) -> None:
    lock = (ROOT / name).read_text("utf-8")
    assert faults(lock) == []


@pytest.mark.parametrize(
    "line",
    ["a==1.0", "a>=1.0 --hash=sha256:00", "--index-url https://example.org/simple"],
)
def test_a_line_without_hash_or_with_a_host_is_noticed(line: str) -> None:
    assert faults(f"b==1.0 \\\n    --hash=sha256:00\n{line}\n") == [line]

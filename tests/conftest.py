"""Shared fixtures: three small towns, and no network but loopback."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts
from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from collections.abc import Iterator


BROWSER: Final = "tests/browser/"
# A busy machine is no failure; what may take how long is measured by the benchmarks.
settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Refuse every connection that leaves this machine."""
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leave the cache folder of whoever runs the tests alone; one for all, as for one person."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """
    Keep ``__main__``: AppTest puts the page it runs in its place.

    Processes that are spawned later would run that page first, and never begin.
    """
    own = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = own


class Scheduling(LoadFileScheduling):  # type: ignore[misc]
    """
    One process per file, and one for all browser tests.

    Each of them has a browser, a server and a test that wait for each other: two at once on
    two cores would see what a busy machine does, not what the atlas does.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return BROWSER if file.startswith(BROWSER) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Distribute the tests of ``make test``."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Run the browser tests last: Playwright keeps an event loop to the end of the session.

    And trace no lines where that tells nothing, for it makes tests half as slow again: fuzzing
    runs the same lines ten thousand times, a browser drives the app in another process.
    """
    items.sort(key=lambda item: "browser" in item.path.parts)
    for item in items:
        if item.path.stem.endswith("_fuzz") or "browser" in item.path.parts:
            item.add_marker(pytest.mark.no_cover)

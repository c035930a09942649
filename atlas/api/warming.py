"""
What is prepared while nobody waits: the first analysis finds its libraries and grids.

It takes seconds of computing, so it begins when a first map has got its data and the process
has then been at rest for a moment: neither that map nor the clicks and visitors that come
at once give time for it.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from atlas.clock import today
from atlas.errors import AtlasError

if TYPE_CHECKING:
    from atlas.current import Snapshot

MOMENT_S: Final = 1.0
AT_REST: Final = 0.1
"""Share of a moment that a process at rest computes at the most."""
LONGEST_S: Final = 60.0
"""A process that never rests prepares all the same."""
THREAD: Final = "atlas-warming"
_LOG: Final = logging.getLogger(__name__)
_begun: Final[WeakKeyDictionary[Snapshot, threading.Thread]] = WeakKeyDictionary()
_lock: Final = threading.Lock()


def begin(now: Snapshot) -> None:
    """Prepare for the analyses of this version of the table, once, in a thread of its own."""
    with _lock:
        if now in _begun:
            return
        # Whoever stops the server does not wait for it.
        thread = threading.Thread(target=_prepare, args=(now,), name=THREAD, daemon=True)
        _begun[now] = thread
    thread.start()


def is_over(now: Snapshot) -> bool:
    """Say whether all has been prepared that `begin` prepares."""
    with _lock:
        thread = _begun.get(now)
    return thread is not None and thread.ident is not None and not thread.is_alive()


def wait_for_rest(*, longest_s: float = LONGEST_S) -> None:
    """Return when this process has computed next to nothing for a moment."""
    end = time.monotonic() + longest_s
    while time.monotonic() < end:
        before = time.process_time()
        time.sleep(MOMENT_S)
        if time.process_time() - before < AT_REST * MOMENT_S:
            return


def _prepare(now: Snapshot) -> None:
    wait_for_rest()
    try:
        import_module("atlas.webmap.hotspot_answer").warm(now)
        import_module("atlas.figures.answers").all_figures(now, today=today())
    except AtlasError as error:
        # The libraries are an extra; the pages that need them say so.
        _LOG.info("no analysis is prepared: %s", error)
    except Exception:  # noqa: BLE001 - an import can fail with anything
        _LOG.exception("no analysis is prepared")
    _spare_collections()


@cache
def _spare_collections() -> None:
    """
    Let the collector leave alone what was imported, once per process.

    Streamlit collects after every run of a page; without this each would look at half a
    million objects more, which takes a tenth of a second.
    """
    gc.collect()
    gc.freeze()

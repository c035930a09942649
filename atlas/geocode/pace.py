"""One request per second for the whole program, also when it runs several times at once."""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

try:
    import fcntl
except ImportError:  # Windows: one process keeps the pace, two do not know of each other.
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

INTERVAL_S: Final = 1.0
"""What the public servers ask for: at most one request per second, of all users together."""

_ONE_AT_A_TIME: Final = threading.Lock()


@contextmanager
def paced(file: Path, *, interval_s: float = INTERVAL_S) -> Iterator[None]:
    """
    Let one request pass, ``interval_s`` after the end of the one before.

    Parameters
    ----------
    file
        Holds the time of the last request, of whichever process; locked meanwhile.
    """
    with _ONE_AT_A_TIME, file.open("a+", encoding="ascii") as times:
        if fcntl is not None:
            fcntl.flock(times, fcntl.LOCK_EX)
        # Never longer than the interval, should the clock have been set back.
        passed = time.time() - _last(times)
        time.sleep(min(max(interval_s - passed, 0.0), interval_s))
        try:
            yield
        finally:
            _write(times)


def _last(times: IO[str]) -> float:
    times.seek(0)
    try:
        last = float(times.read(40))
    except ValueError:
        return 0.0
    return last if math.isfinite(last) else 0.0


def _write(times: IO[str]) -> None:
    times.seek(0)
    times.truncate()
    times.write(repr(time.time()))
    times.flush()

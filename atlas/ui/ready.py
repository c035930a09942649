"""
One import at a time: the first page waits for the thread that prepares the process.

Two threads that import libraries with circular imports (pandas, Folium) at once can get
half a module. Without that thread (tests, ``streamlit run`` on the entry script alone)
there is nothing to wait for.
"""

from __future__ import annotations

import threading
from typing import Final

_LONGEST_S: Final = 60.0
_imported = threading.Event()
_imported.set()

announce = _imported.clear
"""Call it before the thread starts."""
done = _imported.set
"""Call it when the thread has imported everything."""


def wait() -> None:
    """Return when nothing is being imported any more."""
    _imported.wait(_LONGEST_S)

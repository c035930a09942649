"""
One thing at a time: the first page waits for the thread that prepares the process.

Two threads that import libraries with circular imports (pandas, Folium) at once can get
half a module, so that thread imports everything, in one order, and nobody else begins
before. Without it (tests, ``streamlit run`` on the entry script alone) there is nothing
to wait for.
"""

from __future__ import annotations

import gc
import sys
import threading
from typing import Final

MODULES: Final = (
    "atlas.ui.frame",
    "atlas.ui.components.atlas_map",
    "atlas.ui.components.filters",
    "atlas.ui.components.detail",
    "atlas.ui.components.result_list",
    "atlas.ui.components.results",
    "atlas.ui.components.phone",
    "atlas.ui.components.stage",
    # For streamlit_folium, which itself has to be imported by a page (see atlas_map).
    "folium.plugins",
)
"""What the first page needs, imported in this order while the browser loads Streamlit."""
_LONGEST_S: Final = 60.0
_BRIEF_S: Final = 0.001
_USUAL_S: Final = sys.getswitchinterval()
_prepared = threading.Event()
_prepared.set()


def announce() -> None:
    """Say that a thread is about to prepare the process; call it before the thread starts."""
    _prepared.clear()
    # Imports make half a million objects and next to no garbage: looking for it takes a
    # sixth of the time. And the browser, which asks for a hundred files meanwhile, should
    # not wait five milliseconds for its turn each time.
    gc.disable()
    sys.setswitchinterval(_BRIEF_S)


def done() -> None:
    """Say that the thread has come to its end."""
    gc.freeze()  # what is there now stays: later collections need not look at it
    gc.enable()
    sys.setswitchinterval(_USUAL_S)
    _prepared.set()


def wait() -> None:
    """Return when nothing is being imported any more."""
    _prepared.wait(_LONGEST_S)

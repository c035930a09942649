"""
One thing at a time: the first page waits for the thread that prepares the process.

Two threads that import libraries with circular imports (pandas, Folium) at once can get
half a module, so that thread imports everything, in one order, and nobody else begins
before. Without it (tests, ``streamlit run`` on the entry script alone) there is nothing
to wait for.
"""

from __future__ import annotations

import gc
import inspect
import sys
import threading
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
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
    # For the icon of the page.
    "PIL.Image",
)
"""What the first page needs, imported in this order while the browser loads Streamlit."""
_LONGEST_S: Final = 60.0
_BRIEF_S: Final = 0.001
_USUAL_S: Final = sys.getswitchinterval()
_WARNED: Final = "_use_warning_has_been_displayed"
_COMPONENT: Final = "streamlit_folium"
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
    _spare_searches()


def _spare_searches() -> None:
    """
    Answer two questions of the first page beforehand: in which module a line of code lies.

    To find out, Python looks where each of two thousand modules has its file, which takes
    longer than all else that the first page computes. Streamlit asks that when a script draws
    for the first time, to warn whoever runs it without a server, and for the module that
    declares a component. Both names are not promised; without them it takes longer, that is all.
    """
    drawing = import_module("streamlit.delta_generator")
    if hasattr(drawing, _WARNED):
        setattr(drawing, _WARNED, True)
    known = getattr(inspect, "modulesbyfile", None)
    component = find_spec(_COMPONENT)
    if known is not None and component is not None and component.origin:
        known.setdefault(str(Path(component.origin).absolute()), _COMPONENT)


def done() -> None:
    """Say that the thread has come to its end."""
    gc.freeze()  # what is there now stays: later collections need not look at it
    gc.enable()
    sys.setswitchinterval(_USUAL_S)
    _prepared.set()


def wait() -> None:
    """Return when nothing is being imported any more."""
    _prepared.wait(_LONGEST_S)

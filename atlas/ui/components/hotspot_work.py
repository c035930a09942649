"""Computing while the page waits: a bar above one second, and other sessions share the answer."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, TypeVar

import streamlit as st

from atlas.analysis.extra import library
from atlas.webmap.hotspot_answer import answer, attracted, layer
from atlas.webmap.hotspot_words import Said

if TYPE_CHECKING:
    from atlas.analysis import Attraction, Energy, Hotspots
    from atlas.analysis.asked import Asked
    from atlas.ui.view import View
    from atlas.ui.words import Words
    from atlas.webmap.areas import AreaLayer

MadeT = TypeVar("MadeT")
_PATIENCE_S: Final = 1.0
"""What takes longer gets a bar."""
_LOOK_S: Final = 0.1
_NEEDED: Final = ("esda", "h3", "libpysal", "mapclassify", "sklearn")


@dataclass(frozen=True)
class Found:
    """
    What the page shows.

    Attributes
    ----------
    result, layer
        The answer, and the same as classed areas.
    said
        Its texts.
    """

    asked: Asked
    result: Hotspots | Energy
    layer: AreaLayer
    said: Said
    attraction: Attraction


@cache
def workers() -> ThreadPoolExecutor:
    """Return the threads that compute while pages wait."""
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="atlas-analysis")


def require() -> None:
    """
    Raise if the page cannot compute anything here.

    Raises
    ------
    ConfigError
        If the extra "analysis" is not installed.
    """
    for name in _NEEDED:
        if find_spec(name) is None:
            library(name)  # raises, and says what to install


def found(view: View, asked: Asked, say: Words) -> Found:
    """Return the answer; meanwhile the page shows how much is done."""
    now = view.data.snapshot
    shares: list[float] = [0.0]
    result = waited(
        workers().submit(lambda: answer(now, asked, progress=shares.append)), shares, say
    )
    attraction = waited(workers().submit(lambda: attracted(now)), [0.9], say)
    classed = layer(now, asked, say.language)
    return Found(asked, result, classed, Said(asked, result, say.language), attraction)


def waited(work: Future[MadeT], shares: list[float], say: Words) -> MadeT:
    """Return what ``work`` returns; a bar shows the last of ``shares`` if that takes long."""
    begun = time.monotonic()
    place = st.empty()
    while True:
        try:
            made = work.result(timeout=_LOOK_S)
        except StillRunning:
            if work.done():  # the work itself ran out of time somewhere: that is its answer
                raise
            if time.monotonic() - begun > _PATIENCE_S:
                place.progress(min(shares[-1], 1.0), text=say("Wird berechnet …"))
            continue
        place.empty()
        return made

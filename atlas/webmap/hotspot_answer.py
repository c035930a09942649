"""The answer to what the Hotspots page asks, computed once per version of the table."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from atlas.analysis import Energy, HotspotQuestion, Hotspots, attraction, energy, hotspots, metric
from atlas.analysis.extra import library

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from atlas.analysis import Attraction
    from atlas.analysis.asked import Asked
    from atlas.current import Snapshot

_LIBRARIES: Final = (
    "h3", "libpysal.graph", "scipy.spatial", "scipy.stats", "sklearn.neighbors", "mapclassify",
    "esda", "esda.significance",
)  # fmt: skip
# Two threads that import libraries with circular imports at once can get half a module.
_IMPORTING: Final = threading.Lock()
_imported = threading.Event()


def prepare() -> None:
    """
    Import the libraries of the analysis, in one thread at a time.

    Raises
    ------
    ConfigError
        If the extra "analysis" is not installed.
    """
    if _imported.is_set():
        return
    with _IMPORTING:
        for name in _LIBRARIES:
            library(name)
        _imported.set()


def answer(
    now: Snapshot, asked: Asked, *, progress: Callable[[float], None] | None = None
) -> Hotspots | Energy:
    """
    Return the result; everybody who asks the same shares it, and nobody changes it.

    Parameters
    ----------
    progress
        Called with the share that is done, from 0 to 1; not where the answer is known.

    Raises
    ------
    ConfigError
        If the extra "analysis" is not installed.
    """
    prepare()
    question = asked.question
    if asked.topic == "energy":
        # Only unit and resolution count, so other parameters share the answer.
        question = HotspotQuestion(unit=question.unit, resolution=question.resolution)
        return now.answer(
            ("energy", question), lambda: energy(*_tables(now), question, progress=progress)
        )
    return now.answer(
        ("hotspots", question), lambda: hotspots(*_tables(now), question, progress=progress)
    )


def attracted(now: Snapshot) -> Attraction:
    """Return whether creative sites lie around vacant properties, computed once."""
    prepare()
    return now.answer("attraction", lambda: attraction(_tables(now)[0]))


def municipalities(now: Snapshot) -> gpd.GeoDataFrame:
    """Return the municipalities in EPSG:25832, converted once."""
    return now.once("metric municipalities", lambda: metric(now.atlas.municipalities))


def _tables(now: Snapshot) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return spaces and municipalities in EPSG:25832."""
    return now.once("metric spaces", lambda: metric(now.atlas.spaces)), municipalities(now)

"""The answer to what the Hotspots page asks, computed once per version of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from atlas.analysis import (
    RESOLUTIONS,
    Energy,
    HotspotQuestion,
    Hotspots,
    attraction,
    energy,
    hexagons,
    hotspots,
    metric,
)
from atlas.analysis.areas import neighbours
from atlas.analysis.asked import Asked
from atlas.analysis.extra import library
from atlas.webmap.hotspot_areas import hotspot_layer

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from atlas.analysis import Attraction
    from atlas.current import Snapshot
    from atlas.vocabulary import Language
    from atlas.webmap.areas import AreaLayer

_LIBRARIES: Final = (
    "h3", "libpysal.graph", "scipy.spatial", "scipy.stats", "sklearn.neighbors", "mapclassify",
    "esda", "esda.significance", "altair",
)  # fmt: skip


def warm(now: Snapshot) -> None:
    """
    Do what the first question of a process would wait for: libraries, grids, the usual answer.

    Raises
    ------
    ConfigError
        If the extra "analysis" is not installed.
    """
    for name in _LIBRARIES:
        library(name)
    for resolution in RESOLUTIONS:
        neighbours(hexagons(municipalities(now), resolution=resolution), "hexagon")
    answer(now, Asked())
    attracted(now)


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


def layer(now: Snapshot, asked: Asked, language: Language) -> AreaLayer:
    """Return the answer as classed areas, made once per language."""
    return now.answer(
        ("layer", asked, language), lambda: hotspot_layer(answer(now, asked).areas, asked, language)
    )


def attracted(now: Snapshot) -> Attraction:
    """Return whether creative sites lie around vacant properties, computed once."""
    return now.answer("attraction", lambda: attraction(_tables(now)[0]))


def municipalities(now: Snapshot) -> gpd.GeoDataFrame:
    """Return the municipalities in EPSG:25832, converted once."""
    return now.once("metric municipalities", lambda: metric(now.atlas.municipalities))


def _tables(now: Snapshot) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return spaces and municipalities in EPSG:25832."""
    return now.once("metric spaces", lambda: metric(now.atlas.spaces)), municipalities(now)

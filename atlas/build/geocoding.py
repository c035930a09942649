"""The step that gives coordinates to rows which have an address only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.gazetteer import Gazetteer
from atlas.geocode import geocode, online_geocoder

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from atlas.build.source import Geocode
    from atlas.errors import SourceUnavailableError
    from atlas.settings import Settings
    from atlas.store import Base


def geocoding(
    settings: Settings,
    base: Base,
    *,
    offline: bool,
    confirm: Callable[[int, str], bool] | None = None,
    tell: Callable[[SourceUnavailableError], None],
) -> Geocode:
    """
    Return the step, with the gazetteer and the geocoder of the settings.

    Parameters
    ----------
    offline
        Whether a service on the web answers from the cache only.
    confirm
        Asked before many addresses go to a public server.
    tell
        Told when the service fails; the build goes on with what the gazetteer knows.

    Raises
    ------
    SourceError
        If the gazetteer is missing or broken.
    ConfigError
        If a geocoder is set and its settings are wrong.
    """
    gazetteer = Gazetteer.load(settings.data_dir / "geo")
    online = online_geocoder(settings, offline=offline, confirm=confirm)

    def step(cells: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
        done = geocode(
            cells, gazetteer=gazetteer, online=online, municipalities=base.municipalities
        )
        if done.problem is not None:
            tell(done.problem)
        counts = done.report["precision"].dropna().value_counts()
        return done.cells, {str(code): int(counts[code]) for code in sorted(counts.index)}

    return step

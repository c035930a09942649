"""Where the heavy steps run: in this process, or in parts on a cluster."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from atlas.conflate import conflate
from atlas.errors import ConfigError
from atlas.locate import assign_municipality

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import geopandas as gpd

    from atlas.conflate import Conflated, Verdict


EngineName = Literal["single", "dask"]


@dataclass(frozen=True)
class Engine:
    """
    The two steps whose work grows with the table.

    Attributes
    ----------
    locate
        As `atlas.locate.assign_municipality`.
    conflate
        As `atlas.conflate.conflate`. Every engine gives the same rows.
    """

    locate: Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame], gpd.GeoDataFrame]
    conflate: Callable[[gpd.GeoDataFrame, Sequence[Verdict]], Conflated]


SINGLE: Final = Engine(
    locate=assign_municipality,
    conflate=lambda spaces, verdicts: conflate(spaces, verdicts=verdicts),
)
"""Everything in this process."""


@contextmanager
def engine(name: EngineName, scheduler: str = "") -> Iterator[Engine]:
    """
    Return an engine while the block runs.

    Parameters
    ----------
    scheduler
        Address of a Dask scheduler; empty starts one of its own on this machine.

    Raises
    ------
    ConfigError
        If the libraries of the engine are missing, or the scheduler does not answer.
    """
    if name == "single":
        yield SINGLE
        return
    try:
        from atlas.build.cluster import dask_engine  # noqa: PLC0415 - its libraries are an extra
    except ModuleNotFoundError as error:
        raise ConfigError(
            "Für die Maschine „dask“ fehlt die Bibliothek {module}.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[scale]".',
            module=error.name,
        ) from error
    with dask_engine(scheduler) as running:
        yield running

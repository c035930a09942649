"""
The engine for tables that are too large for one process: parts on a Dask cluster.

The rows are cut along the Hilbert curve into GeoParquet files, and each step runs where a
part is read: no process holds all names, keys and comparisons. What reaches over the border
of a part is done for the whole: blocks of several parts are joined in a second pass
(`atlas.build.borders`), the rows of a pair or a place that lie elsewhere travel with it, and
how common words and websites are is counted over all parts (`atlas.build.spread`). So the
rows are the same as those of one process.
"""

from __future__ import annotations

import logging
import tempfile
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
from dask import config
from dask.system import CPU_COUNT
from distributed import Client, KilledWorker, LocalCluster

from atlas.build.engine import SINGLE, Engine
from atlas.build.parts import ROW, write_parts
from atlas.build.spread import InParts, Spread, taken
from atlas.conflate import conflate
from atlas.errors import BuildError, ConfigError
from atlas.geo import require_crs
from atlas.locate import assign_municipality

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from atlas.conflate import Conflated, Verdict

PART_ROWS: Final = 25_000
"""Rows of a part: some hundred megabytes while it is worked on, some seconds of work."""
_ANSWER_S: Final = 10
_LOOPBACK: Final = "127.0.0.1"
_FOLDER: Final = "temporary-directory"


@contextmanager
def dask_engine(scheduler: str = "", *, part_rows: int = PART_ROWS) -> Iterator[Engine]:
    """
    Return an engine that works in parts while the block runs.

    Parameters
    ----------
    scheduler
        Address of a Dask scheduler, ``tcp://host:port``; empty starts a cluster with a
        process per core that only this machine reaches.
    part_rows
        Rows of a part.

    Raises
    ------
    ConfigError
        If the scheduler does not answer or has no workers, or if a worker cannot read the
        folder that the parts are written to.
    BuildError
        If a worker fails again and again, most likely for want of memory.
    """
    with _client(scheduler) as client:
        try:
            yield Engine(
                locate=partial(_locate, client, part_rows),
                conflate=partial(_conflate, client, part_rows),
            )
        # The second comes if the process took with it what the step was given.
        except (KilledWorker, CancelledError) as error:
            raise BuildError(
                "Ein Prozess des Clusters ist mehrmals ausgefallen; die alte Tabelle gilt weiter.",
                hint="Meist fehlt Arbeitsspeicher: weniger Prozesse je Rechner starten.",
            ) from error


def _locate(
    client: Client, size: int, spaces: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """As `assign_municipality`."""
    require_crs(spaces, name="spaces")
    require_crs(municipalities, spaces.crs, name="municipalities")
    if spaces.empty:
        return SINGLE.locate(spaces, municipalities)
    points = gpd.GeoDataFrame(geometry=spaces.geometry.reset_index(drop=True))
    with _spread(client, points, size) as spread:
        found = pd.concat(taken(spread.each(_towns_of, municipalities=municipalities)))
    located = spaces.copy()
    located["ags"] = found.sort_index().set_axis(spaces.index)
    return located


def _towns_of(part: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame) -> pd.Series:
    towns: pd.Series = assign_municipality(part, municipalities).set_index(ROW)["ags"]
    return towns


def _conflate(
    client: Client, size: int, spaces: gpd.GeoDataFrame, verdicts: Sequence[Verdict]
) -> Conflated:
    """As `conflate`."""
    if spaces.empty:
        return SINGLE.conflate(spaces, verdicts)
    with ExitStack() as until_done:

        def in_parts(rows: gpd.GeoDataFrame) -> InParts:
            return InParts(rows, until_done.enter_context(_spread(client, rows, size)))

        return conflate(spaces, verdicts=verdicts, work=in_parts)


@contextmanager
def _spread(client: Client, rows: gpd.GeoDataFrame, size: int) -> Iterator[Spread]:
    """Write the rows in parts that the workers read, for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="raumatlas-", dir=config.get(_FOLDER, None)) as folder:
        parts = write_parts(rows, Path(folder), size=size)
        require_shared(client, parts.paths[0])
        yield Spread(client, parts)


def require_shared(client: Client, path: Path) -> None:
    """
    Make sure that every worker reads ``path``.

    Raises
    ------
    ConfigError
        If one does not, or has no atlas.
    """
    try:
        seen = client.run(Path.is_file, path)
    except ModuleNotFoundError as error:
        raise ConfigError(
            "Den Prozessen des Clusters fehlt die Bibliothek {module}.",
            hint='Auf jedem Rechner nachholen: pip install "raumatlas-ruhr[scale]".',
            module=error.name,
        ) from error
    blind = sorted(worker for worker, sees in seen.items() if not sees)
    if blind:
        raise ConfigError(
            "Der Prozess {worker} des Clusters sieht den Ordner {folder} nicht.",
            hint="Mit DASK_TEMPORARY_DIRECTORY einen Ordner nennen, den alle Rechner teilen.",
            worker=blind[0],
            folder=path.parent.parent,
        )


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    if scheduler:
        with _connected(scheduler) as client:
            yield client
        return
    with (
        LocalCluster(
            n_workers=CPU_COUNT,
            threads_per_worker=1,
            host=_LOOPBACK,
            dashboard_address=f"{_LOOPBACK}:0",
            silence_logs=logging.ERROR,  # that a process is slow to end is no news
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    try:
        client = Client(scheduler, timeout=_ANSWER_S)
    except (OSError, ValueError) as error:
        raise ConfigError(
            "Unter {address} antwortet kein Dask-Scheduler ({reason}).",
            hint="Die Adresse prüfen, zum Beispiel tcp://rechner:8786, oder --scheduler weglassen.",
            address=scheduler,
            reason=error,
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_ANSWER_S)
        except TimeoutError as error:
            raise ConfigError(
                "Der Dask-Scheduler unter {address} hat keine Prozesse, die rechnen.",
                hint="Auf den Rechnern „dask worker {address}“ starten.",
                address=scheduler,
            ) from error
        yield client

"""
The shared database beside the embedded store: seconds per step, and the plan of a radius.

ATLAS_DATABASE_URL=… python -m benchmarks.database [rows]

The database has to be an empty one: it gets invented spaces.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import sqlalchemy as sa

from atlas import stored
from atlas.current import Current, Snapshot
from atlas.database import connect, shelf, upgrade
from atlas.database.filters import where
from atlas.database.tables import space
from atlas.query import Filters, Near, Range, WordIndex, apply
from atlas.report import BuildReport, SourceReport
from atlas.settings import Settings
from atlas.store import Base, load
from benchmarks.core import FILTERS, TODAY, best
from benchmarks.synthetic import synthetic_spaces

if TYPE_CHECKING:
    from collections.abc import Callable

    from atlas.store import Atlas

ROWS: Final = 300_000
NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
RADIUS: Final = Filters(near=Near(51.4818, 7.2162, radius_m=2_000))
QUESTIONS: Final = {
    "radius 500 m": Filters(near=Near(51.4818, 7.2162, radius_m=500)),
    "radius 2 km": RADIUS,
    "radius 20 km, vacancy, type groups": FILTERS,
    "text “zeche bochm”": Filters(text="zeche bochm"),
    "text “e” (most rows)": Filters(text="e"),
    "one municipality": Filters(municipalities=frozenset(["05911000"])),
    "vacancy": Filters(vacancy=frozenset(["vacant", "partly_vacant"])),
    "area from 100 to 200": Filters(area=Range(100, 200, with_unknown=False)),
}


def content(rows: int, base: Base) -> stored.Content:
    """Return invented spaces as a build would store them."""
    spaces = synthetic_spaces(rows, base.municipalities)
    spaces = spaces.assign(contributions=pd.Series(None, index=spaces.index, dtype="str"))
    source = SourceReport(id="curated", adapter="curated", origin="invented", read=rows,
                          stored=rows)  # fmt: skip
    none = pd.DataFrame({"source": pd.Series(dtype="str"), "row": pd.Series(dtype="int64")})
    return stored.Content(
        spaces=spaces, geopackage=b"", rejects=none, review=none, sources={},
        report=BuildReport(sources=(source,), review=0, inputs=""),
    )  # fmt: skip


def plan(atlas: Atlas, asked: Filters) -> str:
    """Return how the database answers a question, as it explains itself."""
    if atlas.shared is None:
        return ""
    condition = where(
        asked, version_id=atlas.shared.id, today=TODAY, districts={},
        words=lambda: WordIndex(atlas.spaces),
    )  # fmt: skip
    with connect.reading(atlas.shared.pool) as connection:
        found = sa.select(space.c.position).where(condition).compile(connection)
        explained = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {found}"
        return "\n".join(line for (line,) in connection.exec_driver_sql(explained, found.params))


def questions(settings: Settings) -> None:
    """Print seconds in memory and in the database; both have to find the same rows."""
    atlas = load(settings)
    words = WordIndex(atlas.spaces)
    print("\n| question | rows | in memory | in the database |\n|---|---|---|---|")
    for name, asked in QUESTIONS.items():

        def memory(asked: Filters = asked) -> pd.Series:
            return apply(atlas.spaces, asked, today=TODAY, words=words)

        def database(asked: Filters = asked, now: Snapshot = Snapshot(atlas)) -> pd.Series:  # noqa: B008
            return now._passing(asked, today=TODAY)

        if not database().equals(memory()):
            raise SystemExit(f"{name}: other rows")
        times = f"{best(memory, 5):.3f} s | {best(database, 5):.3f} s"
        print(f"| {name} | {memory().sum():,} | {times} |", flush=True)
    print(f"\n```\n{plan(atlas, RADIUS)}\n```")


def steps(settings: Settings, rows: int) -> None:
    """Print seconds of what is done once per table, in both places."""
    folder = settings.model_copy(update={"database_url": type(settings.database_url)("")})
    whole = content(rows, Base.load(settings.data_dir))
    pool = shelf.pool(settings)
    print("| step | folder | database |\n|---|---|---|")
    print(f"| upgrade | – | {best(lambda: upgrade.upgrade(pool), 1):.2f} s |")
    written = best(lambda: stored.write(settings.table_folder, whole, now=NOW), 1)
    table = stored.current(settings.table_folder)
    if table is None:
        raise SystemExit("nothing was stored")
    pushed = best(lambda: shelf.publish(settings, table, now=NOW), 1)
    print(f"| write | {written:.2f} s | {pushed:.2f} s |", flush=True)
    acts: dict[str, Callable[[Settings], object]] = {
        "load": load,
        "ask which table counts": shelf.mark,
    }
    for name, act in acts.items():
        seconds = [best(partial(act, chosen), 3) for chosen in (folder, settings)]
        print(f"| {name} | {seconds[0]:.4f} s | {seconds[1]:.4f} s |", flush=True)
    now = Current(settings)
    now.snapshot()
    print(f"| question with an unchanged table | – | {best(now.snapshot, 5):.4f} s |")
    size = upgrade.status(pool).size / 1e6
    print(f"| size | – | {size:.0f} MB |")


def main(rows: int) -> None:
    """Write the table of figures."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings().model_copy(update={"table_dir": Path(folder) / "table"})
        steps(settings, rows)
        questions(settings)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)

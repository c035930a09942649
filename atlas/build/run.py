"""The order of the steps: read, geocode, settle, check, conflate, count, store."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas import export, stored
from atlas.build.adapters import Context
from atlas.build.cells import texts
from atlas.build.engine import SINGLE
from atlas.build.source import deliver
from atlas.build.watch import Nobody
from atlas.conflate import read_verdicts
from atlas.database import shelf
from atlas.errors import BuildError, SchemaError, SourceFormatError
from atlas.query import Filters
from atlas.report import BuildReport
from atlas.schema import NAMES
from atlas.schema.contributions import COLUMN, contributors
from atlas.schema.validate import validate
from atlas.store import Base, assemble, derive
from atlas.stored.inputs import DECISIONS_FILE, build_inputs, digest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import geopandas as gpd

    from atlas.build.config import BuildConfig
    from atlas.build.engine import Engine
    from atlas.build.source import Delivered, Geocode
    from atlas.build.watch import Watch
    from atlas.conflate import Conflated
    from atlas.database.shelf import Version
    from atlas.settings import Settings

TABLE_COLUMNS: Final = (*NAMES, COLUMN)
_ORDER: Final = ["ags", "source", "source_ref"]


def build(  # noqa: PLR0913 - what an operator may choose
    config: BuildConfig,
    settings: Settings,
    *,
    now: dt.datetime,
    geocode: Geocode,
    offline: bool = False,
    accept_shrink: bool = False,
    engine: Engine = SINGLE,
    watch: Watch | None = None,
) -> stored.Stored:
    """
    Build the table from all sources and make it the current one.

    A source that fails is reported, and its rows of the table before stand in; the
    others go on.

    Parameters
    ----------
    now
        Time of the build.
    geocode
        Gives coordinates to rows that have an address only.
    offline
        Whether sources are read from the cache only.
    accept_shrink
        Whether a source may have far fewer records than in the table before; otherwise it is
        taken for cut off.
    engine
        Where locating and conflation run.

    Returns
    -------
    stored
        The new version in ``settings.table_folder``, and in the database where one is set.

    Raises
    ------
    BuildError
        If no source gave a row, or the counts do not add up.
    SchemaError
        If the merged table breaks a rule; carries the problems.
    ConfigError
        If the configuration, the registry of sources or a person's verdicts are wrong.
    ExportError
        If the table cannot be written, or not into the database. In every case the old
        table still counts.
    SourceUnavailableError
        If the database does not answer; it is asked first, before hours of work.
    """
    watch = watch or Nobody()
    context = Context(
        config=config, settings=settings, base=Base.load(settings.data_dir), offline=offline,
        watch=watch, accept_shrink=accept_shrink,
    )  # fmt: skip
    before = _before(settings)
    delivered = [
        deliver(entry, context, geocode=geocode, engine=engine, before=before)
        for entry in config.source
    ]
    rows = _rows(delivered)
    watch.step("conflate", len(rows))
    spaces = derive(rows, context.base.municipalities)
    conflated = engine.conflate(spaces, read_verdicts(settings.data_dir / DECISIONS_FILE))
    table = conflated.spaces.sort_values(_ORDER, kind="stable", ignore_index=True)
    table = table[[*TABLE_COLUMNS, "geometry"]]
    _require_rules(table, context)
    report = _report(delivered, table, conflated=conflated, settings=settings)
    report.require_complete()
    watch.step("store", len(table))
    content = _content(delivered, table, conflated=conflated, report=report, context=context)
    table_version = stored.write(settings.table_folder, content, now=now)
    shelf.publish(settings, table_version, now=now)
    return table_version


def _rows(delivered: Sequence[Delivered]) -> pd.DataFrame:
    """Return the rows of all sources; raise `BuildError` with every reason if there are none."""
    rows = pd.concat([source.rows for source in delivered], ignore_index=True)
    if rows.empty:
        reasons = [source.report.error["de"] for source in delivered if source.report.error]
        raise BuildError(
            "Keine Quelle hat eine Zeile geliefert; die alte Tabelle gilt weiter. {reasons}",
            hint="Die Bauanleitung und die Quellen prüfen.",
            reasons=" ".join(reasons),
        )
    return rows


def _content(
    delivered: Sequence[Delivered],
    table: gpd.GeoDataFrame,
    *,
    conflated: Conflated,
    report: BuildReport,
    context: Context,
) -> stored.Content:
    return stored.Content(
        spaces=table,
        geopackage=_geopackage(table, report, context),
        rejects=pd.concat([source.rejects for source in delivered], ignore_index=True),
        review=conflated.review,
        report=report,
        sources={source.report.id: source.rows for source in delivered if len(source.rows)},
    )


def _before(settings: Settings) -> Version | None:
    try:
        # Into an empty database, a build goes on from the folder.
        table = shelf.current(settings) or stored.current(settings.table_folder)
        if table is not None:
            table.report()
        return table
    except SourceFormatError:
        return None  # a damaged table is what this build is to replace


def _require_rules(table: gpd.GeoDataFrame, context: Context) -> None:
    """Refuse a merged row that keeps fewer rules than the rows it was made from."""
    checked = validate(
        texts(table), context.base.municipalities, sources=context.base.registry.sources
    )
    if len(checked.rejects):
        first = checked.rejects.iloc[0]
        raise SchemaError(
            "Die zusammengeführte Tabelle verletzt {n} Regeln, zuerst „{name}“: {rule} "
            "Die alte Tabelle gilt weiter.",
            hint="Das ist ein Fehler des Programms: bitte melden.",
            failure_cases=checked.rejects,
            n=len(checked.rejects),
            name=first["name"],
            rule=first["rule"],
        )


def _report(
    delivered: Sequence[Delivered],
    table: pd.DataFrame,
    *,
    conflated: Conflated,
    settings: Settings,
) -> BuildReport:
    stored_rows = Counter(table["source"])
    taken = Counter(source for row in contributors(table) for source, _ref in row)
    sources = tuple(
        dataclasses.replace(
            source.report,
            stored=stored_rows[source.report.id],
            merged=taken[source.report.id] - stored_rows[source.report.id],
        )
        for source in delivered
    )
    return BuildReport(
        sources=sources,
        review=len(conflated.review),
        idle=len(conflated.idle),
        inputs=digest(build_inputs(settings.data_dir)),
    )


def _geopackage(table: gpd.GeoDataFrame, report: BuildReport, context: Context) -> bytes:
    atlas = assemble(pd.DataFrame(table.drop(columns="geometry")), context.base,
                     version=report.inputs)  # fmt: skip
    return export.write(atlas.spaces, "gpkg", language="de", filters=Filters(), atlas=atlas)

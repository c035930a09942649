"""Commands about the stored table: build it, list its versions, compare two."""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from rich.table import Table
from rich.text import Text

from atlas.cli.console import (
    DATA_PROBLEM,
    Lang,
    Language,
    console,
    plural,
    reported,
    say,
    settings,
    translator,
    write,
)
from atlas.cli.helptexts import help_text
from atlas.errors import ConfigError, SourceFormatError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from atlas.build.source import Geocode
    from atlas.database.shelf import Version
    from atlas.report import BuildReport, SourceReport
    from atlas.settings import Settings

_REASONS: Final = 5


def build(  # noqa: PLR0913 - options of a command line
    *,
    config: Annotated[Path | None, typer.Option(help=help_text("config"))] = None,
    out: Annotated[Path | None, typer.Option(help=help_text("table_dir"))] = None,
    offline: Annotated[bool, typer.Option("--offline", help=help_text("offline"))] = False,
    engine: Annotated[Literal["single", "dask"], typer.Option(help=help_text("engine"))] = "single",
    scheduler: Annotated[str, typer.Option(help=help_text("scheduler"))] = "",
    yes: Annotated[bool, typer.Option("--yes", help=help_text("yes"))] = False,
    accept_shrink: Annotated[
        bool, typer.Option("--accept-shrink", help=help_text("accept_shrink"))
    ] = False,
    lang: Lang = "de",
) -> None:
    """Read all sources, merge what is the same place, and store the table."""
    with reported(lang):
        import datetime as dt

        from atlas import build as building
        from atlas.cli.progress import Bars
        from atlas.stored.inputs import BUILD_FILE

        if scheduler and engine != "dask":
            raise ConfigError("--scheduler gilt nur mit --engine dask.", hint="Beides angeben.")
        chosen = settings() if out is None else _apart(out)
        plan = building.BuildConfig.load(config or chosen.data_dir / BUILD_FILE)
        geocode = _geocoding(chosen, lang, offline=offline, yes=yes)
        with building.engine(engine, scheduler) as at_work, Bars() as bars:
            stored = building.build(
                plan, chosen, now=dt.datetime.now(dt.UTC), geocode=geocode, offline=offline,
                engine=at_work, watch=bars, accept_shrink=accept_shrink,
            )  # fmt: skip
        report = stored.report()
    _show_report(report, lang)
    say("Tabelle {version} gespeichert in {folder}.", lang, version=stored.version,
        folder=stored.folder)  # fmt: skip
    say_published(chosen, stored.version, lang)
    if report.review:
        pairs = plural(lang, "{n} unsicheres Paar", "{n} unsichere Paare", report.review)
        say("{pairs} zu prüfen: atlas review", lang, pairs=pairs)
    if report.idle:
        said = plural(lang, "{n} Entscheidung meint", "{n} Entscheidungen meinen", report.idle)
        say("{said} Einträge, die keine Quelle hat: data/decisions.csv prüfen.", lang, said=said)
    raise typer.Exit(DATA_PROBLEM if any(s.status != "read" for s in report.sources) else 0)


def _apart(folder: Path) -> Settings:
    """Return settings for a table of its own: a database that others use is left alone."""
    from pydantic import SecretStr

    apart = {"table_dir": folder, "database_url": SecretStr("")}
    return settings().model_copy(update=apart)


def _geocoding(chosen: Settings, lang: Language, *, offline: bool, yes: bool) -> Geocode:
    from atlas.build.geocoding import geocoding
    from atlas.store import Base

    return geocoding(
        chosen,
        Base.load(chosen.data_dir),
        offline=offline,
        confirm=lambda n, host: yes or _confirm(n, host, lang),
        tell=lambda problem: console(stderr=True).print(
            Text(problem.localized(translator(lang)), style="yellow")
        ),
    )


def _confirm(number: int, host: str, lang: Language) -> bool:
    question = translator(lang)("{n} Anschriften an den öffentlichen Server {host} schicken?")
    return typer.confirm(question.format(n=number, host=host), default=False)


def _show_report(report: BuildReport, lang: Language) -> None:
    translate = translator(lang)
    heads = ("Quelle", "gelesen", "zurückgestellt", "zusammengeführt", "gespeichert", "verortet",
             "Stand")  # fmt: skip
    table = Table(*(translate(head) for head in heads))
    for source in report.sources:
        counts = (source.read, source.rejected, source.merged, source.stored,
                  sum(source.geocoded.values()))  # fmt: skip
        state = source.newest or "–"
        table.add_row(source.id, *map(str, counts), Text(state))
    console().print(table)
    for source in report.sources:
        _show_reasons(source, lang)
        if source.status != "read":
            style = "red" if source.status == "failed" else "yellow"
            told = source.error.get(lang, "").removeprefix(f"{source.id}: ")
            kept = translate("Es gelten die Zeilen der Tabelle davor.")
            tail = f" {kept}" if source.status == "kept" else ""
            console().print(Text(f"{source.id}: {told}{tail}", style=style))


def _show_reasons(source: SourceReport, lang: Language) -> None:
    from atlas.schema.validate import all_rules

    rules, translate = all_rules(), translator(lang)
    most = sorted(source.reasons.items(), key=lambda item: -item[1])[:_REASONS]
    for code, number in most:
        # A rule in general: what depends on the column is left open.
        sentence = translate(rules[code].sentence).format_map(defaultdict(lambda: "…"))
        console().print(Text(f"{source.id}: {number} × {sentence}", style="dim"))


def versions(
    *,
    use: Annotated[str, typer.Option(help=help_text("use"))] = "",
    lang: Lang = "de",
) -> None:
    """List the stored tables; make an earlier one count again."""
    with reported(lang):
        import datetime as dt

        from atlas.database import shelf

        chosen = settings()
        if use:
            shelf.use(chosen, use, now=dt.datetime.now(dt.UTC))
        found = shelf.versions(chosen)
        if not found:
            say("Noch keine Tabelle gespeichert: atlas build", lang)
        for version in found:
            console().print(Text(f"  {version.version}  {_told(version, lang)}"))
        current = shelf.current(chosen)
        if current is not None:
            say("Es gilt {version}.", lang, version=current.version)


def say_published(chosen: Settings, version: str, lang: Language) -> None:
    """Say that a table is in the database now, where there is one."""
    from atlas.database import shelf

    if shelf.is_shared(chosen):
        where = shelf.place(chosen)
        say("In der Datenbank {place} gilt jetzt {version}.", lang, place=where, version=version)


def _told(version: Version, lang: Language) -> str:
    """Return when a version was built and what it holds, or that it is damaged."""
    built = version.written.astimezone()
    try:
        rows = plural(lang, "{n} Zeile", "{n} Zeilen", version.report().total("stored"))
    except SourceFormatError:
        rows = translator(lang)("beschädigt")
    return f"{built:%Y-%m-%d %H:%M}  {rows}"


def diff(
    old: Annotated[str, typer.Argument(help=help_text("old"))] = "previous",
    new: Annotated[str, typer.Argument(help=help_text("new"))] = "current",
    *,
    format: Annotated[  # noqa: A002 - the word that people use
        Literal["table", "json", "geojson"], typer.Option(help=help_text("diff_format"))
    ] = "table",
    out: Annotated[Path | None, typer.Option(help=help_text("diff_out"))] = None,
    lang: Lang = "de",
) -> None:
    """Say what appeared, vanished, moved, and changed between two tables."""
    with reported(lang):
        from atlas import diff as compare

        chosen = settings()
        changes = compare.diff(_table(old, chosen), _table(new, chosen))
        if format == "table":
            _show_changes(compare.shown(changes, lang), lang)
            return
        writer = {"json": compare.to_json, "geojson": compare.to_geojson}[format]
        text = writer(changes, old=old, new=new)
        if out is None:
            typer.echo(text, nl=False)
        else:
            write(out, text.encode())


def _table(name: str, chosen: Settings) -> gpd.GeoDataFrame:
    """Return a table named by a version, ``current``, ``previous``, or the path of a file."""
    import pandas as pd

    from atlas import store
    from atlas.database import shelf

    path = Path(name)
    base = store.Base.load(chosen.data_dir)
    if path.suffix == ".csv":
        return store.derive(store.check(path, chosen).spaces, base.municipalities)
    found = shelf.find(chosen, name)
    if found is None and name == "previous":
        raise ConfigError(
            "Es gibt noch keine frühere Tabelle.",
            hint="Nach dem nächsten „atlas build“ mit geänderten Quellen gibt es eine.",
        )
    if found is None:
        raise ConfigError(
            "Es gibt keine gespeicherte Tabelle {name}.",
            hint="Eine Kennung aus „atlas versions“ angeben, current, previous oder eine "
            "CSV-Datei in der Form des Registers.",
            name=name,
        )
    rows = pd.DataFrame(found.spaces().drop(columns="geometry"))
    return store.derive(rows, base.municipalities)


def _show_changes(changes: pd.DataFrame, lang: Language) -> None:
    translate = translator(lang)
    heads = {"change": "Änderung", "name": "Name", "municipality": "Gemeinde", "before": "vorher",
             "after": "nachher", "distance_m": "Meter"}  # fmt: skip
    table = Table(*(translate(head) for head in heads.values()))
    for cells in changes[list(heads)].itertuples(index=False):
        table.add_row(*(Text("" if cell != cell else str(cell)) for cell in cells))  # noqa: PLR0124 (NaN)
    if len(changes):
        console().print(table)
    say("{changes}.", lang, changes=plural(lang, "{n} Änderung", "{n} Änderungen", len(changes)))

"""
The command ``atlas``: check the registry, write files, serve the app.

Exit codes: 0 done, 1 a problem of the data, 2 a problem of the call.
Whatever is slow to import is imported by the command that needs it, so that
``atlas --help`` answers at once.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Final, Literal
from urllib.parse import parse_qs

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from atlas.errors import AtlasError, ConfigError, ExportError, SourceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from atlas.query import Filters
    from atlas.schema.validate import Checked
    from atlas.settings import Settings
    from atlas.store import Atlas

DATA_PROBLEM: Final = 1
USAGE: Final = 2
_MAX_SHOWN: Final = 200
_WIDTH_IN_A_FILE: Final = 160  # a terminal knows its own

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Raumatlas Ruhr: Register prüfen, Dateien schreiben, Anwendung starten.",
)  # fmt: skip

Lang = Annotated[Literal["de", "en"], typer.Option(help="Sprache der Ausgabe.")]


@app.command()
def validate(
    file: Annotated[Path | None, typer.Argument(help="CSV; sonst data/spaces.csv.")] = None,
    *,
    fill: Annotated[
        bool,
        typer.Option("--fill", help="Zuvor leere Kennungen und Schlüssel berechnen, sortieren."),
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Verstöße als CSV in diese Datei schreiben.")
    ] = None,
    lang: Lang = "de",
) -> None:
    """Das Register gegen alle Regeln prüfen. Beispiel: atlas validate data/spaces.csv."""
    with _reported(lang):
        from atlas import store
        from atlas.schema.validate import localize

        settings = _settings()
        path = file or settings.data_dir / store.SPACES_FILE
        if fill:
            _fill(path, settings, lang)
        checked = store.check(path, settings)
        found = localize(checked.rejects, language=lang)
        if rejects is not None:
            _write(rejects, found.to_csv(index=False, lineterminator="\n").encode())
    _show(checked, lang)
    raise typer.Exit(DATA_PROBLEM if len(found) else 0)


@app.command()
def export(  # noqa: PLR0913 - options of a command line
    format: Annotated[  # noqa: A002 - the word that people use
        Literal["csv", "geojson", "gpkg", "xlsx"], typer.Argument(help="Dateiformat.")
    ],
    out: Annotated[Path, typer.Argument(help="Zieldatei oder Ordner.")],
    *,
    where: Annotated[
        list[str] | None,
        typer.Option(help="Filter wie in der Adresse, zum Beispiel vacancy=vacant; mehrfach."),
    ] = None,
    url: Annotated[str, typer.Option(help="Adresse oder ihr Teil nach dem Fragezeichen.")] = "",
    open_only: Annotated[
        bool, typer.Option("--open-only", help="Angaben unter ODbL auslassen.")
    ] = False,
    lang: Lang = "de",
) -> None:
    """Eine Auswahl als Datei schreiben. Beispiel: atlas export csv . --where q=zeche."""
    with _reported(lang):
        from atlas import export as files
        from atlas import store

        filters = _filters(url, where or [])
        atlas = store.load(_settings())
        chosen = atlas.spaces[_passing(atlas, filters)]
        if open_only:
            chosen = files.open_part(chosen, atlas.registry)
        content = files.write(chosen, format, language=lang, filters=filters, atlas=atlas)
        target = out / files.filename(format, atlas=atlas) if out.is_dir() else out
        _write(target, content)
    _say("{path}: {rows} Zeilen, {size} Byte.", lang, path=target, rows=len(chosen),
         size=len(content))  # fmt: skip


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8501,
    host: Annotated[str, typer.Option(help="Adresse, auf der gehört wird.")] = "localhost",
) -> None:
    """Die Anwendung im Browser zeigen; geht aus jedem Ordner."""
    from atlas import serving

    with _reported("de"):
        if missing := serving.missing():
            _say("Für die Anwendung fehlen {packages}.", "de", packages=", ".join(missing))
            if sys.stdin.isatty():
                typer.confirm(
                    "Jetzt installieren (einmal, braucht das Internet)?", default=True, abort=True
                )
            serving.install()
        code = serving.serve(port=port, host=host)
    raise typer.Exit(code)


def main() -> None:
    """Run the command line."""
    app()


def _settings() -> Settings:
    from atlas.settings import Settings

    return Settings()


def _passing(atlas: Atlas, filters: Filters) -> list[bool]:
    from atlas.clock import today
    from atlas.query import WordIndex, apply

    words = WordIndex(atlas.spaces)
    return list(apply(atlas.spaces, filters, today=today(), words=words))


def _filters(url: str, where: list[str]) -> Filters:
    """Read the filters; unlike a link in the browser, a wrong one is an error."""
    from atlas.query import CODE_FIELDS, Filters

    query = "&".join([url.rpartition("?")[2], *where]).strip("&")
    params = parse_qs(query, keep_blank_values=True)
    filters = Filters.from_params(params)
    understood = filters.to_params()
    coded = {entry.param for entry in CODE_FIELDS.values()}
    for key, values in params.items():
        parts = {part.strip() for value in values for part in value.split(",")}
        if key not in understood or (key in coded and parts != set(understood[key])):
            raise typer.BadParameter(f"{key}={','.join(values)}")
    return filters


def _fill(path: Path, settings: Settings, lang: Literal["de", "en"]) -> None:
    from atlas import store
    from atlas.fill import fill_text

    content, count = fill_text(
        path, store.read_boundaries(settings.data_dir / store.MUNICIPALITIES_FILE)
    )
    _write(path, content)
    _say("{path}: {n} Zellen ausgefüllt, nach Gemeinde sortiert.", lang, path=path, n=count)


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is either whole or not there."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise ExportError(
            "{path}: die Datei ließ sich nicht schreiben ({reason}).",
            hint="Ordner und Schreibrechte prüfen.",
            path=path,
            reason=error.strerror,
        ) from error


@contextmanager
def _reported(lang: Literal["de", "en"]) -> Iterator[None]:
    """Turn an error of ours into one sentence and an exit code."""
    try:
        yield
    except AtlasError as error:
        is_usage = isinstance(error, (SourceUnavailableError, ExportError, ConfigError))
        _console(stderr=True).print(Text(error.localized(_translator(lang)), style="red"))
        raise typer.Exit(USAGE if is_usage else DATA_PROBLEM) from error


def _show(checked: Checked, lang: Literal["de", "en"]) -> None:
    from atlas.schema.validate import localize

    translate = _translator(lang)
    found = localize(checked.rejects.head(_MAX_SHOWN), language=lang)
    if len(found):
        columns = {"row": "Zeile", "column": "Spalte", "value": "Wert", "rule": "Regel",
                   "hint": "Was tun"}  # fmt: skip
        table = Table(*(translate(label) for label in columns.values()), show_lines=True)
        for cells in found[list(columns)].itertuples(index=False):
            table.add_row(*(Text(str(cell)) for cell in cells))
        _console().print(table)
    if len(checked.rejects) > len(found):
        _say("… und {n} weitere; alle mit --rejects DATEI.", lang,
             n=len(checked.rejects) - len(found))  # fmt: skip
    _say(
        "Zeilen geprüft: {rows}; zurückgestellt: {rejected}; Verstöße: {problems}.",
        lang,
        rows=checked.rows,
        rejected=checked.rejected_rows,
        problems=len(checked.rejects),
    )


def _say(message: str, lang: Literal["de", "en"], **params: object) -> None:
    _console().print(Text(_translator(lang)(message).format(**params)))


def _translator(lang: Literal["de", "en"]) -> Callable[[str], str]:
    from atlas.i18n import translator

    return translator(lang)


def _console(*, stderr: bool = False) -> Console:
    console = Console(stderr=stderr, soft_wrap=False)
    return console if console.is_terminal else Console(stderr=stderr, width=_WIDTH_IN_A_FILE)

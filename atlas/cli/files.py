"""The command that writes files from the table."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, cast
from urllib.parse import parse_qs, urlsplit

import typer

from atlas.cli.console import Lang, Language, plural, reported, say, settings, write
from atlas.cli.helptexts import help_text
from atlas.errors import ExportError, not_valid

if TYPE_CHECKING:
    from atlas.export.files import FormatName
    from atlas.query import Filters
    from atlas.store import Atlas

PLANNER: Final = "planner"
ZIP: Final = ".zip"
Layers = Literal["spaces", "planner"]


def export(  # noqa: PLR0913 - options of a command line
    what: Annotated[str, typer.Argument(metavar="[FORMAT] OUT", help=help_text("what"))],
    out: Annotated[Path | None, typer.Argument(help=help_text("out"), hidden=True)] = None,
    *,
    layers: Annotated[Layers | None, typer.Option(help=help_text("layers"))] = None,
    where: Annotated[list[str] | None, typer.Option(help=help_text("where"))] = None,
    url: Annotated[str, typer.Option(help=help_text("url"))] = "",
    open_only: Annotated[bool, typer.Option("--open-only", help=help_text("open_only"))] = False,
    per_licence: Annotated[
        bool, typer.Option("--per-licence", help=help_text("per_licence"))
    ] = False,
    lang: Lang = "de",
) -> None:
    """Write the rows that the filters choose, or the whole package for planners."""
    with reported(lang):
        from dataclasses import replace

        from atlas import export as files
        from atlas import store
        from atlas.query.typed import read_typed

        asked, target = _asked(what, out, layers)
        _check_name(asked, target, is_zip=per_licence)
        params = _params(url, where or [])
        if asked == PLANNER and (per_licence or params):
            raise ExportError(
                "Das Planungspaket enthält immer die ganze Tabelle: --where, --url und "
                "--per-licence gelten dafür nicht.",
                hint="Eine Auswahl mit „atlas export auswahl.gpkg --where …“ schreiben.",
            )
        atlas = store.load(settings())
        filters = read_typed(params, municipalities=atlas.municipalities)
        if open_only:
            # Before the filters: which rows they choose may not rest on what is left out.
            part = files.open_part(atlas.spaces, atlas.registry)
            # What is in a database is the whole table, so the part is asked in memory.
            atlas = replace(atlas, spaces=part.reset_index(drop=True), shared=None)
        if asked == PLANNER:
            _planner(atlas, target, lang)
        elif per_licence:
            _per_licence(atlas, filters, cast("FormatName", asked), target, lang)
        else:
            _selection(atlas, filters, cast("FormatName", asked), target, lang)


def _asked(what: str, out: Path | None, layers: Layers | None) -> tuple[str, Path]:
    """Return format and target: ``FORMAT OUT``, or a file whose name says the format."""
    from atlas import export as files

    if out is None:
        target = Path(what)
        name = target.name.removesuffix(ZIP)
        asked: str = files.format_of(name)
        if layers is None and asked == "gpkg" and target.stem == PLANNER:
            return PLANNER, target
    else:
        asked, target = what, out
    if layers == PLANNER and asked not in ("gpkg", PLANNER):
        raise ExportError(
            "Das Planungspaket gibt es nur als GeoPackage.",
            hint="Zum Beispiel: atlas export planner.gpkg.",
        )
    return (PLANNER if layers == PLANNER else asked), target


def _check_name(asked: str, target: Path, *, is_zip: bool) -> None:
    """Refuse a file whose name says something else than what would be in it."""
    from atlas import export as files

    name = target.name.removesuffix(ZIP)
    if target.is_dir():
        return
    if target.suffix == ZIP and not is_zip:
        raise ExportError(
            "{name}: in ein ZIP kommt nur eine Datei je Lizenz.",
            hint="--per-licence ergänzen oder {plain} schreiben.",
            name=target.name,
            plain=name,
        )
    wanted, said = "gpkg" if asked == PLANNER else asked, files.known_format(name)
    # A table with WKT is a CSV too, so either may be called so.
    if said and wanted in files.FORMATS and said.partition("-")[0] != wanted.partition("-")[0]:
        raise ExportError(
            "{name}: die Endung gehört nicht zum Format {format}.",
            hint="Die Datei auf .{ending} enden lassen oder das Format weglassen; dann sagt es "
            "die Endung.",
            name=target.name,
            format=asked,
            ending=files.FORMATS[wanted].extension,
        )


def _selection(atlas: Atlas, filters: Filters, name: FormatName, out: Path, lang: Language) -> None:
    from atlas import export as files

    chosen = atlas.spaces[_passing(atlas, filters)]
    content = files.write(chosen, name, language=lang, filters=filters, atlas=atlas)
    target = out / files.filename(name, atlas=atlas) if out.is_dir() else out
    write(target, content)
    rows = plural(lang, "{n} Zeile", "{n} Zeilen", len(chosen))
    say("{path}: {rows}, {size} Byte.", lang, path=target, rows=rows, size=len(content))


def _planner(atlas: Atlas, out: Path, lang: Language) -> None:
    from atlas.clock import today
    from atlas.export.planner import FILE, planner_package

    content = planner_package(atlas, today=today(), language=lang)
    target = out / FILE if out.is_dir() else out
    write(target, content)
    rows = plural(lang, "{n} Zeile", "{n} Zeilen", len(atlas.spaces))
    say("{path}: {rows}, {size} Byte.", lang, path=target, rows=rows, size=len(content))


def _per_licence(
    atlas: Atlas, filters: Filters, name: FormatName, out: Path, lang: Language
) -> None:
    """Write a ZIP, or into a folder that exists."""
    from atlas.export import bundle

    chosen = atlas.spaces[_passing(atlas, filters)]
    parts = bundle.files_per_licence(chosen, name, language=lang, filters=filters, atlas=atlas)
    if out.is_dir():
        found = {out / part: content for part, content in parts.items()}
    elif out.suffix == ZIP:
        found = {out: bundle.zipped(parts, day=atlas.retrieved_on)}
    else:
        raise ExportError(
            "--per-licence schreibt mehrere Dateien.",
            hint="Einen Ordner, der schon da ist, oder einen Namen mit .zip angeben, zum Beispiel "
            "{name}.zip.",
            name=out.name,
        )
    for path, content in found.items():
        write(path, content)
        say("{path}: {size} Byte.", lang, path=path, size=len(content))


def _passing(atlas: Atlas, filters: Filters) -> list[bool]:
    from atlas.clock import today
    from atlas.current import Snapshot

    return list(Snapshot(atlas).mask(filters, today=today()))


def _params(url: str, where: list[str]) -> dict[str, list[str]]:
    """Return the filters as parameters; what an address says about the view alone goes."""
    from atlas.query.url import LANGUAGE_KEY, PAGE_KEYS, VIEW_KEYS

    seen = {LANGUAGE_KEY, *VIEW_KEYS, *PAGE_KEYS}
    of_view = parse_qs(_query(url), keep_blank_values=True)
    params = {key: values for key, values in of_view.items() if key not in seen}
    for key, values in parse_qs("&".join(where), keep_blank_values=True).items():
        params.setdefault(key, []).extend(values)
    return params


def _query(url: str) -> str:
    """Return what an address asks for: its part behind the question mark, or all of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise not_valid("--url", url, "http://localhost:8501/?vacancy=vacant") from None
    is_address = bool(parts.scheme) or parts.path.startswith("/")
    if is_address or (parts.query and "=" not in parts.path):
        return parts.query
    return url.removeprefix("?")

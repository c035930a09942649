"""Commands about the hand-kept registry and the files made from the table."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Final, Literal
from urllib.parse import parse_qs

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

if TYPE_CHECKING:
    from atlas.query import Filters
    from atlas.schema.validate import Checked
    from atlas.settings import Settings
    from atlas.store import Atlas

_MAX_SHOWN: Final = 200


def validate(
    file: Annotated[Path | None, typer.Argument(help=help_text("file"))] = None,
    *,
    fill: Annotated[bool, typer.Option("--fill", help=help_text("fill"))] = False,
    rejects: Annotated[Path | None, typer.Option(help=help_text("rejects"))] = None,
    lang: Lang = "de",
) -> None:
    """Print what is wrong in the registry, one line per violation."""
    with reported(lang):
        from atlas import store
        from atlas.schema.validate import localize
        from atlas.stored.inputs import SPACES_FILE

        chosen = settings()
        path = file or chosen.data_dir / SPACES_FILE
        if fill:
            _fill(path, chosen, lang)
        checked = store.check(path, chosen)
        found = localize(checked.rejects, language=lang)
        if rejects is not None:
            write(rejects, found.to_csv(index=False, lineterminator="\n").encode())
    _show(checked, lang)
    raise typer.Exit(DATA_PROBLEM if len(found) else 0)


def export(  # noqa: PLR0913 - options of a command line
    format: Annotated[  # noqa: A002 - the word that people use
        Literal["csv", "geojson", "gpkg", "xlsx"], typer.Argument(help=help_text("format"))
    ],
    out: Annotated[Path, typer.Argument(help=help_text("out"))],
    *,
    where: Annotated[list[str] | None, typer.Option(help=help_text("where"))] = None,
    url: Annotated[str, typer.Option(help=help_text("url"))] = "",
    open_only: Annotated[bool, typer.Option("--open-only", help=help_text("open_only"))] = False,
    lang: Lang = "de",
) -> None:
    """Write the rows that the filters choose."""
    with reported(lang):
        from atlas import export as files
        from atlas import store

        filters = _filters(url, where or [])
        atlas = store.load(settings())
        chosen = atlas.spaces[_passing(atlas, filters)]
        if open_only:
            chosen = files.open_part(chosen, atlas.registry)
        content = files.write(chosen, format, language=lang, filters=filters, atlas=atlas)
        target = out / files.filename(format, atlas=atlas) if out.is_dir() else out
        write(target, content)
    rows = plural(lang, "{n} Zeile", "{n} Zeilen", len(chosen))
    say("{path}: {rows}, {size} Byte.", lang, path=target, rows=rows, size=len(content))


def _passing(atlas: Atlas, filters: Filters) -> list[bool]:
    from atlas.clock import today
    from atlas.current import Snapshot

    return list(Snapshot(atlas).mask(filters, today=today()))


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


def _fill(path: Path, chosen: Settings, lang: Language) -> None:
    from atlas import store
    from atlas.fill import fill_text

    content, filled = fill_text(
        path, store.read_boundaries(chosen.data_dir / store.MUNICIPALITIES_FILE)
    )
    write(path, content)
    cells = plural(lang, "{n} Zelle ausgefüllt", "{n} Zellen ausgefüllt", filled)
    say("{path}: {filled}, nach Gemeinde sortiert.", lang, path=path, filled=cells)


def _show(checked: Checked, lang: Language) -> None:
    from atlas.schema.validate import localize

    translate = translator(lang)
    found = localize(checked.rejects.head(_MAX_SHOWN), language=lang)
    if len(found):
        columns = {"row": "Zeile", "column": "Spalte", "value": "Wert", "rule": "Regel",
                   "hint": "Was tun"}  # fmt: skip
        table = Table(*(translate(label) for label in columns.values()), show_lines=True)
        for cells in found[list(columns)].itertuples(index=False):
            table.add_row(*(Text(str(cell)) for cell in cells))
        console().print(table)
    if len(checked.rejects) > len(found):
        left = plural(lang, "{n} weiterer Verstoß", "{n} weitere Verstöße",
                      len(checked.rejects) - len(found))  # fmt: skip
        say("… und {left}; alle mit --rejects DATEI.", lang, left=left)
    say(
        "Zeilen geprüft: {rows}; zurückgestellt: {rejected}; Verstöße: {problems}.",
        lang,
        rows=checked.rows,
        rejected=checked.rejected_rows,
        problems=len(checked.rejects),
    )

"""Commands about the hand-kept registry."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Final

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
    from atlas.schema.validate import Checked
    from atlas.settings import Settings

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

"""Commands about the shared database: set it up, write the table into it, tell its state."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from atlas.cli.console import Lang, Language, console, reported, say, settings, translator
from atlas.cli.helptexts import help_text
from atlas.cli.tables import say_published
from atlas.errors import ConfigError

if TYPE_CHECKING:
    from atlas.database.upgrade import Status
    from atlas.stored import Stored

_MEGABYTE: Final = 1_000_000


def upgrade(*, lang: Lang = "de") -> None:
    """Create the tables, or bring them up to date."""
    with reported(lang):
        from atlas.database import shelf

        chosen = settings()
        pool = shelf.pool(chosen)
        from atlas.database import upgrade as migrate

        migrate.upgrade(pool)
        where = shelf.place(chosen)
    say("Die Datenbank {place} ist auf dem Stand dieses Programms.", lang, place=where)


def push(
    version: Annotated[str, typer.Argument(help=help_text("pushed"))] = "current",
    *,
    lang: Lang = "de",
) -> None:
    """Write a table of the folder into the database."""
    with reported(lang):
        import datetime as dt

        from atlas.database import shelf

        chosen = settings()
        shelf.pool(chosen)
        table = _in_folder(version)
        shelf.publish(chosen, table, now=dt.datetime.now(dt.UTC))
    say_published(chosen, table.version, lang)


def _in_folder(name: str) -> Stored:
    from atlas import stored

    folder = settings().table_folder
    table = stored.find(folder, name)
    if table is None:
        raise ConfigError(
            "Im Ordner {folder} liegt keine Tabelle {name}.",
            hint="Zuerst „atlas build“; mit ATLAS_DATABASE_URL schreibt es auch in die Datenbank.",
            folder=folder,
            name=name,
        )
    return table


def status(*, lang: Lang = "de") -> None:
    """Show what is in the database."""
    with reported(lang):
        from atlas.database import shelf

        pool = shelf.pool(settings())
        from atlas.database import upgrade as migrate

        found = migrate.status(pool)
    _show(found, lang)


def _show(found: Status, lang: Language) -> None:
    say("{place}: PostgreSQL {server}, PostGIS {postgis}, {size} MB.", lang, place=found.place,
        server=found.server, postgis=found.postgis, size=round(found.size / _MEGABYTE))  # fmt: skip
    if not found.versions:
        say("Noch keine Tabelle in der Datenbank: atlas build oder atlas database push", lang)
        return
    translate = translator(lang)
    heads = ("Kennung", "geschrieben", "Zeilen", "gilt")
    table = Table(*(translate(head) for head in heads))
    for one in found.versions:
        counts = found.current is not None and found.current.version == one.version
        written = f"{one.written.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(one.version, written, str(one.rows), Text("✓" if counts else ""))
    console().print(table)

"""
The command ``atlas``: check the registry, build the table, write files, serve the app.

Exit codes: 0 done, 1 a problem of the data, 2 a problem of the call.
Whatever is slow to import is imported by the command that needs it, so that
``atlas --help`` answers at once.
"""

from __future__ import annotations

import typer

from atlas.cli import database, files, registry, server, sources, tables
from atlas.cli.console import DATA_PROBLEM, USAGE
from atlas.cli.helptexts import help_text

__all__ = ["DATA_PROBLEM", "USAGE", "app", "main"]

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help=help_text("atlas")
)  # fmt: skip
source = typer.Typer(no_args_is_help=True, help=help_text("source"))
shared = typer.Typer(no_args_is_help=True, help=help_text("database"))

for command in (
    server.serve, registry.validate, files.export, tables.build, tables.diff, tables.versions,
    sources.review, sources.geocode,
):  # fmt: skip
    app.command(help=help_text(command.__name__))(command)
source.command(help=help_text("check"))(sources.check)
app.add_typer(source, name="source")
for command in (database.upgrade, database.push, database.status):
    shared.command(help=help_text(command.__name__))(command)
app.add_typer(shared, name="database")


def main() -> None:
    """Run the command line."""
    app()

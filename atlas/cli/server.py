"""The command that shows the app."""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from typing import Annotated

import typer

from atlas.cli.console import reported, say, settings, translator
from atlas.cli.helptexts import LANGUAGE, help_text


def serve(
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8501,
    host: Annotated[str, typer.Option(help=help_text("host"))] = "localhost",
) -> None:
    """Start the app, after installing what it needs if a person agrees."""
    from atlas import serving

    with reported(LANGUAGE):  # as the help: there is no option for it
        settings()  # a wrong one is told here, not by the server that this process becomes
        if missing := serving.missing():
            say("Für die Anwendung fehlen {packages}.", LANGUAGE, packages=", ".join(missing))
            if sys.stdin.isatty():
                question = translator(LANGUAGE)(
                    "Jetzt installieren (einmal, braucht das Internet)?"
                )
                typer.confirm(question, default=True, abort=True)
            serving.install()
        code = serving.serve(port=port, host=host)
    raise typer.Exit(code)

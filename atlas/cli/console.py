"""What every command needs: output in a language, files written whole, errors as sentences."""
# ruff: noqa: PLC0415

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from rich.console import Console
from rich.text import Text

from atlas.cli.helptexts import help_text
from atlas.errors import (
    AtlasError,
    ConfigError,
    ExportError,
    RequestError,
    SourceUnavailableError,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from atlas.settings import Settings

DATA_PROBLEM: Final = 1
USAGE: Final = 2
_OF_THE_CALL: Final = (SourceUnavailableError, ExportError, ConfigError, RequestError)
_WIDTH_IN_A_FILE: Final = 160  # a terminal knows its own

Language = Literal["de", "en"]
Lang = Annotated[Language, typer.Option(help=help_text("lang"))]


def settings() -> Settings:
    """
    Return the settings of the environment.

    Raises
    ------
    ConfigError
        If one is not allowed, or the data folder is not there: nothing works without it.
    """
    from atlas.settings import Settings

    chosen = Settings()
    if not chosen.data_dir.is_dir():
        raise ConfigError(
            "Den Datenordner {folder} gibt es nicht.",
            hint="ATLAS_DATA_DIR auf einen Ordner mit spaces.csv, sources.toml und geo/ setzen.",
            folder=chosen.data_dir.absolute(),
        )
    return chosen


def write(path: Path, content: bytes) -> None:
    """Write a file so that it is either whole or not there."""
    if not path.parent.is_dir():
        raise ExportError(
            "{path}: den Ordner {folder} gibt es nicht.",
            hint="Den Ordner anlegen oder einen anderen angeben.",
            path=path,
            folder=path.parent,
        )
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise ExportError(
            "{path}: die Datei ließ sich nicht schreiben ({reason}).",
            hint="Ordner und Schreibrechte prüfen.",
            path=path,
            reason=why(error),
        ) from error


@contextmanager
def reported(lang: Language) -> Iterator[None]:
    """Turn an error of ours into one sentence and an exit code."""
    try:
        yield
    except AtlasError as error:
        console(stderr=True).print(Text(error.localized(translator(lang)), style="red"))
        raise typer.Exit(USAGE if isinstance(error, _OF_THE_CALL) else DATA_PROBLEM) from error


def say(message: str, lang: Language, **params: object) -> None:
    """Print a sentence: a German message id, its placeholders filled."""
    console().print(Text(translator(lang)(message).format(**params)))


def plural(lang: Language, singular: str, several: str, number: int) -> str:
    """Return the plural form for ``number``."""
    from atlas.i18n import plural

    return plural(lang, singular, several, number)


def translator(lang: Language) -> Callable[[str], str]:
    """Return the translation into ``lang``."""
    from atlas import i18n

    return i18n.translator(lang)


def console(*, stderr: bool = False) -> Console:
    """Return where to print: as wide as the terminal, of a fixed width in a file."""
    terminal = Console(stderr=stderr, soft_wrap=False)
    return terminal if terminal.is_terminal else Console(stderr=stderr, width=_WIDTH_IN_A_FILE)

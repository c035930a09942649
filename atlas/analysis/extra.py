"""The libraries of the extra "analysis", or the error that says how to get them."""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError

if TYPE_CHECKING:
    from types import ModuleType

# Two threads that import libraries with circular imports at once can get half a module.
_IMPORTING: Final = threading.RLock()


def library(name: str) -> ModuleType:
    """
    Import a module of the extra "analysis", in one thread at a time.

    Raises
    ------
    ConfigError
        If it is not installed.
    """
    try:
        with _IMPORTING:
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ConfigError(
            "Für die räumliche Statistik fehlt das Paket „{package}“.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[analysis]".',
            package=error.name or name,
        ) from error

"""The libraries of the figures, imported with the first figure, and told if they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from atlas.errors import ConfigError

if TYPE_CHECKING:
    from types import ModuleType


def library(name: str) -> ModuleType:
    """
    Import ``altair`` or ``vl_convert``.

    Raises
    ------
    ConfigError
        If the extra ``analysis`` is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigError(
            "Für Abbildungen fehlt {name}.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[analysis]".',
            name=name,
        ) from error

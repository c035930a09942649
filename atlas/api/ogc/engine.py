"""pygeoapi itself: imported once, late, without a file of the user and without its log."""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from contextlib import contextmanager
from copy import copy
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from atlas.api.ogc.config import configuration, for_request
from atlas.api.ogc.layers import layers
from atlas.clock import today
from atlas.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from atlas.api.ogc.asked import Asked
    from atlas.current import Snapshot
    from atlas.settings import Settings

_CONFIG: Final = "PYGEOAPI_CONFIG"
_OPENAPI: Final = "PYGEOAPI_OPENAPI"


@cache
def starlette_app() -> ModuleType:
    """
    Import pygeoapi's Starlette module.

    It reads two files named by variables while it is imported, and builds an app from
    them; ours are empty, lie in a folder that is gone afterwards, and the app is not
    used: each request brings its own configuration.

    Raises
    ------
    ConfigError
        If the extra ``service`` is not installed.
    """
    try:
        with tempfile.TemporaryDirectory() as folder, _quiet():
            config, document = Path(folder, "config.yml"), Path(folder, "openapi.json")
            config.write_text(json.dumps(_empty()), "utf-8")
            document.write_text("{}", "utf-8")
            with _variables({_CONFIG: str(config), _OPENAPI: str(document)}):
                return import_module("pygeoapi.starlette_app")
    except ModuleNotFoundError as error:
        raise ConfigError(
            "Für OGC API – Features fehlt das Paket {package}.",
            hint='Mit pip install ".[service]" installieren.',
            package=error.name or "pygeoapi",
        ) from error


def api(now: Snapshot, settings: Settings, *, url: str, asked: Asked) -> Any:  # noqa: ANN401
    """
    Return pygeoapi's API object over a snapshot, for one request.

    Parameters
    ----------
    url
        Address of the service as the client sees it, without a slash at the end.
    """
    shared = now.once(f"ogc api {today()}", lambda: _api(now, settings))
    own = copy(shared)
    own.config = for_request(shared.config, url=url, asked=asked)
    own.base_url = url
    return own


def _api(now: Snapshot, settings: Settings) -> Any:  # noqa: ANN401 (pygeoapi's own)
    module = starlette_app()
    with _quiet():
        return module.API(configuration(layers(now), settings), {})


def _empty() -> dict[str, Any]:
    return {
        "server": {"url": "", "languages": ["de"], "encoding": "utf-8"},
        "logging": {"level": "ERROR"},
        "metadata": {},
        "resources": {},
    }


@contextmanager
def _variables(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _quiet() -> Iterator[None]:
    """
    Keep pygeoapi from setting up the log of the whole process.

    ``logging.basicConfig`` does nothing where there is a handler. Its own messages are
    left out: each refused request is an error to it.
    """
    logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)
    root, handler = logging.getLogger(), logging.NullHandler()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


def version() -> str:
    """Return the version of pygeoapi."""
    return str(sys.modules["pygeoapi"].__version__)

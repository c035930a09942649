"""Our own scripts and styles for the browser: small files, joined when they are served."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError
from atlas.settings import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

ASSETS: Final = PACKAGE / "assets" / "map"

REGION: Final = ((51.213, 6.292), (51.823, 7.998))
"""South-west and north-east corner of the 53 municipalities, in degrees."""

BUNDLES: Final[Mapping[str, tuple[str, ...]]] = {
    # Order matters: each part may use those before it.
    "map.js": (
        "start.js", "table.js", "filter.js", "symbols.js", "stage.js", "base.js", "points.js",
        "near.js", "areas.js", "pick.js", "ahead.js", "layer.js", "view.js", "controls.js",
        "legend.js", "tiles.js", "paper.js", "create.js",
    ),
    "guard.js": ("guard.js",),
    "map.css": ("map.css", "controls.css"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bundle:
    """Text of a served file and a short hash of it, for addresses that may be kept for ever."""

    text: str
    version: str


@cache
def bundle(name: str) -> Bundle:
    """
    Join the parts of the bundle ``name``.

    Raises
    ------
    ConfigError
        If a part is missing from the installation.
    """
    try:
        parts = [(ASSETS / part).read_text(encoding="utf-8") for part in BUNDLES[name]]
    except OSError as error:
        raise ConfigError(
            "Eine Datei der Karte fehlt: {path}.",
            hint="Den Raumatlas neu installieren.",
            path=error.filename,
        ) from error
    text = "\n".join(parts).replace('"__REGION__"', json.dumps(REGION))
    return Bundle(text, hashlib.sha256(text.encode()).hexdigest()[:12])

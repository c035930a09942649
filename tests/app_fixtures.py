"""Driving the pages without a browser: run one, and read what its panels say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from streamlit.testing.v1 import AppTest

from atlas.settings import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

MAIN = PACKAGE / "ui" / "entry" / "main.py"
PAGES = {path.stem: path for path in sorted((PACKAGE / "ui" / "pages").glob("*.py"))}


def open_app(
    page: str = "map", params: Mapping[str, Sequence[str]] | None = None, *, script: Path = MAIN
) -> AppTest:
    """Run the app as a visitor who follows a link to ``page``."""
    app = AppTest.from_file(str(script), default_timeout=30)
    for key, values in (params or {}).items():
        app.query_params[key] = list(values)
    app.run()
    if page != "map":
        app.switch_page(str(PAGES[page])).run()
    return app


def _leaves(node: object) -> Iterator[object]:
    for child in node.children.values():
        if hasattr(child, "children"):
            yield from _leaves(child)
        else:
            yield child


def sent(app: AppTest) -> dict[str, dict[str, Any]]:
    """Return what every panel sends to the browser by its key."""
    return {
        re.sub(r".*-panel_", "", leaf.proto.id): json.loads(leaf.proto.json or "{}")
        for leaf in _leaves(app._tree)
        if leaf.type == "bidi_component"
    }


def panels(app: AppTest) -> dict[str, str]:
    """Return the HTML of every panel by its key."""
    return {key: data.get("html", "") for key, data in sent(app).items()}


def listed(app: AppTest) -> list[list[str]]:
    """Return the texts of every row of the list: key, name, type and place, state and so on."""
    return list(sent(app)["rows"]["fill"]["rows"])


def text(html: str) -> str:
    """Return what a person reads in ``html``."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def problems(app: AppTest) -> list[str]:
    """Say what is wrong with a page: it raised, shows an error, has no heading or no foot."""
    drawn = panels(app)
    everything = " ".join(drawn.values())
    found = [f"raised: {error.message}" for error in app.exception]
    if "error" in drawn:
        found.append(f"shows an error: {text(drawn['error'])}")
    if everything.count("<h1") != 1:
        found.append(f"{everything.count('<h1')} main headings")
    if "footer" not in drawn:
        found.append("no foot with data date and licence")
    if "{" in text(everything):
        found.append("a placeholder was not filled")
    return found

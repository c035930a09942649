"""The thread that prepares the process: alone, told of, and never in the way for ever."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading

import pytest

from atlas.api import routes
from atlas.settings import Settings
from atlas.ui import ready


@pytest.fixture(autouse=True)
def _as_before() -> None:
    yield
    ready.done()
    gc.unfreeze()


def test_a_page_waits_until_the_process_is_prepared() -> None:
    ready.announce()
    waiting = threading.Thread(target=ready.wait, daemon=True)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    ready.done()
    waiting.join(5)
    assert not waiting.is_alive()


def test_while_the_process_is_prepared_nothing_looks_for_garbage() -> None:
    usual = sys.getswitchinterval()
    ready.announce()
    assert not gc.isenabled()
    assert sys.getswitchinterval() < usual
    ready.done()
    assert gc.isenabled()
    assert sys.getswitchinterval() == pytest.approx(usual)


def test_a_module_that_cannot_be_imported_leaves_nobody_waiting() -> None:
    told = threading.Event()
    routes(Settings(), modules=("no_such_module",), prepared=told.set)
    assert told.wait(60)


def test_pages_import_next_to_nothing_themselves() -> None:
    # Every import beside the thread is one that may meet it: pandas and Folium would
    # then be imported twice at once.
    code = """
import sys, threading
from atlas.api import routes
from atlas.settings import Settings
from atlas.ui import ready
told = threading.Event()
routes(Settings(), modules=ready.MODULES, prepared=told.set)
assert told.wait(100)
before = set(sys.modules)
from streamlit.testing.v1 import AppTest
from atlas.settings import PACKAGE
between = set(sys.modules)
page = AppTest.from_file(str(PACKAGE / "ui" / "entry" / "main.py"), default_timeout=60).run()
assert not page.exception, page.exception
late = {name.split(".")[0] for name in set(sys.modules) - between}
print(*sorted(late & {"pandas", "numpy", "geopandas", "pandera", "folium", "branca", "pyproj",
                      "shapely", "pyogrio", "jinja2", "requests", "rapidfuzz"}))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, check=False, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("more", "found"), [((), ""), (("atlas.ui.components.hotspot_form",), "atlas.analysis")]
)
def test_the_first_map_waits_for_no_statistics(more: tuple[str, ...], found: str) -> None:
    code = f"""
import sys
from importlib import import_module
for name in ("atlas.api.handlers", *{ready.MODULES!r}, *{more!r}):
    import_module(name)
print(*sorted({{"atlas.analysis", "atlas.export", "scipy", "esda", "altair", "pandera",
                "sqlalchemy"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, check=True, timeout=170,
    )  # fmt: skip
    assert done.stdout.strip() == found

"""The structure: who may know whom, how long things may be, what the core needs."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(
    path
    for folder in ("atlas", "scripts", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
SCRIPTS = sorted((ROOT / "atlas" / "assets").rglob("*.js"))
PAGES = sorted((ROOT / "atlas" / "ui" / "pages").glob("*.py"))

# These limits may only go down.
MODULE_LINES = 300
FUNCTION_LINES = 40
MEDIAN_FUNCTION_LINES = 12
PAGE_LINES = 60
APP_LINES = 30

PAGE_MODULES_FORBIDDEN = {"pandas", "numpy", "geopandas", "shapely", "pathlib", "os", "json", "csv"}


def code_lines(node: ast.AST, source: list[str]) -> int:
    """Count the lines of a function without blank lines, comments and its docstring."""
    doc = set()
    body = getattr(node, "body", [])
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        doc = set(range(body[0].lineno, body[0].end_lineno + 1))
    lines = range(node.lineno, node.end_lineno + 1)
    text = [source[n - 1].strip() for n in lines if n not in doc]
    return sum(1 for line in text if line and not line.startswith("#"))


def functions(path: Path) -> list[tuple[str, int]]:
    text = path.read_text("utf-8")
    found = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [(f"{path.name}:{node.name}", code_lines(node, text.splitlines())) for node in found]


def page_problems(source: str) -> list[str]:
    """Say what a page does that a page must not do: arithmetic, files, number formats."""
    problems = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):
            problems.append(f"arithmetic in line {node.lineno}")
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            problems.append(f"number format in line {node.lineno}")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            modules = names if isinstance(node, ast.Import) else [node.module or ""]
            problems += [
                f"import of {module}"
                for module in modules
                if module.split(".")[0] in PAGE_MODULES_FORBIDDEN
            ]
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "sum", "round"}
        ):
            problems.append(f"{node.func.id}() in line {node.lineno}")
    return problems


def is_short(path: Path) -> bool:
    return len(path.read_text("utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("path", CODE + SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_short(path: Path) -> None:
    assert is_short(path)


def test_the_scripts_of_map_and_page_are_among_the_modules() -> None:
    folders = {path.parent.relative_to(ROOT / "atlas" / "assets").as_posix() for path in SCRIPTS}
    assert {"map", "ui/panel"} <= folders


@pytest.mark.parametrize("name", ["long.py", "long.js"])
def test_the_module_measure_sees_a_long_module(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("x\n" * MODULE_LINES, "utf-8")
    assert is_short(path)
    path.write_text("x\n" * (MODULE_LINES + 1), "utf-8")
    assert not is_short(path)


def test_functions_stay_short() -> None:
    sizes = [item for path in CODE for item in functions(path)]
    too_long = [(name, size) for name, size in sizes if size > FUNCTION_LINES]
    assert not too_long
    assert statistics.median(size for _, size in sizes) <= MEDIAN_FUNCTION_LINES


def test_the_function_measure_sees_a_long_function(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("def f():\n" + "    x = 1\n" * 50 + "\n    # only a comment\n", "utf-8")
    assert functions(path) == [("long.py:f", 51)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_only_place_things(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= PAGE_LINES
    assert page_problems(source) == []


def test_there_are_pages_to_check() -> None:
    assert len(PAGES) >= 4


@pytest.mark.parametrize(
    "source",
    ["share = a / b", "import pandas as pd", "f'{x:.1f}'", "open('x')", "from pathlib import Path"],
)
def test_the_page_rules_see_what_a_page_must_not_do(source: str) -> None:
    assert page_problems(source)


def test_app_file_is_a_handful_of_lines() -> None:
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) <= APP_LINES


HIDE = """
import importlib.abc, pkgutil, sys

class Hide(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"hidden: {{name}}")

sys.meta_path.insert(0, Hide())
import atlas
for module in pkgutil.walk_packages(atlas.__path__, "atlas."):
    if module.name.startswith({skip!r}):
        continue
    __import__(module.name)
"""
WEB = {"streamlit", "streamlit_folium", "folium", "branca", "starlette", "uvicorn", "xstatic"}
WEB_MODULES = ("atlas.ui", "atlas.webmap", "atlas.api", "atlas.app")


def import_core(hidden: set[str], skip: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    script = HIDE.format(hidden=hidden, skip=skip)
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_the_core_needs_neither_streamlit_nor_folium() -> None:
    result = import_core(WEB, WEB_MODULES)
    assert result.returncode == 0, result.stderr


def test_hiding_a_package_that_the_core_needs_is_noticed() -> None:
    result = import_core({"geopandas"}, WEB_MODULES)
    assert result.returncode != 0
    assert "hidden: geopandas" in result.stderr


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_imports_point_down() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


def test_an_import_that_points_up_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "atlas").mkdir()
    for name, text in (("__init__", ""), ("errors", "import atlas.geo\n"), ("geo", "")):
        (tmp_path / "atlas" / f"{name}.py").write_text(text, "utf-8")
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_package = atlas\n[importlinter:contract:1]\nname = down\n"
        "type = layers\ncontainers = atlas\nlayers =\n    geo\n    errors\n",
        "utf-8",
    )
    result = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert result.returncode != 0
    assert "BROKEN" in result.stdout


def asks_per_frame(source: str) -> int:
    """Count the waits of a browser test that name no interval; a busy machine draws no frame."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    waits = [call for call in calls if getattr(call.func, "attr", "") == "wait_for_function"]
    return sum("polling" not in {word.arg for word in call.keywords} for call in waits)


IN_A_BROWSER = [*(ROOT / "tests" / "browser").glob("*.py"), ROOT / "benchmarks" / "browser.py"]


@pytest.mark.parametrize("path", sorted(IN_A_BROWSER), ids=lambda path: path.name)
def test_browser_tests_wait_by_the_clock(path: Path) -> None:
    assert asks_per_frame(path.read_text("utf-8")) == 0


def test_a_wait_per_frame_is_noticed() -> None:
    assert asks_per_frame('frame.wait_for_function("ready")\n') == 1
    assert asks_per_frame('frame.wait_for_function(\n    "ready",\n    polling=50,\n)\n') == 0

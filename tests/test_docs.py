"""The documents say what is true: every column, source, setting, command and figure."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from atlas.provenance import Registry
from atlas.schema.columns import NAMES
from atlas.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def render(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "render.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_generated_files_are_up_to_date() -> None:
    result = render("--check")
    assert result.returncode == 0, result.stdout


def test_a_stale_generated_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "data").mkdir()
    for name in ("sources.toml", "spaces.csv"):
        (tmp_path / "data" / name).write_bytes((ROOT / "data" / name).read_bytes())
    assert render("--root", str(tmp_path)).returncode == 0
    assert render("--check", "--root", str(tmp_path)).returncode == 0
    (tmp_path / "docs" / "sources.md").write_text("old", "utf-8")
    assert render("--check", "--root", str(tmp_path)).returncode == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_documented(name: str) -> None:
    assert f"| `{name}` |" in read("docs/data-format.md")


def test_every_source_is_documented() -> None:
    for source in Registry.load(ROOT / "data").sources:
        assert f"## `{source}`" in read("docs/sources.md")


def test_every_setting_is_documented() -> None:
    for name in Settings.model_fields:
        assert f"`ATLAS_{name.upper()}`" in read("docs/settings.md")


def links(text: str) -> list[str]:
    """Return the targets of relative Markdown links and pictures."""
    found = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    return [target for target in found if "://" not in target]


MARKDOWN = sorted(
    path
    for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "data").rglob("*.md")]
    if ".venv" not in path.parts
)


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    missing = [
        target for target in links(path.read_text("utf-8")) if not (path.parent / target).exists()
    ]
    assert missing == []


def test_the_link_check_sees_links() -> None:
    assert links("[a](b.md) ![c](d/e.png#x) [f](https://g.de)") == ["b.md", "d/e.png"]


def named_paths(text: str) -> list[str]:
    """Return the files and modules of ours that a document names as code."""
    found = re.findall(r"`((?:atlas|scripts|tests|data|docs|benchmarks)/[\w./-]*)`", text)
    return [name for name in found if "*" not in name and "NNN" not in name]


def exists(name: str) -> bool:
    path = ROOT / name
    return path.exists() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_code_that_documents_name_is_there(path: Path) -> None:
    names = named_paths(path.read_text("utf-8"))
    assert [name for name in names if not exists(name)] == []


def test_the_path_check_sees_a_file_that_is_not_there() -> None:
    assert named_paths("see `atlas/schema/rules.py` and `x`") == ["atlas/schema/rules.py"]
    assert not exists("atlas/schema/rules.py")


def test_the_two_commands_are_the_first_code_in_the_readme() -> None:
    first = re.search(r"```sh\n(.*?)```", read("README.md"), re.DOTALL)
    assert first is not None
    assert [line.split("#")[0].strip() for line in first[1].strip().splitlines()] == [
        "make app",
        "make test",
    ]


FORBIDDEN = re.compile(
    r"pypi\.org|pythonhosted|npmjs\.(org|com)|deb\.debian|(?<![\w.:/])/(work|tmp/\w+)/"
)


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_no_file_names_a_registry_host_or_a_path_of_one_machine() -> None:
    found = []
    for path in committed():
        if path == Path(__file__) or path.stat().st_size > 2_000_000:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.name}: {hit.group()}" for hit in FORBIDDEN.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "text", ["https://" + "pypi" + ".org/x", "see /" + "work/main/x", "/" + "tmp/a/b"]
)
def test_the_guard_sees_hosts_and_paths(text: str) -> None:
    assert FORBIDDEN.search(text)

"""What is wrong with a mapping, told with file, line, key and what to write instead."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

from atlas.errors import ConfigError, MessageId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_SECTION: Final = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+")
_KEY: Final = re.compile(r"""^\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*(?:\.|=)""")
_SHOWN: Final = 12


class WrongEntry(ValueError):  # noqa: N818 - pydantic wraps it into its own error
    """
    An entry that cannot be meant so.

    Parameters
    ----------
    problem
        What is wrong, a German message id.
    detail
        Names and codes that stay as they are in every language.
    path
        Keys that lead to the entry, where pydantic knows less.
    """

    def __init__(self, problem: str, detail: str = "", path: Sequence[str] = ()) -> None:
        self.problem = MessageId(problem)
        self.detail = detail
        self.path = path
        super().__init__(f"{problem} {detail}".strip())


def unknown(name: str, known: Iterable[str], path: Sequence[str]) -> WrongEntry:
    """Return the error for a name that is not known, with known names that look like it."""
    return WrongEntry("unbekannt ist", f"{name} ({close_to(name, known)})", path)


def close_to(name: str, known: Iterable[str]) -> str:
    """Return the known names that look like ``name``, or the first ones."""
    names = list(known)
    close = difflib.get_close_matches(name, names, 3)
    more = "" if close or len(names) <= _SHOWN else " …"
    return ", ".join(close or names[:_SHOWN]) + more


def config_error(file: str, text: str, error: ValidationError) -> ConfigError:
    """Return the first problem of a mapping as an error of ours."""
    first = error.errors(include_url=False)[0]
    wrong = first.get("ctx", {}).get("error")
    stated = wrong.path if isinstance(wrong, WrongEntry) else ()
    path = list(stated) or [str(part) for part in first["loc"]]
    line = _line(text, path)
    problem, detail = _problem(first)
    return ConfigError(
        "{file}, Zeile {line}, {key}: {problem} {detail}."
        if line
        else "{file}, {key}: {problem} {detail}.",
        hint="Den Eintrag berichtigen; docs/add-a-source.md erklärt jeden Schlüssel.",
        file=file,
        line=line,
        key=".".join(path) or "Mapping",
        problem=problem,
        detail=detail,
    )


def _problem(found: ErrorDetails) -> tuple[str, str]:
    """Return pydantic's finding as a German message id and what it is about."""
    context = found.get("ctx", {})
    wrong = context.get("error")
    if isinstance(wrong, WrongEntry):
        return wrong.problem, wrong.detail
    if found["type"] == "literal_error":
        return MessageId("möglich ist nur"), str(context.get("expected", ""))
    if found["type"] == "missing":
        return MessageId("es fehlt"), str(found["loc"][-1])
    if found["type"] == "extra_forbidden":
        return MessageId("diesen Schlüssel gibt es nicht"), ""
    return MessageId("der Wert passt nicht:"), found["msg"]


def _line(text: str, path: Sequence[str]) -> int:
    """Return the line (from 1) that sets the deepest part of ``path``; 0 if none does."""
    best, depth = 0, 0
    section: list[str] = []
    for position, line in enumerate(text.splitlines(), start=1):
        if header := _SECTION.match(line):
            section = header[1].replace('"', "").split(".")
            here = section
        elif found := _KEY.match(line):
            here = [*section, next(filter(None, found.groups()), "")]
        else:
            continue
        if len(here) > depth and list(path[: len(here)]) == here:
            best, depth = position, len(here)
    return best

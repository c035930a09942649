"""
SPARQL 1.1 results in JSON, as plain values.

Read with the JSON parser itself: rdflib's reader of this format takes a missing part for a
programming error (KeyError, NotImplementedError), turns every literal into a Python value on
the way and warns about those it cannot; here a broken term costs that term only.
"""

from __future__ import annotations

import json
from typing import Any, Final

from atlas.errors import SourceFormatError
from atlas.sources.lines import one_line

Terms = dict[str, tuple[str, str]]
"""Variable → kind (``uri``, ``literal`` or ``bnode``) and value."""
_KINDS: Final = ("uri", "literal", "typed-literal", "bnode")


def bindings(payload: bytes, source_id: str) -> list[Terms]:
    """
    Return the solutions in their order.

    Raises
    ------
    SourceFormatError
        If the payload is no whole document of this format, or has not the variable ``item``.
    """
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise SourceFormatError(
            "{source}: die Antwort ist kein vollständiges JSON.",
            source=source_id,
            hint="Die Antwort neu abrufen; sie ist abgeschnitten oder eine Fehlerseite.",
        ) from error
    variables = _at(document, "head", "vars")
    solutions = _at(document, "results", "bindings")
    if (
        not isinstance(variables, list)
        or "item" not in variables
        or not isinstance(solutions, list)
    ):
        raise SourceFormatError(
            "{source}: die Antwort ist kein SPARQL-Ergebnis mit der Variablen „item“.",
            source=source_id,
            hint="ATLAS_WIKIDATA_URL prüfen: dort muss ein SPARQL-Dienst antworten.",
        )
    return [_terms(solution) for solution in solutions]


def _at(document: Any, *path: str) -> Any:  # noqa: ANN401 - JSON
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _terms(solution: Any) -> Terms:  # noqa: ANN401 - JSON
    if not isinstance(solution, dict):
        return {}
    return {
        name: (str(term["type"]), one_line(term["value"]))
        for name, term in solution.items()
        if isinstance(term, dict)
        and term.get("type") in _KINDS
        and isinstance(term.get("value"), str)
    }

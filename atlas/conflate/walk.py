"""Walking through uncertain pairs: both rows side by side, one key each."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from atlas.conflate import review
from atlas.conflate.explain import explain, reason
from atlas.conflate.verdicts import Verdict, read_verdicts
from atlas.i18n import number, translator
from atlas.schema import BY_NAME

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from atlas.vocabulary import Language

_KEYS: Final = {"s": "same", "d": "different"}
_SKIP: Final = "n"
_UNDO: Final = "u"
_QUIT: Final = "q"
_STEPS: Final = "[s] derselbe Ort  [d] verschieden  [n] weiter  [u] zurück  [q] Ende"
_AT_THE_END: Final = "Alle Paare sind durch. [u] zurück  [Enter] fertig: "
_NOTHING_LEFT: Final = "Über alle Paare ist entschieden, es ist keines mehr zu prüfen."
_NO_KEY: Final = "Diese Taste gibt es hier nicht."
_NO_REASON: Final = "Ohne Grund wird nichts festgehalten."
_NOTHING_BACK: Final = "Es gibt nichts zurückzunehmen."
_NOT_LAST: Final = (
    "Die letzte Zeile von decisions.csv ist nicht mehr diese Entscheidung; sie bleibt stehen."
)
_SIDE_BY_SIDE: Final = (
    "name", "type", "street", "house_number", "municipality", "source", "source_ref",
)  # fmt: skip
_BELOW: Final = ("website", "source_url")
"""Too long to stand side by side."""
_GAP: Final = 2


class Tally(NamedTuple):
    """What a walk did: verdicts kept, pairs passed over, pairs not reached."""

    same: int
    different: int
    skipped: int
    left: int


class Person(NamedTuple):
    """Who decides: ``ask`` shows a question and returns the answer, ``show`` shows a text."""

    ask: Callable[[str], str]
    show: Callable[[str], None]


@dataclass
class _Walk:
    """Where the walk is, and what can be taken back."""

    records: list[dict[str, Any]]
    path: Path
    day: str
    at: int = 0
    kept: list[tuple[int, Verdict | None]] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return self.at == len(self.records)


def walk(
    pairs: pd.DataFrame,
    decisions_path: Path,
    *,
    person: Person,
    today: dt.date,
    language: Language = "de",
) -> Tally:
    """
    Show one pair after the other and keep what the person says.

    Pairs with a verdict in the file are left out. Each verdict is in the file before the
    next pair is shown, so the walk can be broken off at any moment. Behind the last pair it
    asks once more, so that this one can be taken back as well.

    Parameters
    ----------
    pairs
        From `atlas.conflate.review.read`.
    person
        Is shown the pairs and answers; an `EOFError` ends the walk.
    today
        Day of the verdicts.

    Raises
    ------
    ConfigError
        If the file of verdicts is broken.
    """
    say = translator(language)
    state = _Walk(_open(pairs, decisions_path), decisions_path, today.isoformat())
    if state.is_done:
        person.show(say(_NOTHING_LEFT))
    before = -1
    while state.records:
        if state.at != before and not state.is_done:
            person.show(shown(state.records[state.at], language=language))
        before = state.at
        try:
            answer = person.ask(_question(state, language)).strip().lower()
            if answer == _QUIT or (state.is_done and not answer):
                break
            problem = _step(state, answer, lambda: person.ask(say("Grund: ")))
        except EOFError:
            break
        if problem:
            person.show(say(problem))
    verdicts = [verdict.verdict for _, verdict in state.kept if verdict]
    skipped = sum(verdict is None for _, verdict in state.kept)
    left = len(state.records) - state.at
    return Tally(verdicts.count("same"), verdicts.count("different"), skipped, left)


def _question(state: _Walk, language: Language) -> str:
    say = translator(language)
    if state.is_done:
        return say(_AT_THE_END)
    position = say("Paar {n} von {all}").format(n=state.at + 1, all=len(state.records))
    return f"{position}: {say(_STEPS)} "


def shown(record: Mapping[str, Any], *, language: Language) -> str:
    """Return a pair as text: both rows side by side, then what speaks for and against."""
    both = {name: tuple(str(record[f"{name}_{side}"]) for side in "ab") for name in review.SHOWN}
    labels = {name: BY_NAME[name].en if language == "en" else BY_NAME[name].de for name in both}
    margin = max(map(len, labels.values())) + _GAP
    width = max(len(both[name][0]) for name in _SIDE_BY_SIDE) + _GAP
    lines = []
    for name in _SIDE_BY_SIDE:
        first, second = both[name]
        mark = "=" if first == second else " "
        if first or second:
            line = f"{labels[name]:<{margin}}{mark} {first:<{width}}{second}"
            lines.append(line.rstrip())
    lines += [f"{labels[name]:<{margin}}  {url}" for name in _BELOW for url in both[name] if url]
    stated = str(record["distance_m"])
    distance = float(stated) if stated else math.nan
    points = explain(json.loads(str(record["explanation"])), distance, language=language)
    lines += [
        f"  {number(point.points, language, decimals=1):>6}  {point.text}" for point in points
    ]
    return "\n".join([*lines, reason(str(record["reason"]), language=language)])


def _open(pairs: pd.DataFrame, path: Path) -> list[dict[str, Any]]:
    decided = {frozenset((verdict.a, verdict.b)) for verdict in read_verdicts(path)}
    records = cast("list[dict[str, Any]]", pairs.to_dict("records"))
    return [record for record in records if frozenset(_keys(record)) not in decided]


def _keys(record: Mapping[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    first, second = (
        (str(record[f"source_{side}"]), str(record[f"source_ref_{side}"])) for side in ("a", "b")
    )
    return first, second


def _step(state: _Walk, answer: str, ask_reason: Callable[[], str]) -> str:
    """Do what one answer says; return why it was not done, empty if it was."""
    if answer == _UNDO:
        return _back(state)
    if state.is_done or answer not in (_SKIP, *_KEYS):
        return _NO_KEY
    verdict = None
    if answer in _KEYS:
        why = ask_reason().strip()
        if not why:  # a verdict without a reason helps nobody later
            return _NO_REASON
        (source_a, ref_a), (source_b, ref_b) = _keys(state.records[state.at])
        said = cast("Literal['same', 'different']", _KEYS[answer])
        verdict = Verdict(source_a, ref_a, source_b, ref_b, said, why, state.day)
        review.record(state.path, verdict)
    state.kept.append((state.at, verdict))
    state.at += 1
    return ""


def _back(state: _Walk) -> str:
    """Take the last step back; return why it was not done, empty if it was."""
    if not state.kept:
        return _NOTHING_BACK
    at, verdict = state.kept[-1]
    if verdict and not review.undo(state.path, verdict):
        return _NOT_LAST
    state.kept.pop()
    state.at = at
    return ""

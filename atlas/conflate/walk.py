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
    next pair is shown, so the walk can be broken off at any moment.

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
    keys = say("[s] derselbe Ort  [d] verschieden  [n] weiter  [u] zurück  [q] Ende")
    state = _Walk(_open(pairs, decisions_path), decisions_path, today.isoformat())
    everything = len(state.records)
    while state.at < everything:
        person.show(shown(state.records[state.at], language=language))
        position = say("Paar {n} von {all}").format(n=state.at + 1, all=everything)
        try:
            answer = person.ask(f"{position}: {keys} ").strip().lower()
            if answer == _QUIT:
                break
            _step(state, answer, lambda: person.ask(say("Grund: ")))
        except EOFError:
            break
    verdicts = [verdict.verdict for _, verdict in state.kept if verdict]
    skipped = sum(verdict is None for _, verdict in state.kept)
    left = everything - state.at
    return Tally(verdicts.count("same"), verdicts.count("different"), skipped, left)


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


def _step(state: _Walk, answer: str, ask_reason: Callable[[], str]) -> None:
    """Do what one answer says; an answer that is no key shows the pair again."""
    if answer == _SKIP:
        state.kept.append((state.at, None))
        state.at += 1
    elif answer == _UNDO and state.kept:
        state.at, verdict = state.kept.pop()
        if verdict:
            review.undo(state.path, verdict)
    elif answer in _KEYS:
        why = ask_reason().strip()
        if not why:  # a verdict without a reason helps nobody later
            return
        (source_a, ref_a), (source_b, ref_b) = _keys(state.records[state.at])
        said = cast("Literal['same', 'different']", _KEYS[answer])
        verdict = Verdict(source_a, ref_a, source_b, ref_b, said, why, state.day)
        review.record(state.path, verdict)
        state.kept.append((state.at, verdict))
        state.at += 1

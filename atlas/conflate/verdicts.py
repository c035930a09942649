"""A person's verdicts on pairs of rows (``data/decisions.csv``): they win over every score."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Final, Literal, cast

from atlas.errors import ConfigError, why

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    Key = tuple[str, str]


VERDICTS: Final = ("same", "different")
_ENCODING: Final = "utf-8-sig"  # reads files with and without byte order mark


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    Whether two rows are one place, said by a person.

    Attributes
    ----------
    source_a, ref_a, source_b, ref_b
        Source and the source's key of both rows.
    verdict
        ``same`` or ``different``.
    reason
        Why, in a sentence.
    decided_on
        Day, YYYY-MM-DD.
    line
        In the file, from 1; 0 if it comes from elsewhere.
    """

    source_a: str
    ref_a: str
    source_b: str
    ref_b: str
    verdict: Literal["same", "different"]
    reason: str
    decided_on: str
    line: int = 0

    @property
    def a(self) -> Key:
        """Key of the first row."""
        return self.source_a, self.ref_a

    @property
    def b(self) -> Key:
        """Key of the second row."""
        return self.source_b, self.ref_b


COLUMNS: Final = tuple(field.name for field in fields(Verdict) if field.name != "line")


def read_verdicts(path: Path) -> tuple[Verdict, ...]:
    """
    Read the verdicts; none if there is no file.

    Raises
    ------
    ConfigError
        If the file is not readable, a line is no verdict, or lines contradict each other.
    """
    if not path.exists():
        return ()
    try:
        text = path.read_text(_ENCODING)
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else error
        raise ConfigError(
            "{path} ist nicht lesbar: {reason}.",
            hint="Als CSV in UTF-8 speichern.",
            path=path.name,
            reason=reason,
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    if header != list(COLUMNS):
        raise ConfigError(
            "{path}: die Kopfzeile lautet nicht {columns}.",
            hint="Die Kopfzeile wiederherstellen.",
            path=path.name,
            columns=",".join(COLUMNS),
        )
    verdicts = tuple(_verdict(cells, reader.line_num) for cells in reader if any(cells))
    check(verdicts)
    return verdicts


def to_line(verdict: Verdict) -> str:
    """Return a verdict as a line of the file."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(astuple(verdict)[: len(COLUMNS)])
    return line.getvalue()


def check(verdicts: Sequence[Verdict]) -> None:
    """
    Refuse verdicts that cannot hold together.

    Raises
    ------
    ConfigError
        If two rows are one place by some lines and two by another; names both lines.
    """
    same = [verdict for verdict in verdicts if verdict.verdict == "same"]
    towards: dict[Key, list[Verdict]] = {}
    for verdict in same:
        towards.setdefault(verdict.a, []).append(verdict)
        towards.setdefault(verdict.b, []).append(verdict)
    for verdict in verdicts:
        if verdict.verdict == "different":
            path = _path(towards, verdict.a, verdict.b)
            if path:
                raise ConfigError(
                    "decisions.csv widerspricht sich: Zeile {different} nennt {a} und {b} "
                    "verschieden, nach Zeile {same} sind sie derselbe Ort.",
                    hint="Eines der beiden Urteile streichen.",
                    different=verdict.line,
                    same=", ".join(str(step.line) for step in path),
                    a="/".join(verdict.a),
                    b="/".join(verdict.b),
                )


def _verdict(cells: Sequence[str], line: int) -> Verdict:
    stated = [cell.strip() for cell in cells]
    complete = len(stated) == len(COLUMNS) and all(stated)
    if not complete or stated[4] not in VERDICTS or not _is_day(stated[6]):
        raise ConfigError(
            "decisions.csv, Zeile {line}: das ist kein Urteil.",
            hint="Jede Zeile nennt zwei Schlüssel, same oder different, einen Grund und den Tag "
            "(JJJJ-MM-TT).",
            line=line,
        )
    source_a, ref_a, source_b, ref_b, said, reason, day = stated
    said = cast("Literal['same', 'different']", said)
    verdict = Verdict(source_a, ref_a, source_b, ref_b, said, reason, day, line)
    if verdict.a == verdict.b:
        raise ConfigError(
            "decisions.csv, Zeile {line}: beide Schlüssel sind derselbe.",
            hint="Den Schlüssel der zweiten Zeile berichtigen.",
            line=line,
        )
    return verdict


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _path(towards: Mapping[Key, Iterable[Verdict]], start: Key, goal: Key) -> list[Verdict]:
    """Return the shortest way of `same` verdicts from one row to the other; empty if none."""
    ways: dict[Key, list[Verdict]] = {start: []}
    waiting = [start]
    for key in waiting:
        for step in towards.get(key, ()):
            other = step.b if step.a == key else step.a
            if other not in ways:
                ways[other] = [*ways[key], step]
                waiting.append(other)
    return ways.get(goal, [])

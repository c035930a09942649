"""Verdicts of a person: read, checked, recorded, taken back; the walk through the pairs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from conflate_fixtures import spaces_of

from atlas.conflate import conflate, read_verdicts, review
from atlas.conflate.verdicts import COLUMNS, Verdict, check
from atlas.conflate.walk import Person, walk
from atlas.errors import ConfigError
from atlas.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

DAY = dt.date(2026, 11, 22)
HALL = {
    "name": "Turbinenhalle", "type": "event_hall", "municipality": "Oberhausen",
    "ags": "05119000", "lat": "51.4957", "lon": "6.8577",
}  # fmt: skip
HEADER = ",".join(COLUMNS) + "\n"


def verdict(a: str, b: str, said: str, line: int = 0) -> Verdict:
    return Verdict("x", a, "x", b, said, "seen", DAY.isoformat(), line)


@pytest.fixture
def pairs(tmp_path: Path) -> pd.DataFrame:
    """Return three uncertain pairs as the build writes and the command reads them."""
    rows = [{**HALL, "source": "osm", "source_ref": f"way/{n}"} for n in range(3)]
    listed = conflate(spaces_of(rows)).review
    review.write(listed, tmp_path / "review.csv")
    return review.read(tmp_path / "review.csv")


def person(
    answers: list[str], texts: list[str] | None = None, *, asked: list[str] | None = None
) -> Person:
    waiting = iter(answers)

    def ask(question: str) -> str:
        if asked is not None:
            asked.append(question)
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    return Person(ask=ask, show=(texts if texts is not None else []).append)


def test_the_shipped_file_of_verdicts_is_read() -> None:
    assert all(v.reason for v in read_verdicts(Settings().data_dir / "decisions.csv"))


def test_no_file_means_no_verdicts(tmp_path: Path) -> None:
    assert read_verdicts(tmp_path / "decisions.csv") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "Kopfzeile"),
        (HEADER + "x,1,x,2,maybe,seen,2026-11-22\n", "Zeile 2"),
        (HEADER + "x,1,x,2,same,,2026-11-22\n", "Zeile 2"),
        (HEADER + "x,1,x,2,same,seen,22.11.2026\n", "Zeile 2"),
        (HEADER + "x,1,x,2,same,seen\n", "Zeile 2"),
        (HEADER + "x,1,x,1,same,seen,2026-11-22\n", "derselbe"),
    ],
)
def test_a_line_that_is_no_verdict_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "decisions.csv").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=message):
        read_verdicts(tmp_path / "decisions.csv")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="nicht lesbar"):
        read_verdicts(tmp_path / "decisions.csv")


def test_verdicts_that_contradict_each_other_name_both_lines() -> None:
    with pytest.raises(ConfigError, match=r"Zeile 3 .*Zeile 2"):
        check([verdict("1", "2", "same", 2), verdict("2", "1", "different", 3)])


def test_a_contradiction_over_a_third_row_names_all_lines() -> None:
    chain = [verdict("1", "2", "same", 2), verdict("2", "3", "same", 4)]
    with pytest.raises(ConfigError, match=r"Zeile 5 .*Zeile 2, 4"):
        check([*chain, verdict("1", "3", "different", 5)])
    check([*chain, verdict("1", "4", "different", 5)])


def test_a_verdict_about_rows_that_are_gone_is_told() -> None:
    spaces = spaces_of([{**HALL, "source": "osm", "source_ref": "way/1"}])
    gone = Verdict("osm", "way/1", "osm", "way/9", "same", "seen", DAY.isoformat(), 2)
    assert conflate(spaces, verdicts=[gone]).idle == (gone,)


def test_a_verdict_cannot_part_what_is_one_row_already() -> None:
    rows = [{**HALL, "source": source, "source_ref": "1"} for source in ("a", "b")]
    once = conflate(spaces_of(rows)).spaces
    assert len(once) == 1
    apart = Verdict("a", "1", "b", "1", "different", "seen", DAY.isoformat(), 2)
    with pytest.raises(ConfigError, match="Zeile 2"):
        conflate(once, verdicts=[apart])


def test_the_list_is_the_same_bytes_for_the_same_pairs(tmp_path: Path) -> None:
    rows = [{**HALL, "source": "osm", "source_ref": f"way/{n}"} for n in range(3)]
    for name, order in (("one", rows), ("two", rows[::-1])):
        review.write(conflate(spaces_of(order)).review, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_list_of_another_shape_is_refused(tmp_path: Path) -> None:
    (tmp_path / "review.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ConfigError, match="keine Liste"):
        review.read(tmp_path / "review.csv")
    with pytest.raises(ConfigError, match="nicht lesbar"):
        review.read(tmp_path / "missing.csv")


def test_a_walk_keeps_every_verdict_at_once(tmp_path: Path, pairs: pd.DataFrame) -> None:
    path = tmp_path / "decisions.csv"
    shown: list[str] = []
    answers = ["s", "one hall", "?", "n", "d", "two halls"]
    tally = walk(pairs, path, person=person(answers, shown), today=DAY)
    assert tally == (1, 1, 1, 0)
    assert [v.verdict for v in read_verdicts(path)] == ["same", "different"]
    assert "way/0" in shown[0]
    assert "Eine Quelle führt beide" in shown[0]


def test_a_walk_can_be_taken_back(tmp_path: Path, pairs: pd.DataFrame) -> None:
    path = tmp_path / "decisions.csv"
    tally = walk(pairs, path, person=person(["s", "one hall", "u", "d", "two", "q"]), today=DAY)
    assert tally == (0, 1, 0, 2)
    assert [v.verdict for v in read_verdicts(path)] == ["different"]


def test_a_walk_goes_on_where_it_ended(tmp_path: Path, pairs: pd.DataFrame) -> None:
    path = tmp_path / "decisions.csv"
    assert walk(pairs, path, person=person(["s", "one hall"]), today=DAY).left == 2
    assert walk(pairs, path, person=person(["q"]), today=DAY).left == 2


def test_the_last_pair_can_be_taken_back(tmp_path: Path, pairs: pd.DataFrame) -> None:
    path = tmp_path / "decisions.csv"
    asked: list[str] = []
    answers = ["n", "n", "s", "one hall", "u", "d", "two halls", ""]
    tally = walk(pairs, path, person=person(answers, asked=asked), today=DAY)
    assert tally == (0, 1, 2, 0)
    assert [v.verdict for v in read_verdicts(path)] == ["different"]
    assert [question.startswith("Alle Paare sind durch") for question in asked] == [
        False, False, False, False, True, False, False, True]  # fmt: skip


def test_behind_the_last_pair_only_going_back_is_left(tmp_path: Path, pairs: pd.DataFrame) -> None:
    texts: list[str] = []
    answers = ["n", "n", "n", "s", "", "n"]
    tally = walk(pairs, tmp_path / "d.csv", person=person(answers, texts), today=DAY)
    assert tally == (0, 0, 3, 0)
    assert texts[-1] == "Diese Taste gibt es hier nicht."


def test_with_all_pairs_decided_nothing_is_asked(tmp_path: Path, pairs: pd.DataFrame) -> None:
    path = tmp_path / "decisions.csv"
    walk(pairs, path, person=person(["s", "a", "s", "b", "s", "c", ""]), today=DAY)
    texts: list[str] = []
    asked: list[str] = []
    tally = walk(pairs, path, person=person(["s"], texts, asked=asked), today=DAY, language="en")
    assert tally == (0, 0, 0, 0)
    assert texts == ["All pairs are decided, none is left to check."]
    assert asked == []


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (["x", "q"], "Diese Taste gibt es hier nicht."),
        (["", "q"], "Diese Taste gibt es hier nicht."),
        (["s", " ", "q"], "Ohne Grund wird nichts festgehalten."),
        (["u", "q"], "Es gibt nichts zurückzunehmen."),
        (["n", "q"], None),
    ],
)
def test_what_a_walk_does_not_do_it_says(
    tmp_path: Path, pairs: pd.DataFrame, answers: list[str], told: str | None
) -> None:
    path = tmp_path / "decisions.csv"
    texts: list[str] = []
    walk(pairs, path, person=person(answers, texts), today=DAY)
    assert read_verdicts(path) == ()
    pair, *rest = texts
    assert "way/0" in pair
    # Said below the pair, which is not shown again; without a problem, the next pair is.
    assert rest == [told] if told else "way/2" in rest[0]


def test_a_verdict_that_is_no_longer_the_last_line_stays(
    tmp_path: Path, pairs: pd.DataFrame
) -> None:
    path = tmp_path / "decisions.csv"
    texts: list[str] = []
    asked = iter(["s", "one hall", "u", "q"])

    def ask(_question: str) -> str:
        answer = next(asked)
        if answer == "u":
            review.record(path, verdict("1", "2", "same"))
        return answer

    tally = walk(pairs, path, person=Person(ask=ask, show=texts.append), today=DAY)
    assert tally == (1, 0, 0, 2)
    assert len(read_verdicts(path)) == 2
    assert "bleibt stehen" in texts[-1]


def test_undo_takes_back_only_the_last_line(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    first, second = verdict("1", "2", "same"), verdict("3", "4", "same")
    review.record(path, first)
    review.record(path, second)
    assert not review.undo(path, first)
    assert review.undo(path, second)
    assert [v.ref_a for v in read_verdicts(path)] == ["1"]


def test_a_contradiction_is_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    review.record(path, verdict("1", "2", "same"))
    before = path.read_bytes()
    with pytest.raises(ConfigError):
        review.record(path, verdict("1", "2", "different"))
    assert path.read_bytes() == before

"""Reading the registry: whatever a file holds, it is told in a clear sentence."""

from __future__ import annotations

import csv
import io
import time

import pandas as pd
import pytest
from core_fixtures import EDGE_ROWS, TOWNS, cells, row, write_csv
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import SourceFormatError, SourceUnavailableError
from atlas.schema import NAMES
from atlas.schema.validate import validate
from atlas.sources import curated

HEADER = ",".join(NAMES)
WIDTH = len(NAMES)


def line(*values: str) -> str:
    return ",".join([*values, *[""] * (WIDTH - len(values))])


@pytest.fixture
def file(tmp_path):
    """Return a function that writes bytes or lines as a registry file."""

    def write(*lines: str | bytes):
        path = tmp_path / "spaces.csv"
        path.write_bytes(b"\n".join(part.encode() if isinstance(part, str) else part
                                    for part in lines))  # fmt: skip
        return path

    return write


def test_rows_come_back_as_they_were_written(tmp_path):
    read, faults = curated.read(write_csv(tmp_path / "spaces.csv", *EDGE_ROWS))
    pd.testing.assert_frame_equal(read, cells(*EDGE_ROWS), check_names=False)
    assert faults.empty
    assert list(faults.columns) == ["row", "value", "code"]
    assert read.index.name == "row"


def test_keys_stay_text_with_their_zeros(file):
    read, _ = curated.read(file(HEADER, line("0000000001", "007", "true", "1.50")))
    assert read.iloc[0, :4].tolist() == ["0000000001", "007", "true", "1.50"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_byte_order_mark_and_line_ends_do_not_matter(tmp_path, start, end):
    path = tmp_path / "spaces.csv"
    path.write_text(start + HEADER + end + line("a", '"x, ""y"""') + end, "utf-8", newline="")
    read, faults = curated.read(path)
    assert read.iloc[0, :2].tolist() == ["a", 'x, "y"']
    assert faults.empty


def test_the_order_of_the_columns_does_not_matter(tmp_path):
    path = tmp_path / "spaces.csv"
    names = list(reversed(NAMES))
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, names)
        writer.writeheader()
        writer.writerow(row())
    read, _ = curated.read(path)
    assert list(read.columns) == list(NAMES)
    assert read["name"].tolist() == ["Alte Zeche"]


def test_empty_lines_are_skipped_and_lines_keep_their_number(file):
    read, faults = curated.read(file(HEADER, "", line("a"), "  \t", "," * (WIDTH - 1), line("b")))
    assert read.index.tolist() == [3, 6]
    assert faults.empty


def test_white_space_around_a_cell_is_no_value(file):
    read, _ = curated.read(file(HEADER, line(" a ", "  ", '" b"')))
    assert read.iloc[0, [0, 2]].tolist() == ["a", "b"]
    assert pd.isna(read.iloc[0, 1])


WHOLE = [
    ("", "leer"),
    ("\ufeff \r\n", "leer"),
    (HEADER, "nach der Kopfzeile folgt keine einzige Zeile"),
    (HEADER + "\n\n,,\n", "nach der Kopfzeile folgt keine einzige Zeile"),
    (HEADER.replace(",", ";") + "\na;b", "Trennzeichen ist „;“, erwartet wird ein Komma"),
    (HEADER.replace(",", "\t") + "\na\tb", "Trennzeichen ist „Tab“"),
    (HEADER.replace(",name,", ",") + "\n1", "Zeile 1: die Spalte name fehlt"),
    (HEADER.replace(",name,", ",nmae,") + "\n1", "„nmae“ → „name“?"),
    (HEADER + ",colour\n" + line("a"), "die Spalte colour ist unbekannt"),
    (HEADER + ",name\n" + line("a"), "die Spalte name kommt mehrmals vor"),
    ('"' + HEADER + "\n" + line("a"), "fehlt"),
    ("\x00" + HEADER + "\n" + line("a"), "fehlt"),
    ("{}", "fehlt"),
]


@pytest.mark.parametrize(("content", "sentence"), WHOLE)
def test_a_file_that_is_not_the_registry_is_told_with_what_to_do(file, content, sentence):
    with pytest.raises(SourceFormatError) as caught:
        curated.read(file(content))
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("spaces.csv")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ((HEADER + "\n" + line("a") + "\n" + line("Müller")).encode("latin-1"),
         "spaces.csv, Zeile 3: die Datei ist nicht UTF-8 (Byte 0xFC)."),
        ((HEADER + "\n" + line("a")).encode("utf-16"), "spaces.csv: die Datei ist UTF-16"),
    ],
)  # fmt: skip
def test_another_encoding_is_told_with_its_place(file, content, sentence):
    with pytest.raises(SourceFormatError, match="CSV UTF-8") as caught:
        curated.read(file(content))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_is_unavailable(tmp_path, name):
    with pytest.raises(SourceUnavailableError, match="Leserechte"):
        curated.read(tmp_path / name)


FAULTS = [
    (line("a")[:-1], "cells"),
    (line("a") + ",", "cells"),
    ("just a sentence", "cells"),
    (line("a", "one, two") , "cells"),
    (line("a", '"one, two"', '"x') , "quotes"),
    (line("a", '"one"two') , "quotes"),
    (line("a", 'the "old" mill') , "quotes"),
    (line("a", '"one'), "quotes"),
    (line("a", '"one"') + ",", "cells"),
    (line("a\x00b"), "nul"),
    (line("a", "x" * 10_000_000), "line_length"),
    (line("a", '"' + "x" * 10_000_000), "line_length"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "code"), FAULTS)
def test_a_broken_line_is_set_aside_and_its_neighbours_stay(file, bad, code):
    read, faults = curated.read(file(HEADER, line("before"), bad, line("after")))
    assert read["space_id"].tolist() == ["before", "after"]
    assert faults[["row", "code"]].to_numpy().tolist() == [[3, code]]
    assert len(faults["value"][0]) <= 81
    checked = validate(read, TOWNS, sources=(), faults=faults)
    assert 3 in checked.rejects["row"].tolist()


def test_a_cell_over_two_lines_spoils_no_other_row(file):
    read, faults = curated.read(
        file(HEADER, line("a"), line("b", '"one') + "\n" + 'two"', line("c"))
    )
    assert read["space_id"].tolist() == ["a", "c"]
    assert faults["row"].tolist() == [3, 4]


def test_a_file_of_nothing_but_broken_lines_is_read(file):
    read, faults = curated.read(file(HEADER, "a", "b", ""))
    assert read.empty
    assert list(read.columns) == list(NAMES)
    assert len(faults) == 2


@pytest.mark.parametrize("last", [line("b")[:-3], line("b", '"half a na'), "b"])
def test_a_broken_last_line_without_an_end_means_that_the_file_is_cut_off(file, last):
    with pytest.raises(SourceFormatError, match="ist abgeschnitten"):
        curated.read(file(HEADER, line("a"), last))
    read, faults = curated.read(file(HEADER, line("a"), last, ""))
    assert (len(read), len(faults)) == (1, 1)


@pytest.mark.parametrize("last", [line("b"), ",,,", "  "])
def test_a_sound_last_line_needs_no_end(file, last):
    read, faults = curated.read(file(HEADER, line("a"), last))
    assert len(read) == (2 if "b" in last else 1)
    assert faults.empty


texts = st.text(
    st.characters(exclude_characters="\r\n\x00", exclude_categories=("Cs",)), max_size=20
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=5))
def test_whatever_a_csv_writer_writes_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "spaces.csv"
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([NAMES, *([*given_row, "end", *[""] * (WIDTH - 4)] for given_row in rows)])
    path.write_text(buffer.getvalue(), "utf-8", newline="")
    read, faults = curated.read(path)
    assert faults.empty
    stripped = [[cell.strip() for cell in given_row] for given_row in rows]
    assert read.iloc[:, :3].fillna("").to_numpy().tolist() == stripped


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_content_below_the_header_gets_past_the_errors_of_the_atlas(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "spaces.csv"
    path.write_bytes(HEADER.encode() + b"\n" + content)
    try:
        read, faults = curated.read(path)
    except SourceFormatError:
        return
    assert len(read) + len(faults) <= content.count(b"\n") + 1


@pytest.mark.slow
def test_reading_is_linear_in_the_number_of_broken_lines(file):
    """A quote that is never closed must not make every line look at all that follow."""
    bad = '"' + line("a", "b")

    def seconds(count: int) -> float:
        path = file(HEADER, *[bad] * count, "")
        start = time.perf_counter()
        curated.read(path)
        return time.perf_counter() - start

    seconds(100)
    assert seconds(20_000) < 40 * max(seconds(2_000), 0.01)


@pytest.mark.parametrize(
    ("column", "expected"),
    [("vacancy", "ergänzen; jede Zeile braucht einen Wert in vacancy."),
     ("area_m2", "ergänzen, auch wenn sie leer bleibt.")],
)  # fmt: skip
def test_only_a_column_that_may_be_empty_is_said_to_stay_so(file, column, expected):
    with pytest.raises(SourceFormatError, match=rf"die Spalte {column} fehlt\. .*{expected}"):
        curated.read(file(HEADER.replace(f",{column},", ",")))

"""Text search: what it finds, what it forgives, what it does not confuse."""

from __future__ import annotations

import pandas as pd
import pytest
from core_fixtures import EDGE_ROWS, TOWNS, cells
from hypothesis import given, settings
from hypothesis import strategies as st
from query_fixtures import SPACES, WORDS, row_words, word_matches

from atlas import text
from atlas.query import WordIndex
from atlas.schema.validate import validate

EDGE = validate(cells(*EDGE_ROWS), TOWNS, sources=("curated", "osm", "wikidata")).spaces
INDEX = WordIndex(EDGE)


def found(query: str) -> list[str]:
    return EDGE["source_ref"][INDEX.rows_with(text.words(query))].tolist()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("glückauf", ["w/zeche"]),
        ("Glueckauf", ["w/zeche"]),
        ("gluckauf", ["w/zeche"]),
        ("glükauf", ["w/zeche"]),
        ("gulckauf", ["w/zeche"]),
        ("SCHACHTSTRASSE", ["w/zeche"]),
        ("straße", ["w/zeche"]),
        ("schachtst", ["w/zeche"]),
        ("shcachts", ["w/zeche"]),
        ("nord zeche", ["w/zeche"]),
        ("nord kaufhaus", []),
        ("ladenlokal", ["w/kaufhaus", "o/formel"]),  # former use, and type
        ("shop", ["w/kaufhaus", "o/formel"]),
        ("museum", []),
        ("osthausen", ["o/ohne-ort", "o/formel"]),
        ("no", ["w/zeche"]),
        ("rd", []),  # two letters: only at the start of a word
        ("xyzxyz", []),
        ("", [row["source_ref"] for row in EDGE_ROWS]),
        ("?!", [row["source_ref"] for row in EDGE_ROWS]),
    ],
)
def test_a_query_finds(query, expected):
    assert found(query) == expected


def test_one_typing_error_is_forgiven_and_two_are_not():
    assert found("zexhe")
    assert not found("zexxe")


_letters = st.text("abcdefghlmnrstuz0", min_size=1, max_size=8)


@st.composite
def _misspelt(draw):
    word = draw(st.sampled_from(WORDS.vocabulary))
    cut = draw(st.integers(0, len(word)))
    return word[:cut] + draw(_letters)[:1] + word[cut + draw(st.integers(0, 1)) :]


@settings(max_examples=100, deadline=None)
@given(_letters | _misspelt())
def test_expansion_equals_comparing_each_word(token):
    expected = {n for n, word in enumerate(WORDS.vocabulary) if word_matches(token, word)}
    assert WORDS.expand(token) == expected


def test_the_index_knows_the_words_of_each_row():
    assert WORDS.vocabulary == sorted(set(WORDS.vocabulary))
    for position in range(len(SPACES)):
        words = {WORDS.vocabulary[word] for word in WORDS.row(position)}
        assert words == row_words(SPACES.iloc[position])


def test_rows_without_any_text_have_no_words():
    columns = ("name", "street", "locality", "municipality", "type", "former_use")
    empty = pd.DataFrame({name: pd.Series([None, None], dtype="str") for name in columns})
    index = WordIndex(empty)
    assert index.rows_with([]).tolist() == [True, True]
    assert index.rows_with(["zeche"]).tolist() == [False, False]
    assert index.offsets.tolist() == [0, 0, 0]

"""Text search over the words of each space, tolerant of one typing error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from atlas import text
from atlas import vocabulary as v
from atlas.schema import split_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

SEARCHED_TEXTS: Final = ("name", "street", "locality", "municipality")
SEARCHED_TYPES: Final = ("type", "former_use")
CONTAINS_FROM: Final = 3
"""From this length a token is found anywhere in a word, below it only at its start."""
TYPO_FROM: Final = 4
"""From this length a token may differ in one letter (or two swapped ones)."""


class WordIndex:
    """
    The words of every row, for text search; built once from the table.

    Parameters
    ----------
    spaces
        The whole table; columns `SEARCHED_TEXTS` and `SEARCHED_TYPES`.

    Attributes
    ----------
    vocabulary
        All words, folded, each once, sorted.
    word_ids, offsets
        Row ``i`` has the words ``word_ids[offsets[i]:offsets[i + 1]]`` (positions in
        ``vocabulary``, ascending, each once).
    """

    def __init__(self, spaces: pd.DataFrame) -> None:
        self.size = len(spaces)
        columns = [_pairs(spaces[name], text.words) for name in SEARCHED_TEXTS]
        columns += [_pairs(spaces[name], _type_words) for name in SEARCHED_TYPES]
        pairs = pd.concat(columns, ignore_index=True)
        codes, found = pd.factorize(pairs["word"], sort=True)
        self.vocabulary: list[str] = found.tolist()
        # One number per (row, word), so that sorting and removing repetitions is one step.
        width = max(1, len(self.vocabulary))
        keys = np.sort(pairs["row"].to_numpy(np.int64) * width + codes)
        keys = keys[np.diff(keys, prepend=-1) > 0]
        self.word_ids: npt.NDArray[np.int32] = (keys % width).astype(np.int32)
        counts = np.bincount(keys // width, minlength=self.size)
        self.offsets: npt.NDArray[np.int64] = np.concatenate([[0], np.cumsum(counts)])
        self._words = pa.array(self.vocabulary, type=pa.string())
        self._lengths = pc.utf8_length(self._words).to_numpy()

    def row(self, position: int) -> frozenset[int]:
        """Return the word ids of the row at ``position``."""
        start, stop = self.offsets[position], self.offsets[position + 1]
        return frozenset(self.word_ids[start:stop].tolist())

    def expand(self, token: str) -> frozenset[int]:
        """Return the ids of the words that the folded ``token`` finds."""
        return frozenset(np.flatnonzero(self._matches(token)).tolist())

    def rows_with(self, tokens: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Return per row whether each token finds at least one of its words."""
        hits = np.ones(self.size, dtype=bool)
        for token in tokens:
            hits &= self._rows_of(self._matches(token))
        return hits

    def _rows_of(self, matches: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        # Running count of matching words: a row has one if the count grows across it.
        running = np.concatenate([[0], np.cumsum(matches[self.word_ids])])
        grown: npt.NDArray[np.bool_] = np.diff(running[self.offsets]) > 0
        return grown

    def _matches(self, token: str) -> npt.NDArray[np.bool_]:
        if len(token) < CONTAINS_FROM:
            return _flags(pc.starts_with(self._words, pattern=token))
        found = _flags(pc.match_substring(self._words, pattern=token))
        if len(token) >= TYPO_FROM:
            found |= self._similar(token)
        return found

    def _similar(self, token: str) -> npt.NDArray[np.bool_]:
        """Words (or their beginnings of the token's length) one typing error away."""
        # Many words share a beginning: each is compared once. A word that is not longer
        # than the token is its own beginning, so one letter more is all that is left.
        beginnings = pc.utf8_slice_codeunits(self._words, 0, len(token)).dictionary_encode()
        close = _within_one(token, beginnings.dictionary)
        found: npt.NDArray[np.bool_] = close[beginnings.indices.to_numpy()]
        longer = np.flatnonzero(self._lengths == len(token) + 1)
        found[longer] |= _within_one(token, self._words.take(longer))
        return found


def _flags(matches: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = matches.to_numpy(zero_copy_only=False)
    return flags.copy()


def _within_one(token: str, words: pa.StringArray) -> npt.NDArray[np.bool_]:
    distances = process.cdist(
        [token], words.to_pylist(), scorer=OSA.distance, score_cutoff=1, dtype=np.uint8
    )
    close: npt.NDArray[np.bool_] = distances[0] <= 1
    return close


def _pairs(column: pd.Series, words_of: Callable[[str], list[str]]) -> pd.DataFrame:
    """Return one row (row position, word) per word of ``column``."""
    # Folding never joins across white space, so each distinct piece is folded once.
    split = pc.utf8_split_whitespace(pa.array(column.astype("str"), type=pa.string()))
    rows = pc.list_parent_indices(split).to_numpy()
    positions, pieces = pd.factorize(pc.list_flatten(split).to_numpy(zero_copy_only=False))
    words = [words_of(piece) for piece in pieces]
    lengths = np.array([len(found) for found in words], dtype=np.int64)
    flat = np.array([word for found in words for word in found], dtype=object)
    starts = np.cumsum(lengths) - lengths
    counts = lengths[positions]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    word = flat[np.repeat(starts[positions], counts) + within]
    return pd.DataFrame({"row": np.repeat(rows, counts), "word": word})


def _type_words(codes: str) -> list[str]:
    parts = split_codes(pd.Series([codes], dtype="str"))[0]
    labels = (v.TYPES[code].label(language) for code in parts for language in v.LANGUAGES)
    return [word for label in labels for word in text.words(label)]

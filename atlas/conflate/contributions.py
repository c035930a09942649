"""Who gave what: the contributors of every row, kept as JSON in the column ``contributions``."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from atlas.conflate.merge import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atlas.conflate.fields import Codes
    from atlas.conflate.merge import Bools

COLUMN: Final = "contributions"
TOLD: Final = (
    "source", "source_ref", "publisher", "source_url", "retrieved_on", "observed_on", "licence",
    "lineage", "name",
)  # fmt: skip
"""What is kept of each contributor, besides ``fields``: the columns that it gave."""


def contributions(rows: pd.DataFrame, given: Bools) -> pd.Series:
    """
    Describe every row as the contributor that it is.

    Parameters
    ----------
    rows
        Columns of the schema; perhaps ``contributions`` of rows that were conflated before.
    given
        For every row and column of `FIELDS`, whether its value stayed.

    Returns
    -------
    texts
        JSON, one list per row, index of ``rows``; a row that was conflated before keeps its
        contributors, each with the columns that stayed.
    """
    told = [_quoted(rows[name]) for name in TOLD]
    labels = [f'"{name}": ' for name in TOLD]
    texts = [
        "[{" + ", ".join(map(str.__add__, labels, cells)) + f', "fields": {_listed(flags)}}}]'
        for *cells, flags in zip(*told, _patterns(given), strict=True)
    ]
    own = pd.Series(texts, index=rows.index, dtype="str")
    if COLUMN not in rows:
        return own
    before = rows[COLUMN].astype(object)
    kept = [
        _kept(text, flags) if isinstance(text, str) else fresh
        for text, flags, fresh in zip(before, given, texts, strict=True)
    ]
    return pd.Series(kept, index=rows.index, dtype="str")


def joined(texts: pd.Series, places: Codes) -> pd.Series:
    """Return the contributors of all rows of each place as one list, by source and key."""
    lists: list[list[dict[str, Any]]] = [[] for _ in range(int(places.max(initial=-1)) + 1)]
    for text, place in zip(texts, places.tolist(), strict=True):
        lists[place] += json.loads(text)
    for entries in lists:
        entries.sort(key=lambda entry: (entry["source"], entry["source_ref"]))
    return pd.Series([to_text(entries) for entries in lists], dtype="str")


def to_text(entries: Iterable[dict[str, Any]]) -> str:
    """Return contributors as the JSON text of the column."""
    return json.dumps(list(entries), ensure_ascii=False)


def _quoted(column: pd.Series) -> list[str]:
    """Return the cells as JSON; most columns repeat themselves."""
    positions, distinct = pd.factorize(column.astype(object))
    texts = [*(json.dumps(str(cell), ensure_ascii=False) for cell in distinct), "null"]
    return [texts[position] for position in positions]


def _patterns(given: Bools) -> list[bytes]:
    return [row.tobytes() for row in np.packbits(given, axis=1)]


@lru_cache(maxsize=1 << 12)
def _listed(pattern: bytes) -> str:
    flags = np.unpackbits(np.frombuffer(pattern, dtype=np.uint8), count=len(FIELDS))
    return json.dumps([name for name, flag in zip(FIELDS, flags, strict=True) if flag])


def _kept(text: str, flags: Bools) -> str:
    """Return earlier contributors, each with those of its columns that stayed."""
    staying = {name for name, flag in zip(FIELDS, flags, strict=True) if flag}
    entries = json.loads(text)
    for entry in entries:
        entry["fields"] = [name for name in entry["fields"] if name in staying]
    return to_text(entries)

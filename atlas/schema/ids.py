"""Keys of the table and the form of its list cells."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.schema.columns import LIST_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable

ID_LENGTH: Final = 10
_KEY_SEPARATOR: Final = "|"  # occurs in no registry id, so two pairs never share a text


def space_id(source: str, source_ref: str) -> str:
    """Return the stable key of a space: it changes only when the source renames the place."""
    key = f"{source}{_KEY_SEPARATOR}{source_ref}"
    return hashlib.sha256(key.encode()).hexdigest()[:ID_LENGTH]


def space_ids(source: pd.Series, source_ref: pd.Series) -> pd.Series:
    """
    Return the key of every row.

    Returns
    -------
    ids
        n rows, index and order of ``source``; missing where one of the two is missing.
    """
    keys: Iterable[object] = source.str.cat(source_ref, sep=_KEY_SEPARATOR)
    sha = hashlib.sha256
    ids = [sha(key.encode()).hexdigest()[:ID_LENGTH] if isinstance(key, str) else None
           for key in keys]  # fmt: skip
    return pd.Series(ids, index=source.index, dtype="str")


def split_codes(codes: pd.Series) -> list[tuple[str, ...]]:
    """Return the codes of each list cell in order; a missing cell has none."""
    positions, cells = pd.factorize(codes)
    parts = [tuple(str(cell).split(LIST_SEPARATOR)) for cell in cells]
    return [parts[position] if position >= 0 else () for position in positions]

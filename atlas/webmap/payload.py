"""
The table as the browser gets it: one JSON object of columns, whole numbers where possible.

Loaded once per version of the table; afterwards only filters travel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from atlas import vocabulary as v
from atlas.errors import AtlasError
from atlas.schema import split_codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from atlas.query import WordIndex

MISSING: Final = -1
"""Stands for "no value" in the columns of codes; 255 once in the browser's bytes."""
_MAX_CODES: Final = 255
_DEGREES: Final = 100_000
_DECIMETRES: Final = 10

CODE_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "kind": tuple(v.KINDS),
    "type_group": tuple(v.TYPE_GROUPS),
    "type": tuple(v.TYPES),
    "vacancy": tuple(v.VACANCY),
    "stage": tuple(v.STAGES),
    "availability": tuple(v.AVAILABILITY),
    "term": tuple(v.TERMS),
    "coordinate_precision": tuple(v.PRECISION),
}
LIST_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "sectors": tuple(v.SECTORS),
    "programmes": tuple(v.PROGRAMMES),
}
AREA_COLUMNS: Final = ("ags", "district_code")
"""Codes whose list is that of the table: keys of municipalities and districts."""


def spaces_payload(spaces: pd.DataFrame, *, version: str) -> dict[str, Any]:
    """
    Return the columns that the map needs.

    Parameters
    ----------
    spaces
        The table of `atlas.store.load`: lat and lon in degrees, x and y in metres (EPSG:25832).
    version
        ``Atlas.version``.

    Returns
    -------
    payload
        Ready for JSON; every column has n entries in the order of ``spaces``.
    """
    codes = {**CODE_COLUMNS, **{name: _distinct(spaces[name]) for name in AREA_COLUMNS}}
    codes["is_step_free"] = tuple(v.TERNARY)
    step_free = spaces["is_step_free"].map({True: "true", False: "false"}).fillna("unknown")
    columns = {name: spaces[name] for name in codes} | {"is_step_free": step_free}
    return {
        "version": version,
        "n": len(spaces),
        "codes": {name: list(known) for name, known in codes.items()} | _lists(),
        "code": {name: _code_positions(columns[name], known) for name, known in codes.items()},
        "mask": {name: _bit_masks(spaces[name], known) for name, known in LIST_COLUMNS.items()},
        "lat": _integers(spaces["lat"], _DEGREES),
        "lon": _integers(spaces["lon"], _DEGREES),
        "x": _integers(spaces["x"], _DECIMETRES),
        "y": _integers(spaces["y"], _DECIMETRES),
        "uncertainty": _integers(spaces["coordinate_uncertainty_m"], 1),
        "day": _days(spaces["observed_day"]),
        "area": _numbers(spaces["area_m2"]),
        "area_least": _numbers(spaces["area_min_m2"]),
        "rent": _numbers(spaces["rent_eur_per_m2_month"]),
        "id": spaces["space_id"].tolist(),
        "name": spaces["name"].fillna("").tolist(),
    }


def words_payload(words: WordIndex, *, version: str) -> dict[str, Any]:
    """Return the words of every row; loaded by the browser with the first text search."""
    return {
        "version": version,
        "vocabulary": words.vocabulary,
        "count": np.diff(words.offsets).tolist(),
        "ids": words.word_ids.tolist(),
    }


def _lists() -> dict[str, list[str]]:
    return {name: list(known) for name, known in LIST_COLUMNS.items()}


def _distinct(column: pd.Series) -> tuple[str, ...]:
    found = tuple(sorted(column.dropna().unique()))
    if len(found) >= _MAX_CODES:
        raise AtlasError(
            "Die Karte kann höchstens {limit} verschiedene Werte in der Spalte {column} zeigen.",
            hint="Die Tabelle auf die 53 Gemeinden des Ruhrgebiets beschränken.",
            limit=_MAX_CODES - 1,
            column=str(column.name),
        )
    return found


def _code_positions(column: pd.Series, known: Sequence[str]) -> list[int]:
    positions: list[int] = pd.Categorical(column, categories=list(known)).codes.tolist()
    return positions


def _bit_masks(column: pd.Series, known: Sequence[str]) -> list[int]:
    bit = {code: 1 << position for position, code in enumerate(known)}
    positions, cells = pd.factorize(column)
    masks = [sum(bit.get(code, 0) for code in codes) for codes in split_codes(pd.Series(cells))]
    return np.array([*masks, 0])[positions].tolist()  # type: ignore[no-any-return]


def _numbers(column: pd.Series) -> list[float | None]:
    values = column.to_numpy(dtype=float, na_value=np.nan)
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN


def _integers(column: pd.Series, factor: int) -> list[int | None]:
    values = np.rint(column.to_numpy(dtype=float, na_value=np.nan) * factor)
    return [None if value != value else int(value) for value in values.tolist()]  # noqa: PLR0124


def _days(column: pd.Series) -> list[int | None]:
    days = column.to_numpy(dtype="datetime64[D]")
    missing = np.isnat(days)
    numbers = days.astype(np.int64).tolist()
    return [None if gone else day for gone, day in zip(missing.tolist(), numbers, strict=True)]

"""What a row says besides its name: address, website, keys in other registers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from atlas.schema.columns import LIST_SEPARATOR
from atlas.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.int64]

_HOUSE: Final = re.compile(r"(\d{1,4})\s?([a-z]?)(?![a-z])", re.IGNORECASE)
_STREET_END: Final = re.compile(r"str(?:\.|\b)", re.IGNORECASE)
_SQUARE_END: Final = re.compile(r"(?:\b|(?<=s))pl(?:\.|\b)", re.IGNORECASE)
_OSM_REF: Final = re.compile(r"(?:node|way|relation)/\d+")
_WIKIDATA_REF: Final = re.compile(r"Q\d+")
_INDEX_PAGES: Final = re.compile(r"/(?:index|default|home|start)\.(?:html?|php|aspx?)$")
WIKIDATA: Final = "wikidata:"


@dataclass(frozen=True, slots=True)
class House:
    """House numbers: the range that they span, and the letter of a single one."""

    low: float
    high: float
    letter: str


NO_HOUSE: Final = House(np.nan, np.nan, "")


def street_key(text: str) -> str:
    """Return a street as one folded word: Bochumer Str. is bochumerstrasse."""
    return "".join(words(_SQUARE_END.sub("platz", _STREET_END.sub("strasse", text))))


def house(text: str) -> House:
    """Read a house number or a range of them: 5-7, 19/21, 12a."""
    found = _HOUSE.findall(text)
    if not found:
        return NO_HOUSE
    numbers = [int(number) for number, _ in found]
    letter = found[0][1].lower() if len(found) == 1 else ""
    return House(min(numbers), max(numbers), letter)


def website_key(url: str) -> str:
    """Return host and path of an address without what varies; empty if it is no address."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = _INDEX_PAGES.sub("", parts.path.rstrip("/").casefold())
    return host + path.rstrip("/") if host else ""


def own_key(source: str, source_ref: str) -> str:
    """Return the key of a row as ``same_as`` of another row would name it."""
    if _OSM_REF.fullmatch(source_ref):
        return f"osm:{source_ref}"
    if _WIKIDATA_REF.fullmatch(source_ref):
        return f"{WIKIDATA}{source_ref}"
    return f"{source}:{source_ref}"


def keys_of(spaces: pd.DataFrame) -> list[frozenset[str]]:
    """Return the keys of every row in all registers: its own, and those in ``same_as``."""
    same_as = spaces["same_as"].fillna("").astype(object)
    return [
        frozenset((own_key(source, ref), *filter(None, others.split(LIST_SEPARATOR))))
        for source, ref, others in zip(
            spaces["source"].astype(object), spaces["source_ref"].astype(object), same_as,
            strict=True,
        )
    ]  # fmt: skip


def contributors(spaces: pd.DataFrame) -> list[tuple[tuple[str, str], ...]]:
    """Return (source, source_ref) of all that each row was made from, itself included."""
    own = list(zip(spaces["source"].astype(object), spaces["source_ref"].astype(object),
                   strict=True))  # fmt: skip
    if "contributions" not in spaces:
        return [(pair,) for pair in own]
    stated = spaces["contributions"].astype(object)
    return [
        tuple((entry["source"], entry["source_ref"]) for entry in json.loads(text))
        if isinstance(text, str)
        else (pair,)
        for pair, text in zip(own, stated, strict=True)
    ]


def coded(texts: pd.Series, key: Callable[[str], str]) -> tuple[Codes, list[str]]:
    """Return a number per distinct key, −1 where missing or empty, and the keys."""
    positions, distinct = pd.factorize(texts.astype(object))
    keys = [key(str(text)) for text in distinct]
    numbers, names = pd.factorize(np.array([*keys, ""], dtype=object))
    numbers = np.where(np.array([*keys, ""], dtype=object) == "", -1, numbers)
    return numbers[positions].astype(np.int64), [str(name) for name in names]


def houses(texts: pd.Series) -> tuple[Floats, Floats, npt.NDArray[np.object_]]:
    """Return lowest and highest house number (NaN if none) and the letter of every row."""
    positions, distinct = pd.factorize(texts.astype(object))
    read: Iterable[House] = [*(house(str(text)) for text in distinct), NO_HOUSE]
    table = [(one.low, one.high, one.letter) for one in read]
    low, high, letter = (np.array(column, dtype=object) for column in zip(*table, strict=True))
    return (
        low[positions].astype(np.float64),
        high[positions].astype(np.float64),
        letter[positions],
    )

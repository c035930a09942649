"""The rows as arrays, read once, that blocking and scoring work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from atlas.conflate.compat import type_codes
from atlas.conflate.fields import (
    coded,
    contributors,
    houses,
    keys_of,
    street_key,
    website_key,
)
from atlas.text import fold

if TYPE_CHECKING:
    import numpy.typing as npt

    from atlas.conflate.fields import Codes, Floats

DEFAULT_UNCERTAINTY_M: Final = 100.0
"""Where a coordinate does not say how uncertain it is."""
UNLOCATED_FROM_M: Final = 2000.0
"""A coordinate less certain than this only says which town it is."""


@dataclass(frozen=True)
class Table:
    """
    The rows, one entry each and in order, of everything that is compared.

    Attributes
    ----------
    names
        As the source writes them.
    x, y, uncertainty
        Metres, EPSG:25832; NaN where there is no coordinate.
    located
        Whether the coordinate tells more than the town.
    ags, municipality, type, street, website
        As numbers, −1 where missing; of ``websites`` and ``streets`` with their texts.
    host
        Of each website, as a number; one more for none.
    low, high, letter
        House numbers.
    former
        Former uses as a text with ``;`` around each code, so that they can be looked up.
    keys
        Keys in all registers, the row's own included.
    made_of
        (source, source_ref) of all contributors.
    sources
        Of ``made_of``, each once.
    conflated
        Whether the row has been through a conflation before.
    rank
        Position in the order of the folded names; ties keep the order of the rows.
    """

    names: npt.NDArray[np.object_]
    towns: npt.NDArray[np.object_]
    x: Floats
    y: Floats
    uncertainty: Floats
    located: npt.NDArray[np.bool_]
    ags: Codes
    type: Codes
    street: Codes
    streets: list[str]
    low: Floats
    high: Floats
    letter: npt.NDArray[np.object_]
    website: Codes
    websites: list[str]
    host: Codes
    former: npt.NDArray[np.object_]
    keys: list[frozenset[str]]
    made_of: list[tuple[tuple[str, str], ...]]
    sources: list[frozenset[str]]
    conflated: npt.NDArray[np.bool_]
    rank: Codes

    def __len__(self) -> int:
        return len(self.names)


def table_of(spaces: pd.DataFrame) -> Table:
    """
    Read the rows.

    Parameters
    ----------
    spaces
        Typed columns of the schema, ``x`` and ``y`` (EPSG:25832), perhaps
        ``contributions``.

    Returns
    -------
    table
        n entries in the order of ``spaces``.
    """
    x = spaces["x"].to_numpy(dtype=np.float64)
    uncertainty = spaces["coordinate_uncertainty_m"].fillna(DEFAULT_UNCERTAINTY_M)
    uncertainty_m = np.where(np.isnan(x), np.nan, uncertainty.to_numpy(dtype=np.float64))
    street, streets = coded(spaces["street"], street_key)
    website, websites = coded(spaces["website"], website_key)
    low, high, letter = houses(spaces["house_number"])
    names = spaces["name"].to_numpy(dtype=object)
    types = spaces["type"].astype(object).map(type_codes()).fillna(-1)
    former = spaces["former_use"].fillna("").astype(object)
    made_of = contributors(spaces)
    stated = spaces["contributions"].notna() if "contributions" in spaces else False
    return Table(
        names=names,
        towns=spaces["municipality"].fillna("").to_numpy(dtype=object),
        x=x,
        y=spaces["y"].to_numpy(dtype=np.float64),
        uncertainty=uncertainty_m,
        located=np.nan_to_num(uncertainty_m, nan=np.inf) < UNLOCATED_FROM_M,
        ags=coded(spaces["ags"], str)[0],
        type=types.to_numpy().astype(np.int64),
        street=street,
        streets=streets,
        low=low,
        high=high,
        letter=letter,
        website=website,
        websites=websites,
        host=pd.factorize(np.array([site.partition("/")[0] for site in (*websites, "")]))[0],
        former=np.array([f";{codes};" for codes in former], dtype=object),
        keys=keys_of(spaces),
        made_of=made_of,
        sources=sources_of(made_of),
        conflated=np.broadcast_to(np.asarray(stated), len(spaces)).copy(),
        rank=ranks(names),
    )


def sources_of(made_of: list[tuple[tuple[str, str], ...]]) -> list[frozenset[str]]:
    """Return the sources of every row; equal sets are one object, there are few."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    listed = (tuple(source for source, _ in pairs) for pairs in made_of)
    return [known.setdefault(sources, frozenset(sources)) for sources in listed]


def ranks(names: npt.NDArray[np.object_]) -> Codes:
    """Return the position of each row in the order of the folded names; ties keep theirs."""
    positions, distinct = pd.factorize(names)
    order = pd.factorize(np.array([fold(str(name)) for name in distinct], dtype=object), sort=True)
    by_name = np.argsort(order[0][positions], kind="stable")
    ranks = np.empty(len(names), dtype=np.int64)
    ranks[by_name] = np.arange(len(names))
    return ranks

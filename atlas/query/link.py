"""
Reading a link against the table: what it names and the atlas does not know is set aside.

`Filters.from_params` knows the closed lists; keys of municipalities, districts and spaces
it takes by their form. A key that nothing has would give an empty map, so it is dropped
here, and named, so that somebody can be told.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from atlas.query import url
from atlas.query.filters import CODE_FIELDS, RANGE_FIELDS, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

_SHOWN: Final = 3
_SHOWN_LENGTH: Final = 30


@dataclass(frozen=True, slots=True)
class Link:
    """
    What a link asks for.

    Attributes
    ----------
    filters
        Holds only keys that the table has.
    ignored
        By field of `Filters`: what was dropped, as given but cleaned and shortened.
    """

    filters: Filters = field(default_factory=Filters)
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_link(
    params: Mapping[str, Sequence[str] | str],
    *,
    spaces: pd.DataFrame,
    municipalities: pd.DataFrame,
) -> Link:
    """
    Read the filters of a link; never raises, whatever it holds.

    Parameters
    ----------
    spaces
        Column ``space_id``.
    municipalities
        Columns ``ags`` and ``district_code``.
    """
    asked = Filters.from_params(params)
    picked = _present(asked.shortlist, spaces["space_id"])
    kept = dataclasses.replace(
        asked,
        municipalities=frozenset(_present(asked.municipalities, municipalities["ags"])),
        districts=frozenset(_present(asked.districts, municipalities["district_code"])),
        shortlist=picked,
        only_shortlist=asked.only_shortlist and bool(picked),
    )
    given = url.Params(params)
    shown = {name: _shown(texts) for name, texts in _ignored(given, asked, kept)}
    return Link(kept, {name: texts for name, texts in shown.items() if texts})


def _present(keys: Sequence[str] | frozenset[str], known: pd.Series) -> tuple[str, ...]:
    found = set(known[known.isin(list(keys))])
    return tuple(key for key in keys if key in found)


def _ignored(given: url.Params, asked: Filters, kept: Filters) -> Iterator[tuple[str, list[str]]]:
    for name, entry in CODE_FIELDS.items():
        yield name, [part for part in given.parts(entry.param) if part not in kept.codes(name)]
    for name in RANGE_FIELDS:
        bounds = kept.range(name)
        ends = {f"{name}_min": bounds.minimum, f"{name}_max": bounds.maximum}
        yield name, [t for key, end in ends.items() if end is None for t in given.values(key)]
    yield "near", given.values("near") if kept.near is None else []
    yield "shortlist", [part for part in given.parts("pick") if part not in kept.shortlist]
    yield "only_shortlist", ["1"] if asked.only_shortlist and not kept.only_shortlist else []


def _shown(texts: list[str]) -> tuple[str, ...]:
    cleaned = (url.clean_text(text, length=_SHOWN_LENGTH) for text in texts)
    return tuple(dict.fromkeys(text for text in cleaned if text))[:_SHOWN]

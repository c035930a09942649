"""Give the rows of a source their coordinates, where an address tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from atlas.geo import COORDINATE_DECIMALS
from atlas.geocode.address import FIELDS, Address, parse
from atlas.geocode.answer import Boundaries, read
from atlas.geocode.finder import Found, finder_of
from atlas.geocode.online import Question
from atlas.schema.place import COORDINATE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import geopandas as gpd

    from atlas.errors import SourceUnavailableError
    from atlas.gazetteer import Gazetteer
    from atlas.geocode.online import OnlineGeocoder

REPORT_COLUMNS: Final = (
    "row", "found", "precision", "method", "uncertainty_m", "name", "source", "reason",
)  # fmt: skip

_RANK: Final = {"building": 0, "street": 1, "district": 2}
"""The more exact is the better."""


@dataclass(frozen=True)
class Geocoded:
    """
    Rows with the coordinates that were found.

    Attributes
    ----------
    cells
        The rows given: same n rows, same index, same order, same columns.
    report
        ``REPORT_COLUMNS``, one line for each row that had an address or a town and no
        coordinate: ``row`` is its label in ``cells``; ``found`` says whether it has one now;
        ``reason``, a code of `REASONS`, why not. What does not apply is missing.
    problem
        Why the service on the web did not answer everything, if it did not; what the
        gazetteer found stands all the same.
    """

    cells: pd.DataFrame
    report: pd.DataFrame
    problem: SourceUnavailableError | None = None


@dataclass(frozen=True)
class Candidates:
    """
    What one address may mean.

    Attributes
    ----------
    places
        Best first: that of the service, that of the gazetteer.
    reason
        Code of `REASONS` if there is none.
    problem
        Why the service did not answer, if it was asked and did not.
    """

    places: list[Found]
    reason: str
    problem: SourceUnavailableError | None


def geocode(
    cells: pd.DataFrame,
    *,
    gazetteer: Gazetteer,
    online: OnlineGeocoder | None = None,
    municipalities: gpd.GeoDataFrame | None = None,
) -> Geocoded:
    """
    Find the rows that have an address and no coordinate.

    Parameters
    ----------
    cells
        Columns of the schema, as text (`Intake.cells`); unique index; n rows. A row with
        ``lat`` or ``lon`` is left as it is.
    online
        Asked for what the gazetteer does not know to the house.
    municipalities
        Polygons, EPSG:4326, column ``ags``: an answer from the web has to lie in the
        municipality that the row names. Needed with ``online`` only.

    Returns
    -------
    geocoded
        n rows in, n rows out, order kept; ``lat`` and ``lon`` in EPSG:4326.

    Raises
    ------
    ValueError
        If ``online`` comes without ``municipalities``.
    """
    addresses = _addresses(cells)
    located, problem = _locate(addresses.values(), gazetteer, online, municipalities)
    best = {row: _best(located[address]) for row, address in addresses.items()}
    return Geocoded(_filled(cells, best), _report(best), problem)


def candidates(
    text: str,
    *,
    gazetteer: Gazetteer,
    online: OnlineGeocoder | None = None,
    municipalities: gpd.GeoDataFrame | None = None,
) -> Candidates:
    """
    Find one address as people type it: ``Street 1, 44787 Town``.

    Raises
    ------
    ValueError
        If ``online`` comes without ``municipalities``.
    """
    address = parse(text)
    if address == Address(street=address.street):
        # One word alone is a town rather than a street of nowhere.
        address = Address(municipality=address.street)
    located, problem = _locate([address], gazetteer, online, municipalities)
    results = located[address]
    places = sorted((result for result in results if isinstance(result, Found)), key=_worth)
    best = _best(results)
    return Candidates(places, best if isinstance(best, str) else "", problem)


def _addresses(cells: pd.DataFrame) -> dict[Hashable, Address]:
    """Return the address of each row that has one, or a town, and no coordinate at all."""
    rows = cells[cells["lat"].isna() & cells["lon"].isna()]
    texts = (rows[name] for name in FIELDS)
    given = {
        row: Address.of(dict(zip(FIELDS, values, strict=True)))
        for row, *values in zip(rows.index, *texts, strict=True)
    }
    return {row: address for row, address in given.items() if not address.is_empty}


def _locate(
    addresses: Iterable[Address],
    gazetteer: Gazetteer,
    online: OnlineGeocoder | None,
    municipalities: gpd.GeoDataFrame | None,
) -> tuple[dict[Address, list[Found | str]], SourceUnavailableError | None]:
    """Return what the gazetteer, and the service if it was asked, say about each address."""
    finder = finder_of(gazetteer)
    located = {address: [finder.find(address)] for address in addresses}
    if online is None:
        return located, None
    if municipalities is None:
        raise ValueError("online geocoding needs the municipalities to check its answers")
    boundaries = Boundaries(municipalities)
    towns = {address: finder.municipality(address) for address in located if address.street}
    questions = {
        address: Question(finder.town(ags), address.street_line, address.postcode)
        for address, ags in towns.items()
        if ags
    }
    lookup = online.ask(questions.values())
    for address, question in questions.items():
        answer = lookup.to(question)
        if answer is not None:
            place = read(online.service, answer, address=address, ags=towns[address],
                         boundaries=boundaries)  # fmt: skip
            located[address].append(place)
    return located, lookup.problem


def _best(results: Sequence[Found | str]) -> Found | str:
    places = [result for result in results if isinstance(result, Found)]
    # The last reason is that of the service, which knows more.
    return min(places, key=_worth) if places else results[-1]


def _worth(found: Found) -> tuple[int, float]:
    return _RANK[found.precision], found.uncertainty_m


def _filled(cells: pd.DataFrame, best: Mapping[Hashable, Found | str]) -> pd.DataFrame:
    rows = {row: _coordinate(place) for row, place in best.items() if isinstance(place, Found)}
    filled = cells.copy()
    if rows:
        columns = list(COORDINATE_COLUMNS)
        values = pd.DataFrame(list(rows.values()), index=list(rows), columns=columns, dtype="str")
        filled.loc[list(rows), columns] = values
    return filled


def _coordinate(found: Found) -> tuple[str, ...]:
    """Return the texts of ``COORDINATE_COLUMNS``."""
    return (
        f"{found.lat:.{COORDINATE_DECIMALS}f}",
        f"{found.lon:.{COORDINATE_DECIMALS}f}",
        found.precision,
        f"{found.uncertainty_m:.0f}",
        found.source,
        found.note_de,
        found.note_en,
    )


def _report(best: Mapping[Hashable, Found | str]) -> pd.DataFrame:
    lines = [
        (row, None, None, float("nan"), None, None, result)
        if isinstance(result, str)
        else (
            row, result.precision, result.method, result.uncertainty_m, result.name,
            result.source, None,
        )
        for row, result in best.items()
    ]  # fmt: skip
    frame = pd.DataFrame(lines, columns=[name for name in REPORT_COLUMNS if name != "found"])
    texts = dict.fromkeys(("precision", "method", "name", "source", "reason"), "str")
    typed = frame.astype({**texts, "uncertainty_m": "float64"})
    return typed.assign(found=typed["method"].notna())[list(REPORT_COLUMNS)]

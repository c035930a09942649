"""The filters as conditions of SQL: the same rows as `atlas.query.masks`, found by PostGIS."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.dialects import postgresql as pg

from atlas import text
from atlas import vocabulary as v
from atlas.database.tables import SRID, space, word
from atlas.query.filters import CODE_FIELDS, LEAST_COLUMNS, RANGE_FIELDS, Filters, Near, Range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from atlas.query import WordIndex

    Condition = sa.ColumnElement[bool]

_DECIMETRES: Final = 10.0  # per metre: coordinates are rounded to 0.1 m, so this is exact
_MARGIN_M: Final = 1.0
"""By how much the index may find too many; the exact comparison comes after it."""


def where(
    filters: Filters,
    *,
    version_id: int,
    today: dt.date,
    words: Callable[[], WordIndex],
    districts: Mapping[str, str],
) -> sa.ColumnElement[bool]:
    """
    Return the condition that the rows of a version have to meet.

    Every value is a parameter of the statement, none becomes part of its text.

    Parameters
    ----------
    version_id
        Of `atlas.database.tables.version`.
    today
        The day from which the age of an observation is counted.
    words
        Returns the words of the same version; called only where the filters have a text.
    districts
        Municipality key → district key.
    """
    conditions: list[Condition] = [space.c.version_id == version_id]
    for name in filters.active_fields:
        if name in CODE_FIELDS:
            conditions.append(_codes(name, filters.codes(name), today=today, districts=districts))
        elif name in RANGE_FIELDS:
            conditions.append(_in_range(name, filters.range(name)))
        elif name == "text":
            tokens = dict.fromkeys(text.words(filters.text))
            conditions += [_has_word(token, words(), version_id=version_id) for token in tokens]
        elif name == "near" and filters.near is not None:
            conditions.append(_within(filters.near))
        else:
            conditions.append(_one_of(space.c.space_id, filters.shortlist))
    return sa.and_(*conditions)


def _one_of(column: sa.ColumnElement[str], values: Iterable[str]) -> Condition:
    return column == sa.any_(_texts(values))


def _texts(values: Iterable[str]) -> sa.ColumnElement[Any]:
    array: sa.types.TypeEngine[Any] = pg.ARRAY(sa.Text())
    return sa.cast(storable(values), array)


def storable(values: Iterable[str]) -> list[str]:
    """Return the texts that PostgreSQL can hold, sorted: no row has any of the others."""
    return sorted({value for value in values if "\0" not in value and _is_utf8(value)})


def _is_utf8(value: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _codes(
    name: str, chosen: frozenset[str], *, today: dt.date, districts: Mapping[str, str]
) -> Condition:
    if name == "ages":
        return sa.or_(sa.false(), *(_aged(code, today) for code in sorted(chosen)))
    if name == "step_free":
        return _ternary(chosen)
    # Which district a municipality is in and which group a type is stands in the program:
    # stored with the rows, it would grow old.
    if name == "districts":
        return _one_of(space.c.ags, (ags for ags, code in districts.items() if code in chosen))
    if name == "groups":
        types = (code for code, term in v.TYPES.items() if term.group in chosen)
        return _one_of(space.c.type, types)
    entry = CODE_FIELDS[name]
    if entry.is_list:
        has_one: Condition = space.c[entry.column].overlap(_texts(chosen))
        return has_one
    return _one_of(space.c[entry.column], chosen)


def _aged(code: str, today: dt.date) -> Condition:
    """Return the condition for a code of `AGE_CLASSES`, as `atlas.query.age_class`."""
    day = space.c.observed_day
    recheck = today - dt.timedelta(days=v.RECHECK_AFTER_DAYS)
    outdated = today - dt.timedelta(days=v.OUTDATED_AFTER_DAYS)
    found: dict[str, Condition] = {
        "undated": day.is_(None),
        "outdated": day < outdated,
        "recheck": sa.and_(day >= outdated, day < recheck),
        "current": day >= recheck,
    }
    return found.get(code, sa.false())


def _ternary(chosen: frozenset[str]) -> Condition:
    is_free = space.c.is_step_free
    found: dict[str, Condition] = {
        "true": is_free.is_(True),
        "false": is_free.is_(False),
        "unknown": is_free.is_(None),
    }
    return sa.or_(sa.false(), *(found[code] for code in sorted(chosen) if code in found))


def _in_range(name: str, bounds: Range) -> Condition:
    """Return the condition for a range, as `atlas.query.masks.range_mask`."""
    most = space.c[RANGE_FIELDS[name]]
    least = space.c[LEAST_COLUMNS[name]] if name in LEAST_COLUMNS else most
    first = func.coalesce(least, most)
    low = -math.inf if bounds.minimum is None else bounds.minimum
    high = math.inf if bounds.maximum is None else bounds.maximum
    inside: Condition = sa.false()
    # PostgreSQL sorts NaN above all numbers; compared here, it lets nothing pass.
    if low <= high:
        inside = sa.and_(first <= high, func.greatest(most, first) >= low)
    if not bounds.with_unknown:
        return inside
    may_be_small = first <= high if not math.isnan(high) else sa.true()
    return sa.or_(inside, sa.and_(most.is_(None), sa.or_(first.is_(None), may_be_small)))


def _within(near: Near) -> Condition:
    """
    Return the condition for a circle, its edge included.

    The index finds the rows around it; what decides is the squared distance in whole
    decimetres, which has no rounding, as in `atlas.query.masks.near_mask`.
    """
    x, y = near.xy
    centre = func.ST_SetSRID(func.ST_MakePoint(x, y), SRID)
    squared = _offset("ST_X", x) + _offset("ST_Y", y)
    return sa.and_(
        func.ST_DWithin(space.c.geom, centre, near.radius_m + _MARGIN_M),
        squared <= float((near.radius_m * int(_DECIMETRES)) ** 2),
    )


def _offset(axis: str, centre: float) -> sa.ColumnElement[float]:
    """Return the squared distance along one axis, in square decimetres."""
    metres: sa.ColumnElement[float] = sa.Function(axis, space.c.geom, type_=sa.Double())
    tenths: sa.ColumnElement[float] = func.round(metres * _DECIMETRES, type_=sa.Double())
    distance = tenths - float(round(centre * _DECIMETRES))
    return distance * distance


def _has_word(token: str, words: WordIndex, *, version_id: int) -> Condition:
    """Return the condition that a row has a word that ``token`` finds."""
    # Folding and the one typing error are ours: the same code finds the words here and in
    # memory. The database finds the rows.
    found = _texts(words.vocabulary[number] for number in words.expand(token))
    rows = sa.select(func.unnest(word.c.positions)).where(
        word.c.version_id == version_id, word.c.word == sa.any_(found)
    )
    return space.c.position.in_(rows)

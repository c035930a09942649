"""What a person asks for: the frozen `Filters`, and the table of its fields."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import geopandas as gpd

from atlas import vocabulary as v
from atlas.geo import WGS84, metric_xy
from atlas.query import url
from atlas.text import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Range:
    """
    Bounds of a number, inclusive.

    Attributes
    ----------
    with_unknown
        Whether rows without a value pass; without a bound every row passes.

    Notes
    -----
    A minimum above the maximum is kept as it is (somebody may be typing); no known value
    passes it.
    """

    minimum: float | None = None
    maximum: float | None = None
    with_unknown: bool = True

    @property
    def is_bound(self) -> bool:
        """Whether the range restricts anything."""
        return self.minimum is not None or self.maximum is not None

    @property
    def is_reversed(self) -> bool:
        """Whether the minimum lies above the maximum, so that no known value passes."""
        return self.minimum is not None and self.maximum is not None and self.minimum > self.maximum


@dataclass(frozen=True, slots=True)
class Near:
    """
    A circle around a point in EPSG:4326; the radius is measured in EPSG:25832.

    Attributes
    ----------
    missed
        What was asked for, where only something around it was found (an address of
        which the gazetteer knows the town alone); else empty.
    """

    lat: float
    lon: float
    radius_m: int = url.DEFAULT_RADIUS_M
    label: str = ""
    missed: str = ""

    @property
    def xy(self) -> tuple[float, float]:
        """Centre in metres (EPSG:25832), rounded to 0.1 m like the spaces."""
        point = gpd.GeoSeries.from_xy([self.lon], [self.lat], crs=WGS84)
        x, y = metric_xy(point).iloc[0]
        return float(x), float(y)


@dataclass(frozen=True, slots=True)
class CodeField:
    """
    A field of `Filters` that holds codes.

    Attributes
    ----------
    name, param, column
        Name in `Filters`, in the URL, in the table.
    codes
        The closed list; empty where the options are those of the table.
    pattern
        Form of a code where there is no closed list.
    is_list
        Whether a cell holds several codes.
    """

    name: str
    param: str
    column: str
    codes: tuple[str, ...] = ()
    pattern: str = ""
    is_list: bool = False


def _closed(
    name: str, param: str, column: str, codes: Mapping[str, v.Term], *, is_list: bool = False
) -> CodeField:
    return CodeField(name, param, column, tuple(codes), is_list=is_list)


CODE_FIELDS: Final[dict[str, CodeField]] = {
    entry.name: entry
    for entry in (
        CodeField("municipalities", "city", "ags", pattern=r"05\d{6}"),
        CodeField("districts", "kreis", "district_code", pattern=r"05\d{3}"),
        _closed("kinds", "kind", "kind", v.KINDS),
        _closed("groups", "group", "type_group", v.TYPE_GROUPS),
        _closed("types", "type", "type", v.TYPES),
        _closed("sectors", "sector", "sectors", v.SECTORS, is_list=True),
        _closed("programmes", "programme", "programmes", v.PROGRAMMES, is_list=True),
        _closed("vacancy", "vacancy", "vacancy", v.VACANCY),
        _closed("stages", "stage", "stage", v.STAGES),
        _closed("availability", "availability", "availability", v.AVAILABILITY),
        _closed("terms", "term", "term", v.TERMS),
        # Derived while filtering: the age from a reference day, "unknown" from a missing value.
        _closed("ages", "age", "observed_day", v.AGE_CLASSES),
        _closed("step_free", "step", "is_step_free", v.TERNARY),
    )
}
RANGE_FIELDS: Final[dict[str, str]] = {"area": "area_m2", "rent": "rent_eur_per_m2_month"}
"""Range fields of `Filters` and their columns; the name is also the prefix in the URL."""
LEAST_COLUMNS: Final[dict[str, str]] = {"area": "area_min_m2"}
"""Columns of the smallest value on offer: a space that can be split has every size between."""


@dataclass(frozen=True, slots=True)
class Filters:
    """
    Everything that narrows the table; fields are joined by "and", codes of one field by "or".

    An empty set restricts nothing. Instances are hashable and equal by value.
    """

    municipalities: frozenset[str] = _NOTHING
    districts: frozenset[str] = _NOTHING
    kinds: frozenset[str] = _NOTHING
    groups: frozenset[str] = _NOTHING
    types: frozenset[str] = _NOTHING
    sectors: frozenset[str] = _NOTHING
    programmes: frozenset[str] = _NOTHING
    vacancy: frozenset[str] = _NOTHING
    stages: frozenset[str] = _NOTHING
    availability: frozenset[str] = _NOTHING
    terms: frozenset[str] = _NOTHING
    ages: frozenset[str] = _NOTHING
    step_free: frozenset[str] = _NOTHING
    area: Range = field(default_factory=Range)
    rent: Range = field(default_factory=Range)
    text: str = ""
    near: Near | None = None
    shortlist: tuple[str, ...] = ()
    only_shortlist: bool = False

    @property
    def is_active(self) -> bool:
        """Whether any space could be left out."""
        return bool(self.active_fields)

    @property
    def active_fields(self) -> tuple[str, ...]:
        """Names of the fields that restrict the result, in their order."""
        codes = [name for name in CODE_FIELDS if getattr(self, name)]
        ranges = [name for name in RANGE_FIELDS if getattr(self, name).is_bound]
        rest = {
            "text": bool(words(self.text)),  # "?!" asks for nothing that a name could have
            "near": self.near is not None,
            "only_shortlist": self.only_shortlist,
        }
        return (*codes, *ranges, *(name for name, active in rest.items() if active))

    def codes(self, name: str) -> frozenset[str]:
        """Return the codes of the field ``name`` of `CODE_FIELDS`."""
        chosen: frozenset[str] = getattr(self, name)
        return chosen

    def range(self, name: str) -> Range:
        """Return the range of the field ``name`` of `RANGE_FIELDS`."""
        bounds: Range = getattr(self, name)
        return bounds

    def without(self, field: str) -> Filters:
        """Return the same filters with ``field`` at its default."""
        return dataclasses.replace(self, **{field: getattr(Filters(), field)})

    def to_params(self) -> dict[str, list[str]]:
        """Return the query parameters: canonical order, only what differs from the default."""
        params = {entry.param: _sorted(self.codes(name), entry)
                  for name, entry in CODE_FIELDS.items()}  # fmt: skip
        for name in RANGE_FIELDS:
            bounds = self.range(name)
            params[f"{name}_min"] = url.format_number(bounds.minimum)
            params[f"{name}_max"] = url.format_number(bounds.maximum)
            params[f"{name}_unknown"] = [] if bounds.with_unknown else ["0"]
        params["q"] = [self.text] if self.text else []
        params |= _near_params(self.near)
        params["pick"] = list(self.shortlist)
        params["picked"] = ["1"] if self.only_shortlist else []
        return {key: values for key, values in params.items() if values}

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str] | str]) -> Filters:
        """
        Read filters from query parameters, whatever they hold.

        Never raises: unknown keys and codes are dropped, numbers out of range are
        clamped, a value may be repeated or comma-joined.
        """
        given = url.Params(params)
        codes = {name: given.codes(entry.param, known=entry.codes, pattern=entry.pattern)
                 for name, entry in CODE_FIELDS.items()}  # fmt: skip
        ranges = {name: _range(given, name, column) for name, column in RANGE_FIELDS.items()}
        return cls(
            **codes,
            area=ranges["area"],
            rent=ranges["rent"],
            text=given.text("q"),
            near=_near(given),
            shortlist=given.keys("pick"),
            only_shortlist=given.flag("picked", default=False),
        )


def _sorted(codes: frozenset[str], entry: CodeField) -> list[str]:
    if not entry.codes:
        return sorted(codes)
    return [code for code in entry.codes if code in codes]


def _range(given: url.Params, name: str, column: str) -> Range:
    return Range(
        minimum=given.number(f"{name}_min", column=column),
        maximum=given.number(f"{name}_max", column=column),
        with_unknown=given.flag(f"{name}_unknown", default=True),
    )


def _near_params(near: Near | None) -> dict[str, list[str]]:
    if near is None:
        return {}
    place = f"{near.lat!r},{near.lon!r}" + (f",{near.label}" if near.label else "")
    radius = [] if near.radius_m == url.DEFAULT_RADIUS_M else [str(near.radius_m)]
    return {"near": [place], "radius": radius, "missed": [near.missed] if near.missed else []}


def _near(given: url.Params) -> Near | None:
    place = given.place("near")
    if place is None:
        return None
    lat, lon, label = place
    radius = given.number("radius", column=None)
    radius_m = url.DEFAULT_RADIUS_M if radius is None else math.floor(radius)
    return Near(lat, lon, max(url.MINIMUM_RADIUS_M, radius_m), label, given.text("missed"))

"""What can be asked for: the properties of a collection as JSON Schema, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from atlas import vocabulary as v
from atlas.export.columns import LAYERS
from atlas.export.columns import Field as Column
from atlas.schema import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atlas.vocabulary import Language

_TYPES: Final = {"number": "number", "integer": "integer", "boolean": "boolean"}
"""Type of a column of the schema → type of JSON; all others are text."""
_TEXTS: Final = frozenset({
    "area_id", "name", "ags", "ars", "district_code", "district_name", "population_as_of",
    "vacancy_rate_as_of",
})  # fmt: skip
_COUNTS: Final = ("population", "observed", "nearby", "creative_count", "vacant_count")
_FLAGS: Final = ("vacancy_rate_is_small",)
_DERIVED: Final = (
    Column("district_code", "Kreisschlüssel", "District key", "First five digits of the key."),
    Column("district_name", "Kreis", "District", "District, or the city where it is in none."),
    Column("type_group", "Typ", "Type group", "Group of the type.", codes=v.TYPE_GROUPS),
)
_IN_GEOMETRY: Final = ("lat", "lon")


@dataclass(frozen=True, slots=True)
class Field:
    """
    One property.

    Attributes
    ----------
    column
        Label, meaning, unit and codes, as in the planner's package.
    type
        Type of JSON Schema: string, number, integer or boolean.
    """

    column: Column
    type: str

    def title(self, language: Language) -> str:
        """Return the name for people."""
        return self.column.title(language)

    def schema(self, language: Language) -> dict[str, Any]:
        """Return the property as JSON Schema."""
        column = self.column
        codes = [f"{code}: {term.label(language)}" for code, term in column.codes.items()]
        about = [column.about, f"Unit: {column.unit}." if column.unit else "", "; ".join(codes)]
        described: dict[str, Any] = {
            "type": self.type,
            "title": self.title(language),
            "description": " ".join(filter(None, about)),
        }
        if column.codes:
            described["enum"] = list(column.codes)
        return described


def _fields(columns: Iterable[Column]) -> dict[str, Field]:
    return {column.name: Field(column, _type_of(column)) for column in columns}


def _type_of(column: Column) -> str:
    name = column.name
    if column.codes or name in _TEXTS:
        return "string"
    if name in _FLAGS:
        return "boolean"
    return "integer" if name in _COUNTS else "number"


def _of_spaces() -> dict[str, Field]:
    """Return the published columns; the coordinate is the geometry."""
    found: dict[str, Field] = {}
    for column in (*LAYERS["spaces"], *_DERIVED):
        if column.name not in _IN_GEOMETRY:
            dtype = BY_NAME[column.name].dtype if column.name in BY_NAME else "text"
            found[column.name] = Field(column, _TYPES.get(dtype, "string"))
    return found


SPACES: Final = _of_spaces()
MUNICIPALITIES: Final = _fields(LAYERS["municipalities"])
HEXAGONS: Final = _fields(LAYERS["hexagons"])
"""The properties of each collection by name, in their order."""

"""What can be asked for: the properties of a collection as JSON Schema, in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from atlas import vocabulary as v
from atlas.schema import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.schema import Column
    from atlas.vocabulary import Language

_TYPES: Final = {
    "text": "string", "code": "string", "codes": "string", "date": "string",
    "number": "number", "integer": "integer", "boolean": "boolean",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """
    One property.

    Attributes
    ----------
    type
        Type of JSON Schema: string, number, integer or boolean.
    de, en
        Names for people.
    about
        What it means, in English, as all descriptions of columns.
    codes
        The closed list, empty where there is none.
    """

    name: str
    type: str
    de: str
    en: str
    about: str = ""
    unit: str = ""
    codes: Mapping[str, v.Term] = field(default_factory=dict)

    def title(self, language: Language) -> str:
        """Return the name for people."""
        return self.en if language == "en" else self.de

    def schema(self, language: Language) -> dict[str, Any]:
        """Return the property as JSON Schema."""
        described: dict[str, Any] = {"type": self.type, "title": self.title(language)}
        about = [self.about, f"Unit: {self.unit}." if self.unit else ""]
        codes = [f"{code}: {term.label(language)}" for code, term in self.codes.items()]
        text = " ".join([*filter(None, about), "; ".join(codes)]).strip()
        if text:
            described["description"] = text
        if self.codes:
            described["enum"] = list(self.codes)
        return described


_EXTRA: Final = {
    known.name: known
    for known in (
        Field("coordinate_licence", "string", "Lizenz der Koordinate", "Licence of the coordinate"),
        Field("attribution", "string", "Namensnennung", "Attribution"),
        Field("data_as_of", "string", "Stand der Daten", "Data as of"),
        Field("contributions", "string", "Beiträge der Quellen (JSON)",
              "Contributions of the sources (JSON)"),
        Field("district_code", "string", "Kreisschlüssel", "District key"),
        Field("district_name", "string", "Kreis", "District"),
        Field("type_group", "string", "Typ", "Type group", codes=v.TYPE_GROUPS),
        Field("ars", "string", "Regionalschlüssel", "Regional key"),
        Field("population", "integer", "Einwohner", "Inhabitants"),
        Field("population_as_of", "string", "Einwohner am", "Inhabitants as of"),
        Field("area_km2", "number", "Fläche", "Area", unit="km²"),
        Field("area_id", "string", "Kennung", "Identifier"),
    )
}  # fmt: skip


def _of_column(column: Column) -> Field:
    # A list of codes is text with ";" between them: no enumeration of single codes fits.
    codes = column.codes if column.dtype == "code" else {}
    kind = _TYPES[column.dtype]
    return Field(column.name, kind, column.de, column.en, column.about, column.unit, codes)


def _type_of(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values.dtype):
        return "boolean"
    if pd.api.types.is_integer_dtype(values.dtype):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(values.dtype) else "string"


def fields_of(frame: pd.DataFrame, *, has_schema: bool) -> dict[str, Field]:
    """
    Describe the columns of a frame, without its geometry.

    Parameters
    ----------
    has_schema
        Whether the columns are those of the spaces table, where its rules apply; in
        other tables a name can mean something else.
    """
    described: dict[str, Field] = {}
    for name in frame.columns.drop("geometry"):
        if has_schema and name in BY_NAME:
            described[name] = _of_column(BY_NAME[name])
        elif name in _EXTRA:
            described[name] = _EXTRA[name]
        else:
            described[name] = Field(name, _type_of(frame[name]), name, name)
    return described

"""The declared mapping: one TOML file that says how a table of someone else becomes ours."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import quote

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from atlas import vocabulary as v
from atlas.errors import ConfigError, why
from atlas.schema.columns import BY_NAME
from atlas.sources.declared import problems

NOT_A_SPACE: Final = "-"
"""Translation of a code that says: this record does not belong into the table."""
ANY: Final = "*"
"""Left side of a translation that takes every value which no other takes."""
FEATURE_ID: Final = "@id"
"""Name under which a mapping reaches the key that a feature carries beside its properties."""
_FIELD: Final = re.compile(r"\{([^{}]+)\}")
_RESERVED: Final = frozenset({
    "space_id", "lat", "lon", "source", "source_ref", "source_url", "publisher",
    "retrieved_on", "licence", "lineage",
} | {name for name in BY_NAME if name.startswith("coordinate_")})  # fmt: skip
_CODED: Final = ("code", "codes", "boolean")

Crs = Literal[
    "", "EPSG:25832", "EPSG:31466", "EPSG:31467", "EPSG:4647", "EPSG:3857", "EPSG:4326"
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FileSpec(_Strict):
    """
    The file and its form.

    Attributes
    ----------
    path
        Relative to the TOML file; ``*`` stands for the part of a name that changes.
    url
        Where it is fetched from; shown, and used by ``fetch``.
    header
        Number of the row that holds the names of the columns (CSV, XLSX), from 1.
    sheet, layer
        Which of several; empty takes the first.
    """

    format: Literal["csv", "xlsx", "geojson", "gpkg", "shp", "gml"]
    path: str = ""
    url: str = ""
    encoding: str = "auto"
    delimiter: Literal["auto", ";", ",", "\t", "tab", "|"] = "auto"
    header: Annotated[int, Field(ge=1, le=100)] = 1
    sheet: str = ""
    layer: str = ""


class PlaceSpec(_Strict):
    """
    Where the places are.

    Attributes
    ----------
    axes
        ``xy``: easting or longitude first; ``yx``: northing or latitude first.
    x, y
        Columns of easting and northing, or longitude and latitude.
    point
        Column that holds both in one text, in the order of ``axes``.
    uncertainty_m
        How well the source knows the places; areas add half their diagonal.
    """

    crs: Crs = ""
    axes: Literal["xy", "yx"] = "xy"
    x: str = ""
    y: str = ""
    point: str = ""
    precision: Literal["building", "street", "district", "municipality"] = "building"
    uncertainty_m: Annotated[float, Field(ge=10, le=20_000)] = 30
    note: Annotated[str, Field(max_length=300)] = ""

    @model_validator(mode="after")
    def _pairs(self) -> PlaceSpec:
        if bool(self.x) != bool(self.y) or (self.x and self.point):
            raise problems.WrongEntry("x und y gehören zusammen, und point ersetzt beide")
        return self


class Rule(_Strict):
    """
    How one column of the table is made.

    Attributes
    ----------
    column, columns, template
        One column; several, with ``join`` between them; or a text with ``{column}``.
    part
        Piece of an address that holds two things.
    codes
        Translation of values; ``-`` on the right sets the record aside, ``*`` on the
        left takes all other values.
    separator
        Between the values of a list in one cell.
    dates
        Forms of dates as of `strptime`, before the usual ones.
    factor
        What numbers are multiplied with (units).
    """

    column: str = ""
    columns: tuple[str, ...] = ()
    template: str = ""
    join: str = " "
    part: Literal["", "street", "house_number", "postcode", "town"] = ""
    codes: dict[str, str] = {}
    separator: str = ""
    dates: tuple[str, ...] = ()
    factor: float = 1

    # A single space between joined columns must survive.
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        """Read a bare text as the name of a column, or as a template if it has braces."""
        if isinstance(value, str):
            return {"template" if _FIELD.search(value) else "column": value}
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> Rule:
        if sum(map(bool, (self.column, self.columns, self.template))) != 1:
            raise problems.WrongEntry("genau eines angeben von", "column, columns, template")
        return self

    @cached_property
    def folded_codes(self) -> dict[str, str]:
        """The translations, for values in another case."""
        return {value.casefold(): code for value, code in self.codes.items()}

    @property
    def origins(self) -> tuple[str, ...]:
        """The columns of the source that the rule reads."""
        if self.template:
            return tuple(_FIELD.findall(self.template))
        return self.columns or (self.column,)

    def text(self, record: dict[str, str]) -> str:
        """Return the text of a record; empty if all its columns are."""
        parts = [record.get(name, "").strip() for name in self.origins]
        if not any(parts):
            return ""
        if self.template:
            return _FIELD.sub(lambda match: record.get(match[1], "").strip(), self.template)
        return self.join.join(filter(None, parts))


class Mapping(_Strict):
    """
    One declared source.

    Attributes
    ----------
    source
        Its entry in ``data/sources.toml``; ``licence`` and ``attribution`` repeat what is
        stated there, so that this file can be read on its own.
    key
        What makes ``source_ref``; no two places share it.
    page
        Address of a record's page, with ``{column}``; else the homepage of the source.
    decimal
        What separates decimals in numbers that are no coordinates.
    columns, constants
        Columns of the table, from columns of the source or the same in every row.
    """

    source: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    publisher: Annotated[str, Field(min_length=1, max_length=100)]
    licence: str
    attribution: str
    key: Rule
    page: str = ""
    decimal: Literal[",", "."] = ","
    dates: tuple[str, ...] = ()
    file: FileSpec
    place: PlaceSpec = PlaceSpec()
    columns: dict[str, Rule]
    constants: dict[str, str] = {}
    folder: Path = Path()

    @field_validator("columns", "constants")
    @classmethod
    def _known(cls, value: dict[str, object], info: ValidationInfo) -> dict[str, object]:
        for name in value:
            path = (str(info.field_name), name)
            if name in _RESERVED:
                raise problems.WrongEntry("das setzt der Adapter selbst:", name, path)
            if name not in BY_NAME:
                raise problems.unknown(name, BY_NAME, path)
        return value

    @model_validator(mode="after")
    def _codes_exist(self) -> Mapping:
        for name, text in self.constants.items():
            _check_code(name, text, ("constants", name))
        for name, rule in self.columns.items():
            for text in rule.codes.values():
                if text and text != NOT_A_SPACE:
                    _check_code(name, text, ("columns", name, "codes"))
        if not {"name", "type"} <= {*self.columns, *self.constants}:
            raise problems.WrongEntry("in columns oder constants fehlt", "name, type", ("columns",))
        return self

    @property
    def origins(self) -> set[str]:
        """Every column of the source that the mapping reads."""
        named = {name for rule in (self.key, *self.columns.values()) for name in rule.origins}
        place = {self.place.x, self.place.y, self.place.point}
        return (named | place | set(_FIELD.findall(self.page))) - {"", FEATURE_ID}

    def page_of(self, record: dict[str, str]) -> str:
        """Return the page of a record; empty if the mapping states none for it."""
        values = {name: record.get(name, "").strip() for name in _FIELD.findall(self.page)}
        if not self.page or not all(values.values()):
            return ""
        return _FIELD.sub(lambda match: quote(values[match[1]], safe=""), self.page)


def _check_code(name: str, text: str, path: tuple[str, ...]) -> None:
    column = BY_NAME[name]
    known = v.TERNARY.keys() - {"unknown"} if column.dtype == "boolean" else column.codes
    parts = text.split(";") if column.dtype == "codes" else [text]
    for part in parts if column.dtype in _CODED else ():
        if part not in known:
            raise problems.unknown(part, known, path)


def load(path: Path) -> Mapping:
    """
    Read a declared mapping.

    Raises
    ------
    ConfigError
        If the file is missing, is no TOML, or says something that cannot be done; names
        file, line and key.
    """
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(
            "{file}: die Datei ist nicht lesbar ({reason}).",
            hint="Pfad und Leserechte prüfen.",
            file=path.name or str(path),
            reason=why(error),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(
            "{file}: kein gültiges TOML ({reason}).",
            hint="Die genannte Stelle berichtigen; docs/add-a-source.md zeigt ein Beispiel.",
            file=path.name,
            reason=error,
        ) from error
    try:
        return Mapping.model_validate({**content, "folder": path.parent})
    except ValidationError as error:
        raise problems.config_error(path.name, text, error) from error

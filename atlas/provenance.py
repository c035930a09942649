"""
Provenance: the registry of sources, and the data package that describes the table.

Facts about sources are data (``data/sources.toml``), not constants in code.
"""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from atlas.errors import ConfigError
from atlas.i18n import marked as _
from atlas.i18n import translator
from atlas.schema.columns import COLUMNS, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from atlas.vocabulary import Language

REGISTRY_FILE: Final = "sources.toml"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence that values are published under: code, name (a message id), its text."""

    code: str
    name: str
    url: str = ""

    def label(self, language: Language) -> str:
        """Return the name in ``language``."""
        return translator(language)(self.name)


_LICENCES: Final = (
    Licence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    Licence("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    Licence("ODbL-1.0", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    Licence("dl-de/by-2-0", "dl-de/by-2-0", "https://www.govdata.de/dl-de/by-2-0"),
    Licence("dl-de/zero-2-0", "dl-de/zero-2-0", "https://www.govdata.de/dl-de/zero-2-0"),
    Licence("GeoNutzV", "GeoNutzV", "https://www.gesetze-im-internet.de/geonutzv/"),
    Licence("LicenseRef-Destatis", _("Vervielfältigung und Verbreitung mit Quellennachweis")),
)
LICENCES: Final = {licence.code: licence for licence in _LICENCES}
LICENCE_URLS: Final = {licence.code: licence.url for licence in _LICENCES if licence.url}
SHARE_ALIKE: Final = frozenset({"ODbL-1.0"})
"""Licences that oblige whoever publishes a derived database to the same licence."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source: what it is, under which licence it came and goes, how often it changes."""

    id: str
    title: str
    title_en: str
    homepage: str
    licence_received: str
    licence_received_en: str
    licence_published: str
    attribution: str
    attribution_en: str
    lineage: str
    role: tuple[str, ...]
    rhythm: str
    rhythm_en: str
    vintage: str
    about: str
    about_en: str

    def label(self, language: Language) -> str:
        """Return the title in ``language``."""
        return self.title_en if language == "en" else self.title

    def description(self, language: Language) -> str:
        """Return what the source delivers, in ``language``."""
        return self.about_en if language == "en" else self.about

    def sentence(self, language: Language) -> str:
        """Return the attribution in ``language``; names that a licence fixes stay as they are."""
        return self.attribution_en if language == "en" else self.attribution


@dataclass(frozen=True, slots=True)
class Registry:
    """All sources, keyed by id, in the order of the file."""

    sources: Mapping[str, Source]

    @classmethod
    def load(cls, data_dir: Path) -> Registry:
        """
        Read ``sources.toml`` of ``data_dir``.

        Raises
        ------
        ConfigError
            If the file is missing, is no TOML, or an entry misses or adds a field.
        """
        path = data_dir / REGISTRY_FILE
        try:
            return cls.parse(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(
                "Das Quellenregister {path} ist nicht lesbar: {error}.",
                hint="Die Datei aus dem Repositorium wiederherstellen.",
                path=path,
                error=error,
            ) from error

    @classmethod
    def parse(cls, text: str) -> Registry:
        """
        Read the text of a ``sources.toml``.

        Raises
        ------
        ValueError
            If it is no TOML.
        ConfigError
            If an entry misses or adds a field.
        """
        entries = tomllib.loads(text)
        return cls({key: _source(key, entry) for key, entry in entries.items()})

    def licence_of(self, source_id: str) -> str:
        """Return the licence under which values of ``source_id`` are published."""
        return self.get(source_id).licence_published

    def get(self, source_id: str) -> Source:
        """Return the entry ``source_id``; raise `ConfigError` if there is none."""
        try:
            return self.sources[source_id]
        except KeyError:
            raise ConfigError(
                "Die Quelle „{source}“ steht nicht im Quellenregister.",
                hint="In data/sources.toml einen Eintrag anlegen.",
                source=source_id,
            ) from None

    def attributions(self, source_ids: Iterable[str], language: Language) -> list[str]:
        """Return the attribution sentences of ``source_ids``, each once, in registry order."""
        wanted = set(source_ids)
        chosen = [source for key, source in self.sources.items() if key in wanted]
        return list(dict.fromkeys(source.sentence(language) for source in chosen))


def _source(key: str, entry: dict[str, Any]) -> Source:
    names = {field.name for field in dataclasses.fields(Source)} - {"id"}
    if set(entry) != names:
        raise ConfigError(
            "Quellenregister, Eintrag „{key}“: fehlend {missing}, unbekannt {extra}.",
            hint="Jeder Eintrag hat genau die Felder von atlas.provenance.Source.",
            key=key,
            missing=sorted(names - set(entry)),
            extra=sorted(set(entry) - names),
        )
    if entry["licence_published"] not in LICENCES:
        raise ConfigError(
            "Quellenregister, Eintrag „{key}“: die Lizenz „{licence}“ ist nicht bekannt.",
            hint="Möglich sind: {known}.",
            key=key,
            licence=entry["licence_published"],
            known=", ".join(LICENCES),
        )
    return Source(id=key, **{**entry, "role": tuple(entry["role"])})


_FRICTIONLESS_TYPES: Final = {
    "text": "string", "code": "string", "codes": "string", "date": "string",
    "number": "number", "integer": "integer", "boolean": "boolean",
}  # fmt: skip
_PARTIAL_DATE: Final = r"\d{4}(-\d{2}(-\d{2})?)?"


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.dtype == "code":
        constraints["enum"] = list(column.codes)
    if column.dtype == "codes":
        one = "|".join(column.codes)
        constraints["pattern"] = f"({one})(;({one}))*"
    if column.dtype == "date":
        constraints["pattern"] = _PARTIAL_DATE
    if column.pattern:
        constraints["pattern"] = column.pattern
    for key, value in (("minimum", column.minimum), ("maximum", column.maximum)):
        if value is not None:
            constraints[key] = int(value) if column.dtype == "integer" else value
    if column.name == "space_id":
        constraints["unique"] = True
    unit = f" Unit: {column.unit}." if column.unit else ""
    described: dict[str, Any] = {
        "name": column.name,
        "type": _FRICTIONLESS_TYPES[column.dtype],
        "title": column.de,
        "description": column.about + unit,
    }
    if constraints:
        described["constraints"] = constraints
    return described


def table_schema() -> dict[str, Any]:
    """Return the Frictionless Table Schema of ``spaces.csv``, rendered from the columns."""
    return {
        "fields": [_field(column) for column in COLUMNS],
        "primaryKey": ["space_id"],
        "missingValues": [""],
    }


def _package_source(source: Source) -> dict[str, str]:
    # English, as all descriptions of the package; attribution is a property of our own.
    described = {
        "title": source.title_en,
        "path": source.homepage,
        "attribution": source.attribution_en,
    }
    return {key: value for key, value in described.items() if value}


def datapackage(registry: Registry, *, rows: int, retrieved_on: str) -> dict[str, Any]:
    """
    Describe the data as a Frictionless data package.

    Parameters
    ----------
    rows
        Number of rows of ``spaces.csv``.
    retrieved_on
        Newest date (ISO) at which a source of the table was read.

    Returns
    -------
    descriptor
        Ready for ``json.dump``; the same input gives the same text.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "raumatlas-ruhr",
        "title": "Raumatlas Ruhr: Orte der Kreativwirtschaft und ihr Leerstand",
        "description": (
            "Creative quarters, key properties and creative sites in the 53 municipalities "
            "of the Ruhr, each with source and date. Empty means not known."
        ),
        "version": retrieved_on,
        "licenses": [
            {"name": name, "path": LICENCE_URLS[name]} for name in ("CC-BY-4.0", "ODbL-1.0")
        ],
        "sources": [_package_source(source) for source in registry.sources.values()],
        "resources": [
            {
                "name": "spaces",
                "path": "spaces.csv",
                "title": "Räume",
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "rowCount": rows,
                "schema": table_schema(),
            },
            {
                "name": "municipalities",
                "path": "geo/municipalities.geojson",
                "title": "53 Städte und Gemeinden",
                "format": "geojson",
                "mediatype": "application/geo+json",
                "encoding": "utf-8",
            },
        ],
    }

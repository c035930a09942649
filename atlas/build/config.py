"""Which sources a build takes: ``data/build.toml``."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations
import re
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from atlas import vocabulary as v
from atlas.errors import ConfigError, why
from atlas.schema import BY_NAME

AdapterName = Literal[
    "curated", "overpass", "osm_extract", "wikidata", "declared", "openimmo", "reports"
]


class SourceEntry(BaseModel):
    """
    One source of a build.

    Attributes
    ----------
    id
        Entry of ``sources.toml``; each occurs once.
    adapter
        Module that reads it.
    path
        File, relative to the configuration; ``*`` takes several, in the order of their names.
    url
        Address instead of a file, for adapters that fetch; empty takes that of the settings.
    licence
        Under which the rows may be published, as agreed with whoever delivers them; needed
        for feeds and reports, whose publishers state none.
    retrieved_on
        When a file was retrieved; left out, the day on which it was put where it lies.
    default_type
        Type of a vacancy report that does not tell what the building is; without it such a
        report is set aside.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    adapter: AdapterName
    path: str = ""
    url: str = ""
    licence: str = ""
    retrieved_on: dt.date | None = None
    default_type: str = ""

    @model_validator(mode="after")
    def _has_a_file(self) -> SourceEntry:
        if self.adapter not in _FETCHING and not self.path:
            raise ValueError("path is missing")
        if self.default_type and self.default_type not in v.TYPES:
            raise ValueError(f"default_type: {self.default_type}")
        if self.adapter in _LICENSED and not self.licence:
            raise ValueError("licence is missing: under which the rows may be published")
        if self.licence and not re.fullmatch(BY_NAME["licence"].pattern, self.licence):
            raise ValueError(f"licence: {self.licence}")
        return self


_FETCHING: Final = ("overpass", "wikidata")
_LICENSED: Final = ("openimmo", "reports")


class BuildConfig(BaseModel):
    """The sources of a build in their order, and the folder that paths are relative to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[tuple[SourceEntry, ...], Field(min_length=1)]
    folder: Path = Path()

    @field_validator("source")
    @classmethod
    def _unique(cls, entries: tuple[SourceEntry, ...]) -> tuple[SourceEntry, ...]:
        ids = [entry.id for entry in entries]
        if repeated := sorted({entry for entry in ids if ids.count(entry) > 1}):
            raise ValueError(f"id occurs several times: {', '.join(repeated)}")
        return entries

    @classmethod
    def load(cls, path: Path) -> BuildConfig:
        """
        Read a configuration.

        Raises
        ------
        ConfigError
            If the file is missing, is no TOML, or an entry is wrong.
        """
        try:
            with path.open("rb") as file:
                content = tomllib.load(file)
            return cls.model_validate({**content, "folder": path.parent})
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(
                "Die Bauanleitung {path} ist nicht lesbar: {error}.",
                hint="Eine TOML-Datei mit einem Abschnitt [[source]] je Quelle angeben; "
                "docs/add-a-source.md zeigt ein Beispiel.",
                path=path,
                error=why(error) if isinstance(error, OSError) else error,
            ) from error
        except ValidationError as error:
            raise ConfigError(
                "Die Bauanleitung {path} ist falsch: {problems}.",
                hint="Je Quelle: id, adapter und path oder url; docs/add-a-source.md zeigt ein "
                "Beispiel.",
                path=path,
                problems="; ".join(_problems(error)),
            ) from error

    def files(self, entry: SourceEntry) -> list[Path]:
        """Return the files of ``entry`` in the order of their names; without ``*`` its path."""
        if "*" not in entry.path:
            return [self.folder / entry.path]
        anchor = Path(Path(entry.path).anchor)
        pattern = Path(entry.path).relative_to(anchor).as_posix()
        return sorted(path for path in (self.folder / anchor).glob(pattern) if path.is_file())


def _problems(error: ValidationError) -> list[str]:
    """Return what is wrong, and where; that a list is short says nothing beside its entries."""
    found = error.errors()
    told = [detail for detail in found if detail["type"] != "too_short"] or found
    return [
        ".".join(str(part + 1) if isinstance(part, int) else part for part in detail["loc"])
        + f": {detail['msg']}"
        for detail in told
    ]

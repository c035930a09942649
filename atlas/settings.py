"""Settings: frozen, built once from defaults and ``ATLAS_*`` variables, passed as an argument."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, Literal, Self, get_args

from pydantic import Field, ModelWrapValidatorHandler, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from atlas.errors import ConfigError

PACKAGE = Path(__file__).resolve().parent
_PREFIX: Final = "ATLAS_"


def default_data_dir() -> Path:
    """Return ``data/`` of the checkout, else the copy that travels in the wheel."""
    checkout = PACKAGE.parent / "data"
    is_checkout = (PACKAGE.parent / "pyproject.toml").is_file()
    return checkout if is_checkout else PACKAGE / "data"


def default_cache_dir() -> Path:
    """Return the folder where programs of this user keep what they can fetch again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "raumatlas-ruhr"


class Settings(BaseSettings):
    """
    Everything that an operator may change, each through ``ATLAS_<NAME>``; empty is not set.

    Attributes
    ----------
    data_dir
        Folder with ``spaces.csv``, ``sources.toml`` and ``geo/``.
    table_dir
        Folder of the table that ``atlas build`` stores; empty means ``table/`` in
        ``data_dir``. While nothing is stored there, the app reads ``spaces.csv``.
    database_url
        Address of a PostgreSQL database with PostGIS that several servers share
        (``postgresql+psycopg://…``, docs/database.md); empty means the folder. It may
        hold a password: it shows as stars.
    operator_name, operator_address, operator_email
        Who runs this instance: shown in the imprint (§ 5 DDG). Empty means that
        the imprint says that it has not been filled in.
    accessibility_contact
        Where barriers are reported; falls back to ``operator_email``.
    public_url
        Address under which the instance is reached, for links and QR codes;
        empty means the address of the browser.
    contributor_id
        Address of the operator in GovData's list of contributors, for the catalogue entry
        (DCAT-AP.de); empty where the data is not delivered to GovData directly.
    cache_dir
        Folder of what can be had again: answers of web servers and of the geocoder, and the
        checked table for the next start (see `atlas.stored.kept`).
    contact
        Mail or web address by which servers that we ask can reach the operator; no
        request goes to a public geocoder without it.
    geocoder, geocoder_url
        Service that ``atlas build`` and ``atlas geocode`` ask about addresses that the
        gazetteer does not know, and its address if it is not the public one.
    overpass_url, wikidata_url
        Services that ``atlas build`` asks for OpenStreetMap and Wikidata.

    Raises
    ------
    ConfigError
        If a variable holds what it may not; names the variable and what is allowed.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    data_dir: Path = Field(default_factory=default_data_dir)
    table_dir: Path | None = None
    database_url: SecretStr = SecretStr("")
    operator_name: str = ""
    operator_address: str = ""
    operator_email: str = ""
    accessibility_contact: str = ""
    public_url: str = ""
    contributor_id: str = ""
    cache_dir: Path = Field(default_factory=default_cache_dir)
    contact: str = ""
    geocoder: Literal["none", "nominatim", "photon"] = "none"
    geocoder_url: str = ""
    overpass_url: str = "https://overpass-api.de/api/interpreter"
    wikidata_url: str = "https://query.wikidata.org/sparql"

    @property
    def table_folder(self) -> Path:
        """Folder of the stored table."""
        return self.table_dir or self.data_dir / "table"

    @model_validator(mode="wrap")
    @classmethod
    def _told(cls, given: Any, check: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        """Tell the first problem as an error of ours: everybody who reads settings shows those."""
        try:
            return check(given)
        except ValidationError as error:
            # The original is not told along: it repeats values, and one may be a password.
            raise cls._problem(str(error.errors()[0]["loc"][0]), given) from None

    @classmethod
    def _problem(cls, field: str, given: dict[str, Any]) -> ConfigError:
        variable = _PREFIX + field.upper()
        allowed = get_args(cls.model_fields[field].annotation)
        if allowed and all(isinstance(value, str) for value in allowed):
            return ConfigError(
                "{name}: „{given}“ gibt es nicht.",
                hint="Möglich sind: {known}.",
                name=variable,
                given=given[field],
                known=", ".join(allowed),
            )
        return ConfigError(
            "{name}: diese Angabe lässt sich nicht lesen.",
            hint="Was sie bedeutet, steht in docs/settings.md.",
            name=variable,
        )

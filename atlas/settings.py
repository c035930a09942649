"""Settings: frozen, built once from defaults and ``ATLAS_*`` variables, passed as an argument."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent


def default_data_dir() -> Path:
    """Return ``data/`` of the checkout, else the copy that travels in the wheel."""
    checkout = PACKAGE.parent / "data"
    is_checkout = (PACKAGE.parent / "pyproject.toml").is_file()
    return checkout if is_checkout else PACKAGE / "data"


class Settings(BaseSettings):
    """
    Everything that an operator may change, each through ``ATLAS_<NAME>``.

    Attributes
    ----------
    data_dir
        Folder with ``spaces.csv``, ``sources.toml`` and ``geo/``.
    operator_name, operator_address, operator_email
        Who runs this instance: shown in the imprint (§ 5 DDG). Empty means that
        the imprint says that it has not been filled in.
    accessibility_contact
        Where barriers are reported; falls back to ``operator_email``.
    public_url
        Address under which the instance is reached, for links and QR codes;
        empty means the address of the browser.
    """

    model_config = SettingsConfigDict(env_prefix="ATLAS_", frozen=True, extra="ignore")

    data_dir: Path = Field(default_factory=default_data_dir)
    operator_name: str = ""
    operator_address: str = ""
    operator_email: str = ""
    accessibility_contact: str = ""
    public_url: str = ""

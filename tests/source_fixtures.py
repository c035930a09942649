"""Registry entries and files for the adapters of open data, reports and property feeds."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.provenance import Registry, Source
from atlas.schema import NAMES, Intake
from atlas.schema.validate import validate

if TYPE_CHECKING:
    import geopandas as gpd

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
TODAY = dt.date(2026, 11, 22)
REGISTRY = Registry.load(ROOT / "data")


def source(**changes: str) -> Source:
    """Return a registry entry that delivers rows."""
    values = {
        "id": "city", "title": "Stadt Beispiel", "title_en": "Example Town",
        "homepage": "https://example.org/", "licence_received": "CC0-1.0",
        "licence_received_en": "CC0-1.0", "licence_published": "CC0-1.0",
        "attribution": "Stadt Beispiel", "attribution_en": "Example Town",
        "lineage": "government", "role": ("rows",), "rhythm": "jährlich",
        "rhythm_en": "yearly", "vintage": "2026-01-01", "about": "Orte", "about_en": "Places",
    }  # fmt: skip
    return Source(**{**values, **changes})


def zipped(**files: bytes) -> bytes:
    """Return an archive; ``__`` in a name stands for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def problems_of(intake: Intake, municipalities: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Return (column, rule) of every rule of the schema that the rows break."""
    names = dict(zip(municipalities["ags"], municipalities["name"], strict=True))
    by_name = {name: ags for ags, name in names.items()}
    ags = intake.cells["ags"].fillna(intake.cells["municipality"].map(by_name))
    cells = intake.cells.assign(ags=ags, municipality=ags.map(names))
    rejects = validate(cells, municipalities, sources=REGISTRY.sources).rejects
    return list(zip(rejects["column"], rejects["code"], strict=True))


def assert_sound(intake: Intake) -> None:
    """Assert what holds for every intake: nothing is lost, positions run from 1 without gaps."""
    seen = sorted([*intake.cells.index, *intake.faults["row"]])
    assert seen == list(range(1, intake.read + 1))
    assert list(intake.cells.columns) == list(NAMES)
    filled = intake.cells[["name", "type", "kind", "source_ref", "source_url", "vacancy"]]
    assert filled.notna().all().all()
    assert intake.cells["source_ref"].is_unique
    place = ["lat", "lon", "coordinate_precision", "coordinate_uncertainty_m", "coordinate_source",
             "coordinate_note"]  # fmt: skip
    count = intake.cells[place].notna().sum(axis=1)
    assert count.isin([0, len(place)]).all()


def text_of(intake: Intake) -> str:
    """Return everything that an intake says, rows and faults, as one text."""
    return intake.cells.to_csv() + intake.faults.to_csv()

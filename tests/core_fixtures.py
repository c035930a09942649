"""Three towns that share borders, and rows that are written out: for the tests of the core."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from shapely import box

from atlas.schema import NAMES, space_id
from atlas.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

# Three rectangles side by side; the second and third share the border lon = 7.2.
TOWNS = gpd.GeoDataFrame(
    {
        "ags": ["05000001", "05000002", "05000003"],
        "ars": ["050000010000", "050000020000", "050000030000"],
        "name": ["Westheim", "Mittelstadt", "Osthausen"],
        "district_code": ["05000", "05001", "05001"],
        "district_name": ["Westheim", "Kreis Ost", "Kreis Ost"],
        "population": [10, 20, 30],
        "population_as_of": ["2018-12-31"] * 3,
        "area_km2": [1.0, 2.0, 3.0],
    },
    geometry=[box(7.0, 51.4, 7.1, 51.5), box(7.1, 51.4, 7.2, 51.5), box(7.2, 51.4, 7.3, 51.5)],
    crs="EPSG:4326",
)
AGS = dict(zip(TOWNS["name"], TOWNS["ags"], strict=True))

SOURCES = """
[curated]
title = "Register"
title_en = "Registry"
homepage = "https://example.org/"
licence_received = "eigene Angaben"
licence_received_en = "our own statements"
licence_published = "CC-BY-4.0"
attribution = "Raumatlas Ruhr (CC BY 4.0)"
attribution_en = "Raumatlas Ruhr (CC BY 4.0)"
lineage = "aggregator"
role = ["rows"]
rhythm = "laufend"
rhythm_en = "continuous"
vintage = "2026"
about = "Probe"
about_en = "Sample"

[osm]
title = "OpenStreetMap"
title_en = "OpenStreetMap"
homepage = "https://www.openstreetmap.org/copyright"
licence_received = "ODbL-1.0"
licence_received_en = "ODbL-1.0"
licence_published = "ODbL-1.0"
attribution = "© OpenStreetMap-Mitwirkende (ODbL)"
attribution_en = "© OpenStreetMap contributors (ODbL)"
lineage = "crowd"
role = ["location"]
rhythm = "laufend"
rhythm_en = "continuous"
vintage = "2026"
about = "Probe"
about_en = "Sample"

[wikidata]
title = "Wikidata"
title_en = "Wikidata"
homepage = "https://www.wikidata.org/"
licence_received = "CC0-1.0"
licence_received_en = "CC0-1.0"
licence_published = "CC0-1.0"
attribution = "Wikidata (CC0)"
attribution_en = "Wikidata (CC0)"
lineage = "crowd"
role = ["location"]
rhythm = "laufend"
rhythm_en = "continuous"
vintage = "2026"
about = "Probe"
about_en = "Sample"
"""

_DEFAULTS = {
    "name": "Alte Zeche",
    "kind": "key_property",
    "type": "colliery",
    "municipality": "Westheim",
    "vacancy": "vacant",
    "availability": "unknown",
    "confidence": "reported",
    "observed_on": "2026-03",
    "source": "curated",
    "publisher": "WAZ",
    "source_url": "https://example.org/zeche",
    "retrieved_on": "2026-11-22",
    "licence": "CC-BY-4.0",
    "lineage": "press",
}


def row(ref: str = "westheim/alte-zeche", **values: str) -> dict[str, str]:
    """Return a row that keeps every rule, with ``values`` in place of the defaults."""
    given = {**_DEFAULTS, "source_ref": ref, **values}
    derived = {
        "space_id": space_id(given["source"], given["source_ref"]),
        "ags": AGS.get(given["municipality"], "05999999"),
    }
    return {name: {**derived, **given}.get(name, "") for name in NAMES}


def located(lat: float | str, lon: float | str, **values: str) -> dict[str, str]:
    """Return the coordinate columns."""
    return {
        "lat": str(lat),
        "lon": str(lon),
        "coordinate_precision": "building",
        "coordinate_uncertainty_m": "50",
        "coordinate_source": "wikidata",
        "coordinate_note": "Q1",
        "coordinate_note_en": "Q1",
    } | values


def cells(*rows: dict[str, str]) -> pd.DataFrame:
    """Return rows as the text cells that a source delivers, lines counted from 2."""
    frame = pd.DataFrame(rows, columns=list(NAMES), index=range(2, len(rows) + 2))
    return frame.astype("str").where(lambda texts: texts != "")


def write_csv(path: Path, *rows: dict[str, str]) -> Path:
    """Write rows as a registry file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def data_dir(folder: Path, *rows: dict[str, str]) -> Settings:
    """Write a whole data folder and return the settings that point at it."""
    (folder / "geo").mkdir(parents=True)
    TOWNS.to_file(folder / "geo" / "municipalities.geojson", driver="GeoJSON")
    districts = TOWNS.dissolve("district_code", as_index=False)
    districts = districts[["district_code", "district_name", "geometry"]]
    districts.to_file(folder / "geo" / "districts.geojson", driver="GeoJSON")
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    write_csv(folder / "spaces.csv", *rows)
    return Settings(data_dir=folder)


# One row per edge case; the name says what it tests.
EDGE_ROWS = (
    row("w/zeche", name="Zeche Glückauf", street="Schachtstraße", locality="Nord",
        sectors="music;art", area_m2="500", is_step_free="true",
        **located(51.45, 7.05)),
    row("w/kaufhaus", name="Kaufhaus Müller", type="department_store", former_use="shop",
        vacancy="partly_vacant", observed_on="2022", area_m2="12000",
        **located(51.451, 7.051, coordinate_source="osm")),
    row("m/atelier", name="Atelierhaus Mitte", kind="creative_site", type="studio_house",
        municipality="Mittelstadt", vacancy="in_use", observed_on="2024-05-01", sectors="art",
        availability="by_arrangement", term="permanent", rent_eur_per_m2_month="4.5",
        is_step_free="false", **located(51.45, 7.15)),
    row("m/quartier", name="Kreativ.Quartier Mitte", kind="creative_quarter", type="quarter",
        municipality="Mittelstadt", vacancy="not_applicable", observed_on="",
        programmes="kreativ_quartiere_ruhr", programme_status="current", programme_from="2012",
        **located(51.46, 7.16, coordinate_precision="district", coordinate_uncertainty_m="500")),
    row("o/ohne-ort", name="Ohne Ort", municipality="Osthausen", type="church",
        vacancy="unknown", observed_on="", stage="planning", licence="ODbL-1.0"),
    row("o/formel", name="=SUM(A1)", municipality="Osthausen", type="shop", note_de="-1+1",
        note_en="'=quoted", street="@home", observed_on="2026-11-22", area_m2="80",
        **located(51.45, 7.25)),
)  # fmt: skip

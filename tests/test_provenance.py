"""The source registry and the data package."""

from __future__ import annotations

import json
from pathlib import Path

import frictionless
import pytest

from atlas.errors import ConfigError
from atlas.provenance import LICENCE_URLS, Registry, datapackage, table_schema
from atlas.schema.columns import NAMES
from atlas.vocabulary import LINEAGE

DATA = Path(__file__).resolve().parent.parent / "data"


def test_every_entry_has_all_fields_and_a_known_lineage() -> None:
    registry = Registry.load(DATA)
    for source in registry.sources.values():
        assert source.lineage in LINEAGE
        assert source.label("de").strip()
        assert source.label("en").strip()
        assert source.attribution.strip()


def test_licences_of_rows_and_locations_can_be_linked() -> None:
    registry = Registry.load(DATA)
    for source in registry.sources.values():
        if "rows" in source.role or "location" in source.role:
            assert source.licence_published in LICENCE_URLS


def test_attributions_come_once_and_in_registry_order() -> None:
    registry = Registry.load(DATA)
    sentences = registry.attributions(["published", "osm", "curated", "osm"])
    assert sentences == ["Raumatlas Ruhr (CC BY 4.0)", "© OpenStreetMap-Mitwirkende (ODbL)"]


def test_an_unknown_source_is_named() -> None:
    with pytest.raises(ConfigError, match="„nirgends“"):
        Registry.load(DATA).get("nirgends")


@pytest.mark.parametrize(
    ("text", "said"),
    [("[osm]\ntitle = 'x'\n", "fehlend"), ("[osm\n", "nicht lesbar")],
)
def test_a_broken_registry_says_where(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "sources.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=said):
        Registry.load(tmp_path)


def test_a_missing_registry_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="wiederherstellen"):
        Registry.load(tmp_path)


def test_the_table_schema_has_every_column_in_order() -> None:
    assert [field["name"] for field in table_schema()["fields"]] == list(NAMES)


def test_the_data_package_is_valid_and_the_table_follows_it() -> None:
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]


def test_frictionless_finds_a_planted_fault(tmp_path: Path) -> None:
    package = datapackage(Registry.load(DATA), rows=1, retrieved_on="2026-11-22")
    package["resources"] = package["resources"][:1]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    good = (DATA / "spaces.csv").read_text("utf-8").splitlines()
    (tmp_path / "spaces.csv").write_text(
        "\n".join([good[0], good[1].replace("creative_site", "x").replace("key_property", "x")]),
        "utf-8",
    )
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid

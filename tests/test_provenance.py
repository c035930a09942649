"""The source registry and the data package."""

from __future__ import annotations

import json
from pathlib import Path

import frictionless
import pytest

from atlas.errors import ConfigError
from atlas.provenance import LICENCE_URLS, LICENCES, Registry, datapackage, table_schema
from atlas.schema.columns import NAMES
from atlas.vocabulary import LINEAGE

DATA = Path(__file__).resolve().parent.parent / "data"


def test_every_entry_has_all_fields_and_a_known_lineage() -> None:
    registry = Registry.load(DATA)
    for source in registry.sources.values():
        assert source.lineage in LINEAGE
        assert source.label("de").strip()
        assert source.label("en").strip()
        for language in ("de", "en"):
            assert source.sentence(language).strip()
            assert source.description(language).strip()


def test_licences_of_rows_and_locations_can_be_linked() -> None:
    registry = Registry.load(DATA)
    for source in registry.sources.values():
        if "rows" in source.role or "location" in source.role:
            assert source.licence_published in LICENCE_URLS


def test_attributions_come_once_and_in_registry_order() -> None:
    registry = Registry.load(DATA)
    asked = ["published", "osm", "curated", "osm"]
    own = "Raumatlas Ruhr (CC BY 4.0)"
    assert registry.attributions(asked, "de") == [own, "© OpenStreetMap-Mitwirkende (ODbL)"]
    assert registry.attributions(asked, "en") == [own, "© OpenStreetMap contributors (ODbL)"]


def test_the_names_that_a_licence_fixes_are_the_same_in_both_languages() -> None:
    sources = Registry.load(DATA).sources
    assert sources["bkg_vg250"].sentence("de") == "© GeoBasis-DE / BKG 2017 (Daten verändert)"
    assert sources["bkg_vg250"].sentence("en") == "© GeoBasis-DE / BKG 2017 (data modified)"
    for source in sources.values():
        for name in ("BKG 2017", "DB InfraGO AG", "Destatis", "opendatasoft georef", "GeoNames"):
            assert (name in source.attribution) == (name in source.attribution_en)
        assert source.attribution.count("©") == source.attribution_en.count("©")


def test_every_licence_has_a_name_that_is_no_code_in_both_languages() -> None:
    assert LICENCES["CC-BY-4.0"].label("en") == LICENCES["CC-BY-4.0"].label("de") == "CC BY 4.0"
    own = LICENCES["LicenseRef-Destatis"]
    assert own.label("de") == "Vervielfältigung und Verbreitung mit Quellennachweis"
    assert own.label("en") == "Reproduction and distribution with the source named"
    assert not own.url


def test_an_entry_without_english_attribution_or_with_another_licence_is_refused(
    tmp_path: Path,
) -> None:
    text = (DATA / "sources.toml").read_text("utf-8")
    for old, new, said in (
        ('attribution_en = "SpaceAPI"\n', "", "attribution_en"),
        ('licence_published = "GeoNutzV"', 'licence_published = "WTFPL"', "WTFPL"),
    ):
        assert old in text
        (tmp_path / "sources.toml").write_text(text.replace(old, new), "utf-8")
        with pytest.raises(ConfigError, match=said):
            Registry.load(tmp_path)


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


def test_the_data_package_names_whom_to_attribute() -> None:
    package = datapackage(Registry.load(DATA), rows=1, retrieved_on="2026-11-22")
    sentences = [source["attribution"] for source in package["sources"]]
    assert "© OpenStreetMap contributors (ODbL)" in sentences
    assert "© GeoBasis-DE / BKG 2017 (data modified)" in sentences


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

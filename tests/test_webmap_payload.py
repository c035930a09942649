"""What the browser gets: every row, whole numbers, gaps as null; the base map from data/geo."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

from atlas.errors import AtlasError
from atlas.query import WordIndex
from atlas.schema import split_codes
from atlas.settings import Settings
from atlas.store import load
from atlas.vocabulary import LANGUAGES
from atlas.webmap.ground import ground_payload, stops_payload
from atlas.webmap.payload import spaces_payload, words_payload
from atlas.webmap.texts import SERVICES, TEXTS, config_payload
from benchmarks.synthetic import synthetic_spaces, write_data_dir

if TYPE_CHECKING:
    from pathlib import Path

    from atlas.store import Atlas

DATA = Settings().data_dir


@pytest.fixture(scope="module")
def towns() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "geo" / "municipalities.geojson")


@pytest.fixture(scope="module")
def spaces(towns: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return synthetic_spaces(400, towns)


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    folder = write_data_dir(tmp_path_factory.mktemp("data"), 60, data_dir=DATA)
    return load(Settings(data_dir=folder))


def test_the_same_seed_invents_the_same_spaces(towns: gpd.GeoDataFrame) -> None:
    one, other = (synthetic_spaces(80, towns, seed=7) for _ in range(2))
    assert one.equals(other)
    assert not one.equals(synthetic_spaces(80, towns, seed=8))


def test_invented_spaces_keep_every_rule_of_the_table(atlas: Atlas) -> None:
    assert len(atlas.rejects) == 0
    assert atlas.spaces["ags"].nunique() == 53


def test_every_column_has_every_row_and_is_json(spaces: gpd.GeoDataFrame) -> None:
    payload = spaces_payload(spaces, version="v")
    columns = [*payload["code"].values(), *payload["mask"].values()]
    columns += [
        payload[name] for name in ("lat", "lon", "x", "y", "day", "area", "rent", "id", "name")
    ]
    assert {len(column) for column in columns} == {len(spaces)} == {payload["n"]}
    json.dumps(payload, allow_nan=False)


def test_codes_and_lists_can_be_read_back(spaces: gpd.GeoDataFrame) -> None:
    payload = spaces_payload(spaces, version="v")
    for name in ("vacancy", "type", "ags", "stage"):
        known = [*payload["codes"][name], None]  # -1 reaches the appended None
        back = [known[position] for position in payload["code"][name]]
        assert back == [None if cell != cell else cell for cell in spaces[name]]  # noqa: PLR0124
    for name in ("sectors", "programmes"):
        known = payload["codes"][name]
        back = [
            {code for bit, code in enumerate(known) if mask >> bit & 1}
            for mask in payload["mask"][name]
        ]
        assert back == [set(codes) for codes in split_codes(spaces[name])]


def test_a_space_without_coordinate_has_null_and_no_invented_point(
    spaces: gpd.GeoDataFrame,
) -> None:
    payload = spaces_payload(spaces, version="v")
    missing = spaces["lat"].isna().tolist()
    assert any(missing)
    for name in ("lat", "lon", "x", "y"):
        assert [value is None for value in payload[name]] == missing


def test_an_undated_observation_has_no_day(spaces: gpd.GeoDataFrame) -> None:
    payload = spaces_payload(spaces, version="v")
    assert [day is None for day in payload["day"]] == spaces["observed_day"].isna().tolist()


def test_too_many_municipalities_for_a_byte_are_refused(spaces: gpd.GeoDataFrame) -> None:
    crowded = spaces.assign(ags=[f"05{number:06}" for number in range(len(spaces))])
    with pytest.raises(AtlasError, match="ags"):
        spaces_payload(crowded, version="v")


def test_the_words_of_a_row_are_those_of_the_index(spaces: gpd.GeoDataFrame) -> None:
    words = WordIndex(spaces)
    payload = words_payload(words, version="v")
    stop = payload["count"][0]
    assert frozenset(payload["ids"][:stop]) == words.row(0)
    assert sum(payload["count"]) == len(payload["ids"])


def test_the_base_map_closes_on_the_borders_it_was_made_from(atlas: Atlas) -> None:
    payload = ground_payload(atlas, DATA)
    assert len(payload["municipalities"]) == 53
    ring = payload["municipalities"][0]["parts"][0]
    assert all(isinstance(step, int) for step in ring)
    lon = sum(ring[0::2]) / 100_000
    west, _, east, _ = atlas.municipalities.geometry.iloc[0].bounds
    assert west <= lon <= east
    json.dumps(payload, allow_nan=False)


def test_a_missing_layer_is_left_out(atlas: Atlas, tmp_path: Path) -> None:
    payload = ground_payload(atlas, tmp_path)
    assert payload["waters"] == payload["labels"] == payload["stations"] == payload["built"] == []
    assert len(payload["municipalities"]) == 53
    assert stops_payload(tmp_path) == {"name": [], "at": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_configuration_has_every_text_and_colour(atlas: Atlas, language: str) -> None:
    config = config_payload(atlas, language)
    assert set(config["texts"]) == set(TEXTS)
    assert set(config["palettes"]["light"]["vacancy"]) == set(config["labels"]["vacancy"])
    assert "GeoBasis-DE" in config["attribution"]


def test_tile_services_name_the_host_that_they_ask() -> None:
    for service in SERVICES:
        assert str(service["url"]).startswith(f"https://{service['host']}/")

"""Loading: the checked table, what is derived from it, and files that are not there."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
from core_fixtures import EDGE_ROWS, data_dir, located, row, write_csv

from atlas import geo, store
from atlas.errors import (
    ConfigError,
    CrsError,
    SchemaError,
    SourceFormatError,
    SourceUnavailableError,
)


@pytest.fixture
def settings(tmp_path):
    return data_dir(tmp_path / "data", *EDGE_ROWS)


def test_the_atlas_holds_every_row_in_the_order_of_the_file(settings):
    atlas = store.load(settings)
    assert atlas.spaces["name"].tolist() == [given["name"] for given in EDGE_ROWS]
    assert isinstance(atlas.spaces.index, pd.RangeIndex)
    assert atlas.spaces.crs == geo.WGS84
    assert atlas.rejects.empty
    assert atlas.retrieved_on == dt.date(2026, 11, 22)
    assert len(atlas.municipalities) == 3
    assert len(atlas.districts) == 2


def test_what_follows_from_a_row_is_derived(settings):
    spaces = store.load(settings).spaces
    first, nowhere = spaces.iloc[0], spaces.iloc[4]
    assert (first["district_code"], first["district_name"]) == ("05000", "Westheim")
    assert first["type_group"] == "industry"
    assert first["observed_day"] == pd.Timestamp("2026-03-01")
    assert (first.geometry.x, first.geometry.y) == (7.05, 51.45)
    metric = gpd.GeoSeries.from_xy([7.05], [51.45], crs=4326).to_crs(25832)
    assert first["x"] == pytest.approx(metric.x[0], abs=0.05)
    assert first["x"] == round(first["x"], 1)
    assert nowhere.geometry is None
    assert pd.isna(nowhere["x"])
    assert pd.isna(nowhere["observed_day"])


def test_a_broken_row_never_stops_the_atlas(tmp_path):
    settings = data_dir(tmp_path / "data", row("w/a"), row("w/b", name=""), row("w/c"))
    path = settings.data_dir / "spaces.csv"
    path.write_text(path.read_text("utf-8") + "half a line\n", "utf-8")
    atlas = store.load(settings)
    assert atlas.spaces["source_ref"].tolist() == ["w/a", "w/c"]
    assert atlas.rejects["row"].tolist() == [3, 5]
    assert not list(settings.data_dir.glob("*rejects*"))


def test_a_table_without_one_good_row_is_refused_with_its_reasons(tmp_path):
    settings = data_dir(tmp_path / "data", row("w/a", name=""))
    with pytest.raises(SchemaError, match="atlas validate") as caught:
        store.load(settings)
    assert caught.value.failure_cases["column"].tolist() == ["name"]


@pytest.mark.parametrize(
    "name", ["spaces.csv", "sources.toml", "geo/municipalities.geojson", "geo/districts.geojson"]
)
def test_the_version_changes_with_every_input_file(settings, name):
    before = store.load(settings).version
    assert before == store.load(settings).version
    assert len(before) == 16
    path = settings.data_dir / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert store.load(settings).version != before


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("spaces.csv", SourceUnavailableError),
        ("sources.toml", ConfigError),
        ("geo/municipalities.geojson", SourceUnavailableError),
        ("geo/districts.geojson", SourceUnavailableError),
    ],
)
def test_a_missing_file_is_named(settings, name, error):
    (settings.data_dir / name).unlink()
    with pytest.raises(error, match=name.rpartition("/")[2]):
        store.load(settings)


def test_boundaries_that_are_no_map_are_refused(settings):
    (settings.data_dir / store.MUNICIPALITIES_FILE).write_text("{}")
    with pytest.raises(SourceFormatError, match="keine lesbare Karte"):
        store.load(settings)


def test_boundaries_in_another_crs_are_refused(settings):
    path = settings.data_dir / store.MUNICIPALITIES_FILE
    towns = gpd.read_file(path).to_crs(25832)
    path.unlink()
    towns.to_file(path, driver="GeoJSON")
    with pytest.raises(CrsError, match="25832"):
        store.load(settings)


def test_any_file_can_be_checked_against_the_atlas(settings, tmp_path):
    path = write_csv(tmp_path / "mine.csv", row("w/a", **located(51.45, 7.15)))
    checked = store.check(path, settings)
    assert checked.rejects["code"].tolist() == ["coordinate_outside"]

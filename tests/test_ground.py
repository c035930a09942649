"""Errors, text, CRS helpers, translations, settings."""

from __future__ import annotations

import datetime as dt
import errno
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from atlas import geo, i18n, text
from atlas.errors import AtlasError, CrsError, SchemaError, SourceFormatError, why
from atlas.settings import PACKAGE, Settings, default_data_dir

if TYPE_CHECKING:
    from pathlib import Path


def test_an_error_says_what_and_what_to_do_in_both_languages() -> None:
    error = AtlasError("Zeile {row} fehlt.", hint="Zeile {row} ergänzen.", row=3)
    assert str(error) == "Zeile 3 fehlt. Zeile 3 ergänzen."
    english = {"Zeile {row} fehlt.": "Row {row} is missing.", "Zeile {row} ergänzen.": "Add it."}
    assert error.localized(lambda message: english[message]) == "Row 3 is missing. Add it."


def test_a_refused_file_is_explained_in_the_language_of_the_reader() -> None:
    reason = why(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    error = AtlasError("{name}: {reason}", name="x", reason=reason)
    assert str(error) == "x: es gibt sie nicht"
    assert error.localized(i18n.translator("en")) == "x: it does not exist"
    assert why(OSError(errno.EIO, "Input/output error")) == "Input/output error"


def test_special_errors_carry_what_the_caller_needs() -> None:
    cases = pd.DataFrame({"row": [1]})
    assert SchemaError("Falsch.", failure_cases=cases).failure_cases is cases
    error = SourceFormatError("{source}: kein CSV.", source="osm")
    assert error.source == "osm"
    assert str(error) == "osm: kein CSV."


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Mülheim", "mulheim"),
        ("Muelheim", "mulheim"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ückendorf", "uckendorf"),
        ("Quelle", "quelle"),
        ("neue Mitte", "neue mitte"),
        ("Café", "cafe"),
        ("", ""),
    ],
)
def test_folding_makes_spellings_meet(written: str, folded: str) -> None:
    assert text.fold(written) == folded


@given(st.text() | st.text(alphabet="aeouqüßx"))
@example("xaee")
@example("ℌ")
def test_folding_twice_changes_nothing(written: str) -> None:
    once = text.fold(written)
    assert text.fold(once) == once


def test_words_are_runs_of_letters_and_digits() -> None:
    assert text.words("MARK 51°7 (ehem. Opel-Werk)") == ["mark", "51", "7", "ehem", "opel", "werk"]


def test_markup_is_escaped() -> None:
    assert text.escape("<b a='1'>&\"") == "&lt;b a=&#x27;1&#x27;&gt;&amp;&quot;"


def test_missing_coordinates_stay_missing() -> None:
    lon = pd.Series([7.0, None], index=[5, 9])
    points = geo.points_from_lonlat(lon, pd.Series([51.5, 51.5], index=[5, 9]))
    assert list(points.index) == [5, 9]
    assert points[9] is None
    xy = geo.metric_xy(points)
    assert xy.loc[5].notna().all()
    assert xy.loc[9].isna().all()


def test_metric_coordinates_are_those_of_the_projection() -> None:
    points = gpd.GeoSeries(gpd.points_from_xy([9.0], [0.0]), crs=geo.WGS84)
    assert geo.metric_xy(points).loc[0].tolist() == [500000.0, 0.0]
    assert geo.metric_xy(points.iloc[:0]).empty


def test_a_missing_or_other_crs_raises() -> None:
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([7.0], [51.5]))
    with pytest.raises(CrsError, match="kein Koordinatenreferenzsystem"):
        geo.require_crs(frame, geo.WGS84, name="Orte")
    with pytest.raises(CrsError, match="EPSG:25832 statt EPSG:4326"):
        geo.require_crs(frame.set_crs(geo.UTM32), geo.WGS84, name="Orte")
    with pytest.raises(CrsError):
        geo.metric_xy(frame.geometry)
    geo.require_crs(frame.set_crs(geo.WGS84), geo.WGS84, name="Orte")


def test_numbers_and_dates_are_written_as_people_write_them() -> None:
    assert i18n.number(1234.5, "de", decimals=1) == "1.234,5"
    assert i18n.number(1234.5, "en", decimals=1) == "1,234.5"
    assert i18n.day(dt.date(2026, 11, 2), "de") == "02.11.2026"
    assert i18n.day(dt.date(2026, 11, 2), "en") == "2 Nov 2026"


def test_german_needs_no_catalogue_and_unknown_texts_stay_german() -> None:
    assert i18n.translator("de")("Leerstand") == "Leerstand"
    assert i18n.translator("en")("Diesen Text gibt es nicht") == "Diesen Text gibt es nicht"
    assert i18n.plural("de", "{n} Ort", "{n} Orte", 1200) == "1.200 Orte"


def test_settings_come_from_the_environment_and_cannot_be_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ATLAS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ATLAS_OPERATOR_NAME", "Kulturamt")
    settings = Settings()
    assert settings.data_dir == tmp_path
    assert settings.operator_name == "Kulturamt"
    with pytest.raises(ValueError, match="frozen"):
        settings.operator_name = "x"  # type: ignore[misc]


def test_the_data_of_the_checkout_wins_over_the_packaged_copy() -> None:
    assert default_data_dir() == PACKAGE.parent / "data"

"""A mapping that cannot be meant so is told with file, line, key and what to write instead."""

from __future__ import annotations

import pytest

from atlas.errors import ConfigError
from atlas.i18n import translator
from atlas.sources import declared

GOOD = """source = "city"
publisher = "Stadt Beispiel"
licence = "CC0-1.0"
attribution = "Stadt Beispiel"
key = "nr"
[file]
format = "csv"
[place]
crs = "EPSG:25832"
x = "x"
y = "y"
[columns]
name = "name"
[columns.type]
column = "art"
codes = { "Bühne" = "theatre" }
[constants]
municipality = "Dortmund"
"""


@pytest.fixture
def load(tmp_path):
    def load(text: str) -> declared.Mapping:
        path = tmp_path / "city.toml"
        path.write_text(text, "utf-8")
        return declared.load(path)

    return load


def test_the_example_is_a_mapping(load):
    made = load(GOOD)
    assert made.origins == {"nr", "x", "y", "name", "art"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('format = "csv"', 'format = "cvs"', ["Zeile 7", "file.format", "'csv'"]),
        ('format = "csv"', 'fromat = "csv"', ["Zeile 6", "file.format", "es fehlt"]),
        ('crs = "EPSG:25832"', 'crs = "UTM"', ["Zeile 9", "place.crs", "EPSG:31466"]),
        ('y = "y"', "", ["Zeile 8", "place", "x und y gehören zusammen"]),
        ('name = "name"', 'nmae = "name"', ["Zeile 13", "columns", "nmae", "name"]),
        ('name = "name"', 'name = "name"\nlat = "x"',
         ["Zeile 14", "setzt der Adapter selbst", "lat"]),
        ('"theatre"', '"theater"',
         ["Zeile 16", "columns.type.codes", "theater", "theatre"]),
        ('column = "art"', 'column = "art"\ntemplate = "{b}"',
         ["Zeile 14", "genau eines"]),
        ('municipality = "Dortmund"', 'vacancy = "empty"',
         ["Zeile 18", "constants.vacancy", "unknown"]),
        ('name = "name"', "", ["Zeile 12", "name, type"]),
        ('key = "nr"\n', "", ["city.toml", "key", "es fehlt"]),
        ('source = "city"', 'source = "City 1"', ["Zeile 1", "source"]),
        ('source = "city"', 'source = "city', ["kein gültiges TOML", "line 1"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(load, old, new, told):
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        load(GOOD.replace(old, new))
    message = str(caught.value)
    assert message.startswith("city.toml")
    for part in told:
        assert part in message
    assert caught.value.hint
    english = caught.value.localized(translator("en"))
    assert "Zeile" not in english


def test_a_missing_mapping_is_told(tmp_path):
    with pytest.raises(ConfigError, match="es gibt sie nicht"):
        declared.load(tmp_path / "none.toml")

"""The help of every command in German and English; the catalogue would be too slow to read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALE_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # as in gettext


def is_english(environment: Mapping[str, str]) -> bool:
    """Return whether the environment asks for English; German is for everybody else."""
    asked = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    return asked.startswith("en")


HELP: Final = {
    "atlas": (
        "Raumatlas Ruhr: Register prüfen, Dateien schreiben, Anwendung starten.",
        "Raumatlas Ruhr: check the registry, write files, start the app.",
    ),
    "lang": ("Sprache der Ausgabe.", "Language of the output."),
    "validate": (
        "Das Register gegen alle Regeln prüfen. Beispiel: atlas validate data/spaces.csv.",
        "Check the registry against all rules. Example: atlas validate data/spaces.csv.",
    ),
    "file": ("CSV; sonst data/spaces.csv.", "CSV; data/spaces.csv if left out."),
    "fill": (
        "Zuvor leere Kennungen und Schlüssel berechnen, sortieren.",
        "First compute empty identifiers and keys, and sort.",
    ),
    "rejects": (
        "Verstöße als CSV in diese Datei schreiben.",
        "Write violations to this file, as CSV.",
    ),
    "export": (
        "Eine Auswahl oder das Planungspaket als Datei schreiben; die Endung sagt das Format. "
        "Beispiele: atlas export zechen.gpkg --where q=zeche; atlas export planner.gpkg.",
        "Write a selection or the planner's package as a file; the ending says the format. "
        "Examples: atlas export mines.gpkg --where q=zeche; atlas export planner.gpkg.",
    ),
    "what": (
        "Zieldatei: .csv, .wkt.csv, .geojson, .gpkg, .xlsx, .fgb oder .parquet. Oder Format "
        "(csv, csv-wkt, geojson, gpkg, xlsx, fgb, parquet, planner), dahinter Datei oder Ordner.",
        "File: .csv, .wkt.csv, .geojson, .gpkg, .xlsx, .fgb or .parquet. Or a format (csv, "
        "csv-wkt, geojson, gpkg, xlsx, fgb, parquet, planner), then a file or folder.",
    ),
    "out": ("Zieldatei oder Ordner.", "File or folder."),
    "layers": (
        "spaces: die Auswahl. planner: Orte, Quartiere, Gemeinden mit Kennzahlen und Sechsecke "
        "mit Hotspots für QGIS; gilt von selbst, wenn die Datei planner.gpkg heißt.",
        "spaces: the selection. planner: spaces, quarters, municipalities with indicators and "
        "hexagons with hotspots for QGIS; taken by itself if the file is named planner.gpkg.",
    ),
    "per_licence": (
        "Eine Datei je Lizenz, in ein ZIP (auswahl.gpkg.zip) oder einen Ordner.",
        "One file per licence, into a ZIP (selection.gpkg.zip) or a folder.",
    ),
    "where": (
        "Filter wie in der Adresse, zum Beispiel vacancy=vacant; mehrfach. Städte und Kreise auch "
        "mit Namen: city=Bochum.",
        "Filter as in the address, for example vacancy=vacant; repeatable. Towns and districts "
        "by name as well: city=Bochum.",
    ),
    "url": (
        "Adresse oder ihr Teil nach dem Fragezeichen; ohne Filter die ganze Tabelle.",
        "Address, or its part behind the question mark; without filters the whole table.",
    ),
    "open_only": ("Angaben unter ODbL auslassen.", "Leave out what is under the ODbL."),
    "build": (
        "Alle Quellen lesen, Gleiches zusammenführen, die Tabelle speichern.",
        "Read all sources, merge what is the same place, store the table.",
    ),
    "config": ("Bauanleitung; sonst data/build.toml.", "Which sources; data/build.toml."),
    "table_dir": (
        "Ordner der Tabelle; sonst ATLAS_TABLE_DIR oder data/table.",
        "Folder of the table; ATLAS_TABLE_DIR or data/table if left out.",
    ),
    "offline": (
        "Nichts abrufen, nur den Cache lesen.",
        "Fetch nothing, read the cache only.",
    ),
    "engine": (
        "Wo gerechnet wird: in diesem Prozess oder in Teilen mit Dask.",
        "Where to compute: in this process, or in parts with Dask.",
    ),
    "scheduler": (
        "Adresse eines Dask-Schedulers; sonst ein eigener auf diesem Rechner.",
        "Address of a Dask scheduler; one of its own on this machine if left out.",
    ),
    "yes": (
        "Viele Anschriften ohne Rückfrage an einen öffentlichen Geocoder schicken.",
        "Send many addresses to a public geocoder without asking.",
    ),
    "accept_shrink": (
        "Auch Quellen übernehmen, die viel kleiner geworden sind.",
        "Take sources that have become much smaller as well.",
    ),
    "versions": (
        "Gespeicherte Tabellen aufzählen; mit --use eine frühere wieder gelten lassen.",
        "List the stored tables; --use makes an earlier one count again.",
    ),
    "use": ("Kennung einer Tabelle.", "Key of a table."),
    "diff": (
        "Zwei Tabellen vergleichen. Beispiel: atlas diff previous current.",
        "Compare two tables. Example: atlas diff previous current.",
    ),
    "old": (
        "Kennung, current, previous oder CSV in der Form des Registers.",
        "Key, current, previous, or a CSV in the form of the registry.",
    ),
    "new": ("Ebenso.", "Likewise."),
    "diff_format": ("Tabelle, JSON oder GeoJSON.", "Table, JSON or GeoJSON."),
    "diff_out": ("Zieldatei; sonst die Ausgabe.", "File; the output if left out."),
    "source": ("Quellen anschließen.", "Connect sources."),
    "check": (
        "Ein Mapping prüfen: die ersten zehn Zeilen, und was sich nicht abbilden ließ.",
        "Check a mapping: its first ten rows, and what could not be mapped.",
    ),
    "mapping": ("Mapping (TOML).", "Mapping (TOML)."),
    "mapped_file": ("Andere Datei als im Mapping.", "Another file than the mapping names."),
    "review": (
        "Unsichere Paare nacheinander ansehen und entscheiden: derselbe Ort oder nicht.",
        "Look at uncertain pairs one by one and decide: the same place or not.",
    ),
    "geocode": (
        'Eine Anschrift suchen. Beispiel: atlas geocode "Girondelle 80, 44799 Bochum".',
        'Look up an address. Example: atlas geocode "Girondelle 80, 44799 Bochum".',
    ),
    "address": ("Straße und Nummer, Stadt.", "Street and number, town."),
    "database": (
        "Die Tabelle für mehrere Server in PostgreSQL mit PostGIS (ATLAS_DATABASE_URL).",
        "The table for several servers in PostgreSQL with PostGIS (ATLAS_DATABASE_URL).",
    ),
    "upgrade": (
        "Die Tabellen der Datenbank anlegen oder auf den Stand dieses Programms bringen.",
        "Create the tables of the database, or bring them up to date with this program.",
    ),
    "push": (
        "Die Tabelle aus dem Ordner in die Datenbank schreiben; dort gilt sie dann.",
        "Write the table of the folder into the database; it counts there from then on.",
    ),
    "pushed": (
        "Kennung einer Tabelle im Ordner; sonst die, die dort gilt.",
        "Key of a table in the folder; the one that counts there if left out.",
    ),
    "status": (
        "Zeigen, was in der Datenbank ist und welche Tabelle gilt.",
        "Show what is in the database and which table counts.",
    ),
    "serve": (
        "Die Anwendung im Browser zeigen; geht aus jedem Ordner.",
        "Show the app in the browser; works from any folder.",
    ),
    "host": ("Adresse, auf der gehört wird.", "Address to listen on."),
}
LANGUAGE: Final[Literal["de", "en"]] = "en" if is_english(os.environ) else "de"
"""What a command speaks that has no option for it."""
_COLUMN: Final = int(LANGUAGE == "en")


def help_text(key: str) -> str:
    """Return the help of a command or an option in the language of the environment."""
    return HELP[key][_COLUMN]

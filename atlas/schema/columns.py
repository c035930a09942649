"""
The columns of the spaces table, each once: meaning, data type, unit, code list.

The header of ``data/spaces.csv``, the pandera schema, docs/data-format.md, the data
package and the detail view are all derived from :data:`COLUMNS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from atlas import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Mapping

DataType = Literal["text", "code", "codes", "number", "integer", "boolean", "date"]
"""``codes`` is a ``;``-separated list; ``date`` is YYYY, YYYY-MM or YYYY-MM-DD."""
Section = Literal["identity", "place", "state", "needs", "provenance"]

LIST_SEPARATOR: Final = ";"


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of the table.

    Attributes
    ----------
    codes
        The closed list, for ``code`` and ``codes``.
    required
        Whether a row without a value is rejected.
    minimum, maximum
        Range of a number, inclusive, in ``unit``.
    pattern
        Regular expression that a text has to match as a whole.
    form
        The pattern in words, a German message id.
    """

    name: str
    de: str
    en: str
    section: Section
    dtype: DataType
    about: str
    unit: str = ""
    codes: Mapping[str, v.Term] = field(default_factory=dict)
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    form: str = ""
    max_length: int = 300


_URL = r"https?://[^\s<>\"']+"
_KEY = r"[a-z0-9_]+:[\w./+-]+"
_SAME_AS = rf"{_KEY}(?:;{_KEY})*"

# fmt: off
_IDENTITY = (
    Column("space_id", "Kennung", "Identifier", "identity", "text",
           "Stable key: first ten hexadecimal digits of SHA-256 over `source` and `source_ref`.",
           required=True, pattern=r"[0-9a-f]{10}",
           form="zehn Zeichen aus 0–9 und a–f"),
    Column("name", "Name", "Name", "identity", "text", "Name in use today, as the place itself "
           "or its source writes it.", required=True, max_length=160),
    Column("kind", "Art", "Kind", "identity", "code", "Which of the three kinds of space.",
           codes=v.KINDS, required=True),
    Column("type", "Typ", "Type", "identity", "code", "What a site is, what a property was "
           "built as.", codes=v.TYPES, required=True),
    Column("sectors", "Teilmärkte", "Submarkets", "identity", "codes",
           f"Submarkets that the place serves ({v.SECTOR_CLASSIFICATION}).", codes=v.SECTORS),
    Column("programmes", "Programme", "Programmes", "identity", "codes",
           "Funding programmes and networks that a source names.", codes=v.PROGRAMMES),
    Column("programme_status", "Programmstand", "Programme status", "identity", "code",
           "Standing of a quarter in its programme.", codes=v.PROGRAMME_STATUS),
    Column("programme_from", "Im Programm seit", "In the programme since", "identity", "integer",
           "First year documented.", minimum=1980, maximum=2100),
    Column("programme_until", "Im Programm bis", "In the programme until", "identity", "integer",
           "Last year documented.", minimum=1980, maximum=2100),
    Column("former_use", "Frühere Nutzung", "Former use", "identity", "codes",
           "What the building was before.", codes=v.TYPES),
    Column("note_de", "Notiz (deutsch)", "Note (German)", "identity", "text",
           "What it is, in our own words."),
    Column("note_en", "Notiz (englisch)", "Note (English)", "identity", "text",
           "The same in English."),
    Column("same_as", "Kennung anderswo", "Same as", "identity", "text",
           "Keys of the same place in other registers, `;`-separated: `wikidata:Q123`, "
           "`osm:way/456`.", pattern=_SAME_AS,
           form="Einträge wie wikidata:Q123 oder osm:way/456, mit ; getrennt"),
)
_PLACE = (
    Column("street", "Straße", "Street", "place", "text", "Street or square.", max_length=100),
    Column("house_number", "Hausnummer", "House number", "place", "text",
           "House number or range.", max_length=20),
    Column("postcode", "Postleitzahl", "Postcode", "place", "text", "Five digits.",
           pattern=r"\d{5}", form="fünf Ziffern"),
    Column("locality", "Ortsteil", "Locality", "place", "text", "District of the town.",
           max_length=100),
    Column("municipality", "Stadt oder Gemeinde", "Municipality", "place", "text",
           "One of the 53 official names, as stated by the source.", required=True,
           max_length=60),
    Column("ags", "Gemeindeschlüssel", "Municipality key", "place", "text",
           "Official key (Amtlicher Gemeindeschlüssel) of `municipality`; text, keeps its zero.",
           required=True, pattern=r"05\d{6}",
           form="acht Ziffern, beginnend mit 05"),
    Column("lat", "Breite", "Latitude", "place", "number", "EPSG:4326.", unit="degree",
           minimum=51.0, maximum=52.0),
    Column("lon", "Länge", "Longitude", "place", "number", "EPSG:4326.", unit="degree",
           minimum=6.0, maximum=8.3),
    Column("coordinate_precision", "Lagegenauigkeit", "Precision of location", "place", "code",
           "What the coordinate stands for.", codes=v.PRECISION),
    Column("coordinate_uncertainty_m", "Unsicherheit der Lage", "Uncertainty of location", "place",
           "number", "Radius within which the place lies.", unit="m", minimum=10, maximum=20000),
    Column("coordinate_source", "Quelle der Lage", "Source of location", "place", "text",
           "Registry entry that the coordinate comes from; decides its licence.",
           pattern=r"[a-z0-9_]+",
           form="Kleinbuchstaben, Ziffern und Unterstrich", max_length=40),
    Column("coordinate_note", "Nachweis der Lage (deutsch)", "Evidence of location (German)",
           "place", "text", "The trail: Wikidata item, stop name, page."),
    Column("coordinate_note_en", "Nachweis der Lage (englisch)", "Evidence of location (English)",
           "place", "text", "The same in English."),
)
_STATE = (
    Column("vacancy", "Leerstand", "Vacancy", "state", "code",
           "Observed state; `unknown` where nobody observed it.", codes=v.VACANCY, required=True),
    Column("vacant_share_pct", "Leerstandsanteil", "Vacant share", "state", "number",
           "Vacant area divided by usable area.", unit="%", minimum=0, maximum=100),
    Column("vacant_since", "Leer seit", "Vacant since", "state", "date",
           "Begin of the vacancy."),
    Column("stage", "Vorhaben", "Project stage", "state", "code",
           "How far a redevelopment is; empty means not known.", codes=v.STAGES),
    Column("availability", "Verfügbarkeit", "Availability", "state", "code",
           "Whether someone can have the space.", codes=v.AVAILABILITY, required=True),
    Column("available_from", "Verfügbar ab", "Available from", "state", "date", "First day."),
    Column("available_until", "Verfügbar bis", "Available until", "state", "date", "Last day."),
    Column("term", "Laufzeit", "Term", "state", "code", "For how long it is let.", codes=v.TERMS),
    Column("confidence", "Belastbarkeit", "Confidence", "state", "code",
           "How the statement came about.", codes=v.CONFIDENCE, required=True),
    Column("observed_on", "Beobachtet", "Observed", "state", "date",
           "When the state was observed, no more exact than the source; empty: undated."),
)
_NEEDS = (
    Column("area_m2", "Fläche", "Area", "needs", "number", "Usable area.", unit="m²",
           minimum=1, maximum=2_000_000),
    Column("area_min_m2", "Fläche ab", "Area from", "needs", "number",
           "Smallest part that is let on its own.", unit="m²", minimum=1, maximum=2_000_000),
    Column("rent_eur_per_m2_month", "Miete", "Rent", "needs", "number",
           "Net rent without operating costs.", unit="€/m² month", minimum=0, maximum=200),
    Column("is_step_free", "Stufenlos", "Step-free", "needs", "boolean", "Access without steps."),
    Column("ceiling_height_m", "Raumhöhe", "Ceiling height", "needs", "number", "Clear height.",
           unit="m", minimum=1, maximum=100),
    Column("floor_load_kn_per_m2", "Deckenlast", "Floor load", "needs", "number",
           "Permitted load.", unit="kN/m²", minimum=0.5, maximum=500),
    Column("has_water", "Wasser", "Water", "needs", "boolean", "Running water."),
    Column("has_power_400v", "Drehstrom", "Three-phase power", "needs", "boolean",
           "400 V connection."),
    Column("is_heated", "Beheizt", "Heated", "needs", "boolean", "Heating works."),
    Column("noise_tolerated", "Lärm möglich", "Noise tolerated", "needs", "boolean",
           "Loud work is possible."),
    Column("has_goods_access", "Anlieferung", "Goods access", "needs", "boolean",
           "Goods lift, ramp or gate."),
    Column("opening_hours", "Öffnungszeiten", "Opening hours", "needs", "text",
           "In the grammar of OpenStreetMap."),
    Column("website", "Website", "Website", "needs", "text", "The place's own site.",
           pattern=_URL, form="eine Adresse mit https:// oder http://",
           max_length=500),
)
_PROVENANCE = (
    Column("source", "Datenquelle", "Data source", "provenance", "text",
           "Registry entry that delivered the row.", required=True, pattern=r"[a-z0-9_]+",
           form="Kleinbuchstaben, Ziffern und Unterstrich",
           max_length=40),
    Column("source_ref", "Schlüssel der Quelle", "Source's key", "provenance", "text",
           "The source's own key for the place.", required=True, max_length=120),
    Column("publisher", "Wer es sagt", "Who says so", "provenance", "text",
           "Publisher of the statement.", required=True, max_length=100),
    Column("source_url", "Nachweis", "Evidence", "provenance", "text",
           "Page that supports the statement.", required=True,
           pattern=_URL, form="eine Adresse mit https:// oder http://",
           max_length=500),
    Column("retrieved_on", "Abgerufen", "Retrieved", "provenance", "date",
           "When we read the source.", required=True),
    Column("licence", "Lizenz", "Licence", "provenance", "text",
           "Under which the row is published, without its coordinate.", required=True,
           pattern=r"CC0-1\.0|CC-BY-4\.0|ODbL-1\.0|dl-de/by-2-0|dl-de/zero-2-0",
           form="CC0-1.0, CC-BY-4.0, ODbL-1.0, dl-de/by-2-0 oder dl-de/zero-2-0"),
    Column("lineage", "Herkunft", "Lineage", "provenance", "code",
           "How close the publisher is to the place.", codes=v.LINEAGE, required=True),
)

# fmt: on

COLUMNS: Final[tuple[Column, ...]] = (*_IDENTITY, *_PLACE, *_STATE, *_NEEDS, *_PROVENANCE)
BY_NAME: Final[dict[str, Column]] = {column.name: column for column in COLUMNS}
NAMES: Final[tuple[str, ...]] = tuple(BY_NAME)

"""
Closed code lists of the spaces table: codes, German and English labels, groups, letters.

The order of every list is its order in the interface; for ``VACANCY`` it is the
order of the scale. Sources of the terms: docs/data-format.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")


@dataclass(frozen=True, slots=True)
class Term:
    """One code of a closed list with its two labels."""

    code: str
    de: str
    en: str

    def label(self, language: Language) -> str:
        """Return the label in ``language``."""
        return self.en if language == "en" else self.de


@dataclass(frozen=True, slots=True)
class TypeGroup(Term):
    """A group of types for people; ``letter`` is drawn inside the symbol on the map."""

    letter: str


@dataclass(frozen=True, slots=True)
class SpaceType(Term):
    """What a space is, or was built as; ``group`` is the code of its :class:`TypeGroup`."""

    group: str


@dataclass(frozen=True, slots=True)
class Indicator(Term):
    """A figure of an area; ``unit`` as it is written, ``decimals`` as it is shown."""

    unit: str
    decimals: int


TermT = TypeVar("TermT", bound=Term)


def _index(*terms: TermT) -> dict[str, TermT]:
    return {term.code: term for term in terms}


KINDS = _index(
    Term("creative_quarter", "Kreativ.Quartier", "Creative quarter"),
    Term("key_property", "Schlüsselimmobilie", "Key property"),
    Term("creative_site", "Ort der Kultur- und Kreativwirtschaft", "Creative site"),
)

TYPE_GROUPS = _index(
    TypeGroup("studio", "Atelier & Künstlerhaus", "Studios", "A"),
    TypeGroup("rehearsal", "Probe & Aufnahme", "Rehearsal & recording", "P"),
    TypeGroup("workshop", "Werkstatt & Makerspace", "Workshop & makerspace", "W"),
    TypeGroup("work", "Coworking & Gründung", "Coworking & start-up", "C"),
    TypeGroup("gallery", "Galerie & Projektraum", "Gallery & project space", "G"),
    TypeGroup("museum", "Museum & Archiv", "Museum & archive", "M"),
    TypeGroup("stage", "Bühne, Musik & Kino", "Stage, music & cinema", "B"),
    TypeGroup("socioculture", "Soziokultur & Treffpunkt", "Socio-culture & meeting place", "S"),
    TypeGroup("industry", "Zeche, Werk & Speicher", "Mine, works & warehouse", "Z"),
    TypeGroup("retail", "Kaufhaus & Ladenlokal", "Department store & shop", "L"),
    TypeGroup("building", "Kirche, Bahnhof & Einzelbau", "Church, station & other building", "K"),
    TypeGroup("quarter", "Quartier", "Quarter", "Q"),
)

TYPES = _index(
    SpaceType("quarter", "Kreativ.Quartier", "Creative quarter", "quarter"),
    # studio
    SpaceType("studio_house", "Atelierhaus, Künstlerhaus", "Studio house", "studio"),
    SpaceType("studio", "Atelier", "Artist's studio", "studio"),
    # rehearsal
    SpaceType("rehearsal_rooms", "Proberäume", "Rehearsal rooms", "rehearsal"),
    SpaceType("recording_studio", "Ton- und Medienstudio", "Recording studio", "rehearsal"),
    SpaceType("music_school", "Musik- und Kunstschule", "Music or art school", "rehearsal"),
    # workshop
    SpaceType("makerspace", "Offene Werkstatt, Makerspace", "Makerspace", "workshop"),
    SpaceType("hackerspace", "Hackerspace", "Hackerspace", "workshop"),
    SpaceType("craft_workshop", "Kunsthandwerk, Werkstatt", "Craft workshop", "workshop"),
    # work
    SpaceType("coworking", "Coworking", "Coworking", "work"),
    SpaceType("creative_hub", "Kreativzentrum", "Creative hub", "work"),
    SpaceType("business_park", "Gründerzentrum, Gewerbehof", "Business or start-up centre", "work"),
    # gallery
    SpaceType("gallery", "Galerie", "Gallery", "gallery"),
    SpaceType("project_space", "Projektraum, Off-Space", "Project space", "gallery"),
    SpaceType("exhibition_hall", "Ausstellungshalle", "Exhibition hall", "gallery"),
    # museum
    SpaceType("museum", "Museum", "Museum", "museum"),
    SpaceType("archive", "Archiv", "Archive", "museum"),
    SpaceType(
        "industrial_heritage_venue",
        "Ort der Industriekultur",
        "Industrial heritage venue",
        "museum",
    ),
    # stage
    SpaceType("theatre", "Theater", "Theatre", "stage"),
    SpaceType("concert_hall", "Konzerthaus", "Concert hall", "stage"),
    SpaceType("music_venue", "Musikspielstätte", "Music venue", "stage"),
    SpaceType("club", "Club", "Club", "stage"),
    SpaceType("cinema", "Kino", "Cinema", "stage"),
    SpaceType("event_hall", "Veranstaltungshalle", "Event hall", "stage"),
    # socioculture
    SpaceType(
        "sociocultural_centre", "Soziokulturelles Zentrum", "Socio-cultural centre", "socioculture"
    ),
    SpaceType("cultural_venue", "Kulturort, Kulturzentrum", "Cultural venue", "socioculture"),
    SpaceType("community_centre", "Bürger- und Begegnungshaus", "Community centre", "socioculture"),
    SpaceType("church_venue", "Kulturkirche", "Church used for culture", "socioculture"),
    SpaceType("library", "Bibliothek, Dritter Ort", "Library, third place", "socioculture"),
    # industry
    SpaceType("colliery", "Zeche, Schachtanlage", "Colliery", "industry"),
    SpaceType("coking_plant", "Kokerei", "Coking plant", "industry"),
    SpaceType("steelworks", "Hütte, Stahlwerk", "Steelworks", "industry"),
    SpaceType("factory", "Fabrik", "Factory", "industry"),
    SpaceType("brewery", "Brauerei", "Brewery", "industry"),
    SpaceType("mill", "Mühle", "Mill", "industry"),
    SpaceType("brickworks", "Ziegelei", "Brickworks", "industry"),
    SpaceType("power_station", "Kraftwerk, Umspannwerk", "Power station, substation", "industry"),
    SpaceType("waterworks", "Wasserwerk, Pumpwerk", "Waterworks", "industry"),
    SpaceType("workshop_hall", "Werkstatthalle, Betriebshof", "Workshop hall, depot", "industry"),
    SpaceType("warehouse", "Speicher, Lagerhaus", "Warehouse", "industry"),
    # retail
    SpaceType("department_store", "Kaufhaus, Warenhaus", "Department store", "retail"),
    SpaceType("shopping_centre", "Einkaufszentrum", "Shopping centre", "retail"),
    SpaceType("shopping_arcade", "Ladenpassage", "Shopping arcade", "retail"),
    SpaceType("retail_building", "Geschäftshaus", "Retail building", "retail"),
    SpaceType("shop", "Ladenlokal", "Shop", "retail"),
    # building
    SpaceType("church", "Kirche", "Church", "building"),
    SpaceType("synagogue", "Synagoge", "Synagogue", "building"),
    SpaceType("monastery", "Kloster", "Monastery", "building"),
    SpaceType("station", "Bahnhof, Empfangsgebäude", "Station building", "building"),
    SpaceType("signal_box", "Stellwerk", "Signal box", "building"),
    SpaceType("school", "Schule", "School", "building"),
    SpaceType("town_hall", "Rathaus", "Town hall", "building"),
    SpaceType("administration", "Verwaltungsgebäude", "Administrative building", "building"),
    SpaceType("office", "Bürohaus", "Office building", "building"),
    SpaceType("highrise", "Hochhaus", "High-rise", "building"),
    SpaceType("fire_station", "Feuerwache", "Fire station", "building"),
    SpaceType("bunker", "Hochbunker", "Air-raid shelter", "building"),
    SpaceType("prison", "Gefängnis", "Prison", "building"),
    SpaceType("hospital", "Krankenhaus", "Hospital", "building"),
    SpaceType("swimming_pool", "Hallenbad", "Swimming baths", "building"),
    SpaceType("castle", "Burg, Schloss", "Castle", "building"),
    SpaceType("manor", "Haus, Gutshof", "Manor, estate", "building"),
    SpaceType("inn", "Gasthaus, Hotel", "Inn, hotel", "building"),
    SpaceType("dwelling", "Wohnhaus, Ledigenheim", "Dwelling", "building"),
    SpaceType("historic_building", "Historisches Gebäude", "Historic building", "building"),
)

# The eleven submarkets of the cultural and creative industries (Definition of the
# Wirtschaftsministerkonferenz 2009, guideline 2016); "other" is the official residual class.
SECTORS = _index(
    Term("music", "Musikwirtschaft", "Music"),
    Term("books", "Buchmarkt", "Books"),
    Term("art", "Kunstmarkt", "Art"),
    Term("film", "Filmwirtschaft", "Film"),
    Term("broadcasting", "Rundfunkwirtschaft", "Broadcasting"),
    Term("performing_arts", "Darstellende Künste", "Performing arts"),
    Term("design", "Designwirtschaft", "Design"),
    Term("architecture", "Architekturmarkt", "Architecture"),
    Term("press", "Pressemarkt", "Press"),
    Term("advertising", "Werbemarkt", "Advertising"),
    Term("software_games", "Software und Games", "Software and games"),
    Term("other", "Sonstiges", "Other"),
)
SECTOR_CLASSIFICATION = "WZ 2008, Leitfaden Kultur- und Kreativwirtschaft 2016"

PROGRAMMES = _index(
    Term("kreativ_quartiere_ruhr", "Kreativ.Quartiere Ruhr", "Kreativ.Quartiere Ruhr"),
    Term("heimatruhr", "#heimatruhr", "#heimatruhr"),
    Term("dritte_orte", "Dritte Orte NRW", "Dritte Orte NRW"),
    Term("route_industriekultur", "Route Industriekultur", "Industrial Heritage Trail"),
    Term("initiative_ergreifen", "Initiative ergreifen", "Initiative ergreifen"),
    Term("sofortprogramm_innenstadt", "Sofortprogramm Innenstadt", "Sofortprogramm Innenstadt"),
    Term("urban_trails", "Urban.Trails", "Urban.Trails"),
)

PROGRAMME_STATUS = _index(
    Term("current", "förderfähig", "eligible"),
    Term("former", "ehemals im Programm", "formerly in the programme"),
    Term("private", "privates Quartier", "private quarter"),
    Term("planned", "geplant", "planned"),
    Term("unclear", "ungeklärt", "unclear"),
)

# Ordered from used to empty; the last three stand outside the scale.
VACANCY = _index(
    Term("in_use", "genutzt", "in use"),
    Term("interim_use", "Zwischennutzung", "interim use"),
    Term("partly_vacant", "Teilleerstand", "partly vacant"),
    Term("vacant", "Leerstand", "vacant"),
    Term("unknown", "nicht beobachtet", "not observed"),
    Term("not_applicable", "entfällt (Quartier)", "not applicable (quarter)"),
    Term("demolished", "abgerissen", "demolished"),
)
VACANCY_SCALE: tuple[str, ...] = ("in_use", "interim_use", "partly_vacant", "vacant")

STAGES = _index(
    Term("none", "kein Vorhaben bekannt", "no project known"),
    Term("idea", "Idee", "idea"),
    Term("planning", "in Planung", "in planning"),
    Term("construction", "im Umbau", "under construction"),
    Term("reopened", "wieder eröffnet", "reopened"),
)

AVAILABILITY = _index(
    Term("now", "sofort", "now"),
    Term("from_date", "ab Datum", "from a date"),
    Term("interim_until", "Zwischennutzung bis", "interim until"),
    Term("by_arrangement", "nach Absprache", "by arrangement"),
    Term("not_offered", "nicht angeboten", "not offered"),
    Term("unknown", "unbekannt", "unknown"),
)

TERMS = _index(
    Term("hourly", "stunden- oder tageweise", "by the hour or day"),
    Term("interim", "auf Zeit", "for a limited time"),
    Term("permanent", "unbefristet", "permanent"),
)

CONFIDENCE = _index(
    Term("verified", "geprüft", "verified"),
    Term("reported", "gemeldet", "reported"),
    Term("inferred", "erschlossen", "inferred"),
)

PRECISION = _index(
    Term("building", "Gebäude", "building"),
    Term("street", "Straße", "street"),
    Term("district", "Stadtteil", "district"),
    Term("municipality", "Gemeinde", "municipality"),
)

LINEAGE = _index(
    Term("first_party", "Betreiber selbst", "operator itself"),
    Term("government", "öffentliche Stelle", "public body"),
    Term("press", "Presse", "press"),
    Term("crowd", "Gemeinschaft (offene Daten)", "crowd (open data)"),
    Term("aggregator", "Verzeichnis Dritter", "third-party directory"),
)

# Derived from observed_on and a reference day, never stored: see atlas.query.
AGE_CLASSES = _index(
    Term("current", "bis 1 Jahr alt", "up to 1 year old"),
    Term("recheck", "1 bis 3 Jahre: nachprüfen", "1 to 3 years: to be re-checked"),
    Term("outdated", "über 3 Jahre: veraltet", "over 3 years: outdated"),
    Term("undated", "ohne Datum", "undated"),
)
RECHECK_AFTER_DAYS = 365
OUTDATED_AFTER_DAYS = 3 * 365

TERNARY = _index(
    Term("true", "ja", "yes"),
    Term("false", "nein", "no"),
    Term("unknown", "unbekannt", "unknown"),
)

# What differs between two tables, in the order in which it is listed: see atlas.diff.
CHANGES = _index(
    Term("appeared", "neu", "appeared"),
    Term("vanished", "weggefallen", "vanished"),
    Term("merged", "zusammengeführt", "merged"),
    Term("renamed", "umbenannt", "renamed"),
    Term("vacancy", "Leerstand geändert", "vacancy changed"),
    Term("moved", "verlegt", "moved"),
    Term("located", "jetzt mit Lage", "now located"),
    Term("unlocated", "Lage entfallen", "location gone"),
)

# What an analysis says of an area, in the order of the legend: see atlas.analysis.
HOTSPOT_CLASSES = _index(
    Term("hot", "Hotspot", "hot spot"),
    Term("cold", "Coldspot", "cold spot"),
    Term("none", "nicht auffällig", "not significant"),
    Term("not_tested", "nicht geprüft", "not tested"),
)
CLUSTER_CLASSES = _index(
    Term("high_high", "viel, umgeben von viel", "high among high"),
    Term("low_low", "wenig, umgeben von wenig", "low among low"),
    Term("high_low", "viel, umgeben von wenig", "high among low"),
    Term("low_high", "wenig, umgeben von viel", "low among high"),
    Term("none", "nicht auffällig", "not significant"),
    Term("not_tested", "nicht geprüft", "not tested"),
)
ENERGY_CLASSES = _index(
    Term("room_near_energy", "Raum bei Energie", "room near energy"),
    Term("energy_without_room", "Energie ohne Raum", "energy without room"),
    Term("room_without_energy", "Raum ohne Energie", "room without energy"),
    Term("quiet", "ruhig", "quiet"),
    Term("not_observed", "Leerstand nicht beobachtet", "vacancy not observed"),
)
ATTRACTION_CLASSES = _index(
    Term("attracted", "häufiger um Leerstand", "more often around vacant properties"),
    Term("avoided", "seltener um Leerstand", "less often around vacant properties"),
    Term("none", "kein Unterschied nachweisbar", "no difference shown"),
    Term("not_tested", "nicht geprüft", "not tested"),
)

# The figures of an area, in the order in which they are listed: see atlas.analysis.indicators.
# Shares are kept as a part of one and shown in percent.
INDICATORS = _index(
    Indicator("spaces", "Orte", "Spaces", "", 0),
    Indicator(
        "spaces_per_10000",
        "Orte je 10.000 Einwohner",
        "Spaces per 10,000 inhabitants",
        "1/10.000",
        2,
    ),
    Indicator("spaces_per_km2", "Orte je km²", "Spaces per km²", "1/km²", 3),
    Indicator(
        "location_quotient",
        "Standortquotient (Anteil hier ÷ Anteil im Ruhrgebiet)",
        "Location quotient (share here ÷ share in the Ruhr region)",
        "",
        2,
    ),
    Indicator(
        "vacancy_rate",
        "Leerstand unter beobachteten Schlüsselimmobilien",
        "Vacancy among observed key properties",
        "%",
        0,
    ),
    Indicator("demolished", "Abgerissene Orte", "Demolished spaces", "", 0),
    Indicator("located_share", "Orte mit Lage", "Spaces with a location", "%", 0),
    Indicator(
        "stated_share", "Orte mit beobachtetem Zustand", "Spaces with observed state", "%", 0
    ),
    Indicator("dated_share", "Beobachtungen mit Datum", "Observations with a date", "%", 0),
    Indicator(
        "observation_age_days",
        "Mittleres Alter der Beobachtungen (Median)",
        "Median age of observations",
        "d",
        0,
    ),
    Indicator(
        "type_entropy",
        "Vielfalt der Typen (Shannon)",
        "Diversity of types (Shannon)",
        "nat",
        2,
    ),
    Indicator(
        "effective_types",
        "Vielfalt der Typen (wirksame Anzahl)",
        "Diversity of types (effective number)",
        "",
        1,
    ),
)

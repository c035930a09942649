"""Who a space serves, how vacant it is, who can have it, and how sure that is."""

from __future__ import annotations

from atlas.vocabulary.terms import Term, index

# The eleven submarkets of the cultural and creative industries (Definition of the
# Wirtschaftsministerkonferenz 2009, guideline 2016); "other" is the official residual class.
SECTORS = index(
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

PROGRAMMES = index(
    Term("kreativ_quartiere_ruhr", "Kreativ.Quartiere Ruhr", "Kreativ.Quartiere Ruhr"),
    Term("heimatruhr", "#heimatruhr", "#heimatruhr"),
    Term("dritte_orte", "Dritte Orte NRW", "Dritte Orte NRW"),
    Term("route_industriekultur", "Route Industriekultur", "Industrial Heritage Trail"),
    Term("initiative_ergreifen", "Initiative ergreifen", "Initiative ergreifen"),
    Term("sofortprogramm_innenstadt", "Sofortprogramm Innenstadt", "Sofortprogramm Innenstadt"),
    Term("urban_trails", "Urban.Trails", "Urban.Trails"),
)

PROGRAMME_STATUS = index(
    Term("current", "förderfähig", "eligible"),
    Term("former", "ehemals im Programm", "formerly in the programme"),
    Term("private", "privates Quartier", "private quarter"),
    Term("planned", "geplant", "planned"),
    Term("unclear", "ungeklärt", "unclear"),
)

# Ordered from used to empty; the last three stand outside the scale.
VACANCY = index(
    Term("in_use", "genutzt", "in use"),
    Term("interim_use", "Zwischennutzung", "interim use"),
    Term("partly_vacant", "Teilleerstand", "partly vacant"),
    Term("vacant", "Leerstand", "vacant"),
    Term("unknown", "nicht beobachtet", "not observed"),
    Term("not_applicable", "entfällt (Quartier)", "not applicable (quarter)"),
    Term("demolished", "abgerissen", "demolished"),
)
VACANCY_SCALE: tuple[str, ...] = ("in_use", "interim_use", "partly_vacant", "vacant")

STAGES = index(
    Term("none", "kein Vorhaben bekannt", "no project known"),
    Term("idea", "Idee", "idea"),
    Term("planning", "in Planung", "in planning"),
    Term("construction", "im Umbau", "under construction"),
    Term("reopened", "wieder eröffnet", "reopened"),
)

AVAILABILITY = index(
    Term("now", "sofort", "now"),
    Term("from_date", "ab Datum", "from a date"),
    Term("interim_until", "Zwischennutzung bis", "interim until"),
    Term("by_arrangement", "nach Absprache", "by arrangement"),
    Term("not_offered", "nicht angeboten", "not offered"),
    Term("unknown", "unbekannt", "unknown"),
)

TERMS = index(
    Term("hourly", "stunden- oder tageweise", "by the hour or day"),
    Term("interim", "auf Zeit", "for a limited time"),
    Term("permanent", "unbefristet", "permanent"),
)

CONFIDENCE = index(
    Term("verified", "geprüft", "verified"),
    Term("reported", "gemeldet", "reported"),
    Term("inferred", "erschlossen", "inferred"),
)

PRECISION = index(
    Term("building", "Gebäude", "building"),
    Term("street", "Straße", "street"),
    Term("district", "Stadtteil", "district"),
    Term("municipality", "Gemeinde", "municipality"),
)

LINEAGE = index(
    Term("first_party", "Betreiber selbst", "operator itself"),
    Term("government", "öffentliche Stelle", "public body"),
    Term("press", "Presse", "press"),
    Term("crowd", "Gemeinschaft (offene Daten)", "crowd (open data)"),
    Term("aggregator", "Verzeichnis Dritter", "third-party directory"),
)

# Derived from observed_on and a reference day, never stored: see atlas.query.
AGE_CLASSES = index(
    Term("current", "bis 1 Jahr alt", "up to 1 year old"),
    Term("recheck", "1 bis 3 Jahre: nachprüfen", "1 to 3 years: to be re-checked"),
    Term("outdated", "über 3 Jahre: veraltet", "over 3 years: outdated"),
    Term("undated", "ohne Datum", "undated"),
)
RECHECK_AFTER_DAYS = 365
OUTDATED_AFTER_DAYS = 3 * 365

TERNARY = index(
    Term("true", "ja", "yes"),
    Term("false", "nein", "no"),
    Term("unknown", "unbekannt", "unknown"),
)

# What differs between two tables, in the order in which it is listed: see atlas.diff.
CHANGES = index(
    Term("appeared", "neu", "appeared"),
    Term("vanished", "weggefallen", "vanished"),
    Term("merged", "zusammengeführt", "merged"),
    Term("renamed", "umbenannt", "renamed"),
    Term("vacancy", "Leerstand geändert", "vacancy changed"),
    Term("moved", "verlegt", "moved"),
    Term("located", "jetzt mit Lage", "now located"),
    Term("unlocated", "Lage entfallen", "location gone"),
)

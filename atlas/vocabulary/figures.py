"""What an analysis says of an area: classes and figures."""

from __future__ import annotations

from atlas.vocabulary.terms import Indicator, Term, index

# What an analysis says of an area, in the order of the legend: see atlas.analysis.
HOTSPOT_CLASSES = index(
    Term("hot", "Hotspot", "hot spot"),
    Term("cold", "Coldspot", "cold spot"),
    Term("none", "nicht auffällig", "not significant"),
    Term("not_tested", "nicht geprüft", "not tested"),
)
CLUSTER_CLASSES = index(
    Term("high_high", "viel, umgeben von viel", "high among high"),
    Term("low_low", "wenig, umgeben von wenig", "low among low"),
    Term("high_low", "viel, umgeben von wenig", "high among low"),
    Term("low_high", "wenig, umgeben von viel", "low among high"),
    Term("none", "nicht auffällig", "not significant"),
    Term("not_tested", "nicht geprüft", "not tested"),
)
ENERGY_CLASSES = index(
    Term("room_near_energy", "Raum bei Energie", "room near energy"),
    Term("energy_without_room", "Energie ohne Raum", "energy without room"),
    Term("room_without_energy", "Raum ohne Energie", "room without energy"),
    Term("quiet", "ruhig", "quiet"),
    Term("not_observed", "Leerstand nicht beobachtet", "vacancy not observed"),
)
ATTRACTION_CLASSES = index(
    Term("attracted", "häufiger um Leerstand", "more often around vacant properties"),
    Term("avoided", "seltener um Leerstand", "less often around vacant properties"),
    Term("none", "kein Unterschied nachweisbar", "no difference shown"),
    Term("not_tested", "nicht geprüft", "not tested"),
)

# The figures of an area, in the order in which they are listed: see atlas.analysis.indicators.
# Shares are kept as a part of one and shown in percent.
INDICATORS = index(
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

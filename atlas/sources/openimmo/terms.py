"""
Words of OpenImmo and what they are in our table.

Structure and code lists after public parsers of the format (docs/add-a-source.md); the
specification itself may not be redistributed and is not in here.
"""

from __future__ import annotations

from typing import Final

NOT_A_SPACE: Final = "-"
"""Instead of a type: nothing that belongs into the table."""

RESIDENTIAL: Final = frozenset({
    "zimmer", "wohnung", "haus", "grundstueck", "parken", "land_und_forstwirtschaft",
})  # fmt: skip
"""Kinds of object that are homes, land or parking, whatever else is said about them."""

KINDS: Final = {
    "buero_praxen": ("buero_typ", "office"),
    "einzelhandel": ("handel_typ", "shop"),
    "gastgewerbe": ("gastgew_typ", "inn"),
    "hallen_lager_prod": ("hallen_typ", "workshop_hall"),
    "freizeitimmobilie_gewerblich": ("freizeit_typ", ""),
    "zinshaus_renditeobjekt": ("zins_typ", ""),
    "sonstige": ("sonstige_typ", ""),
}
"""Kind of object → the attribute that says more, and the type if it does not."""

TYPES: Final = {
    "LOFT_ATELIER": "studio", "COWORKING": "coworking", "SHARED_OFFICE": "coworking",
    "AUSSTELLUNGSFLAECHE": "exhibition_hall", "BUEROZENTRUM": "business_park",
    "BUEROHAUS": "office", "BUEROFLAECHE": "office", "PRAXIS": "office",
    "PRAXISFLAECHE": "office", "PRAXISHAUS": "office",
    "HALLE": "workshop_hall", "INDUSTRIEHALLE": "workshop_hall", "SERVICE": "workshop_hall",
    "INDUSTRIEHALLE_MIT_FREIFLAECHE": "workshop_hall", "WERKSTATT": "workshop_hall",
    "PRODUKTION": "factory", "LAGER": "warehouse", "LAGERFLAECHEN": "warehouse",
    "LAGER_MIT_FREIFLAECHE": "warehouse", "HOCHREGALLAGER": "warehouse",
    "SPEDITIONSLAGER": "warehouse", "KUEHLHAUS": "warehouse", "KUEHLREGALLAGER": "warehouse",
    "FREIFLAECHEN": NOT_A_SPACE,
    "LADENLOKAL": "shop", "EINZELHANDELSLADEN": "shop", "KIOSK": "shop",
    "VERKAUFSFLAECHE": "shop", "VERBRAUCHERMARKT": "retail_building",
    "EINKAUFSZENTRUM": "shopping_centre", "FACTORY_OUTLET": "shopping_centre",
    "KAUFHAUS": "department_store", "DISCOTHEK": "club",
    "WOHN_UND_GESCHAEFTSHAUS": "retail_building", "GESCHAEFTSHAUS": "retail_building",
    "BUEROGEBAEUDE": "office", "EINKAUFSCENTREN": "shopping_centre",
    "SUPERMAERKTE": "retail_building", "VERBRAUCHERMAERKTE": "retail_building",
    "INDUSTRIEANLAGE": "factory", "MEHRFAMILIENHAUS": NOT_A_SPACE, "PARKHAUS": NOT_A_SPACE,
    "TANKSTELLE": NOT_A_SPACE, "KRANKENHAUS": "hospital",
    "VERGNUEGUNGSPARKS_UND_CENTER": "event_hall",
}  # fmt: skip
"""What the attribute says → type; a code that is not in here takes that of its kind."""

STAGES: Final = {"PROJEKTIERT": "planning", "ROHBAU": "construction", "ENTKERNT": "construction"}
"""Condition (zustand_art) → project stage; the other conditions say nothing about one."""

TAKEN: Final = frozenset({"RESERVIERT", "VERKAUFT"})
"""Sales status of what cannot be had."""

MONTHS: Final = {"": 1.0, "MONAT": 1.0, "JAHR": 12.0}
"""Time that a rent is for, in months; daily and weekly rents are not comparable."""

AT_ONCE: Final = ("sofort", "bezugsfrei", "leerstehend", "immediately")
ON_AGREEMENT: Final = ("vereinbarung", "absprache", "anfrage", "n.v", "agreement")

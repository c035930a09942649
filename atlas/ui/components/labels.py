"""Names of the filters and of their options, in the order of the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from atlas import vocabulary as v
from atlas.i18n import marked as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.query import Filters
    from atlas.store import Atlas
    from atlas.ui.words import Words


FIELD_TITLES: Final[Mapping[str, str]] = {
    "municipalities": _("Stadt oder Gemeinde"),
    "districts": _("Kreis"),
    "groups": _("Typ"),
    "vacancy": _("Leerstand"),
    "availability": _("Verfügbarkeit"),
    "kinds": _("Art"),
    "types": _("Genauer Typ"),
    "sectors": _("Teilmarkt"),
    "programmes": _("Programm"),
    "stages": _("Vorhaben"),
    "terms": _("Laufzeit"),
    "ages": _("Alter der Beobachtung"),
    "step_free": _("Stufenlos"),
    "area": _("Fläche (m²)"),
    "rent": _("Miete (€/m² im Monat)"),
    "text": _("Suchtext"),
    "near": _("Umkreis"),
    "only_shortlist": _("Nur Merkliste"),
}
FIRST_FIELDS: Final = ("municipalities", "groups", "vacancy", "availability")
MORE_FIELDS: Final = (
    "kinds", "types", "sectors", "programmes", "stages", "terms", "ages", "step_free", "districts",
)  # fmt: skip
TERMS_OF_FIELD: Final[Mapping[str, Mapping[str, v.Term]]] = {
    "groups": v.TYPE_GROUPS,
    "vacancy": v.VACANCY,
    "availability": v.AVAILABILITY,
    "kinds": v.KINDS,
    "types": v.TYPES,
    "sectors": v.SECTORS,
    "programmes": v.PROGRAMMES,
    "stages": v.STAGES,
    "terms": v.TERMS,
    "ages": v.AGE_CLASSES,
    "step_free": v.TERNARY,
}


def option_label(field: str, code: str, *, atlas: Atlas, say: Words) -> str:
    """Return what a person reads for one option of a coded filter."""
    if field == "municipalities":
        return _name(atlas, "ags", "name", code)
    if field == "districts":
        return _name(atlas, "district_code", "district_name", code)
    return say.label(TERMS_OF_FIELD[field], code)


def _name(atlas: Atlas, key: str, label: str, code: str) -> str:
    # Not by a mask: a form asks a hundred times, and a mask takes a hundred times as long.
    towns = atlas.municipalities
    names = dict(zip(towns[key], towns[label], strict=True))
    return str(names.get(code, code))


def range_label(filters: Filters, field: str, say: Words) -> str:
    """Return a range in words: 50–200, ab 50, bis 200, and whether what nobody knows is in it."""
    bounds = filters.range(field)
    low, high = (
        None if value is None else say.number(value, decimals=0 if value == int(value) else 2)
        for value in (bounds.minimum, bounds.maximum)
    )
    if high is None:
        text = say("ab {low}", low=low)
    elif low is None:
        text = say("bis {high}", high=high)
    else:
        text = f"{low}–{high}"
    if bounds.with_unknown:
        return say("{range} oder unbekannt", range=text)
    return say("{range}, nur bekannte", range=text)

"""
The columns of the planner's package, each once: label, meaning, unit, code list.

Aliases in QGIS and docs/planner-package.md are derived from here; the columns of
``spaces`` are those of the schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from atlas import vocabulary as v
from atlas.export.table import EXTRA_COLUMNS
from atlas.schema.columns import BY_NAME, COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.schema.columns import Column
    from atlas.vocabulary import Language


SHARE: Final = "0–1"
"""Unit of shares: stored as a part of one, whatever they are shown as."""


@dataclass(frozen=True, slots=True)
class Field:
    """
    One column of a layer.

    Attributes
    ----------
    de, en
        Label, without the unit.
    about
        What it means, in English as all of the documentation.
    codes
        The closed list, where it has one.
    """

    name: str
    de: str
    en: str
    about: str
    unit: str = ""
    codes: Mapping[str, v.Term] = field(default_factory=dict)

    def title(self, language: Language) -> str:
        """Return the label without its unit in ``language``."""
        return self.en if language == "en" else self.de

    def label(self, language: Language) -> str:
        """Return the label with its unit in ``language``."""
        return f"{self.title(language)} ({self.unit})" if self.unit else self.title(language)

    @property
    def is_share(self) -> bool:
        """Whether it is a part of one, which people read in percent."""
        return self.unit == SHARE

    @classmethod
    def of(cls, column: Column) -> Field:
        """Return a column of the schema as a field; a list of codes has no closed list."""
        codes = column.codes if column.dtype == "code" else {}
        return cls(column.name, column.de, column.en, column.about, column.unit, codes)


# fmt: off
_EXTRA: Final = {
    "coordinate_licence": Field("coordinate_licence", "Lizenz der Lage", "Licence of location",
        "Under which the coordinate is published."),
    "attribution": Field("attribution", "Namensnennung", "Attribution",
        "Whom to name, in the language of the file."),
    "data_as_of": Field("data_as_of", "Stand der Daten", "Data as of",
        "Newest day on which a source was read."),
    "contributions": Field("contributions", "Beiträge der Quellen (JSON)",
        "Contributions of sources (JSON)", "Which records a merged row comes from."),
}
SPACES: Final = (
    *(Field.of(column) for column in COLUMNS),
    *(_EXTRA[name] for name in EXTRA_COLUMNS),
)

_AREA: Final = (
    Field("name", "Name", "Name", "Name of the municipality."),
    Field("ags", "Gemeindeschlüssel", "Municipality key",
          "Official key (Amtlicher Gemeindeschlüssel); text, keeps its zero."),
    Field("area_km2", "Fläche", "Area", "Area inside the region.", "km²"),
)

QUARTERS: Final = (
    *(Field.of(BY_NAME[name]) for name in ("space_id", "name")),
    *(Field.of(BY_NAME[name]) for name in (
        "programme_status", "programme_from", "programme_until", "locality", "municipality", "ags",
        "note_de", "note_en")),
    Field("radius_m", "Radius des Kreises", "Radius of the circle",
          "The uncertainty of the anchor point: our honest radius.", "m"),
    Field("is_approximate", "Ungefähr", "Approximate",
          "Always true: no source publishes the extent of a quarter."),
    Field("geometry_note", "Hinweis zur Fläche", "Note on the area",
          "The same in words, in the language of the file."),
    *(Field.of(BY_NAME[name]) for name in (
        "coordinate_source", "source", "publisher", "source_url", "retrieved_on", "licence")),
    *(_EXTRA[name] for name in ("coordinate_licence", "attribution", "data_as_of")),
)

_SUBJECTS: Final = {
    "creative": ("kreative Orte", "creative sites", "Creative sites that are not demolished"),
    "vacant": ("Leerstand", "vacancy", "Vacant and partly vacant properties"),
}


def _tested(subject: str) -> tuple[Field, ...]:
    de, en, what = _SUBJECTS[subject]
    return (
        Field(f"{subject}_count", f"Anzahl ({de})", f"Count ({en})", f"{what} in the cell."),
        Field(f"{subject}_density_per_km2", f"Dichte ({de})", f"Density ({en})",
              "Kernel density at the centre of the cell.", "1/km²"),
        Field(f"{subject}_gi_z", f"Gi*, z-Wert ({de})", f"Gi*, z score ({en})",
              "Getis-Ord Gi* of the count in the cell and the cells around it."),
        Field(f"{subject}_gi_p", f"Gi*, p-Wert ({de})", f"Gi*, p value ({en})",
              "From conditional permutations."),
        Field(f"{subject}_gi_q", f"Gi*, p-Wert mit FDR ({de})", f"Gi*, p value with FDR ({en})",
              "Adjusted for the false discovery rate; decides the class."),
        Field(f"{subject}_hotspot", f"Hotspot ({de})", f"Hot spot ({en})",
              "Class after Gi*.", codes=v.HOTSPOT_CLASSES),
        Field(f"{subject}_lisa_p", f"Moran lokal, p-Wert ({de})", f"Local Moran, p value ({en})",
              "From conditional permutations."),
        Field(f"{subject}_lisa_q", f"Moran lokal, p-Wert mit FDR ({de})",
              f"Local Moran, p value with FDR ({en})",
              "Adjusted for the false discovery rate; decides the class."),
        Field(f"{subject}_cluster", f"Cluster ({de})", f"Cluster ({en})",
              "Class after local Moran.", codes=v.CLUSTER_CLASSES),
    )


HEXAGONS: Final = (
    Field("area_id", "Zelle (H3)", "Cell (H3)", "Index of the H3 cell, as text."),
    Field("name", "Gemeinde", "Municipality",
          "Municipality with the largest share of the cell."),
    *_AREA[1:],
    *_tested("creative"),
    *_tested("vacant"),
    Field("observed", "Beobachtete Immobilien", "Observed properties",
          "Properties in the cell whose vacancy was observed."),
    Field("nearby", "Kreative Orte in der Nähe", "Creative sites nearby",
          "Creative sites in the cell and the cells around it."),
    Field("energy_class", "Leerstand und Energie", "Vacancy and energy",
          "Vacancy in the cell against creative sites nearby.", codes=v.ENERGY_CLASSES),
)

_TOWN: Final = (
    Field("ags", "Gemeindeschlüssel", "Municipality key",
          "Official key (Amtlicher Gemeindeschlüssel); text, keeps its zero."),
    Field("ars", "Regionalschlüssel", "Regional key",
          "Official key (Amtlicher Regionalschlüssel), twelve digits as text."),
    Field("name", "Name", "Name", "Name of the municipality."),
    Field("district_code", "Kreisschlüssel", "District key", "First five digits of the key."),
    Field("district_name", "Kreis", "District", "District, or the city where it is in none."),
    Field("population", "Einwohner", "Inhabitants", "Inhabitants on the day named beside."),
    Field("population_as_of", "Stand der Einwohner", "Inhabitants as of", "ISO date."),
    Field("area_km2", "Fläche", "Area", "Official area.", "km²"),
)
_RATE: Final = (
    Field("vacancy_rate_low", "Leerstandsquote, untere Grenze", "Vacancy rate, lower bound",
          "Wilson interval, 95 %.", SHARE),
    Field("vacancy_rate_high", "Leerstandsquote, obere Grenze", "Vacancy rate, upper bound",
          "Wilson interval, 95 %.", SHARE),
    Field("vacancy_rate_n", "Beobachtete Schlüsselimmobilien", "Observed key properties",
          "Observations that the rate rests on."),
    Field("vacancy_rate_is_small", "Leerstandsquote aus wenigen Beobachtungen",
          "Vacancy rate from few observations", "True: too few to lean on."),
    Field("vacancy_rate_as_of", "Leerstandsquote, Stand", "Vacancy rate as of",
          "First and last day of the observations, `/` between."),
)
# fmt: on
_SPLIT: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("spaces", "spaces_per_10000", "spaces_per_km2"), ("", *v.KINDS, *v.TYPE_GROUPS)
    ),
    "location_quotient": tuple(code for code in v.TYPE_GROUPS if code != "quarter"),
    "vacancy_rate": ("", "vacant"),
}  # fmt: skip
"""What an indicator is split by; others are not. Compared with the layer by a test."""
_GROUPS: Final = {**v.KINDS, **v.TYPE_GROUPS, "vacant": v.VACANCY["vacant"]}


def stored_unit(unit: str) -> str:
    """Return the unit of a figure as files hold it, given the one that people read."""
    return SHARE if unit == "%" else unit


def _indicator(code: str, group: str) -> Field:
    term = v.INDICATORS[code]
    name, de, en = code, term.de, term.en
    if group:
        of = _GROUPS[group]
        name, de, en = f"{code}_{group}", f"{de}: {of.de}", f"{en}: {of.en}"
    # A ratio whose label already says of what it is one has no unit behind it.
    unit = "" if term.unit.startswith("1/") else stored_unit(term.unit)
    return Field(name, de, en, f"{en}; empty where there is no figure.", unit)


MUNICIPALITIES: Final = (
    *_TOWN,
    *(_indicator(code, group) for code in v.INDICATORS for group in _SPLIT.get(code, ("",))),
    *_RATE,
)
LAYERS: Final[Mapping[str, tuple[Field, ...]]] = {
    "spaces": SPACES,
    "quarters": QUARTERS,
    "municipalities": MUNICIPALITIES,
    "hexagons": HEXAGONS,
}
"""The layers of the planner's package in their order, each with its columns in theirs."""

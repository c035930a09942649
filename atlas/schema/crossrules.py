"""Rules about several columns of a row, each a named object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.schema import place
from atlas.schema.dates import earliest_day, latest_day
from atlas.schema.ids import space_ids
from atlas.schema.problems import VALUE_SEPARATOR, Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from atlas.schema.place import Towns


@dataclass(frozen=True)
class Reference:
    """What a row is compared with: the municipalities, and the ids of the source registry."""

    towns: Towns
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class CrossRule(Rule):
    """
    A rule about several columns.

    Attributes
    ----------
    columns
        The columns that the rule is about.
    broken
        From the typed table and what it is compared with to the rows that break the
        rule (bool, same index). A row that misses a value which another rule
        requires does not break this one.
    """

    columns: tuple[str, ...]
    broken: Callable[[pd.DataFrame, Reference], pd.Series]

    def values(self, rows: pd.DataFrame) -> list[str]:
        """Return the values of the columns as one text per row."""
        texts = [rows[name].astype(object).where(rows[name].notna(), "–") for name in self.columns]
        return [VALUE_SEPARATOR.join(map(str, cells)) for cells in zip(*texts, strict=True)]


def _alone(broken: Callable[[pd.DataFrame], pd.Series]) -> Callable[..., pd.Series]:
    """Return the check of a rule that needs nothing but the row."""
    return lambda spaces, _reference: broken(spaces)


def _later(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return where the first partial date is certainly later than the second."""
    return earliest_day(first) > latest_day(second)


def _without_evidence(spaces: pd.DataFrame) -> pd.Series:
    stated = ~spaces["vacancy"].isin(["unknown", "not_applicable"]) & spaces["vacancy"].notna()
    dated = spaces[["observed_on", "vacant_since", "vacant_share_pct"]].notna().any(axis=1)
    return (stated | dated) & spaces[["source_url", "publisher"]].isna().any(axis=1)


def _half_a_quarter(spaces: pd.DataFrame) -> pd.Series:
    complete = spaces[["kind", "type", "vacancy"]].notna().all(axis=1)
    is_quarter = spaces["kind"].eq("creative_quarter")
    differs = is_quarter.ne(spaces["type"].eq("quarter"))
    differs |= is_quarter.ne(spaces["vacancy"].eq("not_applicable"))
    return complete & differs


def _programme_without_quarter(spaces: pd.DataFrame) -> pd.Series:
    columns = ["programme_status", "programme_from", "programme_until"]
    return spaces[columns].notna().any(axis=1) & spaces["kind"].ne("creative_quarter")


def _foreign_id(spaces: pd.DataFrame) -> pd.Series:
    expected = space_ids(spaces["source"], spaces["source_ref"])
    return expected.notna() & spaces["space_id"].notna() & (spaces["space_id"] != expected)


def _unregistered(spaces: pd.DataFrame, reference: Reference) -> pd.Series:
    named = spaces[["source", "coordinate_source"]]
    return (named.notna() & ~named.isin(reference.sources)).any(axis=1)


def _missing_date(availability: str, column: str) -> Callable[..., pd.Series]:
    return lambda spaces, _reference: (
        spaces["availability"].eq(availability) & spaces[column].isna()
    )


CROSS_RULES: Final[tuple[CrossRule, ...]] = (
    CrossRule(
        "evidence", "Wer einen Leerstand nennt oder datiert, nennt auch Nachweis und Urheber.",
        "source_url und publisher eintragen, oder vacancy auf unknown setzen.",
        ("vacancy", "observed_on", "source_url", "publisher"), _alone(_without_evidence),
    ),
    CrossRule(
        "quarter", "Ein Kreativ.Quartier hat den Typ quarter und den Leerstand not_applicable; "
        "nichts anderes hat sie.",
        "kind, type und vacancy aufeinander abstimmen.",
        ("kind", "type", "vacancy"), _alone(_half_a_quarter),
    ),
    CrossRule(
        "programme", "Einen Programmstand und Programmjahre hat nur ein Kreativ.Quartier.",
        "Die Felder programme_… leeren; Förderprogramme gehören in programmes.",
        ("kind", "programme_status", "programme_from", "programme_until"),
        _alone(_programme_without_quarter),
    ),
    CrossRule(
        "programme_years", "programme_from liegt nicht nach programme_until.",
        "Die beiden Jahre prüfen, vielleicht sind sie vertauscht.",
        ("programme_from", "programme_until"),
        lambda spaces, _reference: spaces["programme_from"].gt(spaces["programme_until"]),
    ),
    CrossRule(
        "coordinate_complete", "Eine Koordinate hat Breite, Länge, Genauigkeit, Unsicherheit, "
        "Quelle und Nachweis; ohne Koordinate sind alle sechs leer.",
        "Die fehlenden Felder eintragen oder alle sechs leeren.",
        place.COMPLETE_COLUMNS, _alone(place.is_incomplete),
    ),
    CrossRule(
        "coordinate_swapped", "lat ist die Breite (51 bis 52), lon die Länge (6 bis 8,3).",
        "lat und lon sind vertauscht: die beiden Werte tauschen.",
        ("lat", "lon"), _alone(place.is_swapped),
    ),
    CrossRule(
        "space_id", "Die Kennung ist aus source und source_ref berechnet.",
        "Die Kennung neu berechnen, nicht von Hand vergeben: "
        "atlas.schema.space_id(source, source_ref).",
        ("space_id", "source", "source_ref"), _alone(_foreign_id),
    ),
    CrossRule(
        "source", "Die Quelle der Zeile und die der Lage stehen im Quellenregister.",
        "Kennung aus data/sources.toml übernehmen oder dort einen Eintrag anlegen.",
        ("source", "coordinate_source"), _unregistered,
    ),
    CrossRule(
        "observed_after_retrieved", "Beobachtet wurde spätestens am Tag des Abrufs.",
        "observed_on und retrieved_on prüfen: eine Beobachtung ist nie jünger als ihre Quelle.",
        ("observed_on", "retrieved_on"),
        lambda spaces, _reference: _later(spaces["observed_on"], spaces["retrieved_on"]),
    ),
    CrossRule(
        "vacant_after_observed", "Der Leerstand beginnt spätestens am Tag der Beobachtung.",
        "vacant_since und observed_on prüfen, vielleicht sind sie vertauscht.",
        ("vacant_since", "observed_on"),
        lambda spaces, _reference: _later(spaces["vacant_since"], spaces["observed_on"]),
    ),
    CrossRule(
        "area_order", "Die kleinste vermietete Fläche ist höchstens so groß wie die Fläche.",
        "area_min_m2 und area_m2 prüfen, vielleicht sind sie vertauscht.",
        ("area_min_m2", "area_m2"),
        lambda spaces, _reference: spaces["area_min_m2"].gt(spaces["area_m2"]),
    ),
    CrossRule(
        "available_from", "Die Verfügbarkeit „ab Datum“ nennt das Datum.",
        "available_from eintragen oder availability ändern.",
        ("availability", "available_from"), _missing_date("from_date", "available_from"),
    ),
    CrossRule(
        "available_until", "Die Verfügbarkeit „Zwischennutzung bis“ nennt das Ende.",
        "available_until eintragen oder availability ändern.",
        ("availability", "available_until"), _missing_date("interim_until", "available_until"),
    ),
    CrossRule(
        "available_order", "available_from liegt nicht nach available_until.",
        "Die beiden Daten prüfen, vielleicht sind sie vertauscht.",
        ("available_from", "available_until"),
        lambda spaces, _reference: _later(spaces["available_from"], spaces["available_until"]),
    ),
    CrossRule(
        "ags", "Gemeindeschlüssel und Name gehören zur selben der 53 Gemeinden.",
        "Amtlichen Namen und Schlüssel aus data/geo/municipalities.geojson übernehmen.",
        ("ags", "municipality"), lambda spaces, reference: reference.towns.is_unknown(spaces),
    ),
    CrossRule(
        "coordinate_outside", "Die Koordinate liegt in der genannten Gemeinde, oder so nah "
        "daran, wie sie unsicher ist (mindestens 100 m).",
        "Koordinate, Unsicherheit oder Gemeinde berichtigen.",
        ("lat", "lon", "coordinate_uncertainty_m", "municipality"),
        lambda spaces, reference: reference.towns.is_outside(spaces),
    ),
)  # fmt: skip

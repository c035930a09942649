"""Why a pair is one place or not, in sentences for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from atlas.conflate.scoring import FEATURES
from atlas.i18n import number, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.vocabulary import Language

TEXTS: Final = {
    "name+": "Die Namen stimmen überein.",
    "name-": "Die Namen haben wenig gemeinsam.",
    "number+": "Beide Namen nennen dieselbe Nummer.",
    "number-": "Die Namen nennen verschiedene Nummern, oder nur einer nennt eine.",
    "kind+": "Beide Namen sagen, was für ein Ort es ist, und zwar dasselbe.",
    "kind-": "Die Namen sagen Verschiedenes darüber, was für ein Ort es ist.",
    "part+": "Beide Namen nennen denselben Teil der Anlage.",
    "part-": "Ein Name nennt einen Teil der Anlage, den der andere nicht nennt.",
    "inside-": "Der eine Ort liegt in dem anderen oder neben ihm.",
    "chain-": "Den Namen tragen viele Orte, und die Lage belegt nicht, dass es derselbe ist.",
    "type+": "Die Typen passen zusammen.",
    "type-": "Die Typen passen nicht zusammen.",
    "address+": "Die Anschriften stimmen überein.",
    "address-": "Die Anschriften sind verschieden.",
    "website+": "Die Websites stimmen überein.",
    "website-": "Die Websites sind verschieden.",
    "id+": "Beide haben dieselbe Kennung in einem anderen Register.",
    "id-": "Sie haben verschiedene Kennungen in Wikidata.",
    "distance+": "Die Lagen passen zueinander: {distance} m.",
    "distance-": "Die Lagen sind weiter auseinander als ungenau: {distance} m.",
    "place+": "Beide liegen in derselben Gemeinde; eine Koordinate fehlt.",
    "place-": "Sie liegen in verschiedenen Gemeinden; eine Koordinate fehlt.",
}
REASONS: Final = {
    "score": "Die Merkmale reichen für keine Entscheidung.",
    "contradicted": "Vieles spricht dafür, aber ein Merkmal im Namen dagegen.",
    "houses": "Vieles spricht dafür, aber in einer Straße nennen sie verschiedene Hausnummern.",
    "same_source": "Eine Quelle führt beide unter eigenen Schlüsseln.",
    "conflated": "Ein früherer Abgleich hat beide getrennt gelassen.",
    "chain": "Zusammen mit anderen Paaren käme zusammen, was getrennt bleiben muss.",
}
"""Why a pair goes to a person."""
_TOLD_FROM: Final = 0.05


class Point(NamedTuple):
    """One feature of a pair: its points, and the sentence that says what they stand for."""

    feature: str
    points: float
    text: str


def explain(points: Mapping[str, float], distance_m: float, *, language: Language) -> list[Point]:
    """
    Say what speaks for and against a pair, the weightiest first.

    Parameters
    ----------
    points
        Points per feature; features without points may be left out.
    distance_m
        Between the coordinates; NaN if one is missing.
    """
    say = translator(language)
    told = [(feature, points.get(feature, 0.0)) for feature in FEATURES]
    distance = "" if math.isnan(distance_m) else number(distance_m, language)
    return sorted(
        (
            Point(feature, value, say(_text(feature, value, distance)).format(distance=distance))
            for feature, value in told
            if abs(value) >= _TOLD_FROM
        ),
        key=lambda point: -abs(point.points),
    )


def reason(code: str, *, language: Language) -> str:
    """Return why a pair goes to a person."""
    return translator(language)(REASONS.get(code, REASONS["score"]))


def _text(feature: str, value: float, distance: str) -> str:
    named = feature if distance or feature != "distance" else "place"
    return TEXTS[f"{named}{'+' if value > 0 else '-'}"]

"""How the figures are made, with which bounds, and what they do not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.analysis.figures import SMALL_COUNT, SMALL_EXPECTED, SMALL_OBSERVATIONS
from atlas.ui.markup import el
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.ui.words import Words


def method(say: Words) -> None:
    """Draw method, parameters and limits, folded away but on every page of figures."""
    items = [
        say("Gezählt wird, was in der Tabelle steht: kein Vollverzeichnis. Eine Stadt, in der "
            "mehr erhoben wurde, hat mehr Orte."),
        say("Ohne eine einzige Zeile heißt es „nicht erhoben“, nie null. Abgerissene Orte zählen "
            "nur als abgerissen."),
        say("Leerstand: Schlüsselimmobilien, deren Zustand jemand beobachtet hat. Zähler sind die "
            "ganz oder teilweise leeren. Nicht beobachtete zählen weder als leer noch als "
            "genutzt. In Klammern das 95-%-Intervall nach Wilson: So weit reicht der Zufall, wenn "
            "die beobachteten zufällig ausgewählt wären. Das sind sie nicht; die Unsicherheit ist "
            "eher größer."),
        say("Standortquotient: Anteil eines Typs an den Orten der Kultur- und Kreativwirtschaft "
            "hier, geteilt durch seinen Anteil in allen 53 Städten und Gemeinden. Über 1: hier "
            "häufiger als im Ruhrgebiet."),
        say("Vielfalt: Entropie nach Shannon über die genauen Typen dieser Orte, und die Anzahl "
            "gleich häufiger Typen, die dieselbe Entropie hätte. Wo mehr Orte erhoben sind, ist "
            "sie von selbst höher."),
        say("Kleine Zahlen sind markiert: unter {count} Orten, unter {expected} zu erwartenden "
            "Orten beim Quotienten, unter {observed} Beobachtungen beim Leerstand.",
            count=say.number(SMALL_COUNT), expected=say.number(SMALL_EXPECTED),
            observed=say.number(SMALL_OBSERVATIONS)),
        say("Farben der Karte: fünf Klassen mit etwa gleich vielen Städten und Gemeinden, "
            "gebildet aus allen 53, nie aus der Auswahl; ohne Angabe: schraffiert."),
        say("Ein Quartier ist der Kreis um seinen Ankerpunkt mit dem Radius seiner Ungenauigkeit, "
            "gemessen in EPSG:25832. Einwohner sind dafür nicht bekannt."),
    ]  # fmt: skip
    panel("figure_method", el(
        "section",
        el("details", el("summary", el("span", say("Methode und Grenzen")), class_="ra-summary"),
           el("ul", *(el("li", item) for item in items), class_="ra-bullets"),
           id="figure-method"),
        class_="ra-section ra-prose",
    ))  # fmt: skip

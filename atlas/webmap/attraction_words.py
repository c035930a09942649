"""What the test of creative sites around vacant properties says in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from atlas import i18n
from atlas.analysis.attraction import MAX_UNCERTAINTY_M, PERMUTATIONS
from atlas.i18n import marked as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.analysis import Attraction
    from atlas.vocabulary import Language

VERDICTS: Final[Mapping[str, str]] = {
    "attracted": _("Ja: um leere Räume liegen mehr kreative Orte, als der Zufall erwarten lässt "
                   "(p = {p})."),
    "avoided": _("Im Gegenteil: um leere Räume liegen weniger kreative Orte, als der Zufall "
                 "erwarten lässt (p = {p})."),
    "none": _("Das lässt sich nicht zeigen: um leere Räume liegen so viele kreative Orte wie um "
              "andere beobachtete (p = {p})."),
}  # fmt: skip
"""Sentence by verdict; the codes are `atlas.vocabulary.ATTRACTION_CLASSES`."""


class AttractionSaid:
    """
    Texts about one `Attraction`.

    Parameters
    ----------
    found
        The result.
    language
        Of the texts.
    """

    def __init__(self, found: Attraction, language: Language) -> None:
        self.found = found
        self.language: Language = language
        self._translate = i18n.translator(language)

    def __call__(self, message: str) -> str:
        """Translate a message id."""
        return self._translate(message)

    @property
    def title(self) -> str:
        """Return the question."""
        return self("Liegen kreative Orte um leere Räume?")

    def _number(self, value: float, decimals: int = 0) -> str:
        return i18n.number(value, self.language, decimals=decimals)

    def sentence(self) -> str:
        """Say what is seen."""
        if self.found.too_few:
            return self("Zu wenige Beobachtungen für eine Aussage: {creative} kreative Orte, "
                          "{vacant} leere von {observed} beobachteten Immobilien sind genau genug "
                          "verortet; von jeder Art braucht es mindestens {minimum}.").format(
                creative=self._number(self.found.n_creative),
                vacant=self._number(self.found.n_vacant),
                observed=self._number(self.found.n_observed),
                minimum=self._number(self.found.minimum),
            )  # fmt: skip
        return self(VERDICTS[self.found.verdict]).format(p=self._number(self.found.p_value, 3))

    def parameters(self) -> list[tuple[str, str]]:
        """Return what it was computed with, as pairs of label and text."""
        counted = self("{creative} kreative Orte, {vacant} leere von {observed} beobachteten "
                         "Immobilien").format(
            creative=self._number(self.found.n_creative), vacant=self._number(self.found.n_vacant),
            observed=self._number(self.found.n_observed),
        )  # fmt: skip
        exact = self("auf {n} m genau oder besser").format(n=self._number(MAX_UNCERTAINTY_M))
        return [
            (self("Verfahren"), self("Kreuz-K-Funktion mit zufälligen Zuordnungen")),
            (self("Permutationen"), self._number(PERMUTATIONS)),
            (self("Lage"), exact),
            (self("Gezählt"), counted),
        ]

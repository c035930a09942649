"""What a chart of the pages Compare and Profile shows and how to read it, on page and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from atlas.analysis.texts import title
from atlas.i18n import marked as _
from atlas.i18n import translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from atlas.analysis.choice import Choice
    from atlas.vocabulary import Language

_HEADINGS: Final[Mapping[str, str]] = {
    "types": _("Orte der Kultur- und Kreativwirtschaft nach Typ"),
    "states": _("Orte nach Zustand"),
}
_NOTES: Final[Mapping[str, Sequence[str]]] = {
    "figure": [_("Grau das Ruhrgebiet zum Vergleich; hohle Balken sind kleine Zahlen.")],
    "types": [_("Der graue Strich ist das Ruhrgebiet.")],
    "states": [_("Nur Orte, deren Zustand jemand beobachtet hat; die anderen stehen in Klammern.")],
}
_INTERVALS: Final = _("Die schwarzen Striche sind 95-%-Intervalle.")


def heading(name: str, choice: Choice, language: Language) -> str:
    """
    Return what a chart shows, for a file that stands alone.

    Parameters
    ----------
    name
        One of `atlas.figures.shown.CHARTS`.
    choice
        The figure of the chart ``figure``.
    """
    if name in _HEADINGS:
        return translator(language)(_HEADINGS[name])
    return title(choice, language)


def notes(name: str, choice: Choice, language: Language) -> list[str]:
    """Return how to read a chart: what its grey is, what is hollow, what is left out."""
    translate = translator(language)
    told = [translate(note) for note in _NOTES[name]]
    if name == "figure" and choice.indicator == "vacancy_rate":
        told.append(translate(_INTERVALS))
    return told

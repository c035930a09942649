"""What a result says in plain words, what it was computed with, and whom to name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from atlas import i18n
from atlas.analysis import Energy, Hotspots
from atlas.i18n import marked as _
from atlas.webmap.hotspot_areas import title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from atlas.analysis.asked import Asked
    from atlas.vocabulary import Language

_NAMED: Final = 4
"""Municipalities that a sentence names."""
REASONS: Final[Mapping[str, str]] = {
    "demolished": _("{n} abgerissen"),
    "not_observed": _("{n}, wo niemand nachgesehen hat"),
    "not_vacant": _("{n} nicht leer"),
    "no_location": _("{n} ohne Lage"),
    "too_uncertain": _("{n} zu ungenau verortet"),
    "outside": _("{n} außerhalb der Flächen"),
}
"""Why rows were left out, by the codes of `atlas.analysis.observations`."""
CELLS: Final[Mapping[int, str]] = {
    6: _("große Sechsecke (H3, Stufe 6, etwa 36 km²)"),
    7: _("mittlere Sechsecke (H3, Stufe 7, etwa 5 km²)"),
    8: _("kleine Sechsecke (H3, Stufe 8, etwa 0,7 km²)"),
}
"""Units by the resolution of H3."""
METHODS: Final[Mapping[str, str]] = {
    "hotspot": _("Getis-Ord Gi* mit bedingten Permutationen"),
    "cluster": _("Lokales Moran-I mit bedingten Permutationen"),
    "density": _("Kerndichte mit Gauß-Kern"),
    "energy_class": _("Zählung je Fläche, ohne Test"),
}
"""Name of the method by what is shown."""


HEADS: Final[Mapping[str, str]] = {
    "area_id": _("Schlüssel der Fläche"),
    "name": _("Stadt oder Gemeinde"),
    "ags": _("Gemeindeschlüssel"),
    "area_km2": _("Größe in km²"),
    "count": _("Gezählt"),
    "observed": _("Leerstand beobachtet"),
    "value": _("Geprüfter Wert"),
    "density_per_km2": _("Dichte je km²"),
    "gi_z": _("Gi* (z-Wert)"),
    "gi_p": _("Gi*, p-Wert"),
    "gi_q": _("Gi*, p-Wert, korrigiert"),
    "hotspot": _("Hotspot"),
    "lisa_i": _("Lokales Moran-I"),
    "lisa_p": _("Moran, p-Wert"),
    "lisa_q": _("Moran, p-Wert, korrigiert"),
    "cluster": _("Nachbarschaft"),
    "vacant": _("Leer oder teilweise leer"),
    "creative": _("Kreative Orte hier"),
    "nearby": _("Kreative Orte hier und ringsum"),
    "energy_class": _("Raum und Energie"),
}
"""Head of each column of a result; the files keep codes below them."""


def heads(areas: pd.DataFrame, language: Language) -> list[str]:
    """Return the head of every column before the geometry."""
    translate = i18n.translator(language)
    return [translate(HEADS.get(name, name)) for name in areas.columns if name != "geometry"]


class Said:
    """
    Texts about one result.

    Parameters
    ----------
    asked, result
        The question and its answer.
    language
        Of the texts.
    """

    def __init__(self, asked: Asked, result: Hotspots | Energy, language: Language) -> None:
        self.asked = asked
        self.result = result
        self.language: Language = language
        self._translate = i18n.translator(language)

    def __call__(self, message: str) -> str:
        """Translate a message id."""
        return self._translate(message)

    @property
    def title(self) -> str:
        """Return the heading."""
        return title(self.asked, self.language)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as people write it."""
        return i18n.number(value, self.language, decimals=decimals)

    def units(self, count: int) -> str:
        """Return how many areas, with their name: 3 Sechsecke."""
        if self.asked.question.unit == "municipality":
            return i18n.plural(self.language, "{n} Gemeinde", "{n} Gemeinden", count)
        return i18n.plural(self.language, "{n} Sechseck", "{n} Sechsecke", count)

    def sentence(self) -> str:
        """Say what is seen."""
        if isinstance(self.result, Energy):
            return self._energy(self.result)
        if self.asked.shown == "density":
            return self._density(self.result)
        if self.result.too_few:
            return self("Zu wenige Beobachtungen für eine Aussage: gezählt sind {counted}, "
                          "prüfbar {tested}; von beidem braucht es mindestens {minimum}.").format(
                counted=self.number(self.result.observations),
                tested=self.units(self.result.tested),
                minimum=self.number(self.result.minimum),
            )  # fmt: skip
        if self.result.is_constant:
            return self("Alle geprüften Flächen haben denselben Wert; nichts hebt sich ab.")
        return self._hotspots() if self.asked.shown == "hotspot" else self._clusters()

    def _hotspots(self) -> str:
        hot, cold = (self.counted(code) for code in ("hot", "cold"))
        tested = self.units(len(self.result.areas) - self.counted("not_tested"))
        if not hot + cold:
            return self("Geprüft: {tested}. Keine Fläche hebt sich nachweisbar vom Zufall ab."
                          ).format(tested=tested)  # fmt: skip
        return self("Geprüft: {tested}. Mehr, als der Zufall erwarten lässt: {hot}{places}; "
                    "weniger: {cold}.").format(
            tested=tested, hot=self.units(hot), cold=self.units(cold), places=self.places("hot")
        )  # fmt: skip

    def _clusters(self) -> str:
        high, low = self.counted("high_high"), self.counted("low_low")
        alone = self.counted("high_low") + self.counted("low_high")
        tested = self.units(len(self.result.areas) - self.counted("not_tested"))
        if not high + low + alone:
            return self("Geprüft: {tested}. Keine Fläche hebt sich nachweisbar vom Zufall ab."
                          ).format(tested=tested)  # fmt: skip
        return self("Geprüft: {tested}. Viel neben viel: {high}{places}; wenig neben wenig: "
                      "{low}; anders als ihre Nachbarn: {alone}.").format(
            tested=tested, high=self.units(high), low=self.units(low), alone=self.units(alone),
            places=self.places("high_high"),
        )  # fmt: skip

    def _density(self, result: Hotspots) -> str:
        density = result.areas["density_per_km2"]
        if density.isna().all():
            return self("Zu wenige Beobachtungen für eine Dichte.")
        highest = density.idxmax()
        return self("Am dichtesten ist es in {name}: {density} je km² bei einer Bandbreite von "
                      "{bandwidth} m. Eine Dichte zeigt, wo viel ist; ob es mehr ist als Zufall, "
                      "prüfen erst die Hotspots.").format(
            name=result.areas["name"][highest], density=self.number(density[highest], 2),
            bandwidth=self.number(result.bandwidth_m),
        )  # fmt: skip

    def _energy(self, result: Energy) -> str:
        seen = len(result.areas) - self.counted("not_observed")
        if not seen:
            return self("Zu wenige Beobachtungen für eine Aussage: in keiner Fläche hat jemand "
                          "nach Leerstand gesehen.")  # fmt: skip
        return self("Beobachtet: {seen}. Leerer Raum bei kreativer Energie: {near}{places}; "
                      "Energie ohne Raum: {energy}; Raum ohne Energie: {room}. Ohne Beobachtung, "
                      "also ohne Aussage: {unseen}.").format(
            seen=self.units(seen), near=self.units(self.counted("room_near_energy")),
            places=self.places("room_near_energy"),
            energy=self.units(self.counted("energy_without_room")),
            room=self.units(self.counted("room_without_energy")),
            unseen=self.units(self.counted("not_observed")),
        )  # fmt: skip

    def counted(self, code: str) -> int:
        """Return how many areas are in a class."""
        return int((self.result.areas[self.asked.classed] == code).sum())

    def places(self, code: str) -> str:
        """Return where the areas of a class lie, the most frequent municipalities first."""
        areas = self.result.areas
        names = Counter(areas.loc[areas[self.asked.classed] == code, "name"])
        if not names:
            return ""
        ordered = sorted(names, key=lambda name: (-names[name], name))
        shown = ", ".join(ordered[:_NAMED])
        rest = len(ordered) - _NAMED
        more = self(" und {n} weitere").format(n=self.number(rest)) if rest > 0 else ""
        return f" ({shown}{more})"

    def left_out(self) -> list[tuple[str, str]]:
        """Return how many were left out and why, one text per subject."""
        if isinstance(self.result, Energy):
            names = {"creative": self("Kreative Orte"), "vacant": self("Leerstand"),
                     "observed": self("Beobachtete Immobilien")}  # fmt: skip
            parts = {names[subject]: why for subject, why in self.result.left_out.items()}
        else:
            parts = {self("Ausgelassen"): self.result.left_out}
        return [(name, self._reasons(why)) for name, why in parts.items()]

    def _reasons(self, left_out: Mapping[str, int]) -> str:
        texts = [self(REASONS[why]).format(n=self.number(rows)) for why, rows in left_out.items()]
        return ", ".join(texts) or self("nichts")

    def parameters(self) -> list[tuple[str, str]]:
        """Return what it was computed with, as pairs of label and text."""
        asked = self.asked.question
        unit = CELLS[asked.resolution] if asked.unit == "hexagon" else _("Städte und Gemeinden")
        pairs = [
            (self("Flächen"), self(unit)),
            (self("Verfahren"), self(METHODS[self.asked.classed])),
        ]
        if isinstance(self.result, Energy):
            text = self("ab {n} kreativen Orten").format(n=self.number(self.result.energy_from))
            pairs.append((self("Energie"), text))
        else:
            pairs += self._tested(self.result)
        return [*pairs, *self.left_out()]

    def _tested(self, result: Hotspots) -> Sequence[tuple[str, str]]:
        asked = result.question
        rule = _("vorgegeben") if asked.bandwidth_m else _("nach Scott")
        known = result.bandwidth_m == result.bandwidth_m
        width = f"{self.number(result.bandwidth_m)} m ({self(rule)})" if known else "–"
        counted = (self("Gezählt"), self.number(result.observations))
        if self.asked.shown == "density":
            return [(self("Bandbreite"), width), counted]
        level = self("{alpha} Anteil falscher Entdeckungen (Benjamini-Hochberg)").format(
            alpha=i18n.percent(asked.alpha, self.language)
        )
        return [
            (self("Signifikanz"), level),
            (self("Permutationen"), self.number(asked.permutations)),
            (self("Startwert des Zufalls"), str(asked.seed)),
            counted,
        ]

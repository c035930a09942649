"""Invented names that behave like real ones: common nouns, rare names, slips and additions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Texts = npt.NDArray[Any]

_VOCABULARY: Final = 40_000
_STARTS: Final = (
    "B", "Br", "D", "Dr", "F", "Fr", "G", "Gr", "H", "J", "K", "Kl", "Kr", "L", "M", "N", "P", "R",
    "S", "Sch", "St", "T", "W", "Z",
)  # fmt: skip
_MIDDLES: Final = ("a", "e", "i", "o", "u", "ä", "ö", "ü", "au", "ei", "eu", "ie")
_ENDS: Final = ("n", "r", "l", "s", "t", "ck", "rg", "nd", "ld", "tt", "mm", "ng", "sch", "ff",
                "rt", "lm")  # fmt: skip
_TOWN_ENDS: Final = ("heim", "dorf", "stadt", "hausen", "ingen", "feld", "bach", "berg", "rode",
                     "scheid")  # fmt: skip
_STREET_ENDS: Final = ("straße", "weg", "allee", "platz", "gasse", "ufer")
_NOUNS: Final = (
    "Zeche", "Atelierhaus", "Kaufhaus", "Werkstatt", "Bahnhof", "Galerie", "Probenhaus", "Kirche",
    "Speicher", "Halle", "Theater", "Kulturhaus", "Umspannwerk", "Kino", "Museum", "Bürgerhaus",
    "Fabrik", "Schule", "Bunker", "Villa", "Café", "Studio", "Verein", "Forum",
)  # fmt: skip
_CHAINS: Final = ("Sparkasse", "Volksbank", "Thalia", "Galeria Kaufhof", "Woolworth", "Cineplex")
_UMLAUTS: Final = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))


@dataclass(frozen=True)
class Words:
    """A vocabulary; the first words are the common ones."""

    all: Texts

    def _drawn(self, n: int, rng: np.random.Generator) -> Texts:
        # A third are words that many places have: names of rivers, saints, families.
        common = rng.random(n) < 0.3
        at = np.where(common, rng.zipf(1.4, n) % 500, rng.integers(len(self.all), size=n))
        return self.all[at]

    def towns(self, n: int, rng: np.random.Generator) -> Texts:
        """Return names of towns."""
        names: Texts = self._drawn(n, rng) + rng.choice(_TOWN_ENDS, n).astype(object)
        return names

    def streets(self, n: int, rng: np.random.Generator) -> Texts:
        """Return names of streets."""
        names: Texts = self._drawn(n, rng) + rng.choice(_STREET_ENDS, n).astype(object)
        return names

    def places(
        self, town: Ints, street: Texts, number: Texts, towns: Texts, rng: np.random.Generator
    ) -> Texts:
        """Return one name per place; shops are called after their address, some are chains."""
        n = len(town)
        noun, own = rng.choice(_NOUNS, n).astype(object), self._drawn(n, rng)
        patterns = (
            noun + " " + own,
            own + "-" + noun,
            noun + " " + own + " " + rng.integers(1, 5, n).astype(str).astype(object),
            own + " " + self._drawn(n, rng),
            noun + " " + own + " im " + self._drawn(n, rng),
            "Ladenlokal " + street + " " + number,
            noun + " " + towns[town],
            rng.choice(_CHAINS, n).astype(object),
        )
        chosen = rng.choice(len(patterns), n, p=[0.35, 0.15, 0.08, 0.15, 0.08, 0.12, 0.04, 0.03])
        return np.choose(chosen, np.array(patterns, dtype=object))

    def sites(self, names: Texts, town: Ints, rng: np.random.Generator) -> Texts:
        """Return a website for four in ten places, the town's own page for one in twenty."""
        n = len(names)
        slug = pd.Series(names, dtype="str").str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True)
        own = "https://www." + slug + "-" + town.astype(str) + ".example/"
        portal = "https://stadt-" + town.astype(str).astype(object) + ".example/kultur"
        lot = rng.random(n)
        sites: Texts = own.where(lot < 0.4, pd.Series(portal).where(lot < 0.45)).to_numpy(object)
        return sites


def words(rng: np.random.Generator) -> Words:
    """Invent the vocabulary."""
    n = _VOCABULARY

    def drawn(parts: tuple[str, ...]) -> Texts:
        return rng.choice(parts, n).astype(object)

    first = drawn(_STARTS) + drawn(_MIDDLES) + drawn(_ENDS)
    second = drawn(_STARTS) + drawn(_MIDDLES) + drawn(_ENDS)
    tails = pd.Series(second).str.lower().to_numpy(object)
    return Words(first + np.where(rng.random(n) < 0.8, tails, drawn(("en", "er", "e"))))


def varied(
    names: Texts, again: npt.NDArray[np.bool_], towns: Texts, rng: np.random.Generator
) -> Texts:
    """Return the names, where ``again`` as another source writes them: half are the same."""
    told = names.copy()
    way = np.where(again, rng.choice(7, len(names), p=[0.5, 0.1, 0.1, 0.1, 0.08, 0.07, 0.05]), 0)
    told[way == 1] = [_spelled(name) for name in names[way == 1]]
    told[way == 2] = "Ehemalige " + names[way == 2]
    told[way == 3] = names[way == 3] + " " + towns[way == 3]
    told[way == 4] = [_slipped(name) for name in names[way == 4]]
    told[way == 5] = names[way == 5] + " e. V."
    told[way == 6] = [name.replace("straße", "str.") for name in names[way == 6]]
    return told


def _spelled(name: str) -> str:
    for umlaut, spelled in _UMLAUTS:
        name = name.replace(umlaut, spelled)
    return name


def _slipped(name: str) -> str:
    middle = len(name) // 2
    return name[:middle] + name[middle + 1 :]

"""The datasets of the catalogue: what they hold, and under which licences that stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from atlas.export.layers import is_available
from atlas.i18n import marked as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atlas.store import Atlas

LICENCES: Final = {
    "ODbL-1.0": "odbl",
    "CC-BY-4.0": "cc-by/4.0",
    "dl-de/by-2-0": "dl-by-de/2.0",
    "GeoNutzV": "geonutz/20130319",
    "LicenseRef-Destatis": "other-open",
    "dl-de/zero-2-0": "dl-zero-de/2.0",
    "CC0-1.0": "cc-zero",
}
"""Our code → entry of the licence list of DCAT-AP.de, what demands most first."""
_BOUNDARIES: Final = frozenset({"bkg_vg250", "destatis"})


@dataclass(frozen=True, slots=True)
class Table:
    """One dataset of the catalogue; texts are German message ids."""

    name: str
    title: str
    about: str
    keywords: tuple[str, ...]
    themes: tuple[str, ...]
    licences: tuple[str, ...]
    sources: tuple[str, ...]
    has_files: bool = False

    @property
    def licence(self) -> str:
        """Return the address of the licence that demands most: the whole is under that."""
        code = next(name for name in LICENCES if name in self.licences)
        return f"http://dcat-ap.de/def/licenses/{LICENCES[code]}"


_KEYWORDS: Final = (_("Leerstand"), _("Kreativwirtschaft"), _("Metropole Ruhr"))
_REGION: Final = (_("Gemeinden"), _("Metropole Ruhr"))


def tables(atlas: Atlas) -> list[Table]:
    """Return the datasets of the catalogue, with the licences that they really contain."""
    spaces = atlas.spaces
    used = {*spaces["source"].dropna(), *spaces["coordinate_source"].dropna()}
    sources = tuple(key for key in atlas.registry.sources if key in used)
    # Figures of areas count the spaces in them: their sources and licences count, too.
    counted = used if is_available() else set()
    areas = tuple(key for key in atlas.registry.sources if key in {*_BOUNDARIES, *counted})
    found = [
        Table("spaces", _("Räume der Kreativwirtschaft und ihr Leerstand"),
              _("Kreativquartiere, Schlüsselimmobilien und Orte der Kultur- und "
                "Kreativwirtschaft, jede Zeile mit Quelle und Datum. Leer heißt: nicht "
                "bekannt."),
              _KEYWORDS, ("EDUC", "REGI"), _licences(atlas, sources), sources, has_files=True),
        Table("municipalities", _("Städte und Gemeinden des Ruhrgebiets"),
              _("Die 53 Städte und Gemeinden des Ruhrgebiets mit Schlüssel, Einwohnern und "
                "Fläche, dazu Kennzahlen, soweit es sie gibt."),
              _REGION, ("REGI",), _licences(atlas, areas), areas),
    ]  # fmt: skip
    if is_available():
        found.append(
            Table("hexagons", _("Hotspots der Kreativwirtschaft und des Leerstands"),
                  _("Zellen eines Rasters (H3, Stufe 7) mit geprüften Hotspots kreativer Orte und "
                    "des Leerstands. Was nicht beobachtet wurde, gilt nicht als genutzt."),
                  _KEYWORDS, ("EDUC", "REGI"), _licences(atlas, areas), areas)
        )  # fmt: skip
    return found


def _licences(atlas: Atlas, sources: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(atlas.registry.licence_of(source) for source in sources))

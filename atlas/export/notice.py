"""What a file says about itself: licence, attribution, date, selection."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from atlas import i18n
from atlas.export.table import export_table
from atlas.provenance import LICENCE_URLS, SHARE_ALIKE

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from atlas.query import Filters
    from atlas.store import Atlas
    from atlas.vocabulary import Language

TITLE: Final = "Raumatlas Ruhr"


@dataclass(frozen=True, slots=True)
class Notice:
    """
    Licence, attribution and date of a file.

    Attributes
    ----------
    licences
        SPDX identifiers of all rows and coordinates, sorted.
    attribution
        The sentences that whoever passes the file on has to name.
    as_of
        Newest day on which a source was read.
    version
        Version of the data.
    selection
        The filters as query string; empty for the whole table.
    rows
        Number of rows.
    """

    licences: tuple[str, ...]
    attribution: tuple[str, ...]
    as_of: dt.date
    version: str
    selection: str
    rows: int

    @classmethod
    def of(cls, table: pd.DataFrame, atlas: Atlas, filters: Filters, language: Language) -> Notice:
        """
        Describe ``table`` (from `atlas.export.table.export_table`), attribution in ``language``.

        An empty table names what the whole atlas stands under, so that the place for
        licence and attribution is never blank.
        """
        if table.empty and len(atlas.spaces):
            everything = export_table(atlas.spaces, atlas, language)
            whole = cls.of(everything, atlas, filters, language)
            return dataclasses.replace(whole, rows=0)
        licences = {*table["licence"].dropna(), *table["coordinate_licence"].dropna()}
        sources = {*table["source"].dropna(), *table["coordinate_source"].dropna()}
        return cls(
            licences=tuple(sorted(licences)),
            attribution=tuple(atlas.registry.attributions(sources, language)),
            as_of=atlas.retrieved_on,
            version=atlas.version,
            selection=urlencode(filters.to_params(), doseq=True),
            rows=len(table),
        )

    @property
    def licence(self) -> str:
        """All licences as one SPDX expression."""
        return " AND ".join(self.licences)

    @property
    def description(self) -> str:
        """Date, licence and attribution in one line, for programs that show only one."""
        return f"{self.as_of.isoformat()} · {self.licence} · {'; '.join(self.attribution)}"

    def metadata(self, language: Language) -> dict[str, str]:
        """Return the notice as keys and texts for the metadata of a file."""
        return {
            "TITLE": TITLE,
            "LICENCE": self.licence,
            "ATTRIBUTION": "; ".join(self.attribution),
            "DATA_AS_OF": self.as_of.isoformat(),
            "DATA_VERSION": self.version,
            "SELECTION": self.selection,
            "NOTICE": "\n".join(f"{label}: {text}" for label, text in self.lines(language)),
        }

    def lines(self, language: Language) -> list[tuple[str, str]]:
        """Return the notice as pairs of label and text in ``language``."""
        translate = i18n.translator(language)
        return [
            (translate("Titel"), TITLE),
            (translate("Stand der Daten"), i18n.day(self.as_of, language)),
            (translate("Version der Daten"), self.version),
            (translate("Zeilen"), i18n.number(self.rows, language)),
            (translate("Auswahl"), self.selection or translate("alle Orte")),
            *((translate("Lizenz"), f"{name}: {LICENCE_URLS.get(name, '')}")
              for name in self.licences),
            *((translate("Namensnennung"), sentence) for sentence in self.attribution),
            *((translate("Hinweis"), translate(text)) for text in self._hints()),
        ]  # fmt: skip

    def _hints(self) -> list[str]:
        hints = ["Jede Zeile nennt ihre Quelle und wann sie gelesen wurde. "
                 "Leer heißt: nicht bekannt."]  # fmt: skip
        if SHARE_ALIKE.intersection(self.licences):
            hints.append(
                "Angaben unter ODbL dürfen nur unter derselben Lizenz weitergegeben werden; "
                "die Spalten licence und coordinate_licence sagen, welche es sind."
            )
        return hints

"""One file per licence, with a note that says what is in which and how they go together."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from atlas import i18n
from atlas.export.files import filename, write
from atlas.export.notice import TITLE
from atlas.export.per_licence import per_licence
from atlas.provenance import LICENCES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import geopandas as gpd

    from atlas.export.files import FormatName
    from atlas.query import Filters
    from atlas.store import Atlas
    from atlas.vocabulary import Language

ZIP_TYPE: Final = "application/zip"
_NOTES: Final[Mapping[Language, str]] = {"de": "LIESMICH.txt", "en": "README.txt"}


def files_per_licence(
    spaces: gpd.GeoDataFrame,
    format: FormatName,  # noqa: A002 - the word that people use
    *,
    language: Language,
    filters: Filters,
    atlas: Atlas,
) -> dict[str, bytes]:
    """
    Write a selection as one file per licence, see `atlas.export.per_licence`.

    Parameters
    ----------
    spaces, format, language, filters, atlas
        As for `atlas.export.write`.

    Returns
    -------
    files
        Content by file name: a note first, then the licences, share-alike last. Nothing
        selected gives the note alone.

    Raises
    ------
    ExportError
        If there is no such format, or a file could not be written.
    """
    parts = per_licence(spaces, atlas.registry)
    written = {
        _name(format, licence, atlas): write(
            part, format, language=language, filters=filters, atlas=atlas
        )
        for licence, part in parts.items()
    }
    rows = {_name(format, licence, atlas): (licence, len(part)) for licence, part in parts.items()}
    return {_NOTES[language]: _note(rows, atlas, language).encode(), **written}


def zipped(files: Mapping[str, bytes], *, day: dt.date) -> bytes:
    """Pack files into a ZIP, stamped with ``day`` so that equal files give equal bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return content.getvalue()


def _name(format: FormatName, licence: str, atlas: Atlas) -> str:  # noqa: A002 - as above
    stem, _, ending = filename(format, atlas=atlas).partition(".")
    return f"{stem}_{licence.replace('/', '-')}.{ending}"


def _note(rows: Mapping[str, tuple[str, int]], atlas: Atlas, language: Language) -> str:
    translate = i18n.translator(language)
    day = i18n.day(atlas.retrieved_on, language)
    lines = [f"{TITLE} · {translate('Stand der Daten')}: {day}", ""]
    for name, (code, count) in rows.items():
        licence = LICENCES[code]
        many = i18n.plural(language, "{n} Zeile", "{n} Zeilen", count)
        lines += [name, f"  {licence.label(language)}, {many}", f"  {licence.url}", ""]
    return "\n".join([*lines, *(translate(text) for text in _HOW), ""])


_HOW: Final = (
    i18n.marked("Jede Angabe steht in der Datei ihrer Lizenz: die Zeile in der ihrer eigenen, die "
      "Lage in der der Lage; Gemeinfreies kann in jeder stehen."),
    i18n.marked("Eine Zeile, die nur space_id und einige Angaben hat, ergänzt die Zeile mit "
      "derselben space_id in einer anderen Datei."),
    i18n.marked("Über space_id zusammengefügt ergeben die Dateien wieder die ganze Auswahl; sagen "
      "zwei etwas Verschiedenes, gilt die Datei unter ODbL. Das Ganze steht dann unter ODbL."),
    i18n.marked("Wen zu nennen ist, steht in der Spalte attribution."),
)  # fmt: skip

"""
Translations: German message ids in the code, other languages in ``assets/locale/<language>``.

A folder holds one catalogue per part of the atlas; together they are one.

The catalogues are read as text at start, so no compiled file is committed.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from typing import TYPE_CHECKING, Final

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from atlas.errors import ConfigError
from atlas.settings import PACKAGE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from atlas.vocabulary import Language

LOCALE_DIR = PACKAGE / "assets" / "locale"
P_DECIMALS: Final = 3
LOCALES: Final[Mapping[Language, str]] = {"de": "de_DE", "en": "en_GB"}


def marked(message: str) -> str:
    """Mark a message id for extraction; it is translated where it is shown."""
    return message


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    if not (LOCALE_DIR / language).is_dir():  # German: the message ids are the texts
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogue(language: Language, folder: Path = LOCALE_DIR) -> Catalog:
    """
    Join the catalogues of ``language``, in the order of their names.

    Raises
    ------
    ConfigError
        If two of them translate one message differently.
    """
    joined = Catalog(locale=language)
    for path in sorted((folder / language).glob("*.po")):
        with path.open("rb") as file:
            part = read_po(file, locale=language)
        for message in part:
            known = joined.get(message.id) if message.id else None
            if known is not None and known.string != message.string:
                raise ConfigError(
                    "{path}: „{text}“ ist schon anders übersetzt.",
                    hint="Eine der beiden Übersetzungen streichen.",
                    path=path.name,
                    text=message.id,
                )
            if message.id:
                joined.add(message.id, message.string, flags=message.flags)
    return joined


def translator(language: Language) -> Callable[[str], str]:
    """Return the function that translates a German message id into ``language``."""
    return _catalogue(language).gettext


def plural(language: Language, singular: str, several: str, count: int) -> str:
    """Return the form of a message for ``count``, with ``{n}`` filled in."""
    text = _catalogue(language).ngettext(singular, several, count)
    return text.format(n=number(count, language))


def number(value: float, language: Language, *, decimals: int = 0) -> str:
    """Format a number as people of ``language`` write it (1.234,5 or 1,234.5)."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=LOCALES[language])


def percent(share: float, language: Language) -> str:
    """Format a share (0.96) in percent as people of ``language`` write it (96 % or 96%)."""
    return format_percent(share, locale=LOCALES[language])


def p_value(value: float, language: Language) -> str:
    """Format a p-value: 0,012, or < 0,001 below that; no test gives a p of nothing."""
    least: float = 10**-P_DECIMALS
    text = number(max(value, least), language, decimals=P_DECIMALS)
    return f"<\N{NO-BREAK SPACE}{text}" if value < least else text


def day(value: dt.date, language: Language) -> str:
    """Format a date as people of ``language`` write it (22.11.2026 or 22 Nov 2026)."""
    pattern = "d MMM y" if language == "en" else "dd.MM.y"
    return format_date(value, format=pattern, locale=LOCALES[language])

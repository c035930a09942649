"""Folding of names and addresses for search and matching; escaping for HTML."""

from __future__ import annotations

import html
import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")
# Spelled-out umlauts fold to the same form as the umlaut itself, so that
# "Muelheim", "Mülheim" and "Mulheim" are one word. "ue" after q or a vowel
# (Quelle, neue) is not an umlaut.
_SPELLED = re.compile(r"(?<![aeiouq])([aou])e+")


def fold(text: str) -> str:
    """
    Fold ``text`` for comparison: lower case, no accents, ß as ss, ae/oe/ue as a/o/u.

    Folding is idempotent.
    """
    # Decompose before and after folding the case: either step can undo the other (ℌ, ΐ).
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _SPELLED.sub(r"\1", plain)


def words(text: str) -> list[str]:
    """Return the folded words of ``text``: runs of letters and digits, in order."""
    return _WORD.findall(fold(text))


def escape(text: str) -> str:
    """Escape ``text`` for HTML; the one place where outside text meets markup."""
    return html.escape(text, quote=True)

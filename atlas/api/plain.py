"""Pages that need neither Streamlit nor a script: the frame around what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from atlas.settings import PACKAGE
from atlas.ui.markup import Child, Html, el, join
from atlas.ui.words import Words
from atlas.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from atlas.vocabulary import Language

_STYLE: Final = PACKAGE / "assets" / "plain" / "page.css"
_LANGUAGE_NAMES: Final = {"de": "Deutsch", "en": "English"}


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step on the way to a page; without an address it is the page itself."""

    text: str
    href: str = ""


@cache
def _style() -> Html:
    return Html(_STYLE.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Around:
    """
    What stands around the content of a page.

    Attributes
    ----------
    home
        Address of the map.
    translations
        Address of the page in each language.
    crumbs
        The way to the page.
    head
        More elements of the head.
    """

    language: Language
    home: str
    translations: Mapping[Language, str] = field(default_factory=dict)
    crumbs: Sequence[Crumb] = ()
    head: Sequence[Html] = ()


def frame(title: str, *body: Child, around: Around) -> str:
    """Return a whole page; everything it shows is in it, so it asks no other address."""
    language, translations = around.language, around.translations
    say = Words(language)
    links = [
        el("link", rel="alternate", hreflang=code, href=href) for code, href in translations.items()
    ]
    top = el(
        "header",
        el("a", "Raumatlas Ruhr", href=around.home, class_="name"),
        *(el("a", _LANGUAGE_NAMES[code], href=translations[code], hreflang=code, lang=code)
          for code in LANGUAGES if code != language and code in translations),
    )  # fmt: skip
    way = el("nav", el("ol", *map(_step, around.crumbs)), aria_label=say("Sie sind hier"))
    page = el(
        "html",
        el("head",
           Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, '
                'initial-scale=1">'),
           el("title", f"{title} – Raumatlas Ruhr"), *links, *around.head,
           el("style", _style())),
        el("body", top, el("main", way if around.crumbs else None, *body),
           el("footer", say("Raumatlas Ruhr: jede Angabe mit Quelle und Datum. "
                            "Leer heißt: nicht bekannt."))),
        lang=language,
    )  # fmt: skip
    return "<!doctype html>" + page


def _step(crumb: Crumb) -> Html:
    if not crumb.href:
        return el("li", crumb.text, aria_current="page")
    return el("li", el("a", crumb.text, href=crumb.href))


def facts(pairs: Sequence[tuple[Child, Child]]) -> Html:
    """Return terms and what is said about them as a list."""
    return el("dl", *(join([el("dt", term), el("dd", said)]) for term, said in pairs))


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Child]]) -> Html:
    """Return a table that scrolls inside the page; the first cell names the row."""
    body = [
        el("tr", el("th", row[0], scope="row"), *(el("td", cell) for cell in row[1:]))
        for row in rows
    ]
    return el(
        "div",
        el("table", el("caption", caption),
           el("thead", el("tr", *(el("th", head, scope="col") for head in heads))),
           el("tbody", *body)),
        class_="scroll", role="region", aria_label=caption, tabindex="0",
    )  # fmt: skip

"""Who runs this, what is stored, how accessible it is, and how the table is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.ui.markup import Child, Html, el, join
from atlas.ui.panel import panel

if TYPE_CHECKING:
    from atlas.settings import Settings
    from atlas.ui.words import Words


def _section(key: str, title: str, *children: Child) -> None:
    html = el("section", el("h2", title, class_="ra-h2"), *children, class_="ra-section ra-prose")
    panel(f"about_{key}", html)


def _list(*items: Child) -> Html:
    return el("ul", *(el("li", item) for item in items))


def purpose(say: Words) -> None:
    """Say what the atlas is for."""
    html = el(
        "header",
        el("h1", say("Über den Raumatlas Ruhr"), class_="ra-title"),
        el("p", say("Der Raumatlas zeigt Orte der Kultur- und Kreativwirtschaft, Kreativ.Quartiere "
                    "und Schlüsselimmobilien in den 53 Städten und Gemeinden des Ruhrgebiets: was "
                    "sie sind, ob sie leer stehen, ob man sie haben kann, und wer das sagt."),
           class_="ra-lead"),
        class_="ra-prose",
    )  # fmt: skip
    panel("about_purpose", html)


def imprint(settings: Settings, say: Words) -> None:
    """Draw the imprint, or say plainly that it is not filled in."""
    if settings.operator_name:
        lines = [settings.operator_name, *settings.operator_address.splitlines()]
        mail = settings.operator_email
        body: Html = join([
            el("p", join([el("span", line, class_="ra-line") for line in lines if line])),
            el("p", el("a", mail, href=f"mailto:{mail}")) if mail else None,
        ])  # fmt: skip
    else:
        body = el("p", say("Nicht ausgefüllt. Wer diese Installation betreibt, trägt Name, "
                           "Anschrift und E-Mail mit ATLAS_OPERATOR_NAME, ATLAS_OPERATOR_ADDRESS "
                           "und ATLAS_OPERATOR_EMAIL ein; öffentlich ist das Pflicht (§ 5 DDG)."),
                  class_="ra-warning")  # fmt: skip
    _section("imprint", say("Impressum und Kontakt"), body)


def privacy(say: Words) -> None:
    """Say what is stored and what is requested: next to nothing."""
    _section(
        "privacy", say("Datenschutz"),
        _list(
            say("Keine Konten, keine Werbung, keine Statistik über Besucher."),
            say("Es wird nichts von fremden Rechnern geladen. Kartendienste werden erst nach "
                "einem Klick angefragt, der den Rechner nennt; dorthin geht dann Ihre "
                "IP-Adresse."),
            say("Im Browser bleiben nur das gewählte Farbschema und der letzte Kartenausschnitt, "
                "dazu ein Sitzungs-Cookie ohne Personenbezug."),
            say("Filter und Merkliste stehen im Link und nirgends sonst."),
            say("Die Tabelle enthält keine Namen von Eigentümern oder Privatpersonen, keine "
                "Telefonnummern und keine E-Mail-Adressen."),
        ),
    )  # fmt: skip


def accessibility(settings: Settings, say: Words) -> None:
    """Draw the accessibility statement."""
    contact = settings.accessibility_contact or settings.operator_email
    report = (
        say("Barrieren melden Sie bitte an {contact}.", contact=contact)
        if contact
        else say("Eine Stelle für Meldungen ist noch nicht eingetragen "
                 "(ATLAS_ACCESSIBILITY_CONTACT).")
    )  # fmt: skip
    _section(
        "accessibility", say("Barrierefreiheit"),
        el("p", say("Ziel ist WCAG 2.1, Stufe AA. Jede Seite wird bei jeder Änderung in beiden "
                    "Farbschemata und Sprachen mit axe geprüft.")),
        _list(
            say("Die Karte ist eine Zeichenfläche. Alles, was sie zeigt, steht auch als Tabelle "
                "auf der Seite Orte: dieselben Zeilen in derselben Reihenfolge."),
            say("Zustände sind doppelt gekennzeichnet: durch Farbe und durch Form oder Text."),
            say("Bewegte Teile gibt es nicht; die Schrift folgt der Einstellung des Browsers."),
        ),
        el("p", report),
    )  # fmt: skip


def method(say: Words) -> None:
    """Say how the table is made and where its limits are."""
    _section(
        "method", say("Methode und Grenzen"),
        _list(
            say("Jede Zeile nennt, wer etwas sagt, wo es steht, von wann die Beobachtung ist und "
                "wann wir sie gelesen haben. Ohne Quelle kommt kein Ort in die Tabelle."),
            say("Leerstand (was ist), Verfügbarkeit (kann man ihn haben) und Belastbarkeit (wie "
                "sicher ist das) sind drei getrennte Angaben."),
            # tests/test_app.py compares both with the vocabulary.
            say("Eine Beobachtung gilt nach einem Jahr als nachzuprüfen und nach drei Jahren als "
                "veraltet; sie wird dann blasser gezeichnet."),
            say("Koordinaten tragen ihre Genauigkeit. Orte ohne auffindbare Koordinate stehen in "
                "der Liste, aber an keinem erfundenen Punkt."),
            say("Eine Gemeinde ohne Zeile heißt „nicht erhoben“, nicht „nichts vorhanden“."),
            say("Abstände werden in EPSG:25832 gemessen."),
        ),
    )  # fmt: skip


def keyboard(say: Words) -> None:
    """List the keys."""
    keys = (
        ("Tab", say("zum nächsten Bedienelement")),
        ("↑ ↓", say("in Liste und Vorschlägen zur vorigen oder nächsten Zeile")),
        ("Enter", say("öffnet die Zeile")),
        ("P", say("beginnt und beendet den Vorführmodus")),
        ("← →", say("blättert im Vorführmodus")),
        ("Esc", say("schließt die Einzelansicht oder den Vorführmodus")),
    )
    pairs = [part for key, text in keys for part in (el("dt", el("kbd", key)), el("dd", text))]
    _section("keyboard", say("Tastatur"), el("dl", *pairs, class_="ra-facts"))

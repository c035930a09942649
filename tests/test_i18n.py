"""Every text of the code has an English translation with the same placeholders."""

from __future__ import annotations

import ast
import re
import string
from typing import TYPE_CHECKING, NamedTuple

import pytest
from babel.messages.pofile import read_po

from atlas.errors import ConfigError
from atlas.i18n import LOCALE_DIR, catalogue
from atlas.settings import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages.catalog import Catalog

TRANSLATE = {"_", "say", "self", "translate", "_say"}
"""Names that a message id is called with; ``self`` is the translator inside its own class."""
PLURAL_AT = {"plural": 1, "_count": 1, "count": 0}
"""Where singular and plural stand in a call."""
TABLES = {"TEXTS", "_EXTRA_LABELS", "_HINTS"}
"""Dictionaries whose values are message ids."""
GERMAN = re.compile(r"[äöüÄÖÜß„“]|\b(und|der|die|das|nicht|kein|keine|oder|ist)\b")
# These carry both languages in the code, or are names and patterns.
BILINGUAL = {"columns.py", "names.py"}
HELP = "helptexts.py"
"""The help of the command line carries both languages; what commands say is translated."""
NAMES = {
    "53 Städte und Gemeinden",
    "Bundesamt für Kartographie und Geodäsie (BKG)",
    "Raumatlas Ruhr: Orte der Kreativwirtschaft und ihr Leerstand",
    "Stadtplanwerk 2.0 © Regionalverband Ruhr (RVR) und Kooperationspartner (CC BY 4.0), "
    "Datengrundlagen: Land NRW (dl-de/by-2-0), © OpenStreetMap contributors (ODbL)",
    "ß",
}
"""Proper names and attributions that are German in every language, and a letter."""


class Message(NamedTuple):
    """A message id and its plural, empty if it has none."""

    singular: str
    several: str = ""


def code() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in p.parts]


def texts(node: ast.AST | None) -> list[str]:
    """Return the texts that an argument can be: a constant, or the branches of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        return [node.value]
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return []


def called(node: ast.Call) -> str:
    """Return the name that is called: the last part of a dotted one."""
    func = node.func
    if isinstance(func, ast.Call):
        return "translate" if called(func).endswith("translator") else ""
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def messages(source: str) -> Iterator[Message]:
    """Return every message id in ``source``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _in_call(node)
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if {getattr(target, "id", "") for target in targets} & TABLES:
                yield from (Message(text) for value in node.value.values for text in texts(value))


def _in_call(node: ast.Call) -> Iterator[Message]:
    name = called(node)
    plain = isinstance(node.func, ast.Name | ast.Call)
    if name in TRANSLATE and plain and node.args:
        yield from (Message(text) for text in texts(node.args[0]))
    if name == "Rule":
        yield from (Message(text) for part in node.args[1:] for text in texts(part))
    if name.endswith("Error") or name == "fail":
        hints = [word.value for word in node.keywords if word.arg == "hint"]
        first = node.args if name == "fail" else node.args[:1] if hints else []
        yield from (Message(text) for part in [*first, *hints] for text in texts(part))
    forms = node.args[PLURAL_AT[name] :][:2] if name in PLURAL_AT else []
    pair = [text for part in forms for text in texts(part)]
    if len(pair) == 2:
        yield Message(*pair)


def constants(source: str) -> Iterator[str]:
    """Return every text constant that is no documentation."""
    tree = ast.parse(source)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    pieces = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
        for part in node.values
    }  # fmt: skip
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docs | loose | pieces:
            yield node.value


def english() -> Catalog:
    for path in (LOCALE_DIR / "en").glob("*.po"):
        with path.open("rb") as file:
            read_po(file, locale="en", abort_invalid=True)
    return catalogue("en")


def test_a_message_that_two_catalogues_translate_differently_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    for name, text in (("a.po", "Map"), ("b.po", "Chart")):
        (tmp_path / "en" / name).write_text(f'msgid "Karte"\nmsgstr "{text}"\n', "utf-8")
    with pytest.raises(ConfigError, match="schon anders"):
        catalogue("en", tmp_path)
    (tmp_path / "en" / "b.po").write_text('msgid "Karte"\nmsgstr "Map"\n', "utf-8")
    assert catalogue("en", tmp_path).get("Karte").string == "Map"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def faults(wanted: set[Message], known: Catalog) -> list[str]:
    """Say which messages have no translation, a fuzzy one, or other placeholders."""
    found = []
    for message in sorted(wanted):
        entry = known.get(message.singular)
        forms = [entry.string] if entry and isinstance(entry.string, str) else (
            list(entry.string) if entry else []
        )  # fmt: skip
        if not forms or not all(forms):
            found.append(f"no translation: {message.singular}")
        elif entry.fuzzy:
            found.append(f"fuzzy: {message.singular}")
        elif message.several and entry.id != (message.singular, message.several):
            found.append(f"no plural: {message.singular}")
        elif any(placeholders(form) != placeholders(message.singular) for form in forms):
            found.append(f"other placeholders: {message.singular}")
    return found


def all_messages() -> set[Message]:
    return {message for path in code() for message in messages(path.read_text("utf-8"))}


def test_every_message_has_an_english_translation_with_the_same_placeholders() -> None:
    wanted = all_messages()
    assert len(wanted) > 100
    assert faults(wanted, english()) == []


def test_the_catalogue_holds_nothing_that_no_code_says() -> None:
    known = {message.singular for message in all_messages()}
    stated = {text for path in code() for text in constants(path.read_text("utf-8"))}
    ids = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in english()} - {""}
    assert sorted(ids - known - stated) == []


def test_no_german_text_in_the_code_escapes_the_catalogue() -> None:
    ids = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in english()}
    several = {entry.id[1] for entry in english() if not isinstance(entry.id, str)}
    loose = {
        f"{path.relative_to(PACKAGE)}: {text}"
        for path in code()
        if path.name not in BILINGUAL | {HELP} and path.parent.name != "vocabulary"
        for text in constants(path.read_text("utf-8"))
        if GERMAN.search(text) and text not in ids | several and text not in NAMES
    }
    assert sorted(loose) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("say('Gibt es nicht')", "no translation"),
        ("SourceError('Gibt es nicht', hint='Auch nicht')", "no translation"),
        ("say.count('{n} Unding', '{n} Undinge', 3)", "no translation"),
        ("translator(lang)('Gibt es nicht')", "no translation"),
        ("x = _('Karte') if y else _('Gibt es nicht')", "no translation"),
    ],
)
def test_the_check_sees_a_message_without_translation(source: str, expected: str) -> None:
    assert expected in " ".join(faults(set(messages(source)), english()))


def test_the_check_sees_a_lost_placeholder_and_a_fuzzy_entry() -> None:
    known = english()
    known.add("Ein {ding}", "A thing")
    known.add("Unsicher", "Unsure", flags=["fuzzy"])
    found = faults({Message("Ein {ding}"), Message("Unsicher")}, known)
    assert found == ["other placeholders: Ein {ding}", "fuzzy: Unsicher"]


def test_the_check_sees_a_german_constant() -> None:
    found = list(constants("'''Doku für Menschen'''\nx = 'Grüße'"))
    assert found == ["Grüße"]
    assert GERMAN.search(found[0])

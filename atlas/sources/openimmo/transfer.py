"""Transfers as they arrive: XML or a ZIP of XML, read safely, objects without people."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from atlas.errors import ConfigError, MessageId, SourceFormatError
from atlas.schema.problems import shown
from atlas.sources import archive
from atlas.sources.values import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

# People, prose and pictures: dropped before anything looks at them.
_DROPPED: Final = frozenset({
    "kontaktperson", "weitere_adresse", "anhaenge", "freitexte", "bieterverfahren",
    "user_defined_simplefield", "user_defined_anyfield", "user_defined_extend", "bewertung",
    "openimmo_feldname",
})  # fmt: skip
_DEPTH: Final = 4
_MOST: Final = 1_000_000  # objects in one file
_HINT: Final = "Die Lieferung noch einmal anfordern; erwartet wird OpenImmo 1.2 als XML oder ZIP."

Facts = dict[str, str]
"""``geo/plz`` → text, ``geo/geokoordinaten@breitengrad`` → attribute, by local name."""


@dataclass(frozen=True, slots=True)
class Provider:
    """
    A provider and its objects in one file.

    Attributes
    ----------
    key
        Its number; empty if the file states none.
    name
        What tells it from other providers: its number, else its firm. Never handed on.
    offers
        The facts of its objects in their order.
    """

    key: str
    name: str
    offers: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """
    One file.

    Attributes
    ----------
    is_full
        Whether it replaces everything that its providers sent before.
    mode
        What happens with its objects where they do not say: NEW, CHANGE, DELETE.
    sent_on
        Time stamp as stated.
    """

    is_full: bool
    mode: str
    sent_on: str
    providers: tuple[Provider, ...]


@dataclass
class _Reading:
    """What has been seen of a file so far."""

    head: Facts | None = None
    offers: list[Facts] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)
    count: int = 0


def transfers(payload: bytes, *, source: str) -> list[Transfer]:
    """
    Read a file: XML, or a ZIP with XML files, taken in the order of their names.

    Raises
    ------
    SourceFormatError
        If it is not OpenImmo, cut off, carries a DOCTYPE, or the archive is refused.
    ConfigError
        If lxml is not installed.
    """
    if not archive.is_archive(payload):
        return [_transfer(payload, source)]
    files = archive.unpack(payload, source=source, suffixes=(".xml",))
    if not files:
        raise _refused(source, "das Archiv enthält keine XML-Datei")
    return [_transfer(content, f"{source}, {shown(name)}") for name, content in files.items()]


def _transfer(payload: bytes, source: str) -> Transfer:
    reading = _Reading()
    for name, element in _elements(payload, source):
        if name == "uebertragung":
            reading.head = _facts(element)
        elif name == "immobilie":
            reading.offers.append(_facts(element))
            reading.count += 1
            element.clear()
        elif name == "anbieter":
            reading.providers.append(_provider(element, reading.offers))
            reading.offers = []
            element.clear()
        if reading.count > _MOST:
            raise _refused(source, "die Datei enthält zu viele Objekte")
    if reading.head is None or reading.offers:
        raise _refused(source, "das Element uebertragung oder anbieter fehlt")
    head = reading.head
    return Transfer(
        is_full=head.get("@umfang", "").upper() == "VOLL",
        mode=head.get("@modus", "").upper(),
        sent_on=head.get("@timestamp", ""),
        providers=tuple(reading.providers),
    )


def _elements(payload: bytes, source: str) -> Iterator[tuple[str, Any]]:
    """Yield local name and element of every transfer, provider and object, when complete."""
    try:
        from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ConfigError(
            "Für OpenImmo fehlt die Bibliothek lxml.",
            hint='Nachholen mit: pip install "raumatlas-ruhr[sources]".',
        ) from error
    walk = etree.iterparse(
        io.BytesIO(payload), events=("start", "end"), resolve_entities=False, load_dtd=False,
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    is_first = True
    try:
        for event, element in walk:
            name = etree.QName(element).localname
            if is_first:
                _check_root(name, element, source)
                is_first = False
            if event == "end" and name in ("uebertragung", "anbieter", "immobilie"):
                yield name, element
    except (etree.XMLSyntaxError, ValueError, LookupError, AssertionError) as error:
        raise SourceFormatError(
            "{source}: die Datei ist kein vollständiges XML. Der Parser meldet: {reason}.",
            hint=_HINT, source=source,
            reason=shown(str(getattr(error, "msg", error))).rstrip(".") or type(error).__name__,
        ) from error  # fmt: skip


def _check_root(name: str, root: Any, source: str) -> None:  # noqa: ANN401 - lxml has no types
    # Entities need a DOCTYPE: without one there is nothing to expand and nothing to load.
    if root.getroottree().docinfo.doctype:
        raise _refused(source, "sie enthält eine Dokumenttyp-Definition (DOCTYPE)")
    if name != "openimmo":
        raise SourceFormatError(
            "{source}: das ist keine OpenImmo-Datei; das Wurzelelement heißt {name}.",
            hint=_HINT, source=source, name=shown(name),
        )  # fmt: skip


def _provider(element: Any, offers: list[Facts]) -> Provider:  # noqa: ANN401 - as above
    facts = _facts(element)
    key = facts.get("anbieternr") or facts.get("openimmo_anid") or ""
    return Provider(key, key or facts.get("firma", ""), tuple(offers))


def _facts(element: Any) -> Facts:  # noqa: ANN401 - lxml has no types
    facts: Facts = {}
    _collect(element, "", facts, _DEPTH)
    return facts


def _collect(element: Any, path: str, facts: Facts, depth: int) -> None:  # noqa: ANN401
    """Add text and attributes of an element and those below; what comes twice counts once."""
    for key, text in element.attrib.items():
        facts.setdefault(f"{path}@{_local(key)}", clean(text))
    if path and element.text:
        facts.setdefault(path, clean(element.text))
    elif path:
        facts.setdefault(path, "")
    for child in element if depth else ():
        if isinstance(child.tag, str) and (name := _local(child.tag)) not in _DROPPED:
            _collect(child, f"{path}/{name}" if path else name, facts, depth - 1)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _refused(source: str, reason: str) -> SourceFormatError:
    return SourceFormatError(
        "{source}: das ist keine lesbare OpenImmo-Datei: {reason}.",
        hint=_HINT, source=source, reason=MessageId(reason),
    )  # fmt: skip

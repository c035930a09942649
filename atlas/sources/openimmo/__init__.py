"""
Property feeds in the format OpenImmo 1.2: the offers that stand after all transfers.

Providers deliver files; there is nothing to fetch. A full transfer replaces what its
providers sent before, a partial one changes and deletes single objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from atlas.schema import Fault, Intake, intake_of
from atlas.schema.problems import shown
from atlas.sources import values
from atlas.sources.files import read_bytes
from atlas.sources.openimmo.offer import Reading, Row, row_of
from atlas.sources.openimmo.transfer import transfers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from atlas.provenance import Source
    from atlas.sources.openimmo.transfer import Facts, Provider, Transfer

__all__ = ["Reading", "collect", "parse", "read"]

_OBID = "verwaltung_techn/openimmo_obid"
_EXTERNAL = "verwaltung_techn/objektnr_extern"
_ACTION = "verwaltung_techn/aktion@aktionart"
_KEY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class _Standing:
    """An object that stands; its batch is the delivery that it came with."""

    position: int
    provider: str
    facts: Facts
    sent_on: str
    batch: tuple[int, str]


def read(paths: Sequence[Path], *, source: Source, retrieved_on: dt.date) -> Intake:
    """
    Read transfers in the order given; otherwise as `parse`.

    Raises
    ------
    SourceUnavailableError
        If a file is missing or not readable.
    """
    payloads = [read_bytes(path) for path in paths]
    return parse(
        payloads, source=source, retrieved_on=retrieved_on, names=[path.name for path in paths]
    )


def parse(
    payloads: Sequence[bytes],
    *,
    source: Source,
    retrieved_on: dt.date,
    names: Sequence[str] = (),
) -> Intake:
    """
    Turn transfers into the offers that stand after the last of them.

    Parameters
    ----------
    payloads
        Files in the order in which they were sent: XML, or ZIP of XML.
    names
        What errors call them, one per file; without names they call the source only.

    Returns
    -------
    intake
        One row or fault per object of every file; its position counts through all files.
        What a later transfer changed is ``repeated``, what it deleted ``withdrawn``.

    Raises
    ------
    SourceFormatError
        If any of the files is not OpenImmo as a whole; none is used then.
    """
    rows, faults = collect(payloads, Reading(source.id, retrieved_on), names)
    return intake_of(rows, faults, constants=values.constants(source, retrieved_on))


def collect(
    payloads: Sequence[bytes], reading: Reading, names: Sequence[str] = ()
) -> tuple[dict[int, Row], list[Fault]]:
    """Return what `parse` returns, before it becomes a table; raises the same errors."""
    state = _State()
    for number, payload in enumerate(payloads):
        called = f"{reading.source}, {shown(names[number])}" if names else reading.source
        for transfer in transfers(payload, source=called):
            # Files of one archive with the same time stamp are parts of one delivery.
            state.apply(transfer, batch=(number, transfer.sent_on))
    rows: dict[int, Row] = {}
    faults = list(state.faults)
    for key, standing in state.standing.items():
        made = row_of(
            standing.position, standing.facts, key=key, sent_on=standing.sent_on, reading=reading
        )
        if isinstance(made, Fault):
            faults.append(made)
        else:
            rows[standing.position] = made
    return rows, faults


class _State:
    """The objects that stand, and what became of the others."""

    def __init__(self) -> None:
        self.standing: dict[str, _Standing] = {}
        self.faults: list[Fault] = []
        self._count = 0

    def apply(self, transfer: Transfer, *, batch: tuple[int, str]) -> None:
        """Take over one transfer; a full one replaces what earlier batches left standing."""
        if transfer.is_full:
            self._withdraw_all({provider.name for provider in transfer.providers}, batch)
        for provider in transfer.providers:
            for facts in provider.offers:
                self._count += 1
                self._take(facts, provider, transfer, batch)

    def _take(
        self, facts: Facts, provider: Provider, transfer: Transfer, batch: tuple[int, str]
    ) -> None:
        key = _key(facts, provider)
        action = (facts.get(_ACTION) or transfer.mode).upper()
        position = self._count
        if not key:
            self.faults.append(Fault(position, "malformed", column="openimmo_obid"))
        elif action == "REFERENZ":
            self.faults.append(Fault(position, "not_a_space", key, "aktionart", action))
            self._end(key, "withdrawn", action)
        elif action == "DELETE":
            self.faults.append(Fault(position, "withdrawn", key, "aktionart", action))
            self._end(key, "withdrawn", action)
        else:
            self._end(key, "repeated", action)
            self.standing[key] = _Standing(position, provider.name, facts, transfer.sent_on, batch)

    def _end(self, key: str, code: str, action: str) -> None:
        """Set aside what stood under a key."""
        former = self.standing.pop(key, None)
        if former is not None:
            self.faults.append(Fault(former.position, code, key, "aktionart", action))

    def _withdraw_all(self, providers: set[str], batch: tuple[int, str]) -> None:
        for key, former in list(self.standing.items()):
            if former.provider in providers and former.batch != batch:
                self._end(key, "withdrawn", "VOLL")


def _key(facts: Facts, provider: Provider) -> str:
    """Return what identifies an object through all transfers; empty if nothing does."""
    external = facts.get(_EXTERNAL, "")
    fallback = f"{provider.key}/{external}" if provider.key and external else ""
    key = facts.get(_OBID) or fallback
    return key if len(key) <= _KEY_LENGTH else ""

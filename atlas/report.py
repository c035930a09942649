"""What a build did: per source what was read, set aside, merged and stored; nothing is lost."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from atlas.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping

Status = Literal["read", "kept", "failed"]
"""``kept``: the source failed, its rows of the table before stand in; ``failed``: it had none."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """
    What became of the records of one source.

    Attributes
    ----------
    id, adapter, origin
        Entry of the registry, module that read it, file or address.
    status
        Whether it was read in this build.
    error
        Why it was not, in every language of the interface.
    read, rejected, merged, stored
        Records; ``stored`` are rows that go by this source, ``merged`` those that
        went into a row which goes by another.
    reasons
        Rule → number of records set aside for it (a record counts once, for its first).
    geocoded
        Precision → number of rows that got a coordinate from their address.
    oldest, newest
        First and last ``retrieved_on`` (ISO), empty without rows.
    """

    id: str
    adapter: str
    origin: str
    status: Status = "read"
    error: Mapping[str, str] = field(default_factory=dict)
    read: int = 0
    rejected: int = 0
    merged: int = 0
    stored: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    geocoded: Mapping[str, int] = field(default_factory=dict)
    oldest: str = ""
    newest: str = ""

    @property
    def lost(self) -> int:
        """Number of records that are nowhere; anything but 0 is a mistake of the program."""
        return self.read - self.rejected - self.merged - self.stored


@dataclass(frozen=True, slots=True)
class BuildReport:
    """
    What a build did with all sources.

    Attributes
    ----------
    sources
        In the order of the configuration.
    review
        Number of pairs that a person has to judge.
    inputs
        Digest of the files that a person edits (`atlas.store.build_inputs`); tells an
        outdated table.
    idle
        Number of verdicts about records that are in no source.
    """

    sources: tuple[SourceReport, ...]
    review: int
    inputs: str
    idle: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every source was read."""
        return all(source.status == "read" for source in self.sources)

    def total(self, name: Literal["read", "rejected", "merged", "stored"]) -> int:
        """Return the sum of a count over all sources."""
        return sum(int(getattr(source, name)) for source in self.sources)

    def require_complete(self) -> None:
        """
        Check that read = stored + merged + rejected, for every source.

        Raises
        ------
        BuildError
            If a record is nowhere, or in two places.
        """
        for source in self.sources:
            if source.lost:
                raise BuildError(
                    "{source}: gelesen {read}, aber gespeichert {stored} + zusammengeführt "
                    "{merged} + zurückgestellt {rejected}: die Rechnung geht nicht auf.",
                    hint="Die alte Tabelle bleibt. Das ist ein Fehler des Programms: bitte mit "
                    "dem Bericht melden.",
                    source=source.id,
                    read=source.read,
                    stored=source.stored,
                    merged=source.merged,
                    rejected=source.rejected,
                )

    def to_json(self) -> str:
        """Return the report as JSON; the same report gives the same text."""
        totals = {name: self.total(name) for name in ("read", "stored", "merged", "rejected")}
        content = {"totals": totals, **dataclasses.asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1, default=dict) + "\n"

    @classmethod
    def from_json(cls, text: str) -> BuildReport:
        """
        Read what `to_json` wrote.

        Raises
        ------
        ValueError, TypeError, KeyError
            If the text is no such report.
        """
        content: dict[str, Any] = json.loads(text)
        sources = tuple(SourceReport(**entry) for entry in content["sources"])
        return cls(
            sources=sources, review=content["review"], inputs=content["inputs"],
            idle=content["idle"],
        )  # fmt: skip

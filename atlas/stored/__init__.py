"""
The stored table: what `atlas build` wrote, whole or not at all, with the versions before it.

A folder per version, named by its content; ``current.json`` names the one that counts
and is replaced in one step. Whoever is killed in between leaves the old table in place.
"""

from atlas.stored.versions import (
    POINTER,
    REJECTS,
    REPORT,
    REVIEW,
    TABLE,
    Stored,
    current,
    find,
    no_version,
    one_of,
    versions,
)
from atlas.stored.write import KEPT_VERSIONS, Content, use, write

__all__ = [
    "KEPT_VERSIONS",
    "POINTER",
    "REJECTS",
    "REPORT",
    "REVIEW",
    "TABLE",
    "Content",
    "Stored",
    "current",
    "find",
    "no_version",
    "one_of",
    "use",
    "versions",
    "write",
]

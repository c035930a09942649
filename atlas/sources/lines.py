"""Text of strangers, made to fit into one line of a table."""

from __future__ import annotations

import re
from typing import Final

# What has no place in a cell: controls, separators, directions of writing, half characters.
_INVISIBLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)
_SPACES: Final = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Return ``text`` without what a cell must not hold; runs of white space become one."""
    return _SPACES.sub(" ", _INVISIBLE.sub(" ", text)).strip()

"""Damage for fuzzing: in bytes, and in trees of JSON; the same for the same seed."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, float("nan"), float("inf"), "", " ", "\x00", "\ud800",
    "\u202e", "x" * 5000, "ä;ö;ü", "=1+1", "<script>", "https://", "yes", "no", "vacant",
    "2025-02-30",
    "9999-99-99", "0000-00-00T", "Point(7 51)", "Point(nan nan)", "Q1", "Q0", [], {}, [None], [[]],
    {"": ""}, {"lat": 1, "lon": "x"}, [{"type": "way"}], {"type": "uri", "value": 5},
)  # fmt: skip
_MOST = 4


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Return ``data`` with a few bits flipped and pieces lost, added or repeated."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, _MOST)):
        place, other = dice.randrange(len(changed) or 1), dice.randrange(len(changed) or 1)
        piece = changed[other : other + dice.randint(1, 30)]
        change = dice.randrange(5)
        if change == 0 and changed:
            changed[place] ^= 1 << dice.randrange(8)
        elif change == 1 and changed:
            changed[place] = dice.randrange(256)
        elif change == 2:
            del changed[place : place + dice.randint(1, 30)]
        elif change == 3:
            changed[place:place] = dice.randbytes(dice.randint(1, 8))
        else:
            changed[place:place] = piece
    return bytes(changed)


def twisted(tree: Any, dice: random.Random) -> Any:
    """Return a copy of a tree of JSON with some branches replaced, lost or repeated."""
    changed = copy.deepcopy(tree)
    for _ in range(dice.randint(1, _MOST)):
        holders = list(_holders(changed))
        if not holders:
            return dice.choice(JUNK)
        holder = dice.choice(holders)
        key = dice.choice(list(holder)) if isinstance(holder, dict) else dice.randrange(len(holder))
        change = dice.randrange(5)
        if change == 0:
            del holder[key]
        elif change == 1 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[key] = copy.deepcopy(dice.choice(JUNK))
    return changed


def _holders(tree: Any) -> Iterator[dict[str, Any] | list[Any]]:
    if isinstance(tree, dict | list) and tree:
        yield tree
        for branch in tree.values() if isinstance(tree, dict) else tree:
            yield from _holders(branch)

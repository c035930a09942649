"""Files as they arrive on a bad day: recorded ones, damaged byte by byte, always the same way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from atlas.errors import SourceFormatError
from atlas.schema import NAMES
from atlas.schema.intake import INTAKE_RULES, intake_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from atlas.schema import Fault

    Collect = Callable[[bytes], tuple[Mapping[int, Mapping[str, str | None]], Sequence[Fault]]]

CASES = 10_000
_WHOLE = 250  # every so many cases the rows also become a table
_PIECES = [
    b"", b"\x00", b"\xff", b'"', b";", b",", b"\n", b"\r", b"{", b"}", b"[", b"]", b"<", b">",
    b"&", b"&amp;", b"null", b"NaN", b"1e999", b"-0", b"9" * 400, b"\\ud800", b"\\u0000", b"0.0",
    b"true", b"\xc3", b"\xef\xbb\xbf", b"1.2.3", b"POINT", b"\xe2\x80\xae", b"99999999999999999",
]  # fmt: skip


def damaged(originals: Sequence[bytes], count: int, seed: int = 20261122) -> Iterator[bytes]:
    """Yield ``count`` files with one to six changes each: bytes, pieces, cuts, repetitions."""
    chance = random.Random(seed)  # noqa: S311 - damage, not secrets
    for _ in range(count):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            at = chance.randrange(len(data) + 1)
            end = min(len(data), at + chance.choice((0, 1, 2, 8, 40)))
            kind = chance.randrange(5)
            if kind == 0:
                data[at:end] = chance.randbytes(end - at)
            elif kind == 1:
                data[at:at] = data[at:end]
            elif kind == 2 and chance.random() < 0.2:
                del data[at:]
            else:
                data[at:end] = chance.choice(_PIECES)
        yield bytes(data)


def survives(payloads: Iterator[bytes], collect: Collect) -> tuple[int, int]:
    """
    Read every payload; anything but rows, faults or a `SourceFormatError` is a failure.

    Returns
    -------
    cases, read
        How many payloads there were, and how many of them were read.
    """
    cases = read = 0
    for payload in payloads:
        cases += 1
        try:
            rows, faults = collect(payload)
        except SourceFormatError:
            continue
        read += 1
        assert_whole(rows, faults)
        if read % _WHOLE == 0:
            intake_of(rows, faults, constants={"source": "city"})
    return cases, read


def assert_whole(rows: Mapping[int, Mapping[str, str | None]], faults: Sequence[Fault]) -> None:
    """Assert that no record is lost or told twice, and that everything told is text."""
    seen = sorted([*rows, *(fault.row for fault in faults)])
    assert seen == list(range(1, len(seen) + 1))
    assert all(fault.code in INTAKE_RULES for fault in faults)
    for row in rows.values():
        assert set(row) <= set(NAMES)
        for text in row.values():
            assert text is None or isinstance(text, str)
            (text or "").encode()

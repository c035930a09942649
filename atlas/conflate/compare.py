"""How two names compare: what they share, what each has alone, and what contradicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from atlas.conflate.names import WEIGHT_KIND, WEIGHT_UNIQUE, kind_of

if TYPE_CHECKING:
    from atlas.conflate.rarity import Unit
    from atlas.conflate.reading import Name

_TYPO_FROM: Final = 5
_TWO_TYPOS_FROM: Final = 9
_ALIKE: Final = 0.85
"""What a word is worth that is only nearly the same."""
_COMPOUND: Final = 0.5
"""What a word is worth that is the beginning of a longer one: Europa, Europahaus."""
_ENDING: Final = 3
NUMBER_LONE: Final = -0.25
NUMBER_PARTLY: Final = -0.5
PART_LOST: Final = -0.5
PART_OTHER: Final = -2.0
CHAIN_INSIDE: Final = -0.5
_WHOLE_FROM: Final = 6
"""Letters that a name needs to be recognised whatever its spaces and hyphens."""
_BUILT: Final = frozenset(
    ("mine", "coking", "steel", "brewery", "mill", "brickworks", "station", "church", "castle",
     "bunker", "synagogue", "powerstation", "waterworks", "monastery")
)  # fmt: skip

# Kinds that sources use for the same place.
_KIN: Final = tuple(
    frozenset(kinds.split())
    for kinds in (
        "theatre opera festival hall", "mine headframe", "station goods_shed", "hall concert",
        "museum gallery", "castle park", "museum castle", "studio gallery", "hall trade arena",
        "business coworking", "mall gallery", "steel furnace", "library school citizens",
        "academy school", "youth citizens", "quarter mine", "park steel", "makers workshop",
        "park mine", "school citizens", "museum archive", "brewery brew_house", "church monastery",
        "theatre small_stage", "park garden", "restaurant hotel", "villa museum",
    )
)  # fmt: skip


_LETTERS_FROM: Final = 45.0
"""Percent of letters in common below which words need not be compared one by one."""


class NameMatch(NamedTuple):
    """
    Two names side by side.

    Attributes
    ----------
    shared, against, extra
        Weight of the words that both have; that each has and the other has not (the
        smaller side); that only one has beyond that.
    equal
        Whether all words are the same, but for the name of the town.
    number
        1 the same numbers, 0 none or one more, −0.25 on one side only, −0.5 in part the
        same, −1 different ones.
    kind
        1 the same kind of place, −1 another, 0 not said.
    part
        1 the same part of a site, −0.5 a part on one side and perhaps its other name, −1
        one names a part that the other does not name, −2 each names another part.
    inside
        Whether one lies in the other: a café in the station.
    chain
        1 both are the same chain, −1 different ones, −0.5 one of them in the other, 0 none.
    """

    shared: float
    against: float
    extra: float
    equal: bool
    number: float
    kind: int
    part: float
    inside: bool
    chain: float


_NOTHING: Final = NameMatch(
    shared=0.0, against=1.0, extra=0.0, equal=False, number=0.0, kind=0, part=0.0, inside=False,
    chain=0.0,
)  # fmt: skip


def compare(a: Unit, b: Unit) -> NameMatch:
    """
    Compare two names; symmetric.

    A name with another one in brackets is compared with and without it; the pair of
    readings that agrees best counts. Numbers are those of the whole names.
    """
    if _have_nothing_in_common(a.name, b.name):
        return _NOTHING._replace(kind=_kinds(a.name, b.name))
    # Two brackets alone prove nothing: it may be the project that both belong to.
    readings = (
        (first, second)
        for first in a.name.variants
        for second in b.name.variants
        if not (first.is_aside and second.is_aside)
    )
    found = max((_reading(a, first, b, second) for first, second in readings), key=_agreement)
    both = bool(a.name.chains and b.name.chains)
    return found._replace(
        equal=found.equal or (bool(a.own) and a.own == b.own),
        number=_numbers(a.name.numbers, b.name.numbers) or found.number,
        chain=(1 if a.name.chains & b.name.chains else -1) if both else found.chain,
    )


def _have_nothing_in_common(a: Name, b: Name) -> bool:
    """Return whether two names share no word and few letters: most pairs, so it is quick."""
    return set(a.words).isdisjoint(b.words) and ratio(a.letters, b.letters) < _LETTERS_FROM


def _agreement(match: NameMatch) -> float:
    doubts = 1.5 * match.inside - 0.75 * match.part - min(match.kind, 0) - 2 * match.chain
    return match.shared - match.against - 0.3 * match.extra - doubts


def _reading(a: Unit, first: Name, b: Unit, second: Name) -> NameMatch:
    if first.letters == second.letters and len(first.letters) >= _WHOLE_FROM:
        whole = _one_word(a, first)
        return whole._replace(part=PART_LOST) if _loses_any(a, first, b, second) else whole
    shared, against, extra = _overlap(a, first, b, second)
    inside = _is_inside(a, first, b, second) or _is_inside(b, second, a, first)
    # „Fördergerüst (Museum)“: the bracket may be the new name of the part, or the whole.
    lost = _loses_any(a, first, b, second)
    one_chain = bool(first.chains) != bool(second.chains) and shared >= WEIGHT_UNIQUE
    return NameMatch(
        shared=shared,
        against=against,
        extra=extra,
        equal=False,
        number=_lone(first, second),
        kind=_kinds(first, second),
        part=PART_LOST if lost else _parts(first, second),
        inside=inside,
        chain=CHAIN_INSIDE if one_chain else 0.0,
    )


def _one_word(a: Unit, name: Name) -> NameMatch:
    """Return the match of names with the same letters, whatever their spaces and hyphens."""
    shared = max(sum(a.weights[word] for word in name.words), WEIGHT_UNIQUE)
    return NameMatch(
        shared, 0.0, 0.0, equal=not name.is_aside, number=0.0, kind=int(bool(name.kinds)),
        part=int(bool(name.parts)), inside=False, chain=0,
    )  # fmt: skip


def _loses_any(a: Unit, first: Name, b: Unit, second: Name) -> bool:
    return _loses(a.name, first, second) or _loses(b.name, second, first)


def _loses(name: Name, reading: Name, other: Name) -> bool:
    """Return whether a bracket alone leaves out a part or a building that the name names."""
    if not reading.is_aside:
        return False
    built, theirs = name.kinds & _BUILT, other.kinds & _BUILT
    return bool(name.parts - reading.parts) or bool(built and theirs and built != theirs)


def _overlap(a: Unit, first: Name, b: Unit, second: Name) -> tuple[float, float, float]:
    """Return the weights that are shared, against and extra."""
    # In the order of the words, not of a set: the sum is to be the same in every process.
    common = dict.fromkeys(word for word in first.words if word in second.words)
    shared = sum(min(a.weights[word], b.weights[word]) for word in common)
    rest_a = [word for word in first.words if word not in common]
    rest_b = [word for word in second.words if word not in common]
    for word in tuple(rest_a):
        alike = [(_likeness(word, other, a, b), other) for other in rest_b]
        likeness, other = max(alike, default=(0.0, ""))
        if likeness > 0:
            shared += likeness * min(a.weights[word], b.weights[other])
            rest_a.remove(word)
            rest_b.remove(other)
    shared += _glued(first, rest_a, rest_b, b) + _glued(second, rest_b, rest_a, a)
    alone_a = sum(a.weights[word] for word in rest_a)
    alone_b = sum(b.weights[word] for word in rest_b)
    return shared, min(alone_a, alone_b), abs(alone_a - alone_b)


def _likeness(first: str, second: str, a: Unit, b: Unit) -> float:
    """Return how much two words are one: by a slip, an ending, or as two words of one kind."""
    if kind_of(first) and kind_of(first) == kind_of(second):
        return _ALIKE
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < _TYPO_FROM:
        return 0.0
    if kind_of(shorter) and longer.endswith(shorter):
        return _ALIKE
    if min(a.weights[first], b.weights[second]) <= WEIGHT_KIND:
        return 0.0
    if longer.startswith(shorter):
        return _ALIKE if len(longer) - len(shorter) <= _ENDING else _COMPOUND
    slips = 2 if len(shorter) >= _TWO_TYPOS_FROM else 1
    return _ALIKE if OSA.distance(first, second, score_cutoff=slips) <= slips else 0.0


def _glued(one: Name, mine: list[str], theirs: list[str], other: Unit) -> float:
    """Match words that the other side writes as one; removes them from both lists."""
    gained = 0.0
    for word in tuple(theirs):
        if word in one.joined:
            theirs.remove(word)
            mine[:] = [part for part in mine if part not in word]
            gained += other.weights[word]
    return gained


def _numbers(a: frozenset[str], b: frozenset[str]) -> float:
    if a == b:
        return 1.0 if a else 0.0
    return 0.0 if a < b or b < a else NUMBER_PARTLY if a & b else -1.0


def _lone(a: Name, b: Name) -> float:
    """Return −0.25 where one reading has a number and the other has none."""
    return NUMBER_LONE if bool(a.numbers) != bool(b.numbers) else 0.0


def _kinds(a: Name, b: Name) -> int:
    if not a.kinds or not b.kinds:
        return 0
    if a.kinds & b.kinds:
        return 1
    kin = any(group & a.kinds and group & b.kinds for group in _KIN)
    return 0 if kin else -1


def _parts(a: Name, b: Name) -> float:
    only_a, only_b = a.parts - b.parts, b.parts - a.parts
    if only_a or only_b:
        return PART_OTHER if only_a and only_b else -1.0
    return 1.0 if a.parts else 0.0


def _is_inside(a: Unit, first: Name, b: Unit, second: Name) -> bool:
    """Return whether ``first`` says that it is in ``second``: it shares none of its head."""
    placed = set(first.words) - first.head
    theirs = set(second.words)
    if not first.head or not placed & theirs:
        return False
    telling = [word for word in first.head if a.weights[word] >= WEIGHT_UNIQUE]
    kinds = {kind_of(word) for word in theirs} - {""}
    return not any(
        word in theirs
        or _is_read_in(word, second, a, b)
        or (not telling and kind_of(word) in kinds)
        for word in telling or first.head
    )


def _is_read_in(word: str, name: Name, a: Unit, b: Unit) -> bool:
    """Return whether a word stands in a name with a slip, or as a part of a longer one."""
    long = [other for other in name.words if len(other) >= _TYPO_FROM]
    return word in name.joined or (
        len(word) >= _TYPO_FROM
        and any(
            word in other or other in word or _likeness(word, other, a, b) > 0 for other in long
        )
    )

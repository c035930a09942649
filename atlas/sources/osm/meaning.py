"""From the tags of an object to what it is, whether it is empty, and what it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from atlas.sources.osm import tags as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Tags = Mapping[str, str]

_YES: Final = frozenset({"yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    What the tags of an object say, in the codes of the table.

    Attributes
    ----------
    condition
        The prefix that tells the state of repair (`EMPTY_PREFIXES`), empty if none does.
    is_inferred
        Whether nobody said so: a place counts as used because its tag is there.
    """

    kind: str
    type: str
    vacancy: str
    sectors: tuple[str, ...] = ()
    former_use: tuple[str, ...] = ()
    stage: str = ""
    condition: str = ""
    is_inferred: bool = False


def meaning(tags: Tags) -> Meaning | str:
    """
    Return what an object is.

    Returns
    -------
    meaning
        Or the code of `atlas.schema.intake.INTAKE_RULES` that says why it is no row.
    """
    for read in (_vacant, _used, _heritage, _past, _coming):
        found = read(tags)
        if isinstance(found, Meaning):
            return replace(found, stage=found.stage or _stage(tags))
        if found:
            return found
    return _reason(tags)


def _vacant(tags: Tags) -> Meaning | str | None:
    """Return an empty place; a main tag in use speaks against every sign of emptiness."""
    premises = next((key for key in ("shop", "office")
                     if _values(tags, key) & t.VACANT_VALUES), None)  # fmt: skip
    site = _first(t.SITES, tags)
    condition = _condition(tags)
    if (premises is None and condition is None) or _is_used(tags, with_flag=True):
        return None
    former = _former(tags, (*t.EMPTY_PREFIXES, "was"))
    if site and _flag(tags):  # discouraged, but it does say that the cinema is closed
        former = _unique([site.type, *former])
    type_ = former[0] if former else premises or _built_as(tags)
    if not type_:
        return "no_type"
    return Meaning("key_property", type_, "vacant", former_use=former, condition=condition or "")


def _used(tags: Tags) -> Meaning | str | None:
    """Return a place that somebody uses."""
    heritage = _first(t.HERITAGE, tags)
    before = _former(tags, (*t.EMPTY_PREFIXES, "was"))
    former = _unique([*before, *([heritage.type] if heritage else ())])
    site = _first(t.SITES, tags)
    if site:
        former = tuple(code for code in former if code != site.type)
        return Meaning("creative_site", site.type, "in_use", site.sectors, former, is_inferred=True)
    if not _is_used(tags):
        return None
    if all(code in t.MINOR_TYPES for code in former):
        return "not_a_space"
    # What it is today; a building that is still there as it was built keeps its name.
    type_ = heritage.type if heritage else _used_as(tags) or _built_as(tags)
    if not type_:
        return "not_a_space"
    return Meaning("key_property", type_, "in_use", former_use=former, is_inferred=True)


def _heritage(tags: Tags) -> Meaning | None:
    rule = _first(t.HERITAGE, tags)
    if rule is None or _prefixed(tags, t.GONE_PREFIXES):
        return None
    former = _former(tags, ("was",))
    return Meaning("key_property", rule.type, "unknown", former_use=former, is_inferred=True)


def _past(tags: Tags) -> Meaning | None:
    """Return a building of which only the past is known."""
    former = _former(tags, ("was",))
    if not former or not _is_building(tags):
        return None
    return Meaning("key_property", former[0], "unknown", former_use=former, is_inferred=True)


def _coming(tags: Tags) -> Meaning | None:
    """Return a building that is to become something; what is not built yet is no space."""
    type_ = _built_as(tags)
    if not type_ or not _stage(tags):
        return None
    return Meaning("key_property", type_, "unknown", is_inferred=True)


def _reason(tags: Tags) -> str:
    if _prefixed(tags, t.GONE_PREFIXES):
        return "gone"
    not_yet = bool(_stage(tags))
    ignored = any(key in tags for key in (*t.MAIN_KEYS, "building", "historic"))
    return "not_a_space" if not_yet or ignored else "no_type"


def _condition(tags: Tags) -> str | None:
    """Return the prefix that says that the place is out of use, None if none does."""
    for prefix in t.EMPTY_PREFIXES:
        stated = _former(tags, (prefix,)) or f"{prefix}:building" in tags
        if stated or (tags.get(prefix) in _YES and _is_thing(tags)):
            return prefix
    if "ruins" in _values(tags, "building"):
        return "ruins"
    return None


def _is_thing(tags: Tags) -> bool:
    return _is_building(tags) or _first(t.SITES, tags) is not None


def _flag(tags: Tags) -> bool:
    return any(tags.get(prefix) in _YES for prefix in t.EMPTY_PREFIXES)


def _is_used(tags: Tags, *, with_flag: bool = False) -> bool:
    """Return whether a main tag is in use; ``with_flag``: unless ``disused=yes`` denies it."""
    if with_flag and _flag(tags):
        return False
    return any(
        value not in t.IDLE_VALUES and (key, value) not in t.PASSIVE
        for key in t.MAIN_KEYS
        for value in _values(tags, key)
    )


def _used_as(tags: Tags) -> str:
    """Return the type that the main tags in use mean, empty if the tables have none for them."""
    for key in t.MAIN_KEYS:
        for value in sorted(_values(tags, key) - t.IDLE_VALUES):
            rule = _index(t.FORMER).get((key, value)) or _index(t.FORMER).get((key, ""))
            if rule and (key, value) not in t.PASSIVE:
                return rule.type
    return ""


def _is_building(tags: Tags) -> bool:
    return bool(_values(tags, "building") - {"no"}) or any(
        f"{prefix}:building" in tags for prefix in t.EMPTY_PREFIXES
    )


def _built_as(tags: Tags) -> str:
    """Return the type of the building, empty if its tag does not say it."""
    for key in ("building", *(f"{prefix}:building" for prefix in t.EMPTY_PREFIXES)):
        for value in sorted(_values(tags, key)):
            rule = _index(t.BUILDINGS).get(("building", value))
            if rule:
                return rule.type or value
    heritage = _first(t.HERITAGE, tags)
    return heritage.type if heritage else ""


def _stage(tags: Tags) -> str:
    for prefix, stage in t.COMING_PREFIXES.items():
        if _prefixed(tags, (prefix,)):
            return stage
    return ""


def _prefixed(tags: Tags, prefixes: Iterable[str]) -> bool:
    keys = (*t.MAIN_KEYS, "building", "railway", "man_made", "historic")
    return any(f"{prefix}:{key}" in tags for prefix in prefixes for key in keys)


def _former(tags: Tags, prefixes: Iterable[str]) -> tuple[str, ...]:
    """Return the types behind ``prefixes``, in the order of the prefixes and of the table."""
    return _unique(_types_behind(tags, prefixes))


def _types_behind(tags: Tags, prefixes: Iterable[str]) -> Iterator[str]:
    for prefix in prefixes:
        for key in _former_keys():
            value = f"{prefix}:{key}"
            for one in sorted(_values(tags, value)) if value in tags else ():
                rule = _index(t.FORMER).get((key, one)) or _index(t.FORMER).get((key, ""))
                if rule and one != "no":
                    yield rule.type


def _unique(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


@cache
def _former_keys() -> tuple[str, ...]:
    return _unique(rule.key for rule in t.FORMER)


@cache
def _index(rules: tuple[t.TagRule, ...]) -> dict[tuple[str, str], t.TagRule]:
    """Return the first rule of each tag; the value is empty for rules that take any."""
    found: dict[tuple[str, str], t.TagRule] = {}
    for rule in rules:
        for value in rule.values or ("",):
            found.setdefault((rule.key, value), rule)
    return found


def _first(rules: tuple[t.TagRule, ...], tags: Tags) -> t.TagRule | None:
    return next((rule for rule in rules if _fits(rule, tags)), None)


def _fits(rule: t.TagRule, tags: Tags) -> bool:
    if rule.key not in tags or not _has(tags, rule.key, rule.values):
        return False
    return all(_has(tags, key, values) for key, values in rule.also)


def _has(tags: Tags, key: str, values: tuple[str, ...]) -> bool:
    stated = _values(tags, key)
    return bool(stated & set(values)) if values else bool(stated - {"no"})


def _values(tags: Tags, key: str) -> set[str]:
    """Return the values of a key: several are written with a semicolon."""
    stated = tags.get(key, "")
    return {value for part in stated.split(";") if (value := part.strip().lower())}

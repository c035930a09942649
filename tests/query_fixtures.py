"""A small table of every kind of value, filters over it, and filtering spelled out row by row."""

from __future__ import annotations

import datetime as dt
import math
import random

import pandas as pd
from core_fixtures import TOWNS, cells, located, row
from hypothesis import strategies as st

from atlas import text
from atlas import vocabulary as v
from atlas.query import CODE_FIELDS, Filters, Near, Range, WordIndex
from atlas.query.url import clean_text
from atlas.schema.validate import validate
from atlas.store import derive

TODAY = dt.date(2026, 11, 22)
_NAMES = ("Zeche Glückauf", "Kaufhaus Müller", "Atelierhaus Straße 7", "Alte Mühle", "Bhf Süd", "U")
_DATES = ("", "2026-11-22", "2025-11-22", "2025-11-21", "2023-11", "2022", "2015-05-05")
_AREAS = tuple(
    {"area_m2": most, "area_min_m2": least}
    for most, least in (
        ("", ""), ("50", ""), ("120.5", ""), ("5000", ""),
        ("5000", "50"), ("120.5", "20"), ("", "50"),
    )
)  # fmt: skip


def _random_row(rnd: random.Random, number: int) -> dict[str, str]:
    town = rnd.choice(TOWNS["name"].tolist())
    west = 7.0 + 0.1 * TOWNS["name"].tolist().index(town)
    place = located(round(rnd.uniform(51.41, 51.49), 5), round(west + rnd.uniform(0.01, 0.09), 5))
    is_quarter = rnd.random() < 0.1
    quarter = {"kind": "creative_quarter", "type": "quarter", "vacancy": "not_applicable"}
    return row(
        f"x/{number}",
        **{
            "name": f"{rnd.choice(_NAMES)} {number % 7}",
            "municipality": town,
            "kind": rnd.choice(["key_property", "creative_site"]),
            "type": rnd.choice(["colliery", "shop", "church", "studio"]),
            "vacancy": rnd.choice([*v.VACANCY_SCALE, "unknown"]),
            "sectors": rnd.choice(["", "music", "music;art", "art;film"]),
            "programmes": rnd.choice(["", "heimatruhr", "heimatruhr;dritte_orte"]),
            "former_use": rnd.choice(["", "brewery", "school;synagogue"]),
            "street": rnd.choice(["", "Schachtstraße", "Am Förderturm"]),
            "locality": rnd.choice(["", "Nord", "Süd"]),
            "stage": rnd.choice(["", "none", "planning"]),
            "availability": rnd.choice(["unknown", "now", "by_arrangement"]),
            "term": rnd.choice(["", "interim", "permanent"]),
            "observed_on": rnd.choice(_DATES),
            **rnd.choice(_AREAS),
            "rent_eur_per_m2_month": rnd.choice(["", "0", "4.5"]),
            "is_step_free": rnd.choice(["", "true", "false"]),
            **(place if rnd.random() < 0.8 else {}),
            **(quarter if is_quarter else {}),
        },
    )


def table(rows: int = 60) -> pd.DataFrame:
    """Return a derived table, the same every time."""
    rnd = random.Random(7)  # noqa: S311 - a sample, not a secret
    drawn = cells(*[_random_row(rnd, number) for number in range(rows)])
    checked = validate(drawn, TOWNS, sources=("curated", "wikidata"))
    assert checked.rejects.empty, checked.rejects.to_string()
    return derive(checked.spaces, TOWNS)


SPACES = table()
WORDS = WordIndex(SPACES)
ROWS = [SPACES.iloc[position] for position in range(len(SPACES))]
_IDS = SPACES["space_id"].tolist()


def _codes(name: str) -> st.SearchStrategy[frozenset[str]]:
    options = CODE_FIELDS[name].codes or tuple(SPACES[CODE_FIELDS[name].column].unique())
    return st.just(frozenset()) | st.frozensets(st.sampled_from(options), max_size=4)


def _bound(limit: float) -> st.SearchStrategy[float | None]:
    sensible = st.sampled_from([0.0, 50.0, 120.5, 4.5])
    return st.none() | sensible | st.floats(min_value=0, max_value=limit)


def _range(limit: float) -> st.SearchStrategy[Range]:
    return st.builds(Range, _bound(limit), _bound(limit), st.booleans())


clean = st.text(max_size=60).map(clean_text)
queries = st.sampled_from(["", "", "zeche", "zehce", "gluckauf", "mue", "st", "brauerei 3"])
near = st.builds(
    Near,
    st.floats(min_value=51.4, max_value=51.5),
    st.floats(min_value=7.0, max_value=7.3),
    st.integers(min_value=50, max_value=50_000),
    clean,
    clean,
)
filters = st.builds(
    Filters,
    **{name: _codes(name) for name in CODE_FIELDS},
    area=_range(2_000_000),
    rent=_range(200),
    text=queries | clean,
    near=st.none() | near,
    shortlist=st.lists(st.sampled_from(_IDS), max_size=5, unique=True).map(tuple),
    only_shortlist=st.booleans(),
)


def _only(drawn: Filters, kept: set[str]) -> Filters:
    for name in drawn.active_fields:
        if name not in kept:
            drawn = drawn.without(name)
    return drawn


@st.composite
def few_filters(draw: st.DrawFn) -> Filters:
    """Draw filters of which at most three restrict anything, so that some rows pass."""
    drawn = draw(filters)
    kept = draw(st.sets(st.sampled_from(drawn.active_fields or ("text",)), max_size=3))
    return _only(drawn, kept)


def filters_of(name: str) -> st.SearchStrategy[Filters]:
    """Return filters of which nothing but the field ``name`` restricts anything."""
    return filters.map(lambda drawn: _only(drawn, {name}))


def osa(a: str, b: str) -> int:
    """Count insertions, deletions, substitutions and swaps of neighbours between two words."""
    rows = [list(range(len(b) + 1))]
    for i, char in enumerate(a, start=1):
        line = [i]
        for j, other in enumerate(b, start=1):
            best = min(rows[-1][j] + 1, line[-1] + 1, rows[-1][j - 1] + (char != other))
            if i > 1 and j > 1 and char == b[j - 2] and a[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            line.append(best)
        rows.append(line)
    return rows[-1][-1]


def word_matches(token: str, word: str) -> bool:
    """Return whether a token finds a word, as the contract says it."""
    if len(token) < 3:
        return word.startswith(token)
    if token in word:
        return True
    return len(token) >= 4 and min(osa(token, word), osa(token, word[: len(token)])) <= 1


def row_words(given: pd.Series) -> set[str]:
    """Return the words under which a row is found."""
    searched = [given[name] for name in ("name", "street", "locality", "municipality")]
    uses = [given["type"]]
    uses += [] if pd.isna(given["former_use"]) else given["former_use"].split(";")
    searched += [v.TYPES[use].label(language) for use in uses for language in v.LANGUAGES]
    return {word for cell in searched if not pd.isna(cell) for word in text.words(cell)}


def row_codes(given: pd.Series, name: str) -> set[str]:
    """Return the codes that a row has in a field."""
    value = given[CODE_FIELDS[name].column]
    if name == "ages":
        if pd.isna(value):
            return {"undated"}
        days = (TODAY - value.date()).days
        return {"current" if days <= 365 else "recheck" if days <= 1095 else "outdated"}
    if name == "step_free":
        return {"unknown" if pd.isna(value) else str(bool(value)).lower()}
    return set() if pd.isna(value) else set(str(value).split(";"))


def _in_range(most: float, least: float, bounds: Range) -> bool:
    """Return whether a size between ``least`` and ``most`` is wanted, end by end."""
    if bounds.minimum is None and bounds.maximum is None:
        return True
    low = bounds.minimum or 0
    high = math.inf if bounds.maximum is None else bounds.maximum
    if pd.isna(least):
        least = most
    if pd.isna(most):
        if not pd.isna(least) and low <= least <= high:
            return True
        return bounds.with_unknown and not least > high
    if low > high:
        return False
    return low <= least <= high or low <= most <= high or least <= low <= high <= most


def row_passes(given: pd.Series, asked: Filters) -> bool:
    """Return whether one row passes, field by field."""
    for name in CODE_FIELDS:
        chosen = asked.codes(name)
        if chosen and not chosen & row_codes(given, name):
            return False
    rent = given["rent_eur_per_m2_month"]
    if not _in_range(given["area_m2"], given["area_min_m2"], asked.area):
        return False
    if not _in_range(rent, rent, asked.rent):
        return False
    found = row_words(given)
    for token in text.words(asked.text):
        if not any(word_matches(token, word) for word in found):
            return False
    if asked.near is not None:
        x, y = asked.near.xy
        if not math.hypot(given["x"] - x, given["y"] - y) <= asked.near.radius_m:
            return False
    return not asked.only_shortlist or given["space_id"] in asked.shortlist


def slow_apply(asked: Filters) -> list[bool]:
    """Return per row of `SPACES` whether it passes."""
    return [row_passes(given, asked) for given in ROWS]

"""Filters in the database give the rows that they give in memory."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest
import sqlalchemy as sa
from build_fixtures import NOW, content
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st
from query_fixtures import SPACES, TODAY, WORDS, few_filters, filters, filters_of, near

from atlas import stored
from atlas import vocabulary as v
from atlas.database import connect, shared, write
from atlas.database import filters as conditions
from atlas.database.question import Questions
from atlas.query import CODE_FIELDS, RANGE_FIELDS, Filters, Near, Range, apply

MANY = settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
DISTRICTS = dict(zip(SPACES["ags"], SPACES["district_code"], strict=True))


@pytest.fixture(scope="module")
def found(cluster, _upgraded, tmp_path_factory):
    """Return the version of a database that holds `SPACES`."""
    cluster.create("filters", template=_upgraded)
    folder = tmp_path_factory.mktemp("table")
    rows = SPACES.assign(contributions=pd.Series(None, index=SPACES.index, dtype="str"))
    table = stored.write(folder, content(rows), now=NOW)
    with cluster.settings_for("filters") as chosen:
        pool = connect.engine(chosen)
        write.push(pool, table, registry="", now=NOW)
        yield shared.current(pool)


@pytest.fixture(scope="module")
def questions(found):
    return Questions(found, SPACES, districts=DISTRICTS, words=lambda: WORDS)


def in_memory(asked: Filters, today: dt.date = TODAY) -> list[bool]:
    return apply(SPACES, asked, today=today, words=WORDS).tolist()


def difference(questions: Questions, asked: Filters, today: dt.date = TODAY) -> list[str]:
    """Return the rows that pass in one place and not in the other."""
    mask = questions.mask(asked, today=today)
    assert mask is not None
    assert mask.index.equals(SPACES.index)
    assert mask.dtype == bool
    return SPACES["space_id"][mask.to_numpy() != in_memory(asked, today)].tolist()


@MANY
@given(asked=few_filters(), today=st.dates(dt.date(2015, 1, 1), dt.date(2030, 1, 1)))
@example(asked=Filters(area=Range(200, 100)), today=TODAY)
@example(asked=Filters(area=Range(200, 100, with_unknown=False)), today=TODAY)
@example(asked=Filters(area=Range(float("nan"), 100)), today=TODAY)
@example(asked=Filters(area=Range(None, float("nan"))), today=TODAY)
@example(asked=Filters(area=Range(None, float("inf"), with_unknown=False)), today=TODAY)
@example(asked=Filters(area=Range(None, 40)), today=TODAY)
@example(asked=Filters(only_shortlist=True), today=TODAY)
def test_the_database_finds_the_rows_that_memory_finds(questions, asked, today):
    assert difference(questions, asked, today) == []


@MANY
@given(asked=filters)
def test_many_filters_at_once_as_well(questions, asked):
    assert difference(questions, asked) == []


@settings(MANY, max_examples=100)
@given(centre=near, row=st.sampled_from(range(len(SPACES))), step=st.sampled_from([-1, 0, 1]))
def test_the_edge_of_a_circle_is_decided_to_the_decimetre(questions, centre, row, step):
    """A radius that just reaches a space, and the metres around it."""
    x, y = centre.xy
    distance = ((SPACES["x"] - x) ** 2 + (SPACES["y"] - y) ** 2).iloc[row] ** 0.5
    assume(pd.notna(distance))
    asked = Filters(near=dataclasses.replace(centre, radius_m=max(1, round(distance) + step)))
    assert difference(questions, asked) == []


def test_a_space_just_on_the_edge_is_inside(questions):
    """3-4-5: the centre lies where the distance is a whole number of metres."""
    located = SPACES[SPACES["x"].notna()]
    pairs = [
        (round(float(distance)), here)
        for _, here in located.iterrows()
        for distance in (((located["x"] - here["x"]) ** 2 + (located["y"] - here["y"]) ** 2) ** 0.5)
    ]
    for radius, here in pairs[::37]:
        asked = Filters(near=Near(here["lat"], here["lon"], max(1, radius)))
        assert difference(questions, asked) == []
    alone = Filters(near=Near(located["lat"].iloc[0], located["lon"].iloc[0], 0))
    assert difference(questions, alone) == []
    assert sum(questions.mask(alone, today=TODAY)) >= 1


def every_code() -> list[Filters]:
    found = []
    for name, field in CODE_FIELDS.items():
        options = field.codes or tuple(SPACES[field.column].unique())
        found += [Filters(**{name: frozenset([code])}) for code in options]
    return found


@pytest.mark.parametrize("asked", every_code(), ids=lambda asked: "&".join(asked.active_fields))
def test_every_code_on_its_own(questions, asked):
    assert difference(questions, asked) == []


def field_agrees(questions: Questions, field: str) -> None:
    """
    Compare many filters that restrict nothing but one field.

    Filters of every kind meet a single clause too seldom to try it. How seldom differs between
    processes, in spite of a fixed seed: constants of the imported modules are among what is drawn.
    """

    @settings(MANY, database=None, phases=[Phase.generate], report_multiple_bugs=False)
    @given(filters_of(field))
    def property_holds(asked):
        assert difference(questions, asked) == []

    property_holds()


@pytest.mark.parametrize("field", [*CODE_FIELDS, *RANGE_FIELDS, "text", "near", "only_shortlist"])
def test_every_field_on_its_own(questions, field):
    field_agrees(questions, field)


TEXTS = ["zeche", "zehce", "zech", "ze", "z", "zecheX", "gluckauf", "Glückauf", "GLUECKAUF", "mue",
         "strase", "brauerei 3", "null", "u", "0", "zeche suud", "qqqqqqq"]  # fmt: skip


@pytest.mark.parametrize("asked", TEXTS)
def test_words_are_found_with_folding_and_one_typing_error(questions, asked):
    assert difference(questions, Filters(text=asked)) == []


def test_the_texts_find_something():
    """The companion: otherwise equal would mean nothing."""
    assert sum(any(in_memory(Filters(text=asked))) for asked in TEXTS) > len(TEXTS) / 2


HOSTILE = ["'; DROP TABLE raumatlas.space; --", '" OR 1=1 --', "\\", "%", "_", "$1", "%(x)s", ":x",
           "a\0b", "{a,b}", "NULL", "*/ SELECT 1 /*", "Robert'); --", "😀", ""]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_are_only_texts(questions, found, hostile):
    codes = frozenset([hostile])
    asked = [
        Filters(text=hostile),
        Filters(text=f"zeche {hostile}"),
        Filters(near=Near(51.45, 7.05, 500, label=hostile, missed=hostile)),
        Filters(shortlist=(hostile,), only_shortlist=True),
        *(Filters(**{name: codes}) for name in CODE_FIELDS),
    ]
    for one in asked:
        assert difference(questions, one) == []
    assert len(found.spaces()) == len(SPACES)


def test_a_text_that_is_no_unicode_finds_nothing(questions):
    asked = Filters(shortlist=("\ud800",), only_shortlist=True)
    assert not questions.mask(asked, today=TODAY).any()


def test_no_value_becomes_part_of_the_statement(found):
    needle = "needle7788"
    asked = Filters(
        text=needle, near=Near(51.45123, 7.05123, 4321, needle, needle), only_shortlist=True,
        shortlist=(needle,), area=Range(1234.5, 6543.25), rent=Range(7.125),
        **{name: frozenset([needle]) for name in CODE_FIELDS},
    )  # fmt: skip
    clause = conditions.where(
        asked, version_id=found.id, today=TODAY, words=lambda: WORDS, districts={"05": needle}
    )
    text = str(clause.compile(dialect=found.pool.dialect))
    for value in (needle, "1234", "4321", "6543", "7.125", "51.45"):
        assert value not in text


def first_left_out(column, values):
    return column.in_(sorted(values)[1:])


def unknown_left_out(chosen):
    return conditions.space.c.is_step_free.is_("true" in chosen)


def every_age_is_current(_code, today):
    return conditions.space.c.observed_day >= today - dt.timedelta(days=v.RECHECK_AFTER_DAYS)


def only_known_values(name, bounds):
    value = conditions.space.c[RANGE_FIELDS[name]]
    return value.between(bounds.minimum or 0, bounds.maximum or 1e9)


def shorter_radius(near):
    point = conditions.func.ST_MakePoint(*near.xy)
    centre = conditions.func.ST_SetSRID(point, conditions.SRID)
    return conditions.func.ST_DWithin(conditions.space.c.geom, centre, near.radius_m / 2)


def names_as_they_are(token, _words, **_version):
    return conditions.space.c.name.ilike(f"%{token}%")


# Each breaks one clause in a way that somebody could write it, and names a field that meets it.
BROKEN = {
    "_one_of": (first_left_out, "kinds"),
    "_ternary": (unknown_left_out, "step_free"),
    "_aged": (every_age_is_current, "ages"),
    "_in_range": (only_known_values, "area"),
    "_within": (shorter_radius, "near"),
    "_has_word": (names_as_they_are, "text"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_clause_is_noticed(questions, name, monkeypatch):
    """The companion: the property of the clause's field fails when the clause is wrong."""
    broken, field = BROKEN[name]
    monkeypatch.setattr(conditions, name, broken)
    with pytest.raises(AssertionError):
        field_agrees(questions, field)


MANY_SPACES = """
INSERT INTO raumatlas.space (version_id, position, space_id, geom)
SELECT :version, 1000 + n, 'x' || n,
       ST_SetSRID(ST_MakePoint(350000 + 317 * (n % 300), 5690000 + 211 * (n / 300)), 25832)
FROM generate_series(1, 20000) AS n
"""


def how(connection, found) -> str:
    """Return the plan of a radius search."""
    asked = Filters(near=Near(51.45, 7.05, 500))
    clause = conditions.where(
        asked, version_id=found.id, today=TODAY, words=lambda: WORDS, districts=DISTRICTS
    )
    query = sa.select(conditions.space.c.position).where(clause).compile(connection)
    lines = connection.exec_driver_sql(f"EXPLAIN {query}", query.params)
    return "\n".join(line for (line,) in lines)


def test_a_radius_is_found_through_the_index_over_version_and_place(found):
    with found.pool.connect() as connection:
        connection.execute(sa.text(MANY_SPACES), {"version": found.id})
        connection.exec_driver_sql("ANALYZE raumatlas.space")
        plan = how(connection, found)
        assert "Index Scan on space_geom" in plan
        assert "Index Cond: ((version_id = " in plan
        assert "&& st_expand" in plan
        # The companion: without the index the plan is another one.
        connection.exec_driver_sql("DROP INDEX raumatlas.space_geom")
        assert "&& st_expand" not in how(connection, found)
        connection.rollback()

"""Filters that somebody typed: what a link would set aside is told, what it takes is taken."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from core_fixtures import TOWNS
from hypothesis import given
from query_fixtures import filters

from atlas.errors import RequestError
from atlas.query.typed import PARAMS, read_typed

if TYPE_CHECKING:
    from atlas.query import Filters


def read(**params: str) -> Filters:
    return read_typed({key: [text] for key, text in params.items()}, municipalities=TOWNS)


@given(filters)
def test_what_the_map_writes_is_read_as_the_map_reads_it(asked: Filters) -> None:
    # Towns are those of the table; the form alone is not enough here.
    asked = dataclasses.replace(asked, municipalities=frozenset(), districts=frozenset())
    params = asked.to_params()
    assert set(params) <= set(PARAMS)
    assert read_typed(params, municipalities=TOWNS) == asked


def test_towns_and_districts_go_by_key_or_name() -> None:
    found = read(city="Westheim, 05000002,OSTHAUSEN", kreis="kreis ost")
    assert found.municipalities == set(TOWNS["ags"])
    assert found.districts == {"05001"}


@pytest.mark.parametrize("name", PARAMS)
def test_no_filter_is_passed_over_without_a_value(name: str) -> None:
    with pytest.raises(RequestError, match=rf"^{name}: .*(Möglich sind|So schreiben): \S"):
        read(**{name: ""})


@pytest.mark.parametrize(
    ("name", "text"),
    [("area_min", "abc"), ("rent_max", "nan"), ("radius", "weit"), ("area_unknown", "ja"),
     ("picked", "true"), ("pick", "nix"), ("near", "51.5"), ("near", "0,0"), ("q", "\x01 "),
     ("step", "ja"), ("city", "05999999"), ("kreis", "Westfalen")],
)  # fmt: skip
def test_a_value_that_a_link_would_lose_is_an_error(name: str, text: str) -> None:
    with pytest.raises(RequestError, match=rf"^{name}: „"):
        read(**{name: text})


@pytest.mark.parametrize("name", ["q", "near", "area_min", "picked"])
def test_a_filter_that_has_one_value_cannot_have_two(name: str) -> None:
    with pytest.raises(RequestError, match=rf"^{name} ist mehrmals angegeben .*: 1, 2\."):
        read_typed({name: ["1", "2"]}, municipalities=TOWNS)
    found = read_typed({"vacancy": ["vacant", "in_use"]}, municipalities=TOWNS)
    assert found.vacancy == {"vacant", "in_use"}


def test_one_wrong_key_of_a_shortlist_is_an_error() -> None:
    with pytest.raises(RequestError, match=r"^pick: „x“"):
        read(pick="0123456789,x")


@pytest.mark.parametrize("name", ["radius", "missed"])
def test_a_radius_around_nothing_is_an_error(name: str) -> None:
    with pytest.raises(RequestError, match=rf"^{name} gilt nur zusammen mit near"):
        read(**{name: "500"})
    assert read(near="51.5,7.2", radius="500").near


@pytest.mark.parametrize(
    ("name", "text"), [("radius", "1000"), ("area_unknown", "1"), ("picked", "0")]
)
def test_a_default_may_be_said(name: str, text: str) -> None:
    near = {"near": "51.5,7.2"} if name == "radius" else {}
    assert read(**near, **{name: text}) == read(**near)

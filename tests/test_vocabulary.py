"""The code lists: complete, unique, in both languages."""

from __future__ import annotations

import re

import pytest

from atlas import vocabulary as v

LISTS = {
    name: value for name, value in vars(v).items() if name.isupper() and isinstance(value, dict)
}


@pytest.mark.parametrize("name", LISTS)
def test_every_code_has_two_labels_and_a_plain_code(name: str) -> None:
    for code, term in LISTS[name].items():
        assert re.fullmatch(r"[a-z0-9_]+", code)
        assert code == term.code
        assert term.label("de").strip()
        assert term.label("en").strip()


@pytest.mark.parametrize("name", LISTS)
def test_labels_are_unique_so_that_people_can_choose(name: str) -> None:
    for language in v.LANGUAGES:
        labels = [term.label(language) for term in LISTS[name].values()]
        assert len(set(labels)) == len(labels)


def test_every_type_belongs_to_a_group_and_every_group_has_a_type() -> None:
    assert {term.group for term in v.TYPES.values()} == set(v.TYPE_GROUPS)


def test_people_choose_from_at_most_twelve_groups_with_letters_of_their_own() -> None:
    letters = [group.letter for group in v.TYPE_GROUPS.values()]
    assert len(letters) <= 12
    assert len(set(letters)) == len(letters)


def test_the_vacancy_scale_is_the_beginning_of_the_list() -> None:
    assert tuple(v.VACANCY)[: len(v.VACANCY_SCALE)] == v.VACANCY_SCALE

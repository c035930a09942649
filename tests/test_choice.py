"""Questions of the pages Compare and Profile in links: read back as written, never raising."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.choice import GROUPS_OF, Choice, PlacesAsked, TownAsked
from atlas.analysis.compare import MOST
from atlas.query.url import FIGURE_KEYS
from atlas.vocabulary import INDICATORS

CHOICES = st.sampled_from([Choice(code, group) for code in GROUPS_OF for group in GROUPS_OF[code]])
PLACES = st.lists(st.from_regex(r"0[0-9a-f]{7}", fullmatch=True), max_size=MOST, unique=True)
ANYTHING = st.dictionaries(st.sampled_from(FIGURE_KEYS), st.lists(st.text(max_size=12), max_size=6))


def test_every_indicator_has_groups_and_the_usual_one_is_among_them() -> None:
    assert list(GROUPS_OF) == list(INDICATORS)
    for code, groups in GROUPS_OF.items():
        assert Choice.of(code) == Choice(code, groups[0])
        assert Choice.of(code, "nix") == Choice(code, groups[0])
    assert Choice.of("nix", "studio") == Choice("spaces_per_10000", "studio")


@given(CHOICES)
def test_a_figure_survives_its_name(choice: Choice) -> None:
    assert Choice.read(choice.param) == choice


@given(CHOICES, PLACES)
def test_a_question_survives_the_link(choice: Choice, keys: list[str]) -> None:
    asked = PlacesAsked(tuple(keys), choice)
    assert PlacesAsked.from_params(asked.to_params()) == asked
    for key in keys:
        town = TownAsked(key, choice)
        assert TownAsked.from_params(town.to_params()) == town


@given(ANYTHING)
def test_any_link_is_read_as_a_question_that_can_be_asked(params: dict[str, list[str]]) -> None:
    for kind in (PlacesAsked, TownAsked):
        asked = kind.from_params(params)
        assert kind.from_params(asked.to_params()) == asked
        assert asked.choice.group in GROUPS_OF[asked.choice.indicator]
    assert len(PlacesAsked.from_params(params).keys) <= MOST


def test_a_place_counts_once_and_what_is_no_key_is_kept_to_be_told() -> None:
    given_ = {"place": ["05911000", "05911000", "<script>", "", "38c320f07f", "<script>",
                        "Bo\x00chum " + 100 * "x"]}  # fmt: skip
    asked = PlacesAsked.from_params(given_)
    assert asked.keys == ("05911000", "38c320f07f")
    assert asked.repeated == ("05911000",)
    assert asked.surplus == ()
    assert asked.unreadable == ("<script>", "Bo chum " + 72 * "x")
    assert TownAsked.from_params({"town": ["Bochum"]}).unreadable == "Bochum"
    assert TownAsked.from_params({"town": ["05911000"]}).unreadable == ""


def test_what_a_link_names_beyond_the_bound_is_kept_to_be_told() -> None:
    keys = tuple(f"0591{number}000" for number in range(MOST + 2))
    asked = PlacesAsked.from_params({"place": list(keys)})
    assert asked.keys == keys[:MOST]
    assert asked.surplus == keys[MOST:]
    assert asked.to_params() == {"place": list(keys[:MOST])}

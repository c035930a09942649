"""What the Hotspots page asks survives the link; hostile and old links give an analysis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.analysis.asked import (
    ALPHAS,
    BANDWIDTHS_M,
    PERMUTATION_COUNTS,
    SHOWN,
    TOPICS,
    UNITS,
    Asked,
)
from atlas.analysis.hexagons import RESOLUTIONS
from atlas.analysis.hotspots import HotspotQuestion
from atlas.query.url import ANALYSIS_KEYS
from atlas.ui.address import FILTER_PARAMS, OWN_PARAMS, PAGE_PARAMS


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    topic = draw(st.sampled_from(TOPICS))
    question = HotspotQuestion(
        subject="vacant" if topic == "vacant" else "creative",
        unit=draw(st.sampled_from(UNITS)),
        resolution=draw(st.sampled_from(RESOLUTIONS)),
        bandwidth_m=draw(st.none() | st.sampled_from(BANDWIDTHS_M).map(float)
                         | st.integers(250, 50_000).map(float)),
        permutations=draw(st.sampled_from(PERMUTATION_COUNTS)),
        alpha=draw(st.sampled_from(ALPHAS)),
    )  # fmt: skip
    return Asked(topic, draw(st.sampled_from(SHOWN)), question)


@given(questions())
def test_an_analysis_survives_the_link(asked: Asked) -> None:
    assert Asked.from_params(asked.to_params()) == asked


def test_a_link_that_is_read_without_its_unit_is_noticed() -> None:
    asked = Asked(question=HotspotQuestion(unit="municipality"))
    params = {key: value for key, value in asked.to_params().items() if key != "unit"}
    assert Asked.from_params(params) != asked


def test_the_default_needs_no_parameters() -> None:
    assert Asked().to_params() == {}
    assert Asked.from_params({}) == Asked()


HOSTILE = st.text(max_size=30) | st.sampled_from(
    ["nan", "inf", "-1", "1e400", "6", "municipality", "energy", "<script>", "\x00", "9" * 400]
)


@given(
    st.dictionaries(
        st.sampled_from(ANALYSIS_KEYS) | st.text(max_size=8), st.lists(HOSTILE, max_size=3)
    )
)
def test_any_link_gives_an_analysis_that_can_be_asked(params: dict[str, list[str]]) -> None:
    asked = Asked.from_params(params)
    assert asked.question.resolution in RESOLUTIONS
    assert asked.question.bandwidth_m is None or 250 <= asked.question.bandwidth_m <= 50_000
    assert Asked.from_params(asked.to_params()) == asked
    hash(asked)


@pytest.mark.parametrize(("given_", "expected"), [("10", 250), ("1e9", 50_000), ("2500.4", 2500)])
def test_a_bandwidth_is_kept_within_reason(given_: str, expected: int) -> None:
    assert Asked.from_params({"bandwidth": [given_]}).question.bandwidth_m == expected


def test_the_subject_follows_the_topic() -> None:
    subjects = {topic: Asked.from_params({"topic": [topic]}).question.subject for topic in TOPICS}
    assert subjects == {"creative": "creative", "vacant": "vacant", "energy": "creative"}


def test_pages_and_filters_do_not_share_a_parameter() -> None:
    assert set(ANALYSIS_KEYS) <= PAGE_PARAMS
    assert not PAGE_PARAMS & {*FILTER_PARAMS, *OWN_PARAMS, "lang"}

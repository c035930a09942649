"""What the browser's filter lets pass is what `atlas.query.apply` lets pass."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from atlas import vocabulary as v
from atlas.query import CODE_FIELDS, Filters, Near, Range, WordIndex, apply
from atlas.query.client import client_spec
from tests.browser.map_fixtures import hostile_data, load_folder, open_map

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from atlas.store import Atlas

SITE = Path(__file__).parent / "map_site" / "app.py"
TODAY = dt.date(2026, 11, 22)
COUNT = 260
EVALUATE = """async (specs) => {
  const answers = [];
  for (const spec of specs) {
    AtlasMap.receive({ spec });
    while (atlasLayer.evaluated !== AtlasMap.message) await new Promise((go) => setTimeout(go, 1));
    answers.push(atlasLayer.matches());
  }
  return answers;
}"""
TEXTS = (
    "Zollverein", "zolverein", "Zolvlerein", "zech", "ze", "Königsborn", "koenigsborn",
    "konigsborm", "bahnhof essen", "glück auf", "kolonie", "Müller 12", "a", "straße", "viehofer",
    "prospr", "12", "schoene aussicht", "xyzzy", "unoin", "<script>", "brewery", "zeceh", "haus",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = hostile_data(tmp_path_factory.mktemp("data"), 2000)
    path = folder / "spaces.csv"
    spaces = pd.read_csv(path, dtype="str")
    # Every third space can be split, of every ninth only the smallest part is known.
    splits = spaces["area_m2"].notna() & (spaces.index % 3 == 0)
    spaces["area_min_m2"] = (spaces["area_m2"].astype(float) // 4 + 1).where(splits)
    spaces["area_m2"] = spaces["area_m2"].where(spaces.index % 9 != 0)
    spaces.to_csv(path, index=False)
    return folder


@pytest.fixture(scope="module")
def atlas(folder: Path) -> Atlas:
    return load_folder(folder)


def generated(atlas: Atlas, count: int) -> list[Filters]:
    chance = random.Random(20261122)  # noqa: S311 - repeatable, not secret
    return [one_filter(atlas, chance) for _ in range(count)]


def one_filter(atlas: Atlas, chance: random.Random) -> Filters:
    chosen: dict[str, Any] = {}
    for name in chance.sample(sorted(CODE_FIELDS), chance.choice([0, 1, 1, 2, 3])):
        entry = CODE_FIELDS[name]
        options = list(entry.codes) or sorted(atlas.spaces[entry.column].unique())
        chosen[name] = frozenset(chance.sample(options, chance.randint(1, min(4, len(options)))))
    for name, column in (("area", "area_m2"), ("rent", "rent_eur_per_m2_month")):
        if chance.random() < 0.25:
            known = sorted(atlas.spaces[column].dropna())
            low, high = sorted(chance.sample(known, 2))  # bounds that rows lie on exactly
            chosen[name] = Range(
                chance.choice([None, low]), chance.choice([None, high]), chance.random() < 0.5
            )
    if chance.random() < 0.35:
        chosen["text"] = chance.choice(TEXTS)
    if chance.random() < 0.3:
        chosen["near"] = near(atlas, chance)
    chosen["shortlist"] = tuple(chance.sample(list(atlas.spaces["space_id"]), chance.randint(0, 9)))
    chosen["only_shortlist"] = chance.random() < 0.12
    return Filters(**chosen)


def near(atlas: Atlas, chance: random.Random) -> Near:
    row = atlas.spaces[atlas.spaces["lat"].notna()].iloc[chance.randrange(1500)]
    return Near(row["lat"], row["lon"], chance.choice([100, 1000, 2500, 10_000]))


@pytest.fixture(scope="module")
def site(serve: Callable[..., str], folder: Path) -> str:
    return serve(SITE, ATLAS_DATA_DIR=str(folder))


def test_the_browser_and_python_let_the_same_spaces_pass(
    page: Page, site: str, atlas: Atlas
) -> None:
    filters = generated(atlas, COUNT)
    words = WordIndex(atlas.spaces)
    frame = open_map(page, site)
    answers = frame.evaluate(EVALUATE, [client_spec(one, today=TODAY) for one in filters])
    ids = atlas.spaces["space_id"]
    expected = [list(ids[apply(atlas.spaces, one, today=TODAY, words=words)]) for one in filters]
    wrong = [one for one, got, want in zip(filters, answers, expected, strict=True) if got != want]
    assert wrong == []
    # The comparison means something: many filters, each kind, neither all nor nothing.
    partial = [want for want in expected if 0 < len(want) < len(ids)]
    assert len(partial) > COUNT / 3
    used = {name for one in filters for name in one.active_fields}
    assert used == {*CODE_FIELDS, "area", "rent", "text", "near", "only_shortlist"}
    assert sum(atlas.spaces["area_min_m2"].notna() & atlas.spaces["area_m2"].notna()) > 100
    assert sum(atlas.spaces["area_min_m2"].notna() & atlas.spaces["area_m2"].isna()) > 50


def test_the_browser_and_python_agree_on_spaces_that_can_be_split(
    page: Page, site: str, atlas: Atlas
) -> None:
    known = [float(bound) for bound in atlas.spaces["area_m2"].dropna().quantile([0.2, 0.5, 0.8])]
    bounds = [None, 0.0, *known]
    asked = [
        Filters(area=Range(low, high, unknown))
        for low in bounds for high in bounds for unknown in (True, False)
    ]  # fmt: skip
    frame = open_map(page, site)
    answers = frame.evaluate(EVALUATE, [client_spec(one, today=TODAY) for one in asked])
    words, ids = WordIndex(atlas.spaces), atlas.spaces["space_id"]
    for one, answer in zip(asked, answers, strict=True):
        assert answer == list(ids[apply(atlas.spaces, one, today=TODAY, words=words)]), one
    assert len({len(answer) for answer in answers}) > 10
    # Without the smallest part of each, the same questions have other answers.
    whole = atlas.spaces.assign(area_min_m2=float("nan"))
    plain = [list(ids[apply(whole, one, today=TODAY, words=words)]) for one in asked]
    assert sum(answer != other for answer, other in zip(answers, plain, strict=True)) > 10


def test_the_comparison_fails_when_the_browser_gets_another_filter(
    page: Page, site: str, atlas: Atlas
) -> None:
    frame = open_map(page, site)
    asked = Filters(vacancy=frozenset({"vacant"}))
    spec = client_spec(Filters(vacancy=frozenset({"in_use"})), today=TODAY)
    (answer,) = frame.evaluate(EVALUATE, [spec])
    mask = apply(atlas.spaces, asked, today=TODAY, words=WordIndex(atlas.spaces))
    assert answer != list(atlas.spaces["space_id"][mask])


def test_ages_count_from_the_day_of_the_message(page: Page, site: str, atlas: Atlas) -> None:
    frame = open_map(page, site)
    words = WordIndex(atlas.spaces)
    for today in (dt.date(2021, 3, 1), dt.date(2030, 1, 1)):
        for code in v.AGE_CLASSES:
            asked = Filters(ages=frozenset({code}))
            (answer,) = frame.evaluate(EVALUATE, [client_spec(asked, today=today)])
            mask = apply(atlas.spaces, asked, today=today, words=words)
            assert answer == list(atlas.spaces["space_id"][mask])

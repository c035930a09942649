"""The local statistics: equal to esda's, to figures that were published, and at their level."""

from __future__ import annotations

import threading
import warnings

import esda
import geopandas as gpd
import h3
import libpysal
import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal.graph import Graph, read_gal
from scipy import stats

from atlas.analysis.significance import adjusted, gi_star, local_moran, two_sided
from atlas.analysis.testing import SIMULATED, allowed, plan, run

ALPHA = 0.05
SEED = 1


@pytest.fixture(scope="module")
def columbus() -> tuple[np.ndarray, Graph]:
    """Crime in 49 neighbourhoods of Columbus, Ohio (Anselin 1988), Queen contiguity."""
    frame = gpd.read_file(examples.get_path("columbus.shp"))
    return frame["CRIME"].to_numpy(), Graph.build_contiguity(frame, rook=False)


def stl() -> tuple[np.ndarray, Graph]:
    """Homicide rates 1988-93 in 78 counties around St. Louis (Messner et al. 1999)."""
    return column("stl_hom.txt", "HR8893"), read_gal(examples.get_path("stl.gal"))


def column(file: str, name: str) -> np.ndarray:
    """Read a column of an example; the first line of these files is their size."""
    return pd.read_csv(examples.get_path(file), skiprows=1)[name].to_numpy()


def quietly(make: object) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def test_gi_star_equals_esda(columbus: tuple[np.ndarray, Graph]) -> None:
    values, graph = columbus
    ours = gi_star(values, graph, permutations=199, seed=SEED)
    theirs = quietly(
        lambda: esda.G_Local(
            values, graph, transform="B", star=True, permutations=199, seed=SEED, n_jobs=1
        )
    )
    np.testing.assert_allclose(ours.statistic, theirs.Zs)
    np.testing.assert_allclose(
        ours.p,
        esda.significance.calculate_significance(theirs.Gs, theirs.rGs, "folded"),
    )


@pytest.mark.parametrize("data", ["columbus", "stl"])
def test_local_moran_equals_esda_which_simulates_it_on_its_own(
    data: str, columbus: tuple[np.ndarray, Graph]
) -> None:
    values, graph = columbus if data == "columbus" else stl()
    p = gi_star(values, graph, permutations=199, seed=SEED).p
    ours = local_moran(values, graph, p=p)
    theirs = quietly(lambda: esda.Moran_Local(values, graph, permutations=199, seed=SEED))
    np.testing.assert_allclose(ours.statistic, theirs.Is)
    assert ours.quadrant.tolist() == theirs.q.tolist()
    # Given its own value, both statistics of an area rise and fall with its neighbours' sum.
    np.testing.assert_allclose(ours.p, two_sided(theirs.Is, theirs.rlisas))


def test_gi_star_is_the_published_figure() -> None:
    # The documentation of esda.G_Local: six points, neighbours within 15, binary, star.
    points = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    values = np.array([2, 3, 3.2, 5, 8, 7])
    graph = Graph.from_W(quietly(lambda: libpysal.weights.DistanceBand(points, threshold=15)))
    expected = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    found = gi_star(values, graph, permutations=9, seed=SEED)
    np.testing.assert_allclose(found.statistic, expected, atol=1e-8)


def test_local_moran_is_the_published_figure() -> None:
    # The documentation of esda.Moran_Local (quadrants) and esda.Moran (I of St. Louis, 0.244).
    graph, values = read_gal(examples.get_path("desmith.gal")), column("desmith.txt", "z")
    assert local_moran(values, graph, p=np.ones(10)).quadrant.tolist() == [
        4, 4, 4, 2, 3, 3, 1, 4, 3, 3,
    ]  # fmt: skip
    values, graph = stl()
    local = local_moran(values, graph, p=np.ones(len(values))).statistic
    assert local.sum() / (len(values) - 1) == pytest.approx(0.244, abs=5e-4)


def test_an_area_at_the_mean_shows_nothing() -> None:
    graph = Graph.from_arrays(
        np.array(list("aabbccdd")), np.array(list("bdacbdca")), np.ones(8, dtype=int)
    )
    found = local_moran(np.array([1.0, 2, 3, 2]), graph, p=np.full(4, 0.01))
    assert found.p.tolist() == [0.01, 1, 0.01, 1]


def test_two_sided_does_not_hide_the_hotspot_of_sparse_counts() -> None:
    # Nine of ten permutations without any site; the observed sum is beyond all of them.
    simulated = np.array([[0.0] * 90 + [0.1] * 10])
    assert two_sided(np.array([0.9]), simulated) == pytest.approx(1 / 101)
    other = esda.significance.calculate_significance(np.array([0.9]), simulated, "two-sided")
    assert other > 0.5


def test_adjusted_is_the_published_example() -> None:
    # Benjamini and Hochberg 1995, section 4.1: the first four of fifteen are rejected.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
         0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    assert (adjusted(np.array(p)) <= ALPHA).sum() == 4
    assert (np.array(p) <= ALPHA).sum() == 9
    assert (np.array(p) <= esda.fdr(np.array(p), ALPHA)).sum() == 4


def test_sessions_that_ask_at_once_get_the_same_answer() -> None:
    values, graph = stl()
    alone = gi_star(values, graph, permutations=999, seed=SEED).p
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(gi_star(values, graph, permutations=999, seed=SEED).p)
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.tolist() for answer in found] == [alone.tolist()] * 4


def test_the_generator_of_others_goes_on_as_if_nothing_had_happened() -> None:
    values, graph = stl()
    np.random.seed(5)  # noqa: NPY002
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    gi_star(values, graph, permutations=9, seed=SEED)
    assert np.random.random(3).tolist() == expected.tolist()  # noqa: NPY002


def test_many_areas_get_fewer_permutations() -> None:
    assert allowed(999, 1000) == 999
    assert allowed(9999, 10_000) == SIMULATED // 10_000 < 9999


# Complete spatial randomness: n points fall on equal cells with equal chance.
CELLS = sorted(h3.grid_disk(h3.latlng_to_cell(51.5, 7.2, 7), 4))
GRID = Graph.build_h3(CELLS, order=1, weight="binary")
RUNS = 200
PERMUTATIONS = 499


def random_runs(points: int, runs: int, seed: int) -> list[pd.DataFrame]:
    rng = np.random.default_rng(seed)
    tests = []
    for number in range(runs):
        counts = pd.Series(rng.multinomial(points, np.full(len(CELLS), 1 / len(CELLS))))
        values = counts.astype(float)
        todo = plan(values, counts > 0, GRID)
        found = run(values, todo, permutations=PERMUTATIONS, alpha=ALPHA, seed=number)
        tests.append(found[found["hotspot"] != "not_tested"])
    return tests


@pytest.fixture(scope="module")
def dense() -> list[pd.DataFrame]:
    return random_runs(10 * len(CELLS), RUNS, seed=11)


@pytest.fixture(scope="module")
def sparse() -> list[pd.DataFrame]:
    return random_runs(len(CELLS) // 2, RUNS, seed=12)


def share(runs: list[pd.DataFrame]) -> tuple[float, float]:
    """Return the mean share of cells with p at most alpha, and its standard error."""
    shares = np.array([(found["gi_p"] <= ALPHA).mean() for found in runs])
    return float(shares.mean()), float(shares.std(ddof=1) / np.sqrt(len(shares)))


def alarms(runs: list[pd.DataFrame]) -> int:
    """Return the number of runs in which anything at all is called significant."""
    return sum(
        bool((found["hotspot"] != "none").any() or (found["cluster"] != "none").any())
        for found in runs
    )


# Runs are independent, cells of a run are not: the error is that of the mean over runs, and
# three of them (one in 740 by chance) are allowed above the level. Under the complete null
# every discovery is false, so the false discovery rate is the share of runs with an alarm;
# their number is at most binomial(200, 0.05), of which 20 is the 99.9 % quantile.
LIMIT = int(stats.binom.ppf(0.999, RUNS, ALPHA))


def test_under_randomness_the_share_of_significant_cells_is_nominal(
    dense: list[pd.DataFrame], sparse: list[pd.DataFrame]
) -> None:
    mean, error = share(dense)
    assert 0.03 < mean <= ALPHA + 3 * error
    # Few points: p-values come in large steps, so the level is kept but not used up.
    mean, error = share(sparse)
    assert mean <= ALPHA + 3 * error


def test_under_randomness_false_discovery_control_keeps_runs_without_alarm(
    dense: list[pd.DataFrame], sparse: list[pd.DataFrame]
) -> None:
    assert alarms(dense) <= LIMIT
    assert alarms(sparse) <= LIMIT


def test_without_the_control_nearly_every_run_has_an_alarm(dense: list[pd.DataFrame]) -> None:
    uncontrolled = sum(bool((found["gi_p"] <= ALPHA).any()) for found in dense)
    assert uncontrolled > 5 * LIMIT


def test_one_sided_values_taken_as_two_sided_exceed_the_level() -> None:
    rng = np.random.default_rng(13)
    shares = []
    for number in range(40):
        values = rng.multinomial(10 * len(CELLS), np.full(len(CELLS), 1 / len(CELLS))).astype(float)
        found = quietly(
            lambda values=values, number=number: esda.G_Local(
                values, GRID, transform="B", star=True, permutations=99, seed=number, n_jobs=1
            )
        )
        shares.append((found.p_sim <= ALPHA).mean())
    assert np.mean(shares) > 1.5 * ALPHA


def test_a_planted_block_is_found_and_nothing_far_away() -> None:
    rng = np.random.default_rng(14)
    middle = CELLS[0]
    block = set(h3.grid_disk(middle, 1)) & set(CELLS)
    counts = pd.Series([10 * (cell in block) for cell in CELLS]) + rng.poisson(1, len(CELLS))
    values = counts.astype(float)
    todo = plan(values, counts > 0, GRID)
    found = run(values, todo, permutations=999, alpha=ALPHA, seed=SEED)
    hot = {CELLS[position] for position in found.index[found["hotspot"] == "hot"]}
    assert middle in hot
    assert all(h3.grid_distance(cell, middle) <= 2 for cell in hot)
    assert found["cluster"][CELLS.index(middle)] == "high_high"

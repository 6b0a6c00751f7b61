"""Intervals and differences against what probability theory says of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.bootstrap import RESAMPLES, Column, Ranking, auroc, interval, resampled, value

ALL = np.ones(400, dtype=bool)


def binomial(share: float, seed: int, count: int = 400) -> Column:
    drawn = np.random.default_rng(seed).random(count) < share
    return Column(drawn.astype(np.float64), np.ones(count, dtype=bool))


def test_intervals_hold_the_true_share_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(60):
        low, high = interval(resampled({"x": binomial(0.7, seed)}, 400)["x"])
        held += low <= 0.7 <= high
    assert 51 <= held <= 60  # 95 % of 60 is 57, give or take three standard deviations


def test_an_interval_is_as_wide_as_the_binomial_says() -> None:
    column = binomial(0.7, 5)
    low, high = interval(resampled({"x": column}, 400)["x"])
    share = value(column)
    assert (high - low) / 2 == pytest.approx(1.96 * math.sqrt(share * (1 - share) / 400), rel=0.08)
    assert low < share < high


def test_the_same_questions_give_the_same_interval() -> None:
    one, other = (resampled({"x": binomial(0.4, 1)}, 400)["x"] for _ in range(2))
    assert (one == other).all()
    assert one.shape == (RESAMPLES,)


def test_what_is_resampled_together_is_paired() -> None:
    column = binomial(0.5, 2)
    better = Column(np.minimum(column.values + 0.25, 2.0), ALL)
    spread = resampled({"before": column, "now": better}, 400)
    assert spread["now"] - spread["before"] == pytest.approx(0.25)  # though each alone varies by ± .05


def test_only_what_is_counted_is_counted() -> None:
    counted = np.arange(400) < 100
    column = Column(np.where(counted, 1.0, np.nan), counted)
    assert value(column) == 1.0
    assert interval(resampled({"x": column}, 400)["x"]) == (1.0, 1.0)
    nothing = Column(np.zeros(400), np.zeros(400, dtype=bool))
    assert math.isnan(value(nothing))
    assert all(map(math.isnan, interval(resampled({"x": nothing}, 400)["x"])))


def test_there_may_be_no_question_at_all() -> None:
    empty = Column(np.zeros(0), np.zeros(0, dtype=bool))
    assert all(map(math.isnan, interval(resampled({"x": empty}, 0)["x"])))


def test_many_questions_are_resampled_block_by_block() -> None:
    column = binomial(0.7, 3, count=6000)
    low, high = interval(resampled({"x": column}, 6000)["x"])
    assert (high - low) / 2 == pytest.approx(1.96 * math.sqrt(0.7 * 0.3 / 6000), rel=0.15)


NUMBERS = st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), min_size=1, max_size=12)


@given(NUMBERS, NUMBERS)
def test_auroc_is_the_share_of_pairs_won(positive: list[float], negative: list[float]) -> None:
    found = auroc(positive, negative)
    assert found == pytest.approx(1 - auroc(negative, positive))
    wins = sum(1.0 if p > n else 0.5 if p == n else 0.0 for p in positive for n in negative)
    assert found == pytest.approx(wins / len(positive) / len(negative))


def test_auroc_of_one_side_only_is_no_number() -> None:
    assert math.isnan(auroc([], [0.5]))
    assert math.isnan(auroc([0.5], []))


def test_a_resampled_auroc_is_that_of_the_questions_drawn() -> None:
    random = np.random.default_rng(4)
    positive = random.random(200) < 0.6
    sure = np.round(np.clip(random.normal(0.4 + 0.2 * positive, 0.2), 0, 1), 1)  # with many ties
    ranking = Ranking(sure, positive, np.ones(200, dtype=bool))
    low, high = interval(resampled({"auroc": ranking}, 200)["auroc"])
    assert value(ranking) == pytest.approx(auroc(sure[positive].tolist(), sure[~positive].tolist()))
    assert low < value(ranking) < high
    one_by_one = []
    for _ in range(300):
        drawn = random.integers(0, 200, 200)
        one_by_one.append(auroc(sure[drawn][positive[drawn]].tolist(), sure[drawn][~positive[drawn]].tolist()))
    assert (low, high) == pytest.approx(tuple(np.quantile(one_by_one, [0.025, 0.975])), abs=0.025)

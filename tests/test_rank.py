import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import unit
from rag.rank import FLOOR, HALF_LIFE_DAYS, Floats, Signals, Weights, date_prior, first_stage, idf, late_interaction


def prior(age: float) -> float:
    return float(date_prior(np.asarray([age]))[0])


def test_the_date_prior_is_one_on_the_day_and_halves_towards_its_floor() -> None:
    assert prior(0) == 1
    assert prior(HALF_LIFE_DAYS) == pytest.approx((1 + FLOOR) / 2)
    assert prior(2 * HALF_LIFE_DAYS) == pytest.approx(FLOOR + (1 - FLOOR) / 4)
    assert prior(100_000) == pytest.approx(FLOOR)


@given(st.floats(0, 50_000), st.floats(0, 50_000))
def test_the_date_prior_never_rises_with_age(one: float, other: float) -> None:
    assert prior(min(one, other)) >= prior(max(one, other))


def test_articles_of_the_days_after_count_in_full_and_later_ones_hardly() -> None:
    assert prior(-1) == prior(-7) == 1
    assert prior(-8) == prior(-9_999) == 0


def test_an_unknown_date_counts_as_a_month() -> None:
    assert prior(math.nan) == prior(30)


def test_the_prior_takes_no_dates_at_all() -> None:
    assert date_prior(np.zeros(0)).shape == (0,)
    assert date_prior(np.zeros(3)).dtype == np.float32


def test_idf_is_the_formula_of_robertson_and_zaragoza() -> None:
    found = idf(np.asarray([0, 1, 50, 100], dtype=np.int64), 100)
    expected = [math.log(1 + (100 - n + 0.5) / (n + 0.5)) for n in (0, 1, 50, 100)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert all(np.diff(found) < 0)
    assert found[-1] > 0


def vectors(count: int, seed: int) -> Floats:
    return unit(np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32))


@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 99))
def test_late_interaction_is_the_weighted_mean_of_the_closest(asked: int, held: int, seed: int) -> None:
    question, tokens = vectors(asked, seed), vectors(held, seed + 100)
    weights = np.random.default_rng(seed).uniform(0.1, 5, asked).astype(np.float32)
    total = 0.0
    for one, weight in zip(question, weights, strict=True):
        total += float(weight) * max(
            sum(float(a) * float(b) for a, b in zip(one, token, strict=True)) for token in tokens
        )
    assert late_interaction(question, weights, tokens) == pytest.approx(total / float(weights.sum()), abs=1e-5)


def test_late_interaction_of_a_text_with_itself_is_one_and_with_nothing_zero() -> None:
    question, weights = vectors(4, 1), np.ones(4, dtype=np.float32)
    assert late_interaction(question, weights, question) == pytest.approx(1, abs=1e-6)
    assert late_interaction(question, weights, vectors(0, 1)) == 0
    assert late_interaction(vectors(0, 1), weights[:0], question) == 0


def floats(*values: float) -> Floats:
    return np.asarray(values, dtype=np.float32)


def two(**given: tuple[float, float]) -> Signals:
    """Return the signals of two passages that are alike but for those given."""
    alike = dict.fromkeys(("cosine", "bm25", "coverage", "proximity", "date_factor"), (0.5, 0.5))
    arrays = {name: floats(*pair) for name, pair in (alike | given).items() if name != "position"}
    return Signals(position=np.asarray(given.get("position", (1, 1)), dtype=np.int64), **arrays)


@pytest.mark.parametrize(
    "signal",
    [{"cosine": (0.9, 0.1)}, {"coverage": (1, 0)}, {"proximity": (0.6, 0.4)}, {"position": (0, 3)},
     {"date_factor": (1, 0.3)}],
    ids=lambda signal: next(iter(signal)),
)  # fmt: skip
def test_more_of_each_signal_and_an_earlier_place_is_a_higher_score(signal: dict[str, tuple[float, float]]) -> None:
    first, second = first_stage(two(**signal))
    assert first > second


def test_the_first_stage_takes_passages_that_no_word_matched_or_none_at_all() -> None:
    assert np.isfinite(first_stage(two(bm25=(0, 0), coverage=(0, 0), date_factor=(1, FLOOR)))).all()
    none = Signals(*4 * [floats()], position=np.zeros(0, dtype=np.int64), date_factor=floats())
    assert first_stage(none).shape == (0,)


def test_a_weight_of_nothing_takes_a_signal_out() -> None:
    only = Weights(cosine=1, coverage=0, proximity=0, position=0, date=0)
    np.testing.assert_allclose(first_stage(two(cosine=(0.9, 0.1), coverage=(0, 1)), only), [0.9, 0.1], rtol=1e-6)

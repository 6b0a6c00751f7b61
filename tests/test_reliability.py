import math
from itertools import pairwise

import numpy as np
import pytest

from rag.evaluation.reliability import expected_calibration_error, reliability

# Worked by hand: two in the bin .2 to .3, one of them true; two in the last, both true.
SURE, TRUE = [0.2, 0.28, 0.95, 1.0], [True, False, True, True]


def test_bins_of_equal_width_hold_what_falls_into_them() -> None:
    first, last = reliability(SURE, TRUE)
    assert (first.low, first.high, first.count) == (0.2, pytest.approx(0.3), 2)
    assert (first.confidence, first.share) == (pytest.approx(0.24), 0.5)
    assert (last.low, last.high, last.count) == (0.9, 1.0, 2)  # 1 belongs to the last
    assert (last.confidence, last.share) == (pytest.approx(0.975), 1.0)


def test_the_error_is_the_weighted_distance() -> None:
    assert expected_calibration_error(SURE, TRUE) == pytest.approx(0.5 * (0.5 - 0.24) + 0.5 * 0.025)
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
    assert expected_calibration_error([1.0, 0.0], [False, True]) == 1
    assert math.isnan(expected_calibration_error([], []))


def test_adaptive_bins_hold_equally_many() -> None:
    sure = np.linspace(0.9, 1.0, 100) ** 2
    found = reliability(sure, sure > 0.95, 5, adaptive=True)
    assert [each.count for each in found] == [20] * 5
    assert found[0].low == pytest.approx(0.81)
    assert all(one.high <= other.low for one, other in pairwise(found))
    assert len(reliability(sure, sure > 0.95)) == 2
    assert expected_calibration_error(SURE, TRUE, 1, adaptive=True) == expected_calibration_error(SURE, TRUE, 1)


def test_what_has_no_confidence_is_passed_over() -> None:
    assert reliability([*SURE, math.nan], [*TRUE, False]) == reliability(SURE, TRUE)


def test_confidence_that_is_drawn_as_it_says_has_little_error() -> None:
    chance = np.random.default_rng(1)
    sure = chance.random(20_000)
    assert expected_calibration_error(sure, chance.random(20_000) < sure) < 0.02
    assert expected_calibration_error(sure, chance.random(20_000) < sure**2) > 0.1


def test_the_interval_of_a_share_is_wilsons() -> None:
    [only] = reliability([0.5] * 10, [True] * 8 + [False] * 2)
    assert only.interval == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    [sure] = reliability([0.5] * 10, [True] * 10)
    assert sure.interval.high == pytest.approx(1.0)
    assert 0.7 < sure.interval.low < 0.75


@pytest.mark.parametrize(("sure", "true", "bins"), [([0.5], [], 10), ([1.5], [True], 10), ([0.5], [True], 0)])
def test_what_makes_no_sense_is_an_error(sure: list[float], true: list[bool], bins: int) -> None:
    with pytest.raises(ValueError, match="confidences"):
        reliability(sure, true, bins)

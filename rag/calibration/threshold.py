"""Chooses the threshold of refusal from drafted questions, each asked with and without what answers it. Pure.

Of the thresholds whose share of wrong answers is at most the one wanted, the lowest is taken: it answers most
(El-Yaniv and Wiener, On the Foundations of Noise-free Selective Classification, 2010). An answer is wrong where no
article answers, or where the first quote does not. That share is too good for the questions it was chosen by, so it is
measured on those that a bootstrap sample left out, too.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rag.evaluation.bootstrap import Flags, Floats, Interval, interval

LEAST = 30
"""Questions below which nothing can be chosen: of so few, one wrong answer more or less moves the share by a tenth."""
RESAMPLES = 1000
_SEED = 20260101
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of the questions; all arrays are (questions,), in one order."""

    sure: Floats
    """The confidence with the articles that answer."""
    right: Flags
    """Whether the first quote then answered."""
    without: Floats
    """The confidence without them."""


@dataclass(frozen=True, slots=True)
class Point:
    """What comes of one threshold."""

    threshold: float
    answered: float
    """Share of the questions that can be answered."""
    invented: float
    """Share of those that cannot be."""
    risk: float
    """Share of the answers that are wrong; 0 of none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The threshold chosen."""

    point: Point
    interval: Interval
    """Of the threshold, 95 %, by bootstrap over the questions; 1 where a sample had none that was good enough."""
    expected: float
    """The share of wrong answers among the questions that a sample left out; NaN where none of them was answered."""
    expected_interval: Interval


def at(asked: Asked, threshold: float) -> Point:
    """Return what comes of a threshold."""
    answered, invented = asked.sure >= threshold, asked.without >= threshold
    wrong, total = int((answered & ~asked.right).sum() + invented.sum()), int(answered.sum() + invented.sum())
    return Point(threshold, float(answered.mean()), float(invented.mean()), wrong / total if total else 0.0)


def curve(asked: Asked) -> list[Point]:
    """Return what comes of every threshold that makes a difference, the lowest first."""
    return [at(asked, threshold) for threshold in _cuts(np.concatenate([asked.sure, asked.without]))]


def choose(asked: Asked, risk: float, usual: float) -> Choice | None:
    """Return the lowest threshold with at most this share of wrong answers; None where every one has more.

    Of those that answer the very same questions it is the `usual` one, if that is among them.
    """
    best = _lowest(asked, risk, usual)
    if best is None:
        return None
    chance, count = np.random.default_rng(_SEED), len(asked.sure)
    cuts, shares = [], []
    for _ in range(RESAMPLES):
        drawn = chance.integers(0, count, size=count)
        found = _lowest(_of(asked, drawn), risk, usual)
        cuts.append(1.0 if found is None else found)
        rest = _of(asked, np.setdiff1d(np.arange(count), drawn))
        missed = found is None or not (np.concatenate([rest.sure, rest.without]) >= found).any()
        shares.append(np.nan if missed or found is None else at(rest, found).risk)
    known = np.array(shares, dtype=np.float64)
    expected = float(np.nanmean(known)) if not np.isnan(known).all() else float("nan")
    return Choice(at(asked, best), interval(np.array(cuts)), expected, interval(known))


def least_risk(asked: Asked) -> Point:
    """Return the threshold with the least share of wrong answers, the lowest of several."""
    return min((point for point in curve(asked) if point.answered or point.invented), key=lambda point: point.risk)


def _of(asked: Asked, places: np.ndarray) -> Asked:
    return Asked(asked.sure[places], asked.right[places], asked.without[places])


def _lowest(asked: Asked, risk: float, usual: float) -> float | None:
    sure = np.concatenate([asked.sure, asked.without])
    wrong = np.concatenate([~asked.right, np.ones(len(asked.without), dtype=bool)])
    order = np.argsort(-sure, kind="stable")
    shares = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    ends = np.r_[sure[order][1:] != sure[order][:-1], True]  # equally sure ones are answered together
    good = np.flatnonzero(ends & (shares <= risk))
    if not len(good):
        return None
    last = int(good[-1])
    below = float(sure[order][last + 1]) if last + 1 < len(order) else 0.0
    above = float(sure[order][last])
    return usual if below < usual <= above else _between(below, above)


def _cuts(sure: Floats) -> list[float]:
    values = np.unique(sure)
    return [0.0, *(_between(float(low), float(high)) for low, high in pairwise(values))]


def _between(low: float, high: float) -> float:
    """Return a short number between two confidences: answers the higher one, refuses the lower."""
    middle = round((low + high) / 2, _DIGITS)
    return middle if low < middle <= high else high

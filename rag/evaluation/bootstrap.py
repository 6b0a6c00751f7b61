"""How far a figure may be from the truth, and whether two runs differ: percentile bootstrap over questions.

Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 16. Questions are drawn again with
replacement, as if another set of the same kind had been asked; the seed is fixed, so that a run gives one interval.
Knows nothing of questions but what they count: a figure is a weighted mean of columns, or an AUROC.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
LEVEL = 0.95
_SEED = 20260101
_BLOCK = 4_000_000  # counts held at a time: 32 MB

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Interval(NamedTuple):
    """The middle 95 % of what resampling gave. It is a point where all questions fared alike, and then says little."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Column:
    """What each question adds to a mean: `values` (n,), of those that are `counted` (n,)."""

    values: Floats
    counted: Flags


@dataclass(frozen=True, slots=True)
class Ranking:
    """What an AUROC is made of: the `confidence` (n,) of the questions `counted` (n,), some of them `positive` (n,)."""

    confidence: Floats
    positive: Flags
    counted: Flags


Measure = Column | Ranking


def value(measure: Measure) -> float:
    """Return the figure itself, NaN where nothing is counted."""
    if isinstance(measure, Column):
        counted = measure.values[measure.counted].tolist()
        return sum(counted) / len(counted) if counted else float("nan")
    return float(_auroc(measure, np.ones((1, len(measure.counted))))[0])


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that one of `positive` is above one of `negative`, ties counting half (NaN of none)."""
    sure = np.asarray([*positive, *negative], dtype=np.float64)
    first = np.arange(len(sure)) < len(positive)
    return value(Ranking(sure, first, np.ones(len(sure), dtype=bool)))


def interval(spread: Floats) -> Interval:
    """Return the middle 95 % of resampled figures (resamples,); NaN where none is a number."""
    known = spread[~np.isnan(spread)]
    if not len(known):
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def resampled(measures: Mapping[str, Measure], questions: int) -> dict[str, Floats]:
    """Return for each measure over `questions` questions its figure in every resample, (RESAMPLES,).

    All are of the same resamples, so that the differences between two of them are paired.
    """
    columns = {name: each for name, each in measures.items() if isinstance(each, Column)}
    rankings = {name: each for name, each in measures.items() if isinstance(each, Ranking)}
    # One product of matrices for all means: what is not counted adds nothing.
    counted = _stacked([each.counted for each in columns.values()], questions)
    values = _stacked([np.where(each.counted, each.values, 0.0) for each in columns.values()], questions)
    blocks: dict[str, list[Floats]] = {name: [] for name in measures}
    for draws in _draws(questions):
        means = _divided(draws @ values, draws @ counted)
        for place, name in enumerate(columns):
            blocks[name].append(means[:, place])
        for name, ranking in rankings.items():
            blocks[name].append(_auroc(ranking, draws))
    return {name: np.concatenate(each) if each else np.zeros(0) for name, each in blocks.items()}


def _stacked(columns: Sequence[NDArray[np.generic]], questions: int) -> Floats:
    return np.stack(columns, axis=1).astype(np.float64) if columns else np.zeros((questions, 0))


def _draws(questions: int) -> Iterator[Floats]:
    """Yield how often each question was drawn, (block, questions), RESAMPLES rows in all."""
    random = np.random.default_rng(_SEED)
    at_once = max(1, min(RESAMPLES, _BLOCK // max(1, questions)))
    for done in range(0, RESAMPLES if questions else 0, at_once):
        rows = min(at_once, RESAMPLES - done)
        drawn = random.integers(0, questions, size=(rows, questions)) + questions * np.arange(rows)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=rows * questions).reshape(rows, questions)
        yield counts.astype(np.float64)


def _auroc(measure: Ranking, counts: Floats) -> Floats:
    """Return the AUROC of each row of `counts`; ties count half, as in the Mann-Whitney statistic."""
    places = np.flatnonzero(measure.counted)
    if not len(places):
        return np.full(len(counts), np.nan)
    places = places[np.argsort(measure.confidence[places], kind="stable")]
    sure = measure.confidence[places]
    starts = np.flatnonzero(np.r_[True, sure[1:] != sure[:-1]])  # of each run of ties
    positive = np.add.reduceat(counts[:, places] * measure.positive[places], starts, axis=1)
    negative = np.add.reduceat(counts[:, places] * ~measure.positive[places], starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative / 2
    return _divided((positive * below).sum(axis=1), positive.sum(axis=1) * negative.sum(axis=1))


def _divided(above: Floats, below: Floats) -> Floats:
    share: Floats = np.full(above.shape, np.nan)
    np.divide(above, below, out=share, where=below > 0)
    return share

"""Scores, as pure functions of arrays: fusion, the date prior, late interaction. Higher is better everywhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts; see `Signals`. Fitted by `tests/bench/ranking.py`, on one half of its question sets."""

    cosine: float = 0.7
    coverage: float = 0.6
    proximity: float = 0.45
    position: float = -0.06
    date: float = 0.45
    late: float = 0.8
    sentence: float = 0.16
    """Of the passage's best sentence: a passage is worth what can be quoted of it."""
    cross: float = 4.0
    """Of an optional cross-encoder's say, 0 to 1; chosen, not fitted: it outdoes all other signals but dates."""


WEIGHTS = Weights()

HALF_LIFE_DAYS = 21.0
FLOOR = 0.3
AFTER_DAYS = 7
"""Articles from more than a week after the day asked about did not exist on it: they are left out. The week allows
for dates that are a few days off, as those of re-published articles are."""

STOP_WORD_WEIGHT = 0.3  # of a question token that carries grammar, against 1 to 10 for the others


@dataclass(frozen=True, slots=True)
class Signals:
    """What the first stage knows of n candidate passages; each array is (n,)."""

    cosine: Floats
    """Of the vectors of question and passage, -1 to 1."""
    bm25: Floats
    """Over the sum of the weights of the question's terms: 1 is about one full match of each; 0 is no match."""
    coverage: Floats
    """Weighted share of the question's terms in passage or title, 0 to 1."""
    proximity: Floats
    """The same within the best window of the passage alone: its words stand together, 0 to 1."""
    position: NDArray[np.int64]
    """Which passage of its article it is, from 0: news tells the most important first."""
    date_factor: Floats
    """What the distance in days leaves of it; 1 is no loss, always above 0."""


def at_a_glance(cosine: Floats, bm25: Floats, date_factor: Floats, weights: Weights = WEIGHTS) -> Floats:
    """Return what `first_stage` may come to, (n,), from what is known without reading the passages.

    BM25 (as in `Signals`) stands for coverage and proximity, which it goes along with up to one full match.
    """
    words = (weights.coverage + weights.proximity) * np.minimum(bm25, 1.5) / 1.5
    return np.asarray(weights.cosine * cosine + words + weights.date * np.log(date_factor), dtype=np.float32)


def first_stage(signals: Signals, weights: Weights = WEIGHTS) -> Floats:
    """Return the sum of the signals, each times its weight, (n,).

    Ranks alone (reciprocal rank fusion) forget by how much a passage won: on news that lost to BM25 alone
    at the first place. BM25 itself finds candidates, and says nothing that coverage and proximity do not say
    better. Position counts by its logarithm.
    """
    fused = (
        weights.cosine * signals.cosine
        + weights.coverage * signals.coverage
        + weights.proximity * signals.proximity
        + weights.position * np.log1p(signals.position)
        + weights.date * np.log(signals.date_factor)
    )
    return np.asarray(fused, dtype=np.float32)


def date_prior(age_days: NDArray[np.float64]) -> Floats:
    """Return how much of a passage's chance is left by the days between its article and the question, (n,).

    It fades from 1 to `FLOOR` with a half-life, and is 0 for articles from more than a week after the day asked
    about. NaN stands for an unknown date, and gets what a month-old article gets.
    """
    age = np.where(np.isnan(age_days), 30.0, age_days)
    fading = FLOOR + (1 - FLOOR) * 0.5 ** (np.maximum(age, 0) / HALF_LIFE_DAYS)
    return np.asarray(np.where(age < -AFTER_DAYS, 0.0, fading), dtype=np.float32)


def within(days: NDArray[np.float64], first: float, last: float) -> Floats:
    """Return how much of a passage's chance is left by the days between its article and a period, (n,).

    1 from `first` to `last` (ordinals; infinite where open); beyond, it fades as `date_prior` does.
    """
    apart = np.maximum(np.maximum(first - days, days - last), 0)
    return date_prior(apart)


def idf(frequencies: NDArray[np.int64], passages: int) -> Floats:
    """Return the weight of terms that stand in `frequencies` of `passages` (Robertson and Zaragoza 2009, eq. 3.7)."""
    return np.asarray(np.log(1 + (passages - frequencies + 0.5) / (frequencies + 0.5)), dtype=np.float32)


def late_interaction(question: Floats, weights: Floats, tokens: Floats) -> float:
    """Return the weighted mean, over the question's tokens, of the closest of `tokens`.

    `question` (q, dim), `weights` (q,), `tokens` (t, dim), unit rows. This is MaxSim (Khattab and Zaharia
    2020, ColBERT), averaged so that long questions compare with short ones; 0 where a side is empty.
    """
    if not len(question) or not len(tokens):
        return 0.0
    return float(np.average((question @ tokens.T).max(axis=1), weights=weights))

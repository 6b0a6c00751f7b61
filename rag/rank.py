"""Scores, as pure functions of arrays: fusion, the date prior, late interaction. Higher is better everywhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Weights of the first stage and of late interaction. Fitted by coordinate search on every other question of
# XQuAD and of a slice of news together, checked on the others: see the README's design section.
COSINE_WEIGHT = 0.3
BM25_WEIGHT = 0.4
COVERAGE_WEIGHT = 0.1
LATE_WEIGHT = 1.2
DATE_WEIGHT = 0.25

HALF_LIFE_DAYS = 14.0
FLOOR = 0.3
AFTER_DAYS = 7
"""Articles from more than a week after the day asked about did not exist on it: they are left out. The week allows
for dates that are a few days off, as those of re-published articles are."""

STOP_WORD_WEIGHT = 0.3  # of a question token that carries grammar, against 1 to 10 for the others


@dataclass(frozen=True, slots=True)
class Signals:
    """What the first stage knows of n candidate passages; each array is (n,)."""

    cosine: Floats
    bm25: Floats  # 0 where no word matched
    coverage: Floats  # idf-weighted share of the question's terms in passage or title, 0 to 1
    date_factor: Floats  # 1 is no loss; above 0


def first_stage(signals: Signals) -> Floats:
    """Fuse the signals by a convex sum of normalised scores, (n,).

    Ranks alone (reciprocal rank fusion) forget by how much a passage won: on news that lost to BM25 alone
    at the first place. BM25 is divided by its best score, cosine is on one scale already.
    """
    best = float(signals.bm25.max(initial=0.0)) or 1.0
    fused = (
        COSINE_WEIGHT * signals.cosine
        + BM25_WEIGHT * signals.bm25 / best
        + COVERAGE_WEIGHT * signals.coverage
        + DATE_WEIGHT * np.log(signals.date_factor)
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

"""The first stage: passages found by vector and by words, scored by all that speaks for them, copies brought together.

It reads no article: what it needs of the words is in the index. Articles are read of the hits that are made.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from index.embed import Vector
from index.reader import UNKNOWN_DAY, Index
from index.vectors import Rows
from rag import rank
from rag.answer import Hit, Why
from rag.dates.dating import Dating
from rag.hits import RUN, Shingles, alike, collapse, shingles
from rag.scope import Scope
from rag.signals import signals
from rag.terms import Terms

FOUND = 300
"""Passages taken from each of the two searches: neither knows of dates, so that what is near the day may stand low."""
POOL = 120
"""Passages of these that are looked at closely, word by word."""
SIGNALS = ("cosine", "bm25", "coverage", "proximity", "position", "date_factor")
"""Of `rank.Signals`, in the order in which `Why` has them."""
_SUSPECT = 0.2
"""Share of the words in a row, reduced to stems, from which on two texts are read and compared: copies have seven times
that, texts of one story hardly a tenth of it."""


class Clock:
    """Seconds between laps, by the name of what was done in each."""

    def __init__(self) -> None:
        """Start now."""
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """End a lap."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self._last = now


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the first stage found, best first; of equal scores, the one published first."""

    index: Index
    rows: Rows
    scores: rank.Floats
    whys: Sequence[Why]

    def groups(self) -> list[list[int]]:
        """Return the places of the candidates, best first, each with those of other articles that print its words."""
        places = self.index.rows[self.rows, 0]
        suspects = self._suspects(places)
        texts = self._texts([place for place, others in enumerate(suspects) if others])
        return collapse(places.tolist(), suspects, lambda one, other: alike(texts[one], texts[other]))

    def hits(self, groups: Sequence[Sequence[int]]) -> list[Hit]:
        """Return the hits of some of the groups; articles are read for these, all in one go."""
        index, places = self.index, self.index.rows[self.rows, 0].tolist()
        wanted = list(dict.fromkeys(places[each] for group in groups for each in group))
        articles = dict(zip(wanted, index.articles_at(wanted), strict=True))
        return [
            Hit(
                passage=index.passage(int(self.rows[first])),
                article=articles[places[first]],
                score=float(self.scores[first]),
                why=self.whys[first],
                copies=tuple(articles[places[each]] for each in copies),
                report=index.report(int(self.rows[first])),
            )
            for first, *copies in groups
        ]

    def _suspects(self, places: NDArray[np.int32]) -> list[set[int]]:
        """Return for each candidate those of other articles that have enough words in a row in common with it."""
        runs, owners = self.index.runs(self.rows, RUN)
        again = runs[1:] == runs[:-1]
        shared = np.concatenate([again, [False]])[: len(runs)] | np.concatenate([[False], again])[: len(runs)]
        holds = np.zeros((len(self.rows), len(runs)), dtype=np.float32)
        holds[owners[shared], (np.cumsum(np.concatenate([[True], ~again])[: len(runs)]) - 1)[shared]] = 1
        holds = holds[:, holds.any(axis=0)]
        sizes = np.bincount(owners, minlength=len(self.rows))
        enough = holds @ holds.T >= _SUSPECT * np.minimum(sizes[:, None], sizes)
        enough &= places[:, None] != places
        return [set(np.flatnonzero(each).tolist()) for each in enough]

    def _texts(self, wanted: Sequence[int]) -> dict[int, Shingles]:
        """Return the words in a row of some candidates' passages; their articles are read in one go."""
        articles = self.index.articles_at(self.index.rows[self.rows[wanted], 0].tolist())
        spans = [self.index.span(int(row)) for row in self.rows[wanted]]
        texts = (article.text[start:end] for article, (start, end) in zip(articles, spans, strict=True))
        return dict(zip(wanted, map(shingles, texts), strict=True))


def candidates(
    index: Index, terms: Terms, dating: Dating, scope: Scope, vector: Vector, k: int, clock: Clock
) -> Candidates:
    """Return the best `k` passages by the first stage, of those searched, for a question's terms, days and vector."""
    dense = index.dense(vector, max(FOUND, k), scope.rows)
    clock.lap("dense")
    lexical = index.lexical(terms.stems, max(FOUND, k), scope.rows)
    clock.lap("lexical")
    rows = np.union1d(dense.rows, lexical.rows)
    days = index.days[index.rows[rows, 0]]
    dates = dating.factors(np.where(days == UNKNOWN_DAY, np.nan, days.astype(np.float64)))
    standing = index.standing(terms.stems, rows)
    cosine, bm25 = index.cosines(vector, rows), index.bm25(terms.stems, rows, standing) / terms.total
    near = np.sort(np.argsort(-rank.at_a_glance(cosine, bm25, dates), kind="stable")[: max(POOL, k)])
    rows, days = rows[near], days[near]
    found, held = signals(index, terms, rows, standing.of(near), cosine[near], bm25[near], dates[near])
    scores = rank.first_stage(found)
    best = np.argsort(-scores, kind="stable")[:k]
    latest = np.iinfo(days.dtype).max
    published = np.where(days[best] == UNKNOWN_DAY, latest, days[best])
    best = best[np.lexsort((published, -np.round(scores[best].astype(np.float64), 6)))]
    dense_ranks = {row: place for place, row in enumerate(dense.rows.tolist(), 1)}
    lexical_ranks = {row: place for place, row in enumerate(lexical.rows.tolist(), 1)}
    names = [term.word for term in terms.terms]
    columns = [getattr(found, name)[best].tolist() for name in SIGNALS]
    whys = [
        Why(dense_ranks.get(row), lexical_ranks.get(row), tuple(dict.fromkeys(compress(names, has))), *values)
        for row, has, *values in zip(rows[best].tolist(), held[best].tolist(), *columns, strict=True)
    ]
    return Candidates(index, rows[best], scores[best], whys)

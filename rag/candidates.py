"""The first stage: passages found by vector and by words, scored by all that speaks for them, copies brought together.

It reads no article: what it needs of the words is in the index. Articles are read of the hits that are made.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

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
_SUSPECT = 0.1
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


@dataclass(frozen=True)
class Candidates:
    """What the first stage found, best first; of equal scores, the one published first."""

    index: Index
    rows: Rows
    scores: rank.Floats
    whys: Sequence[Why]
    _shingles: dict[int, Shingles] = field(default_factory=dict)

    def groups(self) -> list[list[int]]:
        """Return the places of the candidates, best first, each with those of other articles that print its words."""
        articles = self.index.rows[self.rows, 0].tolist()
        return collapse(articles, self._suspects(), lambda one, other: alike(self._words(one), self._words(other)))

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

    def _suspects(self) -> list[set[int]]:
        """Return for each candidate those that have words in a row in common with it."""
        runs = self.index.runs(self.rows, RUN)
        sizes = np.asarray([len(each) for each in runs])
        _, which, counts = np.unique(
            np.concatenate([*runs, np.zeros(0, dtype=np.uint64)]), return_inverse=True, return_counts=True
        )
        several = counts[which] > 1
        columns = np.cumsum(counts > 1) - 1
        holds = np.zeros((len(runs), int((counts > 1).sum())), dtype=np.float32)
        holds[np.repeat(np.arange(len(runs)), sizes)[several], columns[which[several]]] = 1
        enough = holds @ holds.T >= _SUSPECT * np.minimum(sizes[:, None], sizes)
        return [set(np.flatnonzero(each).tolist()) for each in enough]

    def _words(self, place: int) -> Shingles:
        if place not in self._shingles:
            span, article = self.index.span(int(self.rows[place])), self.index.article_of(int(self.rows[place]))
            self._shingles[place] = shingles(article.text[span.start : span.end])
        return self._shingles[place]


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
    dense_ranks = {int(row): place for place, row in enumerate(dense.rows, 1)}
    lexical_ranks = {int(row): place for place, row in enumerate(lexical.rows, 1)}
    whys = [
        Why(
            dense_rank=dense_ranks.get(int(rows[place])),
            lexical_rank=lexical_ranks.get(int(rows[place])),
            words=tuple(dict.fromkeys(terms.terms[each].word for each in np.flatnonzero(held[place]))),
            cosine=float(found.cosine[place]),
            bm25=float(found.bm25[place]),
            coverage=float(found.coverage[place]),
            proximity=float(found.proximity[place]),
            position=int(found.position[place]),
            date_factor=float(found.date_factor[place]),
        )
        for place in best
    ]
    return Candidates(index, rows[best], scores[best], whys)

"""How alike two articles are, measured against the archive that they stand in.

Two things speak: the stored vectors of their passages, less what all passages of the archive have in common, and the
words that both hold, weighed by how rare they are there. In an archive of one town every article is about the town; in
one of the whole world hardly any is. So a likeness is compared with that of articles picked at even distances.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from index.article import Article
from index.embed import Vector, Vectors
from index.reader import UNKNOWN_DAY, Index
from index.vectors import Rows
from rag import rank
from rag.hits import Shingles, alike, shingles
from rag.question import STOP_WORDS

POOL = 120
"""Articles that are compared word by word: these many nearest by vectors, and as many by words. Both are picked from
all articles of the archive."""
WORDS_WEIGHT = 3.0  # of the cosine of the articles' words, against 1 for that of their passages' vectors
NEAR_WEIGHT = 0.2  # of two articles of one day; with the days between them it fades
NEAR_DAYS = 45.0
_SPREADS = (1.44, -2.2)
"""How far above the middle two articles are alike as those of one story are, in spreads: a line over the log of the
number of articles, since among more articles more look alike by chance. Chosen on three archives of 86, 240 and 1,500
articles; what it gives for 2,400 is not exceeded, as nothing larger was measured."""
_LEAST_SPREADS, _MOST_SPREADS = 2.0, 9.0
_PRIOR, _PRIOR_ARTICLES = 0.9, 20  # the bound where there is no archive to compare with, and how much it counts
_SAMPLE = 96
_TEXTS_KEPT = 256
_CENTRE_PASSAGES = 50  # of a few passages the mean says little of what an archive has in common
_BLOCK = 65_536  # passages at once: about 100 MB
_QUERY_TERMS = 40
_TITLE_COUNTS = 2
_COPY_WORDS = 0.5  # what prints the same text holds the same words: others need no closer look

Words = Mapping[str, float]
"""Terms and their weights, of length 1."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is compared: the passages of an article or one of them, with its words."""

    place: int
    rows: Rows
    words: Words
    whole: bool
    """Whether it is an article, rather than a passage of one."""


class Likeness:
    """Compares the articles of one index. Use `likeness(index)`: what it has computed is kept with the index."""

    def __init__(self, index: Index) -> None:
        """Take an opened index; nothing is computed yet."""
        self.index = index
        self.size = len(index.members)
        self._places = np.asarray(index.rows[:, 0], dtype=np.int64)  # of each row; the rows of an article lie together
        self._starts = np.searchsorted(self._places, np.arange(self.size + 1))
        self._rarity: dict[str, float] = {}
        self._texts: dict[int, Shingles] = {}

    def rows(self, place: int) -> Rows:
        """Return the rows of an article's passages."""
        return np.arange(self._starts[place], self._starts[place + 1], dtype=np.int64)

    def own(self, place: int, row: int | None = None) -> Own:
        """Return an article, or one passage of it, as what others are compared with."""
        article = self.index.article_at(place)
        if row is None:
            return Own(place, self.rows(place), self.words(article, article.text), whole=True)
        span = self.index.span(row)
        words = self.words(article, article.text[span.start : span.end])
        return Own(place, np.asarray([row], dtype=np.int64), words, whole=False)

    def words(self, article: Article, text: str) -> Words:
        """Return the terms of an article's title and of its `text`, each by how often it stands and how rare it is."""
        counts = Counter(self.content(text, article.language))
        for term in self.content(article.title, article.language):
            counts[term] += _TITLE_COUNTS
        return unit({term: (1 + math.log(count)) * self.rarity(term) for term, count in counts.items()})

    def rarity(self, term: str) -> float:
        """Return how rare a term is in the archive, see `rank.idf`."""
        known = self._rarity.get(term)
        if known is None:
            counts = np.asarray([self.index.frequency(term)], dtype=np.int64)
            known = self._rarity[term] = float(rank.idf(counts, self.index.manifest.passages)[0])
        return known

    def content(self, text: str, language: str) -> list[str]:
        """Return the terms of a text that carry content, in order."""
        return [term for term in self.index.terms(text, language) if len(term) > 1 and term not in self._stop_terms]

    @cached_property
    def _stop_terms(self) -> frozenset[str]:
        return frozenset(term for word in STOP_WORDS for term in self.index.terms(word))

    @cached_property
    def _centre(self) -> Vector:
        """What all passages have in common: their mean, less so in a small archive."""
        total = np.zeros(1, dtype=np.float64)
        for rows in self._blocks():
            total = total + self.index.vectors(rows).sum(axis=0, dtype=np.float64)
        return np.asarray(total / (len(self._places) + _CENTRE_PASSAGES), dtype=np.float32)

    def _blocks(self) -> Iterator[Rows]:
        for start in range(0, len(self._places), _BLOCK):
            yield np.arange(start, min(start + _BLOCK, len(self._places)), dtype=np.int64)

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of rows less what all have in common, (rows, dim), unit rows."""
        apart = self.index.vectors(rows) - self._centre
        lengths = np.linalg.norm(apart, axis=1, keepdims=True)
        return np.asarray(apart / np.where(lengths == 0, 1, lengths), dtype=np.float32)

    def candidates(self, own: Own, least: int = POOL) -> list[int]:
        """Return the places of the articles nearest to `own`, by vectors and by words, without its own.

        Every passage of the archive is looked at, so that none is missed because a first look stopped early.
        """
        vectors = self.vectors(own.rows)
        near = np.concatenate([(self.vectors(rows) @ vectors.T).max(axis=1) for rows in self._blocks()])
        worded = np.zeros(len(near), dtype=np.float32)
        found = self.index.lexical(sorted(own.words, key=lambda term: -own.words[term])[:_QUERY_TERMS], len(near))
        worded[found.rows] = found.scores
        best: set[int] = set()
        for scores in (near, worded):
            of_articles = np.full(self.size, -np.inf, dtype=np.float32)
            np.maximum.at(of_articles, self._places, scores)
            best.update(int(place) for place in np.argsort(-of_articles, kind="stable")[: least + 1])
        return [place for place in sorted(best - {own.place}) if len(self.rows(place))]

    def compare(self, own: Own, others: Sequence[Own]) -> rank.Floats:
        """Return how alike `own` and each of `others` are, (others,)."""
        if not others:
            return np.zeros(0, dtype=np.float32)
        edges = np.cumsum([0, *(len(other.rows) for other in others)])[:-1]
        cosines = self.vectors(np.concatenate([other.rows for other in others])) @ self.vectors(own.rows).T
        ours = np.maximum.reduceat(cosines, edges, axis=0).mean(axis=1)
        if own.whole:
            # Both ways: a long round-up that touches on everything is not about what it touches on.
            theirs = np.add.reduceat(cosines.max(axis=1), edges) / [len(other.rows) for other in others]
            ours = (ours + theirs) / 2
        words = [_dot(own.words, other.words) for other in others]
        days = self.days_apart(own.place, [other.place for other in others])
        near = np.exp(-np.nan_to_num(np.abs(days), nan=np.inf) / NEAR_DAYS)
        return np.asarray(ours + WORDS_WEIGHT * np.asarray(words) + NEAR_WEIGHT * near, dtype=np.float32)

    def days_apart(self, place: int, others: Sequence[int]) -> np.ndarray:
        """Return by how many days each of `others` was published after an article; NaN where a date is not known."""
        days = self.index.days[[place, *others]].astype(np.float64)
        days[days == UNKNOWN_DAY] = np.nan
        return np.asarray(days[1:] - days[0])

    @cached_property
    def story(self) -> float:
        """The likeness from which two articles count as of one story."""
        places = np.unique(np.linspace(0, self.size - 1, min(self.size, _SAMPLE)).astype(int))
        sample = [self.own(int(place)) for place in places if len(self.rows(int(place)))]
        pairs = [self.compare(own, sample[number + 1 :]) for number, own in enumerate(sample[:-1])]
        if not pairs:
            return _PRIOR
        middle, low = np.quantile(np.concatenate(pairs), [0.5, 0.16])  # below the middle, where no story adds any
        slope, start = _SPREADS
        spreads = min(max(slope * math.log(self.size) + start, _LEAST_SPREADS), _MOST_SPREADS)
        bound = middle + spreads * (middle - low)
        return float((self.size * bound + _PRIOR_ARTICLES * _PRIOR) / (self.size + _PRIOR_ARTICLES))

    def same_text(self, one: Own, other: Own) -> bool:
        """Tell whether two articles print the same text, but for cuts and small changes."""
        return _dot(one.words, other.words) >= _COPY_WORDS and alike(self._shingles(one), self._shingles(other))

    def _shingles(self, own: Own) -> Shingles:
        known = self._texts.get(own.place)
        if known is None:
            known = self._texts[own.place] = shingles(self.index.article_at(own.place).text)
            if len(self._texts) > _TEXTS_KEPT:
                self._texts.pop(next(iter(list(self._texts)), -1), None)  # another thread may be at it, too
        return known

    def shared(self, own: Words, other: Words) -> list[str]:
        """Return the terms that both hold, those first that say most for a likeness."""
        weights = {term: weight * other[term] for term, weight in own.items() if term in other}
        return sorted(weights, key=lambda term: (-weights[term], term))


def unit(weights: Mapping[str, float]) -> Words:
    """Return weights scaled to length 1; none where there are none."""
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}


def _dot(one: Words, other: Words) -> float:
    less, more = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * more[term] for term, weight in less.items() if term in more)


@lru_cache(maxsize=2)  # the version being served, and one that somebody still reads
def likeness(index: Index) -> Likeness:
    """Return the comparison of this index's articles; the same one for the same index."""
    return Likeness(index)

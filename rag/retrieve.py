"""Finds the passages that may answer: dense and lexical search, fused, dated, ranked again by late interaction."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.builder import embedded_text
from index.embed import Embedder, TokenVectors
from index.errors import ModelMismatch, QuestionError
from index.passage import Span, sentences
from index.reader import UNKNOWN_DAY, Index
from index.versions import Data
from rag import rank
from rag.answer import Hit, Sentence, Why
from rag.question import STOP_WORDS, checked, content_words, only_stop_words, time_reference
from rag.settings import Settings

POOL = 60
"""Passages taken from each of the two searches."""
RERANKED = 8
"""Passages that late interaction ranks again: one forward pass of the model each."""
TOKENS_KEPT = 512
"""Passages whose token vectors stay in memory, about 160 KB each: follow-ups come back to the same ones."""
K = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for there being an answer at all: the best that any of the first hits reached."""

    bm25: float
    """BM25 over the sum of the weights of the question's terms: 1 is about one full match of each."""
    late: float
    """Late interaction with a passage."""
    margin: float
    """How far the first hit's score is above the fourth's: an answer stands out, a mere topic does not."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the question as it was searched for, and the hits, best first."""

    question: str
    as_of: date | None
    hits: tuple[Hit, ...]
    articles: int
    """How many articles were searched."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Summary:
    """What an archive holds. Dates are None where no article has one."""

    articles: int
    passages: int
    first: date | None
    last: date | None
    version: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, analysed against one index."""

    text: str
    terms: list[str]
    weights: rank.Floats  # of the terms
    tokens: TokenVectors
    token_weights: rank.Floats
    as_of: date | None


class _Tokens(NamedTuple):
    """The token vectors of a passage's own words."""

    vectors: NDArray[np.float16]  # (tokens, dim); half the memory, cosines move by less than 0.001
    starts: NDArray[np.int64]  # (tokens,), in characters of the article's text


class Retriever:
    """An open archive. It follows newly published versions by itself, and may be used by many threads."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        """Open the index in `settings.data`.

        Raises:
            IndexMissing: nothing was built there yet.
            IndexDamaged: a file of it is not what was written.
            ModelMismatch: it was built with another model.
        """
        self.settings = settings
        self._embedder = embedder
        self._data = Data(settings.data)
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._kept: dict[tuple[str, Span], _Tokens] = {}
        self._index = self._opened(self._data.current_name())

    @property
    def index(self) -> Index:
        """Return the version being served, opening it where it is newer than the one in hand."""
        if self._data.current_name() != self._index.manifest.name and self._opening.acquire(blocking=False):
            # One thread opens it; the others go on with the one in hand, which is not closed: they read it.
            try:
                self._index = self._opened(self._data.current_name())
            finally:
                self._opening.release()
        return self._index

    @property
    def summary(self) -> Summary:
        """Return what the archive holds."""
        index = self.index
        known = index.days[index.days != UNKNOWN_DAY]
        first, last = (date.fromordinal(int(day)) for day in (known.min(), known.max())) if len(known) else (None, None)
        return Summary(index.manifest.articles, index.manifest.passages, first, last, index.manifest.name)

    def article(self, article_id: str) -> Article | None:
        """Return the article of this id, or None where the archive holds none."""
        return self.index.article(article_id)

    def examples(self, count: int = 5) -> list[str]:
        """Return questions that this archive can be asked."""
        from rag.examples import examples

        return examples(self.index, self._data, count)

    def search(self, question: str, k: int = K, as_of: date | None = None) -> list[Hit]:
        """Return the `k` passages that answer best, or fewer where the archive is smaller.

        Raises:
            QuestionError: the question cannot be searched for.
        """
        return list(self.find(question, k=k, as_of=as_of).hits)

    def find(self, question: str, *, k: int = K, as_of: date | None = None) -> Found:
        """Return the `k` passages that answer best, with what was searched for.

        `as_of` is the day the question is asked on. Without it today counts, but only for a question that
        speaks of time ("latest", "last week").

        Raises:
            QuestionError: the question cannot be searched for.
        """
        text = checked(question, self.settings.max_question_chars)
        if only_stop_words(text):
            raise QuestionError(
                f"{text[:80]!r} holds only words that are in every article. Name the person, place or thing."
            )
        index = self.index
        asked = self._analysed(index, text, as_of)
        hits, evidence = self._ranked(index, asked, max(k, RERANKED))
        return Found(text, asked.as_of, tuple(hits[:k]), index.manifest.articles, evidence)

    def _opened(self, name: str) -> Index:
        manifest = self._data.manifest(name)
        if manifest.model != self._embedder.name:
            raise ModelMismatch(
                f"{self._data.root}: this index was built with the model {manifest.model}, but "
                f"{self._embedder.name} is configured. Name that model, or build the index again with this one."
            )
        return Index(self._data, manifest)

    def _analysed(self, index: Index, text: str, as_of: date | None) -> _Asked:
        words = content_words(text)
        terms = list(dict.fromkeys(term for word in words for term in index.terms(word)))
        weights = _idf(index, terms)
        [tokens] = self._embedder.tokens([text])
        return _Asked(
            text=text,
            terms=terms,
            weights=weights,
            tokens=tokens,
            token_weights=_token_weights(index, text, tokens),
            as_of=time_reference(text, as_of, datetime.now(UTC).astimezone().date()),
        )

    def _ranked(self, index: Index, asked: _Asked, k: int) -> tuple[list[Hit], Evidence]:
        until = None if asked.as_of is None else asked.as_of.toordinal() + rank.AFTER_DAYS
        allowed = None if until is None else np.flatnonzero(index.days[index.rows[:, 0]] <= until)
        [vector] = self._embedder.questions([asked.text])
        dense = index.dense(vector, max(POOL, k), allowed)
        lexical = index.lexical(asked.terms, max(POOL, k), until)
        rows = np.union1d(dense.rows, lexical.rows)
        dense_ranks = {int(row): place for place, row in enumerate(dense.rows, 1)}
        lexical_ranks = {int(row): place for place, row in enumerate(lexical.rows, 1)}
        signals = rank.Signals(
            # Of all candidates, however they were found: what a passage scores must not hang on who else was.
            cosine=index.cosines(vector, rows),
            bm25=index.bm25(asked.terms, rows),
            coverage=index.coverage(asked.terms, asked.weights, rows) / max(float(asked.weights.sum()), 1e-9),
            date_factor=_date_factors(index, asked, rows),
        )
        scores = rank.first_stage(signals)
        order = np.argsort(-scores, kind="stable")[:k]
        hits = [
            Hit(
                passage=index.passage(int(rows[place])),
                article=index.article_of(int(rows[place])),
                score=float(scores[place]),
                why=Why(
                    dense_rank=dense_ranks.get(int(rows[place])),
                    lexical_rank=lexical_ranks.get(int(rows[place])),
                    words=self._held(index, asked, int(rows[place])),
                    date_factor=float(signals.date_factor[place]),
                    late_interaction=None,
                ),
            )
            for place in order
        ]
        better = self._reranked(index, asked, hits)
        first = order[:RERANKED]
        return better, _evidence(asked, better, signals.bm25[first])

    def _held(self, index: Index, asked: _Asked, row: int) -> tuple[str, ...]:
        """Return those of the question's terms that a passage or its title holds."""
        article, span = index.article_of(row), index.span(row)
        held = {*index.terms(article.title), *index.terms(article.text[span.start : span.end])}
        return tuple(term for term in asked.terms if term in held)

    def _reranked(self, index: Index, asked: _Asked, hits: Sequence[Hit]) -> list[Hit]:
        """Rank the first hits again by late interaction, and score their sentences by it."""
        first, rest = hits[:RERANKED], hits[RERANKED:]
        better = [_scored(index, asked, *each) for each in zip(first, self._tokens(first), strict=True)]
        better.sort(key=lambda hit: -hit.score)
        if not better:
            return []
        # The others come after, in their order, on the same scale as the last that was ranked again.
        last = better[-1].score
        top = max((hit.score for hit in rest), default=0.0)
        return better + [replace(hit, score=last - (top - hit.score) - 1e-6) for hit in rest]

    def _tokens(self, hits: Sequence[Hit]) -> list[_Tokens]:
        """Return the token vectors of the hits' passages: from memory, else by one forward pass each."""
        keys = [(hit.article.digest, _span(hit)) for hit in hits]
        with self._lock:
            kept = {key: self._kept[key] for key in keys if key in self._kept}
        new = [(key, hit) for key, hit in zip(keys, hits, strict=True) if key not in kept]
        texts = [embedded_text(hit.article, _span(hit), self._embedder) for _, hit in new]
        for (key, hit), text, vectors in zip(new, texts, self._embedder.tokens(texts), strict=True):
            shift = hit.passage.start - (len(text) - len(hit.text))  # from the embedded text to the article
            starts = np.asarray([span.start + shift for span in vectors.spans], dtype=np.int64)
            # Title and date shape the vectors of the passage's words, but do not count as words of it.
            body = starts >= hit.passage.start
            kept[key] = _Tokens(vectors.vectors[body].astype(np.float16), starts[body])
        with self._lock:
            self._kept |= kept
            while len(self._kept) > TOKENS_KEPT:
                self._kept.pop(next(iter(self._kept)))
        return [kept[key] for key in keys]


def _span(hit: Hit) -> Span:
    return Span(hit.passage.start, hit.passage.end)


def _scored(index: Index, asked: _Asked, hit: Hit, tokens: _Tokens) -> Hit:
    question, weights = asked.tokens.vectors, asked.token_weights
    vectors = tokens.vectors.astype(np.float32)
    late = rank.late_interaction(question, weights, vectors)
    even = np.ones_like(weights)
    found: list[Sentence] = []
    for sentence in sentences(hit.text, hit.article.language):
        start, end = sentence.start + hit.passage.start, sentence.end + hit.passage.start
        inside = vectors[(tokens.starts >= start) & (tokens.starts < end)]
        held = set(index.terms(hit.article.text[start:end]))
        found.append(Sentence(start, end, rank.late_interaction(question, even, inside), _share(asked, held)))
    why = Why(hit.why.dense_rank, hit.why.lexical_rank, hit.why.words, hit.why.date_factor, late)
    return Hit(hit.passage, hit.article, hit.score + rank.LATE_WEIGHT * late, why, tuple(found))


def _evidence(asked: _Asked, hits: Sequence[Hit], bm25: rank.Floats) -> Evidence:
    return Evidence(
        bm25=float(bm25.max(initial=0.0)) / max(float(asked.weights.sum()), 1e-9),
        late=max((hit.why.late_interaction or 0.0 for hit in hits), default=0.0),
        margin=hits[0].score - hits[min(3, len(hits) - 1)].score if hits else 0.0,
    )


def _with_score(hit: Hit, score: float) -> Hit:
    return Hit(hit.passage, hit.article, score, hit.why, hit.sentences)


def _idf(index: Index, terms: Sequence[str]) -> rank.Floats:
    counts = np.asarray([index.frequency(term) for term in terms], dtype=np.int64)
    return rank.idf(counts, index.manifest.passages)


def _share(asked: _Asked, words: set[str]) -> float:
    """Return the idf-weighted share of the question's terms that are among `words`."""
    total = float(asked.weights.sum())
    held = sum(float(weight) for term, weight in zip(asked.terms, asked.weights, strict=True) if term in words)
    return held / total if total else 0.0


def _token_weights(index: Index, text: str, tokens: TokenVectors) -> rank.Floats:
    """Weigh each token of the question by how rare the word is that it belongs to."""
    weights: list[float] = []
    for span in tokens.spans:
        start, end = span
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum():
            end += 1
        word = text[start:end]
        terms = [] if word.lower() in STOP_WORDS else index.terms(word)
        weights.append(float(_idf(index, terms[:1])[0]) if terms else rank.STOP_WORD_WEIGHT)
    return np.asarray(weights, dtype=np.float32)


def _date_factors(index: Index, asked: _Asked, rows: np.ndarray) -> rank.Floats:
    if asked.as_of is None:
        return np.ones(len(rows), dtype=np.float32)
    days = index.days[index.rows[rows, 0]].astype(np.float64)
    days[days == UNKNOWN_DAY] = np.nan
    return rank.date_prior(asked.as_of.toordinal() - days)

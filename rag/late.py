"""Late interaction: the model's own token vectors of a few passages against those of the question. No second model."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.embed import Embedder, TokenVectors
from index.embedded import embedded_text
from index.passage import Span, sentences
from index.reader import Index
from index.tokens import Unpacked, turned, unpack
from rag import rank
from rag.answer import MAX_QUOTE_WORDS, Hit, Sentence
from rag.dates import when
from rag.hits import below
from rag.question import STOP_WORDS
from rag.sentences import Asked, asked, own
from rag.terms import Terms, weight

RERANKED = 8
"""Passages that late interaction ranks again: one forward pass of the model each."""
TOKENS_KEPT = 512
"""Passages whose token vectors stay in memory, about 160 KB each: follow-ups come back to the same ones."""


class _Tokens(NamedTuple):
    """The token vectors of a passage's own words."""

    vectors: NDArray[np.float16]  # (tokens, dim); half the memory, cosines move by less than 0.001
    starts: NDArray[np.int64]  # (tokens,), in characters of the article's text


class LateInteraction:
    """Scores passages and their sentences; keeps the token vectors of those it saw last. Any thread may use it."""

    def __init__(self, embedder: Embedder, reads: int = RERANKED) -> None:
        """Take the model whose token vectors are compared, and how many passages it reads for a question."""
        self._embedder = embedder
        self._reads = reads
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, Span], _Tokens] = {}

    def rerank(self, index: Index, text: str, terms: Terms, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits with the first of them ranked again, their sentences scored."""
        first, rest = hits[: self._reads], hits[self._reads :]
        if not first:
            return []
        [question] = self._embedder.tokens([text])
        weights = token_weights(index, text, question)
        question = question._replace(vectors=turned(question.vectors))
        about = asked(text)
        better = [
            _scored(index, question, weights, terms, about, hit, tokens)
            for hit, tokens in zip(first, self._tokens(index, first), strict=True)
        ]
        better.sort(key=lambda hit: -hit.score)
        return below(better, rest)

    def _tokens(self, index: Index, hits: Sequence[Hit]) -> list[_Tokens]:
        """Return the token vectors of the hits' passages: from memory, from the index, else by a forward pass each."""
        keys = [(hit.article.digest, _span(hit)) for hit in hits]
        with self._lock:
            kept = {key: self._kept[key] for key in keys if key in self._kept}
        new = [(key, hit) for key, hit in zip(keys, hits, strict=True) if key not in kept]
        for (key, hit), found in zip(new, self._read(index, [hit for _, hit in new]), strict=True):
            starts = hit.passage.end - found.before_end
            # Title and date shape the vectors of the passage's words, but do not count as words of it.
            body = starts >= hit.passage.start
            kept[key] = _Tokens(found.vectors[body].astype(np.float16), starts[body])
        with self._lock:
            for key, tokens in kept.items():  # those of this question become the last to be forgotten
                self._kept.pop(key, None)
                self._kept[key] = tokens
            while len(self._kept) > TOKENS_KEPT:
                self._kept.pop(next(iter(self._kept)))
        return [kept[key] for key in keys]

    def _read(self, index: Index, hits: Sequence[Hit]) -> list[Unpacked]:
        """Return the token vectors of all that was embedded for the hits' passages, as `turned` leaves them."""
        texts = [embedded_text(hit.article, _span(hit), self._embedder) for hit in hits]
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        packed = index.packed_tokens(keys)
        vectors = index.vectors(np.asarray([index.row_of(hit.passage) for hit in hits], dtype=np.int64))
        found = {key: unpack(packed[key], vector) for key, vector in zip(keys, vectors, strict=True) if key in packed}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        for (key, text), tokens in zip(missing.items(), self._embedder.tokens(list(missing.values())), strict=True):
            before_end = np.asarray([len(text) - span.start for span in tokens.spans], dtype=np.int64)
            found[key] = Unpacked(turned(tokens.vectors), before_end)
        return [found[key] for key in keys]


def token_weights(index: Index, text: str, tokens: TokenVectors) -> rank.Floats:
    """Weigh each token of the question by how rare the word is that it belongs to, (tokens,)."""
    weights: list[float] = []
    looked_up = when.blanked(text)
    for span in tokens.spans:
        start, end = span
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum():
            end += 1
        word = text[start:end]
        plain = word.lower() in STOP_WORDS or not looked_up[start:end].strip()
        stems = [] if plain else index.terms(word)
        weights.append(weight(index, stems) if stems else rank.STOP_WORD_WEIGHT)
    return np.asarray(weights, dtype=np.float32)


def _span(hit: Hit) -> Span:
    return Span(hit.passage.start, hit.passage.end)


def _scored(
    index: Index, question: TokenVectors, weights: rank.Floats, terms: Terms, about: Asked, hit: Hit, tokens: _Tokens
) -> Hit:
    vectors = tokens.vectors.astype(np.float32)
    late = rank.late_interaction(question.vectors, weights, vectors)
    spans = [
        Span(each.start + hit.passage.start, each.end + hit.passage.start)
        for each in sentences(hit.text, hit.article.language)
    ]
    closest = [_closest(question, vectors[(tokens.starts >= start) & (tokens.starts < end)]) for start, end in spans]
    held = [set(index.terms(hit.article.text[start:end], hit.article.language)) for start, end in spans]
    found: list[Sentence] = []
    for number, (start, end) in enumerate(spans):
        found.append(_sentence(Span(start, end), closest[number], weights, terms.share(held[number])))
        both = Span(start, spans[number + 1].end) if number + 1 < len(spans) else None
        if both and len(hit.article.text[both.start : both.end].split()) <= MAX_QUOTE_WORDS:
            closer = np.maximum(closest[number], closest[number + 1])
            covered = terms.share(held[number] | held[number + 1])
            found.append(replace(_sentence(both, closer, weights, covered), pair=True))
    read = replace(hit, sentences=tuple(found))
    best = max((own(about, read, number) for number, each in enumerate(found) if not each.pair), default=0.0)
    score = hit.score + rank.WEIGHTS.late * late + rank.WEIGHTS.sentence * best
    return replace(read, score=score, why=replace(hit.why, late_interaction=late, sentence=best))


def _closest(question: TokenVectors, inside: rank.Floats) -> rank.Floats:
    """Return the cosine of each of the question's tokens with the closest of `inside`, (tokens,)."""
    if not len(inside):
        return np.zeros(len(question.vectors), dtype=np.float32)
    return np.asarray((question.vectors @ inside.T).max(axis=1), dtype=np.float32)


def _sentence(span: Span, closest: rank.Floats, weights: rank.Floats, coverage: float) -> Sentence:
    if not len(closest):
        return Sentence(span.start, span.end, 0.0, 0.0, coverage)
    even, weighted = float(closest.sum() / len(closest)), float(closest @ weights / weights.sum())
    return Sentence(span.start, span.end, even, weighted, coverage)

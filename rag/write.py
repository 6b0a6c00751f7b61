"""Writers make an answer of what was found. The one here quotes the sentences that answer, without any model."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from rag.answer import Answer, Claim, Hit, Sentence
from rag.budget import within
from rag.question import Kind, content_words, kind_of
from rag.quotes import Quote
from rag.retrieve import Found

MAX_QUOTE_WORDS = 60
_CONSIDERED = 10
_SENTENCES_AN_ARTICLE = 2
_SAME_WORDS = 0.7  # share of common words from which two quotes say the same thing

# Weights of a sentence's signals; see the README's design section for how they were found.
_PASSAGE = 0.35
_COVERAGE = 0.1
_KIND = 0.06
_FRAGMENT = 0.2
_FRAGMENT_WORDS = 6

# Confidence: a logistic model over the best hit and the best sentence.
_INTERCEPT = -12.0
_BEST_LATE = 12.0
_BEST_SENTENCE = 4.0
_BEST_COVERAGE = 3.0
_DATE = 1.0

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|billion|half|third|quarter|twice|no|none|nobody)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:\d{4}|\d{1,2}(?::\d\d| [ap]\.?m)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan(?:uary|\.)|feb(?:ruary|\.)|"
    r"march|april|may|june|july|aug(?:ust|\.)|sept(?:ember|\.)|oct(?:ober|\.)|nov(?:ember|\.)|dec(?:ember|\.)|"
    r"yesterday|today|tomorrow|week|month|year|morning|noon|evening|night|spring|summer|autumn|winter)s?\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)(?<![.?!“\"]\s)\b[A-Z][\w’'-]+")
_REASON = re.compile(
    r"\b(?:because|due to|after|since|caused?|reason|so that|owing|blamed?|thanks to|as)\b", re.IGNORECASE
)
_SAID = re.compile(r"[“\"”]|\b(?:said|says|told|added|called|warned|asked|described)\b")
_SHAPES = {
    Kind.NUMBER: _NUMBER,
    Kind.TIME: _TIME,
    Kind.REASON: _REASON,
    Kind.STATEMENT: _SAID,
}


class Writer(Protocol):
    """Makes an answer of what was found."""

    def write(self, question: str, found: Found) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is whole."""


class Candidate(NamedTuple):
    """A sentence that may answer, the hit it stands in, and its score (higher is better)."""

    score: float
    hit: Hit
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class ExtractiveWriter:
    """Answers with the articles' own sentences, best first; refuses where its confidence is too low."""

    quotes: int = 4
    refuse_below: float = 0.5
    budget_tokens: int = 6000

    def write(self, question: str, found: Found) -> Iterator[Answer]:
        """Yield the answer, quote by quote."""
        hits = within(found.hits, self.budget_tokens)
        candidates = ranked(found.question, hits)
        considered = tuple(Quote(each.hit.article, *_span(each)) for each in distinct(candidates)[:_CONSIDERED])
        sure = confidence(found.question, hits, candidates)
        refused = not considered or sure < self.refuse_below
        chosen = () if refused else considered[: self.quotes]
        for count in range(1, len(chosen)) or [len(chosen)]:
            yield self._answer(question, found, sure, considered, chosen[:count])
        if len(chosen) > 1:
            yield self._answer(question, found, sure, considered, chosen)

    def _answer(
        self, question: str, found: Found, sure: float, considered: tuple[Quote, ...], chosen: Sequence[Quote]
    ) -> Answer:
        return Answer(
            question=question,
            searched=found.question,
            as_of=found.as_of,
            refused=not chosen,
            confidence=sure,
            claims=tuple(Claim(quote.text, (quote,), supported=True) for quote in chosen),
            hits=found.hits,
            articles_searched=found.articles,
            considered=considered,
        )


def ranked(question: str, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the sentences of the hits, best first, by closeness, words, passage, and the kind of answer wanted."""
    kind = kind_of(question)
    asked = {word.lower() for word in content_words(question)}
    found = [Candidate(_score(hit, sentence, kind, asked), hit, sentence) for hit in hits for sentence in hit.sentences]
    return sorted(found, key=lambda each: -each.score)


def _score(hit: Hit, sentence: Sentence, kind: Kind, asked: set[str]) -> float:
    text = hit.article.text[sentence.start : sentence.end]
    score = sentence.closeness + _PASSAGE * hit.score + _COVERAGE * sentence.coverage
    if len(text.split()) < _FRAGMENT_WORDS:
        score -= _FRAGMENT
    return score + _KIND * _fits(text, kind, asked)


def _fits(text: str, kind: Kind, asked: set[str]) -> bool:
    """Tell whether the sentence holds what could be an answer of this kind: not only the question's own words."""
    if kind in (Kind.PERSON, Kind.PLACE):
        return any(name.lower() not in asked for name in _NAME.findall(text))
    shape = _SHAPES.get(kind)
    return shape is None or any(match.group().lower() not in asked for match in shape.finditer(text))


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those that say again what a better one says, few from any one article."""
    kept: list[Candidate] = []
    words: list[set[str]] = []
    articles: dict[str, int] = {}
    for each in candidates:
        start, end = _span(each)
        own = set(re.findall(r"\w+", each.hit.article.text[start:end].lower()))
        seen = articles.get(each.hit.article.id, 0)
        if seen >= _SENTENCES_AN_ARTICLE or any(_alike(own, other) for other in words):
            continue
        articles[each.hit.article.id] = seen + 1
        kept.append(each)
        words.append(own)
    return kept


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= _SAME_WORDS * max(1, min(len(one), len(other)))


def _span(candidate: Candidate) -> tuple[int, int]:
    """Return the sentence, or its first `MAX_QUOTE_WORDS` words where it is longer."""
    start, end = candidate.sentence.start, candidate.sentence.end
    words = list(re.finditer(r"\S+", candidate.hit.article.text[start:end]))
    return (start, end) if len(words) <= MAX_QUOTE_WORDS else (start, start + words[MAX_QUOTE_WORDS - 1].end())


def confidence(question: str, hits: Sequence[Hit], candidates: Sequence[Candidate]) -> float:
    """Return how sure it is that the articles answer, 0 to 1."""
    del question
    if not candidates:
        return 0.0
    late = max(hit.why.late_interaction or 0.0 for hit in hits)
    best = candidates[0]
    value = (
        _INTERCEPT
        + _BEST_LATE * late
        + _BEST_SENTENCE * best.sentence.closeness
        + _BEST_COVERAGE * best.sentence.coverage
        + _DATE * math.log(best.hit.why.date_factor)
    )
    return 1 / (1 + math.exp(-value))

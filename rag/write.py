"""Writers make an answer of what was found. The one here quotes the sentences that answer, without any model."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from rag.absence import near_misses
from rag.answer import Answer, Hit, Sentence
from rag.compose import Composed, compose
from rag.compose.choose import quote_of
from rag.compose.spans import together
from rag.dates import when
from rag.question import names
from rag.quotes import Quote
from rag.retrieve import Found
from rag.sentences import asked, score

_CONSIDERED = 10
_SENTENCES_AN_ARTICLE = 2
_TIED = 0.05  # of a score: less than what an unrelated paragraph elsewhere in the article changes of it
_SAME_WORDS = 0.7  # share of common words from which two quotes say the same thing

# Confidence: a logistic model of these, fitted as in tests/bench/fit.py. But "strangers" was fitted at -0.8, since the
# sets hold few questions about the wrong person; at -3 a name that the article lacks makes a refusal of most answers,
# and cost .006 of the answerable questions on news.
_INTERCEPT = -11.3  # fitted -11.15; moved so that the sample archive is refused as often as before the ranking changed
_CONFIDENCE = {"bm25": 2.4, "late": 5.0, "margin": 3.6, "closeness": 8.8, "date": 1.8, "strangers": -3.0}


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

    def write(self, question: str, found: Found) -> Iterator[Answer]:
        """Yield the answer, quote by quote."""
        candidates = ranked(found.question, found.hits)
        kept = distinct(candidates)[:_CONSIDERED]
        composed = compose(found.question, kept, self.quotes)
        sure = confidence(found, candidates[0]) if candidates else 0.0
        answer = replace(self._refusal(question, found, sure), considered=_weighed(found.question, composed, kept))
        if composed.refuse or sure < self.refuse_below:
            known = found.reach()
            near = near_misses(found.question, found.hits, known, found.periods, found.as_of)
            yield replace(answer, near=near, reach=known)
            return
        for count in range(1, len(composed.claims) + 1):
            yield replace(answer, refused=False, lead=composed.lead, claims=composed.claims[:count])

    def _refusal(self, question: str, found: Found, sure: float) -> Answer:
        return Answer(
            question=question,
            searched=found.question,
            as_of=found.as_of,
            refused=True,
            confidence=sure,
            hits=found.hits,
            articles_searched=found.articles,
            filters=found.filters,
            notes=found.notes,
            seconds=found.seconds,
            version=found.version,
            asked_at=datetime.now(UTC),
        )


def ranked(question: str, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the sentences of the hits, best first; see `rag.sentences` for what counts."""
    about = asked(question)
    hits = [hit for hit in hits if hit.sentences]
    found = [
        Candidate(score(about, hits, place, number), hit, sentence)
        for place, hit in enumerate(hits)
        for number, sentence in enumerate(hit.sentences)
        if not sentence.pair or together(hit.article.text, sentence.start, sentence.end, question)
    ]
    return sorted(found, key=lambda each: -each.score)


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those that say again what a better one says, few from any one article."""
    kept: list[Candidate] = []
    words: list[set[str]] = []
    articles: dict[str, int] = {}
    for place, best in enumerate(candidates):
        seen = articles.get(best.hit.article.id, 0)
        if seen >= _SENTENCES_AN_ARTICLE or any(_overlap(best, other) for other in kept):
            continue
        each = _settled(best, candidates[place:])
        own = set(re.findall(r"\w+", each.hit.article.text[each.sentence.start : each.sentence.end].lower()))
        if any(_alike(own, other) for other in words) or any(_overlap(each, other) for other in kept):
            continue
        articles[each.hit.article.id] = seen + 1
        kept.append(each)
        words.append(own)
    return kept


def _settled(best: Candidate, rest: Sequence[Candidate]) -> Candidate:
    """Return the candidate to quote where others with a sentence of it come as near: two sentences, then the first.

    Scores move a little with whatever else the archive holds, and so would the choice between them. Two sentences
    explain each other; which of two pairs does not matter.
    """
    near: list[Candidate] = []
    for each in rest:
        if each.score < best.score - _TIED:
            break
        near += [each] if _overlap(each, best) else []
    return min(near, key=lambda each: (not each.sentence.pair, each.sentence.start))


def _overlap(one: Candidate, other: Candidate) -> bool:
    same = one.hit.article.id == other.hit.article.id
    return same and one.sentence.start < other.sentence.end and other.sentence.start < one.sentence.end


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= _SAME_WORDS * max(1, min(len(one), len(other)))


def _weighed(question: str, composed: Composed, kept: Sequence[Candidate]) -> tuple[Quote, ...]:
    """Return the quotes chosen, then the other sentences that were weighed, best first."""
    chosen = [quote for claim in composed.claims for quote in claim.quotes]
    rest = [quote_of(question, each) for each in kept]
    return (*chosen, *(each for each in rest if not any(each.overlaps(quote) for quote in chosen)))


def confidence(found: Found, best: Candidate) -> float:
    """Return how sure it is that the articles answer, 0 to 1, from what the search found and its best sentence."""
    value = _INTERCEPT + sum(_CONFIDENCE[name] * fact for name, fact in facts(found, best).items())
    return 1 / (1 + math.exp(-value))


def facts(found: Found, best: Candidate) -> dict[str, float]:
    """Return what the confidence is made of."""
    return {
        "bm25": min(found.evidence.bm25, 2.0),
        "late": found.evidence.late,
        "margin": min(found.evidence.margin, 1.0),
        "closeness": best.sentence.closeness,
        # Old articles answer what is asked of old times; only "this week" makes distance speak against them.
        "date": math.log(best.hit.why.date_factor) if when.relative(found.question) else 0.0,
        "strangers": strangers(found.question, f"{best.hit.article.title}\n{best.hit.article.text}"),
    }


def strangers(question: str, text: str) -> float:
    """Return the share of the question's names that stand nowhere in `text`, 0 to 1; endings do not count."""
    asked_for = names(question)
    if not asked_for:
        return 0.0
    lower = text.lower()
    missing = sum(not re.search(rf"\b{re.escape(_stem(name.lower()))}", lower) for name in asked_for)
    return missing / len(asked_for)


def _stem(word: str) -> str:
    """Return what a name and what is made of it (Russia, Russian) have in common; a letter makes another short name."""
    return word[:-2] if len(word) > 6 else word

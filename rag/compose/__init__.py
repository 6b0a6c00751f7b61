"""From ranked sentences to what is shown: an answer in the question's kind, made of quotes alone, without a model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rag.answer import Claim
from rag.compose.asks import Ask, Form, form_of
from rag.compose.choose import Chosen, names_in, near_ones, with_further
from rag.compose.decide import decided
from rag.compose.differing import CHANGED, CORRECTED, DIFFER, differing
from rag.compose.sides import BOTH, both_sides
from rag.compose.speaking import words_of
from rag.compose.words import stems

if TYPE_CHECKING:
    from rag.write import Candidate

MOST = 4
"""Most quotes of an answer."""
_FIRST_NEAR = 1.0  # for the earliest or the newest report, which must be of the thing itself
_COVERED = 0.85  # share of the best sentence's words of the question that it holds
_TELLS = 0.6  # the same of all its words: below it, reports are of the subject, and which was first is not known
_LISTS = 0.8
_LEAST_LISTED = 3

_HAPPENED = re.compile(r"^(?:when|who|where) (?:did|was|were)\b", re.IGNORECASE)
_TO_COME = re.compile(r"\b(?:will|would|to be|expected|due|put back|postponed)\b|n[o'’]t\b", re.IGNORECASE)

EARLIEST = "The earliest report found comes first:"
BESIDE = frozenset({DIFFER, CHANGED, CORRECTED, BOTH})
"""What is said before quotes that are to be read beside each other."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What is shown of the ranked sentences."""

    lead: str
    """What the program says of the quotes; no words of an article. Empty in the ordinary case."""
    claims: tuple[Claim, ...]
    refuse: bool
    """Nothing of it answers in the question's kind, however near the words are."""


def compose(question: str, candidates: "Sequence[Candidate]", most: int = MOST) -> Composed:
    """Return up to `most` quotes that answer in the question's kind, and what is to be said before them.

    `candidates` come best first and without near-doubles.
    """
    near = near_ones(question, candidates)
    if not near:
        return Composed("", (), refuse=True)
    form = form_of(question)
    lead, first = _first(question, form, near)
    if form.ask is Ask.COMPARISON and not first:
        return Composed("", (), refuse=True)
    if form.ask is Ask.SAID and first:
        near = first
        first = first[:1]
    if form.ask is not Ask.COMPARISON or len(first) < 2:
        first = with_further(question, first or near[:1], near, most)
    quotes = [each.quote for each in first[:most]]
    return Composed(lead, tuple(Claim(quote.text, (quote,), supported=True) for quote in quotes), refuse=False)


def _first(question: str, form: Form, near: Sequence[Chosen]) -> tuple[str, list[Chosen]]:
    """Return what is to be said, and the quotes that must come first; none where the best one does."""
    if form.ask is Ask.COMPARISON:
        return both_sides(form.sides, near)
    if form.ask is Ask.YES_NO:
        lead, quote = decided(question, near)
        return lead, [quote] if quote else []
    if form.ask is Ask.SAID:
        return "", words_of(form.sides[0], question, near)
    if form.ask is Ask.FIRST:
        return _earliest(near)
    if _HAPPENED.search(question) and (came := _came(near)):
        return "", came
    lead, quotes = differing(question, near)
    if lead:
        return lead, quotes
    if form.ask is Ask.LATEST:
        return "", [max(_about(near), key=lambda each: each.article.published or date.min)]
    if form.ask is Ask.LIST:
        return "", [_listing(question, near)]
    return "", []


def _came(near: Sequence[Chosen]) -> list[Chosen]:
    """Return the best report that it came, where the best of all was printed while it was still to come."""
    if not _TO_COME.search(near[0].sentence):
        return []
    covered = _COVERED * near[0].candidate.sentence.coverage
    past = (each for each in near if not _TO_COME.search(each.sentence))
    return [each for each in past if each.candidate.sentence.coverage >= covered][:1]


def _about(near: Sequence[Chosen]) -> list[Chosen]:
    """Return those that are as near to the thing itself as the best one."""
    best = near[0].candidate
    return [
        each
        for each in near
        if each.candidate.score > best.score - _FIRST_NEAR
        and each.candidate.sentence.coverage >= _COVERED * best.sentence.coverage
    ]


def _earliest(near: Sequence[Chosen]) -> tuple[str, list[Chosen]]:
    about = [each for each in _about(near) if each.article.published]
    if len(about) < 2 or near[0].candidate.sentence.coverage < _TELLS:
        return "", []
    return EARLIEST, sorted(about, key=lambda each: each.article.published or date.max)


def _listing(question: str, near: Sequence[Chosen]) -> Chosen:
    """Return the quote that lists most by name, if it is near, and the best one names less."""
    asked = set(stems(question))
    best = near[0]
    rest = [each for each in near if each.candidate.score > best.candidate.score - _LISTS]
    longest = max(rest, key=lambda each: len(set(names_in(each.text, asked))))
    listed = len(set(names_in(longest.text, asked)))
    return longest if listed >= _LEAST_LISTED > len(set(names_in(best.text, asked))) else best

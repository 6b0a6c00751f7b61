"""Which sentences are quoted beside the first one: those of other sources that add to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.article import Article
from rag.compose.spans import span_of
from rag.compose.words import content, tokens
from rag.quotes import Quote

if TYPE_CHECKING:
    from rag.write import Candidate

NEAR = 1.5
"""A further quote scores at most this much less than the best."""
_NEW = 0.5  # share of a quote's words, besides the question's, that no quote before it has
_SAME_ARTICLE = 0.4  # what a second quote of one report, in whichever article, is put back


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate with the words that are quoted for it."""

    candidate: "Candidate"
    quote: Quote

    @property
    def article(self) -> Article:
        """Return its article."""
        return self.candidate.hit.article

    @property
    def sentence(self) -> str:
        """Return the words that were ranked, without what was taken in so that they stand on their own."""
        return self.article.text[self.candidate.sentence.start : self.candidate.sentence.end]

    @property
    def text(self) -> str:
        """Return the words that are quoted."""
        return self.quote.text


def quote_of(question: str, candidate: "Candidate") -> Quote:
    """Return the words that are quoted for a candidate."""
    article, sentence = candidate.hit.article, candidate.sentence
    return Quote(article, *span_of(article, sentence.start, sentence.end, question))


def near_ones(question: str, candidates: "Sequence[Candidate]") -> list[Chosen]:
    """Return the candidates that come near to the best one, each with its quote; none overlaps a better one."""
    found: list[Chosen] = []
    for each in candidates:
        if each.score <= candidates[0].score - NEAR:
            continue
        made = Chosen(each, quote_of(question, each))
        if not any(made.quote.overlaps(other.quote) for other in found):
            found.append(made)
    return found


def with_further(question: str, first: Sequence[Chosen], near: Sequence[Chosen], most: int) -> list[Chosen]:
    """Return `first` with those of `near` that add something, up to `most`; other sources before the same ones."""
    chosen = list(first[:most])
    asked = {each.stem for each in content(tokens(question))}
    left = [each for each in near if each not in chosen]
    while left and len(chosen) < most:
        reports = {each.candidate.hit.printed for each in chosen}
        left = [each for each in left if _adds(each, chosen, asked)]
        if not left:
            break
        best = max(
            left, key=lambda each: each.candidate.score - _SAME_ARTICLE * (each.candidate.hit.printed in reports)
        )
        chosen.append(best)
        left.remove(best)
    return chosen


def _adds(each: Chosen, chosen: Sequence[Chosen], asked: set[str]) -> bool:
    """Tell whether a quote has a name or number, or many words, that neither question nor quotes have."""
    said = asked.union(*({word.stem for word in tokens(other.text)} for other in chosen))
    own = [word for word in content(tokens(each.text)) if word.stem not in asked]
    new = [word for word in own if word.stem not in said]
    telling = [word for word in new if word.text[0].isdigit() or (word.text[0].isupper() and word.start > 0)]
    return bool(telling) or len(new) >= max(1.0, _NEW * len(own))


def names_in(text: str, asked: set[str]) -> list[str]:
    """Return the words of a text that name something, but for those of the question."""
    return [
        word.stem
        for word in content(tokens(text))
        if word.text[0].isupper()
        and word.stem not in asked
        and not re.search(r"(?:^|[.!?] |[“\"])$", text[: word.start])
    ]

"""What is done with a list of hits: copies collapsed, sources taking turns, a rest put below the others. Pure."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from rag.answer import Hit

Shingles = frozenset[tuple[str, ...]]

_WORD = re.compile(r"\w+")
RUN = 4  # words in a row: names and figures come again in other stories, four words in a row hardly
_SAME = 0.7


def collapse(
    articles: Sequence[int], suspects: Sequence[Collection[int]], same: Callable[[int, int], bool]
) -> list[list[int]]:
    """Return the places of passages, best first, one for each text: behind it, those of other articles that have it.

    `articles` names the article of each; `same` tells whether the passages at two places have the same words, and is
    asked only of those that `suspects` names for one of them.
    """
    groups: list[list[int]] = []
    for place, article in enumerate(articles):
        for group in groups:
            first = group[0]
            if first in suspects[place] and articles[first] != article and same(first, place):
                if article not in {articles[each] for each in group}:
                    group.append(place)
                break
        else:
            groups.append([place])
    return groups


def shingles(text: str) -> Shingles:
    """Return every four words in a row of `text`; all of them together where it has fewer."""
    words = _WORD.findall(text.casefold())
    if len(words) < RUN:
        return frozenset([tuple(words)])
    return frozenset(zip(*(words[place:] for place in range(RUN)), strict=False))


def alike(one: Shingles, other: Shingles) -> bool:
    """Tell whether two texts are the same but for cuts and small changes: one is mostly within the other."""
    least, most = (one, other) if len(one) <= len(other) else (other, one)
    if 2 * len(least) < len(most):
        return False
    return not one.isdisjoint(other) and len(one & other) >= _SAME * len(least)


def spread(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with the best one of each report first, publishers taking turns, then the others.

    For a question that wants several sources. Scores stay as they are, so that they no longer fall throughout.
    """
    firsts: list[Hit] = []
    others: list[Hit] = []
    seen: set[str] = set()
    for hit in hits:
        (others if hit.printed in seen else firsts).append(hit)
        seen.add(hit.printed)
    turns: dict[str, int] = {}
    order: list[tuple[int, int]] = []
    for place, hit in enumerate(firsts):
        publisher = hit.article.publisher or hit.article.id
        order.append((turns.get(publisher, 0), place))
        turns[publisher] = turns.get(publisher, 0) + 1
    return [firsts[place] for _, place in sorted(order)] + others


def beside(hits: Sequence[Hit], others: Sequence[Hit], weight: float) -> list[Hit]:
    """Return the hits of two wordings of a question, best first, those of the second with a weight.

    A score is how far a hit is below the best of its list; what a list lacks is as far below as its last.
    """
    if not hits or not others:
        return list(hits or others)
    own, further = ({_place(hit): hit for hit in found} for found in (hits, others))
    best, top = (max(hit.score for hit in found) for found in (hits, others))
    last, least = (min(hit.score for hit in found) for found in (hits, others))
    made: list[Hit] = []
    for place, hit in (own | {place: hit for place, hit in further.items() if place not in own}).items():
        first = own[place].score if place in own else last
        second = further[place].score if place in further else least
        made.append(replace(hit, score=best + (first - best + weight * (second - top)) / (1 + weight)))
    return sorted(made, key=lambda hit: -hit.score)


def _place(hit: Hit) -> tuple[str, int, int]:
    return hit.passage.article_id, hit.passage.start, hit.passage.end


def below(better: Sequence[Hit], rest: Sequence[Hit]) -> list[Hit]:
    """Return the hits that were ranked again, then the others in their order, on a scale that goes on below."""
    last = min((hit.score for hit in better), default=0.0)
    top = max((hit.score for hit in rest), default=0.0)
    return [*better, *(replace(hit, score=last - (top - hit.score) - 1e-6) for hit in rest)]

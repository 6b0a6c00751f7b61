"""Questions that compare two things or two sources: one quote for each side."""

from collections.abc import Sequence

from rag.compose.choose import Chosen
from rag.compose.words import stems

BOTH = "One quote for each side:"


def both_sides(sides: Sequence[str], near: Sequence[Chosen]) -> tuple[str, list[Chosen]]:
    """Return what is to be said of the sides, and the best quote of each that has one; one that holds both is enough.

    A side is a source where a publisher's name has its words, else what a sentence speaks of.
    """
    wanted = [frozenset(stems(side)) for side in sides]
    found: list[Chosen] = []
    missing: list[str] = []
    for side, words in zip(sides, wanted, strict=True):
        own = [each for each in near if _of(each, words)]
        alone = [each for each in own if not any(_of(each, other) for other in wanted if other != words)]
        best = next(iter(alone or own), None)
        if best is None:
            missing.append(side)
        elif best not in found:
            found.append(best)
    if missing and found:
        return f"Nothing was found about {missing[0]}; this is what the articles say of the other side:", found
    return (BOTH if len(found) > 1 else ""), found


def _of(each: Chosen, words: frozenset[str]) -> bool:
    hit = each.candidate.hit
    publishers = [article.publisher or "" for article in (hit.article, *hit.copies)]
    return any(words <= set(stems(name)) for name in publishers) or words <= set(stems(each.text))

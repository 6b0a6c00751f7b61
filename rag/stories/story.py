"""Which articles belong to one story: those that hang together, as alike as this archive's stories are."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rag.stories.likeness import POOL, Likeness, Own

ARTICLES = 20
# Chosen on the stories of the sample archive and read on 1,500 real articles: see the README's design section.
_LEAST = 0.6  # share of the bound that an article must reach with the one asked about, whoever else it is like
_STARTS = 6
_SURELY = 1.4
_CLOSEST = 2
_CLOSEST_COUNT = 0.7  # how much the closest articles count, against the mean of all
_FULL_SAY = 2.0  # an article this many times the bound like the one asked about speaks for others in full


class Member(NamedTuple):
    """An article of a story."""

    own: Own
    likeness: float
    """How much it is like the story's other articles: 1 is just so much as to belong to it."""


def members(like: Likeness, places: Sequence[int], most: int = ARTICLES) -> list[Member]:
    """Return the articles at `places`, and the others of their story, those that belong to it most surely first.

    At most `most` different texts.

    The story grows by one article at a time: the one most like those in it, the two closest and all of them, as
    long as that reaches the bound of the archive. So it may change its subject over months. But the less an article
    is like those asked about, the less it says for others: else one stray article brings its own story.
    """
    story = [Member(like.own(place), 1.0) for place in places[:most]]
    near = {place for member in story for place in like.candidates(member.own, max(POOL, 3 * most))}
    candidates = [like.own(place) for place in sorted(near - set(places))]
    rows = [like.compare(member.own, candidates) for member in story]
    first = np.max(rows, axis=0)
    kept = np.flatnonzero(first >= _LEAST * like.story)
    candidates, rows, first = [candidates[int(number)] for number in kept], [row[kept] for row in rows], first[kept]
    says, texts = [1.0] * len(story), len(story)
    left = np.ones(len(candidates), dtype=bool)
    while texts < most and left.any():
        alike, say = np.stack(rows), np.asarray(says)[:, None]  # (articles of the story, candidates)
        through = alike * say + first * (1 - say)
        closest = np.sort(through, axis=0)[-_CLOSEST:].mean(axis=0)
        support = _CLOSEST_COUNT * closest + (1 - _CLOSEST_COUNT) * (alike * say).sum(axis=0) / say.sum()
        support[~left] = -np.inf
        best = int(support.argmax())
        if support[best] < like.story:
            break
        left[best] = False
        texts += not any(like.same_text(member.own, candidates[best]) for member in story)
        story.append(Member(candidates[best], float(support[best]) / like.story))
        rows.append(like.compare(candidates[best], candidates))
        says.append(min(1.0, float(first[best]) / (_FULL_SAY * like.story)) ** 2)
    return story + _copies(like, story, [candidates[int(number)] for number in np.flatnonzero(left)])


def _copies(like: Likeness, story: Sequence[Member], rest: Sequence[Own]) -> list[Member]:
    """Return those that print the text of an article of the story: they belong to it, however few are wanted."""
    found: list[Member] = []
    for own in rest:
        same = next((member for member in story if like.same_text(member.own, own)), None)
        if same is not None:
            found.append(Member(own, same.likeness))
    return found


def starts(like: Likeness, places: Sequence[int]) -> list[int]:
    """Return the articles of one story among `places`, which answer a question, best first: where its story starts.

    It is the story that most of the first articles are of, the better ones counting more: the first one alone may
    have nothing but a word of the question.
    """
    distinct = [like.own(place) for place in dict.fromkeys(places)][:_STARTS]
    alike = np.stack([like.compare(own, distinct) for own in distinct]) / like.story
    np.fill_diagonal(alike, np.inf)
    best = int(((alike >= 1) @ (1 / np.arange(1, len(distinct) + 1))).argmax())
    surely = [own.place for own, how in zip(distinct, alike[best], strict=True) if _SURELY <= how < np.inf]
    return [distinct[best].place, *surely]

"""From an article, or a passage of one, to the articles related to it. Re-embeds nothing."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.article import Article
from index.errors import ArticleUnknown, SpanError
from index.reader import Index
from rag.answer import Hit, article_json, span_json
from rag.quotes import Quote
from rag.stories.counts import CALENDAR
from rag.stories.likeness import POOL, Likeness, Own, likeness

K = 10
_WORDS = 6


@dataclass(frozen=True, slots=True)
class Related:
    """An article related to another, and why."""

    article: Article
    score: float
    """1 is as alike as two articles of one story are in this archive; unrelated ones have about a third of that."""
    theirs: Quote
    """The passage of this article that is nearest to `ours`."""
    ours: Quote
    """The passage that was asked about, or of the article asked about the one that is nearest."""
    cosine: float
    """How near these two passages are by the model, at most 1."""
    words: tuple[str, ...]
    """The words that say most for it, of those that both hold: names, rare words."""
    days: int | None
    """How many days later it was published, less than 0 for earlier; None where a date is not known."""
    copies: tuple[Article, ...] = ()
    """Other articles that print the same text."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What an archive holds besides an article, best first."""

    article: Article
    passage: Quote | None
    """The passage asked about; None where it was the whole article."""
    related: tuple[Related, ...]
    copies: tuple[Article, ...]
    """Articles that print the same text as the one asked about. They are no sources of their own."""

    def to_json(self) -> dict[str, Any]:
        """Return the object that `pullquote related --json` prints."""
        return {
            "article": article_json(self.article),
            "passage": _span(self.passage) if self.passage else None,
            "copies": [article_json(each) for each in self.copies],
            "related": [
                article_json(each.article)
                | {
                    "score": round(each.score, 4),
                    "cosine": round(each.cosine, 4),
                    "words": list(each.words),
                    "days": each.days,
                    "theirs": _span(each.theirs),
                    "ours": _span(each.ours),
                    "copies": [article_json(copy) for copy in each.copies],
                }
                for each in self.related
            ],
        }


def related(index: Index, about: str | Hit | Quote, k: int = K, at: int | None = None) -> Relations:
    """Return the `k` articles most related to an article, or to one passage of it.

    `about` is an article's id, with the character `at` for the passage there, or a hit or quote for its passage.

    Raises:
        ArticleUnknown: the index holds no article of this id.
        SpanError: `at` is no character of the article.
    """
    article_id, start = asked_about(about)
    at = start if at is None else at
    place = place_of(index, article_id)
    like = likeness(index)
    own = like.own(place, None if at is None else _row_at(like, place, at))
    others = [like.own(other) for other in like.candidates(own, max(POOL, 3 * k))]
    scores = like.compare(own, others)
    order = [others[number] for number in np.argsort(-scores, kind="stable")]
    groups, copies = _grouped(like, like.own(place), order, k)
    best = dict(zip((other.place for other in others), scores.tolist(), strict=True))
    found = [_related(like, own, other, best[other.place], also) for other, also in groups]
    article = index.article_at(place)
    passage = None if at is None else _quote(index, int(own.rows[0]))
    return Relations(article, passage, tuple(found), tuple(index.article_at(copy.place) for copy in copies))


def place_of(index: Index, article_id: str) -> int:
    """Return the place of an article among the index's members.

    Raises:
        ArticleUnknown: the index holds no article of this id; names those that look like it.
    """
    place = index.places.get(article_id)
    if place is not None:
        return place
    known = list(index.places)
    near = [each for each in known if article_id and article_id.lower() in each.lower()][:3]
    near += [each for each in difflib.get_close_matches(article_id, known, n=3) if each not in near]
    like = f" Did you mean {' or '.join(near[:3])}?" if near else ""
    raise ArticleUnknown(
        f"{article_id[:200]!r} is the id of none of the {len(known):,} articles.{like} "
        "`pullquote search WORDS --json` gives ids."
    )


def asked_about(about: str | Hit | Quote) -> tuple[str, int | None]:
    """Return the article id, and the character for a passage, that an id, a hit or a quote stands for."""
    if isinstance(about, str):
        return about, None
    if isinstance(about, Hit):
        return about.article.id, about.passage.start
    return about.article.id, about.start


def _span(quote: Quote) -> dict[str, Any]:
    return span_json(quote.article, quote.start, quote.end)


def _row_at(like: Likeness, place: int, at: int) -> int:
    article = like.index.article_at(place)
    if not 0 <= at < len(article.text):
        raise SpanError(
            f"{at} is no character of article {article.id!r}: its text has {len(article.text):,}, counted from 0."
        )
    rows = like.rows(place)
    # White space between passages belongs to the one after it; what follows the last one, to that.
    ends = [like.index.span(int(row)).end for row in rows]
    return int(rows[min(int(np.searchsorted(ends, at, side="right")), len(rows) - 1)])


def _grouped(like: Likeness, own: Own, order: Sequence[Own], k: int) -> tuple[list[tuple[Own, list[Own]]], list[Own]]:
    """Return the first `k` texts of `order`, each with its other prints, and the other prints of the article itself."""
    copies: list[Own] = []
    groups: list[tuple[Own, list[Own]]] = []
    for other in order:
        if like.same_text(own, other):
            copies.append(other)
            continue
        same = next((also for kept, also in groups if like.same_text(kept, other)), None)
        if same is not None:
            same.append(other)
        elif len(groups) < k:
            groups.append((other, []))
    return groups, copies


def _related(like: Likeness, own: Own, other: Own, score: float, copies: Sequence[Own]) -> Related:
    index = like.index
    cosines = like.vectors(own.rows) @ like.vectors(other.rows).T
    ours, theirs = np.unravel_index(int(cosines.argmax()), cosines.shape)
    our_row, their_row = int(own.rows[ours]), int(other.rows[theirs])
    [vector] = index.vectors(np.asarray([our_row]))
    [days] = like.days_apart(own.place, [other.place])
    article = index.article_at(other.place)
    return Related(
        article=article,
        score=score / like.story,
        theirs=_quote(index, their_row),
        ours=_quote(index, our_row),
        cosine=float(index.cosines(vector, np.asarray([their_row]))[0]),
        words=_written(index, article, like.shared(own.words, other.words)),
        days=None if np.isnan(days) else int(days),
        copies=tuple(index.article_at(copy.place) for copy in copies),
    )


def _quote(index: Index, row: int) -> Quote:
    span = index.span(row)
    return Quote(index.article_of(row), span.start, span.end)


def _written(index: Index, article: Article, terms: Sequence[str]) -> tuple[str, ...]:
    """Return the first of `terms` as the article writes them, without days and numbers: they say little."""
    found: dict[str, str] = {}
    for match in re.finditer(r"\w+", f"{article.title}\n{article.text}"):
        if not (match.group().isdigit() or CALENDAR.fullmatch(match.group())):
            for term in index.terms(match.group(), article.language):
                found.setdefault(term, match.group())
    return tuple(found[term] for term in terms if term in found)[:_WORDS]

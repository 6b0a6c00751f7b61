"""A story's timeline: its articles by date, each with what was new in it."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from index.article import Article
from index.errors import QuestionError
from index.passage import sentences
from index.reader import Index
from rag.answer import Hit, article_json, span_json
from rag.quotes import Quote
from rag.stories import novelty
from rag.stories.likeness import Likeness, likeness
from rag.stories.related import asked_about, place_of
from rag.stories.story import ARTICLES, Member, members, starts


@dataclass(frozen=True, slots=True)
class NewSentence:
    """A sentence that says what no earlier article of the story said."""

    quote: Quote
    before: Quote | None = None
    """An earlier sentence whose number is to be compared with that of this one; None where there is none.

    It may be the old number of the same thing (17 injured, 19 injured) or that of a like one: a reader decides.
    """


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An article of a story, and what was new in it."""

    article: Article
    new: tuple[NewSentence, ...]
    """In their order in the article; none where it says nothing new."""
    copies: tuple[Article, ...]
    """Later articles that print the same text."""
    likeness: float
    """How surely it belongs to the story: 1 is just so."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A story's articles by date; those without a known date come last, in the order of their ids."""

    about: str
    """The question, or the id of the article, that it was asked for with."""
    entries: tuple[TimelineEntry, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object that `pullquote timeline --json` prints."""
        return {
            "about": self.about,
            "entries": [
                article_json(entry.article)
                | {
                    "likeness": round(entry.likeness, 4),
                    "copies": [article_json(copy) for copy in entry.copies],
                    "new": [
                        {"quote": _span(line.quote), "before": _span(line.before) if line.before else None}
                        for line in entry.new
                    ],
                }
                for entry in self.entries
            ],
        }


def timeline(
    index: Index, about: str | Hit | Quote, search: Callable[[str], Sequence[Hit]], k: int = ARTICLES
) -> Timeline:
    """Return the story of an article, or the one that a question is about: at most `k` articles, the surest ones.

    `about` is an article's id, a question or a topic, or a hit or quote for its article. `search` finds the passages
    that answer a question, best first.

    Raises:
        ArticleUnknown: `about` looks like an id, and the index holds no article of it.
        QuestionError: the question cannot be searched for, or nothing was found.
    """
    like = likeness(index)
    named, _ = asked_about(about)
    if not isinstance(about, str) or named in index.places or _like_an_id(index, named):
        return Timeline(named, _entries(like, members(like, [place_of(index, named)], k)))
    places = [index.places[hit.article.id] for hit in search(named) if hit.article.id in index.places]
    if not places:
        raise QuestionError(f"{named[:80]!r} is in no article. Name a person, place or thing of the story.")
    return Timeline(named, _entries(like, members(like, starts(like, places), k)))


def _like_an_id(index: Index, text: str) -> bool:
    """Tell whether a text that names no article was meant to: one word with a digit, a slash or a file's ending.

    What the articles themselves speak of, "covid-19" or "9/11", is a topic.
    """
    shaped = re.fullmatch(r"\S*(?:\d|/|\.\w+$)\S*", text.strip())
    return bool(shaped) and not all(index.frequency(term) for term in index.terms(text))


def _entries(like: Likeness, story: Sequence[Member]) -> tuple[TimelineEntry, ...]:
    index = like.index
    articles = {member.own.place: index.article_at(member.own.place) for member in story}
    ordered = sorted(story, key=lambda member: _order(articles[member.own.place]))
    firsts: list[tuple[Member, list[Article]]] = []
    for member in ordered:
        same = next((copies for first, copies in firsts if like.same_text(first.own, member.own)), None)
        if same is None:
            firsts.append((member, []))
        else:
            same.append(articles[member.own.place])
    counts = Counter(term for member, _ in firsts for term in member.own.words)
    subject = {term: count / len(firsts) for term, count in counts.items() if count > 1}
    told = novelty.Told(like.rarity, subject)
    entries: list[TimelineEntry] = []
    for number, (member, copies) in enumerate(firsts):
        article = articles[member.own.place]
        spans = sentences(article.text, article.language)
        terms = partial(like.content, language=article.language)
        analysed = novelty.analyse(article.text, spans, terms)
        title = frozenset(terms(article.title))
        lines = novelty.new_lines(told, analysed, title)
        told.add(number, title, analysed)
        new = tuple(
            NewSentence(
                Quote(article, *line.sentence.span),
                None if line.before is None else Quote(entries[line.before[0]].article, *line.before[1].span),
            )
            for line in lines
        )
        entries.append(TimelineEntry(article, new, tuple(copies), member.likeness))
    return tuple(entries)


def _order(article: Article) -> tuple[date, str]:
    return (article.published or date.max, article.id)


def _span(quote: Quote) -> dict[str, Any]:
    return span_json(quote.article, quote.start, quote.end)

"""What an archive holds, counted: by publisher, section, language and day, and how many articles a choice leaves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.reader import UNKNOWN_DAY, Index
from rag.filters import Filters
from rag.scope import scope
from rag.terms import Terms

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.retrieve import Retriever

EVERYTHING = Filters()
_BARS = 60  # most bins of a histogram: as many as can be told apart on a telephone
_PASSAGES = 2_000  # looked at for how often a question is written of
_HALF = 0.5  # of the weight of a question's words, by BM25


@dataclass(frozen=True, slots=True)
class Days:
    """How many articles are from some days in a row, both ends included."""

    first: date
    last: date
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles there are, by what they can be chosen by; the most frequent first."""

    articles: int
    undated: int
    publishers: tuple[tuple[str, int], ...]
    sections: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    days: tuple[Days, ...]
    """Bins of one kind in a row without gaps, at most 60: days, weeks, months, quarters or years."""


def facets(retriever: "Retriever", filters: Filters = EVERYTHING, as_of: date | None = None) -> Facets:
    """Count the articles that `filters` let through, of those that existed on the day `as_of`."""
    index = retriever.index
    places = _places(index, filters, as_of)
    facts = [index.facts[int(place)] for place in places]
    days = index.days[places]
    return Facets(
        articles=len(places),
        undated=int((days == UNKNOWN_DAY).sum()),
        publishers=_most(each.publisher for each in facts),
        sections=_most(each.section for each in facts),
        languages=_most(each.language for each in facts),
        days=binned(days[days != UNKNOWN_DAY]),
    )


def written_of(retriever: "Retriever", answer: "Answer") -> tuple[Days, ...]:
    """Count, over time, the articles that a question is about, answered or not, of those that were searched.

    They are those with a passage whose BM25 score is at least half of the weight of the question's words; articles
    without a date are left out.
    """
    index = retriever.index
    terms = Terms.of(index, answer.searched)
    searched = scope(index, answer.filters, answer.as_of.toordinal() if answer.as_of else None)
    found = index.lexical(terms.stems, _PASSAGES, searched.rows)
    rows = found.rows[found.scores >= _HALF * terms.total]
    days = index.days[np.unique(index.rows[rows, 0])]
    return binned(days[days != UNKNOWN_DAY])


def binned(days: NDArray[np.int32]) -> tuple[Days, ...]:
    """Return bins of the ordinals `days`, (articles,), all of one kind and at most 60; none where there are none."""
    if not len(days):
        return ()
    known = [date.fromordinal(int(day)) for day in days]
    first, last = min(known), max(known)
    for begin, following in _KINDS:
        edges = [begin(first)]
        while edges[-1] <= last and len(edges) <= _BARS:
            edges.append(following(edges[-1]))
        if edges[-1] > last:
            break
    ordinals = np.asarray([edge.toordinal() for edge in edges])
    counts, _ = np.histogram(days, bins=[*ordinals[:-1], ordinals[-1] - 0.5])
    return tuple(
        Days(edge, following - timedelta(days=1), int(count))
        for edge, following, count in zip(edges, edges[1:], counts, strict=False)
    )


def _months(count: int, day: date) -> date:
    """Return the first day of the month that comes `count` months after the one of `day`."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


_KINDS = (
    (lambda day: day, lambda day: day + timedelta(days=1)),
    (lambda day: day - timedelta(days=day.weekday()), lambda day: day + timedelta(days=7)),
    (lambda day: day.replace(day=1), lambda day: _months(1, day)),
    (lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1), lambda day: _months(3, day)),
    (lambda day: date(day.year, 1, 1), lambda day: _months(12, day)),
    (lambda day: date(day.year // 10 * 10 or 1, 1, 1), lambda day: _months(120, day)),
)
"""Kinds of bins, from small to large: the first day of the one that a day is in, and of the one after it."""


def _places(index: Index, filters: Filters, as_of: date | None) -> NDArray[np.intp]:
    searched = scope(index, filters, as_of.toordinal() if as_of else None)
    if searched.rows is None:
        return np.arange(len(index.members))
    return np.unique(index.rows[searched.rows, 0]).astype(np.intp)


def _most(names: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    counts = Counter(name for name in names if name)
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))

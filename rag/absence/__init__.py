"""Evidence of absence: what was searched, which words stand nowhere, what came near, and what that lacks.

Nothing here answers, and nothing of it is cited. Whatever is said of a passage has been looked for in its article.
"""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np

from index.reader import UNKNOWN_DAY, Index
from index.vectors import Rows
from rag.absence.lacks import held, lacks
from rag.absence.parts import forms, parts
from rag.answer import Hit, NearMiss, Reach
from rag.dates import when
from rag.dates.when import Period, When
from rag.terms import Terms

_AHEAD = re.compile(r"\b(?:will|shall|due|expect\w*|plan\w*|schedul\w*|going to|likely|forecast\w*|project\w*)\b", re.I)

_LOOKED_AT = 500  # best passages for a word, before those that are searched are gone through
_LEAST = 0.5  # share of what the best has

SHOWN = 3
"""Near misses beside a refusal."""


def reach(index: Index, question: str, rows: Rows | None) -> Reach:
    """Return what is searched for a question among the passages at `rows` (None stands for all)."""
    searched = np.full(len(index.members), rows is None)
    if rows is not None:
        searched[index.rows[rows, 0]] = True
    days = index.days[searched]
    known = days[days != UNKNOWN_DAY]
    weights = {term.word: term.weight for term in Terms.of(index, question).terms}
    asked = parts(question)
    words = list(dict.fromkeys(word for part in asked for word in part.words))
    unheld = [word for word in words if not any(_held(index, form, rows) for form in forms(word))]
    names = [part for part in asked if part.name and part.words[1:] and not {*part.words} & {*unheld}]
    return Reach(
        first=date.fromordinal(int(known.min())) if len(known) else None,
        last=date.fromordinal(int(known.max())) if len(known) else None,
        undated=int(len(days) - len(known)),
        words=tuple(sorted(words, key=lambda word: -weights.get(word, 0.0))),
        unheld=(*unheld, *(str(part) for part in names if not _held(index, str(part), rows))),
    )


def near_misses(
    question: str,
    hits: Sequence[Hit],
    known: Reach,
    periods: Sequence[Period] = (),
    as_of: date | None = None,
    count: int = SHOWN,
) -> tuple[NearMiss, ...]:
    """Return the best hits of up to `count` articles, none that has much less of the question than another one.

    `periods` are the days that the question speaks of as the search read them; more are read from the question.
    """
    asked = sorted(parts(question, as_of), key=lambda part: (not part.name, part.asked_for, _place(part.words, known)))
    days = [
        *periods,
        *(each for each in when.periods(question, as_of or date.today()) if _tells(each, question, known)),
    ]
    nearest = {hit.article.id: hit for hit in reversed(hits)}
    best = [hit for hit in hits if nearest[hit.article.id] is hit]
    looked = [(held(asked, hit), hit) for hit in best[: 2 * count]]
    least = _LEAST * max((found.weight for found, _ in looked), default=0.0)
    near = [(found, hit) for found, hit in looked if found.weight >= least]
    return tuple(NearMiss(hit, lacks(question, found, hit, days)) for found, hit in near[:count])


def _held(index: Index, word: str, rows: Rows | None) -> bool:
    """Tell whether a passage at `rows`, or the title of its article, has a word, or several in a row."""
    if len(index.terms(word, index.languages[0])) != 1:
        return _among(index.holding(word), rows)
    terms = index.terms(word)
    count = max(map(index.frequency, terms), default=0)
    if count > (0 if rows is None else index.manifest.passages - len(rows)):  # more have it than are left out
        return True
    best = index.lexical(terms, _LOOKED_AT).rows
    if _among(best, rows):
        return True
    return len(best) == _LOOKED_AT and len(index.lexical(terms, 1, rows).rows) > 0


def _among(found: Rows, rows: Rows | None) -> bool:
    """Tell whether any of the rows found is one of `rows`, which ascend; None stands for all."""
    if rows is None or not len(found) or not len(rows):
        return bool(len(found)) and rows is None
    places = np.minimum(np.searchsorted(rows, found), len(rows) - 1)
    return bool((rows[places] == found).any())


def _place(words: Sequence[str], known: Reach) -> int:
    return min((known.words.index(word) for word in words if word in known.words), default=len(known.words))


def _tells(period: Period, question: str, known: Reach) -> bool:
    """Tell whether the date of an article says something of whether it can tell of these days.

    It says nothing where plans are asked for, or days from before the archive began.
    """
    if period.kind not in (When.EXACT, When.SINCE, When.UNTIL) or _AHEAD.search(question):
        return False
    return not (period.last and known.first and period.last < known.first)

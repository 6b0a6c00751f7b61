"""When something happened that a question dates by ("before the election"), as far as the archive tells."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import numpy as np

from index.reader import UNKNOWN_DAY, Index
from index.vectors import Rows
from rag.dates.when import Period, When, event_of
from rag.question import only_stop_words
from rag.terms import Terms

_LOOKED_AT = 300  # passages
_COVERED = 0.75  # least weighted share of the event's words in a passage or its title, to be about it
_DAYS = 2  # news of an event stands in the papers of that day and the next ones
_LEAST = 2  # articles


def period_of(index: Index, question: str, allowed: Rows | None = None) -> Period | None:
    """Return the days that a question means by an event, "before the election": up to it, or from it on.

    The event is dated by the days on which most articles tell of it, the first of these: coverage peaks when
    something happens. None where no event is named as a known one ("the"), or too few articles tell of it, so
    that nothing is made of a guess.
    """
    event = event_of(question)
    if event is None or event.relation == "during" or not event.words.lower().startswith("the "):
        return None  # "during the show" tells what happened, not when
    day = day_of(index, event.words, allowed)
    if day is None:
        return None
    made = Period(None, None, f"{event.relation} {event.words}", event.span, relative=False, kind=When.EXACT)
    if event.relation in {"before", "until"}:
        return replace(made, last=day, kind=When.UNTIL)
    return replace(made, first=day, kind=When.SINCE)


def day_of(index: Index, words: str, allowed: Rows | None = None) -> date | None:
    """Return the day on which the archive tells most of what `words` name, or None."""
    if only_stop_words(words):
        return None
    terms = Terms.of(index, words)
    told: dict[int, dict[int, float]] = defaultdict(dict)  # day -> article -> how much it is about it
    rows = index.lexical(terms.stems, _LOOKED_AT, allowed).rows
    standing = index.standing(terms.stems, rows)
    shares = terms.shares(standing, len(rows))
    in_titles = terms.shares(standing.where(standing.place < 0), len(rows))
    for row, share, in_title in zip(rows, shares.tolist(), in_titles.tolist(), strict=True):
        place = int(index.rows[row, 0])
        day = int(index.days[place])
        if day != UNKNOWN_DAY and share >= _COVERED:
            told[day][place] = max(told[day].get(place, 0.0), share + in_title)
    if sum(map(len, told.values())) < _LEAST:
        return None
    days = sorted(told)
    about = np.asarray([sum(told[day].values()) for day in days])
    near = [sum(about[i] for i, other in enumerate(days) if 0 <= other - day <= _DAYS) for day in days]
    return date.fromordinal(days[int(np.argmax(near))])

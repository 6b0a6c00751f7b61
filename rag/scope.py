"""Which articles a question is asked of: those that existed on its day, and that its filters let through."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.reader import UNKNOWN_DAY, Index
from index.vectors import Rows
from rag.filters import Filters, holds, unspaced, without_phrases

_TOGETHER = 100  # articles read in one go
_NAMED = 5  # of the publishers, authors … that there are, in a note on one that there is not


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that are searched."""

    filters: Filters
    """Those in force: a phrase that a question quotes, and no article holds, is not among them."""
    rows: Rows | None
    """The passages searched, ascending; None stands for all."""
    articles: int
    notes: tuple[str, ...] = ()
    """What the person who asks should know: a filter that nothing passes, a phrase that nobody wrote."""


def scope(index: Index, filters: Filters, until: int | None, *, loose: Sequence[str] = ()) -> Scope:
    """Return what is searched under `filters`, of articles up to the day `until` (an ordinal) or without a date.

    Where no article holds a phrase, nothing is searched, unless it is one of `loose`: what a question quotes. Those
    are passed over, and so is a single word among them: it is one that whoever asks keeps a distance from.
    """
    places = np.ones(len(index.members), dtype=bool)
    notes: list[str] = []
    if until is not None:
        places &= index.days <= until
    for part in filters.parts:
        places &= _passing(index, part, notes)
    filters = without_phrases(filters, [phrase for phrase in loose if not phrase.split()[1:]])
    unheld: list[str] = []
    for phrase in dict.fromkeys(phrase for part in filters.parts for phrase in part.phrases):
        found = _verbatim(index, phrase, places)
        if not found.any():
            notes.append(f"No article searched holds the exact words “{phrase}”.")
            unheld.append(phrase)
        if found.any() or phrase not in loose:
            places = found
    filters = without_phrases(filters, [phrase for phrase in unheld if phrase in loose])
    if places.all():
        return Scope(filters, None, len(places), tuple(notes))
    return Scope(filters, index.rows_of(places), int(places.sum()), tuple(notes))


def _passing(index: Index, filters: Filters, notes: list[str]) -> NDArray[np.bool_]:
    """Mark the articles that pass all filters but phrases."""
    places = np.ones(len(index.members), dtype=bool)
    if filters.dated:
        places &= _published(index, filters, notes)
    if filters.named:
        passes = {facts: filters.pass_article(facts) for facts in set(index.facts)}
        places &= np.asarray([passes[facts] for facts in index.facts], dtype=bool)
        notes += _nobody(index, filters)
    if filters.articles:
        places &= _chosen(index, filters.articles, notes)
    for words in filters.without:
        places &= ~(_verbatim(index, words, places) if unspaced(words) else _holding(index, words))
    return places


def _chosen(index: Index, ids: Sequence[str], notes: list[str]) -> NDArray[np.bool_]:
    """Mark the articles of these ids, without those whose id is given after a "-": an id may begin with one."""
    without = [index.places[each[1:]] for each in ids if each.startswith("-") and each[1:] in index.places]
    wanted = [each for each in ids if not each.startswith("-") or (not without and each in index.places)]
    places = np.full(len(index.members), not wanted)
    for each in wanted:
        if each in index.places:
            places[index.places[each]] = True
        else:
            notes.append(f"There is no article {each!r}.")
    places[without] = False
    return places


def _published(index: Index, filters: Filters, notes: list[str]) -> NDArray[np.bool_]:
    """Mark the articles published in the days searched."""
    first = filters.since.toordinal() if filters.since else UNKNOWN_DAY + 1
    last = filters.until.toordinal() if filters.until else np.iinfo(np.int32).max
    places = (index.days >= first) & (index.days <= last)
    if not places.any():
        notes.append(f"No article was published in the days searched{_days_there(index)}.")
    return places


def _verbatim(index: Index, phrase: str, places: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark those of the articles at `places` that hold exactly these words."""
    # Where no space tells words apart, the lexical index knows none, and every article is read.
    found = places.copy() if unspaced(phrase) else places & _holding(index, phrase)
    sought = np.flatnonzero(found).tolist()
    for start in range(0, len(sought), _TOGETHER):
        some = sought[start : start + _TOGETHER]
        for place, article in zip(some, index.articles_at(some), strict=True):
            found[place] = holds(f"{article.title}\n{article.text}", phrase)
    return found


def _holding(index: Index, words: str) -> NDArray[np.bool_]:
    """Mark the articles that hold these words in this order, in any of their forms."""
    places = np.zeros(len(index.members), dtype=bool)
    places[index.rows[index.holding(words), 0]] = True
    parts = words.split()
    for cut in range(1, len(parts)):  # the end of one passage, and the beginning of the next one
        ends = index.holding(" ".join(parts[:cut]))
        if not len(ends):
            break
        begins = np.intersect1d(ends + 1, index.holding(" ".join(parts[cut:])))
        same = index.rows[begins, 0] == index.rows[begins - 1, 0]
        places[index.rows[begins[same], 0]] = True
    return places


def _nobody(index: Index, filters: Filters) -> list[str]:
    """Name the values that no article has, with some that there are."""
    notes: list[str] = []
    for name in ("publishers", "authors", "sections", "languages"):
        for value in getattr(filters, name):
            alone = replace(Filters(), **{name: (value.removeprefix("-"),)})  # type: ignore[arg-type] # a name of ours
            if not any(alone.pass_article(facts) for facts in set(index.facts)):
                notes.append(f"No article has the {name[:-1]} {value.removeprefix('-')!r}{_there(index, name)}")
    return notes


def _there(index: Index, name: str) -> str:
    known: Counter[str] = Counter()
    for facts in index.facts:
        value: Sequence[str] | str | None = getattr(facts, name if name == "authors" else name[:-1])
        known.update([value] if isinstance(value, str) else value or [])
    most = [each for each, _ in known.most_common(_NAMED)]
    if not most:
        return "; none is known of any article."
    return f"; there are: {', '.join(most)}, …" if len(known) > _NAMED else f"; there are: {', '.join(most)}."


def _days_there(index: Index) -> str:
    known = index.days[index.days != UNKNOWN_DAY]
    if not len(known):
        return "; no article has a date"
    first, last = (np.datetime64(int(day) - 719_163, "D") for day in (known.min(), known.max()))
    return f"; the dates here are from {first} to {last}"

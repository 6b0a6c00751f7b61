"""What a text says that earlier texts of its story did not: sentence by sentence, by words, names and numbers.

Pure functions of sentences; knows nothing of the index but how rare a word is.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.passage import Span
from rag.stories.counts import CALENDAR, DATE, UNKNOWN, WORDS, Count, Terms, closeness, counts

LINES = 3
"""Most sentences quoted of an article."""

_NEW = 0.4  # share of a sentence, by rarity, that no earlier article said: below it says the same again
_NEW_TITLED = 0.2  # likewise, for the first sentence and those that say what the headline says
_TITLED = 0.5  # share of the headline, by rarity
_SAME = 0.75  # share of a sentence that one earlier sentence holds: then only another number makes it new
_CHANGED = 0.8  # closeness of two numbers, and the share of the shorter sentence that stands in both, together
_CHANGED_LEAST = 0.15  # of that share
_PLANNED_LEAST = 0.35  # and for the days on which something is to be
_EVERYWHERE = 0.4  # of the story's articles: a name in so many says nothing of what a sentence is about
_ABOUT = 20
_ROUND_UP = 0.5  # share of an article's sentences that are of the story: in a round-up, only those count
_MANY = 4  # numbers without a unit: those of a draw, a table
_OFTEN = 5  # a number that is in more sentences is a name: "the Jan. 6 committee"
_OVERLAP = 0.5  # of two sentences chosen
_WORDS = (8, 55)
_WORDS_WITH_FIGURES = 6
_FULL_WORDS = 20

_MARKS = str.maketrans("“”„‘’", '"""\'\'')
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
# Where and when it was written is not what a sentence says: "VARROWMOUTH, June 11 — The bridge …", "(CNN) Fire …".
_DATELINE = re.compile(
    r"^(?:[A-Z][A-Z.,’' -]{2,40}(?:\([\w .]+\) ?)?(?:[A-Z][a-z]+\.? \d{1,2},? ?)?(?:\([\w .]+\) ?)?[—–-]{1,2} "
    r"|(?:CNN(?: [A-Z]\w+)?|\([A-Z]{2,8}(?: [A-Z]\w+)?\))\s*(?:[—–-]{1,2}\s*)?(?=[A-Z“\"]))"
)
# A sentence that only stands after another one, and what a page says besides its article.
_LEANS = re.compile(
    r"^[\"']?(?:he|she|it|they|this|that|these|those|his|her|their|its|him|them|then|but|and|so|or|yet|still|also|"
    r"instead|however|meanwhile|there|here|such|one|another|both|neither|nor|when asked|asked|not|yes|no)\b",
    re.IGNORECASE,
)
_LEANS_INSIDE = re.compile(r"\b(?:he|she) (?:said|says|told|added)\b|\b(?:said|says|added) (?:he|she)\b", re.IGNORECASE)
_PAGE = re.compile(
    r"^(?:read more|more:|more on|related:|see also|also:|contributing|sign up|subscribe|follow |watch:|photos?:|"
    r"click|copyright|story continues|advertisement|this (?:story|article|report) (?:was|has been|is)|"
    r"get the|download|listen|want (?:to|more)|a version of this|editor's note|image|video:|supplied by|learn more)|"
    r"\b(?:newsletter|our app|@\w+|https?:|contributed to this (?:report|story)|all rights reserved|on twitter|"
    r"getty images|send .{1,30} a message)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:will|would|expected|due|scheduled|set to|planned|until|postponed|delayed|put back|put off|moved|"
    r"slip(?:s|ped)|new date|reopen(?:ing)?|deadline)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:said|says|told|added|called|asked|wrote|announced|claimed|insisted|argued|warned|according)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, half-open in characters of its text, analysed once."""

    span: Span
    """Without a dateline before it."""
    text: str
    number: int
    """Its place in the article, from 0."""
    terms: frozenset[str]
    """Its content words as terms, without numbers."""
    names: frozenset[str]
    """Those of its terms that are written like names, without months and days."""
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that says something new, with the number of the article and the sentence that gave another number."""

    sentence: Sentence
    score: float
    before: tuple[int, Sentence] | None = None


class Told:
    """What the articles of a story have told so far."""

    def __init__(self, rarity: Callable[[str], float], subject: Mapping[str, float]) -> None:
        """Begin with nothing told.

        `rarity` gives how rare a term is, `subject` in what share of the story's articles one stands, for those in
        several.
        """
        self.subject = subject
        ranked = sorted(subject, key=lambda term: -subject[term] * rarity(term))
        self.about = frozenset(ranked[:_ABOUT])
        """The terms that say most of what the story is about."""
        self.terms: set[str] = set()
        self.counts: Counter[tuple[float, str]] = Counter()
        """In how many sentences each number stands, by its value and unit."""
        self.sentences: list[tuple[int, Sentence]] = []
        """With the number of the article that each is from."""
        self.totals: list[float] = []
        """How much the terms of each sentence weigh together."""
        self._rarity = rarity
        self._holding: dict[str, list[int]] = {}

    def add(self, article: int, title: frozenset[str], sentences: Sequence[Sentence]) -> None:
        """Remember an article: the terms of its title, and its sentences."""
        self.terms |= title
        for each in sentences:
            for term in each.terms:
                self._holding.setdefault(term, []).append(len(self.sentences))
            self.terms |= each.terms
            self.counts.update({(count.value, count.unit) for count in each.counts})
            self.sentences.append((article, each))
            self.totals.append(self.weight(each.terms))

    def weight(self, terms: AbstractSet[str]) -> float:
        """Return how much terms say together: the sum of how rare they are."""
        return sum(self._rarity(term) for term in terms)

    def shared(self, terms: AbstractSet[str]) -> NDArray[np.float64]:
        """Return for each sentence told how much those of `terms` weigh that it holds, (sentences,)."""
        weights = np.zeros(len(self.sentences))
        for term in terms:
            weights[self._holding.get(term, [])] += self._rarity(term)
        return weights


def analyse(text: str, spans: Sequence[Span], terms: Terms) -> list[Sentence]:
    """Analyse the sentences of an article."""
    return [_analysed(text, span, number, terms) for number, span in enumerate(spans)]


def _analysed(whole: str, span: Span, number: int, terms: Terms) -> Sentence:
    dateline = _DATELINE.match(whole[span.start : span.end])
    if dateline and dateline.end() < span.end - span.start:
        span = Span(span.start + dateline.end(), span.end)
    text = whole[span.start : span.end]
    found: set[str] = set()
    named: set[str] = set()
    for match in _WORD.finditer(text):
        of_word = [term for term in terms(match.group()) if term not in WORDS]
        found.update(of_word)
        if match.start() > 0 and match.group()[0].isupper() and not CALENDAR.fullmatch(match.group()):
            named.update(of_word)
    return Sentence(span, text, number, frozenset(found), frozenset(named), tuple(counts(text, terms)))


def new_lines(told: Told, sentences: Sequence[Sentence], title: frozenset[str]) -> list[Line]:
    """Return up to `LINES` sentences that say what was not told before, in their order in the article.

    `title` are the terms of the article's title.
    """
    of_it = [each for each in sentences if not told.about.isdisjoint(each.terms)]
    if told.about and len(of_it) < _ROUND_UP * len(sentences):
        sentences = of_it
    lines = [line for each in sentences if stands_alone(each.text) and (line := _line(told, each, title))]
    lines.sort(key=lambda line: -line.score)
    chosen: list[Line] = []
    for line in lines:
        if len(chosen) == LINES:
            break
        if all(_overlap(told, line.sentence, other.sentence) < _OVERLAP for other in chosen):
            chosen.append(line)
    return sorted(chosen, key=lambda line: line.sentence.number)


def stands_alone(text: str) -> bool:
    """Tell whether a sentence can be read without the one before it: whole, with a subject of its own."""
    plain = text.translate(_MARKS)
    return (
        (_WORDS_WITH_FIGURES if re.search(r"\d", text) else _WORDS[0]) <= len(text.split()) <= _WORDS[1]
        and _is_whole(text)
        and not plain[0].islower()
        and not plain.startswith(("(", "*", "•"))
        and not _LEANS.match(plain)
        and not _PAGE.search(plain)
    )


def _is_whole(text: str) -> bool:
    """Tell whether a text ends like a sentence, unlike a heading, and opens and closes its quotation marks."""
    plain = text.translate(_MARKS)
    return plain[-1:] in {".", "!", '"'} and plain.count('"') % 2 == 0


def _line(told: Told, sentence: Sentence, title: frozenset[str]) -> Line | None:
    total = told.weight(sentence.terms)
    if total <= 0:
        return None
    fresh = sentence.terms - told.terms
    shared = told.shared(sentence.terms)
    nearest = float(shared.max(initial=0.0)) / total
    numbers = [each for each in sentence.counts if (each.value, each.unit) not in told.counts]
    before = _changed(told, sentence, numbers, shared / np.maximum(np.minimum(total, told.totals), 1e-9))
    new = 0.5 * told.weight(fresh) / total + 0.5 * (1 - nearest)
    titled = told.weight(sentence.terms & title) / max(told.weight(title), 1e-9)
    # An event may come in words that were all used before: "Holt is mayor". The headline tells that it is news.
    least = _NEW_TITLED if sentence.number == 0 or titled >= _TITLED else _NEW
    if before is None and (new < least or (nearest >= _SAME and not numbers)):
        return None
    speech = sentence.text.translate(_MARKS).startswith('"')
    score = (
        new
        + 1.5 * titled
        + 0.7 * sum(told.subject.get(term, 0.0) for term in sentence.terms) / (1 + len(sentence.terms)) ** 0.5
        + 0.8 / (1 + 0.3 * sentence.number)
        + 0.7 * (before is not None)
        + 0.25 * min(2, len(numbers))
        + 0.15 * min(2, len(sentence.names & fresh))
        + 0.4 * min(1.0, len(sentence.text.split()) / _FULL_WORDS)
        - 0.6 * bool(_LEANS_INSIDE.search(sentence.text))
        - 0.2 * speech
        - 0.4 * (speech and not _SAYS.search(sentence.text))
    )
    return Line(sentence, score, before)


def _changed(
    told: Told, sentence: Sentence, numbers: Sequence[Count], close: NDArray[np.float64]
) -> tuple[int, Sentence] | None:
    """Return the sentence that gave another number for what this one gives a number not told before for.

    `close` is how much each sentence told has in common with this one, 0 to 1.
    """
    best: tuple[float, int, Sentence] | None = None
    own = {(count.value, count.unit) for count in sentence.counts}
    units = {count.unit for count in numbers} - {"", UNKNOWN}
    everywhere = {term for term, share in told.subject.items() if share >= _EVERYWHERE}
    names = sentence.names - everywhere
    if not numbers or sum(count.unit == "" for count in sentence.counts) >= _MANY:
        return None
    for number in np.flatnonzero(close >= _CHANGED_LEAST):
        article, other = told.sentences[number]
        theirs = [count for count in other.counts if told.counts[count.value, count.unit] <= _OFTEN]
        both = sentence.terms & other.terms
        # Sentences that name others only are of something else: the job cuts of another company.
        others = bool(names and other.names - everywhere and not names & other.names)
        # The old number beside the new one: "not on May 3, but on June 12".
        named = any((count.value, count.unit) in own and count.unit in units for count in theirs)
        same = max((closeness(mine, count, both, told.weight) for mine in numbers for count in theirs), default=0.0)
        planned = not others and close[number] >= _PLANNED_LEAST and DATE in units and _planned(sentence, other)
        if not (named or planned or (not others and same and same + close[number] >= _CHANGED)) or not _is_whole(
            other.text
        ):
            continue
        ranked = float(close[number]) + 0.02 * article + 0.3 * named  # of equals, what was said last
        if best is None or ranked > best[0]:
            best = (ranked, article, other)
    return None if best is None else (best[1], best[2])


def _planned(one: Sentence, other: Sentence) -> bool:
    """Tell whether two sentences give different days on which something is to be."""
    days = [{count.value for count in each.counts if count.unit == DATE} for each in (one, other)]
    return bool(
        days[0] and days[1] and days[0] != days[1] and _PLANNED.search(one.text) and _PLANNED.search(other.text)
    )


def _overlap(told: Told, one: Sentence, other: Sentence) -> float:
    less = min(told.weight(one.terms), told.weight(other.terms))
    return told.weight(one.terms & other.terms) / max(less, 1e-9)

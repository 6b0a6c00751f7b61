"""Direct quotations and who speaks them, and whether an outlet states a thing, attributes it, or lets somebody say it.

Rules over the words of an article, no model; English first. Where it is not plain who speaks, the speaker is None.
Pure functions of the article, kept for the last ones read.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from index.article import Article
from rag.question import STOP_WORDS
from rag.quotes import Quote
from rag.speech.cues import Cue, cue, reporter
from rag.speech.lines import BLOTS, Line, Reading, reading
from rag.speech.marks import Marked
from rag.speech.people import NAME, TITLES, People, Person, people, split_titles
from rag.speech.saying import VERB

_LEAST_WORDS = 4  # of a quotation that nobody says beside it; fewer are a title, a nickname, a word held at a distance
_AROUND = 600  # characters on each side of a quotation that are read for who speaks
_PLAIN = re.compile(rf"[^{BLOTS}\W]")
_LINES = 16  # and sentences
_BACK = 3  # paragraphs in which "he" looks for whom it stands for
_PRONOUNS = frozenset(["he", "she", "they"])
_NOBODY = frozenset(["i", "we", "it", "you", "one", "this", "that", "who", "which", "there", "what"])
_UNNAMED = re.compile(
    r"^(?:(?:the|a|an|one|another|two|some|several|many|his|her|their|its|local|senior) )?(?:[\w’'-]+ ){0,4}[a-z]"
    r"[\w’'-]+\b",
    re.IGNORECASE,
)
_SPOKESPERSON = re.compile(
    r"\b(?:spokes\w+|lawyers?|attorneys?|aides?|relatives?|sources?|representatives?)\b", re.IGNORECASE
)

_NAMED_TOO = re.compile(
    r"(?:spokes\w+|lawyer|attorney|aide),? (?:[A-Z][\w’'-]+ ?){2,4}$|"
    r"^(?:[A-Z][\w’'.-]+ ){1,3}[A-Z][\w’'-]+,? (?:a|the)\b"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks."""

    name: str
    """The fullest name that the article gives; of somebody unnamed the words that it has: "a spokesman"."""
    title: str = ""
    """As the article gives it, e.g. "Mayor"; empty where it gives none."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks."""

    quote: Quote
    """The words, without the marks."""
    sentence: tuple[int, int]
    """The sentence that they stand in, half-open in characters of the article's text."""
    speaker: Speaker | None
    """None where the article does not plainly say who speaks."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who answers for what a span says."""

    kind: Literal["stated", "attributed", "quoted"]
    """The outlet states it; it lets somebody say it; somebody says it between quotation marks."""
    speaker: Speaker | None = None


@lru_cache(maxsize=128)
def quotations(article: Article) -> tuple[Quotation, ...]:
    """Return the direct quotations of an article, in order; what is within one is no quotation of its own."""
    read, known = reading(article), people(article)
    found: list[Quotation] = []
    last = _Last(-9, -9, None)
    for number, line in enumerate(read.lines):
        for each in line.marked:
            speaker, said = _speaker(read, known, number, each, last)
            if not said:
                continue
            last = _Last(number, line.paragraph, speaker)
            found.append(Quotation(Quote(article, each.start, each.end), (line.start, line.end), speaker))
    return tuple(found)


def voice(article: Article, start: int, end: int) -> Voice:
    """Tell whether the outlet states [start, end) of an article, attributes or quotes it, and whose words it is."""
    inside = [each for each in quotations(article) if each.quote.start < end and start < each.quote.end]
    covered = sum(min(end, each.quote.end) - max(start, each.quote.start) for each in inside)
    if inside and covered * 2 >= end - start:
        speakers = {each.speaker for each in inside}
        return Voice("quoted", speakers.pop() if len(speakers) == 1 else None)
    read, known = reading(article), people(article)
    for line in read.lines:
        if line.start < end and start < line.end:
            found = reporter(read.blotted[line.start : line.end], line.start)
            if found:
                return Voice("attributed", _resolved(read, known, found, line))
            if any(each.quote.start < line.end and line.start < each.quote.end for each in inside):
                return Voice("attributed", inside[0].speaker)
    return Voice("stated")


def speaker_of(article: Article, start: int, end: int) -> str | None:
    """Return who says [start, end) of an article, where it lies within one quotation or is nothing but one person's."""
    inside = [each for each in quotations(article) if each.quote.start < end and start < each.quote.end]
    names = {each.speaker.name if each.speaker else None for each in inside}
    return names.pop() if len(names) == 1 else None


class _Last(NamedTuple):
    """Of the quotation before: the number of its line, its paragraph, and its speaker."""

    line: int
    paragraph: int
    speaker: Speaker | None


def _speaker(read: Reading, known: People, number: int, each: Marked, last: _Last) -> tuple[Speaker | None, bool]:
    """Return who says what stands between marks, and whether anybody does: a title of a book is said by nobody."""
    line = read.lines[number]
    words = read.text[each.start : each.end].split()
    found = _cue(read, line, each)
    ended = words[-1][-1] in ",.!?"
    if found and not (_looks_named(words) and not (found.next_to and (ended or len(words) == 1))):
        speaker = _resolved(read, known, found, line)
        named = found.words[:1].isupper() or (speaker is not None and speaker.name != found.words.strip())
        if len(words) >= _LEAST_WORDS or named:
            return speaker, True
    bare = _is_bare(read, line)
    if (len(words) < _LEAST_WORDS and not bare) or _looks_named(words):
        return None, False
    if each.reopens or last.line == number:
        return last.speaker, True
    return (_alone(read, known, number, last) if bare else None), True


def _alone(read: Reading, known: People, number: int, last: _Last) -> Speaker | None:
    """Return who says a sentence that is nothing but a quotation: whoever spoke before, was announced, or goes on."""
    line = read.lines[number]
    if line.paragraph - last.paragraph <= 1 and (line.paragraph == last.paragraph or _lone(read, number)):
        return last.speaker
    if number:
        before = read.lines[number - 1]
        leading = read.blotted[before.start : before.end]
        if line.paragraph - before.paragraph <= 1 and leading.rstrip().endswith(":"):
            lead = cue(f"{leading} {BLOTS[0]}", len(leading) + 1, len(leading) + 2, before.start)
            return _resolved(read, known, lead, before) if lead else None
    after = read.lines[number + 1] if number + 1 < len(read.lines) else line
    if after is not line and after.paragraph == line.paragraph and after.marked:
        found = _cue(read, after, after.marked[0])
        return _resolved(read, known, found, after) if found else None
    return None


def _cue(read: Reading, line: Line, each: Marked) -> Cue | None:
    """Return the words of a line that say who says what stands between marks in it."""
    start, end = max(line.start, each.outer_start - _AROUND), min(line.end, each.outer_end)
    text = read.blotted[start : min(line.end, end + _AROUND)]
    return cue(text, each.outer_start - start, end - start, start)


def _is_bare(read: Reading, line: Line) -> bool:
    """Tell whether a line has nothing but words between marks."""
    return _PLAIN.search(read.blotted, line.start, line.end) is None


def _lone(read: Reading, number: int) -> bool:
    """Tell whether the paragraph of a line has nothing but words between marks."""
    near = read.lines[max(0, number - 6) : number + 7]
    return all(_is_bare(read, each) for each in near if each.paragraph == read.lines[number].paragraph)


def _looks_named(words: list[str]) -> bool:
    """Tell whether words are written as the title of a book or film is."""
    long = [word for word in words if word.lower() not in STOP_WORDS]
    return len(words) <= 8 and bool(long) and all(word[0].isupper() or not word[0].isalpha() for word in long)


def _resolved(read: Reading, known: People, found: Cue, line: Line) -> Speaker | None:
    """Return whom the words of a cue stand for."""
    words = found.words
    lower = words.lower()
    if lower in _PRONOUNS:
        person = _meant(read, known, found.start, line.paragraph, female={"he": False, "she": True}.get(lower))
        if person is not None and lower != "they":
            person.female = lower == "she"
        return _of(person)
    if lower.split()[0] in _NOBODY:
        return None
    named = _named(words)
    if named:
        title, name = named
        person = known.known(name, title, found.start)
        if person is not None:
            return Speaker(person.name, title or person.title)
        return Speaker(name, title)
    match = _UNNAMED.match(words)
    if not match or len(words.split()) > 12:
        return None
    role = re.split(r" (?:of|for|at|in|with|from) ", words)[0].split()[-1].lower()
    if lower.startswith("the ") and not _SPOKESPERSON.search(words):
        fitting = {id(each.person): each.person for each in known.mentions if role in each.person.roles}
        if len(fitting) == 1:
            return _of(next(iter(fitting.values())))
    return Speaker(words)


def _of(person: Person | None) -> Speaker | None:
    return Speaker(person.name, person.title) if person else None


def _named(words: str) -> tuple[str, str] | None:
    """Return title and name of whoever the words name; None where they only name whom he or she speaks for."""
    if _SPOKESPERSON.search(words) and not _NAMED_TOO.search(words):
        return None
    matches = [each for each in NAME.finditer(words) if each.group().split()[0].rstrip(".") not in {"The", "A", "An"}]
    if words.startswith(("The ", "A ", "An ")):
        matches = [each for each in NAME.finditer(words) if each.start() > 0]
    if not matches:
        return None
    final = matches[-1]
    if final.end() != len(words) and not words[final.end() :].startswith((" of", " for", " at", " from", ",", " (")):
        return None
    before = words[: final.start()].rstrip().split(" ")
    if before[-1] in {"of", "for", "at", "in", "from", "with", "and", "to", "by", "on"}:
        if len(matches) > 1 and before[-1] not in {"and"} and matches[0].start() == 0:
            final, before = matches[0], [""]
        else:
            return None
    title, name = split_titles(final.group())
    if name in TITLES:
        return None
    lead = " ".join(word for word in before if word and word.lower() not in {"the", "a", "an"})
    lead = "" if re.search(rf"\b{VERB}\b", lead) else lead
    return (" ".join(part for part in (lead.rstrip(","), title) if part), name)


def _meant(read: Reading, known: People, place: int, paragraph: int, female: bool | None) -> Person | None:
    """Return whom "he" or "she" stands for: the first person named in the nearest sentence that names one.

    It is not somebody who was "she" before, if it is "he" now.
    """
    here = bisect_right(read.lines, place, key=lambda line: line.start)
    for line in reversed(read.lines[max(0, here - _LINES) : here]):
        if paragraph - line.paragraph > _BACK:
            break
        for person in known.named(line.start, min(line.end, place)):
            if female is None or person.female is None or person.female == female:
                return person
    return None

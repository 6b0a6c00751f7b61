"""What days a question speaks of: "in March 2023", "last week", "since May", "latest". Pure functions.

Readings are strict, and whoever ranks by them should let their edges be soft: an article is printed a day or more
after what it tells. How journalists use the loose ones:

- "this week" is the seven days up to and including the day of asking, so that it means the same on a Friday and on
  the Monday after; "this month" and "this year" are the calendar's.
- "last week" is the Monday to Sunday before this calendar week, as "last month" is a whole month: on a Friday
  somebody who means three days ago says "this week" or "on Tuesday". "The past week" is the last seven days.
- "last week" asked on a Sunday runs up to that day, for both weeks are called so.
- "on Monday", "in March", "on May 12" are the latest such days that had begun, or the coming ones after "will", "due"
  and the like; a day within the next weeks is the coming one too where nothing speaks of the past. "Last Tuesday" is
  never today, "this Friday" is of this calendar week, "next Friday" is after today.
- "this weekend" is the nearest: the one past on a Monday or Tuesday, else the one that comes.
- "three days ago" is that day; "two years ago" is about that day, half a unit to either side.
- "this season", a sport's, is the last ten months.

What stands in quotation marks is not read, nor what is written as a title ("Last Week Tonight"). A year that no
"in", "since", "of" and so on leads to is part of a name ("the 2024 election"), a day before "attack", "committee" and
the like too ("Jan. 6 committee").
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.dates.days import CALENDAR, Days, clause, named_days, plain, sentence_start, titled
from rag.dates.ranges import part_of, shifted


class When(StrEnum):
    """How a question bounds the days that it speaks of."""

    EXACT = "exact"
    SINCE = "since"
    UNTIL = "until"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days that a question speaks of."""

    first: date | None
    """The first day, inclusive; None is open."""
    last: date | None
    """The last day, inclusive; None is open."""
    words: str
    """The words of the question that say so."""
    span: tuple[int, int]
    """Where they stand in the question, half-open."""
    relative: bool
    """Which days they are hangs on the day of asking."""
    kind: When


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a question dates by: "before the election", "since the bridge closed"."""

    relation: str
    """before, after, since, until or during."""
    words: str
    """What happened, in the question's words."""
    span: tuple[int, int]
    """Where the relation and the words stand in the question, half-open."""


def periods(question: str, as_of: date) -> list[Period]:
    """Return the days that the question speaks of, in the order of its words, asked on `as_of`.

    White space is taken to be evened out, as `rag.question.checked` leaves it. No text raises an error.
    """
    text = plain(question)
    found = [_period(question, *each) for each in _ranges(text, as_of)]
    found += [_period(question, *each) for each in _extremes(text, as_of)]
    found.sort(key=lambda period: (period.span[0], -period.span[1]))
    kept: list[Period] = []
    for period in found:
        if not kept or period.span[0] >= kept[-1].span[1]:
            kept.append(period)
    return kept


def relative(question: str) -> bool:
    """Tell whether what the question asks hangs on the day it is asked on: "latest", "last week", "in March"."""
    return any(period.relative for period in periods(question, _ANY_DAY))


def without(question: str) -> str:
    """Return the question without the words that only the day of asking gives a meaning ("this week", "latest").

    Names of the calendar stay, for articles print them: of "since last Tuesday", "Tuesday"; dates and years wholly.
    """
    hanging = [period for period in periods(question, _ANY_DAY) if period.relative]
    if not hanging:
        return question
    for period in reversed(hanging):
        start, end = period.span
        name = re.search(rf"\b[0-9].*?{CALENDAR}.*|{CALENDAR}.*", period.words, re.IGNORECASE)
        question = f"{question[:start]}{name.group() if name else ' '}{question[end:]}"
    return re.sub(r" (?=[,.;:?!])", "", " ".join(question.split()))


def blanked(question: str) -> str:
    """Return the question with blanks in the place of such words, so that all others stay where they are.

    No article is about "the latest" or "last month": looked up, these words would find what happens to hold them.
    """
    kept = list(question)
    for period in periods(question, _ANY_DAY):
        if period.relative and not re.search(CALENDAR, period.words, re.IGNORECASE):
            start, end = period.span
            kept[start:end] = " " * (end - start)
    return "".join(kept)


def event_of(question: str) -> Event | None:
    """Return what the question dates by, where that is no day but an event: the archive tells when it was.

    The words run to the next question word, comma or the like: "the bridge closed", "taking office in May".
    """
    text = plain(question)
    found = periods(question, _ANY_DAY)
    dates = [period.span for period in found if period.kind not in (When.NEWEST, When.OLDEST)]
    for match in _EVENT.finditer(text):
        if any(start <= match.start() < end for start, end in dates):
            continue
        if _NO_EVENT.search(text, max(0, match.start() - 40), match.start()):
            continue
        start, end = match.span("words")
        end = min([end, *(at for at, _ in dates if at > start)])  # "the attack [last week]"
        words = _LOOSE_END.sub("", question[start:end])
        if words:
            relation = _RELATIONS[match["relation"].lower()]
            return Event(relation, words, (match.start(), start + len(words)))
    return None


_ANY_DAY = date(2025, 6, 18)  # which words are read does not hang on the day
_Bounds = tuple[int, int, date | None, date | None, bool, When]  # start, end, first, last, relative, kind

_PART = (
    r"(?:the )?(?:early|mid|late)|later|earlier|"
    r"(?:the )?(?:start|beginning|middle|end|close|(?:first|second|latter) half) of"
)
_LEAD = re.compile(
    r"(?:(?<![\w-])(?:(?P<since>since|starting(?: on| in)?)|(?P<after>after)|(?P<before>before|prior to|ahead of)|"
    r"(?P<until>until|till|through|up to|by|no later than)|(?P<pair>between|from)|"
    r"(?P<at>as of|in|during|on|at|of|for|over|throughout|within|around|about|than|compared (?:with|to))) )?"
    rf"(?:\b(?P<part>{_PART})(?: in)?[ -])?$",
    re.IGNORECASE,
)
_NAMED_BY = re.compile(r"(?:\b[Cc]lass|[A-Z]\w*(?<!day)) of $")  # "Class of 2019", "Scotland Act of 1978"
_JOIN = re.compile(rf",? ?(?P<join>and|to|through|until|till|-) ?(?:(?P<part>{_PART})[ -])?", re.IGNORECASE)
_ONWARDS = re.compile(r" (?:onwards?|forward|on(?= ?(?:$|[?.,])))\b", re.IGNORECASE)


def _ranges(text: str, as_of: date) -> list[_Bounds]:
    """Return the days named, with the words that lead to them, ranges of two joined ("between May and July")."""
    found: list[_Bounds] = []
    days = named_days(text, as_of)
    while days:
        here = days.pop(0)
        lead = _LEAD.search(text, max(0, here.start - 40), here.start)
        assert lead is not None  # it matches nothing at least  # noqa: S101
        join = _JOIN.fullmatch(text, here.end, days[0].start) if days else None
        if join and (pair := _joined(text, as_of, here, days[0], lead, join)):
            days.pop(0)
            found.append(pair)
        elif not here.weak or (lead.group() and not _NAMED_BY.search(text, max(0, here.start - 30), here.start)):
            found.append(_bounded(text, as_of, here, lead))
    return found


def _joined(text: str, as_of: date, one: Days, other: Days, lead: re.Match[str], join: re.Match[str]) -> _Bounds | None:
    """Return the range from one to the other, or None where they are two apart ("in 2022 and 2023")."""
    years = text[one.start : one.end].isdigit() and text[other.start : other.end].isdigit()
    led = lead["pair"] or (join["join"].lower() != "and" and (years or not one.weak))
    if not led or (one.weak and not lead["pair"] and not years):
        return None
    first, relative = one.first, other.relative
    if (one.relative and not other.relative) or first > other.last:
        # The year of the other counts for both, or the one before ("from November to March 2025").
        for year in (other.last.year, other.last.year - 1):
            again = named_days(f"{text[one.start : one.end]} {year}", as_of)
            if again and not again[0].relative and (first := again[0].first) <= other.last:
                break
    if 0 < (first - other.last).days < 7:
        first = shifted(first, -7)  # "between Monday and Friday", on a Wednesday
    if first > other.last:
        return None
    if lead["part"]:
        first = part_of((first, max(first, one.last)), lead["part"], as_of)[0]
    last = part_of((other.first, other.last), join["part"], as_of)[1] if join["part"] else other.last
    return lead.start(), other.end, first, last, relative, When.EXACT


def _bounded(text: str, as_of: date, days: Days, lead: re.Match[str]) -> _Bounds:
    first, last = part_of((days.first, days.last), lead["part"], as_of) if lead["part"] else (days.first, days.last)
    start, end, relative = lead.start(), days.end, days.relative
    onwards = _ONWARDS.match(text, end)
    if lead["since"] or onwards:
        return start, onwards.end() if onwards else end, first, None, relative, When.SINCE
    if text[end : end + 2] == "'s":  # "after Tuesday's vote" is after the vote
        return start, end, first, last, relative, When.EXACT
    if lead["after"]:
        return start, end, shifted(last, 1), None, relative, When.SINCE
    if lead["until"]:
        return start, end, None, last, relative, When.UNTIL
    if lead["before"]:
        return start, end, None, shifted(first, -1), relative, When.UNTIL
    return start, end, first, last, relative, When.EXACT


_PRESENT = re.compile(r"(?i)\b(?:is|are|am|does|do|has|have|can|will|isn't|aren't|doesn't|don't|hasn't|haven't)\b")
_PAST = re.compile(r"(?i)\b(?:was|were|did|had|could|would|wasn't|weren't|didn't|hadn't)\b")
_DONE = re.compile(r"(?i)\b(?:did|was|were|had|happened|said|announced|died|won|lost|made|took|came|went)\b")
_NOW = (
    r"(?<!at the )(?:latest(?! (?:the|an?|it|he|she|they|that|by)\b)|newest|most recent(?:ly)?)",
    r"(?<!direct )(?<!alternating )(?<!electric )current(?= [A-Za-z0-9])"
    r"(?! (?:accounts?|affairs|flows?|is|was|in|of|and|or|through|to|from|that)\b)",
    r"currently|at present|at the moment|nowadays|these days|thus far|lately|recent(?:ly)?|any ?more(?= ?[?.!,]|$)",
    r"so far(?! (?:away|apart|as|from|off|out)\b)|to date(?= ?[?.!,]|$| (?:in|for|on)\b)",
    r"at (?:the )?last (?:count|tally)",
    r"(?:right |just |(?:up )?until |up to |by |as of )?now"
    r"(?!-| (?:that|famous|infamous|defunct|and then|known as \w+)\b)",
    r"as of today|today",
    r"still(?! (?:lifes?|images?|photos?|waters?|pictures?)\b)|yet(?= ?[?.!,]|$)",
)
_FIRST = (
    r"originally|initially|at first(?! (?:sight|glance|light|hand|base|instance|class)\b)",
    r"first (?:reported|announced|revealed|said|told|claimed|estimated|thought|believed)",
    r"(?:earliest|first|initial|original) (?:reports?|estimates?|figures?|accounts?|versions?)",
)
_EXTREMES = tuple(
    (re.compile(rf"(?i)(?<![\w'-])(?:{words})(?![\w-])"), kind)
    for table, kind in ((_NOW, When.NEWEST), (_FIRST, When.OLDEST))
    for words in table
)


def _extremes(text: str, as_of: date) -> list[_Bounds]:
    """Return where the newest or the oldest is asked for."""
    found: list[_Bounds] = []
    for pattern, kind in _EXTREMES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if titled(text, start, end) or not _means_now(text, start, match.group().lower()):
                continue
            if kind is When.OLDEST:
                found.append((start, end, None, None, False, kind))
            elif match.group().lower() == "today" and _that_day(text, start, end):
                found.append((start, end, as_of, as_of, True, When.EXACT))
            else:
                found.append((start, end, None, as_of, True, kind))
    return found


def _that_day(text: str, start: int, end: int) -> bool:
    """Tell whether "today" is that day ("What was said today?") and not these days ("today's teens")."""
    before = clause(text, start)
    return text[end : end + 2] != "'s" and bool(_DONE.search(before)) and not _PRESENT.search(before)


def _means_now(text: str, start: int, word: str) -> bool:
    """Tell whether "now", "still" and the like speak of the day of asking: not "Now, who …", "was still"."""
    before = text[max(0, start - 80) : start]
    if word == "now":
        return not sentence_start(text, start) and not before.endswith("from ")
    if word in ("still", "yet"):
        verbs = [*_PAST.finditer(before), *_PRESENT.finditer(before)]
        present = not verbs or bool(_PRESENT.fullmatch(max(verbs, key=lambda verb: verb.start()).group()))
        return present and (bool(verbs) or word == "still") and not before.endswith((" a ", " the "))
    return not (word == "today" and before.endswith("the "))


def _period(
    question: str, start: int, end: int, first: date | None, last: date | None, hangs: bool, kind: When
) -> Period:
    return Period(first, last, question[start:end], (start, end), hangs, kind)


_RELATIONS = {
    "before": "before", "ahead of": "before", "prior to": "before", "in the run-up to": "before", "after": "after",
    "following": "after", "in the wake of": "after", "since": "since", "until": "until", "till": "until",
    "during": "during",
}  # fmt: skip
_EVENT = re.compile(
    rf"(?<![\w-])(?P<relation>(?i:{'|'.join(_RELATIONS)})) "
    r"(?=(?:the|an?|this|that|his|her|its|their|our|my) \w|[A-Z]\w|[a-z]{2,}ing\b)"
    r"(?P<words>(?:(?!(?:who|whom|what|when|where|which|how|why|did|does|do|about|that|and|but)\b)"
    r"[\w'-]+(?:[.&/]\w+)* ?)+)"
)
_LOOSE_END = re.compile(r"(?i)(?:\s+(?:in|on|at|by|for|from|of|to|with|the|an?|as|since|most))*\s*$")
_NO_EVENT = re.compile(
    r"(?:\b(?:named?|naming|called)\b[\w ']*|\b(?:look(?:s|ed|ing)?|takes?|took|taken|modelled|the|day|be|is|was)) $",
    re.IGNORECASE,
)

"""What a sentence gives as the value that a question asks for: "how many … hurt", "how much", "when will it reopen".

A sentence has such a value only where one number, or one day, is left that can be meant: precision before anything.
"""

import re
from dataclasses import dataclass

from index.passage import sentences
from rag.compose.words import stem, stems
from rag.question import STOP_WORDS, Kind, kind_of
from rag.stories.counts import DATE, MONTHS, UNKNOWN, Count, counts

_HOW_MANY = re.compile(
    r"\bhow many (?:more |of the |of |other |different )?(?P<noun>[a-z’'-]+(?: [a-z’'-]+)?)", re.IGNORECASE
)
_NUMBER_OF = re.compile(r"\b(?:number|total|toll|count) of (?P<noun>[a-z’'-]+(?: [a-z’'-]+)?)", re.IGNORECASE)
_MONEY = re.compile(
    r"\b(?:how much|what (?:is|was|will|did|does|were)\b[^?]*\b(?:cost|price|fee|bill|budget|reward|fine|"
    r"offer)|cost|price)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:percent|per cent|percentage|share|proportion|turnout|rate)\b", re.IGNORECASE)
_ASKING = frozenset(
    stem(word) for word in ["many", "much", "latest", "date", "day", "number", "total", "going", "figure", "figures"]
)
_PEOPLE = frozenset(stem(word) for word in ["people", "person", "persons", "passengers", "residents"])
_WHEN = re.compile(r"^(?:[^?]*, )?(?:when|(?:on |by |from )?wh(?:at|ich) (?:day|date))\b", re.IGNORECASE)
_PLANS = re.compile(r"\b(?:will|expected|due|scheduled|planned|supposed|going to|set to|is|are)\b", re.IGNORECASE)
_PLANNED = re.compile(
    r"\b(?:will|would|expected|due|scheduled|set to|planned|until|postponed|delayed|put back|put off|moved|"
    r"slip(?:s|ped)|"
    r"new date|deadline|is to|are to|now)\b",
    re.IGNORECASE,
)
# A number beside these is not the number asked for, but one it is compared with, or a part of it.
_BESIDE_BEFORE = re.compile(
    r"\b(?:from|against|than|of the|of those|down from|up from|compared with|instead of|not|previous(?:ly)?|another|"
    r"further|rather than|first to have \w+ on|then on|originally|was to have \w+ on|after|since|between|"
    r"margin of)[ ,]*(?:about |some |the )?$",
    re.IGNORECASE,
)
_BESIDE_AFTER = re.compile(
    r"^(?:[ -][\w’'-]+)? (?:more|fewer|less|extra|others?|higher|lower|ahead|after all|of (?:the|those|them|"
    r"these|its|his|her|their))\b"
    r"|^(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_CORRECT = re.compile(
    r"\bcorrect (?:figure|number|date|amount|total|sum|price|cost)\b|\bshould have (?:been|read|"
    r"said)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:in|until|till|by|to|from|for|before|since|late|early|mid|next|this|around|of)[ -]"
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\b(?!\.? \d)"
)
_NOT_ON = re.compile(r"\b(?:not|no longer|never|n[o'’]t)\b[^,;.]{0,40}$", re.IGNORECASE)
_DATELINE = re.compile(r"^[A-Z][A-Z.,’' -]{2,40} (?:\([\w .]+\) )?[A-Z][a-z]+\.? \d{1,2},? ?(?:\([\w .]+\) ?)?[—–-]")
_CURRENCIES = frozenset(
    {"$", "£", "€", *(stem(word) for word in ["crowns", "dollars", "pounds", "euros", "cents", "pence", "yen"])}
)
_OPEN = frozenset({"", UNKNOWN})
_LEAST_SHARED = 2  # of the question's words, that a sentence must hold besides what is counted
_TIMES = 4.5  # what is so many times more is hardly another value of the same


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks the value of."""

    unit: str | None
    """The stem of what is counted, "%", or "date"; None for money."""
    about: frozenset[str]
    """The other stems of the question: what it is the value of."""
    planned: bool = False
    """Of a day: it is still to come."""


def wanted(question: str) -> Wanted | None:
    """Return what value a question asks for, or None where it asks for none that can be compared."""
    about = frozenset(stems(question)) - _ASKING
    if _WHEN.match(question) and _PLANS.search(question):
        return Wanted(DATE, about, planned=True)
    if match := _HOW_MANY.search(question) or _NUMBER_OF.search(question):
        nouns = [stem(word) for word in match["noun"].split() if word.lower() not in STOP_WORDS][:2]
        first = next((each for each in nouns[:1]), None)
        return Wanted(first, about - {first}) if first else None
    if _SHARE.search(question) and kind_of(question) is Kind.NUMBER:
        return Wanted("%", about - {"percent", "share", "rate"})
    if _MONEY.search(question):
        return Wanted(None, about - {"much"})
    return None


@dataclass(frozen=True, slots=True)
class Given:
    """The value that a sentence gives, and the sentence's stems."""

    count: Count
    held: frozenset[str]


def value_of(text: str, asked: Wanted) -> Given | None:
    """Return the one value that a sentence, or a few, give for what is asked; None where none or more than one is."""
    found: list[Given] = []
    before: frozenset[str] = frozenset()
    for start, end in sentences(text):
        inside = text[start:end]
        held = before | frozenset(stems(inside))
        if len(asked.about & held) < min(len(asked.about), _LEAST_SHARED):
            before = held
            continue
        if asked.planned and not _PLANNED.search(inside):
            continue
        own = [each for each in _own(inside) if _fits(each, asked, held)]
        if before:  # what the sentence before names must stand beside the number, too
            own = [each for each in own if each.near & asked.about]
        if own and _CORRECT.search(inside):
            found = []
        found += [Given(each, held) for each in own]
        before = held
    return found[0] if len({each.count.value for each in found}) == 1 else None


def differ(one: Given, other: Given, asked: Wanted) -> bool:
    """Tell whether two values for what is asked are different ones, and of the same thing."""
    less, more = sorted((one.count.value, other.count.value))
    if less == more:
        return False
    if asked.unit == DATE:
        return (less % 100 > 0 and more % 100 > 0) or less // 100 != more // 100
    both = one.held & other.held & asked.about
    near = one.count.near & other.count.near & asked.about
    enough = len(both) >= min(len(asked.about), _LEAST_SHARED)
    return more <= _TIMES * less and enough and bool(near or {one.count.unit, other.count.unit} & _OPEN)


def _own(text: str) -> list[Count]:
    """Return the numbers of a sentence but those that another one is compared with, or that are a part of one."""
    found: list[Count] = []
    for each in [*counts(text, stems), *_months(text)]:
        before, after = text[: each.span[0]], text[each.span[1] :]
        if _BESIDE_BEFORE.search(before) or _BESIDE_AFTER.match(after):
            continue
        if each.unit == DATE and (_NOT_ON.search(before) or _DATELINE.match(text[: each.span[1] + 8])):
            continue
        found.append(each)
    return found


def _months(text: str) -> list[Count]:
    """Return the months that stand without a day: "in June", "until late September"; their day is 0."""
    return [
        Count(
            100.0 * (MONTHS.index(match["month"][:3].lower()) + 1), DATE, frozenset(), frozenset(), match.span("month")
        )
        for match in _MONTH.finditer(text)
    ]


def _fits(count: Count, asked: Wanted, held: frozenset[str]) -> bool:
    """Tell whether a number may be the value of what is asked."""
    if asked.unit is None:  # money
        return count.unit in _CURRENCIES
    if count.unit == asked.unit or (asked.unit in _PEOPLE and count.unit in _PEOPLE):
        return True
    return count.unit in _OPEN and asked.unit in held and bool(count.near & asked.about)

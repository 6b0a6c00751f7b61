"""The numbers in a sentence, and what each counts: to see whether another sentence gives another number for it.

Pure functions of text. English number words and dates.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

DATE = "date"
UNKNOWN = "?"

_TO_NINETEEN = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_ONES = _TO_NINETEEN.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: float(number) for number, word in enumerate(_ONES)}
_VALUES |= {word: 10.0 * number for number, word in enumerate(_TENS, 2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6, "bn": 1e9}
WORDS = frozenset(_VALUES) | frozenset(_SCALES)
"""The words that are a number, or part of one."""

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
"""The months by their first three letters."""
_MONTH = (
    r"(?:Jan(?:uary|\b\.?)|Feb(?:ruary|\b\.?)|March|April|May|June|July|Aug(?:ust|\b\.?)|Sept(?:ember|\b\.?)|"
    r"Oct(?:ober|\b\.?)|Nov(?:ember|\b\.?)|Dec(?:ember|\b\.?))"
)
CALENDAR = re.compile(rf"{_MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:['’]s)?", re.IGNORECASE)
"""The names of months and days."""
_SPELT = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(_ONES)})"
_NUMBER = re.compile(
    rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}})\b(?![.,]?\d)|(?P<day2>\b\d{{1,2}}) (?P<month2>{_MONTH})\b"
    r"|(?P<money>[$£€])?(?<![\w.,:])(?<!\w[–-])(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?P<percent>%)?(?!\w*[\d:]|[.:–-]\d|(?:st|nd|rd|th)\b|-\s)"
    r"(?:[ -]?(?P<scale>hundred|thousand|million|billion|trillion|m|bn)\b)?"
    rf"|\b(?P<spelt>{_SPELT})\b(?:[ -](?P<scale2>hundred|thousand|million|billion)\b)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r" ?[ap]\.?m\b| o['’]clock", re.IGNORECASE)
_NOT_COUNTED = re.compile(r"\bage[sd]?\b[^.]{0,12}$|\bpast $", re.IGNORECASE)  # ages, "half past nine"
_YEARS = (1800, 2100)
_COUNTED = re.compile(r"[ -](%|per ?cent|[^\W\d_][\w’'-]*)")
_COUNTS_NOTHING = frozenset(("of", "in", "at", "on", "by", "for", "to", "from", "and", "or", "the", "a", "an", "more"))
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_NAME = re.compile(r"\b[A-Z][\w’'-]+")
_NAME_CHARS = 32
_AROUND = 8  # words before and after

# Many a sentence has one, of something else.
_ANY_UNITS = frozenset({"%", "$", "£", "€", "year", "month", "week", "day", "hour", "minut", "age", "time", "point"})
_TIMES = 4.5  # what is so many times more is hardly a new number for the same
_LEAST_OF = 10.0  # smaller numbers stand by names by chance
_CLOSE = 0.4  # share of the words around a number, by rarity, that are around the other one too
_CLOSE_ANY = 0.5
_ELSEWHERE = 0.5  # counts as that share where what is counted stands elsewhere in the sentence

Terms = Callable[[str], Sequence[str]]
"""Gives the content terms of words."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number in a sentence, and what it counts."""

    value: float
    """A day of the year is its month times 100 plus its day."""
    unit: str
    """The term of what is counted, "%", a currency's sign or "date"; "" where nothing follows, "?" where it is open."""
    of: frozenset[str]
    """The terms of the names right before it: whose number it is."""
    near: frozenset[str]
    """The terms of the words around it."""
    span: tuple[int, int] = field(default=(0, 0), compare=False)
    """Where it stands in the text, half-open, without its unit."""


def counts(text: str, terms: Terms) -> Iterator[Count]:
    """Yield the numbers of a text with what they count: "17 injured", "4.5 percent", "$3 million", "June 12".

    Years, times of the day, ages, scores ("5-4") and the number one, which is mostly no number, are left out.
    """
    for match in _NUMBER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        value = _value(match)
        is_year = match.group().isdigit() and _YEARS[0] <= value < _YEARS[1]
        if value == 1.0 or is_year or _CLOCK.match(after) or _NOT_COUNTED.search(before[-_NAME_CHARS:]):
            continue
        unit = _unit(match, after, terms)
        around = [*_WORD.findall(before)[-_AROUND:], *_WORD.findall(after)[:_AROUND]]
        names = _NAME.findall(before[-_NAME_CHARS:])
        yield Count(value, unit, _of(names, terms), _of(around, terms) - WORDS - {unit}, match.span())


def closeness(one: Count, other: Count, both: frozenset[str], weight: Callable[[frozenset[str]], float]) -> float:
    """Return how surely two different numbers count the same thing, 0 to 1; 0 where they do not.

    `both` are the terms that stand in both sentences, `weight` gives how much terms say. Days of the year never do:
    an article is full of them, and what happened on each does not stand beside it.
    """
    less, more = sorted((one.value, other.value))
    if less == more or more > _TIMES * less or DATE in {one.unit, other.unit}:
        return 0.0
    unit = one.unit or other.unit
    if one.unit != other.unit and "" in {one.unit, other.unit} and unit.isalpha() and unit in both:
        return _ELSEWHERE  # "injured … now five"
    whose = one.of & other.of and {one.unit, other.unit} <= {"", UNKNOWN, "%"}  # "Holt on 36 and Bewick 19"
    if not (whose and less >= _LEAST_OF) and (one.unit != other.unit or unit in {"", UNKNOWN}):
        return 0.0
    shared = one.near & other.near
    near = weight(shared) / max(min(weight(one.near), weight(other.near)), 1e-9)
    least, words = (_CLOSE_ANY, 2) if unit in _ANY_UNITS and not whose else (_CLOSE, 1)
    return near if len(shared) >= words and near >= least else 0.0


def _value(match: re.Match[str]) -> float:
    month, day = match["month"] or match["month2"], match["day"] or match["day2"]
    if month:
        return 100.0 * (MONTHS.index(month[:3].lower()) + 1) + float(day)
    if match["spelt"]:
        value = sum(_VALUES[word] for word in re.split(r"[- ]", match["spelt"].lower()))
    else:
        value = float(match["digits"].replace(",", ""))
    scale = match["scale"] or match["scale2"]
    return value * (_SCALES[scale.lower()] if scale else 1.0)


def _unit(match: re.Match[str], after: str, terms: Terms) -> str:
    if match["month"] or match["month2"]:
        return DATE
    if match["money"]:
        return match["money"]
    counted = _COUNTED.match(after)
    if match["percent"] or (counted and re.fullmatch(r"%|per ?cent", counted.group(1))):
        return "%"
    if not counted:
        return ""
    if counted.group(1)[0].isupper() or counted.group(1).lower() in _COUNTS_NOTHING:
        return UNKNOWN
    return next(iter(terms(counted.group(1))), UNKNOWN)


def _of(words: Sequence[str], terms: Terms) -> frozenset[str]:
    return frozenset(term for word in words for term in terms(word))

"""The days that English words name: "12 May 2026", "in March", "last week", "three days ago".

A table of rules, each a pattern and what it means; `rag.dates.when` reads the words that lead to them. Where a name
lacks its year the latest such days are meant, for that is how news speaks; the coming ones where the words before look
ahead ("will open on Monday", "due in March"). Seasons are the northern ones, whole months, and a winter bears the year
that it ends in ("the winter of 1963"). Days as 3/4/2025 are not read: by the reader's country they are two.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rag.dates.ranges import Range, back, chosen, days_of_month, months, of_calendar, part_of, shifted, weekday, weekend

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEASONS = {"winter": 0, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}  # first month; 0 is the December before
_HOLIDAYS = {  # month, day, how many days
    "christmas eve": (12, 24, 1), "christmas day": (12, 25, 1), "christmas": (12, 24, 3), "boxing day": (12, 26, 1),
    "new year's eve": (12, 31, 1), "new year's day": (1, 1, 1), "new year's": (1, 1, 1), "halloween": (10, 31, 1),
    "valentine's day": (2, 14, 1), "fourth of july": (7, 4, 1), "july fourth": (7, 4, 1), "juneteenth": (6, 19, 1),
}  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_VAGUE = {"couple": (1, 3), "few": (2, 5), "several": (3, 9)}
_SLACK = {"week": 3, "fortnight": 3, "month": 15, "year": 182, "decade": 1826}  # days to either side of "a month ago"

CALENDAR = (
    rf"\b(?:{'|'.join((*_MONTHS, *_WEEKDAYS, *_SEASONS))}|"
    "christmas|boxing|halloween|juneteenth|valentine|new year|fourth|"
    rf"(?:{'|'.join(month[:3] for month in _MONTHS)}|sept)\b)"
)
"""A pattern: the first word of a name that the calendar gives, as articles print it."""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SENTENCE = 160  # characters before a word that are looked at for the tense
_AHEAD = _words(
    r"\b(?:will|won't|shall|going to|due|expected|scheduled|set (?:to|for)|planned|plans? to|slated|about to|"
    r"(?:is|are) (?:[a-z]+ )?[a-z]+ing|(?:starting|beginning|through|until|till)(?= $))\b|'ll\b"
)
_WAS = _words(r"\b(?:did|was|were|had|said)\b")
_PAST = _words(r"\b(?:did|was|were|had|said|happened|came|went|won|lost|made|took|gave|died|[a-z]{2,}ed)\b")
_CALENDAR = _words(CALENDAR)
# The first four are equal to an ASCII letter where case is ignored, but lower() does not make them one.
_PLAIN = str.maketrans("\u0130\u0131\u017f\u212a’–—−", "\0\0\0\0'---")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»|‘(?![0-9])[^‘']{1,120}'(?!\w)|(?<![\w\0])'[^']{2,120}'(?!\w)")


@dataclass(frozen=True, slots=True)
class Days:
    """Days named in a text."""

    start: int
    end: int
    first: date
    last: date
    relative: bool
    """Which days they are hangs on the day of asking."""
    weak: bool
    """They may be a name or a number ("Agenda 2030", "May I"), unless the word before says otherwise."""


def plain(question: str) -> str:
    """Return the question, character for character, with what is quoted blanked and its signs made plain."""
    text = re.sub(r"\s", " ", question.translate(_PLAIN))
    return _QUOTED.sub(lambda match: "\0" * len(match.group()), text).replace("‘", "'")


def clause(text: str, at: int) -> str:
    """Return the words of the sentence before a place, the nearest of them where they are many."""
    return re.split(r"[.?!;] ", text[max(0, at - _SENTENCE) : at])[-1]


def sentence_start(text: str, at: int) -> bool:
    """Tell whether a sentence starts here."""
    before = text[max(0, at - 8) : at].rstrip(" ('")
    return (at <= 8 and not before) or before.endswith((".", "?", "!", ":", ";", "\0"))


def titled(text: str, start: int, end: int) -> bool:
    """Tell whether words are capitalised as a title is ("Last Week Tonight", "USA TODAY"), calendar names aside."""
    if not any(char.islower() for char in text[max(0, start - _SENTENCE) : end + _SENTENCE]):
        return False  # a question in capitals
    for word in re.finditer(r"[A-Za-z]+", text[start:end]):
        at = start + word.start()
        if not word.group()[0].isupper() or _CALENDAR.match(word.group()) or sentence_start(text, at):
            continue
        if word.group()[1:].islower() or re.search(r"[A-Z]\w* $", text[max(0, at - 20) : at]):
            return True
    return False


class _Found:
    """A match of a rule, with the words around it and the day of asking."""

    def __init__(self, text: str, match: re.Match[str], as_of: date) -> None:
        self.text, self.match, self.as_of = text, match, as_of
        self._groups = {name: (value or "").lower() for name, value in match.groupdict().items()}

    def __getitem__(self, group: str) -> str:
        return self._groups.get(group, "")

    @property
    def ahead(self) -> bool:
        """Tell whether the words before look ahead: "will open …"."""
        before = clause(self.text, self.match.start())
        return bool(_AHEAD.search(before)) and not _WAS.search(before)

    @property
    def past(self) -> bool:
        """Tell whether the words before speak of what has been."""
        return bool(_PAST.search(clause(self.text, self.match.start())))

    @property
    def before(self) -> str:
        """The end of what stands before."""
        return self.text[max(0, self.match.start() - 20) : self.match.start()]

    @property
    def month(self) -> int:
        """The number of the month named."""
        return [month[:3] for month in _MONTHS].index(self["month"][:3]) + 1

    @property
    def year(self) -> int | None:
        """The year named, also as "last year"."""
        if self["year"]:
            return int(self["year"])
        return self.as_of.year + ("last", "this", "next").index(self["rel"]) - 1 if self["rel"] else None

    def then(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether the pattern matches what comes after."""
        return bool(pattern.match(self.text, self.match.end()))

    def chosen(self, of_year: Callable[[int], Range | None], which: str = "") -> Range | None:
        return chosen(of_year, self.as_of, which, self.ahead, soon=not self.past)


def named_days(text: str, as_of: date) -> list[Days]:
    """Return the days named in a text that `plain` made, in its order, the longest name where some overlap."""
    found: list[Days] = []
    for pattern, read, weak in _RULES:
        for match in pattern.finditer(text):
            span = read(_Found(text, match, as_of))
            if span is not None and span[0] <= span[1] and (read is _holiday or not titled(text, *match.span())):
                found.append(Days(*match.span(), *span, relative=not match.groupdict().get("year"), weak=weak))
    found.sort(key=lambda days: (days.start, -days.end, days.weak))
    kept: list[Days] = []
    for days in found:
        if not kept or days.start >= kept[-1].end:
            kept.append(days)
    return kept


_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|(?:{'|'.join(month[:3] for month in _MONTHS)}|sept)(?![a-z])\.?)"
_FULL_MONTH = "|".join(month.title() for month in _MONTHS if month not in ("march", "may"))
_SEASON = rf"(?P<season>{'|'.join(_SEASONS)})"
_DIGITS = r"(?:1[4-9]|20)[0-9]{2}"
_YEAR = rf"(?:(?P<year>{_DIGITS})(?![0-9]|,[0-9]{{3}})|(?P<rel>this|last|next) year)"
_ORDINAL = r"[0-3]?[0-9](?:st|nd|rd|th)?(?![0-9%]|[,.:][0-9])"
_DAY, _TO_DAY = rf"(?P<day>{_ORDINAL})", rf"(?P<to_day>{_ORDINAL})"
_WHICH = r"(?P<which>this past|this|last|past|next|coming)"
_NUMBER = (
    rf"(?P<number>(?:a )?(?:{'|'.join(_VAGUE)})|[0-9]{{1,3}}|{'|'.join(sorted(_NUMBERS, reverse=True))})"
    r"(?: of)?(?:[- ]and[- ]a[- ]half)?"
)
_UNIT = r"(?P<unit>hour|day|week|fortnight|weekend|month|quarter|season|year|decade)"
_ON = rf"(?:(?:{'|'.join(_WEEKDAYS)}),? )?"
_PART = r"(?P<part>start|beginning|middle|end|close|first half|second half) of the"
_NIGHT = r"(?:night|morning|evening|afternoon)\b"

_ENDS = _words(  # what may follow a word that is used as an adverb, not before its noun ("Sunday roast")
    rf" ?(?:$|[-,.;:?!)]|'s\b|{_NIGHT}|(?:and|or|to|until|till|through|by|in|at|for|from|after|before|when|while|"
    r"because|amid|that|over|during|with|but|as|due|he|she|they|it|was|were|is|who|what|how|which|where|why|did|does)\b)"
)
_ENDS_A_MONTH = _words(r" ?(?:$|[-,.;:?!)]|(?:and|or|to|until|till|through) )")
_ATTRIBUTE = _words(
    r",? (?:committee|panel|commission|hearings?|attacks?|riots?|rioters|insurrection|uprising|massacre|movement|"
    r"revolution|agreement|inquiry|investigation|probe|cases?|defendants|coup)\b"
)
_EVENT_NOUN = _words(r" (?:(?:presidential|general|local|mayoral) )?(?:elections?|midterms?|race|campaign)\b")
_COUNTED = re.compile(
    r" (?:people|men|women|children|homes|houses|votes|jobs|words|pounds|euros|dollars|miles|met|days|weeks|years)"
)
_PLURAL = re.compile(r" [a-z]{3,}(?<!was)(?<!has)(?<!this)s\b")
_CAPITAL = re.compile(r" [A-Z]")
_OF = _words(r" of\b")
_GIVEN_NAME = _words(r"march|april|may|june|august|[a-z]{3,4}\.?")
_OWNED = _words(r"\b(?:his|her|their|my|your|our|every|each) $")
_OVER = _words(r"\b(?:over|in|during|within|for|throughout|of) $")
_BEFORE_A_DAY = _words(r"on|by|since|until|till|through|before|after|from|between|early|late|of|for")


def _iso(found: _Found) -> Range | None:
    return days_of_month(int(found["year"]), int(found["number"]), int(found["day"]), int(found["day"]))


def _day(found: _Found) -> Range | None:
    """Read "12 May 2026", "May 12-14"; not "12 may", "Jan. 6 committee", "every 16 January"."""
    first = int(re.sub(r"\D", "", found["day"]))
    last = int(re.sub(r"\D", "", found["to_day"]) or first)
    if found.then(_ATTRIBUTE) or found.then(_COUNTED) or _OWNED.search(found.before):
        return None
    if found.year is not None:
        return days_of_month(found.year, found.month, first, last)
    if found.match["month"] in ("may", "march"):  # "12 may have", "march 4 miles"
        return None
    return found.chosen(lambda year: days_of_month(year, found.month, first, last))


def _month(found: _Found) -> Range | None:
    return None if found.year is None else months(found.year, found.month)


def _bare_month(found: _Found) -> Range | None:
    """Read "March", "last March"; not "June Carter", "May resigned", "March for Our Lives", "Mar-a-Lago"."""
    if found.then(_words(r"-[a-z]| [0-9]")) or (_GIVEN_NAME.fullmatch(found["month"]) and found.then(_CAPITAL)):
        return None
    if found.month in (3, 5) and not found["which"] and not found.then(_ENDS_A_MONTH):
        in_it = re.search(r"\b(?:in|mid|early|late)[ -]$", found.before, re.IGNORECASE)
        if not in_it or found.then(_words(r"'s| (?:on|for)\b")):
            return None
    return found.chosen(lambda year: months(year, found.month), found["which"])


def _the_month(found: _Found) -> Range | None:
    return found.chosen(lambda year: months(year, found.month))


def _quarter(found: _Found) -> Range | None:
    place = next(place for place, words in enumerate(_QUARTERS) if found["quarter"] in words)
    if found.year is not None:
        return months(found.year, place * 3 + 1, 3)
    return found.chosen(lambda year: months(year, place * 3 + 1, 3))


_QUARTERS = (("1", "first"), ("2", "second"), ("3", "third"), ("4", "fourth", "last"))


def _season(found: _Found) -> Range | None:
    """Read "summer 2025", "the spring of last year"; "winter 2024-25" names both its years."""
    return None if found.year is None else months(found.year + bool(found["to_year"]), _SEASONS[found["season"]], 3)


def _which_season(found: _Found) -> Range | None:
    """Read "last summer", "this winter"; and "in the spring" where the question is about what has been."""
    first, as_of = _SEASONS[found["season"]], found.as_of
    if found["which"] == "this":
        return months(as_of.year + (first == 0 and as_of.month >= 8), first, 3)
    if not found["which"] and not (found.past and found.then(_ENDS)):
        return None
    return found.chosen(lambda year: months(year, first, 3), found["which"])


def _bare_year(found: _Found) -> Range | None:
    """Read "in 2022"; not "in 2000 homes", "in 2024 election"."""
    if found.then(_COUNTED) or found.then(_EVENT_NOUN) or (found["year"].endswith("00") and found.then(_PLURAL)):
        return None
    return months(int(found["year"]), 1, 12)


def _year_range(found: _Found) -> Range | None:
    end = found["to_year"]
    return months(int(found["year"]), 1)[0], months(int(found["year"][: 4 - len(end)] + end), 12)[1]


def _decade(found: _Found) -> Range | None:
    """Read "the 1970s"; "the 1700s", a century; "the '50s", which had begun."""
    century = found.as_of.year // 100 - (int(found["short"] or 0) > found.as_of.year % 100)
    year = found["year"] or f"{century:02}{found['short']}"
    return months(int(year), 1, 1200 if found["year"].endswith("00") and found["year"] != "2000" else 120)


def _unit(found: _Found) -> Range | None:
    """Read "last week", "this past year", "next month"; not "the last year that", "his last week", "last year of"."""
    which, unit, as_of = found["which"], found["unit"], found.as_of
    if unit in ("hour", "day", "fortnight") or _OWNED.search(found.before):
        return None
    if which in ("last", "next") and (found.then(_OF) or (found["the"] and not _OVER.search(found.before))):
        return weekend(as_of, which, found.ahead) if unit == "weekend" and not found.then(_OF) else None
    if unit == "weekend":
        return weekend(as_of, which, found.ahead)
    if which.endswith("past") or (which == "last" and found["the"]):
        return back(as_of, 1, unit), as_of
    if which == "coming":
        return as_of, back(as_of, -1, unit)
    return of_calendar(as_of, unit, {"last": -1, "next": 1}.get(which, 0))


def _the_weekend(found: _Found) -> Range | None:
    """Read "over the weekend"; not "is it open on the weekend?"."""
    if not (found.ahead or found.past or found.before.lower().endswith("over ")):
        return None
    return weekend(found.as_of, "the", found.ahead)


def _part_of_unit(found: _Found) -> Range | None:
    if found["unit"] not in ("week", "month", "quarter", "year", "decade"):
        return None
    return part_of(of_calendar(found.as_of, found["unit"], 0), found["part"], found.as_of)


def _number(found: _Found) -> tuple[int, int]:
    word = found["number"].split()[-1]
    number = int(word) if word.isdigit() else _NUMBERS.get(word, 0)
    return _VAGUE.get(word, (number, number))


def _count(found: _Found) -> Range | None:
    """Read "the past three days", "the next two weeks"; not "his last two years", "the last two days of"."""
    as_of, unit = found.as_of, found["unit"]
    if _OWNED.search(found.before) or found.then(_OF):
        return None
    number = max(_number(found)[1], 24 if unit == "hour" else 1)
    if found["which"] in ("next", "coming"):
        return as_of, back(as_of, -number, unit)
    return back(as_of, number, unit), as_of


def _ago(found: _Found) -> Range | None:
    (fewest, most), unit = _number(found), found["unit"]
    last = min(shifted(back(found.as_of, fewest, unit), _SLACK.get(unit, 0)), found.as_of)
    return min(shifted(back(found.as_of, most, unit), -_SLACK.get(unit, 0)), last), last


def _day_word(found: _Found) -> Range | None:
    if found.before.lower().endswith("the "):
        return None  # "the tonight show"
    steps = {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1}
    day = shifted(found.as_of, steps.get(found["word"], 0))
    return day, found.as_of if found["word"] == "last night" else day  # a night ends on the next day


def _weekday(found: _Found) -> Range | None:
    """Read "on Monday", "arrested Monday after", "Sunday's vote"; not "Black Friday", "Sunday Times", "each Monday"."""
    word = re.search(r"([A-Za-z]+) $", found.before)
    led = found["which"] or (word and _BEFORE_A_DAY.fullmatch(word[1]))
    if found.then(_CAPITAL) or (word and word[1].lower() in ("every", "each", "a", "one")):
        return None
    named = word and word[1][0].isupper() and not found.then(_words(f" {_NIGHT}"))
    if not led and (named or not found.then(_ENDS)):
        return None
    day = weekday(found.as_of, _WEEKDAYS.index(found["weekday"]), found["which"], found.ahead)
    return day, day


def _holiday(found: _Found) -> Range | None:
    """Read "at Christmas", "New Year's Eve 2024"; not "Christmas tree"."""
    month, day, length = _HOLIDAYS[found["holiday"]]

    def of_year(year: int) -> Range:
        return date(year, month, day), shifted(date(year, month, day), length - 1)

    if found.year is not None:
        return of_year(min(max(found.year, 1), 9999))
    return found.chosen(of_year, found["which"]) if found.then(_ENDS) else None


_TABLE: tuple[tuple[str, Callable[[_Found], Range | None], bool], ...] = (
    (r"(?P<year>[0-9]{4})-(?P<number>[0-9]{2})-(?P<day>[0-9]{2})(?![0-9])", _iso, False),
    (
        rf"{_ON}(?:the )?{_DAY}(?: ?(?:-|to|and) ?{_TO_DAY})? (?:of )?{_MONTH}(?![a-z])(?:,? (?:of )?{_YEAR})?",
        _day,
        False,
    ),
    (rf"{_ON}{_MONTH} (?:the )?{_DAY}(?: ?(?:-|to) ?{_TO_DAY})?(?:,? (?:of )?{_YEAR})?", _day, False),
    (rf"{_MONTH},? (?:of )?{_YEAR}", _month, False),
    (rf"(?<=the )(?-i:(?P<month>{_FULL_MONTH})(?= [a-z]))", _the_month, False),  # "the January storm"
    (rf"{_WHICH} {_MONTH}(?![a-z])", _bare_month, False),
    (rf"{_MONTH}(?![a-z])", _bare_month, True),
    (rf"(?:the )?(?P<quarter>first|second|third|fourth) quarter(?: of)?,? {_YEAR}", _quarter, False),
    (rf"the (?P<quarter>last) quarter of {_YEAR}", _quarter, False),
    (rf"Q(?P<quarter>[1-4])(?: of)?,? {_YEAR}", _quarter, False),
    (r"Q(?P<quarter>[1-4])\b", _quarter, True),
    (rf"(?:the )?{_SEASON}(?: of)?,? {_YEAR}(?:-(?P<to_year>[0-9]{{2}}))?\b", _season, False),
    (rf"(?:{_WHICH}|the) {_SEASON}\b", _which_season, False),
    (rf"the year (?P<year>{_DIGITS})\b(?![,.'-]?\w)", _bare_year, False),
    (rf"(?P<year>{_DIGITS})\b(?![,.-]?\w|'[0-9])", _bare_year, True),
    (rf"(?P<year>{_DIGITS}) ?- ?(?P<to_year>[0-9]{{4}}|[0-9]{{2}})(?![-0-9])", _year_range, True),
    (r"the (?:(?P<year>(?:1[4-9]|20)[0-9]0)'?|'(?P<short>[0-9]0))s\b", _decade, False),
    (r"(?P<year>(?:1[4-9]|20)[0-9]0)'?s\b", _decade, True),
    (rf"(?P<the>the )?{_WHICH} {_UNIT}\b", _unit, False),
    (r"the weekend\b", _the_weekend, False),
    (rf"(?:the )?{_PART} {_UNIT}\b(?! of| [0-9])", _part_of_unit, False),
    (rf"(?:the )?(?P<which>last|past|next|coming) {_NUMBER}[ -]{_UNIT}s?\b", _count, False),
    (rf"{_NUMBER} {_UNIT}s? ago\b", _ago, False),
    (r"(?P<word>the day before yesterday|yesterday|tomorrow|tonight|last night)\b", _day_word, False),
    (r"(?P<word>this (?:morning|afternoon|evening))\b", _day_word, False),
    (rf"(?:{_WHICH} )?(?P<weekday>{'|'.join(_WEEKDAYS)})\b", _weekday, False),
    (rf"{_WHICH} (?P<holiday>{'|'.join(_HOLIDAYS)})\b", _holiday, False),
    (rf"(?P<holiday>{'|'.join(_HOLIDAYS)})\b(?! of)(?:,? (?:of )?{_YEAR})?", _holiday, True),
)
# Neither amid a word ("mid-March" aside) nor amid a number ("46,000 years ago").
_RULES = tuple((_words(r"(?<!\w)(?<!(?<!mid)-)(?<![0-9][,.])" + pattern), read, weak) for pattern, read, weak in _TABLE)

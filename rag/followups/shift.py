"""Moves the days of a question: "and the year before?" after "… in 2025?". Pure functions over words and dates."""

import calendar
import re
from datetime import date

from rag.dates import when
from rag.dates.ranges import Range, back, of_calendar, shifted
from rag.dates.when import Period, When

_NUMBERS = {
    word: count
    for count, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)
}
_NUMBERS |= {"a": 1, "an": 1, "one": 1}
_BACK = "previous|preceding|prior|before|earlier|previously"
_ON = "following|next|after|afterwards|later"
_STEP = re.compile(
    rf"(?:in |on |for |during )?(?:the |that )?(?:(?P<count>{'|'.join(_NUMBERS)}|\d{{1,2}}) )?"
    rf"(?:(?P<which>{_BACK}|{_ON}) )?(?P<unit>day|week|weekend|month|quarter|season|year|decade)s?"
    rf"(?: (?P<where>{_BACK}|{_ON}))?(?: (?:that|this|it|then))?\W*",
    re.IGNORECASE,
)
_LEADS = r"(?:in|on|at|since|before|after|between|from|last|this|next|during|until|two|three) "
_YEARLESS = re.compile(rf"\b(?:{'|'.join(calendar.month_name[1:])})(?: \d{{1,2}}(?:st|nd|rd|th)?)?\W*$", re.IGNORECASE)
_YEAR = re.compile(r"(?P<lead>in |for |from )?(?P<year>(?:1[89]|20)\d\d)\W*", re.IGNORECASE)


def moved(rest: str, base: str, answered: date | None, today: date) -> str | None:
    """Return the question `base` asked of other days, where `rest` names nothing but these; else None.

    "The year before" is reckoned from the days of `base`; where it has none, from `answered`, the day that its answer
    is from, or `today`, the day of asking.
    """
    days = _days(rest, base, answered, today)
    return None if days is None else _put(base, days, today)


def _days(rest: str, base: str, answered: date | None, today: date) -> str | None:
    """Return the days that `rest` names, in words that can be read again."""
    if (step := _STEP.fullmatch(rest)) and (step["which"] or step["where"]):
        if step["which"] == "next" and not re.search(r"(?:the|that) ", rest):  # "next year" is one of the calendar
            return rest.strip(" ?.!")
        return in_words(*_stepped(*_anchor(base, answered or today, today), step))
    if year := _YEAR.fullmatch(rest):
        return f"in {year['year']}"
    words = rest.strip(" ?.!,")
    periods = when.periods(words, today)
    if len(periods) == 1 and len(periods[0].words) >= len(words) - 2:
        of_year = _years_of(base, today) if _YEARLESS.search(words) else ""
        return (words[:1].lower() + words[1:] if re.match(_LEADS, words, re.IGNORECASE) else words) + of_year
    return None


def _years_of(base: str, today: date) -> str:
    """Return the year that a question names beside a month or day, as it is added to another: " 2024"."""
    period = _period(base, today)
    year = re.search(r"\b(?:1[89]|20)\d\d\b", period.words) if period else None
    return f" {year[0]}" if year else ""


def _period(base: str, today: date) -> Period | None:
    """Return the days that a question is about, where it names any."""
    found = [each for each in when.periods(base, today) if each.kind not in (When.NEWEST, When.OLDEST)]
    return found[0] if found else None


def _anchor(base: str, answered: date, today: date) -> tuple[Range, bool]:
    """Return the days to reckon from, and whether the question named them."""
    period = _period(base, today)
    if period and period.first and period.last:
        return (period.first, period.last), True
    return (answered, answered), False


def _stepped(days: Range, named: bool, step: re.Match[str]) -> Range:
    unit = step["unit"].lower()
    word = (step["where"] or step["which"]).lower()
    ahead = re.fullmatch(_ON, word) is not None
    count = step["count"]
    number = (_NUMBERS.get(count.lower()) or int(count)) if count else 1
    number = -number if ahead else number
    first, last = days
    longer = (last - first).days > {"day": 0, "week": 6, "weekend": 2, "month": 30, "quarter": 91}.get(unit, 366)
    if not named or longer:  # the unit right before the days, or after them
        return of_calendar(last if ahead else first, "week" if unit == "weekend" else unit, -number)
    whole = first.day == 1 and shifted(last, 1).day == 1
    begin, end = back(first, number, unit), back(last, number, unit)
    return begin, end.replace(day=calendar.monthrange(end.year, end.month)[1]) if whole else end


def in_words(first: date, last: date) -> str:
    """Return days as a question names them: "in 2024", "in March 2024", "on 12 March 2024", "between … and …"."""
    if first == last:
        return f"on {first.day} {first:%B %Y}"
    if first.day == 1 and shifted(last, 1).day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"in {first:%B %Y}"
        if first.month == 1 and last.month == 12:
            return f"in {first.year}" if first.year == last.year else f"between {first.year} and {last.year}"
    return f"between {first.day} {first:%B %Y} and {last.day} {last:%B %Y}"


def _put(base: str, days: str, today: date) -> str:
    """Return the question with these days in the place of its own, or at its end."""
    period = _period(base, today)
    if period is None:
        end = re.search(r"\W*$", base)
        assert end is not None  # noqa: S101 - it matches nothing at least
        return f"{base[: end.start()]} {days}{base[end.start() :]}"
    start, end_of = period.span
    made = f"{base[:start]}{days}{base[end_of:]}"
    return made[:1].upper() + made[1:] if start == 0 else made

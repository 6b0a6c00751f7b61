"""Ranges of days: months, halves, last week, the coming weekend. Dates alone; knows nothing of words in a question.

Nothing here raises an error: what would lie outside the calendar ends at its first or last day.
"""

import re
from collections.abc import Callable
from datetime import date

Range = tuple[date, date]
"""The first and the last day, both inclusive."""

_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "weekend": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "season": 12, "year": 12, "decade": 120}
_SOON = 45  # days; within them a day whose year is not named may be the coming one
_PARTS = (
    ("first half", 0, 1 / 2),
    ("(?:second|latter) half", 1 / 2, 1),
    ("early|start|beginning", 0, 1 / 3),
    ("mid|middle", 1 / 3, 2 / 3),
    ("late|end|close", 2 / 3, 1),
)


def shifted(day: date, days: int) -> date:
    """Return the day so many days later."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def months(year: int, month: int, count: int = 1) -> Range:
    """Return `count` months from this one on; month 0 is the December before, 13 the January after."""
    return _month_start(year * 12 + month - 1), shifted(_month_start(year * 12 + month - 1 + count), -1)


def _month_start(number: int) -> date:
    if not 12 <= number < 120_000:
        return date.min if number < 12 else date.max
    return date(number // 12, number % 12 + 1, 1)


def days_of_month(year: int, month: int, day: int, to_day: int) -> Range | None:
    """Return these days, or None where the month lacks them."""
    try:
        return date(year, month, day), date(year, month, to_day)
    except ValueError:
        return None


def back(day: date, number: int, unit: str) -> date:
    """Return the day so many units ("day", "month", …) before this one; after it where the number is below 0."""
    if unit in _DAYS:
        return shifted(day, -round(number * _DAYS[unit]))
    first, last = months(day.year, day.month - number * _MONTHS[unit])
    return first.replace(day=min(day.day, last.day))


def part_of(days: Range, part: str, as_of: date) -> Range:
    """Return a part of the days: "early", "the first half of", "the end of"; `as_of` parts earlier from later."""
    first, last = days
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    whole = count > 1 and first.day == 1 and (last == date.max or shifted(last, 1).day == 1)
    for words, begin, end in _PARTS:
        if re.search(rf"\b(?:{words})\b", part, re.IGNORECASE):
            if whole:  # cut between months, not amid them
                return months(first.year, first.month + round(count * begin), round(count * end) - round(count * begin))
            length = (last - first).days + 1
            return shifted(first, int(length * begin)), shifted(first, max(int(length * end), 1) - 1)
    if part.lower() == "earlier":
        return first, max(first, min(last, as_of))
    return max(first, min(last, as_of)), last


def of_calendar(day: date, unit: str, step: int) -> Range:
    """Return the week, month, quarter, year, decade or season of a day, or one so many steps from it."""
    if unit == "week":
        if step == 0:
            return shifted(day, -6), day
        monday = shifted(day, -day.weekday() + 7 * step)
        # On a Sunday the week that ends and the one before are both called "last week".
        return monday, day if step < 0 and day.weekday() == 6 else shifted(monday, 6)
    if unit == "season":  # of a sport: from autumn to spring or from spring to autumn, ten months reach back to either
        end = back(day, -12 * step, "month")
        return (day, end) if step > 0 else (back(end, 10, "month"), end)
    size = _MONTHS[unit]
    start = (day.year * 12 + day.month - 1) // size * size + step * size
    return months(start // 12, start % 12 + 1, size)


def weekend(day: date, which: str, ahead: bool) -> Range:
    """Return this, the last or the next weekend; "this" is the one that is nearest, "the" the last that began."""
    saturday = shifted(day, -((day.weekday() + 2) % 7))
    if which in ("next", "coming") or (which == "this" and 2 <= day.weekday() <= 4) or (which == "the" and ahead):
        saturday = shifted(saturday, 7)
    elif which in ("last", "past", "this past") and shifted(saturday, 1) >= day:
        saturday = shifted(saturday, -7)
    return saturday, shifted(saturday, 1)


def weekday(day: date, number: int, which: str, ahead: bool) -> date:
    """Return this, the last, the next or, with no such word, the latest Monday (0) to Sunday (6)."""
    since = (day.weekday() - number) % 7
    if which == "this":
        found = shifted(day, number - day.weekday())
        return shifted(found, 7) if ahead and found < day else found
    if which in ("next", "coming"):
        return shifted(day, 7 - since)
    if which in ("last", "past", "this past"):
        return shifted(day, -(since or 7))
    return shifted(day, (7 - since) % 7 if ahead else -since)


def chosen(of_year: Callable[[int], Range | None], day: date, which: str, ahead: bool, *, soon: bool) -> Range | None:
    """Return the days that are meant where no year is named: the latest that had begun, unless a word says otherwise.

    `of_year` gives those of a year. `ahead` asks for the coming ones; `soon` lets a single day be a near coming one.
    """
    years = [days for year in range(max(day.year - 8, 1), min(day.year + 8, 9999) + 1) if (days := of_year(year))]
    if which in ("last", "past", "this past"):
        return max((days for days in years if days[1] < day), default=None)
    if which in ("next", "coming"):
        return min((days for days in years if days[0] > day), default=None)
    if which == "this":
        return next((days for days in years if days[1].year == day.year), None)
    if ahead:
        return min((days for days in years if days[1] >= day), default=None)
    near = [days for days in years if day < days[0] == days[1] <= shifted(day, _SOON)]
    return near[0] if soon and near else max((days for days in years if days[0] <= day), default=None)

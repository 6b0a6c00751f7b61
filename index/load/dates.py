"""Days, out of what files say: fields, lines under a title, datelines, file names, addresses.

A day is taken only where day, month and year are stated, or where each of them is: "12/02/2025" may be
February or December and gives none. What cannot be the date of an article (before 1600, later than
tomorrow, the first day that computers count from) is dropped. The clock of the file is never asked.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache

FIRST_YEAR = 1600  # the first newspapers are of 1605
_DEFAULTS = {date(1970, 1, 1), date(1969, 12, 31), date(1900, 1, 1), date(1980, 1, 1)}
"""What programs write where they know no date: zero seconds in Unix, in Unix west of Greenwich, in Excel, in ZIP."""
_LOCALES = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ro", "tr", "el", "ru")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})(?P<sep>[/.])(\d{1,2})(?P=sep)(\d{1,2})(?!\d)")
_EAST_ASIAN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)? (?:of |de |d[’'])?([^\W\d_]{3,12})\.?,? (?:de |del )?(\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_WEEKDAY = re.compile(r"[^\W\d_]{2,12}(?:-feira)?\.?,? +(?:(?:the|den|le|el) )?(?=\d|[^\W\d_]{3,12}\.? \d)")
_TIME = re.compile(
    r"(?:at |um |à |a las |às )?\d{1,2}(?:[:.h]\d{2}){1,2}(?: ?[ap]\.?m\b\.?)?(?: ?(?:Uhr|[A-Z]{2,5}\b"
    r"|\([A-Z]{2,5}\)|[+-]\d\d:?\d\d))?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<modified>(?:last |first )?(?:updated|modified|revised|changed)|mis à jour|actualizado|atualizado|aggiornato"
    r"|aktualisiert|stand|bijgewerkt)"
    r"|(?:first |originally )?(?:published|posted|publication date|date|publié|publicado|veröffentlicht"
    r"|pubblicato|gepubliceerd|created)",
    re.IGNORECASE,
)  # fmt: skip
_JOINT = re.compile(r"[\s|·•,–—:;()/-]+|(?:on|at|le|el|em|am|um|den|vom|il|op|by)\b\s*", re.IGNORECASE)
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-zß-ÿ][^\W\d_a-zß-ÿ .'’-]{2,40}(?:, [^\W\d_](?:[^\W\d_]|[ .'’-]){1,30}?)??)"
    r"(?:, (?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2})(?:, (?P<year>\d{4}))?)?"
    r"(?: \((?P<agency>[^\W\d_][\w .&’'-]{1,40})\))? ?(?:—|–|--|- )"
)
_ADDRESS = re.compile(
    r"/(?P<year>(?:1[6-9]|20)\d\d)(?:[/-](?P<month>\d{1,2}|[a-z]{3,9})(?:[/-](?P<day>\d{1,2})(?!\d))?)?(?=[/_.-]|$)"
)
_ADDRESS_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d{6})(?!\d)")


def as_date(value: object) -> date | None:
    """Return the day that a value names, or None where it names none, or not for certain."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 16_000_101 <= value <= 99_991_231 else None  # 20260328, as YAML reads it
    if not isinstance(value, str) or not value.strip():
        return None
    text = " ".join(value[:200].split())
    found = _day_at(text, 0)
    if found is None and (weekday := _WEEKDAY.match(text)):
        found = _day_at(text, weekday.end())
    return found[0] if found else _mail_date(text)


def first_date(*candidates: tuple[str, object]) -> tuple[date | None, str]:
    """Return the first of (origin, value) whose value names a day, as (day, origin); (None, "unknown") without any."""
    found = ((as_date(value), origin) for origin, value in candidates)
    return next(((day, origin) for day, origin in found if day and plausible(day)), (None, "unknown"))


def plausible(day: date) -> bool:
    """Tell whether an article can be of this day."""
    return day.year >= FIRST_YEAR and day not in _DEFAULTS and day <= date.today() + timedelta(days=1)


def date_in(name: str) -> date | None:
    """Return the ISO date that stands in a file's name."""
    match = re.search(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)", name)
    return as_date(match.group()) if match else None


def date_in_address(url: str | None) -> date | None:
    """Return the day that stands in an address as /2026/03/28/, /2026/mar/28/, 2026-03-28 or 20260328."""
    for match in _ADDRESS.finditer(url or ""):
        month = match["month"]
        number = int(month) if month and month.isdigit() else _month(month or "")
        if number and match["day"]:
            return _date(match["year"], number, match["day"])
    compact = _ADDRESS_COMPACT.search((url or "").partition("?")[0])
    return as_date(compact.group()) if compact else None


def line_dates(line: str) -> dict[str, date] | None:
    """Return the days of a line that holds nothing else, by "published" and "modified"; None for any other line.

    Such lines are "Published 12 February 2026" or "April 28, 2026 at 6:01 am Updated April 29, 2026".
    """
    line = line.strip()
    if not 6 <= len(line) <= 160:
        return None
    found: dict[str, date] = {}
    place, kind = 0, "published"
    while place < len(line):
        if label := _LABEL.match(line, place):
            kind = "modified" if label["modified"] else "published"
            place = label.end()
        elif day := _day_at(line, place) or _after_weekday(line, place):
            found.setdefault(kind, day[0])
            place = day[1]
        elif passed := _TIME.match(line, place) or _JOINT.match(line, place):
            place = passed.end()
        else:
            return None
    return found or None


def dateline(text: str) -> "re.Match[str] | None":
    """Return the match of a dateline that `text` starts with: place, and month, day, year, agency where stated."""
    return _DATELINE.match(text[:200])


def dateline_date(text: str, *, address: str | None, name: str, modified: date | None) -> date | None:
    """Return the day of the dateline, where it or something beside it gives the year as well.

    "BRUSSELS, Feb. 12 (Reuters) —" has none: a day in the address or the file's name, or that of an update, at
    most 31 days off gives it, or a year in the address. It is never guessed.
    """
    match = dateline(text)
    if match is None or not match["day"] or not (month := _month(match["month"])):
        return None
    if match["year"]:
        return _date(match["year"], month, match["day"])
    stated = _ADDRESS.search(address or "")
    near = date_in_address(address) or date_in(name)
    if near is None and stated and (stated["month"] or "").isdigit():
        near = _date(stated["year"], int(stated["month"]), "15")
    if near is None and stated:
        return _date(stated["year"], month, match["day"])
    if near := near or modified:
        days = [day for year in (near.year - 1, near.year, near.year + 1) if (day := _date(year, month, match["day"]))]
        return next((day for day in days if abs(near - day) <= timedelta(days=31)), None)
    return None


def in_order(
    published: tuple[date | None, str], modified: tuple[date | None, str], trust: Callable[[str], int]
) -> tuple[tuple[date | None, str], tuple[date | None, str]]:
    """Return both days, without the less trusted one where an update would be earlier than what it updates."""
    if not published[0] or not modified[0] or published[0] <= modified[0]:
        return published, modified
    if trust(published[1]) > trust(modified[1]):  # a higher number: further down the list of origins
        return (None, "unknown"), modified
    return published, (None, "unknown")


def _after_weekday(text: str, place: int) -> tuple[date, int] | None:
    match = _WEEKDAY.match(text, place)
    return _day_at(text, match.end()) if match else None


def _day_at(text: str, place: int) -> tuple[date, int] | None:
    """Return the day whose statement starts at `place`, and where that ends."""
    for pattern, order in (
        (_ISO, (1, 2, 3)), (_YEAR_FIRST, (1, 3, 4)), (_EAST_ASIAN, (1, 2, 3)), (_COMPACT, (1, 2, 3)),
        (_DOTTED, (3, 2, 1)), (_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)),
    ):  # fmt: skip
        if match := pattern.match(text, place):
            year, month, day = (match[group] for group in order)
            number = int(month) if month.isdigit() else _month(month)
            found = _date(year, number, day) if number else None
            if found:
                return found, match.end()
    if match := _SLASHED.match(text, place):
        one, two, year = match.groups()
        days = {found for month, day in ((one, two), (two, one)) if (found := _date(year, int(month), day))}
        if len(days) == 1:
            return days.pop(), match.end()
    return None


def _date(year: str | int, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _mail_date(text: str) -> date | None:
    from email.utils import parsedate_to_datetime

    if not re.search(r"\d{4}", text):  # it would make 2025 of "25"
        return None
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _month(name: str) -> int | None:
    """Return the number of a month by its name or abbreviation in one of `_LOCALES`; English goes first."""
    return _months("en").get(name.lower()) or _months("").get(name.lower()) if name else None


@cache
def _months(locale: str) -> dict[str, int]:
    """Return the months' names by Unicode's CLDR; of all locales for "", without those that differ among them."""
    from babel.dates import get_month_names

    numbers: dict[str, set[int]] = {}
    for each in (locale,) if locale else _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, each).items():
                    numbers.setdefault(name.lower().rstrip("."), set()).add(number)
    names = {name: next(iter(found)) for name, found in numbers.items() if len(found) == 1 and not name.isdigit()}
    return names | {"sept": 9} if locale else names

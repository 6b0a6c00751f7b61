"""The page's own words in the language of whoever reads it, from `languages/`; dates, numbers and plurals by Babel.

A language is one file of `key = "text"`; a text may have `{places}`, and a count one form for each plural category of
the language. `rag` speaks English only: what it says in fixed sentences is translated under `[said]`, the rest is shown
as it is and named as English, so that it is read aloud rightly.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ui.words import words

_FOLDER = Path(__file__).parent / "languages"
LANGUAGES = tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))
"""The languages that the page can be read in, by their tags."""
DEFAULT = "en"
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?\Z")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the page says in one language. Calling it gives a text as HTML; what is put into it is HTML already."""

    code: str
    texts: Mapping[str, Any]

    def __call__(self, key: str, **values: str) -> str:
        """Return a text as HTML, its places filled with HTML."""
        return words(self.texts[key]).format(**values)

    def plain(self, key: str, **values: str) -> str:
        """Return a text as it is, its places filled with plain text: for where no HTML goes."""
        return str(self.texts[key]).format(**values)

    def number(self, number: int) -> str:
        """Return a number as the language writes it."""
        from babel.numbers import format_decimal

        return words(format_decimal(number, locale=self.code))

    def count(self, key: str, number: int) -> str:
        """Return a number with what it counts, in its plural form, as HTML."""
        from babel import Locale

        form = Locale.parse(self.code).plural_form(number)
        return words(self.texts[key][form]).format(n=self.number(number))

    def language(self, tag: str) -> str:
        """Return the name of a language, as plain text; the tag where it has none here."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(tag, sep="-").get_display_name(self.code) or tag
        except (UnknownLocaleError, ValueError):
            return tag

    def dated(self, when: date) -> str:
        """Return a date as newspapers of the language set it, as plain text."""
        from babel.dates import format_date

        return format_date(when, self.texts["date_format"], locale=self.code)

    def day(self, when: date | None) -> str:
        """Return a date as HTML; an unknown one is said to be unknown."""
        if when is None:
            return f'<span class="undated">{self("date_unknown")}</span>'
        return f'<time datetime="{when.isoformat()}">{words(self.dated(when))}</time>'

    def days(self, first: date, last: date) -> str:
        """Return a first and a last day as HTML; one where they are the same."""
        return self.day(first) if first == last else self("days", first=self.day(first), last=self.day(last))

    def origin(self, name: str) -> str:
        """Return where an article's date is from (`Article.published_from`), as HTML."""
        return words(self.texts["date_from"].get(name, name))

    def said(self, text: str) -> str:
        """Return what `rag` says, as HTML: translated where it can be, else named as English."""
        known = self.texts["said"].get(text)
        if known or self.code == DEFAULT:
            return f'<span dir="auto">{words(known or text)}</span>'
        return f'<span lang="{DEFAULT}" dir="auto">{words(text)}</span>'


@cache
def wording(code: str) -> Wording:
    """Return what the page says in one of LANGUAGES."""
    return Wording(code, tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8")))


def chosen(asked: str = "", setting: str = "", accepted: str = "") -> str:
    """Return the language to speak: the one asked for, else the one set, else the first that the browser accepts.

    `accepted` is an Accept-Language header (RFC 9110, 12.5.4); what is not spoken here, or no tag at all, is passed
    over.
    """
    ranges = [match for each in accepted.split(",") if (match := _RANGE.match(each))]
    ranges.sort(key=lambda match: -float(match[2] or 1))
    wanted = [asked, setting, *(match[1] for match in ranges if float(match[2] or 1) > 0)]
    spoken = (tag.lower().replace("_", "-").split("-")[0] for tag in wanted)
    return next((tag for tag in spoken if tag in LANGUAGES), DEFAULT)

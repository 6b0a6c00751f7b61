"""A quote is a place in an article. It has no text of its own, so one that is not verbatim cannot be built."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from index.article import Article
from index.errors import SpanError

# What typography alone may change: one character on the page, another one on the keyboard.
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‘’‚‛‹›′＇`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
        "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quote:
    """The characters [start, end) of an article's text.

    Raises:
        SpanError: the span is empty, or not within the article.
    """

    article: Article
    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a span that is no place in the article."""
        if not 0 <= self.start < self.end <= len(self.article.text):
            raise SpanError(
                f"[{self.start}, {self.end}) is no place in article {self.article.id!r}, "
                f"which has {len(self.article.text):,} characters. Use 0 <= start < end <= length."
            )

    @property
    def text(self) -> str:
        """Return the words: always a slice of the article."""
        return self.article.text[self.start : self.end]

    def overlaps(self, other: "Quote") -> bool:
        """Tell whether two quotes of one article have characters in common."""
        same = self.article.id == other.article.id and self.article.digest == other.article.digest
        return same and self.start < other.end and other.start < self.end

    @property
    def source_line(self) -> str:
        """Return where it is from and when, e.g. "Reuters, 12 Feb 2025"; what is unknown is said to be."""
        day = self.article.published
        return f"{self.article.publisher or self.article.id}, {_day(day) if day else 'date unknown'}"

    @property
    def dated_line(self) -> str:
        """Return the source line, and where its date is from: "Reuters, 12 Feb 2025 (json-ld; updated 13 Feb 2025)".

        Of an article without a date it says when it was read, and calls it that.
        """
        article = self.article
        notes = [article.published_from] if article.published and article.published_from != "unknown" else []
        if article.modified and article.modified != article.published:
            notes.append(f"updated {_day(article.modified)}")
        if not article.published and article.read:
            notes.append(f"read {_day(article.read)}")
        return self.source_line + (f" ({'; '.join(notes)})" if notes else "")


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def locate(article: Article, words: str) -> Quote | None:
    """Return the first place where `words` stand in `article`, or None.

    They must be there character by character, but for what typography changes: the shape of quotation
    marks, dashes and ellipses, the width of white space. The quote then has the article's own characters.
    """
    return next(verbatim(article, words), None) or next(typographic(article, words), None)


def verbatim(article: Article, words: str) -> Iterator[Quote]:
    """Yield each place where `words` stand in `article` character by character, as whole words and numbers."""
    words = words.strip()
    for start in _places(article.text, words):
        if whole(article.text, start, start + len(words)):
            yield Quote(article, start, start + len(words))


def typographic(article: Article, words: str) -> Iterator[Quote]:
    """Yield each place where `words` stand in `article` but for typography, with the article's own characters.

    Where double marks have become single ones, as within a quotation, that is typography, too.
    """
    wanted = plain(words).strip()
    text = _kept_plain(article.text)
    for way in (str, _single):
        if way(wanted) not in way(text):
            continue
        _, spans = _folded(article.text)
        found = False
        for at in _places(way(text), way(wanted)):
            start, end = spans[at][0], spans[at + len(wanted) - 1][1]
            if whole(article.text, start, end):
                found = True
                yield Quote(article, start, end)
        if found:
            return


def plain(text: str) -> str:
    """Return `text` with plain typography: the marks of a keyboard, single spaces, composed letters."""
    # As `_folded` does it, but without a step in Python for each character: whole archives are read for exact words.
    if unicodedata.is_normalized("NFC", text):
        shaped = text.translate({ord(each): _shape(each) for each in set(text)})
        if unicodedata.is_normalized("NFC", shaped):
            return re.sub(" {2,}", " ", shaped)
    lines = text.splitlines(keepends=True)  # an odd letter makes its own line slow, and no other: none joins a space
    if lines[1:]:
        return re.sub(" {2,}", " ", "".join(map(plain, lines)))
    return _folded(text)[0]


_kept_plain = lru_cache(maxsize=64)(plain)


def _single(text: str) -> str:
    """Return plain text with single marks for double ones; after a number they are inches and feet."""
    return re.sub(r"(?<!\d)\"", "'", text)


def whole(text: str, start: int, end: int) -> bool:
    """Tell whether [start, end) of `text` cuts no word or number: "5 per cent" is not in "15 per cent".

    A word goes on after an apostrophe or a hyphen ("won’t", "non-violent"), a number after a point or a dash
    between digits ("1,250", "5–10"), and a sign belongs to it ("$5", "5%", "−5").
    """
    return not (_cuts(text, start) or _cuts(text, end))


def _cuts(text: str, at: int) -> bool:
    """Tell whether a cut at `at` goes through a word or number."""
    if not 0 < at < len(text):
        return False
    if unicodedata.combining(text[at]):
        return True
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    return bool(_JOINED.match(before[-1] + after) or _JOINED_BACK.match(f"{before:>2}{after[0]}"))


_HYPHENS = "\\-‐‑'’\u00ad"
_MONEY = "$£€¥"
_JOINED = re.compile(rf"\w\w|\d[.,:–−]\d|\w[{_HYPHENS}]\w|[{_MONEY}]\d|\d[%‰{_MONEY}]")
_JOINED_BACK = re.compile(rf"\d[.,:–−]\d|\w[{_HYPHENS}]\w|[\s(][-−–]\d")


def _places(text: str, words: str) -> Iterator[int]:
    """Yield where `words` stand in `text`, in order, but for places that begin within a run of letters."""
    start = text.find(words) if words else -1
    while start >= 0:
        yield start
        # From within a word nothing whole begins, so that a run of a thousand letters is no thousand places.
        inside = _RUN.match(text, start)
        start = text.find(words, inside.end() if inside else start + 1)


_RUN = re.compile(r"\w+")


@lru_cache(maxsize=16)
def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return `text` with plain typography, and for each of its characters the span that it came from."""
    folded: list[str] = []
    spans: list[tuple[int, int]] = []
    base = 0  # where the last letter begins, which marks that combine may join
    for place, character in enumerate(text):
        if unicodedata.combining(character) and folded and folded[-1] != " ":
            joined = unicodedata.normalize("NFC", "".join(folded[base:]) + character)
            spans[base:] = [(spans[base][0], place + 1)] * len(joined)
            folded[base:] = joined
            continue
        for each in _shape(character):
            if each == " " and folded and folded[-1] == " ":
                continue
            base = len(folded)
            folded.append(each)
            spans.append((place, place + 1))
    return "".join(folded), spans


@cache
def _shape(character: str) -> str:
    """Return a character with plain typography: none, one or several."""
    folded = unicodedata.normalize("NFC", character).translate(_TYPOGRAPHY)
    return "".join(" " if each.isspace() else each for each in folded)

"""A quote is a place in an article. It has no text of its own, so one that is not verbatim cannot be built."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from index.article import Article
from index.errors import SpanError

# What typography alone may change: one character on the page, another one on the keyboard.
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‘’‚‛‹›′＇`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
    }
)


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
        when = f"{day.day} {day:%b %Y}" if day else "date unknown"
        return f"{self.article.publisher or self.article.id}, {when}"


def locate(article: Article, words: str) -> Quote | None:
    """Return the place where `words` stand in `article`, or None.

    They must be there character by character, but for what typography changes: the shape of quotation
    marks, dashes and ellipses, the width of white space. The quote then has the article's own characters.
    """
    if not words.strip():
        return None
    start = _find(article.text, words)
    if start >= 0:
        return Quote(article, start, start + len(words))
    text, places = _folded(article.text)
    wanted = _folded(words.strip())[0].strip()
    start = _find(text, wanted) if wanted else -1
    if start < 0:
        return None
    return Quote(article, places[start], places[start + len(wanted) - 1] + 1)


def plain(text: str) -> str:
    """Return `text` with plain typography: the marks of a keyboard, single spaces."""
    # As `_folded` does it, but without a step in Python for each character: whole archives are read for exact words.
    return re.sub(" {2,}", " ", text.translate({ord(each): _shape(each) for each in set(text)}))


def _find(text: str, words: str) -> int:
    """Return where `words` stand in `text` as whole words and numbers, or -1: "5 per cent" is not in "15 per cent"."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if not _JOINED.match(text[max(0, start - 2) : start + 1][::-1]) and not _JOINED.match(text[end - 1 : end + 2]):
            return start
        start = text.find(words, start + 1)
    return -1


_JOINED = re.compile(r"\w\w|\d[.,:]\d")


def _folded(text: str) -> tuple[str, list[int]]:
    """Return `text` with plain typography, and for each of its characters the place that it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in _shape(character):
            if each == " " and folded and folded[-1] == " ":
                continue
            folded.append(each)
            places.append(place)
    return "".join(folded), places


@cache
def _shape(character: str) -> str:
    """Return a character with plain typography: none, one or several."""
    folded = unicodedata.normalize("NFC", character).translate(_TYPOGRAPHY)
    return "".join(" " if each.isspace() else each for each in folded)

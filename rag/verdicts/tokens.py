"""Words as they are compared when a quotation is looked for in parts: case, marks and white space do not count."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from index.article import Article
from rag.quotes import Quote, plain

# Within a word: what is not seen, and marks that combine with the letter before.
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*[^\W\d_]*|[^\W_](?:[^\W_]|[\u00ad\u200b\u2060\ufeff\u0300-\u036f])*|[$£€¥%]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text in order, each with its span, half-open, in characters of the text."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    line: str = field(repr=False)
    """The tokens with a space before, between and after them."""
    starts: tuple[int, ...] = field(repr=False)
    """Where each token begins in the line."""

    def find(self, words: tuple[str, ...]) -> int:
        """Return the place of the first of these tokens in a row, or -1."""
        at = self.line.find(f" {' '.join(words)} ")
        return -1 if at < 0 else bisect_right(self.starts, at + 1) - 1

    def longest(self, words: tuple[str, ...]) -> tuple[int, int]:
        """Return the place and the number of the most of the first of `words` that stand here in a row."""
        place, known, most = -1, 0, len(words)
        length = 1
        while known < most:
            found = self.find(words[:length])
            if found >= 0:
                place, known = found, length
                length = min(most, 2 * length) if most == len(words) else (known + most + 1) // 2
            else:
                most = length - 1
                length = (known + most + 1) // 2
        return place, known


@lru_cache(maxsize=128)
def tokens(text: str) -> Tokens:
    """Return the tokens of a text."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        word = match.group() if match.group().isascii() else plain(match.group())
        words.append(word.lower())
        spans.append(match.span())
    starts, at = [], 1
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return Tokens(tuple(words), tuple(spans), f" {' '.join(words)} ", tuple(starts))


def quote_of(article: Article, first: int, count: int) -> Quote:
    """Return the `count` tokens from the one at `first` as a quote."""
    spans = tokens(article.text).spans
    return Quote(article, spans[first][0], spans[first + count - 1][1])

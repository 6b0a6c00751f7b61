"""What a model is given to read: sentences of the passages, each with a number that stands for a place in an article.

An article's text is data. On the sheet it loses whatever could be taken for a mark of the sheet or of a chat: the
delimiter, numbers in square brackets, angle brackets, line ends, characters that cannot be seen. The quotes keep the
article's own characters, since a number is a span.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.passage import Span, sentences
from rag.answer import MAX_QUOTE_WORDS, Hit
from rag.budget import tokens
from rag.quotes import Quote

Number = tuple[int, int]
"""Passage and sentence, both from 1: (2, 3) is written [2.3]."""

_NUMBERED = re.compile(r"\[(?=\s*/?\s*(?:[A-Z_]{3,}|\w*\s*\d+\s*[.:]\s*\d+|\d{1,3}\s*\]))([^\[\]\n]{0,40})\]")
_CLAUSE = re.compile(r"[;:,–—]\s+|\s[-–—]\s")
_LEAST_PART = 10  # words


@dataclass(frozen=True, slots=True)
class Sheet:
    """Numbered sentences, and their text as a model reads it."""

    text: str
    places: dict[Number, Quote]

    def run(self, first: Number, last: int) -> tuple[list[Quote], int]:
        """Return the quotes of the sentences `first` to `last` of a passage, and how many of these do not exist."""
        numbers = [(first[0], each) for each in range(first[1], last + 1)]
        found = [self.places[each] for each in numbers if each in self.places]
        return found, len(numbers) - len(found)


def sheet_of(hits: Sequence[Hit], budget: int, delimiter: str = "") -> Sheet:
    """Return the sheet of the hits' passages, best first, in at most `budget` tokens (cl100k_base) of text.

    It ends where the next whole sentence does not fit any more; the very first one is always there.
    """
    lines: list[str] = []
    places: dict[Number, Quote] = {}
    used = 0
    for passage, hit in enumerate(hits, 1):
        head = f"Passage {passage}: {_head(hit, delimiter)}"
        for sentence, quote in enumerate(_sentences(hit), 1):
            line = f"[{passage}.{sentence}] {harmless(quote.text, delimiter)}"
            added = [line] if sentence > 1 else [*([""] if lines else []), head, line]
            used += tokens("\n".join(added)) + 1
            if used > budget and places:
                return Sheet("\n".join(lines), places)
            lines += added
            places[passage, sentence] = quote
    return Sheet("\n".join(lines), places)


def harmless(text: str, delimiter: str = "") -> str:
    """Return a text on one line, without what could be taken for a mark of the sheet or of a chat."""
    seen = "".join(" " if each.isspace() else each for each in text if each.isspace() or _is_seen(each))
    plain = " ".join(seen.translate({ord("<"): "‹", ord(">"): "›"}).split())
    while delimiter and delimiter in plain:  # none can know it; but what is taken out may join two halves
        plain = plain.replace(delimiter, "")
    return _NUMBERED.sub(r"(\1)", plain)


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Co", "Cs"}


def _head(hit: Hit, delimiter: str) -> str:
    article = hit.article
    day = article.published
    when = f"{day.day} {day:%B %Y}" if day else "date unknown"
    return ", ".join(
        harmless(each, delimiter) for each in (f"“{article.title}”", article.publisher or "", when) if each
    )


def _sentences(hit: Hit) -> Iterator[Quote]:
    """Yield the sentences of a passage, the longest in parts: each is short enough to be shown as a quote."""
    article, start = hit.article, hit.passage.start
    for span in sentences(hit.text, article.language):
        for part in _parts(article.text, Span(start + span.start, start + span.end)):
            yield Quote(article, *part)


def _parts(text: str, span: Span) -> Iterator[Span]:
    """Yield a span in parts of at most `MAX_QUOTE_WORDS` words, cut where a clause ends, or else between words."""
    start = span.start
    while True:
        words = list(re.finditer(r"\S+", text[start : span.end]))
        if len(words) <= MAX_QUOTE_WORDS:
            break
        first, last = start + words[_LEAST_PART].start(), start + words[MAX_QUOTE_WORDS - 1].end() + 1
        cut = max((match.end() for match in _CLAUSE.finditer(text, first, last)), default=last)
        yield Span(start, start + len(text[start:cut].rstrip()))
        start = cut + len(text[cut : span.end]) - len(text[cut : span.end].lstrip())
    yield Span(start, span.end)

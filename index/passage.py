"""Sentences and passages as spans of an article's text. Knows nothing of embedding or storage.

A passage is a run of whole sentences, packed paragraph by paragraph up to a budget counted in the
embedder's own word pieces, so that the embedder reads all of it. Only a sentence that alone is over
the budget is cut, at white space where there is any.
"""

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

SPLITTER = "sentencex-2/paragraphs"
"""Name of this way of splitting. Change it when the same text would be split in other places."""

MAX_PIECE_CHARS = 8
"""Characters a word piece may stand for on average. A tokenizer may call a megabyte without a
space one unknown piece; by this bound such a run is still cut into passages."""

_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]*[^\s][^\n\r\u2028\u2029]*")
_OPENING = re.compile(r"\s([“‘„«]+)\s*\Z")
_FRAGMENT_CHARS = 5


class Span(NamedTuple):
    """A half-open range of characters of an article's text."""

    start: int
    end: int


class WordPieces(Protocol):
    """The part of an embedder that counts: its tokenizer."""

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many word pieces each text has."""

    def pieces(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the spans of the word pieces of each text."""


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the span of each line that holds anything but white space, trimmed."""
    for match in _PARAGRAPH.finditer(text):
        yield trimmed(text, Span(*match.span()))


def trimmed(text: str, span: Span) -> Span:
    """Return `span` without the white space at its two ends."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.end - (len(inside) - len(inside.rstrip()))))


def sentences(text: str, language: str = "en") -> list[Span]:
    """Return the sentences of `text` in order, trimmed; none crosses a paragraph.

    Every character that is not white space belongs to exactly one of them.
    """
    found: list[Span] = []
    for paragraph in paragraphs(text):
        found.extend(_sentences_of(text, paragraph, language))
    return found


def _sentences_of(text: str, paragraph: Span, language: str) -> Iterator[Span]:
    from sentencex import get_sentence_boundaries

    inside = text[paragraph.start : paragraph.end]
    held: int | None = None
    for boundary in get_sentence_boundaries(language, inside):
        start = paragraph.start + boundary["start_index"] if held is None else held
        end = paragraph.start + boundary["end_index"]
        # … Moscow. “ | But we must …: a mark that opens a quotation belongs to what it opens.
        opening = _OPENING.search(text, start, end) if end < paragraph.end else None
        span = trimmed(text, Span(start, opening.start(1) if opening else end))
        if span.start == span.end:
            held = opening.start(1) if opening else held
            continue
        # "Dr. " and its like come back alone: what is too short to say anything joins what follows.
        if span.end - span.start < _FRAGMENT_CHARS and span.end < paragraph.end:
            held = span.start
            continue
        held = opening.start(1) if opening else None
        yield span
    if held is not None:
        yield trimmed(text, Span(held, paragraph.end))


def split(text: str, tokenizer: WordPieces, budget: int, language: str = "en") -> list[Span]:
    """Return the passages of `text` in order, each of at most `budget` word pieces.

    Every character that is not white space belongs to exactly one passage.
    """
    whole = [list(_sentences_of(text, paragraph, language)) for paragraph in paragraphs(text)]
    sizes = iter(tokenizer.counts([text[s.start : s.end] for sentences in whole for s in sentences]))
    groups: list[list[_Unit]] = []
    for each in whole:
        group: list[_Unit] = []
        for sentence, size in zip(each, sizes, strict=False):  # the sizes of all paragraphs in one run
            if size <= budget and sentence.end - sentence.start <= budget * MAX_PIECE_CHARS:
                group.append(_Unit(sentence, size))
            else:
                group.extend(_cut(text, sentence, tokenizer, budget))
        groups.append(group)
    return list(_packed(groups, budget))


class _Unit(NamedTuple):
    """What is never torn: a sentence, or a part of one that alone is over the budget."""

    span: Span
    size: int  # word pieces


def _cut(text: str, sentence: Span, tokenizer: WordPieces, budget: int) -> Iterator[_Unit]:
    """Yield a sentence that alone is over the budget in parts that are not."""
    [inside] = tokenizer.pieces([text[sentence.start : sentence.end]])
    ends = [sentence.start + piece.end for piece in inside]
    start = sentence.start
    while start < sentence.end:
        first = bisect.bisect_right(ends, start)
        for taken in range(budget, 0, -1):  # a part of a word may have more pieces alone than it had in the word
            limit = ends[first + taken - 1] if first + taken <= len(ends) else sentence.end
            limit = min(limit, start + budget * MAX_PIECE_CHARS)
            end = sentence.end if limit >= sentence.end else _white_space_before(text, start, limit)
            part = trimmed(text, Span(start, end))
            [size] = tokenizer.counts([text[part.start : part.end]])
            if size <= budget:
                break
        if part.start < part.end:
            # Unknown pieces count by their characters, or all parts of a long run would be joined again.
            yield _Unit(part, max(size, -(-(part.end - part.start) // MAX_PIECE_CHARS)))
        start = end


def _white_space_before(text: str, start: int, limit: int) -> int:
    """Return where to cut in (start, limit]: after the last white space of its second half, else at `limit`."""
    middle = start + (limit - start) // 2
    for position in range(limit, middle, -1):
        if text[position - 1].isspace():
            return position
    return limit


def _packed(paragraphs: Iterable[Sequence[_Unit]], budget: int) -> Iterator[Span]:
    """Join units up to the budget; a paragraph that fits into a passage of its own is not torn to fill one up."""
    current: list[_Unit] = []
    used = 0
    for paragraph in paragraphs:
        total = sum(unit.size for unit in paragraph)
        if current and used + total > budget and (total <= budget or used > budget // 2):
            yield _joined(current)
            current, used = [], 0
        for unit in paragraph:
            if current and used + unit.size > budget:
                yield _joined(current)
                current, used = [], 0
            current.append(unit)
            used += unit.size
    if current:
        yield _joined(current)


def _joined(units: Sequence[_Unit]) -> Span:
    return Span(units[0].span.start, units[-1].span.end)

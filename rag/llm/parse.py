"""Takes what a model writes, piece by piece, apart into sentences and the numbers that each cites.

A sentence is given out once the next one has begun, or the text has ended: only then is it known where it ends and
what it cites. Numbers belong to the sentence before them, but on a line that begins with one to the sentence after.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from index.passage import Span, sentences

_BRACKET = re.compile(r"[\[【]([^\[\]【】\n]{1,80})[\]】]")
_OPEN = re.compile(r"[\[【][^\[\]【】\n]{0,80}\Z")
_CITED = re.compile(r"(\d{1,4})(?:\s*[.:]\s*(\d{1,4})(?:\s*[-–]\s*(?:\d{1,4}[.:])?(\d{1,4}))?)?")
_BETWEEN = re.compile(r"(?:\b(?:passages?|sentences?|sources?|and|see)\b|[\s,;&])*", re.IGNORECASE)
_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_DECORATION = re.compile(r"\A(?:\s*(?:[-*•>#]+|\d{1,2}[.)])\s+)+|\*\*|__|`")
_LONGEST = 2_000  # characters: what has no end is no sentence
_LONGEST_HELD = 800  # characters: a quotation that never ends does not hold back the rest


class Cited(NamedTuple):
    """Sentences `first` to `last` of a passage; both None where only a passage was named."""

    passage: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a model wrote, and what it cites."""

    text: str
    cited: tuple[Cited, ...]


class Reading:
    """A text in the making. Feed it, end it; both give the sentences that have become whole."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._text = ""

    def feed(self, piece: str) -> list[Written]:
        """Take the next piece, of any length."""
        self._text += piece
        if "<think>" in self._text[:40] and "</think>" not in self._text:
            return []
        self._text = _THOUGHT.sub("", self._text)
        opened = _OPEN.search(self._text)
        found, rest = _apart(self._text[: opened.start()] if opened else self._text)
        self._text = self._text[rest:]
        if len(self._text) > _LONGEST:
            return _written(found[:-1]) + self.end()
        return _written(found[:-1])

    def end(self) -> list[Written]:
        """Give out the rest."""
        found, _ = _apart(_THOUGHT.sub("", self._text))
        self._text = ""
        return _written(found)


class _Mark(NamedTuple):
    start: int
    end: int
    cited: tuple[Cited, ...]


@lru_cache(maxsize=256)
def _cited(inside: str) -> tuple[Cited, ...]:
    """Return what the words in a bracket cite; nothing where they are no citation, such as "[sic]"."""
    found, at = [], 0
    for match in _CITED.finditer(inside):
        if not _BETWEEN.fullmatch(inside, at, match.start()):
            return ()
        passage, first, last = (int(each) if each else None for each in match.groups())
        found.append(Cited(passage or 0, first, last if last is not None else first))
        at = match.end()
    return tuple(found) if _BETWEEN.fullmatch(inside, at) else ()


def _apart(text: str) -> tuple[list[tuple[str, list[_Mark]]], int]:
    """Return the sentences of a text with their marks, and where the last of them begins."""
    marks = [
        _Mark(*match.span(), cited) for match in _BRACKET.finditer(text) if (cited := _cited(match.group(1)))
    ]  # fmt: skip
    bare = _BRACKET.sub(lambda match: " " * len(match[0]) if _cited(match[1]) else match[0], text)
    if not bare.strip():
        return [], 0
    spans = _whole_quotations(bare, sentences(bare))
    own: list[list[_Mark]] = [[] for _ in spans]
    for mark in marks:
        own[_owner(mark, text, bare, spans)].append(mark)
    rest = min([spans[-1].start, *(mark.start for mark in own[-1])])
    return [(bare[span.start : span.end], each) for span, each in zip(spans, own, strict=True)], rest


def _whole_quotations(text: str, spans: Sequence[Span]) -> list[Span]:
    """Join sentences of one line as long as a quotation in them has not ended."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and _is_open(text[last.start : last.end]) and "\n" not in text[last.end : span.start]:
            joined[-1] = Span(last.start, span.end)
        else:
            joined.append(span)
    return joined


def _is_open(text: str) -> bool:
    opened = text.count("“") + text.count("„") - text.count("”")
    return len(text) < _LONGEST_HELD and (opened > 0 or text.count('"') % 2 == 1)


def _owner(mark: _Mark, text: str, bare: str, spans: Sequence[Span]) -> int:
    """Return which sentence a mark belongs to."""
    before = sum(span.start <= mark.start for span in spans) - 1
    if before < 0:
        return 0
    if before + 1 == len(spans) or mark.start < spans[before].end:
        return before
    line_start = bare.rfind("\n", 0, mark.start) + 1
    line_end = bare.find("\n", mark.end) if "\n" in bare[mark.end :] else len(bare)
    led = not bare[line_start : mark.start].strip() or text[line_start : mark.start].lstrip().startswith(("[", "【"))
    return before + 1 if led and bare[mark.end : line_end].strip() else before


def _written(found: Sequence[tuple[str, list[_Mark]]]) -> list[Written]:
    made = []
    for text, marks in found:
        plain = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(_DECORATION.sub("", text).split()))
        if any(character.isalnum() for character in plain):
            made.append(Written(plain, tuple(dict.fromkeys(each for mark in marks for each in mark.cited))))
    return made

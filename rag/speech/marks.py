"""Where quotation marks open and close: every marked stretch of a text, in order, in linear time.

Double marks of all shapes, and single ones where they cannot be apostrophes. A quotation over several paragraphs opens
its mark again in each of them and closes it in the last: each paragraph's part is one stretch. A mark that is never
closed opens nothing.
"""

import re
from typing import NamedTuple

from index.passage import Span, paragraphs

_MARKS = re.compile(r"[“”„‟«»\"‘’‹›']")
_CLOSES = {"”": "“‟„", "“": "„", "»": "«", "«": "»", "’": "‘", "›": "‹"}
_DEEPEST = 8  # of marks within marks; more are no quotations, and would take time without end
_SHAPES = {"“": '"', "‟": '"', "„": '"', '"': '"', "‘": "'", "'": "'", "‹": "'"}
_BEFORE_OPENING = frozenset(" \t\u00a0\u2009\u202f([{—–-/:…*")
_AFTER_CLOSING = frozenset(" \t\u00a0\u2009\u202f)]}—–-/:;,.?!…*")


class Marked(NamedTuple):
    """A stretch between marks. `start` and `end` are of the words, `outer_start` and `outer_end` of the marks, too."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    single: bool
    """Between single marks."""
    goes_on: bool = False
    """Not closed in its paragraph: the next one opens the mark again."""
    reopens: bool = False
    """Goes on from the paragraph before."""


class _Open(NamedTuple):
    mark: str
    place: int


def marked(text: str) -> list[Marked]:
    """Return the outermost stretches between quotation marks, in order."""
    found: list[Marked] = []
    running: int | None = None  # the mark that opened in the paragraph before, and was not closed there
    ended = 0
    for paragraph in paragraphs(text):
        reopened = running is not None and _shape(text[paragraph.start]) == _shape(text[running])
        if reopened and running is not None and running + 1 < ended:
            reopens = bool(found) and found[-1].goes_on and not text[found[-1].end : running].strip()
            single = _shape(text[running]) == "'"
            found.append(Marked(running + 1, ended, running, ended, single, goes_on=True, reopens=reopens))
        closed, running = _paragraph(text, paragraph)
        if reopened and closed and closed[0].outer_start == paragraph.start:
            closed[0] = closed[0]._replace(reopens=True)
        found.extend(closed)
        ended = paragraph.end
    return found


def _shape(mark: str) -> str:
    return _SHAPES.get(mark, mark)


def _paragraph(text: str, paragraph: Span) -> tuple[list[Marked], int | None]:
    """Return what is closed in a paragraph, and the place of a mark that opens after all that and is not closed."""
    stack: list[_Open] = []
    closed: list[Marked] = []
    singles = _singles(text, paragraph)
    for match in _MARKS.finditer(text, paragraph.start, paragraph.end):
        place, mark = match.start(), match.group()
        before = text[place - 1] if place > paragraph.start else " "
        after = text[place + 1] if place + 1 < paragraph.end else " "
        kind = singles.get(place, "") if mark in "‘’'" else _kind(mark, before, after, stack)
        if kind == "opens":
            stack.append(_Open(mark, place))
            del stack[:-_DEEPEST]
        elif kind == "closes":
            depth = _matching(stack, mark)
            if depth is None:
                continue
            opened = stack[depth]
            del stack[depth:]
            while closed and closed[-1].outer_start > opened.place:
                closed.pop()  # what stands within is no quotation of its own
            closed.append(_closed(text, opened.place, place))
    running = [each.place for each in stack if not closed or each.place > closed[-1].outer_start]
    return [each for each in closed if each.start < each.end], running[0] if running else None


def _closed(text: str, opened: int, place: int) -> Marked:
    inside = text[opened + 1 : place]
    start = opened + 1 + len(inside) - len(inside.lstrip())
    end = max(start, place - (len(inside) - len(inside.rstrip())))
    return Marked(start, end, opened, place + 1, single=_shape(text[opened]) == "'")


def _matching(stack: list[_Open], mark: str) -> int | None:
    """Return the place in the stack of the mark that this one closes: the last of its shape."""
    for depth in range(len(stack) - 1, -1, -1):
        opener = stack[depth].mark
        if _shape(opener) == _shape(mark) or opener in _CLOSES.get(mark, "") or (mark == "”" and opener in '"”'):
            return depth
        if opener in "“„" and mark in '"”“':
            return depth
    return None


def _kind(mark: str, before: str, after: str, stack: list[_Open]) -> str:
    """Tell what a double mark does here, by its shape and what stands beside it."""
    opening = before in _BEFORE_OPENING or before in "“”\"‘'"
    closing = after in _AFTER_CLOSING or after in "“”\"’'"
    if mark in "„«‹":
        reverse = mark == "«" and any(each.mark == "»" for each in stack)
        return "closes" if reverse else "opens"
    if mark in "»›":
        return "closes" if any(each.mark in "«‹" for each in stack) or not opening else "opens"
    if mark in "“‟":  # the closing mark of „…“, or set wrongly after a word
        if any(each.mark == "„" for each in stack) or (not opening and closing):
            return "closes"
        return "opens"
    if mark == "”":
        return "opens" if opening and not closing and not stack and before != "”" else "closes"
    inside = any(_shape(each.mark) == '"' for each in stack)
    if inside and (not opening or closing):
        return "closes"
    if opening and not after.isspace():
        return "opens"
    return "closes" if inside else ""


def _singles(text: str, paragraph: Span) -> dict[int, str]:
    """Tell which single marks of a paragraph open and close, and are no apostrophes.

    One opens before a word and after none. It is closed by the next one that stands after punctuation and before
    none of a word, or else by the first at the end of a word: "the dogs' owner" has an apostrophe there.
    """
    kinds: dict[int, str] = {}
    opened: int | None = None
    fallback: int | None = None
    for match in re.finditer(r"[‘’']", text[paragraph.start : paragraph.end]):
        place = paragraph.start + match.start()
        mark = match.group()
        before = text[place - 1] if place > paragraph.start else " "
        after = text[place + 1] if place + 1 < paragraph.end else " "
        opens = (before in _BEFORE_OPENING or before in '“"„') and not after.isspace() and mark != "’"
        ends = not after.isalnum() and not before.isspace() and mark != "‘"
        if ends and opened is not None and before in ",.?!…—":
            kinds |= {opened: "opens", place: "closes"}
            opened = fallback = None
        elif ends and opened is not None and fallback is None:
            fallback = place
        elif opens:
            if opened is not None and fallback is not None:
                kinds |= {opened: "opens", fallback: "closes"}
            opened, fallback = place, None
    if opened is not None and fallback is not None:
        kinds |= {opened: "opens", fallback: "closes"}
    elif opened == paragraph.start:
        kinds[opened] = "opens"  # it may go on in the next paragraph
    return kinds
